import { keepSetting, setting } from '../../db/settings.ts'
import type { Turn } from '../../src/bot/feature.ts'
import type { Task } from '../../src/office/task/task.ts'

const nameFor = (person: string): string => `phone.${person}`

/** How somebody is reached, as last written: asked once and offered from then on (GEN-05). '' = not known. */
export const phoneOf = async ({ db }: Pick<Turn, 'db'>, person: string): Promise<string> =>
  (await setting<{ phone: string }>(db, nameFor(person)))?.phone ?? ''

export async function keepPhone({ db, now }: Pick<Turn, 'db' | 'now'>, person: string, phone: string): Promise<void> {
  if (phone) await keepSetting(db, nameFor(person), { phone }, now)
}

/** A task after a move, with how its lead is reached: what was written is kept, and what is known stands on it at 交办 and 转办. */
export async function withPhone(turn: Pick<Turn, 'db' | 'now'>, before: Task, after: Task): Promise<Task> {
  if (after.leadPhone !== before.leadPhone) await keepPhone(turn, after.lead, after.leadPhone)
  const isNew = after.lead !== before.lead || before.assignedAt === undefined
  return isNew && after.assignedAt && !after.leadPhone
    ? { ...after, leadPhone: await phoneOf(turn, after.lead) }
    : after
}
