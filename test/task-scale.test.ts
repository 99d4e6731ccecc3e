import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPostgres } from '../db/client.ts'
import { openDatabase } from '../src/node/database.ts'
import { type Act, actsIn } from './harness/acts.ts'
import { createDatabase, dropDatabase, hasPostgres } from './harness/databases.ts'
import { fillOffice, OF_THE_PAST } from './harness/past.ts'
import { plannedForAny, RUNS } from './harness/prepared.ts'
import { type Watched, watch } from './harness/watched.ts'

const NOW = new Date('2026-11-24T09:00:00+08:00')
const OPEN = 150
const LITTLE = 4_000
const MUCH = 20_000

interface Office {
  url: string
  watched: Watched
  acts: ReturnType<typeof actsIn>
}

async function officeWith(ended: number): Promise<Office> {
  const url = await createDatabase()
  await (await openDatabase({ databaseUrl: url, dataDir: '' })).close()
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  await fillOffice(sql, { ended, open: OPEN, people: 2_000, now: NOW })
  await sql.end()
  const watched = watch(url)
  return { url, watched, acts: actsIn(watched.db, { ended, open: OPEN, now: NOW }) }
}

const costIn = ({ watched }: Office, act: Act) => watched.costOf(() => act.run(1))

describe.runIf(hasPostgres)('an office with years of work behind it', () => {
  let little: Office
  let much: Office
  beforeAll(async () => {
    little = await officeWith(LITTLE)
    much = await officeWith(MUCH)
  }, 120_000)
  afterAll(async () => {
    for (const { url, watched } of [little, much]) {
      await watched.close()
      await dropDatabase(url)
    }
  })

  it('reads nothing of the past from end to end, whatever is asked', async () => {
    const found: string[] = []
    for (const act of Object.values(much.acts).flat()) {
      const { scanned } = await costIn(much, act)
      for (const table of scanned.filter(name => OF_THE_PAST.includes(name))) found.push(`${act.name}: ${table}`)
    }
    expect(found.join('\n')).toBe('')
  })

  it.each(['daily', 'beat'] as const)('does what concerns today as in its first weeks (%s)', async kind => {
    const dearer: string[] = []
    for (const [i, act] of much.acts[kind].entries()) {
      const then = await costIn(little, little.acts[kind][i] as Act)
      const now = await costIn(much, act)
      // what is small is read at once, and later by its index: a page or so for each that is open
      if (now.pages > 1.5 * then.pages + OPEN) dearer.push(`${act.name}: ${then.pages} → ${now.pages} pages`)
    }
    expect(dearer.join('\n')).toBe('')
  })

  // last: what it does stays
  it('reads nothing of the past from end to end where the server plans for any value either', async () => {
    const { db, close } = openPostgres(much.url, { max: 1 })
    for (const act of Object.values(actsIn(db, { ended: MUCH, open: OPEN, now: NOW })).flat())
      for (let round = 0; round < RUNS; round++) await act.run(round)
    const planned = await plannedForAny(db)
    await close()
    expect(planned.length).toBeGreaterThan(50)
    const bad = planned.filter(({ scanned }) => scanned.some(name => OF_THE_PAST.includes(name)))
    expect(bad).toEqual([])
  })
})
