import { getMeeting, holdMeeting } from '../../db/meeting.ts'
import {
  decisionsAsked,
  decisionsOf,
  dropDecision,
  getDecision,
  type Handed,
  holdDecision,
  meetingsToHand,
  NO_DECISION,
  openDecisions,
  saveDecision,
  tasksHanded,
} from '../../db/meeting-after.ts'
import { allDepartments, departmentsById, departmentsLed, peopleNamedIn } from '../../db/people.ts'
import { LATE_STATES } from '../../db/task.ts'
import type { Action, Answer, Look, Said, TodoItem, Turn, Waiting } from '../../src/bot/feature.ts'
import type { Block, Card } from '../../src/kit/card.ts'
import type { Person, Viewer } from '../../src/kit/person.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { plain, shorten, tidy } from '../../src/kit/text.ts'
import { formatShort } from '../../src/kit/time.ts'
import {
  checkDecisions,
  DECISION_LIMITS,
  type Decision,
  EXAMPLE_DECISION,
  mayHand,
  mayPropose,
  missingIn,
  proposesAs,
} from '../../src/office/meeting/decision.ts'
import type { Bearer, Directory } from '../../src/office/meeting/decision-bearers.ts'
import {
  type DecisionRights,
  type DecisionView,
  decisionForm,
  decisionsCard,
  dueCard,
  noteForm,
  progressBlocks,
  type Standing,
} from '../../src/office/meeting/decision-cards.ts'
import { isAboutDue, listedIn, readDecision } from '../../src/office/meeting/decision-lines.ts'
import { type Actor, type Meeting, nameOf, numberText, type Setting, unitOf } from '../../src/office/meeting/meeting.ts'
import { refuse } from '../../src/office/meeting/moves.ts'
import { isOrganisedBy, maySee } from '../../src/office/meeting/roles.ts'
import { taskFlow } from '../../src/office/task/flow.ts'
import { ENDED } from '../../src/office/task/light.ts'
import { numberText as taskNumberText } from '../../src/office/task/number.ts'
import { customs } from '../customs.ts'
import { decisionsMatter, redrawDecisions } from '../decided.ts'
import { holdersFor } from '../holders.ts'
import { peopleMeant } from '../named.ts'
import { opened, openedApart } from '../opened.ts'
import type { Part } from '../part.ts'
import { tellOf } from '../tell.ts'
import { hand, handFault } from './hand.ts'
import { meetingSaid } from './numbered.ts'
import { readDue } from './read-due.ts'
import { actorIn, actorOf, FEATURE, idOf, settingOf } from './setting.ts'

const MATTER = /^(\d{1,15})\/(?:decisions(?:\/(\d{1,2}))?|d(\d{1,15}))$/

/** A decision as the unit that leads it is asked for its deadline. */
const dueMatter = ({ meeting, id }: Decision): string => `${meeting}/d${id}`

const MOST_UNITS = 500
const MOST_CHOICES = 60

type Reading = Pick<Look, 'db' | 'now' | 'office'>

/** Names of whoever and whatever the decisions name, too. */
async function settingWith(look: Reading, meeting: Meeting, some: readonly Decision[]): Promise<Setting> {
  const people = some.flatMap(({ lead, assistants, proposedBy, handedBy }) => [
    lead,
    ...assistants.map(({ id }) => id),
    proposedBy ?? '',
    handedBy ?? '',
  ])
  const units = some.flatMap(({ leadUnit, assistants }) => [leadUnit, ...assistants.map(({ unit }) => unit)])
  const [setting, found] = await Promise.all([
    settingOf(look, [meeting], people),
    departmentsById(look.db, [...new Set(units.filter(unit => unit !== ''))]),
  ])
  return {
    ...setting,
    units: new Map([...setting.units, ...found.map(({ id, name }) => [id, name] as const)]),
    heads: new Map([...setting.heads, ...found.flatMap(({ id, leader }) => (leader ? [[id, leader] as const] : []))]),
  }
}

const rightsOf = (meeting: Meeting, actor: Actor, setting: Setting): DecisionRights => ({
  edit: isOrganisedBy(meeting, actor, setting),
  hand: mayHand(meeting, actor),
})

/** Whoever sees the meeting as its organiser does, and whoever may turn its decisions into tasks. */
const seesDecisions = (meeting: Meeting, actor: Actor, setting: Setting): boolean =>
  maySee(meeting, actor, setting) || mayHand(meeting, actor)

function refuseStrangers(meeting: Meeting, actor: Actor, setting: Setting): void {
  if (!seesDecisions(meeting, actor, setting)) throw new Refusal(NO_DECISION)
}

export async function standingsOf({ db, now }: Reading, some: readonly Decision[]): Promise<Map<number, Standing>> {
  const handed = await tasksHanded(
    db,
    some.flatMap(({ task }) => task ?? []),
  )
  return new Map([...handed].map(([id, task]) => [id, standingOf(task, now)]))
}

/** Of one that 知悉范围 keeps from others only that it is one. */
function standingOf({ id, number, state, dueAt, isKept }: Handed, now: Date): Standing {
  return {
    task: id,
    number: number ? taskNumberText(number) : '督办草稿',
    state: isKept ? '已转督办' : taskFlow.states[state],
    isLate: !isKept && dueAt !== undefined && dueAt < now && LATE_STATES.includes(state),
    isClosed: !isKept && ENDED.includes(state) && state !== 'cancelled',
  }
}

async function viewFor(look: Reading, meeting: Meeting, actor: Actor, page: number): Promise<[DecisionView, Setting]> {
  const decisions = await decisionsOf(look.db, meeting.id)
  const [setting, standings] = await Promise.all([settingWith(look, meeting, decisions), standingsOf(look, decisions)])
  return [{ meeting, decisions, standings, page, rights: rightsOf(meeting, actor, setting) }, setting]
}

/** How far the decisions of a meeting are, for its own card. */
export async function decisionBlocks(look: Reading, meeting: Meeting, viewer: Actor | undefined): Promise<Block[]> {
  const decisions = await decisionsOf(look.db, meeting.id)
  return progressBlocks(meeting, { decisions, standings: await standingsOf(look, decisions) }, viewer !== undefined)
}

async function draw(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const [, meetingId, page, decisionId] = MATTER.exec(matter) ?? []
  const meeting = await getMeeting(look.db, idOf(meetingId))
  const actor = viewer.kind === 'person' ? await actorOf(look, viewer.id) : NOBODY
  if (decisionId !== undefined) {
    const decision = await getDecision(look.db, idOf(decisionId))
    const setting = await settingWith(look, meeting, [decision])
    const may = mayPropose(decision, actor, setting)
    if (!may && !seesDecisions(meeting, actor, setting)) throw new Refusal(NO_DECISION)
    return dueCard(decision, meeting, setting, may)
  }
  const [view, setting] = await viewFor(look, meeting, actor, Number(page ?? 1))
  refuseStrangers(meeting, actor, setting)
  return decisionsCard(view, setting)
}

/** Before a group: nobody in particular. */
const NOBODY: Actor = { id: '', departments: [], held: [], standsFor: [] }

/** 录入议定事项: a form for lines. */
const decide: Action = async (turn, { value }) => {
  const meeting = await getMeeting(turn.db, idOf(value.id))
  await refuseOthers(turn, meeting)
  return openedApart(turn, noteForm(meeting, turn.now))
}

async function refuseOthers(turn: Turn, meeting: Meeting): Promise<void> {
  const setting = await settingOf(turn, [meeting])
  refuseStrangers(meeting, actorIn(turn), setting)
  refuse(meeting, { move: 'decide', by: actorIn(turn), seenRev: undefined, word: '' }, setting)
}

const noteDecisions: Action = async (turn, { value, form }) => {
  const meeting = await holdMeeting(turn.db, idOf(value.id))
  const count = await noteDown(turn, meeting, typeof form.lines === 'string' ? form.lines : '')
  return { toast: { kind: 'success', words: `已录入${count}项` }, fresh: bodyOf(meeting) }
}

const bodyOf = ({ id }: Pick<Meeting, 'id'>, page = 1) => ({
  matter: { feature: FEATURE, id: decisionsMatter(id, page) },
})

/** Lines said after a number, or in reply to the card of the decisions. */
export async function noteDown(turn: Turn, meeting: Meeting, text: string): Promise<number> {
  await refuseOthers(turn, meeting)
  const before = await decisionsOf(turn.db, meeting.id)
  const lines = listedIn(tidy(text, DECISION_LIMITS.each * DECISION_LIMITS.says))
  checkDecisions(lines, before.length)
  const [directory, inForce] = await Promise.all([directoryFor(turn, text), customs(turn)])
  await openDecisions(
    turn.db,
    lines.map(line => decisionFrom(line, meeting, turn, readDecision(line, turn.now, directory, inForce))),
  )
  turn.record({ feature: FEATURE, act: 'decide', matter: String(meeting.id), data: { count: lines.length } })
  redrawDecisions(turn, meeting.id, before.length + lines.length)
  if (!before.length) await tellHanders(turn, meeting, lines.length)
  return lines.length
}

async function directoryFor(turn: Turn, text: string): Promise<Directory> {
  const [units, people] = await Promise.all([
    allDepartments(turn.db, MOST_UNITS),
    peopleNamedIn(turn.db, plain(text), turn.chat.id),
  ])
  return { units: units.map(({ id, name, leader }) => ({ id, name, head: leader })), people }
}

const decisionFrom = (
  says: string,
  meeting: Meeting,
  { who, now }: Turn,
  { lead, title, dueAt, dueSaid, assistants, doubts }: ReturnType<typeof readDecision>,
): Omit<Decision, 'id'> => ({
  rev: 1,
  meeting: meeting.id,
  says,
  title: shorten(title, DECISION_LIMITS.title),
  lead: lead?.id ?? '',
  leadUnit: lead?.unit ?? '',
  assistants: assistants.slice(0, DECISION_LIMITS.assistants),
  dueAt,
  dueSaid,
  dueSaidAt: dueSaid ? now : undefined,
  doubts,
  madeBy: who.id,
  madeAt: now,
  askedAt: undefined,
  proposedBy: undefined,
  task: undefined,
  handedBy: undefined,
  handedAt: undefined,
})

/** Those who keep the ledger learn that there is something to put on file, once for a meeting. */
async function tellHanders(turn: Turn, meeting: Meeting, count: number): Promise<void> {
  const others = (await holdersFor(turn, meeting, ['DB'])).filter(id => id !== turn.who.id)
  const line = `会议 ${shorten(meeting.title, 30)}:议定事项${count}项,待转督办`
  await tellOf(turn, others, { body: bodyOf(meeting), line }, 'later')
}

/** The card of a meeting's decisions, or another page of it. */
const show: Action = async (turn, { value, copy }) => {
  const meeting = await getMeeting(turn.db, idOf(value.id))
  refuseStrangers(meeting, actorIn(turn), await settingOf(turn, [meeting]))
  const page = typeof value.page === 'number' && Number.isInteger(value.page) ? value.page : 1
  const body = bodyOf(meeting, Math.min(Math.max(page, 1), DECISION_LIMITS.each))
  const isOnCard = copy?.matter?.startsWith(`${meeting.id}/decisions`) === true
  return isOnCard ? { fresh: body } : { say: body, privately: true, toast: { kind: 'success', words: '已发送到私聊' } }
}

/** A decision that somebody presses on: nobody else moves it until the turn ends. */
async function hold(turn: Turn, value: unknown) {
  const decision = await holdDecision(turn.db, idOf(value))
  const meeting = await getMeeting(turn.db, decision.meeting)
  const setting = await settingWith(turn, meeting, [decision])
  const actor = actorIn(turn)
  refuseStrangers(meeting, actor, setting)
  const rights = rightsOf(meeting, actor, setting)
  if (decision.task !== undefined) throw new AlreadySo(handedWords(decision, setting))
  return { decision, meeting, setting, actor, rights }
}

const handedWords = ({ handedBy, handedAt }: Decision, { names, now }: Setting): string =>
  `${handedBy ? nameOf(handedBy, names) : ''} 已转督办${handedAt ? ` · ${formatShort(handedAt, now)}` : ''}`.trim()

/** 修改: pressed on the card it opens the form, pressed on the form it saves. */
const edit: Action = async (turn, { value, form }) => {
  const { decision, meeting, setting, rights } = await hold(turn, value.id)
  if (!rights.edit && !rights.hand) throw new Refusal('议定事项由会议承办人修改')
  if (typeof form.title !== 'string') return opened(turn, await formFor(turn, decision, setting))
  if (value.rev !== decision.rev) throw new Refusal('卡片已过期,请以最新卡片为准')
  const after = { ...decision, ...(await readForm(turn, decision, form)), doubts: [] }
  await saveDecision(turn.db, decision, after)
  turn.record({
    feature: FEATURE,
    act: 'editDecision',
    matter: String(meeting.id),
    data: { decision: decision.id, lead: after.lead, dueAt: after.dueAt?.toISOString() ?? null },
  })
  await redrawAll(turn, decision)
  return { toast: { kind: 'success', words: '已修改' }, fresh: bodyOf(meeting) }
}

async function redrawAll(turn: Turn, decision: Decision): Promise<void> {
  redrawDecisions(turn, decision.meeting, (await decisionsOf(turn.db, decision.meeting)).length)
  turn.redraw(FEATURE, dueMatter(decision))
}

async function formFor(turn: Turn, decision: Decision, setting: Setting): Promise<Card> {
  const units = await allDepartments(turn.db, MOST_CHOICES)
  const { lead, leadUnit, assistants } = decision
  return decisionForm(decision, {
    units: units.map(({ id, name }) => ({ value: id, label: name })),
    leadName: lead && setting.heads.get(leadUnit) !== lead ? nameOf(lead, setting.names) : '',
    helpers: assistants
      .map(({ id, unit }) =>
        id && setting.heads.get(unit) !== id ? nameOf(id, setting.names) : unitOf(unit, setting.units),
      )
      .join('、'),
  })
}

type Edited = Pick<
  Decision,
  'title' | 'says' | 'lead' | 'leadUnit' | 'assistants' | 'dueAt' | 'dueSaid' | 'dueSaidAt' | 'proposedBy' | 'askedAt'
>

async function readForm(turn: Turn, before: Decision, form: Record<string, unknown>): Promise<Edited> {
  const typed = (name: string): string => (typeof form[name] === 'string' ? form[name].trim() : '')
  const [title, unit, leadName, due] = [typed('title'), typed('unit'), typed('lead'), typed('due')]
  if (!title) throw new Refusal('请写明要办的事项', EXAMPLE_DECISION)
  if (title.length > DECISION_LIMITS.title) throw new Refusal(`事项请控制在${DECISION_LIMITS.title}字以内`)
  const says = typed('says') || before.says
  if (says.length > DECISION_LIMITS.says) throw new Refusal(`原文请控制在${DECISION_LIMITS.says}字以内`)
  const lead = await leadFrom(turn, unit, leadName)
  const dueAt = due ? await readDue(turn, due) : undefined
  const isSame = dueAt?.getTime() === before.dueAt?.getTime()
  return {
    title,
    says,
    lead: lead.id,
    leadUnit: lead.unit,
    assistants: (await helpersFrom(turn, typed('helpers'))).filter(({ id }) => id === '' || id !== lead.id),
    dueAt,
    dueSaid: isSame ? before.dueSaid : due,
    dueSaidAt: isSame ? before.dueSaidAt : turn.now,
    proposedBy: isSame ? before.proposedBy : undefined,
    askedAt: dueAt ? before.askedAt : undefined,
  }
}

/** Somebody by name, else the head of the unit. */
async function leadFrom(turn: Turn, unit: string, name: string): Promise<Bearer> {
  const [department] = unit ? await departmentsById(turn.db, [unit]) : []
  if (unit && !department) throw new Refusal('请选择牵头单位')
  if (!name) return { id: department?.leader ?? '', unit }
  const { people, doubt } = await peopleMeant(turn, name, turn.chat.id)
  const inUnit = people.find(({ departments }) => departments.includes(unit))
  const [person] = inUnit ? [inUnit] : people
  if (doubt || !person) throw new Refusal(doubt ?? '请填写牵头人姓名')
  return { id: person.id, unit: unit || (person.departments[0] ?? '') }
}

async function helpersFrom(turn: Turn, text: string): Promise<Bearer[]> {
  const names = text.split(/[、,,;;\s]+/).filter(name => name !== '')
  if (names.length > DECISION_LIMITS.assistants) throw new Refusal(`配合单位和人员最多${DECISION_LIMITS.assistants}个`)
  const units = await allDepartments(turn.db, MOST_UNITS)
  const helpers: Bearer[] = []
  for (const name of names) {
    const unit = units.find(one => one.name === name)
    const { people, doubt } = unit ? NONE : await peopleMeant(turn, name, turn.chat.id)
    if (doubt) throw new Refusal(doubt)
    helpers.push(
      ...(unit ? [{ id: unit.leader ?? '', unit: unit.id }] : []),
      ...people.map(({ id, departments }) => ({ id, unit: departments[0] ?? '' })),
    )
  }
  return [...new Map(helpers.map(one => [`${one.id} ${one.unit}`, one])).values()]
}

const NONE = { people: [], doubt: undefined }

const drop: Action = async (turn, { value }) => {
  const { decision, meeting, rights } = await hold(turn, value.id)
  if (!rights.edit && !rights.hand) throw new Refusal('议定事项由会议承办人修改')
  if (value.rev !== decision.rev) throw new Refusal('卡片已过期,请以最新卡片为准')
  await dropDecision(turn.db, decision.id)
  turn.record({
    feature: FEATURE,
    act: 'dropDecision',
    matter: String(meeting.id),
    data: { decision: decision.id, says: decision.says },
  })
  redrawDecisions(turn, meeting.id, (await decisionsOf(turn.db, meeting.id)).length + 1)
  return { toast: { kind: 'success', words: '已删除' }, fresh: bodyOf(meeting) }
}

/** 转督办: a draft in 督办, linked with its meeting. */
const handOne: Action = async (turn, { value }) => {
  const { decision, meeting } = await hold(turn, value.id)
  const fault = await handFault(turn, meeting, decision)
  if (fault) throw new Refusal(fault)
  const task = await hand(turn, meeting, decision)
  await redrawAll(turn, decision)
  return {
    toast: { kind: 'success', words: '已转督办,请在拟办草稿上送审或交办' },
    say: { matter: { feature: 'task', id: String(task.id) } },
    privately: true,
  }
}

/** 全部转督办: all that lack nothing; what is wrong with one stops no other. */
const handAll: Action = async (turn, { value }) => {
  const meeting = await holdMeeting(turn.db, idOf(value.id))
  refuseStrangers(meeting, actorIn(turn), await settingOf(turn, [meeting]))
  const all = await decisionsOf(turn.db, meeting.id)
  const open = all.filter(one => one.task === undefined && !missingIn(one).length)
  const faults: string[] = []
  for (const one of open) {
    const decision = await holdDecision(turn.db, one.id)
    const fault = decision.task === undefined ? await handFault(turn, meeting, decision) : undefined
    if (fault) faults.push(fault)
    else if (decision.task === undefined) await hand(turn, meeting, decision)
  }
  const done = open.length - faults.length
  if (!done) throw faults[0] ? new Refusal(faults[0]) : new AlreadySo('没有可以转督办的事项')
  redrawDecisions(turn, meeting.id, all.length)
  const rest = faults.length ? `,${faults.length}项未转:${shorten(faults[0] ?? '', 60)}` : ''
  return { toast: { kind: 'success', words: `已转督办${done}项${rest}` } }
}

/** 提请报时限 (MT-07): of whatever the meeting set no deadline for, the unit that leads is asked to propose one. */
const askDues: Action = async (turn, { value }) => {
  const meeting = await holdMeeting(turn.db, idOf(value.id))
  const all = await decisionsOf(turn.db, meeting.id)
  const setting = await settingWith(turn, meeting, all)
  const rights = rightsOf(meeting, actorIn(turn), setting)
  refuseStrangers(meeting, actorIn(turn), setting)
  if (!rights.edit && !rights.hand) throw new Refusal('此按钮仅限会议承办人和督办员使用')
  const open = all.filter(({ task, dueAt, lead, leadUnit }) => !task && !dueAt && (lead || setting.heads.has(leadUnit)))
  const fresh = open.filter(({ askedAt }) => !askedAt)
  if (!fresh.length) throw new AlreadySo('已提请牵头单位提出时限,请等待回复')
  for (const decision of fresh) {
    await saveDecision(turn.db, decision, { ...decision, askedAt: turn.now })
    const head = setting.heads.get(decision.leadUnit) ?? decision.lead
    const line = `会议 ${shorten(meeting.title, 30)}:请提出“${shorten(decision.title || decision.says, 30)}”的完成时限`
    await tellOf(turn, [head], { body: { matter: { feature: FEATURE, id: dueMatter(decision) } }, line }, 'later')
  }
  turn.record({ feature: FEATURE, act: 'askDues', matter: String(meeting.id), data: { count: fresh.length } })
  redrawDecisions(turn, meeting.id, all.length)
  return { toast: { kind: 'success', words: `已提请牵头单位提出${fresh.length}项时限` } }
}

/** 提出时限: by whoever leads, or the head of the unit that does. */
const proposeDue: Action = async (turn, { value, form }) => {
  const decision = await holdDecision(turn.db, idOf(value.id))
  const meeting = await getMeeting(turn.db, decision.meeting)
  const setting = await settingWith(turn, meeting, [decision])
  const actor = actorIn(turn)
  const self = proposesAs(decision, actor, setting)
  if (self === undefined) throw new Refusal('此按钮仅限牵头单位负责人或牵头人使用')
  if (decision.task !== undefined) throw new AlreadySo(handedWords(decision, setting))
  if (decision.dueAt) throw new AlreadySo('完成时限已定')
  const due = typeof form.due === 'string' ? form.due.trim() : ''
  if (!due) throw new Refusal('请填写完成时限,例如:12月10日前')
  const dueAt = await readDue(turn, due)
  await saveDecision(turn.db, decision, {
    ...decision,
    dueAt,
    dueSaid: due,
    dueSaidAt: turn.now,
    proposedBy: turn.who.id,
    doubts: decision.doubts.filter(doubt => !isAboutDue(doubt)),
  })
  turn.record({
    feature: FEATURE,
    act: 'proposeDue',
    matter: String(meeting.id),
    ...(self === turn.who.id ? {} : { actingFor: self }),
    data: { decision: decision.id, dueAt: dueAt.toISOString() },
  })
  await redrawAll(turn, decision)
  return { toast: { kind: 'success', words: '已提出完成时限' } }
}

async function heard(turn: Turn, matter: string, said: Said): Promise<Answer> {
  const [, meetingId, , decisionId] = MATTER.exec(matter) ?? []
  if (decisionId !== undefined)
    return proposeDue(turn, {
      value: { id: decisionId },
      form: { due: said.text },
      copy: undefined,
      message: said.message,
    })
  const meeting = await holdMeeting(turn.db, idOf(meetingId))
  const count = await noteDown(turn, meeting, said.text)
  return { say: { text: `已录入${count}项议定事项` } }
}

const MOST_WAITING = 30

/** What waits to be put on file, for those who keep the ledger; and deadlines that somebody is asked for. */
async function todo(look: Look & { who: Person }): Promise<Waiting> {
  const actor = await actorOf(look, look.who.id)
  const keeps = actor.held.some(({ code }) => code === 'DB' || code === 'BZ')
  const waiting = keeps ? await meetingsToHand(look.db, MOST_WAITING) : []
  const items: TodoItem[] = []
  for (const { meeting: id, open } of waiting) {
    const meeting = await getMeeting(look.db, id)
    if (mayHand(meeting, actor)) items.push(handItem(meeting, open))
  }
  const led = await departmentsLed(look.db, actor.id)
  const asked = await decisionsAsked(look.db, actor.id, led, MOST_WAITING)
  return {
    items: [...items, ...asked.map(dueItem)],
    more: waiting.length === MOST_WAITING || asked.length === MOST_WAITING,
  }
}

const handItem = (meeting: Meeting, open: number): TodoItem => ({
  feature: FEATURE,
  matter: decisionsMatter(meeting.id),
  urgency: meeting.endsAt.getTime(),
  line: [
    '会议 ',
    { bold: shorten(meeting.title, 40) },
    `${meeting.number ? ` · ${numberText(meeting.number)}` : ''} · 议定事项${open}项待转督办`,
  ],
  buttons: [{ label: '查看', action: `${FEATURE}.decisions`, value: { id: meeting.id, page: 1 } }],
})

const dueItem = (decision: Decision): TodoItem => ({
  feature: FEATURE,
  matter: dueMatter(decision),
  urgency: decision.askedAt?.getTime() ?? Number.MAX_SAFE_INTEGER,
  line: ['会议 请提出完成时限 ', { bold: shorten(decision.title || decision.says, 40) }],
  buttons: [{ label: '填写', action: `${FEATURE}.openDue`, value: { id: decision.id } }],
})

const openDue: Action = async (turn, { value }) => {
  const decision = await getDecision(turn.db, idOf(value.id))
  const meeting = await getMeeting(turn.db, decision.meeting)
  if (!mayPropose(decision, actorIn(turn), await settingWith(turn, meeting, [decision]))) throw new Refusal(NO_DECISION)
  return {
    say: { matter: { feature: FEATURE, id: dueMatter(decision) } },
    privately: true,
    toast: { kind: 'success', words: '已发送到私聊' },
  }
}

/** `/会议 议定 会〔2026〕31号`: its decisions; with lines after it they are noted down. */
async function byNumber(turn: Turn, { text }: Said): Promise<Answer> {
  const { meeting, rest } = await meetingSaid(turn, text, USAGE, seesDecisions)
  if (rest.trim()) await noteDown(turn, await holdMeeting(turn.db, meeting.id), rest)
  return { say: bodyOf(meeting), privately: true }
}

const USAGE = '/会议 议定 会〔2026〕31号'

/** Decisions and what becomes of them. */
export const decisionPart: Part = {
  owns: matter => MATTER.test(matter),
  commands: {
    议定: { usage: USAGE, about: '查看或录入议定事项,编号后可粘贴多行,一行一项', run: byNumber },
  },
  actions: {
    decide,
    noteDecisions,
    decisions: show,
    editDecision: edit,
    dropDecision: drop,
    handDecision: handOne,
    handDecisions: handAll,
    askDues,
    proposeDue,
    openDue,
  },
  draw,
  heard,
  todo,
}
