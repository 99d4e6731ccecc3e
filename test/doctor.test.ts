import { tmpdir } from 'node:os'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepArrivals } from '../db/arrivals.ts'
import { openMeeting } from '../db/meeting.ts'
import { enqueueAppointment } from '../db/outbox.ts'
import { HEARTBEAT, keepSetting } from '../db/settings.ts'
import { tick } from '../src/bot/tick.ts'
import { openBot } from '../src/node/bot.ts'
import { openDatabase, openServer } from '../src/node/database.ts'
import { examineRunning } from '../src/node/operate/doctor.ts'
import { examineDatabase } from '../src/node/operate/examine-database.ts'
import { line } from '../src/node/operate/finding.ts'
import { hasPostgres, kinds } from './harness/databases.ts'
import { KEYS, TestOffice } from './harness/office.ts'
import { operate } from './harness/operator.ts'
import { type Server, startServer } from './harness/postgres.ts'
import { aMeeting } from './harness/rooms.ts'
import { urlOf } from './harness/second.ts'
import { foreignJson, handIn, type Parcel, pressed, seal, spoken } from './harness/signed.ts'
import { rows } from './harness/traces.ts'

describe.each(kinds)('the doctor on %s', kind => {
  let office: TestOffice
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
  })
  afterAll(() => office.close())

  const examined = async (): Promise<{ text: string; well: boolean }> => {
    const { lines, well } = await examineRunning(office.bot.house.office, { transport: 'webhook' }, office.database)
    return { text: lines.join('\n'), well }
  }

  it('says of a new house what is missing and what to do about it', async () => {
    const { text, well } = await examined()
    expect(well).toBe(false)
    expect(text).toMatch(/✓ Tables {9}up to date \(\d{4}_\w+\)/)
    expect(text).toContain('✓ Feishu         answers; we are 回音')
    expect(text).toContain('✓ Scopes         all granted')
    expect(text).toContain(
      '✗ Deliveries     nothing authentic has ever come from Feishu → set the two addresses in the console',
    )
    expect(text).toContain('✗ Heartbeat      none yet → start the bot')
    expect(text).toMatch(/✓ Directory {6}\d+ people, 6 departments/)
    expect(text).toContain('· Roles          nobody is 办公室主任, 督办员, 车管员, 保密员')
    // it is not out yet as a rule, and nothing that can be mended is wrong
    expect(text).toContain('· Holidays       2027 not loaded → send the bot in private /假期 载入')
    const now = office.clock.now()
    office.clock.set(new Date('2026-12-01T09:00:00+08:00'))
    expect((await examined()).text).toContain('✗ Holidays       2027 not loaded')
    office.clock.set(now)
    if (kind === 'PGlite') expect(text).toContain('· Database       PGlite 18')
    else
      for (const line of [/✓ Database {7}PostgreSQL \d+/, /✓ Clock/, /✓ Connections {4}\d+ free/, /· Role {11}could/])
        expect(text).toMatch(line)
  })

  it('finds everything well when it is', async () => {
    const admin = office.person('刘芳')
    await admin.says('/假期 载入 2027年 元旦 1月1日至3日')
    await admin.presses('确认载入')
    await tick(office.bot.house.office)
    const { text, well } = await examined()
    for (const what of ['Events ', 'Presses'])
      expect(text).toContain(`✓ ${what}        signature and key are right; the last came less than a minute ago`)
    expect(text).toContain('✓ Clock          the same as Feishu’s')
    expect(text).toContain('✓ Heartbeat      less than a minute ago')
    expect(text).toContain('✓ Holidays       loaded')
    expect([well, text.includes('✗')]).toEqual([true, false])
    // what nobody was to read is nobody's message
    await rows(
      office.database.db,
      `insert into outbox (api, lane, parcel, priority, queued_ms, due_ms, state, uuid, sender)
       values ('contact', 'contact', '{}', 2, 1, 1, 'failed', 'contact-of-nobody', '')`,
    )
    expect((await examined()).text).toContain('✓ Undelivered    none')
  })

  it('tells which rights are missing and what that costs', async () => {
    await office.faults({ missing_scopes: ['im:resource', 'calendar:calendar'] })
    const { text, well } = await examined()
    expect(text).toContain('✗ Scopes         im:resource is not granted: no files are sent or read')
    expect(text).toContain('· Scopes         calendar:calendar is not granted')
    expect(well).toBe(false)
    await office.send('DELETE', '/sim/faults', {})
  })

  it('tells when Feishu does not answer, the bot stands still, or the outbox grows old', async () => {
    const { clock, db } = office.bot.house.office
    await office.faults({ api_5xx: 1 })
    expect((await examined()).text).toContain('✗ Feishu         cannot be reached → look at the network')
    await office.send('DELETE', '/sim/faults', {})
    await keepSetting(db, HEARTBEAT, clock.wire() - 3_600_000, clock.now())
    await rows(
      db,
      `insert into outbox (uuid, lane, api, priority, parcel, sender, queued_ms, due_ms)
       values ('u', 'oc_x', 'create', 1, '{}', '', ${clock.wire() - 7_200_000}, ${clock.wire() + 3_600_000})`,
    )
    const { text } = await examined()
    expect(text).toContain('✗ Heartbeat      the last was 60 min ago → start the bot')
    expect(text).toContain('✗ Outbox         1 waiting, the oldest for 2 h')
    await rows(db, `delete from outbox where uuid = 'u'`)
  })

  it('counts no wish for the calendar as old that waits for a right which was not granted', async () => {
    const { clock, db, wake } = office.bot.house.office
    await office.faults({ missing_scopes: ['calendar:calendar', 'calendar:calendar.event:create'] })
    const matter = String((await openMeeting(db, aMeeting(office.idOf('王强')))).id)
    await enqueueAppointment(db, { feature: 'meeting', matter }, clock.wire())
    wake()
    await office.settled()
    await rows(db, `update outbox set queued_ms = queued_ms - 7200000 where state = 'waiting'`)
    expect((await examined()).text).toContain('✓ Outbox         1 waiting')
    const metrics = await (await fetch(`${office.botUrl}/metrics`)).text()
    expect(metrics).toContain('\nhuiyin_outbox_waiting 1\n')
    expect(metrics).toContain('\nhuiyin_outbox_oldest_seconds 0\n')
    await office.send('DELETE', '/sim/faults', {})
  })
})

const MINUTE_MS = 60_000

describe.each(kinds)('the doctor about what is refused at the door, on %s', kind => {
  let office: TestOffice
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
    await isHeard()
  })
  afterAll(() => office.close())

  const wire = () => office.clock.wire()
  const passes = (minutes: number) => office.clock.rest?.(minutes * MINUTE_MS)
  const examined = async () => {
    const { lines } = await examineRunning(office.bot.house.office, { transport: 'webhook' }, office.database)
    return lines.join('\n')
  }
  const words = (header = {}) => spoken({ who: office.idOf('王强'), chat: 'oc_x', text: '/帮助' }, header)
  const press = (header = {}) => pressed({ who: office.idOf('王强'), chat: 'oc_x', message: 'om_x', value: {} }, header)
  /** Somebody speaks and presses, and is heard. */
  const isHeard = async () => {
    const wang = office.person('王强')
    await wang.says('/督半')
    await wang.presses((await wang.seesCard()).card.buttons[0]?.label ?? '')
  }
  /** Comes now and again after six minutes, as Feishu sends it again. */
  const comes = async (parcel: () => Parcel, path?: string) => {
    for (const minutes of [2, 6]) {
      await passes(minutes)
      expect((await handIn(office.botUrl, parcel(), path)).status).toBe(401)
    }
  }
  const bare = (parcel: Parcel): Parcel => ({ ...parcel, headers: { 'content-type': 'application/json' } })

  it.each<[string, () => Parcel, string]>([
    [
      'another Encrypt Key',
      () => seal(words(), { encryptKey: 'another', at: wire() }),
      'encrypted with another key than ours → compare FEISHU_ENCRYPT_KEY',
    ],
    [
      'another Verification Token',
      () => seal(words({ token: 'another' }), { at: wire() }),
      'bearing another token than ours → compare FEISHU_VERIFICATION_TOKEN',
    ],
    ['another app', () => seal(words({ app_id: 'cli_other' }), { at: wire() }), 'meant for another app or tenant → '],
    [
      'another tenant',
      () => seal(words({ tenant_key: 'other' }), { at: wire() }),
      'meant for another app or tenant → ',
    ],
    ['no signature', () => bare(seal(words())), 'not signed, or changed on the way → '],
    [
      'no encryption, as no key is set in the console',
      () => ({ body: foreignJson(words()), headers: { 'content-type': 'application/json' } }),
      'not signed, or changed on the way → ',
    ],
    [
      'signatures of tomorrow',
      () => seal(words(), { at: wire() + 24 * 60 * MINUTE_MS }),
      'signed at another time than our clock has → let the machine follow a time server',
    ],
  ])('%s: tells why events are refused, and that presses are not, until one is accepted', async (_, parcel, line) => {
    await comes(parcel)
    expect(await examined()).toContain(
      `✗ Events         all refused for 6 min, the last less than a minute ago: ${line}`,
    )
    expect(await examined()).toMatch(/✓ Presses {8}signature and key are right; the last came \d+ min ago/)
    await isHeard()
    expect(await examined()).toContain('✓ Events         signature and key are right; the last came less than a minute')
  })

  it('tells presses apart: by what they are, or else by the address', async () => {
    await comes(() => seal(press({ token: 'another' }), { at: wire() }))
    expect(await examined()).toMatch(/✓ Events[\s\S]*✗ Presses {8}all refused for 6 min.*another token/)
    await isHeard()
    await comes(() => seal(press(), { encryptKey: 'another', at: wire() }), '/feishu/cards')
    expect(await examined()).toMatch(/✓ Events[\s\S]*✗ Presses {8}all refused for 6 min.*another key/)
    await isHeard()
  })

  it('counts what another bot on the same database has accepted', async () => {
    const { db, clock } = office.bot.house.office
    const another = () => seal(words(), { encryptKey: 'another', at: wire() })
    await comes(another)
    await keepArrivals(db, { event: { acceptedMs: wire() }, press: {} }, clock.now())
    expect(await examined()).toContain('✓ Events')
    await passes(2)
    await handIn(office.botUrl, another())
    expect(await examined()).toContain('✗ Events         all refused for 2 min')
    await isHeard()
  })

  it('does not take what a scanner sends for Feishu’s, nor one refusal beside what is accepted', async () => {
    const sealed = seal(words(), { encryptKey: 'another' })
    const short = { ...sealed, body: foreignJson({ encrypt: 'QUJDRA==' }) }
    const clear = { body: foreignJson(words({ token: 'guessed' })), headers: { 'content-type': 'application/json' } }
    await passes(2)
    for (const parcel of [
      bare(sealed),
      short,
      clear,
      bare({ body: '{"a":1}', headers: {} }),
      bare({ body: '{"encrypt":"x"}', headers: {} }),
    ])
      expect((await handIn(office.botUrl, parcel)).status).toBe(401)
    expect(await examined()).toContain('✓ Events')
    await isHeard()
    await handIn(office.botUrl, sealed)
    expect(await examined()).toContain('✓ Events')
  })
})

describe('the doctor of a machine whose clock is off', () => {
  let office: TestOffice
  const AHEAD_MS = 10 * MINUTE_MS
  beforeAll(async () => {
    office = await TestOffice.open({
      door: parts => openBot({ ...parts, clock: { ...parts.clock, wire: () => parts.clock.wire() + AHEAD_MS } }),
    })
  })
  afterAll(() => office.close())

  it('says by how much, by the date of Feishu’s answers, and that presses are refused', async () => {
    const wang = office.person('王强')
    await wang.says('/督半')
    const label = (await wang.seesCard()).card.buttons[0]?.label ?? ''
    for (const minutes of [2, 6]) {
      await office.clock.rest?.(minutes * MINUTE_MS)
      await wang.presses(label)
    }
    const { lines, well } = await examineRunning(office.bot.house.office, { transport: 'webhook' }, office.database)
    const text = lines.join('\n')
    expect(text).toMatch(/✗ Clock {10}(9|10) min ahead of Feishu’s → let the machine follow a time server/)
    expect(text).toMatch(/✓ Events[\s\S]*✗ Presses {8}all refused for 6 min.*signed at another time than our clock has/)
    expect(well).toBe(false)
  })
})

describe.runIf(hasPostgres)('the doctor from outside, on Postgres', () => {
  let office: TestOffice
  beforeAll(async () => {
    office = await TestOffice.open({ kind: 'Postgres' })
  })
  afterAll(() => office.close())

  const asked = async (env: Record<string, string>) =>
    operate(['doctor'], {
      DATA_DIR: tmpdir(),
      FEISHU_APP_ID: KEYS.appId,
      FEISHU_APP_SECRET: KEYS.appSecret,
      FEISHU_ENCRYPT_KEY: KEYS.encryptKey,
      FEISHU_VERIFICATION_TOKEN: KEYS.verificationToken,
      FEISHU_DOMAIN: office.sim.url,
      DATABASE_URL: await urlOf(office.database),
      ...env,
    })

  it('looks at the machine, the settings, the database and Feishu, and prints no secret', async () => {
    const { code, said } = await asked({})
    expect(code).toBe(1)
    for (const what of ['✓ Node.js', '✓ Disk', '✓ Settings', '✓ Database', '✓ Tables', '✓ Feishu', '✗ Deliveries'])
      expect(said).toContain(what)
    for (const secret of [KEYS.appSecret, KEYS.encryptKey, KEYS.verificationToken]) expect(said).not.toContain(secret)
  })

  it('tells what the running bot refuses, a heartbeat later', async () => {
    const said = spoken({ who: 'ou_x', chat: 'oc_x', text: '/帮助' })
    await handIn(office.botUrl, seal(said, { encryptKey: 'another' }))
    expect((await asked({})).said).toContain('✗ Deliveries     nothing authentic has ever come')
    await tick(office.bot.house.office)
    expect((await asked({})).said).toMatch(/✗ Events {9}all refused for less than a minute.*another key than ours/)
  })

  it('goes on where the clock of the database is off, and tells all the same what is refused', async () => {
    const { db } = office.database
    await rows(db, 'create schema slow')
    await rows(
      db,
      `create function slow.clock_timestamp() returns timestamptz language sql as
       $$ select pg_catalog.clock_timestamp() - interval '1 minute' $$`,
    )
    const [{ name } = { name: '' }] = await rows<{ name: string }>(db, 'select current_database() as name')
    await rows(db, `alter database "${name}" set search_path = slow, pg_catalog, public`)
    const { code, said } = await asked({})
    expect(said).toContain("✗ Clock          the database's is 60 s off ours → let both machines follow a time server")
    for (const what of ['✓ Connections', '✓ Feishu', '✗ Events', ' Holidays', '✓ Outbox']) expect(said).toContain(what)
    expect(code).toBe(1)
    await rows(db, `alter database "${name}" reset search_path`)
  })

  it('ends with the tables where they are not those of this version', async () => {
    const { db } = office.database
    const last = `drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations)`
    const [kept] = await rows<{ kept: object }>(
      db,
      `select row_to_json(m) as kept from ${last.replace(' where', ' m where')}`,
    )
    await rows(db, `delete from ${last}`)
    const { code, said } = await asked({})
    expect(said).toMatch(/✗ Tables {9}1 migrations behind: [\s\S]*✓ Clock/)
    expect(said).not.toContain('Feishu   ')
    expect(code).toBe(1)
    await rows(
      db,
      `insert into drizzle.__drizzle_migrations overriding system value
       select * from json_populate_record(null::drizzle.__drizzle_migrations, '${JSON.stringify(kept?.kept)}')`,
    )
  })

  it.each([
    ['another secret', { FEISHU_APP_SECRET: 'not-the-secret' }, '✗ Feishu         refuses the app'],
    [
      'a name all but like one of ours',
      { OFFICE_HOUR: '09:00-17:00' },
      '✗ Settings       OFFICE_HOUR: no such setting',
    ],
    ['no server there', { DATABASE_URL: 'postgres://me:hush@127.0.0.1:1/x' }, '✗ Database       does not answer'],
  ])('%s', async (_, env, line) => {
    const { code, said } = await asked(env)
    expect(said).toContain(line)
    expect(said).not.toMatch(/hush|not-the-secret/)
    expect(code).toBe(1)
  })
})

describe.runIf(hasPostgres)('the doctor about the connections of a small server', () => {
  let server: Server
  beforeAll(async () => {
    const started = await startServer(() => ['max_connections=20'])
    if (!started) throw new Error('no initdb on this machine')
    server = started
    await (await openDatabase({ databaseUrl: server.url, dataDir: '' })).close()
  })
  afterAll(() => server.stop())

  /** What it says while so many others are open. */
  const saidBeside = async (others: number, name: string): Promise<string> => {
    const many = postgres(server.url, { max: others, connection: { application_name: name } })
    const { db, close } = openServer(server.url, 1)
    await Promise.all(Array.from({ length: others }, () => many`select pg_sleep(0.2)`))
    const found = await examineDatabase({ db, embedded: false }, Date.now)
    await Promise.all([many.end(), close()])
    return found
      .filter(({ what }) => what === 'Connections')
      .map(line)
      .join()
  }

  it('takes those of a bot on this database for free, and no others', async () => {
    expect(await saidBeside(14, 'huiyin')).toBe('✓ Connections    17 free or ours')
    expect(await saidBeside(14, 'another')).toBe(
      '✗ Connections    only 3 free or ours → a bot takes 15: raise max_connections',
    )
  })
})
