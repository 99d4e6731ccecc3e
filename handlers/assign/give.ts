import { openAssignment } from '../../db/assign.ts'
import { isMember, peopleById } from '../../db/people.ts'
import { colleagues, peopleNamedIn } from '../../db/people-meant.ts'
import type { Action, Answer, Command, Said, Turn } from '../../src/bot/feature.ts'
import { deadlineOf, proposalFor, readTime } from '../../src/kit/customs.ts'
import type { Person } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { readRequest, type Said as SaidPiece } from '../../src/kit/request.ts'
import { bareTitle } from '../../src/kit/text.ts'
import { formatInstant } from '../../src/kit/time.ts'
import { type Assignment, type Draft, EXAMPLE, handOver } from '../../src/office/assign/assignment.ts'
import { assignForm, readForm } from '../../src/office/assign/cards.ts'
import { customs } from '../customs.ts'
import { asOptions, doubtAboutPeople, settle } from '../named.ts'
import { onceFrom } from '../once.ts'

const MOST_OPTIONS = 40

/** What was understood of a request; `doubt` says why it cannot be handed over as it stands. */
interface Understood extends Draft {
  candidates: Person[]
  /** Names that nobody has, as typed. */
  unknown: string[]
  doubt: string | undefined
}

/** `/交办 @李静 明天下班前把投影仪修好`: handed over at once when it is clear, else a form with what was understood. */
export const give: Command['run'] = async (turn, said) => {
  const understood = await understand(turn, said.pieces.map(asSaidPiece), said.text)
  if (understood.doubt !== undefined) return formAnswer(turn, understood)
  const given = await handOut(turn, understood, turn.chat.kind === 'group' ? turn.chat.id : '')
  return { say: { matter: { feature: 'assign', id: String(given.id) } } }
}

/** The submitted form. Where it was opened for a group, the card goes there, if the presser sits in it. */
export const create: Action = async (turn, press) => {
  await onceFrom(turn, press)
  const { form, value } = press
  const { people, names, title, due } = readForm(form)
  const chosen = await peopleById(turn.db, people)
  const directory = names ? await peopleNamedIn(turn.db, names, turn.chat.id) : []
  const typed = readRequest([names.replace(/^(?=\S)/, '@')], directory)
  const named = settle(typed.named, [])
  const doubt = doubtAboutPeople(named) ?? (typed.text ? `未找到“${typed.text}”` : undefined)
  if (doubt) throw new Refusal(doubt)
  const time = await readDue(turn, due)
  const group = await groupOf(turn, value.chat)
  const assignees = [...new Map([...chosen, ...named.people].map(person => [person.id, person])).values()]
  const given = await handOut(turn, { assignees, title, ...time }, group)
  const matter = { feature: 'assign', id: String(given.id) }
  if (group) turn.send({ to: { chat: group }, body: { matter }, urgent: true })
  return { toast: { kind: 'success', words: '已交办' }, fresh: { matter } }
}

/**
 * Keeps the assignment and lets those know who do not see the card where it was given: at any hour, as if the giver had written to
 * them, for it is asked for at that very time (GEN-07); what goes through approvals and ledgers waits for the morning.
 */
async function handOut(turn: Turn, draft: Draft, group: string): Promise<Assignment> {
  const given = await openAssignment(turn.db, handOver(turn.who, draft, group, turn.now))
  const matter = String(given.id)
  turn.record({
    feature: 'assign',
    act: 'assign',
    matter,
    data: { to: draft.assignees.map(one => one.id), dueAt: draft.dueAt?.toISOString() ?? null },
  })
  for (const { id } of draft.assignees) {
    const sees = id === turn.who.id || (group !== '' && (await isMember(turn.db, group, id)))
    if (!sees) turn.send({ to: { person: id }, body: { matter: { feature: 'assign', id: matter } }, urgent: true })
  }
  return given
}

async function understand(turn: Turn, pieces: SaidPiece[], words: string): Promise<Understood> {
  const directory = await peopleNamedIn(turn.db, words, turn.chat.id)
  const request = readRequest(pieces, directory)
  const mentioned = await peopleById(
    turn.db,
    request.named.filter(one => one.kind === 'mention').map(one => one.id),
  )
  const named = settle(request.named, mentioned)
  const inForce = await customs(turn)
  const time = readTime(request.text, turn.now, inForce)
  const due = deadlineOf(time, inForce)
  const proposal = due && proposalFor(due, turn.now, inForce)
  const title = due ? bareTitle(time.rest) : request.text
  const doubt =
    doubtAboutPeople(named) ??
    (named.people.length ? undefined : '请选择交给谁办理。') ??
    doubtAboutTime(time.kind) ??
    (title ? undefined : '请写明交办事项。') ??
    proposal?.says
  return {
    assignees: named.people,
    candidates: named.candidates,
    unknown: named.unknown,
    title,
    dueAt: proposal?.dueAt ?? due,
    ...(due && { reckoning: { dueSaid: request.text, calendarId: inForce.calendarId } }),
    doubt,
  }
}

function doubtAboutTime(kind: string): string | undefined {
  if (kind === 'invalid') return '所写的时间不存在,或不止一个,请重新填写完成时限,例如:12月7日下班前。'
  if (kind === 'past') return '所写的时间已经过去,请重新填写完成时限,例如:明天下班前。'
  if (kind === 'recurrence') return '交办事项只能有一个完成时限,请填写具体时间,例如:本周五下班前。'
  return undefined
}

async function readDue(turn: Turn, due: string): Promise<Pick<Draft, 'dueAt' | 'reckoning'>> {
  if (!due.trim()) return { dueAt: undefined }
  const inForce = await customs(turn)
  const time = readTime(due, turn.now, inForce)
  const read = deadlineOf(time, inForce)
  if (!read || bareTitle(time.rest))
    throw new Refusal(doubtAboutTime(time.kind) ?? `未能识别完成时限“${due}”,例如:12月7日下班前`)
  return { dueAt: read, reckoning: { dueSaid: due, calendarId: inForce.calendarId } }
}

/** Only a group in which the presser sits counts; what the card carried is not believed. */
async function groupOf(turn: Turn, chat: unknown): Promise<string> {
  if (typeof chat !== 'string' || !chat) return ''
  return (await isMember(turn.db, chat, turn.who.id)) ? chat : ''
}

async function formAnswer(turn: Turn, understood: Understood): Promise<Answer> {
  const { assignees, candidates, unknown, title, dueAt, doubt } = understood
  const near = await colleagues(turn.db, turn.who, turn.chat.id, MOST_OPTIONS)
  const offered = [
    ...new Map([...candidates, ...assignees, ...near].map(person => [person.id, person])).values(),
  ].slice(0, MOST_OPTIONS)
  const prefill = {
    title,
    due: dueAt ? formatInstant(dueAt) : '',
    people: assignees.map(person => person.id),
    options: await asOptions(turn, offered),
    names: unknown.join('、'),
    says: doubt,
    chat: turn.chat.kind === 'group' ? turn.chat.id : '',
  }
  return { say: { card: assignForm(prefill) }, privately: true }
}

function asSaidPiece(piece: Said['pieces'][number]): SaidPiece {
  if (typeof piece === 'string') return piece
  if (piece.kind === 'person') return { id: piece.id, name: piece.name }
  if (piece.kind === 'all') throw new Refusal('交办须落实到人,不能交给所有人', EXAMPLE)
  return piece.name
}
