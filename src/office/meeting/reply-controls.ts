import { nameOf } from '../../kit/acted.ts'
import { type Block, type Button, buttons, type Field, form, note, type Option } from '../../kit/card.ts'
import { fileButton, offersFile } from './calendar.ts'
import { type ReplyMove, replyFlow } from './flow.ts'
import { type Actor, type Invitation, LIMITS, type Meeting, type Setting } from './meeting.ts'
import { REPLY_WAYS } from './reply.ts'
import { type FullInvitation, isInvitee, isRecorder, repliesOpen } from './reply-roles.ts'

/** Whom a form lets choose: who may come in somebody's place, or for a unit. */
export type Offer = readonly Option[]

/** The card that is sent an hour before already lets people sign in once the door is open. */
const DOOR_AHEAD_MS = 3_600_000
/** Answers that stand until 改回执 is pressed. */
const STANDING: Invitation['state'][] = ['attending', 'asking', 'excused', 'proxied']

/** What is put down for somebody in a form of this card. */
const RECORDED: readonly ReplyMove[] = ['attend', 'askLeave', 'delegate', 'name', 'rename']

/** What somebody may press on an invitation. */
export function replyControls(full: FullInvitation, viewer: Actor, offer: Offer, setting: Setting): Block[] {
  const moves = shownMoves(full, viewer, setting)
  const has = (move: ReplyMove) => moves.includes(move)
  const recording = isRecorder(full, viewer, setting)
  return [
    has('grantLeave') ? leaveForm(full) : undefined,
    has('attend') || has('askLeave') ? answerForm(full, moves, recording) : undefined,
    has('delegate') ? delegateForm(full, offer, recording) : undefined,
    has('name') || has('rename') ? unitForm(full, offer, recording) : undefined,
    buttons(
      ...(has('reconsider') ? [press(full, 'reconsider')] : []),
      ...(offersFile(full.meeting) ? [fileButton(full.meeting)] : []),
      ...(signsIn(full, viewer, setting) ? [{ ...press(full, 'checkIn'), style: 'primary' as const }] : []),
    ),
    recording && moves.some(move => RECORDED.includes(move))
      ? note('您正在代录回执,录入人和方式随回执留存。')
      : undefined,
    standing(full, viewer, setting, moves),
  ].filter(block => block !== undefined)
}

/** The moves on offer: an answer that stands is changed only after 改回执. */
export function shownMoves(full: FullInvitation, viewer: Actor, setting: Setting): ReplyMove[] {
  const { state, lastMove } = full.invitation
  const stands = STANDING.includes(state) && lastMove !== 'reconsider'
  const open = repliesOpen(full, viewer, setting).filter(move => move !== 'checkIn')
  return open.filter(move => {
    if (move === 'reconsider') return stands
    if (move === 'delegate') return !stands || state === 'excused'
    return !stands || (move !== 'attend' && move !== 'askLeave')
  })
}

function signsIn(full: FullInvitation, viewer: Actor, { now, ...rest }: Setting): boolean {
  const { opensAt } = full.door
  const at = now < opensAt && opensAt.getTime() - now.getTime() <= DOOR_AHEAD_MS ? opensAt : now
  return isInvitee(full, viewer) && repliesOpen(full, viewer, { ...rest, now: at }).includes('checkIn')
}

/** Says in whose place a deputy would press. */
function standing(full: FullInvitation, viewer: Actor, { names }: Setting, moves: ReplyMove[]): Block | undefined {
  const { person } = full.invitation
  const answers = moves.some(move => replyFlow.moves[move].by === 'invitee')
  if (!answers || !person || person === viewer.id || !isInvitee(full, viewer)) return undefined
  return note(`须由${nameOf(person, names)}答复的,由您代理。`)
}

const press = ({ invitation: { id, rev } }: Pick<FullInvitation, 'invitation'>, move: ReplyMove): Button => ({
  label: replyFlow.moves[move].button,
  action: `meeting.${move}`,
  value: { id, rev },
})

function leaveForm(full: FullInvitation): Block {
  return form(
    'leave',
    [{ kind: 'input', name: 'opinion', hint: '意见(不同意请假须填写理由)', lines: 2, max: LIMITS.word }],
    [
      { ...press(full, 'grantLeave'), style: 'primary' },
      { ...press(full, 'denyLeave'), style: 'danger' },
    ],
  )
}

function answerForm(full: FullInvitation, moves: ReplyMove[], recording: boolean): Block {
  const asks = moves.includes('askLeave')
  const hint = asks ? '请假理由(请假须填写);参加的可填备注' : '备注(可不填)'
  return form(
    'answer',
    [
      ...wayField(recording),
      { kind: 'input', name: 'word', hint, value: remarkOf(full), lines: 2, max: LIMITS.word },
      ...travelFields(full, moves.includes('attend')),
    ],
    [
      ...(moves.includes('attend') ? [{ ...press(full, 'attend'), style: 'primary' as const }] : []),
      ...(asks ? [press(full, 'askLeave')] : []),
    ],
  )
}

/** What they remarked stays with whoever only corrects their car or who comes along. */
const remarkOf = ({ invitation: { state, word } }: FullInvitation): string => (state === 'attending' ? word : '')

/** 代录: how it was given (ORG-04). */
const wayField = (recording: boolean, name = 'way'): Field[] =>
  recording
    ? [
        {
          kind: 'choose',
          name,
          label: '本人答复的方式',
          hint: '选择方式',
          options: Object.entries(REPLY_WAYS).map(([value, label]) => ({ value, label })),
          required: true,
        },
      ]
    : []

/** Inside the house nobody is asked for a car or for who comes along. */
function travelFields({ invitation, meeting: { scope } }: FullInvitation, attends: boolean): Field[] {
  if (!attends || scope === 'section' || scope === 'house') return []
  return [
    { kind: 'input', name: 'companions', label: '随行人员(可不填)', value: invitation.companions, max: LIMITS.words },
    { kind: 'input', name: 'plate', label: '车号(可不填)', value: invitation.plate, max: LIMITS.words },
  ]
}

/** MT-03: after leave was granted, one grade down. */
function delegateForm(full: FullInvitation, offer: Offer, recording: boolean): Block {
  return form(
    'delegate',
    [
      ...wayField(recording, 'delegate_way'),
      ...(offer.length
        ? [
            {
              kind: 'choose' as const,
              name: 'substitute',
              label: '代会人员(一般为下一级负责同志)',
              hint: '选择人员',
              options: [...offer],
            },
          ]
        : []),
      { kind: 'input', name: 'name', label: '其他人员', hint: '不在上列的,填写姓名', max: 20 },
    ],
    [{ ...press(full, 'delegate'), style: 'primary' }],
  )
}

function unitForm(full: FullInvitation, offer: Offer, recording: boolean): Block {
  const { invitation, named } = full
  const known = named.flatMap(({ person }) => (person ? [person] : []))
  const others = named
    .filter(({ person }) => !person)
    .map(({ name, title, phone }) => [name, title, phone].join(' ').trim())
  const move = invitation.state === 'named' ? 'rename' : 'name'
  return form(
    'unit',
    [
      ...wayField(recording),
      ...(offer.length
        ? [
            {
              kind: 'people' as const,
              name: 'people',
              label: `参会人员(共可报${invitation.places}人)`,
              hint: '从本单位人员中选择',
              options: [...offer],
              value: known,
            },
          ]
        : []),
      {
        kind: 'input',
        name: 'others',
        label: '其他参会人员(每行一人)',
        hint: '姓名 职务 电话',
        value: others.join('\n'),
        lines: Math.min(invitation.places, 5),
        max: invitation.places * 80,
      },
      { kind: 'input', name: 'companions', label: '随行人员(可不填)', value: invitation.companions, max: LIMITS.words },
      { kind: 'input', name: 'plate', label: '车号(可不填)', value: invitation.plate, max: LIMITS.words },
      { kind: 'input', name: 'word', hint: '备注(可不填)', value: invitation.word, max: LIMITS.word },
    ],
    [{ ...press(full, move), style: 'primary' }],
  )
}

/** Before a group whoever presses answers for themselves; a reason is for nobody else's eyes. */
export function groupControls({ id, state, notifiedAt }: Meeting): Block[] {
  if (!notifiedAt || !['notified', 'submitted'].includes(state)) return []
  const row = buttons(
    { label: replyFlow.moves.attend.button, action: 'meeting.attend', value: { meeting: id }, style: 'primary' },
    { label: replyFlow.moves.askLeave.button, action: 'meeting.mine', value: { meeting: id } },
  )
  return row ? [row] : []
}
