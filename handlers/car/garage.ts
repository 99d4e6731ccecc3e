import type { Action, Command, Look } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import type { Viewer } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { care, careActions } from './care.ts'
import { drawDriver, driverActions, drivers } from './drivers.ts'
import { drawVehicle, vehicleActions, vehicles } from './fleet.ts'
import { importActions } from './import.ts'
import { drawRepair, repairActions } from './repair.ts'
import { drawSealing, seal, sealActions } from './seal.ts'

/** What is kept of vehicles and drivers, cared for and put away. */
export const fleetCommands: Record<string, Command> = {
  车辆: {
    usage: '/用车 车辆 江A12345',
    about: '车辆台账:状态、里程、到期;车管员可新增、修改,或在私聊发送 .xlsx 表格',
    run: vehicles,
  },
  司机: { usage: '/用车 司机 陈刚', about: '驾驶员名册:准驾车型、驾驶证、年度培训', run: drivers },
  保养: { usage: '/用车 保养', about: '即将到期的年检、保险、保养、驾驶证、培训;报修', run: care },
  封存: { usage: '/用车 封存', about: '节假日车辆封存、启用登记', run: seal },
}

export const fleetActions: Record<string, Action> = {
  ...vehicleActions,
  ...driverActions,
  ...importActions,
  ...careActions,
  ...repairActions,
  ...sealActions,
}

const MATTER = /^(vehicle|driver|repair|seal)\/(.{1,20})$/
export const isOfFleet = (matter: string): boolean => MATTER.test(matter)

/** A vehicle, a driver, a repair or a holiday's list as somebody sees it. */
export function drawFleet(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const [, kind = '', id = ''] = MATTER.exec(matter) ?? []
  if (kind === 'seal') return drawSealing(look, id, viewer)
  const draw = { vehicle: drawVehicle, driver: drawDriver, repair: drawRepair }[kind]
  const number = /^\d{1,15}$/.test(id) ? Number(id) : 0
  if (!draw || !number) throw new Refusal('卡片已过期,请重新发送 /用车')
  return draw(look, number, viewer)
}
