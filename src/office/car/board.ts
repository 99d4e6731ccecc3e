import type { Colour, Span } from '../../kit/card.ts'
import { addDays, dayIn, toInstant } from '../../kit/time.ts'
import { CATEGORIES, type Category, VEHICLE_STATES, type VehicleState } from './terms.ts'
import { RUN_STATES, type Trip } from './trip.ts'

/** A line of the board. */
export interface BoardVehicle {
  id: number
  plate: string
  state: VehicleState
}

/** What a vehicle is on the way for. */
export interface BoardRun {
  vehicle: number
  state: 'planned' | 'out' | 'back'
  startsAt: Date
  endsAt: Date
  departedAt: Date | undefined
  returnedAt: Date | undefined
  /** Its being late was told (CAR-33). */
  late: boolean
  trips: Array<Pick<Trip, 'destination' | 'category' | 'ground'>>
}

/** How the board is looked at. Comes back with each press. */
export interface BoardView {
  span: 'day' | 'week'
  /** A day of it, `YYYY-MM-DD`. */
  day: string
  category: Category | ''
  page: number
}

/** Lines on a card: its picture stays sharp on a phone. */
export const BOARD_LINES = 10
const MOST_PAGES = 1_000
const DAY_MS = 86_400_000

/** What a press or a form asked for; anything unknown reads as today, all vehicles. */
export function readBoardView(value: Record<string, unknown>, form: Record<string, unknown>, now: Date): BoardView {
  const category = String(form.category ?? value.category ?? '')
  const { page } = value
  const turned = form.category === undefined && typeof page === 'number' && Number.isSafeInteger(page) ? page : 0
  return {
    span: value.span === 'week' ? 'week' : 'day',
    day: isDay(value.day) ? value.day : dayIn(now),
    category: Object.hasOwn(CATEGORIES, category) ? (category as Category) : '',
    page: Math.min(Math.max(turned, 0), MOST_PAGES),
  }
}

const isDay = (day: unknown): day is string =>
  typeof day === 'string' &&
  /^20\d\d-\d\d-\d\d$/.test(day) &&
  new Date(`${day}T00:00:00Z`).toJSON()?.slice(0, 10) === day

/** The day or the week, Monday first. */
export function periodOfBoard({ span, day }: Pick<BoardView, 'span' | 'day'>): { from: Date; until: Date } {
  const first = span === 'day' ? day : addDays(day, -((weekdayOf(day) + 6) % 7))
  const from = new Date(toInstant(first, '00:00'))
  return { from, until: new Date(from.getTime() + (span === 'day' ? 1 : 7) * DAY_MS) }
}

const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay()

export const LATE = '超时未归'
const COLOURS: Record<BoardRun['state'], Colour> = { planned: 'blue', out: 'yellow', back: 'green' }

/** When a run takes its vehicle: as it was, where it has been; what is out is so at least until now. */
export function heldBy(
  { state, startsAt, endsAt, departedAt, returnedAt }: BoardRun,
  now: Date,
): { from: Date; until: Date } {
  const from = departedAt ?? startsAt
  const planned = state === 'out' && now > endsAt ? now : endsAt
  return { from, until: returnedAt ?? planned }
}

export function spansOf(
  lines: BoardVehicle[],
  runs: BoardRun[],
  period: { from: Date; until: Date },
  now: Date,
): Span[] {
  return lines.flatMap(vehicle => {
    const off = offOf(vehicle, period, now)
    const taken = runs.filter(run => run.vehicle === vehicle.id).map(run => takenBy(vehicle, run, now))
    return [...off, ...taken].filter(
      ({ from, until }) => from < period.until.getTime() && until > period.from.getTime(),
    )
  })
}

function takenBy({ plate }: BoardVehicle, run: BoardRun, now: Date): Span {
  const { from, until } = heldBy(run, now)
  const isLate = run.late && run.state === 'out'
  return {
    ...{ line: plate, from: from.getTime(), until: until.getTime() },
    word: isLate ? LATE : RUN_STATES[run.state],
    colour: isLate ? 'red' : COLOURS[run.state],
  }
}

/** In repair or sealed: from now on, as far as is known. */
function offOf({ plate, state }: BoardVehicle, { until }: { until: Date }, now: Date): Span[] {
  if (state === 'available' || now >= until) return []
  return [
    {
      line: plate,
      from: now.getTime(),
      until: until.getTime(),
      word: VEHICLE_STATES[state],
      colour: 'grey',
    },
  ]
}

const THREE_HOURS = 3 * 3_600_000

/** The day from six to nine in the evening, or as far as something reaches beyond that, in steps of three hours. */
export function hoursShown(
  { span, day }: BoardView,
  period: { from: Date; until: Date },
  spans: Span[],
): [number, number] {
  const [from, until] = [period.from.getTime(), period.until.getTime()]
  if (span === 'week') return [from, until]
  const runs = spans.filter(({ colour }) => colour !== 'grey')
  const first = Math.min(Date.parse(toInstant(day, '06:00')), ...runs.map(one => one.from))
  const last = Math.max(Date.parse(toInstant(day, '21:00')), ...runs.map(one => one.until))
  const steps = (at: number, round: (of: number) => number) => from + round((at - from) / THREE_HOURS) * THREE_HOURS
  return [Math.max(steps(first, Math.floor), from), Math.min(steps(last, Math.ceil), until)]
}

/** How many of a category are there, and free. */
export interface FreeCount {
  category: Category
  all: number
  /** At this moment, and for the rest of the day. */
  now: number
  today: number
}
