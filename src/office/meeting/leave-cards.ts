import { type Block, bold, buttons, type Card, card, note, text, tint } from '../../kit/card.ts'
import { replyFlow } from './flow.ts'
import { type Invitation, type Meeting, type Setting, unitOf } from './meeting.ts'
import { headOf } from './notice.ts'
import { guestName } from './reply.ts'

/** So many stand on one card; those behind them move up as these are settled. */
export const LEAVES_SHOWN = 10
const MOST_REASON = 100

/** Leaves of one meeting that wait for somebody, so that a hundred of them are one card. */
export function leavesCard(meeting: Meeting, waiting: readonly Invitation[], setting: Setting): Card {
  const some = waiting.slice(0, LEAVES_SHOWN)
  const more = waiting.length - some.length
  const state = waiting.length ? `${waiting.length}人请假待批准` : '没有待您批准的请假'
  const drawn = card(
    '会议 · 请假待批',
    waiting.length ? 'yellow' : 'green',
    text(bold(headOf(meeting, setting))),
    text(state),
    ...some.flatMap(one => requestBlocks(one, setting)),
    more ? note(`另有${more}人,处理后依次显示。`) : undefined,
    some.length > 1 ? allButton(meeting, some) : undefined,
  )
  return { ...drawn, summary: `[会议] ${state} ${meeting.title}` }
}

function requestBlocks(one: Invitation, setting: Setting): Block[] {
  const unit = one.unit ? `(${unitOf(one.unit, setting.units)})` : ''
  const reason = one.word.length > MOST_REASON ? `${one.word.slice(0, MOST_REASON)}…` : one.word
  const row = buttons(
    {
      label: replyFlow.moves.grantLeave.button,
      action: 'meeting.grantLeave',
      value: { id: one.id, rev: one.rev },
      style: 'primary',
    },
    { label: '查看或不同意', action: 'meeting.reply', value: { id: one.id } },
  )
  return [text(bold(guestName(one, setting)), unit, tint('grey', ' 理由:'), reason), ...(row ? [row] : [])]
}

const allButton = ({ id }: Meeting, some: readonly Invitation[]): Block | undefined =>
  buttons({
    label: `同意以上${some.length}人请假`,
    action: 'meeting.grantLeaves',
    value: { id, leaves: some.map(one => `${one.id}:${one.rev}`).join(' ') },
    confirm: { title: '同意请假', text: `将同意以上${some.length}人的请假,并逐一告知本人。` },
  })
