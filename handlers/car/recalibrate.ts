import { holdVehicles, moveVehicles } from '../../db/car-fleet.ts'
import { type KeptSeal, keepSeals, openSeals } from '../../db/car-seal.ts'
import type { Look } from '../../src/bot/feature.ts'
import { type Calendar, dayIn, formatShort, holidayFrom } from '../../src/kit/time.ts'
import { dayAfter, laterOf } from '../../src/office/car/day.ts'
import { holidayTitle, type Seal } from '../../src/office/car/seal.ts'
import { customs } from '../customs.ts'

type Reading = Pick<Look, 'db' | 'now' | 'office'>

/** Puts the seals that stand by the calendar that holds now, by as many statements however many they are; answers what moved, in words. */
export async function recalibrateSeals(look: Reading): Promise<string[]> {
  const { calendar } = await customs(look)
  const today = dayIn(look.now)
  const moved = (await openSeals(look.db)).flatMap(before => {
    const after = recalibrated(before, today, calendar)
    return after && (after.from !== before.from || after.until !== before.until) ? [{ before, after }] : []
  })
  await keepSeals(look.db, moved)
  await sealAnew(look, moved)
  return [
    ...new Set(
      moved.map(({ before, after: { until } }) => {
        const words = until < today ? '不再封存,下一工作日启封' : `封存至${formatShort(until, look.now)}`
        return `工作日历已调整,${before.holiday}假期车辆${words}`
      }),
    ),
  ]
}

/** A holiday that was struck out and is put back finds its seals, until they have ended; undefined: it is over. */
function recalibrated(sealed: Seal, today: string, calendar: Calendar): Seal | undefined {
  const holiday = holidayFrom(laterOf(sealed.from, today), calendar)
  const last = laterOf(sealed.from, sealed.until)
  if (holiday !== undefined && holiday.from <= last && holiday.until >= sealed.from)
    return { ...sealed, holiday: holidayTitle(holiday), from: holiday.from, until: holiday.until }
  return sealed.until < today ? undefined : { ...sealed, until: dayAfter(today, -1) }
}

/** The vehicles that are put away with seals which have moved: a statement for each day until which they are. */
async function sealAnew({ db }: Reading, moved: readonly KeptSeal[]): Promise<void> {
  const untils = new Map(moved.map(({ after }) => [after.vehicle, after.until]))
  const sealed = (await holdVehicles(db, [...untils.keys()])).filter(({ state }) => state === 'sealed')
  for (const sealedUntil of new Set(untils.values())) {
    const some = sealed.filter(({ id }) => untils.get(id) === sealedUntil)
    await moveVehicles(db, some, { state: 'sealed', sealedUntil })
  }
}
