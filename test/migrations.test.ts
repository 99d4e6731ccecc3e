import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../db/client.ts'
import { events, record } from '../db/events.ts'
import type { Database } from '../src/node/database.ts'
import { openDatabase } from '../src/node/database.ts'
import { createDatabase, dropDatabase, freshDatabase, hasPostgres, kinds } from './harness/databases.ts'

const ROOT = new URL('..', import.meta.url).pathname
const FOLDER = join(ROOT, 'db/migrations')

interface Journal {
  entries: Array<{ idx: number; when: number; tag: string }>
}

describe('law 7: the migrations', () => {
  const { entries } = JSON.parse(readFileSync(join(FOLDER, 'meta/_journal.json'), 'utf8')) as Journal

  it('say all that the schema says: generating yields nothing new', () => {
    const copy = mkdtempSync(join(ROOT, 'db/.drift-'))
    cpSync(FOLDER, copy, { recursive: true })
    const before = readdirSync(copy).length
    execFileSync(
      'npx',
      ['drizzle-kit', 'generate', '--dialect', 'postgresql', '--schema', './db/*.ts', '--out', copy.slice(ROOT.length)],
      { cwd: ROOT, stdio: 'pipe' },
    )
    const after = readdirSync(copy).length
    rmSync(copy, { recursive: true, force: true })
    expect(after).toBe(before)
  }, 60_000)

  it('follow one another in time, or one merged late would be passed over in silence', () => {
    const times = entries.map(entry => entry.when)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(entries.map(entry => `${entry.tag}.sql`)).toEqual(
      readdirSync(FOLDER)
        .filter(name => name.endsWith('.sql'))
        .sort(),
    )
  })
})

describe.each(kinds)('the database on %s', kind => {
  let database: Database
  beforeAll(async () => {
    database = await freshDatabase(kind)
  })
  afterAll(() => database.close())

  it('lets nobody change or delete the history', async () => {
    await addEvent(database.db)
    await expect(database.db.update(events).set({ who: 'x' })).rejects.toThrow()
    await expect(database.db.delete(events)).rejects.toThrow()
    expect(await database.db.select().from(events)).toHaveLength(1)
  })
})

const addEvent = (db: Db) =>
  record(db, {
    at: new Date('2026-11-24T01:00:00Z'),
    who: 'p',
    feature: 'assign',
    act: 'accept',
    outcome: 'ok',
    chat: 'c',
    delivery: 'd',
    data: {},
  })

describe.runIf(hasPostgres)('several processes that start at once', () => {
  it('migrate one after another', async () => {
    const url = await createDatabase()
    const opened = await Promise.all([1, 2, 3].map(() => openDatabase({ databaseUrl: url, dataDir: tmpdir() })))
    expect(opened).toHaveLength(3)
    await Promise.all(opened.map(one => one.close()))
    await dropDatabase(url)
  })
})
