import { Refusal } from '../../kit/refusal.ts'
import { halfWidth } from '../../kit/text.ts'
import { addDays, dayIn } from '../../kit/time.ts'
import type { QuietDay } from './rule-setting.ts'

const WEEKDAYS = '一二三四五六日'
const WEEKS = '一二三四五'
const EXAMPLE = '每周一、每月第二周、12月1日至12月5日'
const MOST = 60

/** 1 = Monday … 7 = Sunday, of a day `YYYY-MM-DD`. */
const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7

/** Whether a day `YYYY-MM-DD` is one without meetings (MT-28). */
export const isQuiet = (day: string, quiet: readonly QuietDay[]): boolean =>
  quiet.some(one => {
    if ('weekday' in one) return weekdayOf(day) === one.weekday
    return 'week' in one ? weekOfMonth(day) === one.week : one.from <= day && day <= one.to
  })

/** A week belongs to the month in which its Monday lies: the first is that of the month's first Monday. */
const weekOfMonth = (day: string): number => Math.ceil(Number(addDays(day, 1 - weekdayOf(day)).slice(8)) / 7)

export function quietText(one: QuietDay): string {
  if ('weekday' in one) return `每周${WEEKDAYS[one.weekday - 1]}`
  if ('week' in one) return `每月第${WEEKS[one.week - 1]}周`
  return one.from === one.to ? one.from : `${one.from}至${one.to}`
}

/** @throws Refusal naming what is no day, week or date. */
export function readQuiet(typed: string, now: Date): QuietDay[] {
  const words = [...new Set(halfWidth(typed).split(/[、,;\s]+/))].filter(word => word !== '')
  if (words.length > MOST) throw new Refusal(`无会日最多填写${MOST}项`)
  return words.map(word => {
    const read = readOne(word, now)
    if (!read) throw new Refusal(`无会日无法识别“${word.slice(0, 20)}”`, EXAMPLE)
    return read
  })
}

function readOne(word: string, now: Date): QuietDay | undefined {
  const [, weekday] = /^(?:每)?(?:周|星期)([一二三四五六日天])$/.exec(word) ?? []
  if (weekday) return { every: 'week', weekday: WEEKDAYS.indexOf(weekday.replace('天', '日')) + 1 }
  const [, week] = /^每月第?([一二三四五1-5])(?:个)?周$/.exec(word) ?? []
  if (week) return { every: 'month', week: Number(week) || WEEKS.indexOf(week) + 1 }
  const [first = '', last = first] = word.split(/[至到~]/)
  const from = dayOf(first, dayIn(now))
  const to = from && dayOf(/月|-/.test(last) ? last : `${first.replace(/\d{1,2}日?$/, '')}${last}`, from)
  return from && to && from <= to ? { from, to } : undefined
}

/** A day that is written out; without its year the next one on or after a day. */
function dayOf(word: string, after: string): string | undefined {
  const [, year, month = '', day = ''] = /^(?:(20\d\d)[-年])?(\d{1,2})[-月](\d{1,2})日?$/.exec(word) ?? []
  const rest = `${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const named = [year ?? after.slice(0, 4), String(Number(after.slice(0, 4)) + 1)].map(one => `${one}-${rest}`)
  return named.slice(0, year ? 1 : 2).find(one => exists(one) && (year !== undefined || one >= after))
}

function exists(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}
