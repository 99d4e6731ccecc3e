import { openStep } from '../../kit/chain.ts'
import type { Meeting } from './meeting.ts'

/** Whom a meeting waits for: those of the step that is open. */
export const awaitedBy = ({ state, steps }: Pick<Meeting, 'state' | 'steps'>): readonly string[] =>
  state === 'submitted' ? (openStep({ steps })?.people ?? []) : []

/** Everybody who made it, is named in it, decides or decided. */
export function peopleOf({
  maker,
  convener,
  presider,
  contact,
  steps,
}: Pick<Meeting, 'maker' | 'convener' | 'presider' | 'contact' | 'steps'>): string[] {
  const deciders = steps.flatMap(({ people, decision }) => [...people, decision?.by, decision?.inPlaceOf])
  const all = [maker, convener, presider, contact, ...deciders]
  return [...new Set(all.filter((id): id is string => id !== undefined && id !== ''))]
}
