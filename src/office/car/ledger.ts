import type { Option } from '../../kit/card.ts'
import { dayIn, formatMonth, toInstant } from '../../kit/time.ts'
import { type TripState, tripFlow } from './flow.ts'
import type { Run, Trip } from './trip.ts'

/** A 派车单 with the run that carried it. */
export interface LedgerRow
  extends Pick<
    Trip,
    | 'id'
    | 'number'
    | 'state'
    | 'unit'
    | 'applicant'
    | 'user'
    | 'startsAt'
    | 'endsAt'
    | 'origin'
    | 'destination'
    | 'purpose'
    | 'ground'
    | 'category'
    | 'headcount'
    | 'passengers'
    | 'remark'
  > {
  run:
    | (Pick<Run, 'id' | 'departedAt' | 'returnedAt' | 'odometerOut' | 'odometerIn' | 'parkedAt' | 'pilot'> & {
        plate: string
        /** By the roster; undefined = somebody of the house drove (`pilot`). */
        driver: string | undefined
        /** How many trips it carried. */
        trips: number
      })
    | undefined
}

/** How the ledger is looked at: always one month. Comes back with each press. */
export interface LedgerView {
  /** `2026-11`. */
  month: string
  /** Ids; 0 = all. */
  vehicle: number
  driver: number
  state: TripState | ''
  unit: string
  page: number
}

export const LEDGER_ROWS = 10
const MOST_PAGES = 100_000
export const ALL = 'all'

/** What a press or a form asked for; anything unknown reads as no filter, and no month as this one. */
export function readLedgerView(value: Record<string, unknown>, form: Record<string, unknown>, now: Date): LedgerView {
  const said = (name: string): string => {
    const word = Object.hasOwn(form, name) ? form[name] : value[name]
    return (typeof word === 'string' || typeof word === 'number') && word !== ALL ? String(word).trim() : ''
  }
  const state = said('state')
  const id = (name: string) => (/^\d{1,15}$/.test(said(name)) ? Number(said(name)) : 0)
  const { page } = value
  return {
    month: isMonth(said('month')) ? said('month') : monthOf(now),
    vehicle: id('vehicle'),
    driver: id('driver'),
    state: Object.hasOwn(tripFlow.states, state) ? (state as TripState) : '',
    unit: said('unit').slice(0, 100),
    page: typeof page === 'number' && Number.isSafeInteger(page) && page > 0 ? Math.min(page, MOST_PAGES) : 0,
  }
}

export const isMonth = (month: string): boolean => /^20\d\d-(0[1-9]|1[0-2])$/.test(month)
export const monthOf = (at: Date): string => dayIn(at).slice(0, 7)

/** The nth month after this one, before it when n is negative. */
export function monthsFrom(month: string, n: number): string {
  const [year = 0, of = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, of - 1 + n, 1)).toISOString().slice(0, 7)
}

export const spanOfMonth = (month: string): { from: Date; until: Date } => ({
  from: new Date(toInstant(`${month}-01`, '00:00')),
  until: new Date(toInstant(`${monthsFrom(month, 1)}-01`, '00:00')),
})

const MONTHS = 24

/** The last months, and the chosen one if it lies elsewhere. */
export function monthOptions(chosen: string, now: Date): Option[] {
  const last = Array.from({ length: MONTHS }, (_, back) => monthsFrom(monthOf(now), -back))
  const all = last.includes(chosen) ? last : [chosen, ...last]
  return all.map(value => ({ value, label: formatMonth(value) }))
}

/** A month as somebody typed it; nothing = this one, undefined = not understood. */
export function readMonth(said: string, now: Date): string | undefined {
  if (said === '' || said === '本月') return monthOf(now)
  if (said === '上月') return monthsFrom(monthOf(now), -1)
  const [, year = dayIn(now).slice(0, 4), month = ''] = /^(?:(20\d\d)[-年./])?(\d{1,2})月?$/.exec(said) ?? []
  const read = `${year}-${month.padStart(2, '0')}`
  return isMonth(read) ? read : undefined
}

/** Kilometres of a run; undefined where a reading is missing. */
export const kilometres = (run: Pick<Run, 'odometerOut' | 'odometerIn'> | undefined): number | undefined =>
  run?.odometerOut === undefined || run.odometerIn === undefined ? undefined : run.odometerIn - run.odometerOut
