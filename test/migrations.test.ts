import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Db, openPostgres } from '../db/client.ts'
import { events, record } from '../db/events.ts'
import { migrateEmbedded, migrateServer } from '../db/migrate.ts'
import { openPglite } from '../db/pglite.ts'
import { getOccurrence, isUnsettled } from '../db/remind.ts'
import type { Database } from '../src/node/database.ts'
import { openDatabase } from '../src/node/database.ts'
import { createDatabase, dropDatabase, freshDatabase, hasPostgres, type Kind, kinds } from './harness/databases.ts'
import { rows } from './harness/traces.ts'

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

/** Up to which migration the data was filled in. */
const FILLED_AT = 4

/** An empty database as it was, which can be brought up to date. */
async function oldDatabase(kind: Kind, folder: string) {
  if (kind === 'PGlite') {
    const { db, close } = await openPglite(undefined)
    await migrateEmbedded(db, folder)
    return { db, close, update: () => migrateEmbedded(db, FOLDER) }
  }
  const url = await createDatabase()
  await migrateServer(url, folder)
  const opened = openPostgres(url, { max: 1 })
  const close = async () => {
    await opened.close()
    await dropDatabase(url)
  }
  return { db: opened.db, close, update: () => migrateServer(url, FOLDER) }
}

/** The migrations as they were when the data was filled in. */
function oldFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'huiyin-old-'))
  cpSync(FOLDER, folder, { recursive: true })
  const file = join(folder, 'meta/_journal.json')
  const journal = JSON.parse(readFileSync(file, 'utf8')) as Journal
  writeFileSync(file, JSON.stringify({ ...journal, entries: journal.entries.filter(({ idx }) => idx <= FILLED_AT) }))
  return folder
}

describe.each(kinds)('a filled database on %s', kind => {
  it('稍后 that was chosen before the choice was kept stays as it was', async () => {
    const folder = oldFolder()
    const old = await oldDatabase(kind, folder)
    try {
      await rows(
        old.db,
        `insert into reminders (number, maker, owner, receivers, chat, text, said, said_at, calendar_id, recurring, urgent, state, source, source_chat)
         values (1, 'p', 'p', '{p}', '', '交材料', '明天9点', '2026-11-23', 'shipped', false, false, 'ended', '', '')`,
      )
      await rows(
        old.db,
        `insert into occurrences (reminder, receiver, due_at, state, fired_at, missed, snoozed_until, moved_by, moved_at)
         values (1, 'p', '2026-11-24T01:00Z', 'snoozed', '2026-11-24T01:00Z', 0, '2026-11-25T00:30Z', 'p', '2026-11-24T01:01Z')`,
      )
      await old.update()
      expect(await getOccurrence(old.db, 1)).toMatchObject({
        state: 'snoozed',
        snoozedUntil: new Date('2026-11-25T00:30Z'),
        later: undefined,
        calendarId: undefined,
      })
      expect(await isUnsettled(old.db, 'another calendar')).toBe(false)
    } finally {
      await old.close()
      rmSync(folder, { recursive: true, force: true })
    }
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
