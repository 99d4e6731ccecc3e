import { holdVehicle, holdVehicles, moveVehicles, saveVehicle, vehiclesById, vehiclesOf } from '../../db/car-fleet.ts'
import { openOutings, outingsBetween } from '../../db/car-outing.ts'
import { repairsOf } from '../../db/car-repair.ts'
import { endSeals, holdSeal, holdSeals, keepSeal, openSeals, putAway, sealsFrom } from '../../db/car-seal.ts'
import { peopleById } from '../../db/people.ts'
import { holdersAmong } from '../../db/role.ts'
import type { Action, Answer, Look, Press, Turn } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import { closingOf } from '../../src/kit/customs.ts'
import type { Viewer } from '../../src/kit/person.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { dayIn, formatShort, type Holiday, holidayFrom, toInstant } from '../../src/kit/time.ts'
import { dayAfter, laterOf } from '../../src/office/car/day.ts'
import type { Vehicle } from '../../src/office/car/fleet.ts'
import { isNone, isWithin, type Sphere } from '../../src/office/car/keeper.ts'
import {
  holidayTitle,
  isShut,
  type Release,
  SEAL_LIMITS,
  type Seal,
  sealBy,
  sealingOn,
  toBeSealed,
} from '../../src/office/car/seal.ts'
import { noSealing, releaseForm, type Sealing, sealCard } from '../../src/office/car/seal-cards.ts'
import { CONSENTS, type Consent } from '../../src/office/car/terms.ts'
import { customs } from '../customs.ts'
import { wholeId, wordIn } from '../given.ts'
import { asOptions } from '../named.ts'
import { MOST_KEPT } from './care.ts'
import { intoState, noteState } from './fleet.ts'
import { kept, matterOf, noteChange, refuseOtherKeepers, seen, spheresOf } from './keeping.ts'
import { FEATURE } from './setting.ts'

const LEADERS = ['LD', 'FG', 'BZ']
const DAY = /^\d{4}-\d\d-\d\d$/

/** `/用车 封存`: the list of the holiday that is ahead or on; the one before it until then. */
export async function seal(turn: Turn): Promise<Answer> {
  seen(turn)
  const { calendar } = await customs(turn)
  const today = dayIn(turn.now)
  const now = sealingOn(today, calendar)
  if (now) return { say: { matter: { feature: FEATURE, id: matterOf('seal', now.from) } }, privately: true }
  const next = holidayFrom(today, calendar)
  const words = next
    ? `下一个假期:${holidayTitle(next)}(${formatShort(next.from, turn.now)}起)。放假前3个工作日列出应封存的车辆。`
    : '近期没有假期。'
  return { say: { card: noSealing(words) }, privately: true }
}

type Reading = Pick<Look, 'db' | 'now' | 'office'>

/** A holiday's vehicles as they are, of a sphere; undefined where there is no such holiday. */
export async function sealingFrom(look: Reading, from: string, sphere: Sphere): Promise<Sealing | undefined> {
  const inForce = await customs(look)
  const known = await sealsFrom(look.db, from)
  const holiday = holidayOf(from, known, inForce.calendar)
  if (!holiday) return undefined
  const isOver = dayIn(look.now) > holiday.until
  const seals = known.filter(seal => (isOver ? seal.until >= from : seal.endedAt === undefined))
  const all = await vehiclesOf(look.db, { sphere }, MOST_KEPT)
  const gone = await vehiclesById(
    look.db,
    seals.map(({ vehicle }) => vehicle).filter(id => !all.some(one => one.id === id)),
  )
  const sealed = new Map(seals.map(one => [one.vehicle, one]))
  const listed = [...all, ...gone.filter(({ unit }) => isWithin(sphere, unit))]
  const due = new Set(toBeSealed(listed).map(({ id }) => id))
  const [begins, ends] = [toInstant(from, '00:00'), toInstant(dayAfter(holiday.until, 1), '00:00')].map(
    at => new Date(at),
  )
  if (!begins || !ends) throw new Error('a holiday without days')
  const [driven, planned] = await Promise.all([
    isOver ? outingsBetween(look.db, begins, ends) : [],
    isOver ? [] : openOutings(look.db, { vehicles: [...due] }),
  ])
  const shown = new Set(listed.map(({ id }) => id))
  return {
    title: holidayTitle(holiday),
    from,
    until: holiday.until,
    dueAt: closingOf(sealBy(holiday, inForce.calendar), inForce),
    isOver,
    cars: listed
      .filter(({ id }) => due.has(id) || sealed.has(id))
      .map(vehicle => ({
        vehicle,
        seal: sealed.get(vehicle.id),
        planned: planned
          .filter(one => one.vehicle === vehicle.id && one.startsAt < ends && one.endsAt > begins)
          .map(one => `${one.numbers.join('、') || '无编号'} ${formatShort(one.startsAt, look.now)}`),
      })),
    onDuty: all.filter(({ onDuty, id }) => onDuty && !sealed.has(id)),
    driven: driven.flatMap(({ departedAt, ...one }) =>
      departedAt && shown.has(one.vehicle) ? [{ ...one, departedAt }] : [],
    ),
  }
}

/** As it was put down with the seals, else as the calendar has it. */
function holidayOf(from: string, [first]: Seal[], calendar: Parameters<typeof holidayFrom>[1]): Holiday | undefined {
  const holiday = holidayFrom(from, calendar)
  if (holiday?.from === from) return holiday
  return first && { name: first.holiday.replace(/^\d{4}年/, ''), from, until: first.until }
}

/** A matter of sealing names the day on which its holiday begins. */
export async function drawSealing(look: Look, from: string, viewer: Viewer): Promise<Card> {
  const { keeps, sees } = await spheresOf(look, viewer)
  if (isNone(sees) || !DAY.test(from)) return noSealing('未找到该封存清单,或您无权查看。')
  const sealing = await sealingFrom(look, from, sees)
  if (!sealing) return noSealing('工作日历已调整,该假期不再适用。')
  const leaders = sealing.cars.flatMap(({ seal: one }) => (one?.releases ?? []).map(({ consentedBy }) => consentedBy))
  const people = await peopleById(look.db, [...new Set(leaders)])
  const names = new Map(people.map(person => [person.id, person.name]))
  return sealCard(sealing, !isNone(keeps), { now: look.now, names })
}

/** The list that a press is about, of what whoever pressed keeps. */
async function pressed(turn: Turn, { value }: Press): Promise<Sealing> {
  const sphere = kept(turn)
  const from = typeof value.from === 'string' && DAY.test(value.from) ? value.from : ''
  const sealing = from ? await sealingFrom(turn, from, sphere) : undefined
  if (!sealing) throw new Refusal('卡片已过期,请重新发送 /用车 封存')
  if (sealing.isOver) throw new Refusal(`${sealing.title}假期已结束`)
  return sealing
}

/** 封存所选, 全部封存: where each stands, and who has the keys. */
const putSomeAway =
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

/** 启用封存车辆: opens the form. */
const openForm: Action = async (turn, press) => {
  const { cars, title, from } = await pressed(turn, press)
  const shut = cars.flatMap(({ vehicle, seal: one }) =>
    one && isShut(one) ? [{ value: String(one.id), label: vehicle.plate }] : [],
  )
  if (!shut.length) throw new Refusal('没有可以启用的封存车辆')
  const leaders = await leadersBeside(turn)
  if (!leaders.length) throw new Refusal('没有可以同意启用的领导,请系统管理员核对角色设置')
  return {
    say: { card: releaseForm(title, from, shut, await asOptions(turn, leaders)) },
    privately: true,
    toast: { kind: 'success', words: '请在新卡片中填写' },
  }
}

/** Who may consent: leaders and 办公室主任, but not whoever puts it down. */
async function leadersBeside({ db, now, who }: Turn) {
  const held = await holdersAmong(db, LEADERS, dayIn(now))
  const people = await peopleById(db, [...new Set(held.map(one => one.person))])
  return people.filter(({ active, id }) => active && id !== who.id)
}

const release: Action = async (turn, press) => {
  const sealing = await pressed(turn, press)
  const sealed = await holdSeal(turn.db, wholeId(press.form.seal, '请选择车辆'))
  const vehicle = await holdVehicle(turn.db, sealed.vehicle)
  refuseOtherKeepers(turn, vehicle.unit)
  if (sealed.from !== sealing.from) throw new Refusal('卡片已过期,请重新发送 /用车 封存')
  if (!isShut(sealed)) throw new AlreadySo(`${vehicle.plate}已经启用`)
  const leader = (await leadersBeside(turn)).find(({ id }) => id === press.form.leader)
  if (!leader) throw new Refusal('请选择同意启用的值班领导;登记人不能同意本人的登记')
  const word = wordIn(press.form, 'word', SEAL_LIMITS.word)
  if (!word) throw new Refusal('请写明用车事由')
  const way = wordIn(press.form, 'way', 20)
  if (!Object.hasOwn(CONSENTS, way)) throw new Refusal('请选择同意方式')
  const one: Release = {
    ...{ by: turn.who.id, consentedBy: leader.id, way: way as Consent, at: turn.now.toISOString(), word },
  }
  await keepSeal(turn.db, sealed, { ...sealed, releases: [...sealed.releases, one] })
  if ((await stateUnsealed(turn, vehicle)) === 'repair') throw new Refusal(`${vehicle.plate}有未办结的报修单,不能启用`)
  if (vehicle.state === 'sealed') await intoState(turn, vehicle, 'available', 'release')
  else noteChange(turn, 'release', matterOf('vehicle', vehicle.id), [])
  const told = `${turn.who.name}登记:经您${CONSENTS[one.way]},启用${sealing.title}假期封存车辆${vehicle.plate},事由:${word}。如有不符,请与其联系。`
  turn.send({ to: { person: leader.id }, body: { text: told }, urgent: true })
  turn.redraw(FEATURE, matterOf('seal', sealing.from))
  return {
    toast: { kind: 'success', words: '已登记启用' },
    fresh: { matter: { feature: FEATURE, id: matterOf('seal', sealing.from) } },
  }
}

/** 重新封存: it stands where it stood, and the keys are with whom they were. */
const putBack: Action = async (turn, { value }) => {
  kept(turn)
  const sealed = await holdSeal(turn.db, wholeId(value.id, '未找到该封存记录'))
  const vehicle = await holdVehicle(turn.db, sealed.vehicle)
  refuseOtherKeepers(turn, vehicle.unit)
  if (sealed.endedAt !== undefined) throw new Refusal(`${sealed.holiday}假期已结束`)
  if (isShut(sealed)) throw new AlreadySo(`${vehicle.plate}已经封存`)
  await refuseUnready(turn, [vehicle], sealed.place)
  const releases = sealed.releases.map(one => (one.backAt ? one : { ...one, backAt: turn.now.toISOString() }))
  await keepSeal(turn.db, sealed, { ...sealed, releases })
  await intoState(turn, vehicle, 'sealed', 'seal', sealed.until)
  turn.redraw(FEATURE, matterOf('seal', sealed.from))
  return { toast: { kind: 'success', words: '已重新封存' } }
}

/** What a vehicle is once it is no longer put away: one that was found broken meanwhile still has to be mended. */
async function stateUnsealed(look: Pick<Look, 'db'>, vehicle: Vehicle): Promise<'available' | 'repair'> {
  return (await brokenAmong(look, [vehicle])).has(vehicle.id) ? 'repair' : 'available'
}

async function brokenAmong({ db }: Pick<Look, 'db'>, some: readonly Vehicle[]): Promise<Set<number>> {
  const open = await repairsOf(
    db,
    some.map(({ id }) => id),
  )
  return new Set(open.filter(({ state, stops }) => stops || state === 'approved').map(({ vehicle }) => vehicle))
}

/** Ends the seals of holidays that are over, and answers the days on which these began. */
export async function unsealOver(beat: Pick<Turn, 'db' | 'now' | 'record' | 'redraw'>): Promise<string[]> {
  const today = dayIn(beat.now)
  const open = await openSeals(beat.db)
  const over = open.filter(({ until }) => until < today)
  const sealedAnew = new Set(open.filter(({ until }) => until >= today).map(({ vehicle }) => vehicle))
  const held = await holdSeals(
    beat.db,
    over.map(({ id }) => id),
  )
  await endSeals(beat.db, held, beat.now)
  const freed = held.map(({ vehicle }) => vehicle).filter(vehicle => !sealedAnew.has(vehicle))
  await unseal(beat, await holdVehicles(beat.db, [...new Set(freed)]))
  const begun = [...new Set(over.map(({ from }) => from))]
  for (const from of begun) beat.redraw(FEATURE, matterOf('seal', from))
  return begun
}

async function unseal(beat: Pick<Turn, 'db' | 'record' | 'redraw'>, held: readonly Vehicle[]): Promise<void> {
  const shut = held.filter(({ state }) => state === 'sealed')
  const broken = await brokenAmong(beat, shut)
  for (const to of ['available', 'repair'] as const) {
    const some = shut.filter(({ id }) => broken.has(id) === (to === 'repair'))
    await moveVehicles(beat.db, some, { state: to, sealedUntil: undefined })
    for (const vehicle of some) noteState(beat, vehicle, to, 'unseal')
  }
  for (const { id, state } of held) if (state !== 'sealed') noteChange(beat, 'unseal', matterOf('vehicle', id), [])
}

/** Puts the seals that stand by the calendar that holds now; answers what moved, in words. */
export async function recalibrateSeals(look: Reading): Promise<string[]> {
  const { calendar } = await customs(look)
  const today = dayIn(look.now)
  const moved = new Set<string>()
  for (const sealed of await openSeals(look.db)) {
    const holiday = holidayFrom(laterOf(sealed.from, today), calendar)
    // a holiday that was struck out and is put back finds its seals, until they have ended
    const last = laterOf(sealed.from, sealed.until)
    const isSame = holiday !== undefined && holiday.from <= last && holiday.until >= sealed.from
    if (!isSame && sealed.until < today) continue
    const after: Seal = isSame
      ? { ...sealed, holiday: holidayTitle(holiday), from: holiday.from, until: holiday.until }
      : { ...sealed, until: dayAfter(today, -1) }
    if (after.from === sealed.from && after.until === sealed.until) continue
    await keepSeal(look.db, sealed, after)
    const vehicle = await holdVehicle(look.db, sealed.vehicle)
    if (vehicle.state === 'sealed') await saveVehicle(look.db, { ...vehicle, sealedUntil: after.until }, vehicle)
    const until = isSame ? `封存至${formatShort(after.until, look.now)}` : '不再封存,下一工作日启封'
    moved.add(`工作日历已调整,${sealed.holiday}假期车辆${until}`)
  }
  return [...moved]
}

const show: Action = async (turn, { value }) => {
  seen(turn)
  if (typeof value.from !== 'string' || !DAY.test(value.from)) throw new Refusal('卡片已过期,请重新发送 /用车 封存')
  return {
    say: { matter: { feature: FEATURE, id: matterOf('seal', value.from) } },
    privately: true,
    toast: { kind: 'success', words: '已发送到私聊' },
  }
}

export const sealActions = {
  sealShow: show,
  sealSome: putSomeAway(false),
  sealAll: putSomeAway(true),
  releaseForm: openForm,
  release,
  sealAgain: putBack,
} satisfies Record<string, Action>
