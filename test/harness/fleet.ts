import { openTrip } from '../../db/car.ts'
import { drivers, vehicles } from '../../db/car-fleet.ts'
import type { Driver, Vehicle } from '../../src/office/car/fleet.ts'
import type { Trip } from '../../src/office/car/trip.ts'
import { ADMIN, type OfficeOptions, type Seen, TestOffice, type TestPerson } from './office.ts'

/** Wednesday, 25 November 2026, the day after the tests' morning. */
export const on = (clock: string, day = '2026-11-25'): Date => new Date(`${day}T${clock}:00+08:00`)

export const aVehicle = (plate: string, some: Partial<Vehicle> = {}) => ({
  rev: 1,
  state: 'available' as const,
  plate,
  category: 'other' as const,
  model: '轿车',
  seats: 5,
  unit: '',
  home: '机关院内',
  fuel: 'petrol' as const,
  licence: 'C1' as const,
  odometer: 35_200,
  inspectionOn: '2027-06-30',
  insuranceOn: '2027-06-30',
  onDuty: false,
  fuelCard: '1001',
  remark: '',
  ...some,
})

export const aDriver = (name: string, some: Partial<Driver> = {}) => ({
  rev: 1,
  state: 'available' as const,
  name,
  phone: '13800000001',
  licence: 'A2' as const,
  licenceUntil: '2030-01-01',
  trainedOn: '2026-03-01',
  remark: '',
  ...some,
})

let seq = 0

/** A trip that its chain has approved, of somebody who rides alone. */
export function anApprovedTrip(applicant: string, some: Partial<Trip> = {}): Omit<Trip, 'id'> {
  const at = new Date('2026-11-24T08:40:00+08:00')
  return {
    rev: 3,
    stateRev: 3,
    state: 'approved',
    number: { year: 2026, seq: ++seq },
    applicant,
    unit: '',
    chat: '',
    user: applicant,
    startsAt: on('09:00'),
    endsAt: on('12:00'),
    origin: '市委政法委',
    destination: '区法院',
    via: '',
    reach: 'town',
    purpose: '调研基层立案工作',
    ground: 'survey',
    basis: '',
    category: 'other',
    passengers: [],
    guests: '',
    headcount: 1,
    cars: 1,
    selfDrive: false,
    phone: '13900000001',
    remark: '',
    steps: [{ by: 'BZ', why: [], people: ['ou_bz'], decision: { by: 'ou_bz', inPlaceOf: undefined, at, word: '' } }],
    findings: [],
    urgent: undefined,
    run: undefined,
    sibling: undefined,
    previous: undefined,
    createdAt: at,
    submittedAt: at,
    approvedAt: at,
    confirmedBy: undefined,
    confirmedAt: undefined,
    completedAt: undefined,
    lastMove: 'approve',
    word: '',
    movedBy: 'ou_bz',
    movedAt: at,
    movedFor: undefined,
    nextAt: undefined,
    ...some,
  }
}

/** What a form is sent with when nobody changes anything. */
export const untouched = ({ card }: Seen, form: string): Record<string, unknown> =>
  Object.fromEntries(
    (card?.inputs ?? []).filter(input => input.form === form).map(({ name, value }) => [name, value ?? '']),
  )

export interface FleetCast {
  office: TestOffice
  /** 车管员. */
  jiang: TestPerson
  /** Two drivers. */
  gang: TestPerson
  liang: TestPerson
  /** 办公室主任. */
  li: TestPerson
  /** Two who ask for cars. */
  chen: TestPerson
  wang: TestPerson
  vehicle(plate: string, some?: Partial<Vehicle>): Promise<number>
  driver(name: string, some?: Partial<Driver>): Promise<number>
  trip(applicant: TestPerson, some?: Partial<Trip>): Promise<Trip>
}

/** An office that keeps cars: nothing in its fleet yet. */
export async function openFleet(options: OfficeOptions = {}): Promise<FleetCast> {
  const office = await TestOffice.open(options)
  const admin = office.person('刘芳')
  if (admin.id !== ADMIN) throw new Error('刘芳 is not the administrator')
  for (const line of ['/角色 @李静 办公室主任', '/角色 @蒋勇 车管员']) await admin.says(line)
  const { db } = office.database
  const idOf = (rows: Array<{ id: number }>): number => {
    const [row] = rows
    if (!row) throw new Error('nothing was kept')
    return row.id
  }
  return {
    office,
    jiang: office.person('蒋勇'),
    gang: office.person('陈刚'),
    liang: office.person('沈亮'),
    li: office.person('李静'),
    chen: office.person('陈晨'),
    wang: office.person('王强'),
    vehicle: async (plate, some) =>
      idOf(await db.insert(vehicles).values(aVehicle(plate, some)).returning({ id: vehicles.id })),
    driver: async (name, some) =>
      idOf(await db.insert(drivers).values(aDriver(name, some)).returning({ id: drivers.id })),
    trip: (applicant, some) => openTrip(db, anApprovedTrip(applicant.id, some)),
  }
}
