import { type Block, type Button, buttons, type Card, card, form, note, text } from '../../kit/card.ts'
import { openStep, withDecision } from '../../kit/chain.ts'
import { type MeetingMove, meetingFlow } from './flow.ts'
import { type Actor, LIMITS, type Meeting, type Setting } from './meeting.ts'
import { headOf } from './notice.ts'
import { inPlaceOf, movesFrom, movesOpen } from './roles.ts'

/** Decisions, with a word beside them. */
const DECIDING: MeetingMove[] = ['approve', 'revise']
/** Not for a group's eyes. */
const PERSONAL: MeetingMove[] = ['publish', 'submit', 'edit', 'change']

/** What can be pressed; `heads`: how many hear of what goes out. */
export function controls(meeting: Meeting, viewer: Actor | undefined, heads: number, setting: Setting): Block[] {
  const all = viewer ? movesOpen(meeting, viewer, setting) : movesFrom(meeting).filter(move => !PERSONAL.includes(move))
  const moves = all.filter(move => !isHeldBack(meeting, move))
  return [
    worded(
      meeting,
      moves.filter(move => DECIDING.includes(move)),
      heads,
    ),
    buttons(...moves.filter(move => !DECIDING.includes(move)).map(move => press(meeting, move, heads))),
    viewer && standing(meeting, moves, viewer, setting),
  ].filter(block => block !== undefined)
}

/** A draft that rules forbid is not sent. */
const isHeldBack = ({ findings, state }: Meeting, move: MeetingMove): boolean =>
  state === 'draft' && (move === 'publish' || move === 'submit') && findings.some(({ severity }) => severity === 'F')

function worded(meeting: Meeting, moves: MeetingMove[], heads: number): Block | undefined {
  if (!moves.length) return undefined
  return form(
    'decision',
    [{ kind: 'input', name: 'word', hint: '意见(退回修改须填写理由)', lines: 2, max: LIMITS.word }],
    moves.map(move => press(meeting, move, heads)),
  )
}

const STYLES: Partial<Record<MeetingMove, Button['style']>> = {
  publish: 'primary',
  submit: 'primary',
  approve: 'primary',
  revise: 'danger',
  cancel: 'danger',
}

function press(meeting: Meeting, move: MeetingMove, heads: number): Button {
  const { button } = meetingFlow.moves[move]
  const style = STYLES[move]
  const asks = confirmation(meeting, move, heads)
  return {
    label: button,
    action: `meeting.${move}`,
    value: { id: meeting.id, rev: meeting.rev },
    ...(style ? { style } : {}),
    ...(asks ? { confirm: { title: button, text: asks } } : {}),
  }
}

/** What goes out says to how many. */
function confirmation(meeting: Meeting, move: MeetingMove, heads: number): string | undefined {
  if (move === 'publish') return `发布后将向${heads}人发出会议通知,确定发布吗?`
  if (move === 'approve' && isLast(meeting)) return `同意后将向${heads}人发出会议通知,确定吗?`
  if (move === 'finish') return '结束后不能再签到,确定结束会议吗?'
  return move === 'cancel' && !meeting.notifiedAt ? '确定取消会议吗?' : undefined
}

const isLast = ({ steps }: Meeting): boolean =>
  openStep({
    steps: withDecision(steps, { by: '', inPlaceOf: undefined, at: new Date(0), word: '' }),
  }) === undefined

/** Says in whose place a deputy would press. */
function standing(meeting: Meeting, moves: MeetingMove[], viewer: Actor, setting: Setting): Block | undefined {
  const ids = new Set(moves.map(move => inPlaceOf(meeting, meetingFlow.moves[move].by, viewer, setting)))
  const names = viewer.standsFor.filter(({ id }) => ids.has(id)).map(({ name }) => name)
  return names.length ? note(`其中须由${names.join('、')}办理的,由您代理。`) : undefined
}

/** 取消会议, once people know of it: says how many are told, and takes the reason; `word`: as it was said. */
export const cancelForm = (meeting: Meeting, heads: number, setting: Setting, word = ''): Card => ({
  ...card(
    '会议 · 取消会议',
    'yellow',
    text(headOf(meeting, setting)),
    text(`取消后将立即通知${heads}人,会议室和日程随之取消。`),
    form(
      'cancel',
      [
        {
          kind: 'input',
          name: 'word',
          label: '取消原因(可不填)',
          hint: '如:与上级会议时间冲突',
          value: word.slice(0, LIMITS.words),
          lines: 2,
          max: LIMITS.words,
        },
      ],
      [
        {
          label: '确认取消会议',
          action: 'meeting.cancel',
          value: { id: meeting.id, rev: meeting.rev, asked: 1 },
          style: 'danger',
          confirm: { title: '取消会议', text: `将通知${heads}人会议取消,确定吗?` },
        },
        { label: '返回', action: 'meeting.show', value: { id: meeting.id, back: 1 } },
      ],
    ),
  ),
  summary: '[会议] 请确认取消会议',
})
