import { type Customs, closingOf, isOpen } from '../../kit/customs.ts'
import { addDays, dayIn, workdayUpTo } from '../../kit/time.ts'
import { headOf } from './cards.ts'
import { UNDECIDED } from './steps.ts'
import type { Setting, Trip } from './trip.ts'

const HOUR_MS = 3_600_000
/** So long before departure whoever is asked to decide is reminded. */
const BEFORE_MS = 2 * HOUR_MS

export const isUndecided = ({ state }: Pick<Trip, 'state'>): boolean => UNDECIDED.includes(state)

/** When what waits for a decision is looked at next: once before departure, within office hours, and when that has come. */
export function undecidedAt(trip: Pick<Trip, 'startsAt'>, now: Date, customs: Customs): Date | undefined {
  return [reminderAt(trip, customs), trip.startsAt].find(at => at > now)
}

/** Two hours ahead; where the office is closed then, an hour before it closed last. */
export function reminderAt({ startsAt }: Pick<Trip, 'startsAt'>, customs: Customs): Date {
  const ahead = new Date(startsAt.getTime() - BEFORE_MS)
  if (isOpen(ahead, customs)) return ahead
  const own = closingOf(workdayUpTo(ahead, customs.calendar), customs)
  const closed = own <= ahead ? own : closingOf(workdayUpTo(addDays(dayIn(ahead), -1), customs.calendar), customs)
  return new Date(closed.getTime() - HOUR_MS)
}

/** To whoever is asked. */
export const undecidedLine = (trip: Trip, { now }: Setting): string =>
  `${headOf(trip, { now })}用车尚待审批,请在出发前办理`

/** To whoever asked, once it should have left. */
export const unansweredLine = (trip: Trip, { now }: Setting): string =>
  `${headOf(trip, { now })}用车已到出发时间,尚未批准。仍需用车的,请修改用车时间后重新送审;不再需要的,请撤回`
