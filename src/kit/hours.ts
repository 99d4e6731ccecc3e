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

/** Hours of a part of the year, both days inclusive and as `MM-DD`; it may run over New Year. */
export interface Season {
  from: string
  to: string
  hours: string
}

/** `07-01至09-30 08:00-12:00,15:00-18:00`, one season a line; undefined when a line says something else. */
export function readSeasons(text: string): Season[] | undefined {
  const lines = text.split(/[\n;\uff1b]/).map(line => line.trim())
  const read = lines.filter(line => line !== '').map(readSeason)
  return read.every(season => season !== undefined) ? read : undefined
}

function readSeason(line: string): Season | undefined {
  const found = /^(\d{1,2})[-月](\d{1,2})日?\s*[至到~—-]\s*(\d{1,2})[-月](\d{1,2})日?[\s:\uff1a]*(\S+)$/.exec(line)
  const [, fromMonth = '', fromDay = '', toMonth = '', toDay = '', typed = ''] = found ?? []
  const hours = tidyHours(typed)
  const ends = [`${two(fromMonth)}-${two(fromDay)}`, `${two(toMonth)}-${two(toDay)}`]
  const [from = '', to = ''] = ends
  return areHours(hours) && ends.every(isDayOfYear) ? { from, to, hours } : undefined
}

const two = (number: string): string => number.padStart(2, '0')
const isDayOfYear = (day: string): boolean =>
  /^\d\d-\d\d$/.test(day) && new Date(`2024-${day}T00:00:00Z`).toISOString().slice(5, 10) === day

/** Hours as people type them: `08:30至12:00、14:30~17:30`. */
export const tidyHours = (typed: string): string =>
  typed
    .replace(/\s+/g, '')
    .replace(/[、;,]/g, ',')
    .replace(/[~—–至到]/g, '-')
