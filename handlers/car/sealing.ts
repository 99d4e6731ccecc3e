import { vehiclesById, vehiclesOf } from '../../db/car-fleet.ts'
import { openOutings, outingsBetween } from '../../db/car-outing.ts'
import { sealsFrom } from '../../db/car-seal.ts'
import type { Look, Press, Turn } from '../../src/bot/feature.ts'
import { closingOf } from '../../src/kit/customs.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { dayIn, formatShort, type Holiday, holidayFrom, toInstant } from '../../src/kit/time.ts'
import { dayAfter } from '../../src/office/car/day.ts'
import { isWithin, type Sphere } from '../../src/office/car/keeper.ts'
import { holidayTitle, type Seal, sealBy, toBeSealed } from '../../src/office/car/seal.ts'
import type { Sealing } from '../../src/office/car/seal-cards.ts'
import { customs } from '../customs.ts'
import { MOST_KEPT } from './care.ts'
import { kept } from './keeping.ts'

export const DAY = /^\d{4}-\d\d-\d\d$/

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

/** As the calendar has it, else as it was put down with the seals. */
function holidayOf(from: string, [first]: Seal[], calendar: Parameters<typeof holidayFrom>[1]): Holiday | undefined {
  const holiday = holidayFrom(from, calendar)
  if (holiday?.from === from) return holiday
  return first && { name: first.holiday.replace(/^\d{4}年/, ''), from, until: first.until }
}

/** The list that a press is about, of what whoever pressed keeps. */
export async function pressed(turn: Turn, { value }: Press): Promise<Sealing> {
  const sphere = kept(turn)
  const from = typeof value.from === 'string' && DAY.test(value.from) ? value.from : ''
  const sealing = from ? await sealingFrom(turn, from, sphere) : undefined
  if (!sealing) throw new Refusal('卡片已过期,请重新发送 /用车 封存')
  if (sealing.isOver) throw new Refusal(`${sealing.title}假期已结束`)
  return sealing
}
