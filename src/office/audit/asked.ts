import { halfWidth } from '../../kit/text.ts'
import { addDays, dayIn, daysOfMonth, isMonth, monthOf, monthsFrom, toInstant } from '../../kit/time.ts'

/** What is asked of the audit records; what is empty narrows nothing. */
export interface Asked {
  person: string
  /** The number of a matter, such as 督〔2026〕12号, or as one without is called: 内部序号12, 车辆(内部序号3). */
  number: string
  /** Days in Shanghai, both of them included: `2026-11-01`. */
  from: string
  until: string
  feature: string
  outcome: Outcome | ''
}

export type Outcome = 'ok' | 'refused'
export const OUTCOMES: Record<Outcome, string> = { ok: '已办理', refused: '被拒绝' }

export const NOTHING_ASKED: Asked = { person: '', number: '', from: '', until: '', feature: '', outcome: '' }

const OUTCOME_WORDS: Record<string, Outcome> = {
  拒绝: 'refused',
  被拒: 'refused',
  被拒绝: 'refused',
  办理: 'ok',
  已办理: 'ok',
  成功: 'ok',
}

const NUMBER = /[一-鿿]{1,8}\s*[〔[(【〈<]\s*\d{4}\s*[〕\])】〉>]\s*第?\d{1,6}\s*号?/

/** As a matter is called that has no number (`matterWords`), also in short: 序号12. */
const ORDINAL = /(?:[一-鿿]{1,8}\()?(?:内部)?序号\s*\d{1,15}\)?/

/**
 * Reads what stands beside the person: a number, a time, a subject, an outcome, in any order. `unread`: words that are none of
 * these. `subjects`: titles of subjects → their names.
 */
export function readAsked(
  text: string,
  subjects: ReadonlyMap<string, string>,
  now: Date,
): { asked: Asked; unread: string[] } {
  const said = halfWidth(text)
  const number = (NUMBER.exec(said) ?? ORDINAL.exec(said))?.[0] ?? ''
  const asked: Asked = { ...NOTHING_ASKED, number: number.replace(/\s/g, '') }
  const unread: string[] = []
  const rest = number ? said.replace(number, ' ') : said
  for (const word of rest.split(/[\s,、;。]+/).filter(one => one !== '')) {
    const span = readSpan(word, now)
    const feature = subjects.get(word)
    if (span) Object.assign(asked, span)
    else if (feature) asked.feature = feature
    else if (Object.hasOwn(OUTCOME_WORDS, word)) asked.outcome = OUTCOME_WORDS[word] ?? ''
    else unread.push(word)
  }
  return { asked, unread }
}

interface Days {
  from: string
  until: string
}

/** Days by their word: 今天, 昨天, 本周, 11月, 2026年11月, 11月24日, 2026-11-24, 2026年, 近7天, and 11月1日至11月5日. */
export function readSpan(word: string, now: Date): Days | undefined {
  const [, first, last] = /^(.+?)(?:至|到|~|—)(.+)$/.exec(word) ?? []
  if (!first || !last) return readDays(word, now)
  const [begin, end] = [readDays(first, now), readDays(last, now)]
  return begin && end && begin.from <= end.until ? { from: begin.from, until: end.until } : undefined
}

function readDays(word: string, now: Date): Days | undefined {
  const today = dayIn(now)
  const days = Object.hasOwn(RELATIVE, word) ? RELATIVE[word]?.(today) : undefined
  if (days) return days
  const back = Number(/^近(\d{1,3})[天日]$/.exec(word)?.[1] ?? 0)
  if (back) return { from: addDays(today, 1 - back), until: today }
  return readDate(word, today)
}

const one = (day: string): Days => ({ from: day, until: day })
const RELATIVE: Record<string, (today: string) => Days> = {
  今天: one,
  今日: one,
  昨天: today => one(addDays(today, -1)),
  昨日: today => one(addDays(today, -1)),
  前天: today => one(addDays(today, -2)),
  本周: today => weekOf(today),
  上周: today => weekOf(addDays(today, -7)),
  本月: today => daysOfMonth(monthOf(today)),
  上月: today => daysOfMonth(monthsFrom(monthOf(today), -1)),
  本年: today => yearDays(today.slice(0, 4)),
  今年: today => yearDays(today.slice(0, 4)),
}

function readDate(word: string, today: string): Days | undefined {
  const [, y, m, d] =
    /^(?:(\d{4})[-年/.])?(\d{1,2})(?:月$|[-月/.](\d{1,2})[日号]?$)/.exec(word) ??
    /^(\d{4})[-年/.](\d{1,2})()$/.exec(word) ??
    []
  const year = y ?? (m && yearMeant(Number(m), Number(d ?? 1), today))
  if (!m || !year) return /^\d{4}年$/.test(word) ? yearDays(word.slice(0, 4)) : undefined
  const month = `${year}-${m.padStart(2, '0')}`
  if (!isMonth(month)) return undefined
  if (!d) return daysOfMonth(month)
  const day = `${month}-${d.padStart(2, '0')}`
  return day <= daysOfMonth(month).until && Number(d) > 0 ? one(day) : undefined
}

/** Records are of the past: a month or day without a year that has not begun is last year's. */
function yearMeant(month: number, day: number, today: string): string {
  const year = today.slice(0, 4)
  const said = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  return said > today ? String(Number(year) - 1) : year
}

const yearDays = (year: string): Days => ({ from: `${year}-01-01`, until: `${year}-12-31` })

/** From Monday to Sunday. */
function weekOf(day: string): Days {
  const monday = addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7))
  return { from: monday, until: addDays(monday, 6) }
}

/** The instants from which and before which it was. */
export const instantsOf = ({ from, until }: Days): { since: Date | undefined; before: Date | undefined } => ({
  since: from ? new Date(toInstant(from, '00:00')) : undefined,
  before: until ? new Date(toInstant(addDays(until, 1), '00:00')) : undefined,
})

/** What a press or a form asks for; what it names is looked up later, and what is no day is none. */
export function askedBy(value: Record<string, unknown>, form: Record<string, unknown>): Asked {
  const said = (name: keyof Asked): string => {
    const word = Object.hasOwn(form, name) ? form[name] : value[name]
    return typeof word === 'string' && word !== ALL ? word.trim().slice(0, 80) : ''
  }
  const day = (name: 'from' | 'until') =>
    /^\d{4}-\d\d-\d\d$/.test(said(name)) && readDate(said(name), '') ? said(name) : ''
  const outcome = said('outcome')
  return {
    ...{ person: said('person'), number: said('number'), from: day('from'), until: day('until') },
    ...{ feature: said('feature'), outcome: Object.hasOwn(OUTCOMES, outcome) ? (outcome as Outcome) : '' },
  }
}

/** In a form: no choice. */
export const ALL = 'all'
