import type { CostKind } from './terms.ts'
import type { TripNumber } from './trip.ts'

/** What was spent on a vehicle. */
export interface Cost {
  id: number
  vehicle: number
  /** The run on which it was spent. */
  run: number | undefined
  kind: CostKind
  /** `YYYY-MM-DD`. */
  on: string
  cents: number
  /** Hundredths of a litre or of a kilowatt-hour. */
  amount: number | undefined
  odometer: number | undefined
  /** 定点单位. */
  place: string
  fuelCard: string
  cash: boolean
  remark: string
  by: string
  at: Date
  struck: { by: string; at: Date; why: string } | undefined
}

/** As it stands in a list. */
export interface CostRow extends Cost {
  plate: string
  /** Of a 派车单 of its run. */
  number: TripNumber | undefined
}
