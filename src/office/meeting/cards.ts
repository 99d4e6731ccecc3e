import { actedWords, nameOf, saidWith } from '../../kit/acted.ts'
import {
  type Block,
  bold,
  type Card,
  type Colour,
  card,
  fields,
  fold,
  hidden,
  note,
  type Piece,
  type Tag,
  text,
  tint,
} from '../../kit/card.ts'
import { DECIDERS, openStep, type Step } from '../../kit/chain.ts'
import type { Finding } from '../../kit/finding.ts'
import { shorten } from '../../kit/text.ts'
import { formatDue, formatShort } from '../../kit/time.ts'
import { controls } from './controls.ts'
import { differences } from './differences.ts'
import { type MeetingMove, type MeetingState, meetingFlow } from './flow.ts'
import { type Actor, type Meeting, type MeetingWish, numberText, type Setting } from './meeting.ts'
import { guestWords, noticeBlocks, whenWords } from './notice.ts'
import { CLASSES, KINDS, SCOPES } from './terms.ts'
import { lastAct } from './words.ts'

/** What is shown beside the meeting itself. */
export interface Beside {
  /** Its history in words, oldest first. */
  history: readonly string[]
  /** What belongs to its replies, its room, its decisions. */
  more: readonly Block[]
  /** How many it asks, or would ask. */
  heads?: number
}

/** A meeting as its organiser and whoever decides see it; `viewer` undefined = everyone in a group, where no phone is shown. */
export function meetingCard(meeting: Meeting, viewer: Actor | undefined, beside: Beside, setting: Setting): Card {
  const { state, title, number, lastMove } = meeting
  const drawn = card(
    `会议 · ${meetingFlow.states[state]}`,
    colourOf(meeting, setting),
    text(bold(title), number ? ` · ${numberText(number)}` : ''),
    ...noticeBlocks(meeting, setting, viewer ? 'invited' : 'group'),
    sortWords(meeting, beside.heads),
    ...changeBlocks(meeting, setting),
    ...findingLines(meeting),
    isForbidden(meeting) ? note('存在不符合规定的情况,修改后方可发出。') : undefined,
    ...stepLines(meeting, setting),
    ...beside.more,
    lastMove && lastMove !== 'approve' ? note(lastAct(meeting, setting)) : undefined,
    beside.history.length && state !== 'draft'
      ? fold('办理过程', ...beside.history.slice(-SHOWN_HISTORY).map(line => note(line)))
      : undefined,
    ...controls(meeting, viewer, beside.heads ?? 0, setting),
  )
  return {
    ...drawn,
    tags: tagsOf(meeting),
    summary: `[会议] ${meetingFlow.states[state]}:${lineOf(meeting, setting)}`,
  }
}

const SHOWN_HISTORY = 15

const SETTLED: Partial<Record<MeetingState, Colour>> = {
  draft: 'grey',
  underway: 'green',
  ended: 'grey',
  cancelled: 'grey',
}
const SOON_MS = 2 * 3_600_000

export function colourOf(
  { state, startsAt }: Pick<Meeting, 'state' | 'startsAt'>,
  { now }: Pick<Setting, 'now'>,
): Colour {
  const settled = SETTLED[state]
  if (settled) return settled
  const isSoon = startsAt.getTime() - now.getTime() < SOON_MS
  if (state === 'submitted') return startsAt <= now ? 'red' : 'yellow'
  return isSoon ? 'yellow' : 'blue'
}

const tagsOf = ({ urgent, branches, was, state }: Meeting): Tag[] =>
  [
    urgent && { word: '紧急', colour: 'red' as const },
    was && state !== 'cancelled' && { word: '有变更', colour: 'yellow' as const },
    branches && { word: '视频', colour: 'blue' as const },
  ].filter(tag => typeof tag === 'object')

/** `业务会 · 本单位 · 三类会议 · 计划内 · 通知32人`. */
function sortWords({ kind, scope, class: level, planned, replyBy }: Meeting, heads: number | undefined): Block {
  const parts = [
    KINDS[kind],
    SCOPES[scope],
    level ? `${CLASSES[level]}会议` : '',
    planned ? '计划内' : '',
    heads === undefined ? '' : `通知${heads}人`,
    replyBy ? '' : '不要求回执',
  ]
  return note(parts.filter(part => part !== '').join(' · '))
}

/** A change that waits for its approval: as it stands, and as it would. */
function changeBlocks(meeting: Meeting, setting: Setting): Block[] {
  const { change } = meeting
  if (!change) return []
  const labels = differences(meeting, change)
  return [
    text(tint('yellow', '变更待审批'), ` ${labels.join('、')}`),
    fields(...sides(meeting, change, setting).map(([label, old, now]) => [label, `${old} → ${now}`] as const)),
  ]
}

/** Old and new side by side, of what can be said in a line. */
function sides(
  before: MeetingWish,
  after: MeetingWish,
  setting: Setting,
): Array<[label: string, old: string, now: string]> {
  const { names } = setting
  const rows: Array<[string, (wish: MeetingWish) => string]> = [
    ['名称', ({ title }) => title],
    ['时间', wish => whenWords(wish, setting)],
    ['地点', ({ place }) => place],
    ['主持', ({ presider }) => (presider ? nameOf(presider, names) : '未定')],
    ['参会', ({ guests, level }) => guestWords(guests, level, setting)],
  ]
  return rows
    .map(([label, of]): [string, string, string] => [label, of(before), of(after)])
    .filter(([, old, now]) => old !== now)
}

const SEVERITIES: Record<Finding['severity'], [word: string, colour: Colour]> = {
  F: ['不得召开', 'red'],
  A: ['须加签', 'yellow'],
  W: ['提示', 'yellow'],
}

const isForbidden = ({ state, findings }: Meeting): boolean =>
  state === 'draft' && findings.some(({ severity }) => severity === 'F')

/** What the rules say, the forbidden first. Once it is sent, whoever they add stands among the steps, with the reason. */
function findingLines({ findings, state }: Meeting): Block[] {
  const shown = state === 'draft' ? (['F', 'A', 'W'] as const) : state === 'submitted' ? (['W'] as const) : []
  return shown
    .flatMap(one => findings.filter(({ severity }) => severity === one))
    .map(({ severity, words, basis }) => {
      const [word, colour] = SEVERITIES[severity]
      return text(tint(colour, word), ` ${words}${basis ? `(依据:${basis})` : ''}`)
    })
}

/** Who decides in which order, with names, and what they decided. */
function stepLines(meeting: Meeting, setting: Setting): Block[] {
  const { steps, state } = meeting
  if (!steps.length) return state === 'draft' ? [note('无需审批,核对无误后可以发布。')] : []
  const open = state === 'submitted' ? openStep(meeting) : undefined
  const lines = steps.map((step, i) => text(`${i + 1}. `, ...stepWords(step, step === open, setting)))
  return [note(state === 'draft' ? '送审后的审批流程' : '审批情况'), ...lines]
}

function stepWords({ by, why, people, decision }: Step, isOpen: boolean, { now, names }: Setting): Piece[] {
  if (decision) {
    const acted = actedWords('已同意', decision.by, decision.inPlaceOf, names)
    const said = saidWith('同意', decision.word, false)
    return [`${DECIDERS[by]} ${acted} · ${formatShort(decision.at, now)}${said}`]
  }
  const who = people.map(person => nameOf(person, names)).join('、')
  return [`${DECIDERS[by]} `, bold(who), `${why.length ? `(${why.join(';')})` : ''}${isOpen ? ' · 待审批' : ''}`]
}

/** `会〔2026〕31号 11月27日(周五)14:30 安全生产例会`. */
export const lineOf = (meeting: Meeting, { now }: Pick<Setting, 'now'>): string =>
  `${meeting.number ? `${numberText(meeting.number)} ` : ''}${formatShort(meeting.startsAt, now)} ${shorten(meeting.title, 30)}`

/** What is left of a card whose holder may not see the meeting (any more). */
export const hiddenCard = (): Card => hidden('会议', '未找到该会议,或您无权查看。')

/** One line in a list. */
export function listLine(meeting: Meeting, setting: Setting): Piece[] {
  const { now, customs } = setting
  const { state, title, number, startsAt, place } = meeting
  return [
    tint(colourOf(meeting, setting), meetingFlow.states[state]),
    ' ',
    bold(shorten(title, 30)),
    `${number ? ` · ${numberText(number)}` : ''} · ${formatDue(startsAt, now, customs.calendar)} · ${shorten(place, 20)}`,
  ]
}

/** Moves that say who has to act on a meeting next. */
export const WAITED: readonly MeetingMove[] = ['submit', 'publish', 'approve']
