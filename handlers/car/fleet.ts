import {
  countVehicles,
  driversOf,
  holdVehicle,
  NO_VEHICLE,
  openVehicle,
  saveVehicle,
  vehiclesById,
  vehiclesOf,
  vehiclesPlated,
} from '../../db/car-fleet.ts'
import { hasGoneOut } from '../../db/car-outing.ts'
import { openRepairs } from '../../db/car-repair.ts'
import { allDepartments } from '../../db/department.ts'
import type { Action, Answer, Look, Press, Said, Turn } from '../../src/bot/feature.ts'
import { type Card, card, type Option, text } from '../../src/kit/card.ts'
import type { Viewer } from '../../src/kit/person.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { halfWidth } from '../../src/kit/text.ts'
import { pageIn } from '../../src/office/car/batch.ts'
import { VEHICLE_COLUMNS } from '../../src/office/car/columns.ts'
import type { Vehicle } from '../../src/office/car/fleet.ts'
import { isNone, isWithin } from '../../src/office/car/keeper.ts'
import { VEHICLE_STATES, type VehicleState } from '../../src/office/car/terms.ts'
import {
  BLANK,
  faultInState,
  type Known,
  readVehicle,
  stateWord,
  VEHICLE_EXAMPLE,
  type VehicleWish,
  vehicleChanges,
  vehicleLine,
} from '../../src/office/car/vehicle.ts'
import {
  FLEET_PAGE,
  type FleetView,
  readFleetView,
  vehicleCard,
  vehicleForm,
  vehiclesCard,
} from '../../src/office/car/vehicle-cards.ts'
import { cellsIn, refuseFaults, refuseOutdated, wholeId } from '../given.ts'
import {
  fleetSetting,
  kept,
  matterOf,
  noteChange,
  pastOf,
  plannedOf,
  refuseOtherKeepers,
  seen,
  spheresOf,
} from './keeping.ts'
import { FEATURE } from './setting.ts'

const MOST_UNITS = 200
const MOST_LINES = 20
const ADD = /^新增(?:车辆)?\s*/

/** `/用车 车辆`: what is kept; a plate shows its card, `新增 …` puts one on file. */
export async function vehicles(turn: Turn, said: Said): Promise<Answer> {
  const asked = halfWidth(said.text).trim()
  if (ADD.test(asked)) return add(turn, said.text.trim().replace(ADD, ''))
  const sphere = seen(turn)
  if (!asked) return { say: { card: await listed(turn, readFleetView({}, {})) }, privately: true }
  const plate = asked.toUpperCase().replace(/[\s·•.‧・\-—]/g, '')
  const found = await vehiclesOf(turn.db, { sphere, plate }, 2)
  const [one, other] = found
  if (!one) throw new Refusal(`没有车牌含“${asked.slice(0, 12)}”的车辆`, '/用车 车辆 江A12345')
  if (!other) return { say: { matter: { feature: FEATURE, id: matterOf('vehicle', one.id) } }, privately: true }
  throw new Refusal(`车牌含“${asked.slice(0, 12)}”的车辆不止一辆,请写完整的车牌号`, '/用车 车辆 江A12345')
}

/** A filter or a turn of the page. */
const turnPage: Action = async (turn, { value, form }) => ({
  fresh: { card: await listed(turn, readFleetView(value, form)) },
})

async function listed(turn: Turn, asked: FleetView): Promise<Card> {
  const filter = {
    sphere: seen(turn),
    ...(asked.state ? { state: asked.state } : {}),
    ...(asked.category ? { category: asked.category } : {}),
  }
  const total = await countVehicles(turn.db, filter)
  const view = { ...asked, page: pageIn(asked.page, total, FLEET_PAGE) }
  const rows = await vehiclesOf(turn.db, filter, FLEET_PAGE, view.page * FLEET_PAGE)
  const { keeps } = await spheresOf(turn, { kind: 'person', id: turn.who.id })
  return vehiclesCard(rows, total, view, !isNone(keeps), await fleetSetting(turn))
}

export async function known({ db, now }: Pick<Look, 'db' | 'now'>): Promise<Known> {
  return { now, units: await allDepartments(db, MOST_UNITS) }
}

const unitOptions = ({ units }: Known): Option[] =>
  units.slice(0, 60).map(({ id, name }) => ({ value: id, label: name }))

/** One in a line that is clear is put on file, several only all together; else a form with what was understood. */
async function add(turn: Turn, words: string): Promise<Answer> {
  kept(turn)
  const lines = words.split('\n').filter(line => line.trim() !== '')
  if (lines.length > MOST_LINES) throw new Refusal(`一次最多${MOST_LINES}辆,更多请发送表格(.xlsx)`)
  const facts = await known(turn)
  const read = lines.map(line => readVehicle(vehicleLine(line), BLANK, facts))
  const [first] = read
  if (read.length < 2 && !(first && !first.faults.length)) {
    const says = first ? `请补充或改正:${first.faults.join(';')}` : undefined
    return { say: { card: vehicleForm(first?.wish ?? BLANK, undefined, unitOptions(facts), says) }, privately: true }
  }
  const wrong = read.flatMap(({ faults }, i) => faults.map(fault => `第${i + 1}行${fault}`))
  refuseFaults(wrong, VEHICLE_EXAMPLE)
  const added: Vehicle[] = []
  for (const { wish } of read) added.push(await putOnFile(turn, wish))
  const [only, ...others] = added
  if (only && !others.length)
    return { say: { matter: { feature: FEATURE, id: matterOf('vehicle', only.id) } }, privately: true }
  return {
    say: {
      text: `已登记${added.length}辆车:${added.map(({ plate }) => plate).join('、')}。查看请发送 /用车 车辆`,
    },
    privately: true,
  }
}

/** @throws Refusal where the plate is borne by another, or the unit is not whoever keeps it. */
export async function putOnFile(turn: Turn, wish: VehicleWish, act: 'add' | 'import' = 'add'): Promise<Vehicle> {
  refuseOtherKeepers(turn, wish.unit)
  const vehicle = await openVehicle(turn.db, { ...wish, rev: 1, state: 'available' })
  noteChange(turn, act, matterOf('vehicle', vehicle.id), [])
  return vehicle
}

const openForm: Action = async turn => {
  kept(turn)
  return {
    say: { card: vehicleForm(BLANK, undefined, unitOptions(await known(turn))) },
    privately: true,
    toast: { kind: 'success', words: '请在新卡片中填写' },
  }
}

/** The submitted form of a new vehicle. */
const addByForm: Action = async (turn, { form }) => {
  kept(turn)
  const { wish, faults } = readVehicle(cellsIn(form, VEHICLE_COLUMNS), BLANK, await known(turn))
  refuseFaults(faults)
  const vehicle = await putOnFile(turn, wish)
  return {
    toast: { kind: 'success', words: '已登记' },
    fresh: { matter: { feature: FEATURE, id: matterOf('vehicle', vehicle.id) } },
  }
}

/** The vehicle that a press is about, held; only for whoever keeps it, and as it was shown. */
export async function heldVehicle(turn: Turn, { value }: Press): Promise<Vehicle> {
  kept(turn)
  const vehicle = await holdVehicle(turn.db, wholeId(value.id, NO_VEHICLE))
  refuseOtherKeepers(turn, vehicle.unit)
  return vehicle
}

/** 修改: pressed on the card it opens the form, pressed on the form it saves. */
const edit: Action = async (turn, press) => {
  const before = await heldVehicle(turn, press)
  const facts = await known(turn)
  if (press.form.plate === undefined) return { fresh: { card: vehicleForm(before, before, unitOptions(facts)) } }
  refuseOutdated(before, press)
  if (before.state === 'retired') throw new Refusal('已报废的车辆不能修改')
  const { wish, faults } = readVehicle(cellsIn(press.form, VEHICLE_COLUMNS), BLANK, facts)
  refuseFaults(faults)
  await rewrite(turn, before, wish, 'edit', facts)
  return {
    toast: { kind: 'success', words: '已修改' },
    fresh: { matter: { feature: FEATURE, id: matterOf('vehicle', before.id) } },
  }
}

/** Puts what is settled in the place of what was, and notes what changed. @throws Refusal where that cannot be. */
export async function rewrite(
  turn: Turn,
  before: Vehicle,
  wish: VehicleWish,
  act: 'edit' | 'import',
  { units, now }: Known,
): Promise<void> {
  refuseOtherKeepers(turn, before.unit)
  refuseOtherKeepers(turn, wish.unit)
  const bearer = (await vehiclesPlated(turn.db, [wish.plate])).get(wish.plate)
  if (bearer && bearer.id !== before.id) throw new Refusal(`${wish.plate}已经登记,请核对车牌号`)
  const stale = await faultInReading(turn, before, wish)
  if (stale) throw new Refusal(stale)
  const changes = vehicleChanges(before, wish, new Map(units.map(unit => [unit.id, unit.name])), now)
  if (!changes.length) return
  await saveVehicle(turn.db, { ...before, ...wish }, before)
  noteChange(turn, act, matterOf('vehicle', before.id), changes)
}

/** A reading below the one that is known, of a vehicle that has been driven since it was put on file. */
export async function faultInReading(
  { db }: Pick<Look, 'db'>,
  { id, odometer }: Vehicle,
  wish: VehicleWish,
): Promise<string | undefined> {
  if (wish.odometer >= odometer || !(await hasGoneOut(db, id))) return undefined
  return `里程表读数不能低于已登记的${odometer}公里;确需更正的,请在派车单上更正里程`
}

/** 停用维修, 恢复可用, 报废. */
const changeState: Action = async (turn, press) => {
  const before = await heldVehicle(turn, press)
  const to = String(press.value.to)
  if (!Object.hasOwn(VEHICLE_STATES, to)) throw new Refusal('卡片已过期,请以最新卡片为准')
  if (before.state === to) throw new AlreadySo(`${before.plate}已是“${stateWord(before.state)}”`)
  refuseOutdated(before, press)
  const facts = await plannedOf(turn, { vehicles: [before.id] })
  const fault = faultInState(before, to as VehicleState, facts)
  if (fault) throw new Refusal(fault)
  const [repair] = to === 'repair' ? [] : await openRepairs(turn.db, 1, before.id)
  if (repair) throw new Refusal('该车有未办结的报修单,请先在报修单上办结或撤回')
  await intoState(turn, before, to as VehicleState, 'state')
  const warning = to === 'repair' && facts.planned.length ? `;请改派:${facts.planned.join('、')}` : ''
  return {
    toast: {
      kind: warning ? 'info' : 'success',
      words: `已${to === 'retired' ? '报废' : `转为“${stateWord(to as VehicleState)}”`}${warning}`,
    },
  }
}

/** Moves a vehicle into another state, and notes it; one that is put away stays so until a day. */
export async function intoState(
  turn: Pick<Turn, 'db' | 'record' | 'redraw'>,
  before: Vehicle,
  to: VehicleState,
  act: Parameters<typeof noteChange>[1],
  sealedUntil?: string,
): Promise<void> {
  if (before.state === to) return
  await saveVehicle(turn.db, { ...before, state: to, sealedUntil }, before)
  noteState(turn, before, to, act)
}

export function noteState(
  turn: Pick<Turn, 'record' | 'redraw'>,
  before: Vehicle,
  to: VehicleState,
  act: Parameters<typeof noteChange>[1],
): void {
  noteChange(turn, act, matterOf('vehicle', before.id), [['状态', stateWord(before.state), stateWord(to)]])
}

const show: Action = async (turn, { value }) => {
  const sphere = seen(turn)
  const [vehicle] = await vehiclesById(turn.db, [wholeId(value.id, NO_VEHICLE)])
  if (!vehicle || !isWithin(sphere, vehicle.unit)) throw new Refusal(NO_VEHICLE)
  return {
    say: { matter: { feature: FEATURE, id: matterOf('vehicle', vehicle.id) } },
    privately: true,
    toast: { kind: 'success', words: '已发送到私聊' },
  }
}

export async function drawVehicle(look: Look, id: number, viewer: Viewer): Promise<Card> {
  const [[vehicle], { keeps, sees }] = await Promise.all([vehiclesById(look.db, [id]), spheresOf(look, viewer)])
  if (!vehicle || !isWithin(sees, vehicle.unit)) return card('车辆', 'grey', text('未找到该车辆,或您无权查看。'))
  const person = viewer.kind === 'person' ? viewer.id : ''
  const [past, { planned }, setting, drives] = await Promise.all([
    pastOf(look, matterOf('vehicle', id)),
    plannedOf(look, { vehicles: [id] }),
    fleetSetting(look, [vehicle.unit]),
    driversOf(look.db, { person }, 1),
  ])
  const own = isWithin(keeps, vehicle.unit)
  return vehicleCard(vehicle, { history: past, planned, keeps: own, reports: own || drives.length > 0 }, setting)
}

export const vehicleActions = {
  vehicles: turnPage,
  vehicleShow: show,
  vehicleNew: openForm,
  vehicleAdd: addByForm,
  vehicleEdit: edit,
  vehicleState: changeState,
} satisfies Record<string, Action>
