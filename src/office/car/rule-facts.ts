import type { Customs } from '../../kit/customs.ts'
import type { ChainFacts } from './chain.ts'
import type { Driver, Vehicle } from './fleet.ts'
import type { RuleSetting } from './rule-setting.ts'
import type { CostKind } from './terms.ts'
import type { Trip } from './trip.ts'

interface Facts {
  now: Date
  customs: Customs
  setting: RuleSetting
}

/** A trip beside the one that is looked at. */
export type Neighbour = Pick<Trip, 'id' | 'number' | 'startsAt' | 'destination'>

/** Before 提交. */
export interface RequestFacts extends Facts {
  chain: ChainFacts
  /** 特别紧急: let out on a consent that is put on file afterwards. */
  urgent: boolean
  /** The most seats of a vehicle of the house, the driver's included; undefined = none is kept yet. */
  mostSeats: number | undefined
  /** Open trips of about that time (CAR-28). */
  neighbours: readonly Neighbour[]
}

/** At 派车 and 改派, for each trip that is to ride. */
export interface DispatchFacts extends Facts {
  vehicle: Vehicle
  /** Undefined: somebody of the house drives. */
  driver: Driver | undefined
  /** When the run begins and ends. */
  startsAt: Date
  endsAt: Date
  /** All who ride, of every trip in the run; whoever drives by themselves is among them, a driver is not. */
  riders: number
  /** The vehicle is of another unit than the trip (`isBorrowed`). */
  borrowed: boolean
  /** Other runs that hold the car or the driver at that time, as their trips' numbers. */
  clashes: readonly string[]
  /** What the driver has else to drive on the day of departure (`drivingMinutes`). */
  drivenMinutes: number
  /** Trips that are to be dispatched or are, of about that time, and do not ride in this run (CAR-28). */
  neighbours: readonly Neighbour[]
  /** What the way there and back takes by experience; undefined = unknown. */
  kilometres: number | undefined
}

/** While a run is out and when it is back. */
export interface ReturnFacts extends Facts {
  vehicle: Vehicle
  /** The reading of the same car before and after this run, by time. */
  readingBefore: number | undefined
  readingAfter: number | undefined
  /** What the way there and back takes by experience; undefined = unknown. */
  kilometres: number | undefined
  /** A trip of the run was approved over night. */
  overnight: boolean
}

/** An entry of 费用 before it is kept. */
export interface Cost {
  vehicle: number | undefined
  run: number | undefined
  kind: CostKind
  place: string
  fuelCard: string
  /** Paid in cash. */
  cash: boolean
}

export interface CostFacts {
  setting: RuleSetting
  /** The vehicle that the entry names, if the house keeps it. */
  vehicle: Pick<Vehicle, 'id' | 'fuelCard'> | undefined
  /** The vehicle of the run that the entry names. */
  runVehicle: number | undefined
  /** For a repair: it was asked for and approved (CAR-38). */
  approved: boolean
  /** Consumption for a hundred kilometres, since the last filling and in the three months before; undefined = unknown. */
  consumption: number | undefined
  usualConsumption: number | undefined
}
