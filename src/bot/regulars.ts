import type { HeldRole, Person } from '../kit/person.ts'

/** Who someone was at their last turn, and the version of their row by which the database tells whether they still are. */
export interface Regular {
  person: Person
  roles: HeldRole[]
  version: string
  /** Roles are held from one day to another. */
  day: string
}

/** What this process remembers of turns gone by, to spare itself questions. Nothing here is believed without the database's consent. */
export interface Regulars {
  of(id: string): Regular | undefined
  keep(id: string, regular: Regular): void
  forget(id: string): void
  /** Whether a turn of this kind has asked for the database before. */
  asks(what: string): boolean
  noteAsking(what: string): void
}

const MOST = 5_000

export function createRegulars(): Regulars {
  const people = new Map<string, Regular>()
  const asking = new Set<string>()
  return {
    of: id => people.get(id),
    keep(id, regular) {
      if (people.size >= MOST) people.clear()
      people.set(id, regular)
    },
    forget: id => people.delete(id),
    asks: what => asking.has(what),
    noteAsking: what => asking.add(what),
  }
}
