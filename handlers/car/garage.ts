import type { Look } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import type { Viewer } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import type { Part } from '../part.ts'
import { care, careActions } from './care.ts'
import { drawDriver, driverActions, drivers } from './drivers.ts'
import { drawVehicle, vehicleActions, vehicles } from './fleet.ts'
import { fleetTables, importActions, isTemplate, templateOf } from './import.ts'
import { drawRepair, repairActions } from './repair.ts'
import { drawSealing, seal, sealActions } from './seal.ts'
import {
  fleetAwaited,
  fleetDigest,
  fleetDue,
  fleetFind,
  fleetTodo,
  lastCall,
  nextFleetDue,
  recalibrateFleet,
  sealsUncalibrated,
} from './sweep.ts'

const MATTER = /^(vehicle|driver|repair|seal)\/(.{1,20})$/

/** What is kept of vehicles and drivers, cared for and put away. */
export const garage: Part = {
  commands: {
    车辆: {
      usage: '/用车 车辆 江A12345',
      about: '车辆台账:状态、里程、到期;车管员可新增、修改,或在私聊发送 .xlsx 表格',
      run: vehicles,
    },
    司机: { usage: '/用车 司机 陈刚', about: '驾驶员名册:准驾车型、驾驶证、年度培训', run: drivers },
    保养: { usage: '/用车 保养', about: '即将到期的年检、保险、保养、驾驶证、培训;报修', run: care },
    封存: { usage: '/用车 封存', about: '节假日车辆封存、启用登记', run: seal },
  },
  actions: {
    ...vehicleActions,
    ...driverActions,
    ...importActions,
    ...careActions,
    ...repairActions,
    ...sealActions,
  },
  heavy: ['fleetTemplate', 'fleetBatch', 'fleetKeep'],
  owns: matter => MATTER.test(matter),
  orders: isTemplate,
  draw,
  heard: async () => {
    throw new Refusal('车辆、驾驶员、报修和封存请用卡片上的按钮办理')
  },
  print: async (_look, order) => templateOf(order),
  files: fleetTables,
  todo: look => fleetTodo(look, look.who.id),
  find: (look, words) => fleetFind(look, look.who.id, words),
  due: [lastCall, fleetDue],
  nextDue: nextFleetDue,
  recalibrate: recalibrateFleet,
  uncalibrated: sealsUncalibrated,
  digest: async (look, reader) => ('person' in reader ? fleetDigest(look, reader.person) : []),
  awaited: fleetAwaited,
}

/** A vehicle, a driver, a repair or a holiday's list as somebody sees it. */
function draw(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const [, kind = '', id = ''] = MATTER.exec(matter) ?? []
  if (kind === 'seal') return drawSealing(look, id, viewer)
  const drawn = { vehicle: drawVehicle, driver: drawDriver, repair: drawRepair }[kind]
  const number = /^\d{1,15}$/.test(id) ? Number(id) : 0
  if (!drawn || !number) throw new Refusal('卡片已过期,请重新发送 /用车')
  return drawn(look, number, viewer)
}
