import { departmentsById } from '../../db/department.ts'
import { rolesHeldBy } from '../../db/role.ts'
import { type Feature, type Look, MOST_READ } from '../../src/bot/feature.ts'
import type { HeldRole, Person } from '../../src/kit/person.ts'
import { dayIn } from '../../src/kit/time.ts'
import { type InHand, mayHandOver } from '../../src/office/role/hand-over.ts'
import { withConfigured } from '../admins.ts'

/** All of which somebody can have something in hand that others may take over. */
export const subjectsIn = ({ office }: Pick<Look, 'office'>): Feature[] => office.features.filter(one => one.handOver)

/** Of which subjects somebody may hand over what a colleague has in hand. */
export async function subjectsFor(
  look: Look,
  { who, roles }: { who: Person; roles: readonly HeldRole[] },
  from: Person,
): Promise<Feature[]> {
  const units = await departmentsById(look.db, from.departments)
  const giver = {
    held: withConfigured(look.office, who.id, roles),
    departments: who.departments,
    heads: units.some(({ leader }) => leader === who.id),
  }
  return subjectsIn(look).filter(one => mayHandOver(one.name, giver, from.departments))
}

/** The same for somebody who does not ask just now, and may have left. */
export async function subjectsOf(look: Look, reader: Person | undefined, from: Person): Promise<Feature[]> {
  if (!reader?.active) return []
  return subjectsFor(look, { who: reader, roles: await rolesHeldBy(look.db, reader.id, dayIn(look.now)) }, from)
}

export async function inHandOf(look: Look, person: string, subjects: readonly Feature[]): Promise<InHand[]> {
  const found: InHand[] = []
  for (const subject of subjects) {
    const lines = (await subject.held?.(look, person)) ?? []
    if (lines.length) found.push(countedIn(subject, lines.length, lines))
  }
  return found
}

export const countedIn = ({ name, title }: Feature, count: number, lines: readonly string[] = []): InHand => ({
  feature: name,
  title,
  count,
  isMore: count >= MOST_READ,
  lines,
})
