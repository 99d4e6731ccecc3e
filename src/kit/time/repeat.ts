import type { Clock, Period } from './clock.ts'
import { readClock } from './clock-reading.ts'
import { type Cycle, readCycle } from './cycle.ts'
import type { Day } from './days.ts'
import { readMinutes } from './later.ts'
import { readDistance, readPoint } from './point.ts'
import { pattern, type Scanner, words } from './scanner.ts'
import type { Setting } from './setting.ts'
import type { Days } from './span.ts'

/** A series as said: on which days, at what times, within which bounds, and what holidays do to it. */
export type Repeat = {
  cycle: Cycle | { everyMinutes: number }
  clocks: readonly Clock[]
  isDue: boolean
  bounds: readonly Bound[]
  skips: readonly Skip[]
  shift: Shift | undefined
}

/** A first day, a last day, or a span that holds the whole series. */
export type Bound = { edge: 'from' | 'until' | 'in'; days: Days; until?: Days }
export type Skip = 'weekends' | 'holidays' | 'daysOff'
export type Shift = 'later' | 'earlier'

export function readRepeat(scan: Scanner, setting: Setting): Repeat | undefined {
  const early = readSkips(scan)
  const cycle = scan.attempt(() => readMinuteCycle(scan)) ?? scan.attempt(() => readDaysOf(scan, setting))
  if (!cycle) return undefined
  const clocks = readClocks(scan, setting)
  const isDue = (scan.match(before) ?? scan.match(within)) !== undefined
  const tail = readTail(scan, setting)
  return { cycle, clocks, isDue, ...tail, skips: [...early, ...tail.skips] }
}

/** 每月10日前3天: the days of a cycle, or those so many days away from them. What is counted otherwise is left unread. */
function readDaysOf(scan: Scanner, setting: Setting): Cycle | undefined {
  const cycle = readCycle(scan, setting)
  if (!cycle) return undefined
  scan.match(ofEach)
  if (scan.sees(otherCycle)) return undefined
  if (!scan.sees(someWayOff)) return cycle
  const distance = readDistance(scan)
  if (!distance || !('days' in distance)) return undefined
  const { holds, within } = cycle
  const origin = (day: Day): Day => day - distance.days
  return { ...cycle, holds: day => holds(origin(day)), ...(within ? { within: day => within(origin(day)) } : {}) }
}

/** 遇节假日顺延 behind a single day or a series. */
export const readShift = (scan: Scanner): Shift | undefined =>
  scan.attempt(() => {
    scan.match(gap)
    const isOpen = scan.match(opening) !== undefined
    const found = scan.match(shiftPattern)
    if (!found || (isOpen && !scan.match(closing))) return undefined
    return found[1]?.includes('前') ? 'earlier' : 'later'
  })

/** （节假日除外） or 遇节假日顺延 that stands away from what it is about. */
export function readCondition(scan: Scanner): { skip: Skip } | { shift: Shift } | undefined {
  const skip = scan.attempt(() => bracketed(scan, () => readSkip(scan)))
  if (skip) return { skip }
  const shift = readShift(scan)
  return shift && { shift }
}

function readMinuteCycle(scan: Scanner): { everyMinutes: number } | undefined {
  if (!scan.match(each)) return undefined
  if (scan.match(everyHour)) return { everyMinutes: 60 }
  if (scan.match(everyMinute)) return { everyMinutes: 1 }
  const minutes = readMinutes(scan)
  return minutes === undefined || minutes === 0 ? undefined : { everyMinutes: minutes }
}

/** 上午9点和下午3点, 8:30、12:00、17:30; of 2点到4点 the series takes the beginning. */
function readClocks(scan: Scanner, setting: Setting): Clock[] {
  const parts = scan.word(partsOfDay)
  if (parts) return parts.map(period => ({ minute: 0, period }))
  if (scan.match(bothEnds)) return [setting.opens, setting.closes].map(office => ({ office, isDue: false }))
  const clocks: Clock[] = []
  while (clocks.length < 24) {
    const clock = scan.attempt(() => {
      scan.match(clocks.length > 0 ? separator : linking)
      return readClock(scan, setting)
    })
    if (!clock) break
    clocks.push(clock)
    scan.attempt(() => (scan.match(to) ? readClock(scan, setting) : undefined))
  }
  return clocks
}

type Tail = Pick<Repeat, 'bounds' | 'skips' | 'shift'>

function readTail(scan: Scanner, setting: Setting): Tail {
  const bounds: Bound[] = []
  const skips: Skip[] = []
  let shift: Shift | undefined
  for (let count = 0; count < 6; count++) {
    const skipped = scan.attempt(() => bracketed(scan, () => readSkip(scan)))
    if (skipped) skips.push(skipped)
    const moved = skipped ? undefined : readShift(scan)
    if (moved) shift = moved
    const bound = skipped || moved ? undefined : scan.attempt(() => bracketed(scan, () => readBound(scan, setting)))
    if (bound) bounds.push(bound)
    if (!skipped && !moved && !bound) break
  }
  return { bounds, skips, shift }
}

function bracketed<T>(scan: Scanner, read: () => T | undefined): T | undefined {
  scan.match(gap)
  const isOpen = scan.match(opening) !== undefined
  const value = read()
  return isOpen && !scan.match(closing) ? undefined : value
}

/** 除周末外 in front of a series. */
function readSkips(scan: Scanner): Skip[] {
  const skip = scan.attempt(() => readSkip(scan))
  if (skip) scan.match(gap)
  return skip ? [skip] : []
}

function readSkip(scan: Scanner): Skip | undefined {
  const except = scan.match(exceptFirst)
  if (!except) scan.match(meeting)
  const what = scan.word(daysOff)
  if (!what) return undefined
  const more = scan.match(andMore) && scan.word(daysOff)
  const isExcepted = scan.match(except ? outside : exceptLast) !== undefined
  return isExcepted ? (more && more !== what ? 'daysOff' : what) : undefined
}

/** 从下周一开始, 到11月25日为止. */
function readBound(scan: Scanner, setting: Setting): Bound | undefined {
  const isUntil = scan.match(until) !== undefined
  const isFrom = !isUntil && scan.match(from) !== undefined
  const point = readPoint(scan, setting)
  if (!point?.days) return undefined
  const isClosed = scan.match(ending) !== undefined
  if (isUntil || isClosed) return { edge: 'until', days: point.days }
  return scan.match(starting) || isFrom ? { edge: 'from', days: point.days } : undefined
}

/** 每天早中晚: each at the hour that the part of the day has by itself. */
const partsOfDay = words<readonly Period[]>({
  早中晚: ['early', 'noon', 'evening'],
  '早、中、晚': ['early', 'noon', 'evening'],
  早晚: ['early', 'evening'],
  '早、晚': ['early', 'evening'],
  上下午: ['forenoon', 'afternoon'],
  '上、下午': ['forenoon', 'afternoon'],
})

const daysOff = words<Skip>({
  周末: 'weekends',
  双休日: 'weekends',
  周六日: 'weekends',
  周六周日: 'weekends',
  周六和周日: 'weekends',
  '周六、周日': 'weekends',
  节假日: 'holidays',
  法定节假日: 'holidays',
  法定假日: 'holidays',
  假期: 'holidays',
  节日: 'holidays',
  休息日: 'daysOff',
  非工作日: 'daysOff',
})

const bothEnds = pattern('的? 上、?下班(?!时?[间段途路])(?:时|的时候)?')
const each = pattern('每(?:间隔|隔|个)?')
const everyHour = pattern('(?:一|1)?个?(?:小时|钟头)(?!半)')
const everyMinute = pattern('分钟')
const before = pattern('(?:之|以)?前(?![后往期台])')
/** 每月10日内. */
const within = pattern('(?<=日 ?)(?:之|以)?内(?![部容外网勤控科蒙参设涵]|审(?![结查理批核定议判])|存(?![档入放]))')
/** 每周一至周五每天 says nothing new; 每年3月1日至5月31日每周一 is a cycle in another. */
const ofEach = pattern('的? 每[天日](?= (?:\\d{1,2} [点时:]|NUM [点时]|早|晚|[上中下]午|$|[,、]))')
const otherCycle = pattern('每(?:[周月年]|星期|季|个)')
const someWayOff = pattern('(?:之|以)?[前后]的? (?:NUM|半) 个? (?:天|日(?![程常])|周|星期|礼拜|工作日|月|年)')
const separator = pattern('(?:[、,]|和|及|以及|与|跟|还有)?')
const linking = pattern('(?:的|[,，])?')
const to = pattern('(?:-{1,2}|到|至)')
const gap = pattern('[,、;。]?')
const opening = pattern('[(]')
const closing = pattern('[)]')
const exceptFirst = pattern('(?:除了?|不含|不包括|跳过|排除)')
const meeting = pattern('(?:遇|逢)到?')
const outside = pattern('(?:以?外|之外)?')
const exceptLast = pattern('(?:除外|不算|不含|不发|不提醒|休息|跳过|另行安排)')
const andMore = pattern('(?:和|及|以及|、|与|或)')
const shiftPattern = pattern(
  '(?:(?:如|若)?(?:遇|逢|碰)(?:到|上)?)?(?:(?:法定)?节?假日|周末|双休日|休息日|非工作日)(?:(?:和|及|、|或|与)(?:(?:法定)?节?假日|周末|双休日|休息日))?(?:时)?[,]?(?:则|就|自动)?(?:往后|向后|往前|向前)?(顺延|延后|推迟|后延|提前|前移)(?:(?:至|到)?(?:下|后|前|上|最近)?(?:一)?个?工作日)?',
)
const until = pattern('(?:一直)?(?:直到|截至|截止到?|到|至)')
const from = pattern('(?:从|自)')
const ending = pattern('(?:为?止|结束)')
const starting = pattern('(?:开始|起|以后|之后)')
