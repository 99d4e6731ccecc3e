import { Refusal } from '../src/kit/refusal.ts'
import { halfWidth } from '../src/kit/text.ts'
import { dayIn, formatMonth, toInstant } from '../src/kit/time.ts'

/** A month, a year, or with nothing said this month. @throws Refusal with the example when it is something else. */
export function periodOf(text: string, now: Date, example: string): { title: string; from: Date; until: Date } {
  const said = halfWidth(text).trim()
  const [year = '', thisMonth = ''] = dayIn(now).split('-')
  const [, y = year, m] = /^(?:(\d{4})[-年./])?(\d{1,2})月?$/.exec(said) ?? []
  const month = said === '' || said === '本月' ? thisMonth : m?.padStart(2, '0')
  if (month && /^(0[1-9]|1[0-2])$/.test(month)) {
    const [from, until] = monthOf(`${y}-${month}`)
    return { title: formatMonth(`${y}-${month}`), from, until }
  }
  const whole = said === '本年' || said === '今年' ? year : /^(\d{4})年?$/.exec(said)?.[1]
  if (!whole) throw new Refusal(`未能识别期间“${said.slice(0, 20)}”`, example)
  return {
    title: `${whole}年`,
    from: new Date(toInstant(`${whole}-01-01`, '00:00')),
    until: new Date(toInstant(`${Number(whole) + 1}-01-01`, '00:00')),
  }
}

/** The beginning of a month, `2026-11`, and of the next. */
export function monthOf(month: string): [Date, Date] {
  const [year = 0, of = 1] = month.split('-').map(Number)
  const next = of === 12 ? `${year + 1}-01` : `${year}-${String(of + 1).padStart(2, '0')}`
  return [new Date(toInstant(`${month}-01`, '00:00')), new Date(toInstant(`${next}-01`, '00:00'))]
}
