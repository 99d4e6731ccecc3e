import { standard } from '../../kit/text.ts'

/** The number of a task (DB-30): of the office's 代字, the year and the place in its series. */
export interface TaskNumber {
  word: string
  year: number
  seq: number
}

/** 代字 of every office as long as none of its own is settled. */
export const WORD = '督'

export const numberText = ({ word, year, seq }: TaskNumber): string => `${word}〔${year}〕${seq}号`

/** Of an assistant's part (DB-30), by its place from 0. */
export const subNumberText = ({ word, year, seq }: TaskNumber, place: number): string =>
  `${word}〔${year}〕${seq}-${place + 1}号`

/**
 * `督〔2026〕12号`, also with other brackets; of a sub-item (`督〔2026〕12-1号`) that of the task. Undefined when the text is
 * something else.
 */
export function readNumber(text: string): TaskNumber | undefined {
  const found =
    /^\s*([一-鿿]{1,8})\s*[〔[(【〈<]\s*(\d{4})\s*[〕\])】〉>]\s*第?0*(\d{1,6})(?:\s*[-－—]\s*\d{1,3})?\s*号?\s*$/.exec(
      standard(text),
    )
  const [, word = '', year, seq] = found ?? []
  return found && Number(seq) > 0 ? { word, year: Number(year), seq: Number(seq) } : undefined
}
