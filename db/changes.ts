import type { Db } from './client.ts'

/** What something was, and what it is; undefined: there was none, or there is none any more. */
export interface Change {
  before: unknown
  after: unknown
}

/** A matter may consist of several rows: each part by its name. */
type Parts = Map<string, Change>

const made = new WeakMap<Db, Map<string, Parts>>()

const keyOf = (feature: string, matter: string): string => `${feature} ${matter}`

/** From now on it is kept what a transaction changes, so that its records can bear the hashes of it (domain.md 9.4). */
export function watchChanges(db: Db): void {
  made.set(db, new Map())
}

/** Whoever saves a matter says so; of several changes in a row the first state and the last count. */
export function noteChanged(
  db: Db,
  { feature, matter, part = '' }: { feature: string; matter: string; part?: string },
  { before, after }: Change,
): void {
  const all = made.get(db)
  if (!all) return
  const parts: Parts = all.get(keyOf(feature, matter)) ?? new Map()
  all.set(keyOf(feature, matter), parts)
  parts.set(part, { before: parts.has(part) ? parts.get(part)?.before : before, after })
}

/** What has become of a matter since this was last asked; undefined: nothing. */
export function takeChange(db: Db, feature: string, matter: string): Change | undefined {
  const all = made.get(db)
  const parts = all?.get(keyOf(feature, matter))
  if (!all || !parts) return undefined
  all.delete(keyOf(feature, matter))
  return { before: stateOf(parts, 'before'), after: stateOf(parts, 'after') }
}

function stateOf(parts: Parts, when: keyof Change): unknown {
  const states = [...parts].flatMap(([part, change]) => (change[when] === undefined ? [] : [[part, change[when]]]))
  return states.length ? Object.fromEntries(states) : undefined
}
