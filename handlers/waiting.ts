import type { Feature, Look, TodoItem, Waiting } from '../src/bot/feature.ts'
import type { Person } from '../src/kit/person.ts'
import { byUrgency } from '../src/office/todo/cards.ts'

/** What waits for somebody, from all subjects, the most urgent first. */
export async function waitingFor(subjects: readonly Feature[], look: Look, id: string): Promise<Waiting> {
  const all = await Promise.all(subjects.map(subject => subject.todo?.({ ...look, who: personOf(id) }) ?? []))
  return together(all.flat())
}

export const together = (parts: readonly Waiting[]): Waiting => ({
  items: byUrgency(parts.flatMap(part => part.items)),
  more: parts.some(part => part.more),
})

/** What somebody's day holds, from all subjects. */
export async function plannedFor(subjects: readonly Feature[], look: Look, id: string): Promise<TodoItem[]> {
  return (await Promise.all(subjects.map(subject => subject.today?.({ ...look, who: personOf(id) }) ?? []))).flat()
}

const personOf = (id: string): Person => ({ id, name: '', departments: [], leader: undefined, active: true })
