import { type Breakdown, breakdowns, noteTold } from '../../db/breakdowns.ts'
import type { Beat, Look } from '../../src/bot/feature.ts'
import { formatShort } from '../../src/kit/time.ts'
import { actWords } from '../../src/office/audit/words.ts'
import { brokenWords, LAST_DELIVERY_MS, notDoneWords } from '../../src/office/setup/breakdowns.ts'
import type { Found } from '../../src/office/setup/watch.ts'

const MOST_NAMED = 5

/** What broke and was not done since, as an administrator is told. */
export async function brokenTurns({ db, office }: Look): Promise<Found | undefined> {
  const found = await breakdowns(db)
  const [first] = found
  if (!first) return undefined
  const names = found.slice(-MOST_NAMED).map(one => inWords(one, office))
  return { id: 'breakdowns', facts: { count: found.length, names }, since: new Date(first.at) }
}

/** An act by its subject and its word; of a command only what is typed behind its name. */
export function inWords({ id, act }: Breakdown, { features }: Look['office']): string {
  const [name = '', what = ''] = act.split('.')
  const title = features.find(one => one.name === name)?.title
  if (title === undefined) return brokenWords({ id, title, what: act })
  return brokenWords({ id, title, what: actWords(name, what) ?? (what === 'command' ? '' : what) })
}

/** Tells whoever sent what will not come again that it was not done. */
export async function tellSenders(beat: Beat): Promise<void> {
  const lost = (await breakdowns(beat.db)).filter(
    ({ at, told }) => !told && beat.now.getTime() - Date.parse(at) >= LAST_DELIVERY_MS,
  )
  if (!lost.length) return
  for (const { id, who, at } of lost)
    if (who) beat.send({ to: { person: who }, body: { text: notDoneWords(id, formatShort(at, beat.now)) } })
  await noteTold(
    beat.db,
    lost.map(({ key }) => key),
  )
}
