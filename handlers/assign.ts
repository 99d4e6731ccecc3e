import {
  addNote,
  assignmentsOf,
  awaited,
  getAssignment,
  holdAssignment,
  isReckonedOtherwise,
  markShownLate,
  newlyLate,
  nextDue,
  saveAssignment,
  waitingFor,
} from '../db/assign.ts'
import { copiesOf } from '../db/copies.ts'
import { calendarInForce } from '../db/holiday.ts'
import { isMember, peopleById } from '../db/people.ts'
import {
  type Action,
  type Answer,
  type Beat,
  type Feature,
  type Heartbeat,
  type Letter,
  type Look,
  type Looked,
  MOST_READ,
  type Press,
  type Said,
  type TodoItem,
  type Turn,
  type Waiting,
} from '../src/bot/feature.ts'
import { calledBy } from '../src/kit/aside.ts'
import type { Card } from '../src/kit/card.ts'
import { openMoves } from '../src/kit/flow.ts'
import type { Viewer } from '../src/kit/person.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { shorten } from '../src/kit/text.ts'
import {
  type Assignment,
  type Press as Decision,
  EXAMPLE,
  LIMITS,
  lastAct,
  maySee,
  moved,
  moveInWords,
  type Note,
  rolesIn,
  type Setting,
} from '../src/office/assign/assignment.ts'
import { assignCard, hiddenCard, listCard, listLine } from '../src/office/assign/cards.ts'
import { type AssignMove, assignFlow } from '../src/office/assign/flow.ts'
import { digestOf } from './assign/digest.ts'
import { create, give } from './assign/give.ts'
import { handOver, held } from './assign/hand-over.ts'
import { recalibrate } from './assign/recalibrate.ts'
import { customs } from './customs.ts'

const FEATURE = 'assign'

export const assign: Feature = {
  name: FEATURE,
  title: '交办',
  words: ['交办', 'assign', 'jb'],
  about: '把一件事交给同事办理,办结有回音',
  commands: {
    '': { usage: EXAMPLE, about: '交给一人或多人,可写完成时限', run: give },
    列表: { usage: '/交办 列表', about: '我交办的和交办给我的事项', run: list },
  },
  actions: {
    ...({
      accept: press('accept'),
      finish: press('finish'),
      return: press('return'),
      confirm: press('confirm'),
      redo: press('redo'),
      cancel: press('cancel'),
    } satisfies Record<AssignMove, Action>),
    create,
    show,
  },
  draw,
  heard,
  looked,
  todo,
  find,
  due: [showLate],
  nextDue: ({ db }) => nextDue(db),
  recalibrate,
  uncalibrated,
  digest: (look, reader) => digestOf(look, reader, itemsFor),
  awaited: ({ db }) => awaited(db),
  held,
  handOver,
}

/** A button: the move, on the share that the button names or on the presser's own. */
function press(move: AssignMove): Action {
  return async (turn, pressed) => {
    const decision = { move, ...readPress(pressed), by: turn.who.id }
    await decide(turn, idOf(pressed.value.id), decision)
    return { toast: { kind: 'success', words: `已${assignFlow.moves[move].button}` } }
  }
}

function readPress({ value, form }: Press): Pick<Decision, 'assignee' | 'seenRev' | 'word'> {
  const word = Object.entries(form).find(([name, said]) => name.startsWith('word') && typeof said === 'string')?.[1]
  return {
    assignee: typeof value.share === 'string' ? value.share : undefined,
    seenRev: typeof value.rev === 'number' ? value.rev : undefined,
    word: typeof word === 'string' ? word : '',
  }
}

/** Reads, asks the rules, saves, and lets those know who wait for it. */
async function decide(turn: Turn, id: number, decision: Decision): Promise<Assignment> {
  const before = await holdAssignment(turn.db, id)
  const [setting] = await Promise.all([settingOf(turn, before), refuseStrangers(turn, before)])
  const after = moved(before, decision, setting)
  await saveAssignment(turn.db, before, after)
  const touched = after.shares.filter(share => share.rev === after.rev)
  turn.record({
    feature: FEATURE,
    act: decision.move,
    matter: String(id),
    data: { shares: touched.map(({ assignee, state }) => ({ assignee, state })), word: decision.word },
  })
  for (const person of listeners(
    after,
    decision.move,
    touched.map(share => share.assignee),
  )) {
    if (person !== turn.who.id) turn.send(await letterAbout(turn, after, decision.move, person))
  }
  turn.redraw(FEATURE, String(id))
  return after
}

/** Who hears of a move by a message of their own: the giver gets the answer, the assignee hears that it is not over or is off. */
function listeners({ giver }: Assignment, move: AssignMove, assignees: string[]): string[] {
  const hears: Record<AssignMove, string[]> = {
    accept: [],
    finish: [giver],
    return: [giver],
    confirm: [],
    redo: assignees,
    cancel: assignees,
  }
  return hears[move]
}

/** One matter, one card: where nothing is left to press, whoever has the card in private is told in a line beneath it. */
async function letterAbout(turn: Turn, after: Assignment, move: AssignMove, person: string): Promise<Letter> {
  const id = String(after.id)
  const copies = move === 'return' ? await copiesOf(turn.db, FEATURE, id, '') : []
  const shown = copies.filter(copy => copy.lane === person).at(-1)?.message
  if (!shown) return letterTo(person, after.id)
  const setting = await settingOf(turn, after)
  const acts = after.shares.filter(share => share.rev === after.rev).map(share => lastAct(share, setting))
  const text = `交办 ${shorten(after.title, 40)}:${acts.join(';')}`
  return { to: { person }, body: { text }, urgent: true, replyTo: shown }
}

const letterTo = (person: string, id: number): Letter => ({
  to: { person },
  body: { matter: { feature: FEATURE, id: String(id) } },
  urgent: true,
})

/** One that may not be seen reads like one that does not exist. */
async function refuseStrangers(turn: Pick<Turn, 'db' | 'who'>, assignment: Assignment): Promise<void> {
  if (!(await isSeenBy(turn, assignment, turn.who.id))) throw new Refusal('未找到该交办事项')
}

async function isSeenBy({ db }: Pick<Look, 'db'>, assignment: Assignment, person: string): Promise<boolean> {
  const inItsChat = assignment.chat !== '' && (await isMember(db, assignment.chat, person))
  return maySee(assignment, person, inItsChat)
}

async function draw(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const assignment = await getAssignment(look.db, idOf(matter))
  const isHidden = async () => viewer.kind === 'person' && !(await isSeenBy(look, assignment, viewer.id))
  const [setting, hidden] = await Promise.all([settingOf(look, assignment), isHidden()])
  return hidden ? hiddenCard() : assignCard(assignment, viewer, setting)
}

async function settingOf({ db, now }: Pick<Look, 'db' | 'now'>, ...some: Assignment[]): Promise<Setting> {
  const ids = some.flatMap(({ giver, shares, notes }) => [
    giver,
    ...shares.flatMap(share => [share.assignee, share.movedBy]),
    ...notes.map(note => note.by),
  ])
  const [people, calendar] = await Promise.all([peopleById(db, [...new Set(ids)]), calendarInForce(db)])
  return { now, names: new Map(people.map(person => [person.id, person.name])), calendar }
}

/** A reply to the card: the words of a button do what the button does, anything else is a note on the matter. */
async function heard(turn: Turn, matter: string, said: Said): Promise<Answer> {
  const id = idOf(matter)
  const spoken = moveInWords(said.text)
  if (spoken) {
    await decide(turn, id, { ...spoken, by: turn.who.id, assignee: undefined, seenRev: undefined })
    return { say: { text: `已${assignFlow.moves[spoken.move].button}` } }
  }
  return note(turn, id, said)
}

async function note(turn: Turn, id: number, { text, attachments }: Said): Promise<Answer> {
  const assignment = await holdAssignment(turn.db, id)
  await refuseStrangers(turn, assignment)
  if (!text && !attachments.length) throw new Refusal('暂不支持此类消息,请用文字或文件反馈')
  if (text.length > LIMITS.word) throw new Refusal(`留言请控制在${LIMITS.word}字以内`)
  if (assignment.notes.length >= LIMITS.notes) throw new Refusal('该事项的留言已满')
  for (const file of attachments) turn.fetch(file, FEATURE, `${id}/${turn.chat.kind}`, 'look')
  if (text) await keepNote(turn, assignment, { by: turn.who.id, text, attachments: [] }, turn.chat.kind)
  const files = attachments.map(({ name }) => `《${name}》`).join('')
  if (!files) return { say: { text: '已记入该事项' } }
  return { say: { text: `${text ? '文字已记入该事项。' : ''}正在检查${files},通过后记入该事项。` } }
}

async function keepNote(
  beat: Beat,
  assignment: Assignment,
  { by, text, attachments }: Pick<Note, 'by' | 'text' | 'attachments'>,
  place: Turn['chat']['kind'],
): Promise<void> {
  const id = assignment.id
  await addNote(beat.db, id, { by, at: beat.now, text, attachments })
  beat.record({ feature: FEATURE, act: 'note', matter: String(id), data: { attachments: attachments.length } })
  beat.redraw(FEATURE, String(id))
  if (place === 'private') for (const person of others(assignment, by)) beat.send(letterTo(person, id))
}

/** A file is noted once nothing was found in it. */
async function looked(beat: Beat, matter: string, { file, by, ...came }: Looked): Promise<void> {
  const [of, place] = matter.split('/')
  const assignment = await holdAssignment(beat.db, idOf(of))
  if (assignment.notes.some(({ attachments }) => attachments.some(({ key }) => key === file.key))) return
  const isFull = assignment.notes.length >= LIMITS.notes
  const fault = 'fault' in came ? came.fault : isFull ? '该事项的留言已满' : undefined
  const tell = (words: string) => beat.send({ to: { person: by }, body: { text: words }, urgent: true })
  if (fault) return tell(`未能记入《${file.name}》:${fault}`)
  await keepNote(beat, assignment, { by, text: '', attachments: [file] }, place === 'group' ? 'group' : 'private')
  tell(`《${file.name}》已记入该事项`)
}

const others = ({ giver, shares }: Assignment, who: string): string[] =>
  (giver === who ? shares.map(share => share.assignee) : [giver]).filter(id => id !== who)

async function list(turn: Turn): Promise<Answer> {
  return { say: { card: await listed(turn, turn.who.id) }, privately: true }
}

async function listed(look: Look, person: string): Promise<Card> {
  const given = await assignmentsOf(look.db, person, 'given', '', 10)
  const received = await assignmentsOf(look.db, person, 'received', '', 10)
  return listCard(given, received, await settingOf(look, ...given, ...received))
}

/** Sends the whole card to whoever asks and may see it. */
async function show(turn: Turn, { value }: Press): Promise<Answer> {
  const assignment = await getAssignment(turn.db, idOf(value.id))
  await refuseStrangers(turn, assignment)
  return {
    say: { matter: { feature: FEATURE, id: String(assignment.id) } },
    privately: true,
    toast: { kind: 'success', words: '已发送到私聊' },
  }
}

async function todo(look: Look & Pick<Turn, 'who'>): Promise<Waiting> {
  const waiting = await waitingFor(look.db, look.who.id, MOST_READ)
  return { items: await itemsFor(look, look.who.id, waiting), more: waiting.length >= MOST_READ }
}

async function itemsFor(look: Look, person: string, some: Assignment[]): Promise<TodoItem[]> {
  const setting = await settingOf(look, ...some)
  return some.map(assignment => itemOf(assignment, person, setting))
}

async function find(look: Look & Pick<Turn, 'who'>, words: string): Promise<TodoItem[]> {
  return itemsFor(look, look.who.id, await assignmentsOf(look.db, look.who.id, 'all', words, 20))
}

/** Its buttons in a list: what needs no words is pressed there, the rest on the card itself. */
function itemOf(assignment: Assignment, person: string, setting: Setting): TodoItem {
  const shares = assignment.shares.filter(share => rolesIn(assignment, share, person).length > 0)
  const open = new Set(shares.flatMap(share => openMoves(assignFlow, share.state, rolesIn(assignment, share, person))))
  const direct = (['accept', 'finish', 'confirm'] as const).filter(
    move => open.has(move) && (move !== 'confirm' || assignment.shares.length === 1),
  )
  const value = { id: assignment.id, rev: assignment.rev }
  return {
    feature: FEATURE,
    matter: String(assignment.id),
    urgency: assignment.dueAt?.getTime() ?? Number.MAX_SAFE_INTEGER,
    awaitsDecision: open.has('confirm'),
    line: listLine(assignment, setting),
    buttons: [
      ...direct.map(move => ({ label: assignFlow.moves[move].button, action: `${FEATURE}.${move}`, value })),
      { label: '查看', action: `${FEATURE}.show`, value: { id: assignment.id } },
    ],
  }
}

const BATCH = 1_000

/** Once its time has passed, an open assignment turns red wherever it is shown. */
async function showLate(beat: Heartbeat): Promise<'more' | undefined> {
  const read = (most: number) => newlyLate(beat.db, beat.now, most)
  const some = await beat.take('late', BATCH, read, ({ id }) => calledBy(id, '交办事项'))
  await markShownLate(
    beat.db,
    some.map(({ id }) => id),
    beat.now,
  )
  for (const { id } of some) beat.redraw(FEATURE, String(id))
  return some.length === BATCH ? 'more' : undefined
}

async function uncalibrated(look: Look): Promise<boolean> {
  return isReckonedOtherwise(look.db, (await customs(look)).calendarId)
}

/** An id from outside: anything but a positive whole number is an id that never was. */
function idOf(value: unknown): number {
  const id = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) throw new Refusal('未找到该交办事项')
  return id
}
