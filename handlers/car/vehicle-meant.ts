import { vehicleOptions, vehiclePlated } from '../../db/car-account.ts'
import type { Look } from '../../src/bot/feature.ts'
import type { Option } from '../../src/kit/card.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import type { LedgerSight } from '../../src/office/car/ledger-sight.ts'
import { readPlate } from '../../src/office/car/plate.ts'
import { MOST_LISTED } from '../../src/office/car/vehicle-field.ts'

type Whose = Pick<LedgerSight, 'house' | 'units'>

/** Vehicles to choose from, with one more where they are too many for a list. */
export async function vehiclesToChoose({ db }: Pick<Look, 'db'>, whose: Whose): Promise<Option[]> {
  const some = await vehicleOptions(db, whose, MOST_LISTED + 1)
  return some.map(({ id, plate }) => ({ value: String(id), label: plate }))
}

/**
 * What a form says, the vehicle by its id where a plate was typed in place of a choice.
 * @throws Refusal for what is no plate, or that of no vehicle of theirs.
 */
export async function withVehicle(
  { db }: Pick<Look, 'db'>,
  whose: Whose,
  form: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const typed = typeof form.plate === 'string' ? form.plate.trim() : ''
  if (typed === '') return form
  const read = readPlate(typed)
  if ('fault' in read) throw new Refusal(read.fault)
  const id = await vehiclePlated(db, whose, read.plate)
  if (id === undefined) throw new Refusal(`没有找到车辆${read.plate}`)
  return { ...form, vehicle: String(id) }
}
