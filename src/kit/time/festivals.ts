import { type Day, dayOf, partsOf } from './days.ts'
import { lunarDay, newYearsEve } from './lunar.ts'

/** The days of a festival in the years from `from` to `to`, in order. */
export function occurrences(name: string, from: number, to: number): Day[] {
  const days: Day[] = []
  for (let year = from - 1; year <= to; year++) {
    const day = inYear(name, year)
    if (day !== undefined && isWithin(day, from, to)) days.push(day)
  }
  return days
}

export const isPublicHoliday = (name: string): boolean => publicHolidays.includes(name)

export const publicHolidays = ['元旦', '春节', '清明', '劳动节', '端午', '中秋', '国庆']

/** The days the holiday law itself gives off, whether or not a notice has been issued for the year. */
export function statutoryDays(year: number): Day[] {
  const length: Record<string, number> = { 劳动节: 2, 国庆: 3 }
  const newYearDays = [0, 1, 2, 3].map(offset => newYearsEve(year) + offset)
  const others = publicHolidays.filter(name => name !== '春节')
  return newYearDays.concat(
    others.flatMap(name => {
      const first = inYear(name, year)
      return first === undefined ? [] : Array.from({ length: length[name] ?? 1 }, (_, offset) => first + offset)
    }),
  )
}

/** Gregorian year for solar festivals, lunar year for lunar ones (whose last month reaches into the next year). */
function inYear(name: string, year: number): Day | undefined {
  const solar = solarFestivals[name]
  if (solar) return dayOf(year, solar[0], solar[1])
  const lunar = lunarFestivals[name]
  if (lunar) return lunarDay(year, lunar[0], lunar[1])
  return movingFestivals[name]?.(year)
}

const isWithin = (day: Day, from: number, to: number): boolean => {
  const { year } = partsOf(day)
  return year >= from && year <= to
}

const solarFestivals: Record<string, readonly [month: number, day: number]> = {
  元旦: [1, 1],
  妇女节: [3, 8],
  植树节: [3, 12],
  消费者权益日: [3, 15],
  劳动节: [5, 1],
  青年节: [5, 4],
  儿童节: [6, 1],
  建党节: [7, 1],
  建军节: [8, 1],
  教师节: [9, 10],
  烈士纪念日: [9, 30],
  国庆: [10, 1],
  国家宪法日: [12, 4],
  国家公祭日: [12, 13],
  圣诞: [12, 25],
}

const lunarFestivals: Record<string, readonly [month: number, day: number]> = {
  春节: [1, 1],
  元宵: [1, 15],
  端午: [5, 5],
  七夕: [7, 7],
  中元: [7, 15],
  中秋: [8, 15],
  重阳: [9, 9],
  腊八: [12, 8],
  小年: [12, 23],
}

const movingFestivals: Record<string, (year: number) => Day | undefined> = {
  除夕: year => newYearsEve(year + 1),
  清明: year => dayOf(year, 4, solarTermDay(year, 4.81)),
  冬至: year => dayOf(year, 12, year === 2021 ? 21 : solarTermDay(year, 21.94)),
}

/** The usual approximation, exact for 2000 to 2099 with the one correction above. */
const solarTermDay = (year: number, constant: number): number => {
  const years = year - 2000
  return Math.floor(years * 0.2422 + constant) - Math.floor(years / 4)
}
