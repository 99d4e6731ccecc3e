import { actedWords, saidWith } from '../../kit/acted.ts'
import { openMoves, step } from '../../kit/flow.ts'
import type { Person } from '../../kit/person.ts'
import { AlreadySo, Refusal } from '../../kit/refusal.ts'
import { opening } from '../../kit/text.ts'
import { type Calendar, formatShort } from '../../kit/time.ts'
import { type AssignMove, assignFlow, type ShareRole, type ShareState } from './flow.ts'

/** A 交办: one matter, handed to one or several people, each of whom answers for an own share. */
export interface Assignment {
  id: number
  giver: string
  title: string
  /** The group it was given in; '' = in private. */
  chat: string
  dueAt: Date | undefined
  createdAt: Date
  rev: number
  shares: Share[]
  notes: Note[]
}

export interface Share {
  assignee: string
  place: number
  state: ShareState
  /** The assignment's revision at which this share last moved. */
  rev: number
  word: string
  /** What was reported on finishing; stays when the giver has confirmed it. */
  result: string
  movedBy: string
  movedAt: Date
  finishedAt: Date | undefined
}

export interface Note {
  by: string
  at: Date
  text: string
  /** By reference: the message they came in and their key there. */
  attachments: Array<{ kind: 'file' | 'image'; name: string; key: string; message: string }>
}

/** The words from which a deadline was reckoned, and by which calendar: another calendar may move it. */
export interface Reckoning {
  dueSaid: string
  calendarId: string
}

export interface NewAssignment {
  assignment: Pick<Assignment, 'giver' | 'title' | 'chat' | 'dueAt' | 'createdAt'> & Partial<Reckoning>
  shares: Share[]
}

export const LIMITS = { assignees: 20, title: 300, word: 500, notes: 200 } as const
export const EXAMPLE = '/交办 @李静 明天下班前把投影仪修好'

/** What somebody asks for, before it is held against the rules. */
export interface Draft {
  assignees: Person[]
  title: string
  dueAt: Date | undefined
  reckoning?: Reckoning | undefined
}

/** @throws Refusal naming what is missing or too much. */
export function handOver(giver: Person, draft: Draft, chat: string, now: Date): NewAssignment {
  const title = draft.title.trim()
  if (!draft.assignees.length) throw new Refusal('请写明交给谁办理', EXAMPLE)
  if (!title) throw new Refusal('请写明交办事项', EXAMPLE)
  if (draft.assignees.length > LIMITS.assignees) throw new Refusal(`一次最多交给${LIMITS.assignees}人`)
  if (title.length > LIMITS.title) throw new Refusal(`交办事项请控制在${LIMITS.title}字以内`)
  if (draft.dueAt && draft.dueAt <= now) throw new Refusal('完成时限已经过去', EXAMPLE)
  const gone = draft.assignees.find(person => !person.active)
  if (gone) throw new Refusal(`${gone.name || '该人员'}的账号已停用,不能交办`)
  return {
    assignment: { giver: giver.id, title, chat, dueAt: draft.dueAt, createdAt: now, ...draft.reckoning },
    shares: draft.assignees.map((person, place) => ({
      assignee: person.id,
      place,
      state: assignFlow.start,
      rev: 1,
      word: '',
      result: '',
      movedBy: giver.id,
      movedAt: now,
      finishedAt: undefined,
    })),
  }
}

const UNSETTLED: ShareState[] = ['assigned', 'underway', 'finished']

/**
 * 移交: what somebody who leaves has to do, and what they wait for, becomes another's. Whoever has a share of their own gets no second:
 * if theirs is over, they have it anew.
 */
export function handedOver(
  assignment: Assignment,
  { from, to, by }: { from: Person; to: Person; by: string },
  now: Date,
): Assignment {
  const rev = assignment.rev + 1
  const own = assignment.shares.find(({ assignee }) => assignee === to.id)
  const left = assignment.shares.find(({ assignee, state }) => assignee === from.id && UNSETTLED.includes(state))
  const begins = own && left && !UNSETTLED.includes(own.state)
  const act = { rev, word: `${from.name}名下事项移交${to.name}`, movedBy: by, movedAt: now }
  const given = (share: Share): Share => {
    if (own) return { ...share, ...act, state: 'cancelled' }
    return share.state === 'finished'
      ? { ...share, assignee: to.id, rev }
      : { ...share, ...act, assignee: to.id, state: assignFlow.start }
  }
  return {
    ...assignment,
    rev,
    giver: assignment.giver === from.id ? to.id : assignment.giver,
    shares: assignment.shares.map(share => {
      if (share === left) return given(share)
      if (share !== own || !begins) return share
      // what was reported as done still waits to be confirmed
      const { state, result, finishedAt } = left
      return state === 'finished'
        ? { ...share, ...act, state, result, finishedAt }
        : { ...share, ...act, state: assignFlow.start, result: '', finishedAt: undefined }
    }),
  }
}

/** What somebody is to one share. */
export function rolesIn(assignment: Assignment, share: Share, person: string): ShareRole[] {
  const roles: ShareRole[] = []
  if (share.assignee === person) roles.push('assignee')
  if (assignment.giver === person) roles.push('giver')
  return roles
}

/** A press: the move, whose share (undefined = the presser's own, or for the giver all that allow it), and the revision seen. */
export interface Press {
  move: AssignMove
  by: string
  assignee: string | undefined
  seenRev: number | undefined
  word: string
}

/**
 * The assignment after a press.
 * @throws Refusal when it is not for the presser, not possible (any more), decided on an outdated card, or lacks its reason.
 */
export function moved(
  assignment: Assignment,
  press: Press,
  { now, names }: Pick<Setting, 'now' | 'names'>,
): Assignment {
  const { button, asks } = assignFlow.moves[press.move]
  const touched = sharesMeant(assignment, press, { now, names })
  const word = press.word.trim()
  if (asks === 'reason' && !word) throw new Refusal(`请填写${button}的理由`)
  if (word.length > LIMITS.word) throw new Refusal(`说明请控制在${LIMITS.word}字以内`)
  const rev = assignment.rev + 1
  const next = new Map(touched.map(share => [share.assignee, movedShare(assignment, share, press, { word, rev, now })]))
  return { ...assignment, rev, shares: assignment.shares.map(share => next.get(share.assignee) ?? share) }
}

function sharesMeant(
  assignment: Assignment,
  { move, by, assignee, seenRev }: Press,
  { now, names }: Pick<Setting, 'now' | 'names'>,
): Share[] {
  const { by: role, button } = assignFlow.moves[move]
  const theirs = assignment.shares.filter(share => rolesIn(assignment, share, by).includes(role))
  const named = assignee === undefined ? theirs : theirs.filter(share => share.assignee === assignee)
  const [first] = named
  if (!first) throw new Refusal(`此按钮仅限${assignFlow.roles[role]}使用`)
  const open = named.filter(share => openMoves(assignFlow, share.state, [role]).includes(move))
  const outdated = seenRev !== undefined && open.some(share => share.rev > seenRev)
  if (outdated) throw new Refusal('卡片已过期,请以最新卡片为准')
  if (!open.length)
    throw new AlreadySo(first.state === 'assigned' ? `${button}前须先由承办人办理` : lastAct(first, { now, names }))
  return open
}

/** What the wording of an act needs to know. */
export interface Setting {
  now: Date
  names: ReadonlyMap<string, string>
  calendar: Calendar
}

const ACTS: Record<ShareState, string> = {
  assigned: '已交办',
  underway: '已签收',
  finished: '已完成',
  confirmed: '已确认完成',
  returned: '已退回',
  cancelled: '已取消',
}

/** The last decision in its place: `李静 已签收 · 11月26日(周四)10:32 · 说明:…`. */
export function lastAct(share: Share, { now, names }: Pick<Setting, 'now' | 'names'>): string {
  const redone = share.state === 'underway' && share.movedBy !== share.assignee
  const act = redone ? '已退回重做' : ACTS[share.state]
  const said = saidWith(act, share.word, share.state === 'returned' || redone)
  return `${actedWords(act, share.movedBy, undefined, names)} · ${formatShort(share.movedAt, now)}${said}`
}

function movedShare(
  assignment: Assignment,
  share: Share,
  { move, by }: Press,
  { word, rev, now }: { word: string; rev: number; now: Date },
): Share {
  const state = step(assignFlow, share.state, move, rolesIn(assignment, share, by))
  const act = { state, rev, word, movedBy: by, movedAt: now }
  if (move === 'finish') return { ...share, ...act, result: word, finishedAt: now }
  return move === 'redo' ? { ...share, ...act, result: '', finishedAt: undefined } : { ...share, ...act }
}

const OPEN: ShareState[] = ['assigned', 'underway']

/** Time has run out on something that nobody has reported done. */
export function isOverdue(assignment: Assignment, share: Share, now: Date): boolean {
  return assignment.dueAt !== undefined && OPEN.includes(share.state) && now > assignment.dueAt
}

/** Reported after its time. */
export function wasLate(assignment: Assignment, share: Share): boolean {
  return assignment.dueAt !== undefined && share.finishedAt !== undefined && share.finishedAt > assignment.dueAt
}

/** The state of the whole: that of the share which is least far. */
export function stateOf(assignment: Assignment): ShareState {
  const order: ShareState[] = ['assigned', 'underway', 'finished', 'confirmed', 'returned', 'cancelled']
  return order.find(state => assignment.shares.some(share => share.state === state)) ?? 'cancelled'
}

/** Whether a person may see it at all: the giver, the assignees, and whoever sits in the group it was given in. */
export function maySee(assignment: Assignment, person: string, inItsChat: boolean): boolean {
  return assignment.giver === person || inItsChat || assignment.shares.some(share => share.assignee === person)
}

/** A reply in the card's thread that does what a button does (product.md 2): the move and what was said with it. “完成不了” does nothing of the kind. */
export function moveInWords(text: string): { move: AssignMove; word: string } | undefined {
  const { head, word } = opening(text)
  const move = WORDS[head]
  if (!move || (head === '收到' && word)) return undefined
  return { move, word }
}

const WORDS: Record<string, AssignMove> = {
  收到: 'accept',
  签收: 'accept',
  已完成: 'finish',
  完成: 'finish',
  退回: 'return',
  确认完成: 'confirm',
  退回重做: 'redo',
}
