import { driversOf, saveDriver, saveVehicle, vehiclesById, vehiclesOf } from '../../db/car-fleet.ts'
import { openRepairs } from '../../db/car-repair.ts'
import type { Action, Answer, Look, Turn } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { dayIn } from '../../src/kit/time.ts'
import { pageIn } from '../../src/office/car/batch.ts'
import {
  CARES,
  type Care,
  type CareSetting,
  DRIVER_CARES,
  type DueCare,
  dueCares,
  VEHICLE_CARES,
} from '../../src/office/car/care.ts'
import { CARE_PAGE, careCard, renewalForm } from '../../src/office/car/care-cards.ts'
import { readDay } from '../../src/office/car/day.ts'
import { driverChanges } from '../../src/office/car/driver.ts'
import type { Driver, Vehicle } from '../../src/office/car/fleet.ts'
import { isNone, isWithin, keeping, type Sphere, viewing } from '../../src/office/car/keeper.ts'
import { kilometres, vehicleChanges } from '../../src/office/car/vehicle.ts'
import { may } from '../../src/office/role/role.ts'
import { wordIn } from '../given.ts'
import { heldDriver } from './drivers.ts'
import { heldVehicle } from './fleet.ts'
import { matterOf, noteChange } from './keeping.ts'
import { ruleSetting } from './rules.ts'
import { actorIn, FEATURE } from './setting.ts'

/** More than any house has. */
export const MOST_KEPT = 2_000

type Reading = Pick<Look, 'db' | 'now' | 'office'>

export async function careSetting(look: Reading): Promise<CareSetting> {
  const { thresholds } = await ruleSetting(look)
  return { now: look.now, thresholds }
}

/** What runs out of the vehicles of a sphere, and of the drivers. */
export async function dueIn(look: Reading, sphere: Sphere): Promise<DueCare[]> {
  const [cars, people] = await Promise.all([
    vehiclesOf(look.db, { sphere }, MOST_KEPT),
    isNone(sphere) ? [] : driversOf(look.db, {}, MOST_KEPT),
  ])
  return dueCares(cars, people, await careSetting(look))
}

/** `/用车 保养`: what is due or has run out, and what is in repair; a driver sees what is theirs. */
export async function care(turn: Turn): Promise<Answer> {
  return { say: { card: await listed(turn, 0) }, privately: true }
}

const turnPage: Action = async (turn, { value }) => ({ fresh: { card: await listed(turn, value.page) } })

async function listed(turn: Turn, asked: unknown): Promise<Card> {
  const actor = actorIn(turn)
  const sphere = viewing(actor, may)
  const own = await driversOf(turn.db, { person: turn.who.id }, 1)
  if (isNone(sphere) && !own.length) throw new Refusal('车辆保养仅限领导、办公室主任、车管员和驾驶员查看', '/用车 我的')
  const due = isNone(sphere) ? dueCares([], own, await careSetting(turn)) : await dueIn(turn, sphere)
  const repairs = await openRepairs(turn.db, 50)
  const cars = new Map(
    (await vehiclesById(turn.db, [...new Set(repairs.map(({ vehicle }) => vehicle))])).map(car => [car.id, car]),
  )
  const open = repairs.flatMap(repair => {
    const car = cars.get(repair.vehicle)
    return car && (isWithin(sphere, car.unit) || repair.askedBy === actor.id) ? [{ repair, plate: car.plate }] : []
  })
  const keep = !isNone(keeping(actor, may))
  return careCard(
    due,
    open.slice(0, 10),
    pageIn(asked, due.length, CARE_PAGE),
    { keep, report: keep || own.length > 0 },
    turn.now,
  )
}

const isCare = (value: unknown, among: readonly Care[]): value is Care => among.includes(value as Care)

/** 登记年检 and the like: the form with what is proposed. */
const openForm: Action = async (turn, press) => {
  const { kind, care: what } = press.value
  const toast = { kind: 'success' as const, words: '请在新卡片中核对' }
  if (kind === 'vehicle' && isCare(what, VEHICLE_CARES))
    return {
      say: { card: renewalForm({ vehicle: await heldVehicle(turn, press) }, what, turn.now) },
      privately: true,
      toast,
    }
  if (kind === 'driver' && isCare(what, DRIVER_CARES))
    return {
      say: { card: renewalForm({ driver: await heldDriver(turn, press) }, what, turn.now) },
      privately: true,
      toast,
    }
  throw new Refusal('卡片已过期,请以最新卡片为准')
}

const renew: Action = async (turn, press) => {
  const { kind, care: what } = press.value
  if (kind === 'vehicle' && isCare(what, VEHICLE_CARES)) {
    const vehicle = await heldVehicle(turn, press)
    await renewVehicle(turn, vehicle, what, press.value.rev, press.form)
    return renewed('vehicle', vehicle.id, what)
  }
  if (kind === 'driver' && isCare(what, DRIVER_CARES)) {
    const driver = await heldDriver(turn, press)
    await renewDriver(turn, driver, what, press.value.rev, press.form)
    return renewed('driver', driver.id, what)
  }
  throw new Refusal('卡片已过期,请以最新卡片为准')
}

const renewed = (kind: 'vehicle' | 'driver', id: number, what: Care): Answer => ({
  toast: { kind: 'success', words: `已登记${CARES[what]}` },
  fresh: { matter: { feature: FEATURE, id: matterOf(kind, id) } },
})

type Form = Record<string, unknown>

/** What a renewal settles lies ahead: else it would run out as it is put down. */
function dayAhead(form: Form, now: Date): string {
  const day = readDay(wordIn(form, 'day', 20), now)
  if (day === undefined) throw new Refusal('请写日期,例如:2027-03-31')
  if (day <= dayIn(now)) throw new Refusal('新的有效期应在今天之后,请核对')
  return day
}

async function renewVehicle(turn: Turn, before: Vehicle, what: Care, rev: unknown, form: Form): Promise<void> {
  if (rev !== before.rev) throw new Refusal('该车的登记已有变动,请重新打开登记')
  const day = dayAhead(form, turn.now)
  const after: Vehicle = {
    ...before,
    ...(what === 'inspection' ? { inspectionOn: day } : {}),
    ...(what === 'insurance' ? { insuranceOn: day } : {}),
    ...(what === 'service' ? { serviceOn: day, ...serviceOf(before, form) } : {}),
  }
  await saveVehicle(turn.db, after, before)
  noteChange(turn, 'renew', matterOf('vehicle', before.id), vehicleChanges(before, after, new Map(), turn.now))
}

function serviceOf(before: Vehicle, form: Form): Pick<Vehicle, 'odometer' | 'serviceAt'> {
  const odometer = kilometres(wordIn(form, 'odometer', 20))
  if (odometer === undefined) throw new Refusal('请填写本次保养时的里程')
  if (odometer < before.odometer) throw new Refusal(`里程不能低于已登记的${before.odometer}公里`)
  const typed = wordIn(form, 'next', 20)
  const serviceAt = typed === '' ? undefined : kilometres(typed)
  if (typed !== '' && (serviceAt === undefined || serviceAt <= odometer))
    throw new Refusal('下次保养里程应大于本次里程')
  return { odometer, serviceAt }
}

async function renewDriver(turn: Turn, before: Driver, what: Care, rev: unknown, form: Form): Promise<void> {
  if (rev !== before.rev) throw new Refusal('该驾驶员的登记已有变动,请重新打开登记')
  const trainedOn = what === 'training' ? trainingDay(form, turn.now) : before.trainedOn
  const licenceUntil = what === 'licence' ? dayAhead(form, turn.now) : before.licenceUntil
  const after: Driver = { ...before, trainedOn, licenceUntil }
  await saveDriver(turn.db, after, before)
  noteChange(turn, 'renew', matterOf('driver', before.id), driverChanges(before, after, turn.now))
}

function trainingDay(form: Form, now: Date): string {
  const day = readDay(wordIn(form, 'day', 20), now)
  if (day === undefined) throw new Refusal('请写日期,例如:2026-03-12')
  if (day > dayIn(now)) throw new Refusal('培训日期不能晚于今天')
  return day
}

export const careActions = { care: turnPage, careForm: openForm, careRenew: renew } satisfies Record<string, Action>
