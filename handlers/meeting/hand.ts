import { saveDecision } from '../../db/meeting-after.ts'
import type { Turn } from '../../src/bot/feature.ts'
import { shorten } from '../../src/kit/text.ts'
import { type Decision, mayHand, missingIn } from '../../src/office/meeting/decision.ts'
import { type Meeting, numberText } from '../../src/office/meeting/meeting.ts'
import { may } from '../../src/office/role/role.ts'
import { faultsIn } from '../../src/office/task/draft.ts'
import { LIMITS, type Task, type Wish } from '../../src/office/task/task.ts'
import { phoneOf } from '../phone.ts'
import { draftingFor, putOnFile, unfitAmong } from '../task-draft.ts'
import { actorIn, FEATURE } from './setting.ts'

/** Why a decision cannot become a task now; undefined = it can. */
export async function handFault(turn: Turn, meeting: Meeting, decision: Decision): Promise<string | undefined> {
  if (!draftingFor(turn) || !mayHand(meeting, actorIn(turn), may))
    return '转督办仅限主要领导、分管领导、办公室主任和督办员使用;已录入的事项由督办员转督办'
  const missing = missingIn(decision)
  const name = `“${shorten(decision.title || decision.says, 20)}”`
  if (missing.includes('完成时限') && missing.length === 1) return `${name}未定完成时限,请修改补充,或提请牵头单位提出`
  if (missing.length) return `${name}缺少${missing.join('、')},请先修改补充`
  const wish = wishFrom(meeting, decision)
  const helpers = helpersOf(decision)
  const [fault] = faultsIn(
    wish,
    helpers.map(({ id }) => id),
    turn.now,
  )
  if (fault) return `${name}:${fault[0]}`
  const [unfit] = (await unfitAmong(turn, [wish.lead, ...helpers.map(({ id }) => id)])).values()
  return unfit && `${name}:${unfit}`
}

/** One decision, one task (MT-07): a draft of the office, with 会议议定 as its source. */
export async function hand(turn: Turn, meeting: Meeting, decision: Decision): Promise<Task> {
  const wish = { ...wishFrom(meeting, decision), phone: await phoneOf(turn, turn.who.id) }
  const task = await putOnFile(turn, wish, helpersOf(decision))
  await saveDecision(turn.db, decision, { ...decision, task: task.id, handedBy: turn.who.id, handedAt: turn.now })
  turn.record({
    feature: FEATURE,
    act: 'handDecision',
    matter: String(meeting.id),
    data: { decision: decision.id, task: task.id },
  })
  return task
}

/** A unit without a head helps in the words of the decision only. */
const helpersOf = ({ assistants, lead }: Decision) =>
  [...new Map(assistants.map(one => [one.id, { id: one.id, unit: one.unit }])).values()].filter(
    ({ id }) => id !== '' && id !== lead,
  )

function wishFrom(meeting: Meeting, decision: Decision): Wish {
  const { title, says, lead, leadUnit, dueAt, dueSaid, dueSaidAt } = decision
  return {
    title: shorten(title, LIMITS.title),
    content: says.slice(0, LIMITS.content),
    source: 'HYYD',
    basis: shorten(`${meeting.number ? `${numberText(meeting.number)} ` : ''}${meeting.title}`, LIMITS.basis),
    urgency: 'normal',
    frequency: 'once',
    lead,
    leadUnit,
    leader: undefined,
    phone: '',
    dueAt,
    dueByDefault: false,
    dueSaid: dueSaid || undefined,
    dueSaidAt: dueSaid ? dueSaidAt : undefined,
    assistDueAt: undefined,
    scope: [],
    previous: undefined,
  }
}
