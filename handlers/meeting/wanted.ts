import { peopleById } from '../../db/people.ts'
import type { Look } from '../../src/bot/feature.ts'
import type { Part, Wanted } from '../../src/office/meeting/clash.ts'
import type { Invitation, MeetingWish } from '../../src/office/meeting/meeting.ts'

/** Everybody who is wanted at a meeting, each once; whoever presides or convenes is so in the first place. */
export async function wantedAt(
  { db }: Pick<Look, 'db'>,
  { presider, convener }: Pick<MeetingWish, 'presider' | 'convener'>,
  invited: ReadonlyArray<Pick<Invitation, 'person' | 'part'>>,
): Promise<Wanted[]> {
  const parts = new Map<string, Part>()
  for (const { person, part } of invited) if (person !== undefined) parts.set(person, part)
  for (const [person, part] of [
    [convener, 'convener'],
    [presider, 'presider'],
  ] as const)
    if (person !== '') parts.set(person, part)
  const names = new Map((await peopleById(db, [...parts.keys()])).map(({ id, name }) => [id, name]))
  return [...parts].map(([person, as]) => ({ person, as, name: names.get(person) || '未知人员' }))
}
