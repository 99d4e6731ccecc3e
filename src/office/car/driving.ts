import { dayIn } from '../../kit/time.ts'
import type { Reach } from './terms.ts'

/*
 * How long somebody is at the wheel cannot be known beforehand. Where experience tells the kilometres, they are reckoned at 60 km/h;
 * else a part of the planned time is taken for it, by how far the trip goes.
 */

const KILOMETRES_A_MINUTE = 1
const SHARE: Record<Reach, number> = { town: 0.25, beyond: 0.5, province: 0.75 }
/** Of a trip of several days, the way out falls on the first. */
const DAY_MINUTES = 600

type Span = { startsAt: Date; endsAt: Date }

/** Minutes at the wheel on the day of departure, there and back where the trip ends that day. */
export function drivingMinutes(span: Span, reach: Reach, kilometres: number | undefined): number {
  if (kilometres !== undefined) return (kilometres / KILOMETRES_A_MINUTE) * (endsSameDay(span) ? 1 : 0.5)
  const minutes = (span.endsAt.getTime() - span.startsAt.getTime()) / 60_000
  return (endsSameDay(span) ? minutes : Math.min(minutes, DAY_MINUTES)) * SHARE[reach]
}

/** The longest way in one piece: the way out. */
export const unbrokenMinutes = (span: Span, reach: Reach, kilometres: number | undefined): number =>
  drivingMinutes(span, reach, kilometres) * (endsSameDay(span) ? 0.5 : 1)

const endsSameDay = ({ startsAt, endsAt }: Span): boolean => dayIn(startsAt) === dayIn(endsAt)
