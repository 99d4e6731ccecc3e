import { addWorkdays, type Block, blockAround, currentOrNextHoliday, nextWorkday, previousWorkday } from './calendar.ts'
import { readYear } from './date.ts'
import { type Day, partsOf } from './days.ts'
import { isPublicHoliday, occurrences } from './festivals.ts'
import { lunarDay, newYearsEve } from './lunar.ts'
import { numberOf } from './numerals.ts'
import { pattern, type Scanner, words } from './scanner.ts'
import { ordinal, ordinalOf, readPick } from './scope.ts'
import type { Setting } from './setting.ts'
import { type Days, dayList } from './span.ts'

/** A festival as found on the calendar: its day, and the days off around it. */
type Feast = { day: Day; block: Block }

/** 国庆, 春节前最后一个工作日, 节后第一个工作日, 元旦后第二天, 端午期间. */
export function readFeast(scan: Scanner, setting: Setting): Days | undefined {
  const year = scan.attempt(() => readYear(scan, setting))
  if (year !== undefined) scan.match(ofYear)
  const feasts = scan.attempt(() => readNamed(scan, year, setting)) ?? scan.attempt(() => readUnnamed(scan, setting))
  return feasts && readRelation(scan, feasts, setting)
}

type Feasts = { all: Feast[]; isHoliday: boolean; isBreak: boolean }

function readNamed(scan: Scanner, year: number | undefined, setting: Setting): Feasts | undefined {
  const name = scan.word(festivalWords) ?? (scan.sees(numberFestival) ? scan.word(numberFestivals) : undefined)
  if (!name || scan.match(placeName)) return undefined
  const current = partsOf(setting.today).year
  const days = year === undefined ? occurrences(name, current - 1, current + 2) : occurrences(name, year, year)
  const isHoliday = isPublicHoliday(name) || name === '除夕'
  const all = days.map(day => ({ day, block: isHoliday ? blockAround(day, setting.calendar) : { from: day, to: day } }))
  const wanted = year === undefined ? all.filter(({ block }) => block.to >= setting.today - recentDays) : all
  return { all: wanted, isHoliday, isBreak: scan.match(festivalTail)?.[1] !== undefined }
}

/** How long after a holiday one still speaks of the days after it. */
const recentDays = 30

function readUnnamed(scan: Scanner, setting: Setting): Feasts | undefined {
  if (yearEndWords.test(scan.text.slice(Math.max(0, scan.at - 1), scan.at + 2))) {
    scan.at += 1
    const { year } = partsOf(setting.today)
    const days = occurrences('春节', year, year + 1).filter(day => day >= setting.today)
    return {
      all: days.map(day => ({ day, block: blockAround(day, setting.calendar) })),
      isHoliday: true,
      isBreak: true,
    }
  }
  if (!scan.match(unnamed)) return undefined
  const block = currentOrNextHoliday(setting.today, setting.calendar)
  return { all: [{ day: block.from, block }], isHoliday: true, isBreak: true }
}

function readRelation(scan: Scanner, feasts: Feasts, setting: Setting): Days | undefined {
  const { calendar } = setting
  const list = (pick: (feast: Feast) => Day): Days => dayList(feasts.all.map(pick))
  if (scan.match(during)) return daysOff(feasts)
  if (scan.match(lastWorkdayBefore)) return list(({ block }) => previousWorkday(block.from, calendar))
  if (scan.match(firstDayBack)) return list(({ block }) => nextWorkday(block.to, calendar))
  const workdays = ordinalOf(scan.match(workdayAfter)?.[1])
  if (workdays !== undefined) return list(({ block }) => addWorkdays(block.to, workdays, calendar))
  const within = numberOf(scan.match(workdaysWithin)?.[1])
  if (within !== undefined) return list(({ block }) => addWorkdays(block.to, within, calendar))
  const offset = readOffset(scan)
  if (offset !== undefined) return list(feast => offset + anchor(feasts, feast, offset))
  if (!scan.sees(longAfter) && scan.match(after))
    return list(({ block, day }) => (feasts.isHoliday ? nextWorkday(block.to, calendar) : day + 1))
  if (scan.sees(countedInside)) {
    return readPick(scan, { unit: 'block', spans: feasts.all.map(({ block }) => block) }, setting)
  }
  if (scan.match(sameDay)) return list(({ day }) => day)
  if (feasts.isBreak && !scan.sees(before)) return daysOff(feasts)
  const days = list(({ day }) => day)
  return feasts.isHoliday ? { ...days, sort: 'festival' } : days
}

const daysOff = (feasts: Feasts): Days => ({ sort: 'block', spans: feasts.all.map(({ block }) => block) })

/** Days are counted from the festival itself, or from the edge of the days off when only those were named (节后第二天). */
function anchor(feasts: Feasts, { day, block }: Feast, offset: number): Day {
  if (!feasts.isBreak) return day
  return offset < 0 ? block.from : block.to
}

function readOffset(scan: Scanner): number | undefined {
  const earlier = scan.match(daysBefore)
  if (earlier) return -(numberOf(earlier[1]) ?? 1) * (earlier[2] === '周' ? 7 : 1)
  const later = scan.match(daysAfter)
  return later && (numberOf(later[1]) ?? 1) * (later[2] === '周' ? 7 : 1)
}

/** 正月初一, 腊月廿八, 农历九月初九, 大年三十. */
export function readLunar(scan: Scanner, setting: Setting): Days | undefined {
  const isMarked = scan.match(lunarMark) !== undefined
  const year = scan.attempt(() => readYear(scan, setting))
  const isLunar = scan.match(lunarMark) !== undefined || isMarked
  const great = scan.match(greatYear)
  if (great) return lunarList(1, numberOf(great[1]) ?? 1, false, year, setting)
  const found = scan.match(lunarDate)
  if (!found) return undefined
  const [, leap, name = '', early, twenties, plain] = found
  const month = lunarMonths[name] ?? numberOf(name)
  const day = numberOf(early ?? twenties ?? plain)
  if (month === undefined || day === undefined) return undefined
  if (!isLunar && !leap && lunarMonths[name] === undefined && early === undefined && !twenties?.startsWith('廿'))
    return undefined
  return lunarList(month, day, leap !== undefined, year, setting)
}

function lunarList(month: number, day: number, isLeap: boolean, year: number | undefined, { today }: Setting): Days {
  const current = partsOf(today).year
  const years = year === undefined ? [current - 1, current, current + 1, current + 2] : [year]
  const days = years
    .map(y => (month === 12 && day === 30 ? newYearsEve(y + 1) : lunarDay(y, month, day, isLeap)))
    .filter((found): found is Day => Number.isFinite(found))
  return dayList(year === undefined ? days.filter(found => found >= today) : days)
}

const lunarMonths: Readonly<Record<string, number>> = { 正: 1, 冬: 11, 腊: 12 }
const lunarMark = pattern('(?:农历|阴历|旧历)的?')
const greatYear = pattern('大?年初([一二三四五六七八九十])')
const lunarDate = pattern(
  '(闰)?(正|冬|腊|\\d{1,2}|[一二三四五六七八九十]{1,2}) 月 (?:初([一二三四五六七八九十])|(廿[一二三四五六七八九]?|[二三]?十[一二三四五六七八九]?)[日号]?|(\\d{1,2})[日号]?)',
)

const festivalWords = words<string>({
  元旦: '元旦',
  春节: '春节',
  农历新年: '春节',
  除夕: '除夕',
  除夕夜: '除夕',
  大年三十: '除夕',
  年三十: '除夕',
  大年夜: '除夕',
  元宵: '元宵',
  清明: '清明',
  五一: '劳动节',
  五一劳动: '劳动节',
  国际劳动: '劳动节',
  劳动节: '劳动节',
  五一国际劳动: '劳动节',
  端午: '端午',
  七夕: '七夕',
  中元节: '中元',
  中秋: '中秋',
  重阳: '重阳',
  国庆: '国庆',
  十一国庆: '国庆',
  腊八: '腊八',
  小年: '小年',
  小年夜: '小年',
  冬至: '冬至',
  妇女节: '妇女节',
  三八妇女: '妇女节',
  三八节: '妇女节',
  植树节: '植树节',
  青年节: '青年节',
  五四青年: '青年节',
  儿童节: '儿童节',
  六一儿童: '儿童节',
  建党节: '建党节',
  七一建党: '建党节',
  建军节: '建军节',
  八一建军: '建军节',
  教师节: '教师节',
  烈士纪念日: '烈士纪念日',
  国家宪法日: '国家宪法日',
  宪法日: '国家宪法日',
  国家公祭日: '国家公祭日',
  圣诞: '圣诞',
})

/** Festivals named by their date: only where what follows makes them one. */
const numberFestivals = words<string>({
  十一: '国庆',
  六一: '儿童节',
  七一: '建党节',
  八一: '建军节',
  三八: '妇女节',
  五四: '青年节',
})
const numberFestival = pattern(
  '(?:十一|六一|七一|八一|三八|五四)(?:假期|长假|期间|放假|黄金周|节|(?:之|以)?[前后](?![台勤]))',
)
const ofYear = pattern('的')
const festivalTail = pattern('节?日?(放假|假期|长假|小长假|黄金周)?')
const placeName = pattern(
  '(?:南|北|东|西|中)?(?:路|街|大街|大道|广场|大厦|新?村|小区|花园|公园|小学|中学|桥|站|支队|劳动奖章|奖章|酒店|宾馆|医院|商场|剧院|社区|巷|口号|联欢|晚会|上河图|粽子|月饼)',
)
const unnamed = pattern(
  '(?<![春环细时关章季情调礼小过末])(?:节假日|假期|长假|放假|节)(?= (?:之|以)?(?:前|后(?!勤)|期间|第一天|最后一天))',
)
const yearEndWords = /^[^\d一二两三四五六七八九十几多百千今明去后前整半成某当近这那]?年[前后]/
const during = pattern('期间')
const lastWorkdayBefore = pattern('(?:之|以)?前?的?最后(?:一|1)个?(?:工作日|上班日)')
const firstDayBack = pattern(
  '(?:之|以)?后?的?(?:上班(?:的)?(?:第一天|首日)|(?:第一天|首日|一)上班|第一个?上班日|复工(?:第一天|首日))',
)
const workdayAfter = pattern(`(?:结束)?(?:之|以)?后的? ${ordinal} 个? 工作日`)
const workdaysWithin = pattern('(?:之|以)?后的? (NUM) 个? 工作日(?= (?:之|以)?内)')
const daysBefore = pattern('(?:之|以)?前(?:的)?(?:(?:第)?(NUM) (?:个)?(天|日|周)|夕|夜)')
const daysAfter = pattern('(?:之|以)?后(?:的)?(?:第)? (NUM) (?:个)?(天|日|周)|(?:次日|第二天|翌日)')
const after = pattern('(?:结束)?(?:之|以)?后(?!勤)')
/** 春节后一个月 is counted from the festival, as any day's. */
const longAfter = pattern('(?:之|以)?后的? (?:NUM 个|半 个?) 月')
const countedInside = pattern('(?:的)?(?:第|最后|首日)')
const sameDay = pattern('(?:当天|当日|那天|这天|当(?=晚))')
const before = pattern('(?:之|以)?前')
