import { openOutings } from '../../db/car-care.ts'
import { history } from '../../db/events.ts'
import { departmentsById, peopleById } from '../../db/people.ts'
import type { Look, Turn } from '../../src/bot/feature.ts'
import type { Viewer } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { clockOf, dayIn, formatShort } from '../../src/kit/time.ts'
import { isNone, isWithin, keeping, type Sphere, viewing } from '../../src/office/car/keeper.ts'
import type { Change } from '../../src/office/car/vehicle.ts'
import type { FleetSetting, Past } from '../../src/office/car/vehicle-cards.ts'
import { may } from '../../src/office/role/role.ts'
import { ruleSetting } from './rules.ts'
import { actorIn, actorOf, FEATURE } from './setting.ts'

export const matterOf = (kind: FleetMatter, id: number | string): string => `${kind}/${id}`
export type FleetMatter = 'vehicle' | 'driver' | 'repair' | 'seal'

/** Whose vehicles whoever speaks keeps. @throws Refusal when nobody's. */
export function kept(turn: Turn): Sphere {
  const sphere = keeping(actorIn(turn), may)
  if (isNone(sphere)) throw new Refusal('此操作仅限车管员和系统管理员')
  return sphere
}

/** @throws Refusal unless whoever speaks keeps the vehicles of a unit. */
export function refuseOtherKeepers(turn: Turn, unit: string): void {
  if (!isWithin(kept(turn), unit)) throw new Refusal('只能登记和修改本人负责单位的车辆')
}

/** Whose vehicles whoever speaks may look at. @throws Refusal when nobody's. */
export function seen(turn: Turn): Sphere {
  const sphere = viewing(actorIn(turn), may)
  if (isNone(sphere))
    throw new Refusal('车辆和驾驶员台账仅限领导、办公室主任和车管员查看;申请用车请直接写明时间、地点和事由', EXAMPLE)
  return sphere
}
const EXAMPLE = '/用车 11月28日8:30-17:00 区法院 调研座谈 3人'

/** What a viewer of a card keeps and may look at; a group nothing. */
export async function spheresOf(look: Look, viewer: Viewer): Promise<{ keeps: Sphere; sees: Sphere }> {
  if (viewer.kind !== 'person') return { keeps: [], sees: [] }
  const actor = await actorOf(look, viewer.id)
  return { keeps: keeping(actor, may), sees: viewing(actor, may) }
}

/** What cards of vehicles and drivers need to know. */
export async function fleetSetting(look: Pick<Look, 'db' | 'now'>, units: string[] = []): Promise<FleetSetting> {
  const [named, { thresholds }] = await Promise.all([
    departmentsById(look.db, [...new Set(units.filter(unit => unit !== ''))]),
    ruleSetting(look),
  ])
  return { now: look.now, units: new Map(named.map(unit => [unit.id, unit.name])), thresholds }
}

const ACTS: Record<string, string> = {
  'fleet.add': '登记',
  'fleet.edit': '修改',
  'fleet.state': '变更状态',
  'fleet.renew': '登记到期事项',
  'fleet.import': '导入更新',
  'fleet.seal': '封存',
  'fleet.release': '启用',
  'fleet.unseal': '启封',
  'fleet.repair': '维修',
}

/** Notes a change of a vehicle or driver, which its card tells. */
export function noteChange(
  turn: Pick<Turn, 'record' | 'redraw'>,
  act: 'add' | 'edit' | 'state' | 'renew' | 'import' | 'seal' | 'release' | 'unseal' | 'repair',
  matter: string,
  changes: Change[],
): void {
  turn.record({ feature: FEATURE, act: `fleet.${act}`, matter, data: { changes } })
  turn.redraw(FEATURE, matter)
}

/** Who changed what. */
export async function pastOf({ db }: Pick<Look, 'db'>, matter: string): Promise<Past[]> {
  const events = (await history(db, FEATURE, matter)).filter(({ act }) => Object.hasOwn(ACTS, act))
  const people = await peopleById(db, [...new Set(events.map(({ who }) => who).filter(who => who !== ''))])
  const names = new Map(people.map(person => [person.id, person.name]))
  return events.map(({ at, who, act, data }) => ({
    at,
    who: who === '' ? '系统' : names.get(who) || '未知人员',
    what: ACTS[act] ?? '',
    changes: (data.changes as Change[] | undefined) ?? [],
  }))
}

/** What is planned of a vehicle or driver, in words. */
export async function plannedOf(
  look: Pick<Look, 'db' | 'now'>,
  of: Parameters<typeof openOutings>[1],
): Promise<{ planned: string[]; isOut: boolean }> {
  const some = await openOutings(look.db, of)
  return {
    isOut: some.some(({ state }) => state === 'out'),
    planned: some.map(({ numbers, startsAt, endsAt, state }) => {
      const until = dayIn(startsAt) === dayIn(endsAt) ? clockOf(endsAt) : formatShort(endsAt, look.now)
      return `${numbers.join('、') || '无编号'} ${formatShort(startsAt, look.now)}至${until}${state === 'out' ? '(已出车)' : ''}`
    }),
  }
}

/** An id from outside: anything but a positive whole number is one that never was. */
export function wholeId(value: unknown, missing: string): number {
  const id = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) throw new Refusal(missing)
  return id
}

export const wordIn = (form: Record<string, unknown>, name: string, max: number): string => {
  const word = form[name]
  return typeof word === 'string' ? word.trim().slice(0, max) : ''
}

/** What a form says, by the names of the columns. */
export const cellsIn = <Name extends string>(
  form: Record<string, unknown>,
  columns: Readonly<Record<Name, readonly string[]>>,
): Partial<Record<Name, string>> =>
  Object.fromEntries((Object.keys(columns) as Name[]).map(name => [name, wordIn(form, name, 300)])) as Partial<
    Record<Name, string>
  >

/** @throws Refusal that names everything that is wrong. */
export function refuseFaults(faults: readonly string[], example?: string): void {
  if (faults.length) throw new Refusal(faults.slice(0, 5).join(';'), example)
}
