import { Refusal } from '../src/kit/refusal.ts'
import { halfWidth } from '../src/kit/text.ts'
import { formatMonth, monthOf, readMonth, spanOfMonth, toInstant } from '../src/kit/time.ts'

/** A month, or with nothing said this one: `2026-11`. @throws Refusal with the example when it is something else. */
export function monthTyped(text: string, now: Date, example: string): string {
  const said = halfWidth(text).trim()
  const month = readMonth(said, now)
  if (month === undefined) throw new Refusal(`未能识别月份“${said.slice(0, 20)}”`, example)
  return month
}

/** A month, a year, or with nothing said this month. @throws Refusal with the example when it is something else. */
export function periodOf(text: string, now: Date, example: string): { title: string; from: Date; until: Date } {
  const said = halfWidth(text).trim()
  const month = readMonth(said, now)
  if (month) return { title: formatMonth(month), ...spanOfMonth(month) }
  const thisYear = Number(monthOf(now).slice(0, 4))
  const year = YEARS[said]?.(thisYear) ?? Number(/^(\d{4})年?$/.exec(said)?.[1])
  if (!year) throw new Refusal(`未能识别期间“${said.slice(0, 20)}”`, example)
  return { title: `${year}年`, from: newYear(year), until: newYear(year + 1) }
}

const sameYear = (thisYear: number): number => thisYear
const yearBefore = (thisYear: number): number => thisYear - 1
const YEARS: Record<string, (thisYear: number) => number> = {
  本年: sameYear,
  今年: sameYear,
  去年: yearBefore,
  上年: yearBefore,
}

const newYear = (year: number): Date => new Date(toInstant(`${year}-01-01`, '00:00'))
