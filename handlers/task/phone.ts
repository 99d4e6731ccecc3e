import type { Turn } from '../../src/bot/feature.ts'
import type { Task } from '../../src/office/task/task.ts'
import { keepPhone, phoneOf } from '../phone.ts'

/** A task after a move, with how its lead is reached: what was written is kept, and what is known stands on it at 交办 and 转办. */
export async function withPhone(turn: Pick<Turn, 'db' | 'now'>, before: Task, after: Task): Promise<Task> {
  if (after.leadPhone !== before.leadPhone) await keepPhone(turn, after.lead, after.leadPhone)
  const isNew = after.lead !== before.lead || before.assignedAt === undefined
  return isNew && after.assignedAt && !after.leadPhone
    ? { ...after, leadPhone: await phoneOf(turn, after.lead) }
    : after
}
