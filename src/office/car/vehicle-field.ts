import type { Field, Option } from '../../kit/card.ts'
import { ALL } from './ledger.ts'

/** More vehicles than that are not chosen from a list but named by their plate. */
export const MOST_LISTED = 60

/** One vehicle among some, those beyond the list told by one more; `all`: the word for none in particular. */
export function vehicleField(options: Option[], chosen: number, all?: string): Field {
  if (options.length > MOST_LISTED)
    return {
      kind: 'input',
      name: 'plate',
      label: '车牌号',
      hint: all ? `江A12345,不填为${all}` : '江A12345',
      value: options.find(({ value }) => value === String(chosen))?.label ?? '',
      max: 12,
      ...(all ? {} : { required: true }),
    }
  return {
    kind: 'choose',
    name: 'vehicle',
    label: '车辆',
    options: all ? [{ value: ALL, label: all }, ...options] : options,
    ...(chosen || all ? { value: chosen ? String(chosen) : ALL } : {}),
    ...(all ? {} : { required: true }),
  }
}
