import { defaultHours, type OfficeHours } from './time.ts'

const SPAN = /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/

/** Whether a text names office hours: one or two rising spans such as `08:30-12:00,14:30-17:30`. */
export function areHours(text: string): boolean {
  const spans = text.split(',')
  if (spans.length > 2 || !spans.every(span => SPAN.test(span))) return false
  const marks = spans.flatMap(span => span.split('-'))
  return marks.every((mark, i) => i === 0 || mark > (marks[i - 1] ?? ''))
}

/** Office hours as the reading of times wants them; with a single span noon stays where it usually is. */
export function hoursOf(text: string): OfficeHours {
  const [morning = '', afternoon] = text.split(',')
  const [opens = defaultHours.opens, end = defaultHours.closes] = morning.split('-')
  if (!afternoon) return { ...defaultHours, opens, closes: end }
  const [resumes = defaultHours.resumes, closes = defaultHours.closes] = afternoon.split('-')
  return { opens, lunch: end, resumes, closes }
}
