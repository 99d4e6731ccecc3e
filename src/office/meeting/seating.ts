import { Refusal } from '../../kit/refusal.ts'
import { halfWidth } from '../../kit/text.ts'
import type { Invitation } from './meeting.ts'
import type { PartIn } from './terms.ts'

/** Somebody for whom there is a seat. */
export interface Sitter {
  invitation: Pick<Invitation, 'id' | 'person' | 'part' | 'unit'>
  name: string
  /** 职务. */
  title: string
  unit: string
}

/** In place of an invitation: whoever presides sits there without being asked. */
export const PRESIDING = 0

/** Who sits where: so many on the 主席台, the others in rows. */
export interface Seating {
  stage: number
  /** Seats of a row. */
  wide: number
  /** Invitations or who presides, the first in rank first; who is asked later sits after them by rank. */
  ranked: readonly number[]
}

export const SEATS = { stage: 20, wide: 20, usualWide: 8, usualStage: 7 } as const

/** Somebody with their place in the order of all. */
export interface Seat {
  place: number
  name: string
}

/** Each row as it is seen on paper, from left to right, the 主席台 above. */
export interface SeatPlan {
  stage: readonly Seat[]
  rows: ReadonlyArray<readonly Seat[]>
}

/**
 * MT-05, from the right hand of those who sit there to their left: with an odd number no. 1 in the middle, no. 2 at no. 1's left
 * hand, no. 3 at the right, and so on; with an even number no. 1 and 2 in the middle, 2 at no. 1's left.
 */
export const rowByRank = <T>(ranked: readonly T[]): T[] => [
  ...ranked.filter((_, i) => i % 2 === 0).reverse(),
  ...ranked.filter((_, i) => i % 2 === 1),
]

/** On the 主席台 they face whoever looks at the plan, so that their right is its left; in the rows they look the same way. */
export function planOf(people: readonly Pick<Sitter, 'name'>[], { stage, wide }: Omit<Seating, 'ranked'>): SeatPlan {
  const seats = people.map(({ name }, i): Seat => ({ place: i + 1, name }))
  const others = seats.slice(stage)
  const rows = Array.from({ length: Math.ceil(others.length / wide) }, (_, i) =>
    rowByRank(others.slice(i * wide, (i + 1) * wide)).reverse(),
  )
  return { stage: rowByRank(seats.slice(0, stage)), rows }
}

/** Heads, their deputies, then sections, by the end of a 职务; the first that fits counts. */
const TITLES: ReadonlyArray<[pattern: RegExp, rank: number]> = [
  [/常务副(书记|市长|县长|区长|局长|厅长|主任)/, 1],
  [/副(书记|市长|县长|区长|局长|厅长|主席|院长|检察长|主委)/, 2],
  [/(书记|市长|县长|区长|局长|厅长|主席|院长|检察长|主委)/, 0],
  [/(组长|巡视员|总工程师|总师)/, 3],
  [/办公室主任/, 4],
  [/副(主任|处长|科长|所长|队长|站长|股长)/, 6],
  [/(主任科员|调研员)/, 7],
  [/(主任|处长|科长|所长|队长|站长|股长|负责人)/, 5],
]
const ROLES: Record<string, number> = { LD: 0, FG: 2, BZ: 4, KZ: 5 }
const LAST = 9

/** The lower, the nearer to the middle: the higher of what their roles and their 职务 say. */
export function rankOf(title: string, codes: readonly string[]): number {
  const byTitle = TITLES.find(([pattern]) => pattern.test(title))?.[1] ?? LAST
  return Math.min(byTitle, ...codes.map(code => ROLES[code] ?? LAST))
}

/** The roles of somebody that count for a rank. */
export type CodesOf = (person: string | undefined) => readonly string[]

/** By what people rank in this office. */
export interface Ranks {
  codesOf: CodesOf
  /** Ids of units as the directory lists them. */
  units: readonly string[]
}

/** Somebody as they rank. */
export interface Ranked {
  person: string | undefined
  part: PartIn
  title: string
  /** The id of their unit. */
  unit: string
  name: string
}

/** 按姓氏笔画为序. */
const STROKES = new Intl.Collator('zh-u-co-stroke')

/**
 * In the order of lists, seats and name cards (domain.md 12: by rank, then by list): by rank, 列席 after the others; equals as the
 * directory lists their units, and within a unit by the strokes of the name.
 */
export function inOrder<T>(some: readonly T[], { codesOf, units }: Ranks, as: (one: T) => Ranked): T[] {
  const places = new Map(units.map((id, i) => [id, i]))
  const keyed = some.map(one => {
    const { person, part, title, unit, name } = as(one)
    const rank = (part === 'listen' ? 100 : 0) + rankOf(title, codesOf(person))
    return { one, rank, unit: places.get(unit) ?? units.length, name }
  })
  return keyed
    .sort((a, b) => a.rank - b.rank || a.unit - b.unit || STROKES.compare(a.name, b.name))
    .map(({ one }) => one)
}

export const byRank = (people: readonly Sitter[], ranks: Ranks): Sitter[] =>
  inOrder(people, ranks, ({ invitation: { person, part, unit }, title, name }) => ({ person, part, unit, title, name }))

/** The order that was settled, and after it whoever came since. */
export function ordered(people: readonly Sitter[], { ranked }: Pick<Seating, 'ranked'>): Sitter[] {
  const found = ranked.flatMap(id => people.find(({ invitation }) => invitation.id === id) ?? [])
  return [...found, ...people.filter(one => !found.includes(one))]
}

/** As long as nobody has settled it: leaders on the 主席台, where there are some and others to face. */
export function usualSeating(people: readonly Sitter[], codesOf: CodesOf): Seating {
  const leading = people.filter(
    ({ title, invitation }) => invitation.part === 'attend' && rankOf(title, codesOf(invitation.person)) <= 2,
  ).length
  const stage = leading < people.length ? Math.min(leading, SEATS.usualStage) : 0
  return { stage, wide: SEATS.usualWide, ranked: [] }
}

/** A name that two bear is told apart by the unit. */
export function seatName(one: Sitter, people: readonly Sitter[]): string {
  const isAlone = people.every(other => other === one || other.name !== one.name)
  return isAlone || !one.unit ? one.name : `${one.name}(${one.unit})`
}

/** Characters that somebody may type of the order. */
export const MOST_TYPED = 1_000

/**
 * What an organiser has typed: the names of a line each, the first in rank first; whom they leave out sits after them.
 * @throws Refusal naming what is not understood.
 */
export function readSeating(typed: (name: string) => string, people: readonly Sitter[]): Seating {
  const number = (name: 'stage' | 'wide', label: string, least: number): number => {
    const value = Number(halfWidth(typed(name)).trim() || Number.NaN)
    if (!Number.isInteger(value) || value < least || value > SEATS[name])
      throw new Refusal(`${label}请填写${least}至${SEATS[name]}之间的整数`)
    return value
  }
  if (typed('order').length > MOST_TYPED)
    throw new Refusal(`人员顺序请控制在${MOST_TYPED}字以内,未写的人员按职务排在后面`)
  const names = typed('order')
    .split(/[\n,\uff0c、;\uff1b]+/)
    .map(name => halfWidth(name).trim())
    .filter(name => name !== '')
  const ranked = names.map(name => meant(name, people).invitation.id)
  if (new Set(ranked).size < ranked.length) throw new Refusal('同一人员请只写一次')
  const stage = number('stage', '主席台人数', 0)
  if (stage > people.length) throw new Refusal(`主席台人数不能多于就座人数(${people.length}人)`)
  return { stage, wide: number('wide', '每排座位数', 2), ranked }
}

function meant(name: string, people: readonly Sitter[]): Sitter {
  // with the unit only for whoever the name fits: of thousands each is told apart from all others
  const fitting = people.filter(one => name.startsWith(halfWidth(one.name)))
  const found = fitting.filter(one => one.name === name || halfWidth(seatName(one, people)) === name)
  const [one] = found
  if (!one) throw new Refusal(`“${name.slice(0, 20)}”不在就座人员中,请核对姓名`)
  if (found.length > 1) throw new Refusal(`有${found.length}位“${name}”,请写明单位,例如:${seatName(one, people)}`)
  return one
}
