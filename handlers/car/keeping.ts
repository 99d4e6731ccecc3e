import { openOutings } from '../../db/car-outing.ts'
import { departmentsById } from '../../db/department.ts'
import type { Look, Turn } from '../../src/bot/feature.ts'
import type { Change, Past } from '../../src/kit/past.ts'
import type { Viewer } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { isNone, isWithin, keeping, type Sphere, viewing } from '../../src/office/car/keeper.ts'
import { outingWords } from '../../src/office/car/run.ts'
import type { FleetSetting } from '../../src/office/car/vehicle-cards.ts'
import { may } from '../../src/office/role/role.ts'
import { changesOf } from '../past.ts'
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
export const pastOf = (look: Pick<Look, 'db'>, matter: string): Promise<Past[]> =>
  changesOf(look, FEATURE, matter, ACTS)

/** What is planned of a vehicle or driver, in words. */
export async function plannedOf(
  look: Pick<Look, 'db' | 'now'>,
  of: Parameters<typeof openOutings>[1],
): Promise<{ planned: string[]; isOut: boolean }> {
  const some = await openOutings(look.db, of)
  return {
    isOut: some.some(({ state }) => state === 'out'),
    planned: some.map(one => `${outingWords(one, look.now)}${one.state === 'out' ? '(已出车)' : ''}`),
  }
}
