import type { Category, DriverState, Fuel, Licence, VehicleState } from './terms.ts'

/** A vehicle of the house. Days are `YYYY-MM-DD`, lengths kilometres. */
export interface Vehicle {
  id: number
  rev: number
  state: VehicleState
  plate: string
  category: Category
  model: string
  /** 核载人数, the driver's seat included (道路交通安全法第四十九条). */
  seats: number
  /** 所属单位: a department's id, '' = the house. */
  unit: string
  /** 固定停放地点. */
  home: string
  fuel: Fuel
  /** 准驾车型 that it asks for. */
  licence: Licence
  /** The highest reading known. */
  odometer: number
  inspectionOn: string | undefined
  insuranceOn: string | undefined
  serviceOn: string | undefined
  serviceAt: number | undefined
  /** The last day on which it stays put away, where it is. */
  sealedUntil?: string | undefined
  /** 值班或应急车辆: not sealed over holidays (CAR-17). */
  onDuty: boolean
  /** 加油卡号. */
  fuelCard: string
  remark: string
}

export interface Driver {
  id: number
  rev: number
  state: DriverState
  name: string
  /** The member of the house that this is; undefined = someone without an account. */
  person: string | undefined
  /** Their account is closed; told only where it is asked whether they may go out from now on. */
  closed?: boolean
  phone: string
  licence: Licence
  licenceUntil: string
  /** The last yearly training. */
  trainedOn: string | undefined
  remark: string
}

/** Who has left keeps what shows that whoever drove was allowed to, and nothing by which they are reached or judged. */
export const offRoster = (driver: Driver): Driver => ({
  ...driver,
  state: 'left',
  phone: '',
  trainedOn: undefined,
  remark: '',
})
