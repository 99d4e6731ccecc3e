import { history } from '../db/events.ts'
import { peopleById } from '../db/people.ts'
import type { Look } from '../src/bot/feature.ts'
import type { Change, Past } from '../src/kit/past.ts'

/** Who changed what of something that is kept; `acts`: what counts as a change, in words. */
export async function changesOf(
  { db }: Pick<Look, 'db'>,
  feature: string,
  matter: string,
  acts: Record<string, string>,
): Promise<Past[]> {
  const events = (await history(db, feature, matter)).filter(({ act }) => Object.hasOwn(acts, act))
  const people = await peopleById(db, [...new Set(events.map(({ who }) => who).filter(who => who !== ''))])
  const names = new Map(people.map(person => [person.id, person.name]))
  return events.map(({ at, who, act, data }) => ({
    at,
    who: who === '' ? '系统' : names.get(who) || '未知人员',
    what: acts[act] ?? '',
    changes: (data.changes as Change[] | undefined) ?? [],
  }))
}
