import { peopleById } from '../../db/people.ts'
import { colleagues, peopleNamedIn } from '../../db/people-meant.ts'
import { getTask, holdTask, saveTask } from '../../db/task.ts'
import type { Action, Answer, Said, Turn } from '../../src/bot/feature.ts'
import type { Person } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { readRequest, type Said as SaidPiece } from '../../src/kit/request.ts'
import { formatInstant } from '../../src/kit/time.ts'
import { drawnUp } from '../../src/office/task/assists.ts'
import { checkWish, doubtAboutVagueness, type Labelled, readLabels } from '../../src/office/task/draft.ts'
import { type Prefill, prefillOf, readTaskForm, taskForm } from '../../src/office/task/form.ts'
import { withCommon } from '../../src/office/task/lines.ts'
import { moved } from '../../src/office/task/moves.ts'
import { movesOpen } from '../../src/office/task/roles.ts'
import { EXAMPLE, type Task, type Wish } from '../../src/office/task/task.ts'
import { SOURCES } from '../../src/office/task/terms.ts'
import { defaultDue, type Worktime } from '../../src/office/task/worktime.ts'
import { asOptions, doubtAboutPeople, peopleMeant, settle } from '../named.ts'
import { onceFrom } from '../once.ts'
import { keepPhone, phoneOf } from '../phone.ts'
import { draftingFor, putOnFile, refuseBearers } from '../task-draft.ts'
import { decide } from './act.ts'
import { linesChanged } from './history.ts'
import { actorIn, FEATURE, idOf, refuseStrangers, settingOf, worktime } from './setting.ts'
import { doubtAboutTime, readDeadline, readTime } from './when.ts'

const MOST_OPTIONS = 40

/** What was understood of a line; `doubt` says why it is no draft yet. */
export interface Understood extends Labelled {
  people: Person[]
  candidates: Person[]
  unknown: string[]
  title: string
  dueAt: Date | undefined
  dueSaid: string | undefined
}

/** `/督办 @王强 @李静 报送平安建设半年总结 12月7日下班前 来源:会议议定 加急`: a draft when it is clear, else a form with what was understood. */
export async function make(turn: Turn, said: Said): Promise<Answer> {
  refuseOthers(turn)
  const understood = await understand(turn, said, turn.chat.id)
  if (understood.doubt !== undefined) return { say: { card: await formFor(turn, understood) }, privately: true }
  const [lead, ...assistants] = understood.people
  const wish = await wishOf(turn, {
    ...understood,
    lead,
    phone: understood.phone || (await phoneOf(turn, turn.who.id)),
    assistDueAt: undefined,
    source: understood.source ?? 'QT',
    urgency: understood.urgency ?? 'normal',
    frequency: understood.frequency ?? 'once',
    previous: undefined,
  })
  const task = await keepDraft(turn, wish, assistants)
  return { say: { matter: { feature: FEATURE, id: String(task.id) } }, privately: true }
}

/** Who may put a matter on file (domain.md 1.3). */
export function refuseOthers(turn: Turn): void {
  if (!draftingFor(turn))
    throw new Refusal(
      '督办立项仅限主要领导、分管领导、办公室主任和督办员;一般事项请用 /交办',
      '/交办 @李静 明天下班前把投影仪修好',
    )
}

type Reading = Pick<Turn, 'db' | 'now' | 'office'>

/** What a line says; `chat`: whoever is there is meant first where a name is shared. */
export async function understand(
  turn: Reading,
  said: Pick<Said, 'text' | 'pieces'>,
  chat: string,
  common?: Labelled,
): Promise<Understood> {
  const directory = await peopleNamedIn(turn.db, said.text, chat)
  const request = readRequest(said.pieces.map(asSaidPiece), directory)
  const ids = request.named.filter(one => one.kind === 'mention').map(one => one.id)
  const named = settle(request.named, await peopleById(turn.db, ids))
  const own = readLabels(request.text)
  const labels = common ? withCommon(own, common) : own
  const time = await readTime(turn, labels.text)
  const title = named.people.length === 1 ? time.rest.replace(LEADING, '') : time.rest
  const doubt =
    doubtAboutPeople(named) ??
    (named.people.length ? undefined : '请选择牵头人。') ??
    doubtAboutTime(time.kind) ??
    (title ? undefined : '请写明督办事项。') ??
    labels.doubt ??
    (time.dueAt ? undefined : doubtAboutVagueness(labels.text)) ??
    time.proposal?.says
  return { ...labels, ...named, title, dueAt: time.proposal?.dueAt ?? time.dueAt, dueSaid: labels.text, doubt }
}

/** Behind the one who is named: who stands first leads. */
const LEADING = /^(?:牵头|主办)[,\uff0c;\uff1b]\s*/

export interface Meant {
  lead: Person | undefined
  title: string
  content: string
  dueAt: Date | undefined
  dueSaid: string | undefined
  assistDueAt: Date | undefined
  source: Wish['source']
  basis: string
  urgency: Wish['urgency']
  frequency: Wish['frequency']
  leader: string
  phone: string
  scope: string
  previous: number | undefined
}

async function wishOf(turn: Turn, meant: Meant): Promise<Wish> {
  const { lead, leader, scope } = meant
  if (!lead) throw new Refusal('请选择牵头人', EXAMPLE)
  const [named] = leader ? await namedPeople(turn, leader) : []
  const informed = scope ? await namedPeople(turn, scope) : []
  return wishFrom(meant, lead, { leader: named, scope: informed }, turn.now, await worktime(turn))
}

export function wishFrom(
  meant: Meant,
  lead: Person,
  named: { leader: Person | undefined; scope: Person[] },
  now: Date,
  work: Worktime,
): Wish {
  const { dueAt, urgency } = meant
  return {
    title: meant.title,
    content: meant.content,
    source: meant.source,
    basis: meant.basis,
    urgency,
    frequency: meant.frequency,
    lead: lead.id,
    leadUnit: lead.departments[0] ?? '',
    leader: named.leader?.id,
    phone: meant.phone,
    dueAt: dueAt ?? defaultDue(now, urgency, work),
    dueByDefault: dueAt === undefined,
    dueSaid: dueAt && meant.dueSaid,
    dueSaidAt: dueAt && now,
    assistDueAt: meant.assistDueAt,
    scope: named.scope.map(person => person.id),
    previous: meant.previous,
  }
}

/** People by their names, all of whom must be known and meant without doubt. */
export async function namedPeople(turn: Turn, names: string): Promise<Person[]> {
  const { people, doubt } = await peopleMeant(turn, names, turn.chat.id)
  if (doubt) throw new Refusal(doubt)
  return people
}

async function keepDraft(turn: Turn, wish: Wish, assistants: Person[]): Promise<Task> {
  await refuseBearers(turn, [wish.lead, ...assistants.map(one => one.id)])
  return putOnFile(turn, wish, unitsFor(assistants))
}

export const unitsFor = (people: Person[]) => people.map(({ id, departments }) => ({ id, unit: departments[0] ?? '' }))

/** The submitted form of a new task. */
export const create: Action = async (turn, press) => {
  refuseOthers(turn)
  await onceFrom(turn, press)
  const { form, value } = press
  const previous = value.previous === undefined ? undefined : await previousOf(turn, value.previous)
  const { wish, assistants } = await readWish(turn, form, previous)
  const task = await keepDraft(turn, wish, assistants)
  if (previous !== undefined) await takenNote(turn, previous)
  return { toast: { kind: 'success', words: '已拟办' }, fresh: { matter: { feature: FEATURE, id: String(task.id) } } }
}

/** DB-12: whoever gives a new instruction on a result has taken note of it. */
async function takenNote(turn: Turn, id: number): Promise<void> {
  const task = await getTask(turn.db, id)
  const by = actorIn(turn)
  const open = movesOpen(task, by, await settingOf(turn, task)).includes('acknowledge')
  if (open) await decide(turn, id, { move: 'acknowledge', by, seenRev: undefined, word: '' })
}

async function previousOf(turn: Turn, value: unknown): Promise<number> {
  const task = await getTask(turn.db, idOf(value))
  refuseStrangers(task, actorIn(turn), await settingOf(turn, task))
  return task.id
}

async function readWish(
  turn: Turn,
  form: Record<string, unknown>,
  previous: number | undefined,
): Promise<{ wish: Wish; assistants: Person[] }> {
  const words = readTaskForm(form)
  const chosen = await peopleById(
    turn.db,
    [words.lead, ...words.assistants].filter(id => id !== ''),
  )
  const typed = words.names ? await namedPeople(turn, words.names) : []
  const chosenLead = chosen.find(person => person.id === words.lead)
  const [firstTyped, ...restTyped] = typed
  const lead = chosenLead ?? firstTyped
  const others = [...chosen.filter(person => words.assistants.includes(person.id)), ...(chosenLead ? typed : restTyped)]
  const assistants = [
    ...new Map(others.filter(person => person.id !== lead?.id).map(person => [person.id, person])).values(),
  ]
  const wish = await wishOf(turn, {
    ...words,
    lead,
    dueAt: words.due ? await readDeadline(turn, words.due) : undefined,
    dueSaid: words.due,
    assistDueAt: words.assistDue ? await readDeadline(turn, words.assistDue) : undefined,
    previous,
  })
  return { wish, assistants }
}

/** 修改: pressed on the draft it opens the form, pressed on the form it saves. */
export const edit: Action = async (turn, { form, value }) => {
  const before = await holdTask(turn.db, idOf(value.id))
  const actor = actorIn(turn)
  const setting = await settingOf(turn, before)
  refuseStrangers(before, actor, setting)
  const seenRev = typeof value.rev === 'number' ? value.rev : undefined
  const after = moved(before, { move: 'edit', by: actor, seenRev, word: '' }, setting)
  if (typeof form.title !== 'string')
    return { fresh: { card: taskForm(prefillOf(before, await optionsFor(turn, before), setting)) } }
  if (seenRev !== before.rev) throw new Refusal('卡片已过期,请以最新卡片为准')
  const { wish, assistants } = await readWish(turn, form, before.previous)
  await refuseBearers(turn, [wish.lead, ...assistants.map(one => one.id)])
  const units = unitsFor(assistants)
  const checked = checkWish(
    wish,
    assistants.map(one => one.id),
    turn.now,
  )
  if (checked.phone !== before.phone) await keepPhone(turn, before.maker, checked.phone)
  const changed = { ...after, ...checked, ...drawnUp(units, checked, turn.now, before) }
  await saveTask(turn.db, before, changed)
  turn.record({
    feature: FEATURE,
    act: 'edit',
    matter: String(before.id),
    data: {
      from: 'draft',
      to: 'draft',
      dueBefore: before.dueAt?.toISOString() ?? null,
      dueAfter: wish.dueAt?.toISOString() ?? null,
      ...(checked.lead === before.lead ? {} : { lead: checked.lead }),
      ...(checked.title === before.title ? {} : { title: checked.title }),
      ...(checked.content === before.content ? {} : { content: checked.content }),
      ...linesChanged(before, changed),
    },
  })
  turn.redraw(FEATURE, String(before.id))
  return { toast: { kind: 'success', words: '已修改' }, fresh: { matter: { feature: FEATURE, id: String(before.id) } } }
}

/** 再交办: a new task that comes of a closed one, prefilled with whom and what. */
export const again: Action = async (turn, { value }) => {
  refuseOthers(turn)
  const task = await getTask(turn.db, idOf(value.id))
  const setting = await settingOf(turn, task)
  refuseStrangers(task, actorIn(turn), setting)
  moved(task, { move: 'again', by: actorIn(turn), seenRev: undefined, word: '' }, setting)
  const prefill = prefillOf(task, await optionsFor(turn, task), setting)
  const card = taskForm({
    ...prefill,
    phone: await phoneOf(turn, turn.who.id),
    due: '',
    assistDue: '',
    says: '根据办理结果再次交办,请核对后提交。',
    draft: undefined,
    previous: task.id,
  })
  return { say: { card }, privately: true, toast: { kind: 'success', words: '请在新卡片中填写' } }
}

async function optionsFor(turn: Turn, task: Task) {
  const own = await peopleById(turn.db, [task.lead, ...task.assists.map(one => one.person)])
  return asOptions(turn, offered(own, await colleagues(turn.db, turn.who, turn.chat.id, MOST_OPTIONS)))
}

const offered = (first: Person[], near: Person[]): Person[] =>
  [...new Map([...first, ...near].map(person => [person.id, person])).values()].slice(0, MOST_OPTIONS)

async function formFor(turn: Turn, understood: Understood) {
  const { people, candidates, unknown, dueAt, doubt, source, urgency, frequency } = understood
  const near = await colleagues(turn.db, turn.who, turn.chat.id, MOST_OPTIONS)
  const [lead, ...assistants] = people
  const prefill: Prefill = {
    lead: lead?.id ?? '',
    assistants: assistants.map(one => one.id),
    names: unknown.join('、'),
    title: understood.title,
    content: source && SOURCES[source].referenceOnly ? '' : understood.content,
    due: dueAt ? formatInstant(dueAt) : '',
    assistDue: '',
    source: source ?? 'QT',
    basis: understood.basis,
    urgency: urgency ?? 'normal',
    frequency: frequency ?? 'once',
    leader: understood.leader,
    phone: understood.phone || (await phoneOf(turn, turn.who.id)),
    scope: understood.scope,
    options: await asOptions(turn, offered([...candidates, ...people], near)),
    says: doubt,
    draft: undefined,
    previous: undefined,
  }
  return taskForm(prefill)
}

function asSaidPiece(piece: Said['pieces'][number]): SaidPiece {
  if (typeof piece === 'string') return piece
  if (piece.kind === 'person') return { id: piece.id, name: piece.name }
  if (piece.kind === 'all') throw new Refusal('督办须落实到人,不能交给所有人', EXAMPLE)
  return piece.name
}
