import { standard } from '../../kit/text.ts'
import type { TripNumber } from './trip.ts'

/** `派〔2026〕86号`, also with other brackets; `86号` is one of this year. Undefined when the text is something else. */
export function readNumber(text: string, thisYear: number): TripNumber | undefined {
  const found = /^\s*(?:派\s*[〔[(【〈<]\s*(\d{4})\s*[〕\])】〉>]\s*)?第?0*(\d{1,6})\s*号\s*$/.exec(standard(text))
  const seq = Number(found?.[2])
  return found && seq > 0 ? { year: Number(found[1] ?? thisYear), seq } : undefined
}
