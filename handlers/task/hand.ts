import { peopleById } from '../../db/people.ts'
import { colleagues, peopleOfUnit } from '../../db/people-meant.ts'
import { getTask } from '../../db/task.ts'
import type { Action, Press, Turn } from '../../src/bot/feature.ts'
import type { Person } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import type { TaskMove } from '../../src/office/task/flow.ts'
import { taskFlow } from '../../src/office/task/flow.ts'
import { changeForm, reassignForm } from '../../src/office/task/form.ts'
import { whyNot } from '../../src/office/task/roles.ts'
import type { Setting, Task } from '../../src/office/task/task.ts'
import { asOptions } from '../named.ts'
import { refuseBearers } from '../task-draft.ts'
import { decide, toastOf } from './act.ts'
import { namedPeople, unitsFor } from './make.ts'
import { actorIn, FEATURE, idOf, refuseStrangers, settingOf } from './setting.ts'
import { readDeadline } from './when.ts'

const MOST_OPTIONS = 60
/** As many of a unit's own people as a card holds twice. */
const MOST_OF_UNIT = 80

/** 转办, 分办: pressed on the task it asks to whom, pressed on that form it hands over. */
export const reassign: Action = async (turn, pressed) => {
  const id = idOf(pressed.value.id)
  if (!isForm(pressed)) {
    const { task } = await opened(turn, id, 'reassign')
    const others = (await peopleOfUnit(turn.db, task.leadUnit, MOST_OF_UNIT)).filter(one => one.id !== task.lead)
    return { fresh: { card: reassignForm(task, await asOptions(turn, others)) } }
  }
  const to = text(pressed, 'to')
  const helpers = chosen(pressed, 'helpers')
  const people = await peopleById(turn.db, [to, ...helpers])
  await refuseBearers(
    turn,
    people.map(person => person.id),
  )
  const after = await decide(turn, id, {
    ...base(turn, pressed, to || !helpers.length ? 'reassign' : 'divide'),
    to: people.find(person => person.id === to),
    helpers: people.filter(person => helpers.includes(person.id)),
  })
  return done(after)
}

/** 变更: pressed on the task it asks what changes, pressed on that form it proposes the change, or makes it where the presser may approve. */
export const change: Action = async (turn, pressed) => {
  const id = idOf(pressed.value.id)
  if (!isForm(pressed)) {
    const { task, setting } = await opened(turn, id, 'change')
    const near = await colleagues(turn.db, turn.who, turn.chat.id, MOST_OPTIONS)
    return { fresh: { card: changeForm(task, await asOptions(turn, near), setting) } }
  }
  const [lead] = text(pressed, 'lead') ? await peopleById(turn.db, [text(pressed, 'lead')]) : []
  if (text(pressed, 'lead') && !lead) throw new Refusal('请选择新的牵头人')
  const typed = text(pressed, 'names') ? await namedPeople(turn, text(pressed, 'names')) : []
  const add = distinct([...(await peopleById(turn.db, chosen(pressed, 'add'))), ...typed])
  await refuseBearers(
    turn,
    [lead, ...add].flatMap(one => (one ? [one.id] : [])),
  )
  const after = await decide(turn, id, {
    ...base(turn, pressed, 'change'),
    change: {
      title: text(pressed, 'title') || undefined,
      content: text(pressed, 'content') || undefined,
      dueAt: text(pressed, 'due') ? await readDeadline(turn, text(pressed, 'due')) : undefined,
      lead: lead && { id: lead.id, unit: lead.departments[0] ?? '' },
      add: unitsFor(add),
      drop: chosen(pressed, 'drop'),
    },
  })
  return done(after)
}

const isForm = ({ value }: Press): boolean => value.asked !== undefined

const text = ({ form }: Press, name: string): string => {
  const said = form[name]
  return typeof said === 'string' ? said.trim().slice(0, 1_000) : ''
}

const distinct = (people: Person[]): Person[] => [...new Map(people.map(one => [one.id, one])).values()]

/** People chosen on a form. */
const chosen = ({ form }: Press, name: string): string[] => {
  const some = form[name]
  return Array.isArray(some) ? some.filter(one => typeof one === 'string').slice(0, MOST_OPTIONS) : []
}

const base = (turn: Turn, pressed: Press, move: TaskMove) => ({
  move,
  by: actorIn(turn),
  seenRev: typeof pressed.value.rev === 'number' ? pressed.value.rev : undefined,
  word: text(pressed, 'word_office'),
})

const done = (after: Task) => ({
  toast: {
    kind: 'success' as const,
    words: after.lastMove === 'change' && after.change ? '变更已送审' : toastOf(after),
  },
  fresh: { matter: { feature: FEATURE, id: String(after.id) } },
})

/** The task, if the presser may open this form for it. */
async function opened(turn: Turn, id: number, move: TaskMove): Promise<{ task: Task; setting: Setting }> {
  const task = await getTask(turn.db, id)
  const setting = await settingOf(turn, task)
  const actor = actorIn(turn)
  refuseStrangers(task, actor, setting)
  const { by, from, button } = taskFlow.moves[move]
  const why = whyNot(task, by, actor, setting)
  if (why) throw new Refusal(why)
  if (!from.includes(task.state)) throw new Refusal(`当前状态为“${taskFlow.states[task.state]}”,不能${button}`)
  return { task, setting }
}
