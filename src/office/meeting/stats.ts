import { type Bar, type Block, type Card, card, chart, divider, fields, note, text } from '../../kit/card.ts'
import { isApart } from '../../kit/person.ts'
import { endSaid, formatShort } from '../../kit/time.ts'
import { FEE_BASIS, feeCap, yuanText } from './fee.ts'
import { type Actor, type Setting, unitOf } from './meeting.ts'
import { selvesOf } from './roles.ts'
import { CLASSES, KINDS, type Kind, type MeetingClass } from './terms.ts'

/** A meeting that was held, or is to be held by the end of a period, as it counts. */
export interface HeldMeeting {
  unit: string
  kind: Kind
  class: MeetingClass | ''
  startsAt: Date
  endsAt: Date
  /** Who came; where nobody signed in, who said that they would; else who was asked. */
  heads: number
}

/** Of which units somebody sees the figures. */
export interface MeetingSight {
  house: boolean
  units: string[]
}

/** As far as somebody's roles reach. `led`: the departments that they head by the directory. Undefined: no figures at all. */
export function sightOfMeetings(actor: Actor, led: readonly string[], may: Setting['may']): MeetingSight | undefined {
  if (isApart(actor)) return undefined
  const held = selvesOf(actor).flatMap(self =>
    self.held.flatMap(({ code, unit }) => {
      if (!may([code], 'V', 'meeting.count')) return []
      return code === 'KZ' && unit === undefined ? self.departments.slice(0, 1) : [unit]
    }),
  )
  const units = [...held.filter(unit => unit !== undefined), ...led]
  const house = held.includes(undefined)
  return house || units.length ? { house, units: [...new Set(units)] } : undefined
}

export interface MeetingFigures {
  count: number
  hours: number
  heads: number
  /** Hours of everybody together. */
  personHours: number
}

const hoursOf = ({ startsAt, endsAt }: Pick<HeldMeeting, 'startsAt' | 'endsAt'>): number =>
  (endsAt.getTime() - startsAt.getTime()) / 3_600_000

export const figuresOf = (some: readonly HeldMeeting[]): MeetingFigures => ({
  count: some.length,
  hours: sum(some.map(hoursOf)),
  heads: sum(some.map(({ heads }) => heads)),
  personHours: sum(some.map(one => hoursOf(one) * one.heads)),
})

const sum = (some: readonly number[]): number => some.reduce((all, one) => all + one, 0)

const MOST_UNITS = 20
const MOST_DRAWN = 10

export interface Compared {
  title: string
  until: Date
  now: readonly HeldMeeting[]
  lastYear: readonly HeldMeeting[]
}

/** 统计 by class and unit against the year before (精文减会), never by person. */
export function meetingStats({ title, until, now, lastYear }: Compared, setting: Setting): Card {
  const [these, those] = [figuresOf(now), figuresOf(lastYear)]
  const units = [...new Set([...now, ...lastYear].map(({ unit }) => unit))]
    .map(unit => ({
      unit,
      name: unit ? unitOf(unit, setting.units) : '本单位',
      ...bothOf(now, lastYear, one => one.unit === unit),
    }))
    .sort((a, b) => b.these.count - a.these.count || a.name.localeCompare(b.name, 'zh'))
  return card(
    `会议统计 · ${title}`,
    'blue',
    text(
      `截至${formatShort(endSaid(until), setting.now)},召开会议${these.count}场,会时${oneDecimal(these.hours)}小时,参会${these.heads}人次。`,
    ),
    fields(
      ['场次', against(these.count, those.count, '场')],
      ['会时', against(these.hours, those.hours, '小时')],
      ['参会', against(these.heads, those.heads, '人次')],
      ['会时×人数', against(these.personHours, those.personHours, '人时')],
    ),
    ...charts(units, now, lastYear),
    divider,
    ...byClass(now, lastYear),
    ...units.slice(0, MOST_UNITS).map(one => text(`${one.name}:${lineOf(one)}`)),
    units.length > MOST_UNITS ? note(`另有${units.length - MOST_UNITS}个单位`) : undefined,
    divider,
    note('参会人数以签到为准,未签到的以回执、通知人数计;不含已取消的会议。去年同期为上一年同一时段。'),
    note(`会议费上限${FEE_BASIS}。`),
  )
}

interface Both {
  these: MeetingFigures
  those: MeetingFigures
}

const bothOf = (
  now: readonly HeldMeeting[],
  lastYear: readonly HeldMeeting[],
  holds: (one: HeldMeeting) => boolean,
): Both => ({ these: figuresOf(now.filter(holds)), those: figuresOf(lastYear.filter(holds)) })

const lineOf = ({ these, those }: Both): string =>
  `${these.count}场(去年同期${those.count}场),会时${oneDecimal(these.hours)}小时,${these.heads}人次,${oneDecimal(these.personHours)}人时`

const oneDecimal = (value: number): string => String(Math.round(value * 10) / 10)

/** `12场(去年同期15场,-20.0%)`. */
function against(these: number, those: number, unit: string): string {
  const change = those === 0 ? '' : `,${these >= those ? '+' : ''}${(((these - those) / those) * 100).toFixed(1)}%`
  return `${oneDecimal(these)}${unit}(去年同期${oneDecimal(those)}${unit}${change})`
}

function byClass(now: readonly HeldMeeting[], lastYear: readonly HeldMeeting[]): Block[] {
  const kinds = (Object.keys(KINDS) as Kind[]).flatMap(kind => {
    const both = bothOf(now, lastYear, one => one.kind === kind)
    return both.these.count || both.those.count ? [text(`${KINDS[kind]}:${lineOf(both)}`)] : []
  })
  const classes = ([...Object.keys(CLASSES), ''] as Array<MeetingClass | ''>).flatMap(name => {
    const some = now.filter(one => one.class === name)
    if (!some.length) return []
    const cap = sum(some.map(one => feeCap(one, one.heads) ?? 0))
    const fee = name ? `,会议费上限${yuanText(cap)}元` : ''
    return [note(`${name ? `${CLASSES[name]}会议` : '未定会议等级'}:${some.length}场${fee}`)]
  })
  return [...kinds, ...classes, ...(kinds.length ? [divider] : [])]
}

function charts(
  units: ReadonlyArray<Both & { name: string }>,
  now: readonly HeldMeeting[],
  lastYear: readonly HeldMeeting[],
): Block[] {
  const pair = (group: string, { these, those }: Both): Bar[] => [
    { group, name: '去年同期', value: those.count },
    { group, name: '本期', value: these.count },
  ]
  const byUnit = units.slice(0, MOST_DRAWN).flatMap(one => pair(one.name, one))
  const byKind = (Object.keys(KINDS) as Kind[])
    .map(kind => [kind, bothOf(now, lastYear, one => one.kind === kind)] as const)
    .filter(([, { these, those }]) => these.count + those.count > 0)
    .flatMap(([kind, both]) => pair(KINDS[kind], both))
  return [
    ...(byUnit.length ? [chart('按单位(场)', true, byUnit)] : []),
    ...(byKind.length ? [chart('按类别(场)', false, byKind)] : []),
  ]
}
