import type { Decider, Step } from '../../src/kit/chain.ts'
import { defaultHours, officialCalendar } from '../../src/kit/time.ts'
import type { TripMove, TripState } from '../../src/office/car/flow.ts'
import { drafted } from '../../src/office/car/request.ts'
import type { Actor, Ride, Setting, Trip, TripWish } from '../../src/office/car/trip.ts'
import { may } from '../../src/office/role/role.ts'

/** Tuesday, 24 November 2026, 09:00 in Shanghai. */
export const NOW = new Date('2026-11-24T09:00:00+08:00')
export const at = (shanghai: string): Date => new Date(`${shanghai}:00+08:00`)

const inHouse = (id: string, code?: string, departments: string[] = ['office']): Actor => ({
  id,
  departments,
  held: code ? [{ code, unit: undefined }] : [],
  standsFor: [],
})

/** One of each role; who asked, who rides along, who drives; and a colleague without any part. */
export const CAST = {
  LD: inHouse('LD', 'LD'),
  FG: inHouse('FG', 'FG'),
  BZ: inHouse('BZ', 'BZ'),
  KZ: inHouse('KZ', 'KZ', ['unit']),
  CD: inHouse('CD', 'CD'),
  JS: inHouse('JS', 'JS'),
  AP: inHouse('AP', undefined, ['unit']),
  PA: inHouse('PA', undefined, ['unit']),
  GB: inHouse('GB'),
  SY: inHouse('SY', 'SY'),
} as const
export type Who = keyof typeof CAST

export const RIDE: Ride = {
  run: {
    ...{ id: 3, rev: 1, state: 'planned', vehicle: 5, driver: 6, pilot: undefined },
    ...{
      startsAt: at('2026-11-26T08:30'),
      endsAt: at('2026-11-26T17:00'),
      departedAt: undefined,
      odometerOut: undefined,
    },
    ...{ returnedAt: undefined, odometerIn: undefined, route: '', parkedAt: '', remark: '', dispatchedBy: 'CD' },
    ...{ dispatchedAt: NOW, lateToldAt: undefined, nextAt: undefined },
  },
  vehicle: { id: 5, plate: '江A00001', model: '别克GL8', seats: 7, category: 'other' },
  driver: { id: 6, name: '马师傅', person: 'JS', phone: '13900000020' },
}

export function settingAt(now: Date = NOW, some: Partial<Setting> = {}): Setting {
  const hours = `${defaultHours.opens}-${defaultHours.lunch},${defaultHours.resumes}-${defaultHours.closes}`
  return {
    now,
    customs: { calendar: officialCalendar, calendarId: 'test', hours, seasons: [] },
    names: new Map(Object.keys(CAST).map(id => [id, id])),
    units: new Map([['unit', '综治科']]),
    heads: new Map(),
    rides: new Map([[RIDE.run.id, RIDE]]),
    serving: new Map(Object.values(CAST).map(({ id, held }) => [id, held])),
    may,
    ...some,
  }
}

export const WISH: TripWish = {
  ...{
    user: 'AP',
    startsAt: at('2026-11-26T08:30'),
    endsAt: at('2026-11-26T17:00'),
    origin: '单位',
    destination: '区法院',
  },
  ...{ via: '', reach: 'town', purpose: '参加调研座谈会', ground: 'survey', basis: '', category: 'other' },
  ...{ passengers: ['PA'], guests: '', headcount: 3, cars: 1, selfDrive: false, phone: '13900000001', remark: '' },
}

export const stepBy = (by: Decider, decided?: string): Step => ({
  by,
  why: [],
  people: [by],
  decision: decided ? { by: decided, inPlaceOf: undefined, at: NOW, word: '' } : undefined,
})

const CHAIN: Decider[] = ['KZ', 'BZ', 'FG']
/** How many steps are decided in a state. */
const DECIDED: Partial<Record<TripState, number>> = { section: 0, office: 1, leader: 2 }
const WITH_CAR: TripState[] = ['dispatched', 'underway', 'returned', 'completed', 'missed']

/** A trip as it stands in a state. */
export function aTrip(state: TripState = 'section', some: Partial<Trip> = {}): Trip {
  const decided = DECIDED[state] ?? (['refused', 'withdrawn'].includes(state) ? 0 : CHAIN.length)
  const isDraft = state === 'draft'
  return {
    ...drafted(WISH, { id: 'AP', unit: 'unit', chat: '', previous: undefined }, NOW),
    id: 7,
    state,
    steps: isDraft ? [] : CHAIN.map((by, i) => stepBy(by, i < decided ? by : undefined)),
    submittedAt: isDraft ? undefined : NOW,
    approvedAt: decided === CHAIN.length && !isDraft ? NOW : undefined,
    run: WITH_CAR.includes(state) ? RIDE.run.id : undefined,
    ...some,
  }
}

export const URGENT = {
  consentedBy: 'FG',
  way: 'phone',
  consentedAt: at('2026-11-24T08:50'),
  dueAt: at('2026-11-25T17:30'),
} as const

/** The trip on which a move would work in this state, if its state allowed it. */
export const ready = (move: TripMove, state: TripState): Trip =>
  move === 'endorse' || move === 'object'
    ? aTrip(state, { urgent: URGENT, steps: CHAIN.map(by => stepBy(by)) })
    : aTrip(state, move === 'lapse' ? { startsAt: NOW } : {})

/** Who may press which button, read off product.md 6 and the matrix of domain.md 1.3 by hand; of decisions, in which state. */
const MAY: Record<TripMove, Who[] | Partial<Record<TripState, Who[]>>> = {
  submit: ['AP'],
  edit: ['AP'],
  withdraw: ['AP'],
  cancel: ['AP'],
  again: ['AP'],
  approve: { section: ['KZ'], office: ['BZ'], leader: ['FG'] },
  refuse: { section: ['KZ'], office: ['BZ'], leader: ['FG'] },
  endorse: ['KZ'],
  object: ['KZ'],
  assign: ['CD'],
  lapse: ['CD'],
  redirect: ['CD'],
  depart: ['JS', 'CD'],
  arrive: ['JS', 'CD'],
  reschedule: ['AP', 'JS', 'CD'],
  miss: ['CD'],
  correct: ['CD'],
  confirm: ['AP', 'PA'],
  complete: ['CD'],
}

export function mayPress(move: TripMove, state: TripState, who: Who): boolean {
  const some = MAY[move]
  return (Array.isArray(some) ? some : (some[state] ?? [])).includes(who)
}
