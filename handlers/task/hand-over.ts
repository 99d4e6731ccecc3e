import { holdTask, saveTask, tasksBorneBy } from '../../db/task.ts'
import type { Feature } from '../../src/bot/feature.ts'
import { bears, handedOver } from '../../src/office/task/hand-over.ts'
import { headOf, type Task } from '../../src/office/task/task.ts'
import { noteMove } from './history.ts'
import { FEATURE, settingOf } from './setting.ts'

/** So many are handed over in one step. */
const MOST = 500

/** Of one with 知悉范围 nothing is told but that it is there. */
export const held: NonNullable<Feature['held']> = async ({ db }, person) =>
  (await borne(db, person)).map(task => (task.scope.length ? '督办 设有知悉范围的事项' : headOf(task)))

export const handOver: NonNullable<Feature['handOver']> = async (turn, from, to) => {
  const open = await borne(turn.db, from.id)
  for (const { id } of open) {
    const before = await holdTask(turn.db, id)
    const after = handedOver(before, { from, to, by: turn.who.id }, await settingOf(turn, before))
    await saveTask(turn.db, before, after)
    noteMove(turn, before, after)
    turn.redraw(FEATURE, String(id))
  }
  return open.length
}

const borne = async (db: Parameters<typeof tasksBorneBy>[0], person: string): Promise<Task[]> =>
  (await tasksBorneBy(db, person, MOST)).filter(task => bears(task, person))
