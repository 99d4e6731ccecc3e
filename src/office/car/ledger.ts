import type { Option } from '../../kit/card.ts'
import { formatMonth, isMonth, lastMonths, monthOf } from '../../kit/time.ts'
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

const MONTHS = 24

/** The last months, and the chosen one if it lies elsewhere. */
export function monthOptions(chosen: string, now: Date): Option[] {
  const last = lastMonths(now, MONTHS)
  const all = last.includes(chosen) ? last : [chosen, ...last]
  return all.map(value => ({ value, label: formatMonth(value) }))
}

/** Kilometres of a run; undefined where a reading is missing. */
export const kilometres = (run: Pick<Run, 'odometerOut' | 'odometerIn'> | undefined): number | undefined =>
  run?.odometerOut === undefined || run.odometerIn === undefined ? undefined : run.odometerIn - run.odometerOut
