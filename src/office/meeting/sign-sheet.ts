import type { Slip, SlipCell } from '../../kit/document.ts'
import { clockOf, formatInstant } from '../../kit/time.ts'
import { type Expected, unnamed } from './expected.ts'
import type { Meeting, Setting } from './meeting.ts'
import { comesAfterAll } from './reply.ts'
import { isUnit } from './reply-roles.ts'

/** One line of a 签到表. */
export interface SignLine {
  unit: string
  name: string
  title: string
  phone: string
  /** What stands where one signs: nothing, or how it is already. */
  sign: string
}

/** As the replies stand: substitutes in their principal's place, those whom a unit names in the unit's, 列席 at the end. */
export function signLines(all: readonly Expected[]): SignLine[] {
  const own = all.filter(({ invitation }) => invitation.standsInFor === undefined && invitation.namedBy === undefined)
  const [substitutes, named] = [thoseFor(all, 'standsInFor'), thoseFor(all, 'namedBy')]
  const linesOf = (one: Expected): SignLine[] => {
    const { invitation, unit } = one
    if (isUnit(invitation)) {
      const some = named.get(invitation.id) ?? []
      return some.length ? some.map(lineOf) : Array.from({ length: invitation.places }, () => ({ ...EMPTY, unit }))
    }
    const [substitute] = comesAfterAll(invitation) ? [] : (substitutes.get(invitation.id) ?? [])
    return substitute ? [{ ...lineOf(substitute), name: `${substitute.name}\n(代${one.name})` }] : [lineOf(one)]
  }
  const parts = (['attend', 'listen'] as const).map(part => own.filter(({ invitation }) => invitation.part === part))
  return parts.flat().flatMap(linesOf)
}

/** Whoever comes through the invitation of another, by that one's id. */
function thoseFor(all: readonly Expected[], key: 'standsInFor' | 'namedBy'): Map<number, Expected[]> {
  const found = new Map<number, Expected[]>()
  for (const one of all) {
    const of = one.invitation[key]
    if (of !== undefined) found.set(of, [...(found.get(of) ?? []), one])
  }
  return found
}

const EMPTY: SignLine = { unit: '', name: '', title: '', phone: '', sign: '' }

function lineOf({ invitation, name, title, unit }: Expected): SignLine {
  const { state, checkedInAt, part, phone } = invitation
  const isAway = state === 'excused' || state === 'proxied'
  const sign = isAway ? '请假' : state === 'present' && checkedInAt ? `已签到 ${clockOf(checkedInAt)}` : ''
  return { unit, name: part === 'listen' ? `${name}\n(列席)` : name, title, phone, sign }
}

const WIDE = { number: 2, unit: 6, name: 4, title: 5, phone: 4, sign: 4 }
const HEADS = ['序号', '单位', '姓名', '职务', '电话', '签名']
const SPARE = 5
/** Lines left free for whoever comes besides: a tenth of all, and at least some. */
const spareFor = (lines: number): number => Math.max(SPARE, Math.ceil(lines / 10))

/** The 签到表 as it is printed (MT-04). */
export function signSheet(meeting: Meeting, all: readonly Expected[], setting: Setting): Slip {
  const lines = signLines(all)
  const rows = [...lines, ...Array.from({ length: spareFor(lines.length) }, () => EMPTY)]
  const open = unnamed(all)
  return {
    title: '会议签到表',
    heads: [`会议名称：${meeting.title}`, ''],
    rows: [
      cellsOf(HEADS),
      ...rows.map(({ unit, name, title, phone, sign }, i) => cellsOf([String(i + 1), unit, name, title, phone, sign])),
    ],
    repeated: 1,
    notes: [
      `会议时间：${formatInstant(meeting.startsAt)}；地点：${meeting.place}`,
      `名单按${formatInstant(setting.now)}的回执情况生成${open ? `，另有${open}个单位名额尚未报名` : ''}。本表仅作会议记录和报销凭证，不用于个人统计。`,
    ],
  }
}

const cellsOf = (words: readonly string[]): SlipCell[] =>
  Object.values(WIDE).map((wide, i) => ({ text: words[i] ?? '', isLabel: true, wide }))
