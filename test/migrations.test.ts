import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { straysAfter } from '../db/audit-chain.ts'
import type { Db } from '../db/client.ts'
import { events, record } from '../db/events.ts'
import { isUnsettled } from '../db/remind-calibration.ts'
import { getOccurrence } from '../db/remind-occurrence.ts'
import { getTask } from '../db/task.ts'
import { holdBatch } from '../db/task-batch.ts'
import { getBulletin } from '../db/task-bulletin.ts'
import { createKeys } from '../src/bot/keys.ts'
import type { Office } from '../src/bot/office.ts'
import { seal } from '../src/bot/seal.ts'
import type { Database } from '../src/node/database.ts'
import { openDatabase } from '../src/node/database.ts'
import { createDatabase, dropDatabase, freshDatabase, hasPostgres, kinds } from './harness/databases.ts'
import { databaseAt } from './harness/earlier.ts'
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
  })

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

describe.each(kinds)('cars on %s, where there are reminders already', kind => {
  it('稍后 that was chosen before the choice was kept stays as it was', async () => {
    const old = await databaseAt(kind, '0004_supervision')
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
    await old.migrate()
    expect(await getOccurrence(old.db, 1)).toMatchObject({
      state: 'snoozed',
      snoozedUntil: new Date('2026-11-25T00:30Z'),
      later: undefined,
      calendarId: undefined,
    })
    expect(await isUnsettled(old.db, 'another calendar')).toBe(false)
    await old.close()
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

describe.each(kinds)('cars on %s, where there are tasks already', kind => {
  let database: Awaited<ReturnType<typeof databaseAt>>
  beforeAll(async () => {
    database = await databaseAt(kind, '0004_supervision')
    for (const statement of FILLED) await rows(database.db, statement)
    await database.migrate()
  })
  afterAll(() => database.close())

  it('keeps what was written as 存在问题, and asks for the rest', async () => {
    expect(await getTask(database.db, 1)).toMatchObject({
      problem: '数据不一致;周五前核对',
      measures: '',
      phone: '',
      leadPhone: '',
      change: { title: '新名称', add: [], drop: [] },
    })
  })

  it('gives no sub-number again that was given', async () => {
    expect((await getTask(database.db, 1)).parts).toBe(4)
    expect((await getTask(database.db, 2)).parts).toBe(0)
  })

  it('reads bulletins and batches that were there', async () => {
    expect(await getBulletin(database.db, 1)).toMatchObject({ title: '通报', makerFor: undefined, movedFor: undefined })
    expect((await holdBatch(database.db, 1)).rows[0]?.wish).toMatchObject({ title: '周报', phone: '' })
  })
})

const NOW = `'2026-11-24T09:00:00+08:00'`
const task = (problem: string, change: string) =>
  `insert into tasks (rev, state_rev, state, unit, title, content, source, basis, urgency, frequency, maker, lead, lead_unit, scope,
     people, units, created_at, due_by_default, progress, problem, nudges, extensions, returns, redos, nudged_on, workdays_left,
     result, was_late, last_move, word, moved_by, moved_at, change)
   values (1, 1, 'underway', '', '总结', '', 'QT', '', 'normal', 'once', 'm', 'l', 'u', '{}', '{m,l}', '{u}', ${NOW}, false, '进展',
     '${problem}', 0, 0, 0, 0, '', 0, '', false, 'update', '', 'l', ${NOW}, ${change})`
const WISH = {
  title: '周报',
  content: '',
  source: 'QT',
  basis: '',
  urgency: 'normal',
  frequency: 'once',
  lead: 'l',
  leadUnit: 'u',
  dueAt: null,
  dueByDefault: true,
  dueSaidAt: null,
  assistDueAt: null,
  scope: [],
}

const FILLED = [
  task('数据不一致;周五前核对', `'{"by": "m", "reason": "调整", "title": "新名称", "rev": 1}'`),
  task('', 'null'),
  ...[0, 3].map(
    place =>
      `insert into task_assists (task, person, unit, place, state, word, moved_at) values (1, 'a${place}', 'u', ${place}, 'underway', '', ${NOW})`,
  ),
  `insert into task_bulletins (rev, state, unit, maker, created_at, period, until_at, figures, title, issuer, overall, good, lagging,
     problems, demands, chat, last_move, word, moved_by, moved_at)
   values (1, 'draft', '', 'm', ${NOW}, '2026年11月', ${NOW}, '[]', '通报', '办公室', '总体', '', '', '', '', '', '', '', 'm', ${NOW})`,
  `insert into task_batches (maker, chat, name, state, rows, remark, moved_at)
   values ('m', 'c', '', 'open', '${JSON.stringify([{ says: '周报', wish: WISH, assistants: [], faults: [], task: null }])}', '', ${NOW})`,
]

describe.each(kinds)('one wheel at a time on %s, where somebody drives two cars already', kind => {
  it('keeps the one that went out last, and says of the other whose it was', async () => {
    const old = await databaseAt(kind, '0005_cars')
    await rows(old.db, `insert into people (id, name, departments, active) values ('p', '陈晨', '{}', true)`)
    for (const plate of ['江A10001', '江A10002', '江A10003'])
      await rows(
        old.db,
        `insert into vehicles (rev, state, plate, category, model, seats, unit, home, fuel, licence, odometer, on_duty, fuel_card, remark)
         values (1, 'available', '${plate}', 'other', '', 5, '', '', 'petrol', 'C1', 0, false, '', '')`,
      )
    const out = (vehicle: number, pilot: string, hour: string) =>
      rows(
        old.db,
        `insert into runs (rev, state, vehicle, pilot, starts_at, ends_at, departed_at, route, parked_at, remark, dispatched_by, dispatched_at)
         values (1, 'out', ${vehicle}, '${pilot}', '2026-11-24T${hour}:00+08', '2026-11-24T${hour}:30+08', '2026-11-24T${hour}:00+08', '', '', '绕行', 'x', ${NOW})`,
      )
    await out(1, 'p', '09')
    await out(2, 'p', '11')
    await out(3, 'q', '09')
    await old.migrate()
    expect(await rows(old.db, 'select pilot, remark from runs order by id')).toEqual([
      { pilot: null, remark: '绕行;自驾人陈晨另有出车未回场,请车管员核对' },
      { pilot: 'p', remark: '绕行' },
      { pilot: 'q', remark: '绕行' },
    ])
    await expect(rows(old.db, `update runs set pilot = 'p' where vehicle = 1`)).rejects.toThrow()
    await old.close()
  })
})

describe.each(kinds)('the audit chain on %s, where there are events already', kind => {
  const count = kind === 'Postgres' ? 100_000 : 1_200
  it('begins with them, in the order of their ids, without the table being written anew; what is new comes after them', async () => {
    const old = await databaseAt(kind, '0007_meetings')
    await rows(
      old.db,
      `insert into events (at, who, feature, matter, act, outcome, chat, delivery, data)
       select ${NOW}, 'ou_' || i, 'task', i::text, 'update', 'ok', '', 'd' || i, '{}' from generate_series(1, ${count}) i`,
    )
    const where = () => rows<{ at: string }>(old.db, `select pg_relation_filenode('events')::text as at`)
    const before = await where()
    await old.migrate()
    expect(await where()).toEqual(before)
    await addEvent(old.db)
    const office = { db: old.db, facts: { keys: createKeys('s') }, log: () => {} } as unknown as Office
    expect(await seal(office)).toBe(count > 10_000 ? 'more' : undefined)
    const [chain] = await rows<{ n: string | number; inOrder: boolean; last: string | number }>(
      old.db,
      `select count(*) as n, bool_and(seq = event) as "inOrder", max(event) as last from audit_chain`,
    )
    const sealed = Math.min(count + 1, 10_000)
    expect({ ...chain, n: Number(chain?.n), last: Number(chain?.last) }).toEqual({
      n: sealed,
      inOrder: true,
      last: sealed,
    })
    expect(await straysAfter(old.db, 0, 200_000)).toMatchObject({ stray: undefined })
    await old.close()
  })
})

describe.each(kinds)('searching on %s, where there are matters already', kind => {
  it('goes by the same letters and pairs of them as before', async () => {
    const old = await databaseAt(kind, '0010_fewer_copies')
    const texts = [
      ['', 'a', 'AaA', '江A10001', '防汛会 防汛会', '长'.repeat(400), '😀😀x', 'Ωσς É é', '\n\t%_'],
      fc.sample(fc.string({ unit: 'grapheme', maxLength: 80 }), { numRuns: 200, seed: 8 }),
    ]
      .flat()
      .map(text => text.replaceAll('\0', ''))
    const grams = () =>
      rows<{ grams: string[] }>(
        old.db,
        `select array(select unnest(grams(text)) as gram order by gram) as grams
         from json_array_elements_text('${JSON.stringify(texts).replaceAll("'", "''")}') with ordinality one(text, nth) order by nth`,
      )
    const before = await grams()
    await old.migrate()
    expect(await grams()).toEqual(before)
    expect(before.map(one => one.grams.length)).toContain(2)
    await old.close()
  })
})
