import type { Feature, Look, TodoItem } from '../src/bot/feature.ts'
import type { Person } from '../src/kit/person.ts'
import { byUrgency } from '../src/office/todo/cards.ts'

/** What waits for somebody, from all subjects, the most urgent first. */
export async function waitingFor(subjects: readonly Feature[], look: Look, id: string): Promise<TodoItem[]> {
  const who: Person = { id, name: '', departments: [], leader: undefined, active: true }
  const all = await Promise.all(subjects.map(subject => subject.todo?.({ ...look, who }) ?? []))
  return byUrgency(all.flat())
}
