import { mutedAmong } from '../../db/calm.ts'
import { countDrivers, countVehicles, driversOf, vehiclesOf } from '../../db/car-fleet.ts'
import { noteReminders, type Reminded, remindedOn } from '../../db/car-reminder.ts'
import { openRepairs } from '../../db/car-repair.ts'
import { openSeals } from '../../db/car-seal.ts'
import { deputiesOf } from '../../db/deputy.ts'
import { peopleById } from '../../db/people.ts'
import { holdersAmong } from '../../db/role.ts'
import { keepSetting, setting } from '../../db/settings.ts'
import { type Beat, type Look, MOST_READ, type Section, type TodoItem, type Waiting } from '../../src/bot/feature.ts'
import { type Customs, closingOf, isOpen, openingAfter } from '../../src/kit/customs.ts'
import { dayIn, formatInstant } from '../../src/kit/time.ts'
import { careWords, type DueCare, dueCares, nameOfSubject, subjectOf } from '../../src/office/car/care.ts'
import { isNone, isWithin, keeping, type Sphere, viewing } from '../../src/office/car/keeper.ts'
import { REPAIR_DECIDERS } from '../../src/office/car/repair.ts'
import { isOn } from '../../src/office/car/rule-book.ts'
import { checkSeal } from '../../src/office/car/rules-watch.ts'
import { holidayTitle, sealBy, sealingOn } from '../../src/office/car/seal.ts'
import { SEAL_NOW } from '../../src/office/car/seal-cards.ts'
import type { Actor } from '../../src/office/car/trip.ts'
import { isAdministrator, may } from '../../src/office/role/role.ts'
import { isMorningAhead, tellCalmly } from '../calm.ts'
import { customs } from '../customs.ts'
import { careSetting, dueIn, MOST_KEPT } from './care.ts'
import { matterOf } from './keeping.ts'
import { recalibrateSeals } from './recalibrate.ts'
import { repairsWaiting } from './repair.ts'
import { ruleSetting } from './rules.ts'
import { sealingFrom } from './sealing.ts'
import { actorOf, FEATURE } from './setting.ts'
import { unsealOver } from './unseal.ts'

/** The workday on which everything was looked through. */
const SWEPT = 'car.swept'
/** By which days and hours the seals were reckoned. */
const RECKONED = 'car.seals.calendar'
/** A heartbeat that comes a moment before opening is meant for it, as with the morning cards. */
const EARLY_MS = 900
/** So long before closing the vehicles that are not sealed are named once more. */
const LAST_CALL_MS = 2 * 3_600_000

type Reading = Pick<Look, 'db' | 'now' | 'office'>

/** Once a workday, as the office opens: what has run out or is about to, holidays that are over or near. */
export async function fleetDue(beat: Beat): Promise<undefined> {
  const inForce = await customs(beat)
  const early = new Date(beat.now.getTime() + EARLY_MS)
  const today = dayIn(early)
  if (!isOpen(early, inForce) || (await setting<string>(beat.db, SWEPT)) === today) return
  await keepSetting(beat.db, SWEPT, today, beat.now)
  const keepers = await keepersOf(beat)
  await reportHolidays(beat, await unsealOver({ ...beat, now: early }))
  await announce(beat, today, inForce, keepers)
  await remind(beat, today, keepers)
}

/** The next time at which there is something to look through; never in a house that keeps no vehicles. */
export async function nextFleetDue(look: Look): Promise<Date | undefined> {
  const [cars, people, seals] = await Promise.all([
    countVehicles(look.db, { sphere: 'house' }),
    countDrivers(look.db, {}),
    openSeals(look.db),
  ])
  if (cars + people + seals.length === 0) return undefined
  const inForce = await customs(look)
  const isSwept = (await setting<string>(look.db, SWEPT)) === dayIn(look.now)
  const opening = !isSwept && isOpen(look.now, inForce) ? look.now : openingAfter(look.now, inForce)
  const call = lastCallAt(look.now, inForce)
  return call && call > look.now && call < opening ? call : opening
}

interface Keeper {
  id: string
  sphere: Sphere
}

/** Those who keep the vehicles, and who stands in for them; 系统管理员 are not bothered. */
async function keepersOf(look: Reading): Promise<Keeper[]> {
  const today = dayIn(look.now)
  const held = await holdersAmong(look.db, ['CD'], today)
  const ids = [...new Set(held.map(one => one.person))]
  const deputies = [...(await deputiesOf(look.db, ids, today)).values()].flat()
  const people = await peopleById(look.db, [...new Set([...ids, ...deputies])])
  const actors = await Promise.all(people.filter(({ active }) => active).map(({ id }) => actorOf(look, id)))
  return actors.map(actor => ({ id: actor.id, sphere: keeping(actor, may) })).filter(({ sphere }) => !isNone(sphere))
}

/** What has come to a step since it was last told: it stands in this morning's cards, else each hears of it now. */
async function remind(beat: Beat, today: string, keepers: Keeper[]): Promise<void> {
  const due = await dueIn(beat, 'house')
  const fresh = await noteReminders(
    beat.db,
    due.map(one => reminderOf(one, today)),
  )
  if (!fresh.length || (await isMorningAhead(beat))) return
  const told = due.filter(one => isAmong(fresh, one))
  const lines = new Map<string, string[]>()
  for (const one of told)
    for (const id of hearersOf(one, keepers)) lines.set(id, [...(lines.get(id) ?? []), lineOf(one, beat.now)])
  await tellCalmly(beat, '车辆到期提醒', lines)
}

const reminderOf = (one: DueCare, toldOn: string): Reminded => ({
  matter: subjectOf(one),
  what: one.care,
  by: one.by,
  step: String(one.step),
  toldOn,
})

const isAmong = (some: readonly Reminded[], one: DueCare): boolean =>
  some.some(
    ({ matter, what, by, step }) =>
      matter === subjectOf(one) && what === one.care && by === one.by && step === String(one.step),
  )

const lineOf = (one: DueCare, now: Date): string => `${nameOfSubject(one)} ${careWords(one, now)}`

/** Who keeps the vehicle; a driver hears of their own licence and training. */
function hearersOf({ of }: DueCare, keepers: readonly Keeper[]): string[] {
  if ('vehicle' in of) return keepers.filter(({ sphere }) => isWithin(sphere, of.vehicle.unit)).map(({ id }) => id)
  return [...new Set([...keepers.map(({ id }) => id), ...(of.driver.person ? [of.driver.person] : [])])]
}

/** The list of a holiday that is near, once, to whoever keeps the vehicles. */
async function announce(beat: Beat, today: string, { calendar }: Customs, keepers: Keeper[]): Promise<void> {
  const holiday = sealingOn(today, calendar)
  if (!holiday || holiday.from <= today || !isOn('CAR-18', await ruleSetting(beat))) return
  for (const { id, sphere } of keepers) {
    const sealing = await sealingFrom(beat, holiday.from, sphere)
    if (!sealing?.cars.length) continue
    const matter = matterOf('seal', holiday.from)
    const [first] = await noteReminders(beat.db, [{ matter, what: 'list', by: id, step: 'list', toldOn: today }])
    const isQuiet = (await mutedAmong(beat.db, [id], beat.now)).size > 0
    if (first && !isQuiet) beat.send({ to: { person: id }, body: { matter: { feature: FEATURE, id: matter } } })
  }
}

/** CAR-18: two hours before the office closes for a holiday, the vehicles that are not sealed. */
export async function lastCall(beat: Beat): Promise<undefined> {
  const inForce = await customs(beat)
  const at = lastCallAt(beat.now, inForce)
  const holiday = sealingOn(dayIn(beat.now), inForce.calendar)
  if (!at || !holiday || beat.now < at || !isOpen(beat.now, inForce)) return
  const rules = { customs: inForce, setting: await ruleSetting(beat) }
  const lines = new Map<string, string[]>()
  for (const { id, sphere } of await keepersOf(beat)) {
    const left = ((await sealingFrom(beat, holiday.from, sphere))?.cars ?? []).filter(
      ({ seal }) => checkSeal(dayIn(beat.now), { onDuty: false, isSealed: seal !== undefined }, rules).length > 0,
    )
    const plates = left.map(({ vehicle }) => vehicle.plate).join('、')
    if (left.length) lines.set(id, [`${holidayTitle(holiday)}假期尚有${left.length}辆车未封存(${plates})。${SEAL_NOW}`])
  }
  if (!lines.size) return
  const [fresh] = await noteReminders(beat.db, [
    { matter: matterOf('seal', holiday.from), what: 'call', by: holiday.from, step: 'call', toldOn: dayIn(beat.now) },
  ])
  if (fresh) await tellCalmly(beat, '车辆封存', lines)
}

/** On the last workday before a holiday. */
function lastCallAt(now: Date, inForce: Customs): Date | undefined {
  const today = dayIn(now)
  const holiday = sealingOn(today, inForce.calendar)
  if (!holiday || sealBy(holiday, inForce.calendar) !== today) return undefined
  return new Date(closingOf(today, inForce).getTime() - LAST_CALL_MS)
}

/** After a holiday 办公室主任 hear which vehicles were out. */
async function reportHolidays(beat: Beat, begun: readonly string[]): Promise<void> {
  const held = begun.length ? await holdersAmong(beat.db, ['BZ'], dayIn(beat.now)) : []
  const people = await peopleById(beat.db, [...new Set(held.map(one => one.person))])
  const muted = await mutedAmong(
    beat.db,
    people.map(({ id }) => id),
    beat.now,
  )
  for (const from of begun)
    for (const { id } of people.filter(({ active, id }) => active && !muted.has(id))) {
      const sealing = await sealingFrom(beat, from, viewing(await actorOf(beat, id), may))
      if (sealing?.cars.length)
        beat.send({ to: { person: id }, body: { matter: { feature: FEATURE, id: matterOf('seal', from) } } })
    }
}

/** What this morning's card says of vehicles: what came to a step today, what is to be sealed, and repairs that wait. */
export async function fleetDigest(look: Look, person: string): Promise<Section[]> {
  const actor = await actorOf(look, person)
  const [due, sealing, repairs] = await Promise.all([
    remindedTo(look, actor),
    unsealedOf(look, keepsAsDispatcher(actor)),
    repairsWaiting(look, actor),
  ])
  return [
    { title: '车辆到期提醒', count: due.length, rows: due.map(one => itemOfCare(one, look.now)) },
    { title: '车辆封存', count: sealing.length, rows: sealing },
    { title: '报修待办', count: repairs.length, rows: repairs },
  ]
}

async function remindedTo(look: Look, actor: Actor): Promise<DueCare[]> {
  const today = await remindedOn(look.db, dayIn(look.now))
  if (!today.length) return []
  const sphere = keepsAsDispatcher(actor)
  const [cars, people] = await Promise.all([
    isNone(sphere) ? [] : vehiclesOf(look.db, { sphere }, MOST_KEPT),
    isNone(sphere) ? driversOf(look.db, { person: actor.id }, 1) : driversOf(look.db, {}, MOST_KEPT),
  ])
  return dueCares(cars, people, await careSetting(look)).filter(one => isAmong(today, one))
}

/** 系统管理员 put vehicles on file, but it is 车管员 who see to them. */
function keepsAsDispatcher(actor: Actor): Sphere {
  const held = actor.held.filter(({ code }) => !isAdministrator(code))
  return isNone(keeping(actor, may)) ? [] : keeping({ ...actor, held }, may)
}

function itemOfCare(one: DueCare, now: Date): TodoItem {
  const [kind, id] =
    'vehicle' in one.of ? (['vehicle', one.of.vehicle.id] as const) : (['driver', one.of.driver.id] as const)
  return {
    feature: FEATURE,
    matter: subjectOf(one),
    urgency: one.days === undefined ? now.getTime() : new Date(`${one.by}T09:30:00Z`).getTime(),
    line: [kind === 'vehicle' ? '车辆 ' : '驾驶员 ', { bold: nameOfSubject(one) }, ` · ${careWords(one, now)}`],
    buttons: [{ label: '查看', action: `${FEATURE}.${kind}Show`, value: { id } }],
  }
}

/** The list of a holiday that is near, while vehicles are left on it. */
async function unsealedOf(look: Reading, sphere: Sphere): Promise<TodoItem[]> {
  if (isNone(sphere)) return []
  const inForce = await customs(look)
  const today = dayIn(look.now)
  const holiday = sealingOn(today, inForce.calendar)
  const sealing = holiday && (await sealingFrom(look, holiday.from, sphere))
  const left = sealing?.cars.filter(({ seal }) => !seal) ?? []
  if (!sealing || !left.length) return []
  const line = `请于${formatInstant(sealing.dueAt)}前完成封存,登记停放地点,收缴钥匙;尚有${left.length}辆未封存`
  return [
    {
      feature: FEATURE,
      matter: matterOf('seal', sealing.from),
      urgency: sealing.dueAt.getTime(),
      line: ['车辆封存 ', { bold: sealing.title }, ` · ${line}`],
      buttons: [{ label: '查看', action: `${FEATURE}.sealShow`, value: { from: sealing.from } }],
    },
  ]
}

/** Who may find something of that in this morning's card. */
export async function fleetAwaited(look: Look): Promise<string[]> {
  const today = dayIn(look.now)
  const inForce = await customs(look)
  const [told, repairs] = await Promise.all([remindedOn(look.db, today), openRepairs(look.db, 1)])
  const isSealing = sealingOn(today, inForce.calendar) !== undefined
  const drivers = told.some(({ matter }) => matter.startsWith('driver/')) ? await driversOf(look.db, {}, MOST_KEPT) : []
  const keepers = told.length || isSealing || repairs.length ? await keepersOf(look) : []
  const deciders = repairs.length ? await holdersAmong(look.db, [...REPAIR_DECIDERS], today) : []
  return [
    ...new Set([
      ...keepers.map(({ id }) => id),
      ...deciders.map(one => one.person),
      ...drivers.flatMap(({ person }) => person ?? []),
    ]),
  ]
}

/** What waits for somebody: decisions on repairs, what is to be sealed, what has run out or does within a week. */
export async function fleetTodo(look: Look, person: string): Promise<Waiting> {
  const actor = await actorOf(look, person)
  const sphere = keepsAsDispatcher(actor)
  const [repairs, sealing, due] = await Promise.all([
    repairsWaiting(look, actor),
    unsealedOf(look, sphere),
    isNone(sphere) ? [] : dueIn(look, sphere),
  ])
  const pressing = due.filter(({ step }) => step === 'over' || step <= 7).slice(0, MOST_READ)
  return { items: [...repairs, ...sealing, ...pressing.map(one => itemOfCare(one, look.now))], more: false }
}

const MOST_LISTED = 20

/** Vehicles by plate and drivers by name, for /查. */
export async function fleetFind(look: Look, person: string, words: string): Promise<TodoItem[]> {
  const actor = await actorOf(look, person)
  const sphere = viewing(actor, may)
  const plate = words.toUpperCase().replace(/[\s·]/g, '')
  if (isNone(sphere) || plate.length < 3) return []
  const found = await vehiclesOf(look.db, { sphere, plate }, MOST_LISTED)
  return found.map(({ id, plate: borne, model }) => ({
    feature: FEATURE,
    matter: matterOf('vehicle', id),
    urgency: Number.MAX_SAFE_INTEGER,
    line: ['车辆 ', { bold: borne }, model ? ` · ${model}` : ''],
    buttons: [{ label: '查看', action: `${FEATURE}.vehicleShow`, value: { id } }],
  }))
}

/** Whether seals stand that were reckoned by other days. */
export async function sealsUncalibrated(look: Look): Promise<boolean> {
  const [seals, reckoned] = await Promise.all([openSeals(look.db), setting<string>(look.db, RECKONED)])
  return seals.length > 0 && reckoned !== (await customs(look)).calendarId
}

/** Puts the seals by the days that hold now, and tells whoever keeps the vehicles what moved. */
export async function recalibrateFleet(beat: Beat): Promise<undefined> {
  const { calendarId } = await customs(beat)
  if ((await setting<string>(beat.db, RECKONED)) === calendarId) return
  const moved = await recalibrateSeals(beat)
  await keepSetting(beat.db, RECKONED, calendarId, beat.now)
  const keepers = moved.length ? await keepersOf(beat) : []
  await tellCalmly(beat, '车辆封存', new Map(keepers.map(({ id }) => [id, moved])))
}
