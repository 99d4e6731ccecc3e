import type { Clock, Period } from './clock.ts'
import { readMinutes } from './later.ts'
import { numberOf } from './numerals.ts'
import { pattern, type Scanner, words } from './scanner.ts'
import type { Setting } from './setting.ts'
import { measure } from './traps.ts'

export function readClock(scan: Scanner, setting: Setting): Clock | undefined {
  const clock =
    scan.attempt(() => readOffice(scan, setting)) ??
    scan.attempt(() => readHour(scan)) ??
    scan.attempt(() => readPeriod(scan))
  const minutesEarlier =
    clock && scan.attempt(() => (scan.match(ahead) || isDue(clock) ? readMinutes(scan) : undefined))
  if (!clock || !minutesEarlier || scan.sees(lengthGoesOn)) return clock
  return 'office' in clock ? { ...clock, isDue: false, minutesEarlier } : { ...clock, minutesEarlier }
}

const isDue = (clock: Clock): boolean => 'office' in clock && clock.isDue

function readOffice(scan: Scanner, setting: Setting): Clock | undefined {
  const behindDay = isBehindDay(scan)
  const found = scan.match(officePattern)
  if (!found) return undefined
  const [, half = '', first = '', act, when = ''] = found
  const isEndOfClause = behindDay && scan.sees(endOfClause)
  if (first === '' && when === '' && !(act === '下班' && isEndOfClause)) return undefined
  const isAfternoon = half === '下午'
  const office =
    act === '上班'
      ? isAfternoon
        ? setting.resumes
        : setting.opens
      : half === '' || isAfternoon
        ? setting.closes
        : setting.lunch
  return { office, isDue: when.endsWith('前') }
}

/** 早 and 晚 alone are a part of the day only behind a day: 明天晚, 每周一三五早, not 四晚. */
function isBehindDay(scan: Scanner): boolean {
  const last = scan.before(1)
  return endOfDay.test(last) || (numeralAtEnd.test(last) && listedWeekdays.test(scan.before(10)))
}

function readHour(scan: Scanner): Clock | undefined {
  const period = readSpokenPeriod(scan)
  const isPastMidnight = period === 'evening' && scan.match(smallHours) !== undefined
  const time =
    scan.attempt(() => readShortOf(scan)) ??
    scan.attempt(() => readColon(scan, period)) ??
    scan.attempt(() => readSpoken(scan)) ??
    scan.attempt(() => readOpenHour(scan))
  if (!time) return undefined
  return { ...time, ...(period && { period }), ...(isPastMidnight && { isPastMidnight }) }
}

/** 晚上, 晚 and the like in front of an hour; a second word (今晚深夜11点) only repeats the first. */
function readSpokenPeriod(scan: Scanner): Period | undefined {
  const period = scan.word(periods) ?? scan.word(shortPeriods) ?? scan.word(latinHalves)
  if (period === 'evening') scan.match(repeatedNight)
  if (period) scan.match(ofWord)
  return period
}

function readPeriod(scan: Scanner): Clock | undefined {
  const period = scan.word(periods)
  if (period) return scan.sees(notPeriod) ? undefined : { minute: 0, period }
  const short = isBehindDay(scan) ? scan.word(shortPeriods) : undefined
  return short && !scan.sees(notShortPeriod) ? { minute: 0, period: short } : undefined
}

/** 差5分9点, 差一刻十点. */
function readShortOf(scan: Scanner): Clock | undefined {
  const found = scan.match(shortOf)
  if (!found) return undefined
  const missing = minuteCount(found[1], found[2])
  const hour = numberOf(found[3])
  if (!missing || hour === undefined || missing > 59) return undefined
  return hourBefore(hour, missing)
}

/** Minutes before an hour: those before 1 are 12, those before 7 are still the morning. */
function hourBefore(hour: number, missing: number): Clock {
  const minute = 60 - missing
  if (hour === 7) return { hour: 6, minute, isTwentyFour: true }
  return { hour: hour === 0 ? 23 : hour === 1 ? 12 : hour - 1, minute }
}

function readColon(scan: Scanner, period: Period | undefined): Clock | undefined {
  const found = scan.match(colon)
  if (!found) return undefined
  const [, digits = '', minutes] = found
  const hour = Number(digits)
  if (hour > 29) return undefined
  const half = period ? undefined : scan.word(latinHalves)
  const isTwentyFour = digits.length === 2 && period === undefined && half === undefined
  return { hour, minute: Number(minutes), ...(half && { period: half }), ...(isTwentyFour && { isTwentyFour }) }
}

function readSpoken(scan: Scanner): Clock | undefined {
  const found = scan.match(spokenHour)
  const hour = numberOf(found?.[1])
  if (hour === undefined || hour > 30) return undefined
  const isTwentyFour = found?.[1]?.startsWith('0') ? { isTwentyFour: true } : {}
  const short = scan.match(shortAfter)
  if (short) {
    const missing = minuteCount(short[1], short[2]) ?? 0
    return hour === 0 || missing === 0 || missing > 59 ? undefined : hourBefore(hour, missing)
  }
  return { hour, minute: readMinutesPast(scan), ...isTwentyFour }
}

function readMinutesPast(scan: Scanner): number {
  if (scan.match(sharp)) return 0
  if (scan.match(half)) return 30
  const quarter = scan.match(quarters)
  if (quarter) return (numberOf(quarter[1]) ?? 0) * 15
  const minutes = scan.match(namedMinutes) ?? scan.match(bareMinutes)
  return numberOf((minutes?.[1] ?? minutes?.[2])?.replace(/^零(?=\d)/, '')) ?? 0
}

/** The 2 of 2-4点: an hour only because an hour follows. */
function readOpenHour(scan: Scanner): Clock | undefined {
  const found = scan.match(openHour)
  const hour = numberOf(found?.[1])
  return hour === undefined || hour > 24 ? undefined : { hour, minute: 0, needsEnd: true }
}

const minuteCount = (minutes: string | undefined, quarters: string | undefined): number | undefined =>
  minutes === undefined ? (numberOf(quarters) ?? 0) * 15 : numberOf(minutes)

const periods = words<Period>({
  凌晨: 'smallHours',
  清晨: 'early',
  清早: 'early',
  大清早: 'early',
  一大早: 'early',
  一早: 'early',
  早上: 'early',
  早晨: 'early',
  早间: 'early',
  上午: 'forenoon',
  午前: 'forenoon',
  中午: 'noon',
  正午: 'noon',
  午间: 'noon',
  下午: 'afternoon',
  午后: 'afternoon',
  傍晚: 'dusk',
  晚上: 'evening',
  晚间: 'evening',
  夜晚: 'evening',
  夜里: 'night',
  夜间: 'night',
  深夜: 'night',
  半夜: 'night',
  午夜: 'midnight',
})

const latinHalves = words<Period>({ am: 'early', AM: 'early', pm: 'afternoon', PM: 'afternoon' })
const shortPeriods = words<Period>({ 早: 'early', 晨: 'early', 晚: 'evening', 夜: 'night' })

const officePattern = pattern(
  '(早上|早|上午|中午|下午|晚上)? (一)?(上班|下班)((?:之|以)?前(?!后|台|夕)|时(?!间|段)|的时候|(?:之|以)?后(?!勤))?',
)
const endOfClause = /$|[\s,。;)]/y
const hourWord = '(?:点|时(?![间段期候代光刻常而]))'
const colon = pattern('(?<!\\d)(\\d{1,2}) :(\\d{2})(?::\\d{2})?(?![\\d:])(?:\\+08:?00)?')
const spokenHour = pattern(`(?<![\\d.])(NUM) ${hourWord}`)
const openHour = pattern(`(?<![\\d.])(NUM)(?= (?:-{1,2}|到|至) NUM ${hourWord})`)
const shortOf = pattern(`差(?:(NUM) 分钟?|(NUM) 刻钟?) (?:到)?(NUM) ${hourWord}(?: 整|钟)?`)
const shortAfter = pattern('差 (?:(NUM) 分(?!钟)|(NUM) 刻)')
const sharp = pattern('(?:整|钟整?|正(?![式在常确]))(?! 半)')
const half = pattern('钟?半(?![天年月个小])')
const quarters = pattern('过?([一二两三123]) 刻钟?')
const namedMinutes = pattern('过?(?:零|0)?(NUM) 分(?![钟局管])')
const bareMinutes = new RegExp(
  `(\\d{2}|零[一二三四五六七八九1-9]|[二三四五]?十[一二三四五六七八九]?|[二三四五]十)(?![\\d:.零一二三四五六七八九十百]| ?${measure})`,
  'y',
)
const repeatedNight = pattern('(?:深夜|夜里|半夜|夜间)(?=.)')
const smallHours = pattern('凌晨')
const ofWord = pattern('的(?= NUM [点时:])')
const endOfDay = /[天日今明后昨前每当早号)]/
const numeralAtEnd = /[一二三四五六天1-7]/
const listedWeekdays = /[周期拜][一二三四五六日天1-7、至到和-]+$/
const notPeriod = /[好茶]/y
const notShortPeriod = /[好安餐宴饭于]|会(?![议见商面谈])|报(?![到告送名备])|班(?![车子])/y

const ahead = pattern('(?:之|以)?前(?= (?:NUM|半))')
const lengthGoesOn = pattern('(?:之|以)?[内后]')
