import { type Block, type Button, bold, buttons, type Card, card, form, note, text, tint } from '../../kit/card.ts'
import { pageButtons, pagesOf } from '../../kit/pages.ts'
import { formatShort } from '../../kit/time.ts'
import { replyFlow } from './flow.ts'
import type { Invitation, Meeting, Setting } from './meeting.ts'
import { headOf } from './notice.ts'
import { type Door, type FullInvitation, isDoorOpen, isUnit } from './reply-roles.ts'
import { type Tally, tallyBlocks } from './tally.ts'

export const DOOR_PAGE = 10

/** Somebody on a list, with what they and their unit are called. */
export interface Row {
  invitation: Invitation
  name: string
  unit: string
  /** They have not answered, and their notice could not be delivered. */
  isUnreached: boolean
}

/** A page of those who are asked; `words`: in whose name these stand; `total` counts all of these. */
export interface Page {
  meeting: Meeting
  rows: readonly Row[]
  page: number
  total: number
  words: string
  tally: Tally
  door: Door
}

/** 签到表 at the door, for whoever organises the meeting: it is the meeting's record and counts nobody (MT-04, GEN-01). */
export function doorCard(of: Page, setting: Setting): Card {
  const { meeting, door } = of
  const isOpen = isDoorOpen(door, setting.now) && ['notified', 'underway'].includes(meeting.state)
  const when = `签到时间:${formatShort(door.opensAt, setting.now)}至会议结束`
  return listOf(
    of,
    '签到表',
    [
      note(isOpen ? when : `${when}。现不在签到时间内。`),
      search(of, 'sheet'),
      ...of.rows.flatMap(row => [line(row, setting), ...(isOpen ? presses(signIn(row, of)) : [])]),
      ...turns(of, 'sheet'),
      ...presses(
        { label: '签到二维码', action: 'meeting.code', value: { id: meeting.id } },
        { label: '打印签到表', action: 'meeting.paper', value: { id: meeting.id, paper: 'sign' } },
      ),
    ],
    setting,
  )
}

/** 回执名单: who has answered what, for whoever organises the meeting. */
export function repliesCard(of: Page, setting: Setting): Card {
  const open = (row: Row): Button => ({
    label: '查看或代录',
    action: 'meeting.reply',
    value: { id: row.invitation.id },
  })
  return listOf(
    of,
    '回执名单',
    [
      search(of, 'replies'),
      ...of.rows.flatMap(row => [line(row, setting), ...presses(open(row))]),
      ...turns(of, 'replies'),
    ],
    setting,
  )
}

function listOf({ meeting, rows, words, tally }: Page, what: string, body: Block[], setting: Setting): Card {
  const none = words ? `没有姓名含“${words}”的人员。` : '没有受邀人员。'
  const drawn = card(
    `会议 · ${what}`,
    'blue',
    text(bold(headOf(meeting, setting))),
    ...tallyBlocks(tally),
    ...(rows.length ? [] : [text(none)]),
    ...body,
  )
  return { ...drawn, summary: `[会议] ${what} ${meeting.title}` }
}

function line({ invitation, name, unit, isUnreached }: Row, { now }: Setting): Block {
  const { state, checkedInAt, standsInFor } = invitation
  const whom = isUnit(invitation) ? `${unit || '未定单位'}(单位)` : `${name || '未知人员'}${unit ? `(${unit})` : ''}`
  const at = checkedInAt ? ` ${formatShort(checkedInAt, now)}` : ''
  const proxy = standsInFor === undefined ? '' : ' · 代会'
  return text(
    tint(state === 'present' ? 'green' : 'grey', replyFlow.states[state]),
    ` ${whom}${proxy}${at}`,
    ...(isUnreached ? [tint('red', ' 未送达')] : []),
  )
}

const signIn = ({ invitation }: Row, { page, words }: Page): Button | undefined =>
  invitation.state === 'present' || isUnit(invitation)
    ? undefined
    : { label: replyFlow.moves.checkIn.button, action: 'meeting.signIn', value: { id: invitation.id, page, words } }

const presses = (...some: Array<Button | undefined>): Block[] => {
  const row = buttons(...some.filter(one => one !== undefined))
  return row ? [row] : []
}

const search = ({ meeting, words }: Page, action: string): Block =>
  form(
    'search',
    [{ kind: 'input', name: 'words', hint: '按姓名查找(留空为全部)', value: words, max: 20 }],
    [{ label: '查找', action: `meeting.${action}`, value: { id: meeting.id } }],
  )

function turns({ meeting, page, total, words }: Page, action: string): Block[] {
  const pages = pagesOf(total, DOOR_PAGE)
  if (pages === 1) return []
  const toOthers = pageButtons(page, pages, `meeting.${action}`, { id: meeting.id, words })
  return [note(`第${page}页,共${pages}页`), ...presses(...toOthers)]
}

/** What is to be written beside the picture. */
export const doorHintCard = (meeting: Meeting, { opensAt }: Door, setting: Setting): Card =>
  card(
    '会议 · 签到二维码',
    'blue',
    text(bold(headOf(meeting, setting))),
    text('二维码图片请张贴于会场入口,并注明:扫码打开回音后按“签到”;没有出现按钮的,发送“会议 签到”。'),
    note(`签到时间:${formatShort(opensAt, setting.now)}至会议结束。签到仅作会议记录,不用于个人统计。`),
  )

/** What is left of the card of one door once its holder has passed. */
export const passedCard = (meeting: Meeting, words: string, setting: Setting): Card =>
  card('会议 · 已签到', 'green', text(headOf(meeting, setting)), text(words))

/** The doors that are open to somebody. */
export const myDoorsCard = (some: readonly FullInvitation[], setting: Setting): Card =>
  card(
    '会议 · 签到',
    'blue',
    ...(some.length > 1 ? [text('您有多个会议可签到,请选择:')] : []),
    ...some.flatMap(({ meeting, invitation: { id, rev } }) => [
      text(headOf(meeting, setting)),
      ...presses({
        label: replyFlow.moves.checkIn.button,
        action: 'meeting.checkIn',
        value: { id, rev, ...(some.length > 1 ? {} : { only: 1 }) },
        style: 'primary',
      }),
    ]),
  )
