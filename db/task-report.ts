import { and } from 'drizzle-orm'
import type { Lit } from '../src/office/task/light.ts'
import type { Db } from './client.ts'
import { defined, type Filter, isOpen, matching, type Sight, seenBy, tasks } from './task.ts'

/** Of the open ones that match and may be seen what their light depends on; at most `limit`. */
export async function litSeen(
  db: Db,
  sight: Sight,
  filter: Filter,
  limit: number,
): Promise<Array<Lit & { id: number }>> {
  const { id, state, dueAt, redos, assignedAt, signedAt, signDueAt, reportDueAt, percent } = tasks
  const rows = await db
    .select({ id, state, dueAt, redos, assignedAt, signedAt, signDueAt, reportDueAt, percent })
    .from(tasks)
    .where(and(seenBy(sight), matching(filter), isOpen))
    .limit(limit)
  return rows.map(row => defined(row))
}
