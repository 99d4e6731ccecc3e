import type { Holder } from '../../src/kit/chain.ts'
import type { Customs } from '../../src/kit/customs.ts'
import { officialCalendar } from '../../src/kit/time.ts'
import type { ChainFacts } from '../../src/office/car/chain.ts'
import type { Driver, Vehicle } from '../../src/office/car/fleet.ts'
import type { Cost, CostFacts, DispatchFacts, RequestFacts, ReturnFacts } from '../../src/office/car/rule-facts.ts'
import { type RuleSetting, USUAL } from '../../src/office/car/rule-setting.ts'
import type { Run, Trip, TripWish } from '../../src/office/car/trip.ts'
import { may } from '../../src/office/role/role.ts'

/** Tuesday, 24 November 2026, 09:00 in Shanghai. */
export const NOW = at('11-24T09:00')

/** `11-26T08:30` in 2026. */
export function at(shanghai: string): Date {
  return new Date(`2026-${shanghai}:00+08:00`)
}

export const customs: Customs = {
  calendar: officialCalendar,
  calendarId: 'test',
  hours: '08:30-12:00,14:30-17:30',
  seasons: [],
}

/** A request that nothing can be said against: Thursday, in town, to a session of several courts. */
export const aWish = (some: Partial<TripWish> = {}): TripWish => ({
  ...{ user: 'CB', startsAt: at('11-26T09:00'), endsAt: at('11-26T11:30'), origin: '机关大院', destination: '区法院' },
  ...{ via: '', reach: 'town', purpose: '到区法院调研座谈执行工作', ground: 'survey', basis: '', category: 'other' },
  ...{ passengers: ['CB'], guests: '', headcount: 3, cars: 1, selfDrive: false, phone: '', remark: '' },
  ...some,
})

const holder = (id: string, code: string, departments: string[], unit?: string): Holder => ({
  ...{ id, departments, held: [{ code, unit }], deputies: [] },
})

/** One of each who decides; CB works in 综治科, whose head is KZ. */
export const chainFacts = (some: Partial<ChainFacts> = {}): ChainFacts => ({
  applicant: 'CB',
  unit: 'unit',
  lineage: ['unit'],
  head: 'KZ',
  holders: [
    { id: 'KZ', departments: ['unit'], held: [], deputies: [] },
    holder('BZ', 'BZ', ['office']),
    holder('FG', 'FG', ['0']),
    holder('LD', 'LD', ['0']),
  ],
  may,
  ...some,
})

export const settled = (some: Partial<RuleSetting> = {}): RuleSetting => ({ ...USUAL, ...some })

export const requestFacts = (some: Partial<RequestFacts> = {}): RequestFacts => ({
  ...{ now: NOW, customs, setting: USUAL, chain: chainFacts(), urgent: false, mostSeats: 7, neighbours: [] },
  ...some,
})

export const aVehicle = (some: Partial<Vehicle> = {}): Vehicle => ({
  ...{ id: 1, rev: 1, state: 'available', plate: '江A00001', category: 'other', model: '', seats: 5, unit: '' },
  ...{ home: '机关地下车库', fuel: 'petrol', licence: 'C1', odometer: 10_000, inspectionOn: undefined },
  ...{ insuranceOn: undefined, serviceOn: undefined, serviceAt: undefined, onDuty: false, fuelCard: '', remark: '' },
  ...some,
})

export const aDriver = (some: Partial<Driver> = {}): Driver => ({
  ...{ id: 1, rev: 1, state: 'available', name: '马师傅', person: undefined, phone: '', licence: 'B1' },
  ...{ licenceUntil: '2030-01-01', trainedOn: '2026-03-02', remark: '' },
  ...some,
})

export const aTrip = (some: Partial<Trip> = {}): Trip => ({
  ...aWish(),
  ...{ id: 1, rev: 1, stateRev: 1, state: 'approved', number: { year: 2026, seq: 86 }, applicant: 'CB', unit: 'unit' },
  ...{ chat: '', findings: [], urgent: undefined, run: undefined, sibling: undefined, previous: undefined },
  steps: (['KZ', 'BZ'] as const).map(by => ({ by, why: [], people: [by], decision: decisionBy(by) })),
  ...{ createdAt: NOW, submittedAt: NOW, approvedAt: NOW, confirmedBy: undefined, confirmedAt: undefined },
  ...{ completedAt: undefined, lastMove: 'approve', word: '', movedBy: 'BZ', movedAt: NOW, movedFor: undefined },
  nextAt: undefined,
  ...some,
})

export const decisionBy = (by: string) => ({ by, inPlaceOf: undefined, at: NOW, word: '' })

export const dispatchFacts = (some: Partial<DispatchFacts> = {}): DispatchFacts => ({
  ...{ now: NOW, customs, setting: USUAL, vehicle: aVehicle(), driver: aDriver(), startsAt: at('11-26T09:00') },
  ...{ endsAt: at('11-26T11:30'), riders: 3, borrowed: false, clashes: [], drivenMinutes: 0, neighbours: [] },
  kilometres: undefined,
  ...some,
})

export const aRun = (some: Partial<Run> = {}): Run => ({
  ...{ id: 1, rev: 1, state: 'out', vehicle: 1, driver: 1, pilot: undefined, startsAt: at('11-26T09:00') },
  ...{ endsAt: at('11-26T11:30'), departedAt: at('11-26T09:00'), odometerOut: 10_000, returnedAt: undefined },
  ...{ odometerIn: undefined, route: '', parkedAt: '', remark: '', dispatchedBy: 'CD', dispatchedAt: NOW },
  ...{ lateToldAt: undefined, nextAt: undefined },
  ...some,
})

export const returnFacts = (some: Partial<ReturnFacts> = {}): ReturnFacts => ({
  ...{ now: at('11-26T11:00'), customs, setting: USUAL, vehicle: aVehicle(), readingBefore: undefined },
  ...{ readingAfter: undefined, kilometres: undefined, overnight: false },
  ...some,
})

export const aCost = (some: Partial<Cost> = {}): Cost => ({
  ...{ vehicle: 1, run: undefined, kind: 'fuel', place: '城南加油站', fuelCard: '', cash: false },
  ...some,
})

export const costFacts = (some: Partial<CostFacts> = {}): CostFacts => ({
  ...{ setting: USUAL, vehicle: { id: 1, fuelCard: '' }, runVehicle: undefined, approved: false },
  ...{ consumption: undefined, usualConsumption: undefined },
  ...some,
})
