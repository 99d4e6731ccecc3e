import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepSetting } from '../db/settings.ts'
import { HEARTBEAT, tick } from '../src/bot/tick.ts'
import { examineRunning } from '../src/node/operate/doctor.ts'
import { hasPostgres, kinds } from './harness/databases.ts'
import { KEYS, TestOffice } from './harness/office.ts'
import { operate } from './harness/operator.ts'
import { urlOf } from './harness/second.ts'
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
    expect(text).toContain('✗ Holidays       2027 not loaded → send the bot in private /假期 载入')
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
    expect(text).toContain('✓ Deliveries     signature and key are right; the last came less than a minute ago')
    expect(text).toContain('✓ Heartbeat      less than a minute ago')
    expect(text).toContain('✓ Holidays       loaded')
    expect([well, text.includes('✗')]).toEqual([true, false])
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

  it.each([
    ['another secret', { FEISHU_APP_SECRET: 'not-the-secret' }, '✗ Feishu         refuses the app'],
    ['no server there', { DATABASE_URL: 'postgres://me:hush@127.0.0.1:1/x' }, '✗ Database       does not answer'],
  ])('%s', async (_, env, line) => {
    const { code, said } = await asked(env)
    expect(said).toContain(line)
    expect(said).not.toMatch(/hush|not-the-secret/)
    expect(code).toBe(1)
  })
})
