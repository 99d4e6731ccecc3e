import {
  type Block,
  type Button,
  bold,
  buttons,
  type Card,
  card,
  note,
  type Piece,
  text,
  tint,
} from '../../kit/card.ts'
import type { Seen } from '../../kit/seen.ts'
import { formatShort } from '../../kit/time.ts'
import { meetingFlow } from './flow.ts'
import { type Meeting, type Setting, unitOf } from './meeting.ts'
import { headOf } from './notice.ts'
import { movesFrom } from './roles.ts'

/** Somebody who has not answered, and what is known of the notice that they were sent. */
export interface Unanswered {
  invitation: number
  person: string
  name: string
  unit: string
  /** `failed`: it could not be delivered; `none`: there is none that could be asked about. */
  notice: 'sent' | 'sending' | 'failed' | 'none'
  /** The last one that they have. */
  message: string | undefined
  asked: { message: string; at: Date } | undefined
  /** Undefined: it was not asked, or no answer has come yet. */
  seen: Seen | undefined
  seenAt: Date | undefined
}

/** So many are asked about at once. */
export const MOST_ASKED = 200
const AGAIN_MS = 5 * 60_000
/** A question that found no answer in that time is asked once more. */
const LOST_MS = 3_600_000

/** Whether it is worth asking about somebody's notice now: what was read stays so, and what is too old becomes no younger. */
export function isWorthAsking({ message, asked, seen, seenAt }: Unanswered, now: Date): boolean {
  if (message === undefined) return false
  if (!asked || asked.message !== message || seen === 'denied') return true
  if (seen === undefined) return now.getTime() - asked.at.getTime() >= LOST_MS
  return seen === 'unread' && now.getTime() - (seenAt?.getTime() ?? 0) >= AGAIN_MS
}

/** From when the notice has left, while replies are collected: nothing is asked or shown before or after. */
export const isCollecting = (meeting: Meeting): boolean =>
  meeting.reminded.includes('notice') && movesFrom(meeting).includes('nudge')

export const unreadButton = ({ id }: Pick<Meeting, 'id'>): Button => ({
  label: '查看未读',
  action: 'meeting.unread',
  value: { id },
})

type Standing = 'failed' | 'sending' | 'unknown' | 'unasked' | 'asking' | Exclude<Seen, 'gone'>

function standingOf({ notice, asked, seen }: Unanswered): Standing {
  if (notice === 'failed' || notice === 'sending') return notice
  if (notice === 'none' || seen === 'gone') return 'unknown'
  return asked ? (seen ?? 'asking') : 'unasked'
}

/** Who has not read the notice, for whoever organises the meeting alone (GEN-08); `units`: how many have yet to name attendees. */
export function unreadCard(meeting: Meeting, some: readonly Unanswered[], units: number, setting: Setting): Card {
  const of = (standing: Standing) => some.filter(one => standingOf(one) === standing)
  const unread = of('unread')
  const drawn = card(
    '会议 · 未读情况',
    unread.length || of('failed').length ? 'yellow' : 'blue',
    text(bold(headOf(meeting, setting))),
    text(...countWords(some, unread, of('read'), setting)),
    ...nameLines(unread, setting),
    ...failedLines(of('failed'), setting),
    ...REMARKS.flatMap(([standing, words]) => {
      const { length } = of(standing)
      return length ? [note(words(length))] : []
    }),
    of('denied').length ? text(tint('red', UNGRANTED)) : undefined,
    units ? note(`另有${units}个单位尚未报名,单位不查询是否已读。`) : undefined,
    note('仅供承办人核对通知是否送达,不对外公布;以最近一次发给本人的通知卡片为准,会议结束一天后清除。'),
    buttons(...(some.length || units ? [nudgeButton(meeting)] : []), ...again(meeting, of('unasked').length, some)),
  )
  return { ...drawn, summary: `[会议] 未读情况 ${meeting.title}` }
}

const UNGRANTED =
  '应用未开通查询消息已读的权限,请联系系统管理员在飞书开放平台开通“读取消息”(im:message:readonly)后重新查询。'

const REMARKS: Array<[Standing, (count: number) => string]> = [
  ['asking', count => `正在查询${count}人,查到后自动更新。`],
  ['unasked', count => `还有${count}人尚未查询,每次最多查询${MOST_ASKED}人,请点击“继续查询”。`],
  ['sending', count => `${count}人的通知正在发送。`],
  ['old', count => `${count}人的通知已超过7天,飞书不再提供是否已读。`],
  ['unknown', count => `${count}人没有可以查询的通知卡片。`],
]

/** `未回12人,其中未读5人(截至10:32)`. */
function countWords(
  some: readonly Unanswered[],
  unread: readonly Unanswered[],
  read: readonly Unanswered[],
  { now }: Pick<Setting, 'now'>,
): Piece[] {
  if (!some.length) return ['受邀人员均已回执。']
  const times = [...unread, ...read].flatMap(({ seenAt }) => seenAt?.getTime() ?? [])
  const count = times.length ? `,其中未读${unread.length}人` : ''
  const since = times.length ? [tint('grey', `(截至${formatShort(new Date(Math.min(...times)), now)})`)] : []
  return [`未回${some.length}人${count}`, ...since]
}

/** More names than a card has room for are counted. */
const MOST_NAMES = 200

/** By unit, `督查科:王强、李静`. */
function nameLines(some: readonly Unanswered[], setting: Setting): Block[] {
  const shown = some.slice(0, MOST_NAMES)
  const lines = [...new Set(shown.map(({ unit }) => unit))].map(unit => {
    const names = shown.filter(one => one.unit === unit).map(({ name }) => name || '未知人员')
    return text(bold(unit ? unitOf(unit, setting.units) : '未列部门'), `:${names.join('、')}`)
  })
  return some.length > MOST_NAMES ? [...lines, note(`另有${some.length - MOST_NAMES}人,未逐一列出。`)] : lines
}

function failedLines(some: readonly Unanswered[], setting: Setting): Block[] {
  return some.length
    ? [text(tint('red', `未送达${some.length}人`), ',请用其他方式通知。'), ...nameLines(some, setting)]
    : []
}

const nudgeButton = ({ id, rev }: Meeting): Button => ({
  label: meetingFlow.moves.nudge.button,
  action: 'meeting.nudge',
  value: { id, rev },
})

const again = ({ id }: Meeting, left: number, some: readonly Unanswered[]): Button[] =>
  some.length ? [{ label: left ? '继续查询' : '再次查询', action: 'meeting.unread', value: { id, again: 1 } }] : []

/** Once no replies are collected any more nothing is shown, whatever is still known. */
export const closedUnreadCard = (): Card => card('会议 · 未读情况', 'grey', text('会议不在收集回执,未读情况不再显示。'))
