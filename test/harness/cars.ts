import { trips } from '../../db/car.ts'
import { carCosts } from '../../db/car-cost.ts'
import { drivers, vehicles } from '../../db/car-fleet.ts'
import { runs } from '../../db/car-run.ts'
import type { Db } from '../../db/client.ts'
import type { Seen } from './office.ts'

type NewVehicle = typeof vehicles.$inferInsert
type NewDriver = typeof drivers.$inferInsert
type NewRun = typeof runs.$inferInsert
type NewTrip = typeof trips.$inferInsert
type NewCost = typeof carCosts.$inferInsert

/** Instants of Shanghai, such as `2026-11-24T08:30`. */
export const shanghai = (at: string): Date => new Date(`${at}:00+08:00`)

async function put<Row>(rows: Promise<Row[]>): Promise<Row> {
  const [row] = await rows
  if (!row) throw new Error('nothing was put in')
  return row
}

/** Puts cars, drivers and what they did into the tables directly; answers ids. */
export const fleetIn = (db: Db) => ({
  async vehicle(plate: string, also: Partial<NewVehicle> = {}): Promise<number> {
    const row = {
      ...{ rev: 1, state: 'available', plate, category: 'other', model: '大众帕萨特', seats: 5, unit: '' },
      ...{ home: '机关大院', fuel: 'petrol', licence: 'C1', odometer: 0, onDuty: false, fuelCard: '', remark: '' },
      ...also,
    } as NewVehicle
    return (await put(db.insert(vehicles).values(row).returning({ id: vehicles.id }))).id
  },

  async driver(name: string, also: Partial<NewDriver> = {}): Promise<number> {
    const row = {
      ...{
        rev: 1,
        state: 'available',
        name,
        phone: '13800000000',
        licence: 'A2',
        licenceUntil: '2030-01-01',
        remark: '',
      },
      ...also,
    } as NewDriver
    return (await put(db.insert(drivers).values(row).returning({ id: drivers.id }))).id
  },

  /** From one instant to another, as planned and (where it is back) as driven. */
  async run(
    vehicle: number,
    [from, to]: [string, string],
    { km, ...also }: Partial<NewRun> & { km?: [number, number] } = {},
  ): Promise<number> {
    const state = also.state ?? (km ? 'back' : 'planned')
    const row = {
      ...{
        rev: 1,
        state,
        vehicle,
        startsAt: shanghai(from),
        endsAt: shanghai(to),
        route: '',
        parkedAt: '',
        remark: '',
      },
      ...{ dispatchedBy: 'ou_cd', dispatchedAt: shanghai(from) },
      ...(state === 'planned' ? {} : { departedAt: shanghai(from) }),
      ...(km ? { odometerOut: km[0], odometerIn: km[1], returnedAt: shanghai(to) } : {}),
      ...also,
    } as NewRun
    return (await put(db.insert(runs).values(row).returning({ id: runs.id }))).id
  },

  async trip(seq: number, [from, to]: [string, string], also: Partial<NewTrip> = {}): Promise<number> {
    const row = {
      ...{ rev: 1, stateRev: 1, state: 'completed', numberYear: 2026, numberSeq: seq, applicant: 'ou_a', unit: '' },
      ...{ chat: '', user: 'ou_a', startsAt: shanghai(from), endsAt: shanghai(to), origin: '市委大院' },
      ...{ destination: '区法院', via: '', reach: 'town', purpose: '调研座谈平安建设', ground: 'survey', basis: '' },
      ...{ category: 'other', passengers: [], guests: '', headcount: 3, cars: 1, selfDrive: false, phone: '' },
      ...{ remark: '', steps: [], awaits: [], people: [], findings: [], createdAt: shanghai(from), lastMove: '' },
      ...{ word: '', movedBy: 'ou_a', movedAt: shanghai(from) },
      ...also,
    } as NewTrip
    return (await put(db.insert(trips).values(row).returning({ id: trips.id }))).id
  },

  async cost(vehicle: number, kind: NewCost['kind'], on: string, cents: number, also: Partial<NewCost> = {}) {
    const row: NewCost = {
      ...{ vehicle, kind, on, cents, place: '', fuelCard: '', remark: '', by: 'ou_cd', at: shanghai(`${on}T18:00`) },
      ...also,
    }
    return (await put(db.insert(carCosts).values(row).returning({ id: carCosts.id }))).id
  },
})

/** The cells of a card's table, row by row. */
export function tableOf(seen: Seen): string[][] {
  const { body } = JSON.parse(seen.content) as { body: { elements: Array<Record<string, unknown>> } }
  const found = body.elements.find(one => one.tag === 'table') as
    | { columns: Array<{ name: string; display_name: string }>; rows: Array<Record<string, string>> }
    | undefined
  if (!found) throw new Error('there is no table')
  return [
    found.columns.map(column => column.display_name),
    ...found.rows.map(row => found.columns.map(column => row[column.name] ?? '')),
  ]
}
