import { openOfUnit, ungivenOfUnit } from '../../db/task-list.ts'
import type { Look, Turn } from '../../src/bot/feature.ts'
import { ALIKE, likeness } from '../../src/office/task/draft.ts'
import type { Actor, Task } from '../../src/office/task/task.ts'
import { FEATURE, sightOf } from './setting.ts'

const ALIKE_DAYS = 30

/** Open tasks of the same unit with a similar title, made in the last 30 days, as far as the actor may see them. */
export async function alikeTo(
  look: Pick<Look, 'db' | 'now'>,
  { title, leadUnit, id = 0 }: Pick<Task, 'title' | 'leadUnit'> & { id?: number },
  actor: Actor,
): Promise<Task[]> {
  const since = new Date(look.now.getTime() - ALIKE_DAYS * 86_400_000)
  const open = await openOfUnit(look.db, await sightOf(look, actor), leadUnit, since, id)
  return open.filter(one => likeness(one.title, title) >= ALIKE)
}

const MOST_UNGIVEN = 100

/** Whoever has yet to give out something alike is told how this one stands. */
export async function redrawAlike(turn: Turn, before: Task, after: Task): Promise<void> {
  if (before.state === after.state && before.title === after.title && before.leadUnit === after.leadUnit) return
  for (const unit of new Set([before.leadUnit, after.leadUnit]))
    for (const { id, title } of await ungivenOfUnit(turn.db, unit, MOST_UNGIVEN)) {
      const isAlike = [before, after].some(one => one.leadUnit === unit && likeness(title, one.title) >= ALIKE)
      if (isAlike && id !== after.id) turn.redraw(FEATURE, String(id), 'calmly')
    }
}
