import { holdTasks, saveTask } from '../../db/task.ts'
import { tasksBorneBy } from '../../db/task-hand-over.ts'
import { type Feature, MOST_READ } from '../../src/bot/feature.ts'
import { bears, handedOver } from '../../src/office/task/hand-over.ts'
import { headOf } from '../../src/office/task/task.ts'
import { noteMove } from './history.ts'
import { FEATURE, settingOf } from './setting.ts'

/** Of one with 知悉范围 nothing is told but that it is there. */
export const held: NonNullable<Feature['held']> = async ({ db }, person) =>
  (await tasksBorneBy(db, person, MOST_READ)).map(task =>
    task.scope.length ? '督办 设有知悉范围的事项' : headOf(task),
  )

export const handOver: NonNullable<Feature['handOver']> = async (turn, from, to, most) => {
  const found = await tasksBorneBy(turn.db, from.id, most)
  const open = (
    await holdTasks(
      turn.db,
      found.map(({ id }) => id),
    )
  ).filter(task => bears(task, from.id))
  const setting = await settingOf(turn, ...open)
  for (const before of open) {
    const after = handedOver(before, { from, to, by: turn.who.id }, setting)
    await saveTask(turn.db, before, after)
    noteMove(turn, before, after)
    turn.redraw(FEATURE, String(before.id))
  }
  return found.length
}
