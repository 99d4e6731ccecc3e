import { holdLines } from '../../db/calm.ts'
import { setting } from '../../db/settings.ts'
import { getTask, holdTask, saveTask } from '../../db/task.ts'
import { takeNumber } from '../../db/task-number.ts'
import type { Action, Answer, Press, Said, Turn } from '../../src/bot/feature.ts'
import { nameOf } from '../../src/kit/acted.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { formatInstant } from '../../src/kit/time.ts'
import { released } from '../../src/office/task/assists.ts'
import { releasedCard } from '../../src/office/task/cards.ts'
import { type AssistMove, assistFlow, type TaskMove, taskFlow } from '../../src/office/task/flow.ts'
import { ENDED } from '../../src/office/task/light.ts'
import { assisted, moved } from '../../src/office/task/moves.ts'
import { WORD } from '../../src/office/task/number.ts'
import { recordedCard } from '../../src/office/task/record.ts'
import { checkersFor, hears, lineOf, whyNot } from '../../src/office/task/roles.ts'
import {
  actWord,
  giverOf,
  headOf,
  lastLine,
  type Setting,
  type Task,
  type TaskPress,
} from '../../src/office/task/task.ts'
import { URGENCIES } from '../../src/office/task/terms.ts'
import { moveInWords } from '../../src/office/task/words.ts'
import { waitsForMorning } from '../calm.ts'
import { followOrigin } from '../decided.ts'
import { refuseBearers } from '../task-draft.ts'
import { READ_LATER } from '../tell.ts'
import { redrawAlike } from './alike.ts'
import { noteMove } from './history.ts'
import { nudges } from './nudge.ts'
import { withPhone } from './phone.ts'
import {
  decidersOf,
  deputiesBeside,
  type Letters,
  LISTENERS,
  listenersOf,
  officeHolders,
  takersOf,
} from './recipients.ts'
import { actorIn, echoOf, FEATURE, idOf, refuseStrangers, settingOf } from './setting.ts'
import { readDeadline } from './when.ts'

/** A button: the move, with what the form beside it says. */
export function press(move: TaskMove): Action {
  return async (turn, pressed) => {
    const said = await readPress(turn, pressed)
    const after = await decide(turn, idOf(pressed.value.id), { move, by: actorIn(turn), ...said })
    return { toast: { kind: 'success', words: toastOf(after) + (await laterNote(turn, after)) } }
  }
}

/** Moves of which somebody else is to hear. */
const FOR_OTHERS: Array<Task['lastMove']> = ['assign', 'submit', 'approve', 'finish', 'extend', 'nudge']

/** At night whoever presses knows that the others read it in the morning. */
async function laterNote(turn: Turn, { lastMove, urgency }: Task): Promise<string> {
  const waits = FOR_OTHERS.includes(lastMove) && !URGENCIES[urgency].always && (await waitsForMorning(turn))
  return waits ? READ_LATER : ''
}

export const toastOf = (task: Task): string => (task.lastMove ? actWord(task.lastMove) : '已保存')

async function readPress(turn: Turn, { value, form }: Press): Promise<Omit<TaskPress, 'move' | 'by'>> {
  const said = (name: string): string => (typeof form[name] === 'string' ? form[name].trim() : '')
  const percent = said('percent').replace(/[%\uff05]$/, '')
  if (percent && !/^\d{1,3}$/.test(percent)) throw new Refusal('进度请填写0到100之间的数')
  return {
    seenRev: typeof value.rev === 'number' ? value.rev : undefined,
    word: said('word_own') || said('word_office'),
    problem: said('problem'),
    measures: said('measures'),
    leadPhone: said('leadPhone'),
    percent: percent ? Number(percent) : undefined,
    archiveNo: said('archiveNo'),
    until: said('until') ? await readDeadline(turn, said('until')) : undefined,
  }
}

/** Moves by which it comes to those who are to bear it, or nearer to them. */
const GIVING: TaskMove[] = ['assign', 'submit', 'approve', 'uphold']

/** To whom a move gives it; a 变更 gives it to those who did not bear it before. */
function givenTo(move: TaskMove, before: Task, { lead, assists }: Task): string[] {
  const bearers = [lead, ...assists.filter(({ state }) => state !== 'finished').map(({ person }) => person)]
  if (move !== 'grantChange') return GIVING.includes(move) ? bearers : []
  return bearers.filter(id => id !== before.lead && !before.assists.some(({ person }) => person === id))
}

/** Reads, asks the rules, saves, and lets those know who wait for it. */
export async function decide(turn: Turn, id: number, asked: TaskPress): Promise<Task> {
  const before = await holdTask(turn.db, id)
  const setting = await settingOf(turn, before)
  refuseStrangers(before, asked.by, setting)
  const unnumbered = await withPhone(turn, before, moved(before, asked, setting))
  // whoever was there when it was drafted may have left since
  await refuseBearers(turn, givenTo(asked.move, before, unnumbered))
  await tell(turn, before, unnumbered, await settingOf(turn, unnumbered))
  await redrawAlike(turn, before, unnumbered)
  // last, because whoever takes the next number waits until this turn has ended
  const after = await numbered(turn, before, unnumbered)
  await saveTask(turn.db, before, after)
  noteMove(turn, before, after)
  await followOrigin(turn, after)
  return after
}

/** DB-30: given at 交办, in the same transaction, and kept whatever happens to the task later. */
async function numbered(turn: Turn, before: Task, after: Task): Promise<Task> {
  if (after.state !== 'assigned' || before.number) return after
  const year = Number(formatInstant(turn.now).slice(0, 4))
  const words = await setting<Record<string, string>>(turn.db, 'task.words')
  return { ...after, number: await takeNumber(turn.db, after.unit, words?.[after.unit] ?? WORD, year) }
}

/** Moves by which somebody bears it no more, who hears so. */
const HANDING: TaskMove[] = ['reassign', 'change', 'grantChange']

async function tell(turn: Turn, before: Task, after: Task, setting: Setting): Promise<void> {
  const { lastMove, id } = after
  const people = lastMove ? await heardBy(turn, before, after, setting) : []
  const { movedFor, assists } = after
  people.push(...assists.map(one => one.person).filter(id => !before.assists.some(one => one.person === id)))
  const all = [...people, ...(await deputiesBeside(turn, after, people)), ...(movedFor ? [movedFor] : [])]
  const letters: Letters = [...new Set(all)]
    .filter(person => person !== turn.who.id && (hears(after, person) || hears(before, person)))
    .map(person => [person, { matter: { feature: FEATURE, id: String(id) } }])
  if (lastMove === 'confirm') letters.push([giverOf(after), { matter: { feature: FEATURE, id: echoOf(id) } }])
  if (lastMove === 'nudge') letters.push(...(await nudges(turn, after, setting)))
  if (lastMove && HANDING.includes(lastMove))
    for (const person of released(before, after))
      if (person !== turn.who.id) letters.push(releasing(person, { ...after, title: before.title }, setting))
  await deliver(turn, after, letters, lastLine(after, setting), askersOf(before))
  // whoever is said to have decided hears of it at once, to object
  if (after.recordedBy)
    turn.send({ to: { person: after.movedBy }, body: { card: recordedCard(after, setting) }, urgent: true })
  turn.redraw(FEATURE, String(id))
  if (ENDED.includes(after.state)) turn.redraw(FEATURE, echoOf(id))
}

/** Whoever bears it no more knows it by the title that it had. */
const releasing = (person: string, known: Task, setting: Setting): Letters[number] => [
  person,
  { card: releasedCard(known, setting) },
  lastLine(known, setting),
]

/**
 * Outside office hours only what may be sent then leaves at once (domain.md 2.6, GEN-07), and the answer to whoever asked; the
 * others read a line in the next morning's card, and find in /待办 what waits for them.
 */
async function deliver(turn: Turn, task: Task, letters: Letters, line: string, asked: string[]): Promise<void> {
  if (!letters.length) return
  const waits = !URGENCIES[task.urgency].always && (await waitsForMorning(turn))
  const isHeld = ([person]: Letters[number]) => waits && person !== turn.who.id && !asked.includes(person)
  for (const [person, body] of letters.filter(letter => !isHeld(letter)))
    turn.send({ to: { person }, body, urgent: true })
  const of = { feature: FEATURE, id: String(task.id) }
  // a line of somebody's own tells what they may know though it is no longer theirs
  const said = ([, , own]: Letters[number]) => (own === undefined ? { line, of } : { line: own })
  const held = new Map(letters.filter(isHeld).map(letter => [letter[0], said(letter)]))
  await holdLines(
    turn.db,
    [...held].map(([person, one]) => ({ person, ...one, at: turn.now })),
  )
}

/** Who waits for an answer: whoever asked for a decision. */
function askersOf({ petition, change, state, finishedBy, finishedFor }: Task): string[] {
  const reported = state === 'finished' ? [finishedBy, finishedFor] : []
  const asked = [petition?.by, petition?.inPlaceOf, change?.by, change?.inPlaceOf, ...reported]
  return asked.filter(id => id !== undefined)
}

async function heardBy(turn: Turn, before: Task, after: Task, setting: Setting): Promise<string[]> {
  if (!after.lastMove) return []
  const people: string[] = []
  const proposed = after.lastMove === 'change'
  const listeners = proposed && !after.change ? LISTENERS.grantChange : LISTENERS[after.lastMove]
  for (const listener of proposed && after.change ? (['deciders'] as const) : listeners) {
    if (listener === 'takers') people.push(...takersOf(after, await officeHolders(turn), setting.heads))
    else if (listener === 'newTakers') {
      if (after.lead !== before.lead) people.push(...takersOf(after, await officeHolders(turn), setting.heads))
    } else if (listener === 'deciders') people.push(...(await deciders(turn, after, setting)))
    else if (listener === 'checkers') {
      const checkers = checkersFor(after, setting)
      people.push(...(checkers.length ? checkers : await deciders(turn, after, setting)))
    } else people.push(...listenersOf(before, after, listener))
  }
  return people
}

/** Which move decides on what stands open now. */
const DECIDING: Partial<Record<Task['state'], TaskMove>> = {
  submitted: 'approve',
  extending: 'grantExtension',
  finished: 'confirm',
  suspending: 'grantSuspension',
  cancelling: 'grantAnnulment',
}

/** @throws Refusal when nobody could decide: it would wait in silence. */
async function deciders(turn: Turn, task: Task, setting: Setting): Promise<string[]> {
  const move = DECIDING[task.state] ?? (task.change && 'grantChange')
  if (!move) return []
  const role = taskFlow.moves[move].by
  const found = await decidersOf(turn, task, actor => whyNot(task, role, actor, setting) === undefined, setting)
  if (!found.length) throw new Refusal('没有可以审批的人员,请核对角色设置和知悉范围')
  return found
}

/** An assistant's button. */
export function assist(move: AssistMove): Action {
  return async (turn, { value, form }) => {
    const word = typeof form.word_assist === 'string' ? form.word_assist : ''
    await help(turn, idOf(value.id), move, word)
    return { toast: { kind: 'success', words: `已${assistFlow.moves[move].button}` } }
  }
}

/** DB-21: what assistants contribute goes to whoever leads. */
async function help(turn: Turn, id: number, move: AssistMove, word: string): Promise<void> {
  const before = await holdTask(turn.db, id)
  const setting = await settingOf(turn, before)
  const actor = actorIn(turn)
  refuseStrangers(before, actor, setting)
  const by = lineOf(before, actor)?.person ?? actor.id
  const after = assisted(before, { move, by, word }, setting)
  await saveTask(turn.db, before, after)
  turn.record({
    feature: FEATURE,
    act: `assist.${move}`,
    matter: String(id),
    ...(by === actor.id ? {} : { actingFor: by }),
    data: { from: before.state, to: after.state, reason: word.trim() },
  })
  if (move === 'finish') {
    const letters: Letters = [[after.lead, { matter: { feature: FEATURE, id: String(id) } }]]
    await deliver(turn, after, letters, `${headOf(after)}:${nameOf(by, setting.names)} 协办已完成`, [])
  }
  turn.redraw(FEATURE, String(id))
}

/** A reply in the card's thread: the words of a button do what the button does, anything else is progress. */
export async function heard(turn: Turn, matter: string, said: Said): Promise<Answer> {
  const id = idOf(matter)
  const task = await getTask(turn.db, id)
  const setting = await settingOf(turn, task)
  const actor = actorIn(turn)
  refuseStrangers(task, actor, setting)
  if (!said.text) throw new Refusal('督办反馈请用文字说明')
  const line = task.lead === actor.id ? undefined : lineOf(task, actor)
  const spoken = moveInWords(said.text, task, line?.state)
  if (spoken.kind === 'assist') {
    await help(turn, id, spoken.move, spoken.word)
    return { say: { text: `已${assistFlow.moves[spoken.move].button}` } }
  }
  const after = await decide(turn, id, { move: spoken.move, by: actor, word: spoken.word, seenRev: undefined })
  return { say: { text: toastOf(after) } }
}
