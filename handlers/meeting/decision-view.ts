import { departmentsById } from '../../db/department.ts'
import { getMeeting, NO_MEETING } from '../../db/meeting.ts'
import { decisionsOf, type Handed, holdDecision, NO_DECISION, tasksHanded } from '../../db/meeting-after.ts'
import { LATE_STATES } from '../../db/task.ts'
import type { Look, Turn } from '../../src/bot/feature.ts'
import { nameOf } from '../../src/kit/acted.ts'
import type { Block, Card } from '../../src/kit/card.ts'
import type { Viewer } from '../../src/kit/person.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { formatShort } from '../../src/kit/time.ts'
import { hiddenCard } from '../../src/office/meeting/cards.ts'
import { type Decision, mayHand, mayPropose } from '../../src/office/meeting/decision.ts'
import {
  type DecisionRights,
  type DecisionView,
  decisionsCard,
  dueCard,
  progressBlocks,
  type Standing,
} from '../../src/office/meeting/decision-cards.ts'
import type { Actor, Meeting, Setting } from '../../src/office/meeting/meeting.ts'
import { isOrganisedBy, isUnsent, maySee } from '../../src/office/meeting/roles.ts'
import { may } from '../../src/office/role/role.ts'
import { taskFlow } from '../../src/office/task/flow.ts'
import { ENDED } from '../../src/office/task/light.ts'
import { numberText as taskNumberText } from '../../src/office/task/number.ts'
import { decisionsMatter, redrawDecisions } from '../decided.ts'
import { actorIn, actorOf, FEATURE, idOf, settingOf } from './setting.ts'

export const DECISION_MATTER = /^(\d{1,15})\/(?:decisions(?:\/(\d{1,2}))?|d(\d{1,15}))$/

export const MOST_UNITS = 500

/** A decision as the unit that leads it is asked for its deadline. */
export const dueMatter = ({ meeting, id }: Decision): string => `${meeting}/d${id}`

export const decisionsBody = ({ id }: Pick<Meeting, 'id'>, page = 1) => ({
  matter: { feature: FEATURE, id: decisionsMatter(id, page) },
})

type Reading = Pick<Look, 'db' | 'now' | 'office'>

/** Names of whoever and whatever the decisions name, too. */
export async function settingWith(look: Reading, meeting: Meeting, some: readonly Decision[]): Promise<Setting> {
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

export const rightsOf = (meeting: Meeting, actor: Actor, setting: Setting): DecisionRights => ({
  edit: isOrganisedBy(meeting, actor, setting),
  hand: mayHand(meeting, actor, may),
})

/** Whoever sees the meeting as its organiser does, and whoever may turn its decisions into tasks. */
export const seesDecisions = (meeting: Meeting, actor: Actor, setting: Setting): boolean =>
  maySee(meeting, actor, setting) || (!isUnsent(meeting) && mayHand(meeting, actor, may))

/** `words`: as of what was pressed on, where that is not there. */
export function refuseDecisionStrangers(meeting: Meeting, actor: Actor, setting: Setting, words = NO_MEETING): void {
  if (!seesDecisions(meeting, actor, setting)) throw new Refusal(words)
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

export async function drawDecisions(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const [, meetingId, page, decisionId] = DECISION_MATTER.exec(matter) ?? []
  const meeting = await getMeeting(look.db, idOf(meetingId))
  const actor = viewer.kind === 'person' ? await actorOf(look, viewer.id) : NOBODY
  if (decisionId !== undefined) {
    const decision = (await decisionsOf(look.db, meeting.id)).find(({ id }) => id === idOf(decisionId))
    if (!decision) return hiddenCard()
    const setting = await settingWith(look, meeting, [decision])
    const may = mayPropose(decision, actor, setting)
    if (!may && !seesDecisions(meeting, actor, setting)) return hiddenCard()
    return dueCard(decision, meeting, setting, may)
  }
  const [view, setting] = await viewFor(look, meeting, actor, Number(page ?? 1))
  if (!seesDecisions(meeting, actor, setting)) return hiddenCard()
  return decisionsCard(view, setting)
}

/** Before a group: nobody in particular. */
const NOBODY: Actor = { id: '', departments: [], held: [], standsFor: [] }

/** A decision that somebody presses on: nobody else moves it until the turn ends. */
export async function holdOpen(turn: Turn, value: unknown) {
  const decision = await holdDecision(turn.db, idOf(value))
  const meeting = await getMeeting(turn.db, decision.meeting)
  const setting = await settingWith(turn, meeting, [decision])
  const actor = actorIn(turn)
  refuseDecisionStrangers(meeting, actor, setting, NO_DECISION)
  const rights = rightsOf(meeting, actor, setting)
  if (decision.task !== undefined) throw new AlreadySo(handedWords(decision, setting))
  return { decision, meeting, setting, actor, rights }
}

export const handedWords = ({ handedBy, handedAt }: Decision, { names, now }: Setting): string =>
  `${handedBy ? nameOf(handedBy, names) : ''} 已转督办${handedAt ? ` · ${formatShort(handedAt, now)}` : ''}`.trim()

export async function redrawAll(turn: Turn, decision: Decision): Promise<void> {
  redrawDecisions(turn, decision.meeting, (await decisionsOf(turn.db, decision.meeting)).length)
  turn.redraw(FEATURE, dueMatter(decision))
}
