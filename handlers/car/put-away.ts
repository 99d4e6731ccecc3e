import { holdVehicle, holdVehicles, moveVehicles } from '../../db/car-fleet.ts'
import { openOutings } from '../../db/car-outing.ts'
import { holdSeal, keepSeals, putAway } from '../../db/car-seal.ts'
import type { Action, Turn } from '../../src/bot/feature.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import type { Vehicle } from '../../src/office/car/fleet.ts'
import { isShut, SEAL_LIMITS } from '../../src/office/car/seal.ts'
import type { Sealing } from '../../src/office/car/seal-cards.ts'
import { wholeId, wordIn } from '../given.ts'
import { intoState, noteState } from './fleet.ts'
import { kept, matterOf, refuseOtherKeepers } from './keeping.ts'
import { pressed } from './sealing.ts'
import { FEATURE } from './setting.ts'

/** 封存所选, 全部封存: where each stands, and who has the keys. */
export const putSomeAway =
  (all: boolean): Action =>
  async (turn, press) => {
    const sealing = await pressed(turn, press)
    const left = sealing.cars.filter(({ seal: one }) => one === undefined).map(({ vehicle }) => vehicle)
    const chosen = Array.isArray(press.form.cars) ? press.form.cars.map(Number) : []
    const some = all ? left : left.filter(({ id }) => chosen.includes(id))
    if (!left.length) throw new AlreadySo('应封存的车辆均已封存')
    if (!some.length) throw new Refusal('请选择要封存的车辆,或按“全部封存”')
    const keysWith = wordIn(press.form, 'keys', SEAL_LIMITS.keysWith)
    if (!keysWith) throw new Refusal('请填写钥匙保管人')
    const place = wordIn(press.form, 'place', SEAL_LIMITS.place)
    await refuseUnready(turn, some, place)
    await sealThem(turn, sealing, some, place, keysWith)
    turn.redraw(FEATURE, matterOf('seal', sealing.from))
    return { toast: { kind: 'success', words: `已封存${some.length}辆` } }
  }

/** @throws Refusal that names those which are out, or whose place is not known. */
async function refuseUnready(turn: Turn, some: readonly Vehicle[], place: string): Promise<void> {
  const outings = await openOutings(turn.db, { vehicles: some.map(({ id }) => id), states: ['out'] })
  const out = new Set(outings.map(({ vehicle }) => vehicle))
  const away = some.filter(({ id }) => out.has(id))
  if (away.length) throw new Refusal(`${platesIn(away)}尚未回场,回场后再封存`)
  const homeless = place ? [] : some.filter(({ home }) => !home)
  if (homeless.length) throw new Refusal(`${platesIn(homeless)}没有固定停放地点,请填写停放地点`)
}

/** So many are named in a sentence. */
const NAMED = 10

const platesIn = (some: readonly Vehicle[]): string =>
  some
    .slice(0, NAMED)
    .map(({ plate }) => plate)
    .join('、') + (some.length > NAMED ? `等${some.length}辆` : '')

/** By as many statements, however many they are: a large office puts hundreds away in one press. */
async function sealThem(
  turn: Turn,
  { title, from, until }: Sealing,
  some: readonly Vehicle[],
  place: string,
  keysWith: string,
): Promise<void> {
  const held = await holdVehicles(
    turn.db,
    some.map(({ id }) => id),
  )
  const seals = held.map(({ id, home }) => ({
    ...{ vehicle: id, holiday: title, until, place: place || home, keysWith },
    ...{ sealedBy: turn.who.id, sealedAt: turn.now, releases: [], endedAt: undefined },
  }))
  await putAway(turn.db, from, seals)
  await moveVehicles(turn.db, held, { state: 'sealed', sealedUntil: until })
  // one whose holiday was struck out stands sealed until the next workday
  for (const vehicle of held) if (vehicle.state !== 'sealed') noteState(turn, vehicle, 'sealed', 'seal')
}

/** 重新封存: it stands where it stood, and the keys are with whom they were. */
export const putBack: Action = async (turn, { value }) => {
  kept(turn)
  const sealed = await holdSeal(turn.db, wholeId(value.id, '未找到该封存记录'))
  const vehicle = await holdVehicle(turn.db, sealed.vehicle)
  refuseOtherKeepers(turn, vehicle.unit)
  if (sealed.endedAt !== undefined) throw new Refusal(`${sealed.holiday}假期已结束`)
  if (isShut(sealed)) throw new AlreadySo(`${vehicle.plate}已经封存`)
  await refuseUnready(turn, [vehicle], sealed.place)
  const releases = sealed.releases.map(one => (one.backAt ? one : { ...one, backAt: turn.now.toISOString() }))
  await keepSeals(turn.db, [{ before: sealed, after: { ...sealed, releases } }])
  await intoState(turn, vehicle, 'sealed', 'seal', sealed.until)
  turn.redraw(FEATURE, matterOf('seal', sealed.from))
  return { toast: { kind: 'success', words: '已重新封存' } }
}
