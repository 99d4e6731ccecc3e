import { holdVehicle, saveVehicle } from '../../db/car-fleet.ts'
import { keepSeal, openSeals } from '../../db/car-seal.ts'
import type { Look } from '../../src/bot/feature.ts'
import { dayIn, formatShort, holidayFrom } from '../../src/kit/time.ts'
import { dayAfter, laterOf } from '../../src/office/car/day.ts'
import { holidayTitle, type Seal } from '../../src/office/car/seal.ts'
import { customs } from '../customs.ts'

type Reading = Pick<Look, 'db' | 'now' | 'office'>

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
