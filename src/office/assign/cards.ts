import { nameOf } from '../../kit/acted.ts'
import {
  at,
  type Block,
  type Button,
  bold,
  buttons,
  type Card,
  type Colour,
  card,
  divider,
  type Field,
  fields,
  form,
  hidden,
  note,
  type Option,
  type Piece,
  text,
  tint,
} from '../../kit/card.ts'
import { openMoves } from '../../kit/flow.ts'
import type { Viewer } from '../../kit/person.ts'
import { shorten } from '../../kit/text.ts'
import { dayIn, formatDue, formatShort, remaining } from '../../kit/time.ts'
import {
  type Assignment,
  isOverdue,
  LIMITS,
  lastAct,
  rolesIn,
  type Setting,
  type Share,
  stateOf,
  wasLate,
} from './assignment.ts'
import { type AssignMove, assignFlow, type ShareRole, type ShareState } from './flow.ts'

const COLOURS: Record<ShareState, Colour> = {
  assigned: 'blue',
  underway: 'blue',
  finished: 'blue',
  confirmed: 'green',
  returned: 'red',
  cancelled: 'grey',
}
/** Forms on one card, so that many results do not exceed what a card may hold. */
const MOST_DECISIONS = 6

/** To whoever may not see it, or not any more. */
export const hiddenCard = (): Card => hidden('交办', '未找到该交办事项,或您无权查看。')

/** An assignment as somebody sees it: its state in words and colour, who answers, until when, the last act, what may be pressed. */
export function assignCard(assignment: Assignment, viewer: Viewer, setting: Setting): Card {
  const state = stateOf(assignment)
  const late = assignment.shares.some(share => isOverdue(assignment, share, setting.now))
  const drawn = card(
    `交办 · ${assignFlow.states[state]}`,
    late ? 'red' : dueSoon(assignment, state, setting) ? 'yellow' : COLOURS[state],
    text(bold(assignment.title)),
    facts(assignment, setting),
    ...assignment.shares.map(share => shareLine(assignment, share, setting)),
    ...noteLines(assignment, setting),
    ...controls(assignment, viewer, setting),
  )
  return {
    ...drawn,
    ...(late ? { tags: [{ word: '逾期', colour: 'red' as const }] } : {}),
    summary: summary(assignment, state, late),
  }
}

function summary(assignment: Assignment, state: ShareState, late: boolean): string {
  return `[交办] ${assignFlow.states[state]}${late ? '(逾期)' : ''}:${shorten(assignment.title, 40)}`
}

function dueSoon(assignment: Assignment, state: ShareState, { now, calendar }: Setting): boolean {
  const open = state === 'assigned' || state === 'underway'
  return open && assignment.dueAt !== undefined && remaining(assignment.dueAt, now, calendar).workdays <= 1
}

function facts(assignment: Assignment, { now, names, calendar }: Setting): Block {
  const { dueAt, shares } = assignment
  const open = shares.some(share => share.state === 'assigned' || share.state === 'underway')
  const left =
    dueAt && open
      ? ` · ${dueAt < now && dayIn(dueAt) === dayIn(now) ? '已逾期' : remaining(dueAt, now, calendar).words}`
      : ''
  const due = dueAt ? formatDue(dueAt, now, calendar) + left : '未定'
  return fields(
    ['承办人', spaced(shares.map(share => at(share.assignee)))],
    ['交办人', nameOf(assignment.giver, names)],
    ['完成时限', due],
  )
}

/** Each share's decision in its place: `李静 已签收 · 11月26日(周四)10:32 · 说明:…`. */
function shareLine(assignment: Assignment, share: Share, setting: Setting): Block | undefined {
  const { now, names } = setting
  const lone = assignment.shares.length === 1
  if (lone && share.state === 'assigned') return undefined
  const late = isOverdue(assignment, share, now) ? '逾期' : wasLate(assignment, share) ? '逾期完成' : ''
  const pieces: Piece[] = lone ? [] : [bold(nameOf(share.assignee, names)), ` ${assignFlow.states[share.state]}`]
  if (share.state !== 'assigned') pieces.push(lone ? '' : ' · ', shownAct(assignment, share, setting))
  if (late) pieces.push(' ', tint('red', late))
  if (share.state === 'confirmed' && share.result)
    pieces.push(`\n说明:${lone ? share.result : shorten(share.result, 60)}`)
  return text(...pieces)
}

/** Among several, a long word is cut so that the card holds them all. */
function shownAct({ shares }: Assignment, share: Share, setting: Setting): string {
  return lastAct(shares.length > 1 ? { ...share, word: shorten(share.word, 60) } : share, setting)
}

const SHOWN_NOTES = 3

function noteLines(assignment: Assignment, { now, names }: Setting): Block[] {
  const { notes } = assignment
  if (!notes.length) return []
  const earlier = notes.length > SHOWN_NOTES ? [note(`另有${notes.length - SHOWN_NOTES}条较早的留言`)] : []
  const lines = notes.slice(-SHOWN_NOTES).map(({ by, at: when, text: said, attachments }) => {
    const files = attachments.map(file => (file.kind === 'image' ? '[图片]' : `[文件]${file.name}`)).join(' ')
    return note(
      `${nameOf(by, names)} ${formatShort(when, now)}:${shorten(said, 120)}${said && files ? ' ' : ''}${files}`,
    )
  })
  return [divider, ...earlier, ...lines]
}

function controls(assignment: Assignment, viewer: Viewer, setting: Setting): Block[] {
  return [
    ownControls(assignment, viewer),
    ...decisions(assignment, viewer, setting),
    cancelling(assignment, viewer),
  ].filter(block => block !== undefined)
}

/** Moves of one role over some shares, in the order of the flow. In a group the viewer is everyone and the press decides. */
function movesFor(assignment: Assignment, shares: Share[], viewer: Viewer, role: ShareRole): AssignMove[] {
  const open = new Set(
    shares.flatMap(share => {
      const held = viewer.kind === 'everyone' || rolesIn(assignment, share, viewer.id).includes(role)
      return held ? openMoves(assignFlow, share.state, [role]) : []
    }),
  )
  return (Object.keys(assignFlow.moves) as AssignMove[]).filter(move => open.has(move))
}

function ownControls(assignment: Assignment, viewer: Viewer): Block | undefined {
  const moves = movesFor(assignment, assignment.shares, viewer, 'assignee')
  if (!moves.length) return undefined
  return form(
    'own',
    [wordField('word', '说明(退回须填写理由)')],
    moves.map(move => press(assignment, move, undefined)),
  )
}

function decisions(assignment: Assignment, viewer: Viewer, { names }: Setting): Block[] {
  const waiting = assignment.shares.filter(share => movesFor(assignment, [share], viewer, 'giver').includes('confirm'))
  const blocks = waiting.slice(0, MOST_DECISIONS).map(share =>
    form(
      `decide${share.place}`,
      [
        wordField(
          `word${share.place}`,
          assignment.shares.length > 1 ? `${nameOf(share.assignee, names)}:退回重做须填写理由` : '退回重做须填写理由',
        ),
      ],
      (['confirm', 'redo'] as const).map(move => press(assignment, move, share)),
    ),
  )
  return waiting.length > MOST_DECISIONS ? [...blocks, note(`另有${waiting.length - MOST_DECISIONS}人待确认`)] : blocks
}

function cancelling(assignment: Assignment, viewer: Viewer): Block | undefined {
  if (!movesFor(assignment, assignment.shares, viewer, 'giver').includes('cancel')) return undefined
  const cancel = press(assignment, 'cancel', undefined)
  return buttons({ ...cancel, confirm: { title: '取消交办', text: '取消后承办人不再办理,确定取消吗?' } })
}

const STYLES: Partial<Record<AssignMove, Button['style']>> = { accept: 'primary', confirm: 'primary' }

function press(assignment: Assignment, move: AssignMove, share: Share | undefined): Button {
  const { button } = assignFlow.moves[move]
  const underway = move === 'finish' && stateOf(assignment) === 'underway'
  const style = underway ? 'primary' : STYLES[move]
  const value = { id: assignment.id, rev: assignment.rev, ...(share ? { share: share.assignee } : {}) }
  return { label: button, action: `assign.${move}`, value, ...(style ? { style } : {}) }
}

const wordField = (name: string, hint: string): Field => ({ kind: 'input', name, hint, max: LIMITS.word })

/** One line of a list: `待签收 · 标题 · 时限`. */
export function listLine(assignment: Assignment, { now, names, calendar }: Setting): Piece[] {
  const late = assignment.shares.some(share => isOverdue(assignment, share, now))
  const state = assignFlow.states[stateOf(assignment)]
  const who = assignment.shares.map(share => nameOf(share.assignee, names)).join('、')
  return [
    late ? tint('red', '逾期') : tint(COLOURS[stateOf(assignment)], state),
    ' ',
    bold(shorten(assignment.title, 40)),
    ` · 承办:${shorten(who, 30)}${assignment.dueAt ? ` · ${formatDue(assignment.dueAt, now, calendar)}` : ''}`,
  ]
}

/** `/交办 列表`: what I gave and what I was given, the latest first. */
export function listCard(given: Assignment[], received: Assignment[], setting: Setting): Card {
  const lines = (some: Assignment[]): Block[] =>
    some.length
      ? some
          .flatMap(one => [
            text(...listLine(one, setting)),
            buttons({ label: '查看', action: 'assign.show', value: { id: one.id } }),
          ])
          .filter(block => block !== undefined)
      : [note('暂无')]
  return card(
    '交办 · 列表',
    'blue',
    text(bold('交办给我的')),
    ...lines(received),
    divider,
    text(bold('我交办的')),
    ...lines(given),
  )
}

/** What a form was opened or sent back with. */
export interface Prefill {
  title: string
  due: string
  people: string[]
  options: Option[]
  names: string
  /** The group for which it was opened; '' = none. */
  chat: string
  /** Why the form is shown instead of a finished assignment. */
  says: string | undefined
}

/** The form for a new assignment; its field names are read by `readForm`. */
export function assignForm(prefill: Prefill): Card {
  const { says, options } = prefill
  const inputs: Field[] = [
    ...(options.length
      ? [{ kind: 'people' as const, name: 'people', label: '交给', hint: '选择承办人', options, value: prefill.people }]
      : []),
    {
      kind: 'input',
      name: 'names',
      label: '其他承办人',
      hint: '直接写姓名,多人用顿号分隔',
      value: prefill.names,
      max: 200,
    },
    {
      kind: 'input',
      name: 'title',
      label: '事项',
      hint: '要办什么',
      value: prefill.title,
      required: true,
      lines: 3,
      max: LIMITS.title,
    },
    {
      kind: 'input',
      name: 'due',
      label: '完成时限(可不填)',
      hint: '如:明天下班前、12月7日17:30',
      value: prefill.due,
      max: 60,
    },
  ]
  return {
    ...card(
      '交办 · 填写',
      'grey',
      says ? text(says) : undefined,
      form('assign', inputs, [
        { label: '交办', action: 'assign.create', value: { chat: prefill.chat }, style: 'primary' },
      ]),
    ),
    summary: '[交办] 请填写交办事项',
  }
}

/** A submitted form, as `assignForm` names its fields; anything of another shape reads as empty. */
export function readForm(values: Record<string, unknown>): {
  people: string[]
  names: string
  title: string
  due: string
} {
  const word = (name: string) => (typeof values[name] === 'string' ? values[name] : '')
  const { people } = values
  return {
    people: Array.isArray(people) ? people.filter(id => typeof id === 'string').slice(0, LIMITS.assignees + 1) : [],
    names: word('names'),
    title: word('title'),
    due: word('due'),
  }
}

function spaced(pieces: Piece[]): Piece[] {
  return pieces.flatMap((piece, i) => (i ? [' ', piece] : [piece]))
}
