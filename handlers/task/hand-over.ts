import { holdTasks, saveTask } from '../../db/task.ts'
import { type Handing, tasksBorneBy, tasksKeptFrom, tasksToHandOver } from '../../db/task-hand-over.ts'
import { type Feature, MOST_READ, type Turn } from '../../src/bot/feature.ts'
import type { Person } from '../../src/kit/person.ts'
import { bears, handedOver, settles, staysWithin } from '../../src/office/task/hand-over.ts'
import { hears, supervises } from '../../src/office/task/roles.ts'
import { headOf, peopleOf } from '../../src/office/task/task.ts'
import { tellCalmly } from '../calm.ts'
import { noteMove } from './history.ts'
import { actorIn, actorOf, FEATURE, settingOf, sightOf } from './setting.ts'

/** Of one with 知悉范围 nothing is told but that it is there. */
export const held: NonNullable<Feature['held']> = async ({ db }, person) =>
  (await tasksBorneBy(db, person, MOST_READ)).map(task =>
    task.scope.length ? '督办 设有知悉范围的事项' : headOf(task),
  )

export const handOver: NonNullable<Feature['handOver']> = async (turn, from, to, most) => {
  const actor = actorIn(turn)
  const handing: Handing = { from: from.id, to, by: (await sightOf(turn, actor)).own }
  const found = await tasksToHandOver(turn.db, handing, most)
  const open = (
    await holdTasks(
      turn.db,
      found.map(({ id }) => id),
    )
  ).filter(
    task => bears(task, from.id) && hears(task, to.id) && (supervises(task, actor) || staysWithin(task, from.id, to)),
  )
  const setting = await settingOf(turn, ...open)
  for (const before of open) {
    const after = handedOver(before, { from, to, by: turn.who.id }, setting)
    await saveTask(turn.db, before, after)
    noteMove(turn, before, after)
    turn.redraw(FEATURE, String(before.id))
  }
  if (found.length < most) await tellKept(turn, handing, from, to)
  return found.length
}

/** Whoever may see it and settle who is to do it hears that it was left, and why; nobody else does. */
async function tellKept(turn: Turn, handing: Handing, from: Person, to: Person): Promise<void> {
  const kept = await tasksKeptFrom(turn.db, handing, MOST_READ)
  if (!kept.length) return
  const setting = await settingOf(turn, ...kept)
  const lines = new Map<string, string[]>()
  for (const task of kept) {
    const why = hears(task, to.id) ? '不属承办单位' : '不在知悉范围内'
    for (const id of peopleOf(task).filter(one => one !== from.id))
      if (settles(task, await actorOf(turn, id), setting))
        lines.set(id, [
          ...(lines.get(id) ?? []),
          `${headOf(task)}:${from.name}名下事项移交${to.name},其${why},本事项未移交,请转办或变更`,
        ])
  }
  await tellCalmly(turn, '移交', lines)
}
