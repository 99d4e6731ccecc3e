import { asc, isNotNull } from 'drizzle-orm'
import { stateHash } from '../src/kit/state.ts'
import type { Db } from './client.ts'
import { recordAll } from './events.ts'
import { departments } from './people.ts'
import { keepSetting, takeTurn } from './settings.ts'

/**
 * Roles that nobody gives here, for they are held by what the directory or the configuration says. The history tells who held them
 * when; who holds them by its last word stands in a setting, for of the history itself what is old may be taken away.
 */
const SOURCES = {
  directory: { known: 'role.directory', role: 'KZ', given: 'directoryGrant', gone: 'directoryWithdraw' },
  configuration: { known: 'role.configuration', role: 'SY', given: 'configuredGrant', gone: 'configuredWithdraw' },
} as const

/** `unitName`: as it was called then, for the department may be gone by the time somebody asks. */
interface Held {
  person: string
  unit: string | null
  unitName?: string
}

/** Who has come to lead a department, or does so no more. */
export async function recordHeads(db: Db, at: Date): Promise<void> {
  const led = await db.select().from(departments).where(isNotNull(departments.leader)).orderBy(asc(departments.id))
  const heads = led.map(({ id, name, leader }) => ({ person: leader ?? '', unit: id, unitName: name }))
  await recordHeld(db, 'directory', heads, at)
}

/** Who has come to be 系统管理员 by configuration (ADMINS), or is so no more. */
export async function recordAdmins(db: Db, admins: readonly string[], at: Date): Promise<void> {
  const held = [...new Set(admins)].map(person => ({ person, unit: null }))
  await recordHeld(db, 'configuration', held, at)
}

async function recordHeld(db: Db, source: keyof typeof SOURCES, held: readonly Held[], at: Date): Promise<void> {
  const { known, role, given, gone } = SOURCES[source]
  const before = await takeTurn<readonly Held[]>(db, known, [], at)
  const [lost, won] = [without(before, held), without(held, before)]
  const entry = (act: string, { person, unit, unitName }: Held) => {
    const hash = stateHash({ person, role, unit })
    const hashes = act === given ? { before: null, after: hash } : { before: hash, after: null }
    return {
      ...{ at, who: '', feature: 'role', matter: person, act, outcome: 'ok' as const, chat: '', delivery: source },
      data: { role, unit, ...(unitName && { unitName }), hashes },
    }
  }
  await recordAll(db, [...lost.map(one => entry(gone, one)), ...won.map(one => entry(given, one))])
  if (stateHash(before) !== stateHash(held)) await keepSetting(db, known, held, at)
}

function without(some: readonly Held[], others: readonly Held[]): Held[] {
  const keyOf = ({ person, unit }: Held): string => `${person} ${unit}`
  const known = new Set(others.map(keyOf))
  return some.filter(one => !known.has(keyOf(one)))
}
