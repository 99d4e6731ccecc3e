import { allDepartments, departmentsById } from '../../db/department.ts'
import { decisionsOf, dropDecision, saveDecision } from '../../db/meeting-after.ts'
import type { Action, Turn } from '../../src/bot/feature.ts'
import { nameOf } from '../../src/kit/acted.ts'
import type { Card } from '../../src/kit/card.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { plain } from '../../src/kit/text.ts'
import { DECISION_LIMITS, type Decision, EXAMPLE_DECISION } from '../../src/office/meeting/decision.ts'
import type { Bearer } from '../../src/office/meeting/decision-bearers.ts'
import { decisionForm } from '../../src/office/meeting/decision-cards.ts'
import { type Setting, unitOf } from '../../src/office/meeting/meeting.ts'
import { redrawDecisions, settledAnew } from '../decided.ts'
import { peopleMeant } from '../named.ts'
import { opened } from '../opened.ts'
import { decisionsBody, holdOpen, MOST_UNITS, redrawAll } from './decision-view.ts'
import { readDue } from './read-due.ts'
import { FEATURE } from './setting.ts'

const MOST_CHOICES = 60

/** 修改: pressed on the card it opens the form, pressed on the form it saves. */
export const edit: Action = async (turn, { value, form }) => {
  const { decision, meeting, setting, rights } = await holdOpen(turn, value.id)
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
  if (after.says !== decision.says) await settledAnew(turn, meeting.id)
  await redrawAll(turn, decision)
  return { toast: { kind: 'success', words: '已修改' }, fresh: decisionsBody(meeting) }
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
  const names = text.split(/[、,\uff0c;\uff1b\s]+/).filter(name => name !== '')
  if (names.length > DECISION_LIMITS.assistants) throw new Refusal(`配合单位和人员最多${DECISION_LIMITS.assistants}个`)
  const units = await allDepartments(turn.db, MOST_UNITS)
  const helpers: Bearer[] = []
  for (const name of names) {
    const unit = units.find(one => plain(one.name) === plain(name))
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

export const drop: Action = async (turn, { value }) => {
  const { decision, meeting, rights } = await holdOpen(turn, value.id)
  if (!rights.edit && !rights.hand) throw new Refusal('议定事项由会议承办人修改')
  if (value.rev !== decision.rev) throw new Refusal('卡片已过期,请以最新卡片为准')
  await dropDecision(turn.db, decision.id)
  turn.record({
    feature: FEATURE,
    act: 'dropDecision',
    matter: String(meeting.id),
    data: { decision: decision.id, says: decision.says },
  })
  await settledAnew(turn, meeting.id)
  redrawDecisions(turn, meeting.id, (await decisionsOf(turn.db, meeting.id)).length + 1)
  return { toast: { kind: 'success', words: '已删除' }, fresh: decisionsBody(meeting) }
}
