import { peopleById } from '../../db/people.ts'
import { getTask } from '../../db/task.ts'
import type { Action, Turn } from '../../src/bot/feature.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { taskFlow } from '../../src/office/task/flow.ts'
import { moved } from '../../src/office/task/moves.ts'
import { decisionsOn, readRecord, recordForm } from '../../src/office/task/record.ts'
import { maySee, whyNot } from '../../src/office/task/roles.ts'
import type { Actor, Setting, Task } from '../../src/office/task/task.ts'
import { asOptions } from '../named.ts'
import { decide, toastOf } from './act.ts'
import { officeHolders } from './recipients.ts'
import { actorIn, actorOf, FEATURE, idOf, refuseStrangers, settingOf } from './setting.ts'

/** 代录领导意见: pressed on the task it asks what was decided, pressed on that form it enters the decision (ORG-04). */
export const record: Action = async (turn, { value, form }) => {
  const task = await getTask(turn.db, idOf(value.id))
  const setting = await settingOf(turn, task)
  refuseStrangers(task, actorIn(turn), setting)
  moved(task, { move: 'record', by: actorIn(turn), seenRev: undefined, word: '' }, setting)
  const deciders = await decidersBeside(turn, task, setting)
  if (!deciders.length) throw new Refusal('没有可以代录其意见的领导,请核对角色设置和知悉范围')
  if (value.asked === undefined) {
    const people = await peopleById(
      turn.db,
      deciders.map(actor => actor.id),
    )
    return { fresh: { card: recordForm(task, await asOptions(turn, people)) } }
  }
  const { decider, decision, way } = readRecord(form, task)
  const by = deciders.find(actor => actor.id === decider)
  if (!by) throw new Refusal('请选择作出决定的领导')
  if (!decision) throw new Refusal('请选择领导的决定')
  if (!way) throw new Refusal('请选择领导作出决定的方式')
  const after = await decide(turn, task.id, {
    move: decision,
    by,
    seenRev: typeof value.rev === 'number' ? value.rev : undefined,
    word: typeof form.word_office === 'string' ? form.word_office : '',
    recorded: { by: turn.who.id, way },
  })
  return {
    toast: { kind: 'success', words: `已代录:${toastOf(after)}` },
    fresh: { matter: { feature: FEATURE, id: String(after.id) } },
  }
}

/** Leaders who may decide what waits, by a role of their own; nobody enters a decision as their own this way. */
async function decidersBeside(turn: Turn, task: Task, setting: Setting): Promise<Actor[]> {
  const held = (await officeHolders(turn)).filter(({ code }) => ['LD', 'FG', 'BZ'].includes(code))
  const ids = [...new Set(held.map(one => one.person))].filter(id => id !== turn.who.id)
  const actors = await Promise.all(ids.map(async id => ({ ...(await actorOf(turn, id)), standsFor: [] })))
  const may = (actor: Actor): boolean =>
    decisionsOn(task).some(move => whyNot(task, taskFlow.moves[move].by, actor, setting) === undefined)
  return actors.filter(actor => maySee(task, actor, setting.heads) && may(actor))
}
