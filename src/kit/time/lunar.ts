import { type Day, dayOf } from './days.ts'

export const firstLunarYear = 1900
export const lastLunarYear = 2100

/** The day of a lunar date, or undefined where that month has no such day; `month` 12 and `day` 30 may be missing. */
export function lunarDay(year: number, month: number, day: number, isLeap = false): Day | undefined {
  const code = codeOf(year)
  if (code === undefined || month < 1 || month > 12 || (isLeap && leapMonth(code) !== month)) return undefined
  const length = isLeap ? leapLength(code) : lunarMonthLength(code, month)
  if (day < 1 || day > length) return undefined
  return newYear(year) + daysBefore(code, month, isLeap) + day - 1
}

/** 除夕, the eve that closes the lunar year before `year`. */
export const newYearsEve = (year: number): Day => newYear(year) - 1

export const newYear = (year: number): Day => newYears[year - firstLunarYear] ?? Number.NaN

const codeOf = (year: number): number | undefined => lunarYears[year - firstLunarYear]
const leapMonth = (code: number): number => code & 15
const leapLength = (code: number): number => (leapMonth(code) === 0 ? 0 : code >> 16 ? 30 : 29)
const lunarMonthLength = (code: number, month: number): number => ((code >> (16 - month)) & 1 ? 30 : 29)

function daysBefore(code: number, month: number, isLeap: boolean): number {
  let days = isLeap ? lunarMonthLength(code, month) : 0
  for (let earlier = 1; earlier < month; earlier++) {
    days += lunarMonthLength(code, earlier)
    if (earlier === leapMonth(code)) days += leapLength(code)
  }
  return days
}

/**
 * One number a year from 1900: bit 16 is set when the leap month has 30 days, bits 15 to 4 when months 1 to 12 have,
 * bits 3 to 0 name the month that is followed by its leap month.
 */
const lunarYears = `
  04bd8 04ae0 0a570 054d5 0d260 0d950 16554 056a0 09ad0 055d2 04ae0 0a5b6 0a4d0 0d250 1d255 0b540 0d6a0 0ada2
  095b0 14977 04970 0a4b0 0b4b5 06a50 06d40 1ab54 02b60 09570 052f2 04970 06566 0d4a0 0ea50 16a95 05ad0 02b60
  186e3 092e0 1c8d7 0c950 0d4a0 1d8a6 0b550 056a0 1a5b4 025d0 092d0 0d2b2 0a950 0b557 06ca0 0b550 15355 04da0
  0a5b0 14573 052b0 0a9a8 0e950 06aa0 0aea6 0ab50 04b60 0aae4 0a570 05260 0f263 0d950 05b57 056a0 096d0 04dd5
  04ad0 0a4d0 0d4d4 0d250 0d558 0b540 0b6a0 195a6 095b0 049b0 0a974 0a4b0 0b27a 06a50 06d40 0af46 0ab60 09570
  04af5 04970 064b0 074a3 0ea50 06b58 05ac0 0ab60 096d5 092e0 0c960 0d954 0d4a0 0da50 07552 056a0 0abb7 025d0
  092d0 0cab5 0a950 0b4a0 0baa4 0ad50 055d9 04ba0 0a5b0 15176 052b0 0a930 07954 06aa0 0ad50 05b52 04b60 0a6e6
  0a4e0 0d260 0ea65 0d530 05aa0 076a3 096d0 04afb 04ad0 0a4d0 1d0b6 0d250 0d520 0dd45 0b5a0 056d0 055b2 049b0
  0a577 0a4b0 0aa50 1b255 06d20 0ada0 14b63 09370 049f8 04970 064b0 168a6 0ea50 06b20 1a6c4 0aae0 092e0 0d2e3
  0c960 0d557 0d4a0 0da50 05d55 056a0 0a6d0 055d4 052d0 0a9b8 0a950 0b4a0 0b6a6 0ad50 055a0 0aba4 0a5b0 052b0
  0b273 06930 07337 06aa0 0ad50 14b55 04b60 0a570 054e4 0d160 0e968 0d520 0daa0 16aa6 056d0 04ae0 0a9d4 0a2d0
  0d150 0f252 0d520
`
  .trim()
  .split(/\s+/)
  .map(code => Number.parseInt(code, 16))

const newYears = (() => {
  const days: Day[] = [dayOf(1900, 1, 31)]
  for (const code of lunarYears) {
    const start = days[days.length - 1] ?? 0
    days.push(
      start +
        daysBefore(code, 12, false) +
        lunarMonthLength(code, 12) +
        (leapMonth(code) === 12 ? leapLength(code) : 0),
    )
  }
  return days
})()
