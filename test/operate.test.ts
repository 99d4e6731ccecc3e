import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RESTORED, settle } from '../db/backup.ts'
import { openPostgres } from '../db/client.ts'
import type { ClickAnswer, Office as SimOffice } from '../simulator/protocol.ts'
import { type Simulator, startSimulator } from '../simulator/server.ts'
import { type Database, openAsItIs, openDatabase } from '../src/node/database.ts'
import { MIGRATIONS } from '../src/node/migrations.ts'
import { backupServer } from '../src/node/operate/backup.ts'
import { operate as command } from '../src/node/operate/operate.ts'
import { restore } from '../src/node/operate/restore.ts'
import { createDatabase, dropDatabase, freshDatabase, hasPostgres, kinds } from './harness/databases.ts'
import { databaseAt } from './harness/earlier.ts'
import { KEYS, MORNING } from './harness/office.ts'
import { operate } from './harness/operator.ts'
import { freePort, Program } from './harness/program.ts'
import { readCard } from './harness/shown.ts'
import { botMessages, rows, saidTimes, until } from './harness/traces.ts'

/** The same within this process, for what needs no settings. */
async function answered(...words: string[]) {
  const lines: string[] = []
  const code = await command(
    words,
    line => lines.push(line),
    line => lines.push(line),
  )
  return { code, said: lines.join('\n') }
}

describe('the command line', () => {
  it('names what it knows when it is given a word it does not', async () => {
    const { code, said } = await answered('docter')
    expect(code).toBe(2)
    expect(said).toContain('There is no docter.')
    for (const word of ['doctor', 'backup [file]', 'restore <file>', 'migrate', 'role <name>'])
      expect(said).toContain(word)
  })

  it.each([[['restore']], [['backup', 'a', 'b']], [['role']], [['migrate', 'now']]])('%s is misused', async words => {
    const { code, said } = await answered(...words)
    expect(code).toBe(2)
    expect(said).toContain(`Usage: node dist/node.js ${words[0]}`)
  })

  it('tells every fault of the settings, and no value', async () => {
    const { code, said } = await operate(['doctor'], { FEISHU_APP_SECRET: 'hush', PORT: 'many', ADMINS: 'somebody' })
    expect(code).toBe(1)
    for (const name of ['FEISHU_APP_SECRET', 'FEISHU_APP_ID', 'PORT', 'ADMINS'])
      expect(said).toContain(`✗ Settings       ${name}`)
    expect(said).not.toMatch(/hush|somebody/)
  })

  it('says what there is not', async () => {
    const env = { DATA_DIR: join(tmpdir(), 'huiyin-nowhere') }
    expect(await operate(['backup', join(tmpdir(), 'none')], env)).toEqual({
      code: 1,
      said: expect.stringContaining('There is no database in'),
    })
    expect(await operate(['restore', join(tmpdir(), 'none')], env)).toEqual({
      code: 1,
      said: expect.stringContaining('There is no file'),
    })
    const data = mkdtempSync(join(tmpdir(), 'huiyin-empty-'))
    const nowhere = join(data, 'none', 'backup.tar')
    await (await openDatabase({ databaseUrl: undefined, dataDir: data })).close()
    expect(await operate(['backup', nowhere], { DATA_DIR: data })).toEqual({
      code: 1,
      said: expect.stringContaining(`There is no folder ${join(data, 'none')}.`),
    })
    rmSync(data, { recursive: true })
    expect((await operate(['role', 'x'], env)).said).toContain('The embedded database has no roles')
  })
})

describe('a restore that was cut short', () => {
  it.each([
    [
      'between the two renames',
      ['pglite.restoring', 'pglite.before-1'],
      /restore <file>[\s\S]*mv \S*pglite\.before-1 \S*pglite`/,
    ],
    ['while it was filled', ['pglite.restoring'], /restore <file>/],
  ])('%s: no empty database is made in its place, and what to do is said', async (_, left, says) => {
    const data = mkdtempSync(join(tmpdir(), 'huiyin-cut-'))
    const settings = { databaseUrl: undefined, dataDir: data }
    for (const name of left) mkdirSync(join(data, name))
    await expect(openDatabase(settings)).rejects.toThrow(says)
    expect(readdirSync(data).sort()).toEqual(['lock.1', ...left].sort())
    for (const name of left) rmSync(join(data, name), { recursive: true })
    await (await openDatabase(settings)).close()
    rmSync(data, { recursive: true })
  })
})

/** The bot as an operator runs it, with a clock that can be moved, and people who speak to it. */
class Site {
  readonly dir = mkdtempSync(join(tmpdir(), 'huiyin-operate-'))
  readonly sim: Simulator
  readonly program: Program
  readonly url: string
  readonly env: Record<string, string>

  private constructor(sim: Simulator, port: number, url: string) {
    this.sim = sim
    this.url = url
    this.env = {
      DATA_DIR: join(this.dir, 'data'),
      CLOCK: 'manual',
      FEISHU_APP_ID: KEYS.appId,
      FEISHU_APP_SECRET: KEYS.appSecret,
      FEISHU_ENCRYPT_KEY: KEYS.encryptKey,
      FEISHU_VERIFICATION_TOKEN: KEYS.verificationToken,
      FEISHU_DOMAIN: sim.url,
      ...(url && { DATABASE_URL: url }),
    }
    this.program = new Program(sim, port, this.env)
    sim.setBotUrl(this.program.url)
  }

  static async open(url: string): Promise<Site> {
    const sim = await startSimulator({ port: 0, host: '127.0.0.1', botUrl: 'http://127.0.0.1:1', ...KEYS })
    return new Site(sim, await freePort(), url)
  }

  file(name: string): string {
    return join(this.dir, name)
  }

  get config() {
    return { databaseUrl: this.url || undefined, dataDir: this.env.DATA_DIR ?? '' }
  }

  operate(...words: string[]) {
    return operate(words, this.env)
  }

  async start(): Promise<void> {
    await this.program.start()
    await until(() => this.sim.state.pending.size === 0)
  }

  async stop(): Promise<void> {
    this.program.kill('SIGTERM')
    await this.program.ended()
  }

  async close(): Promise<void> {
    this.program.kill('SIGKILL')
    await this.program.ended()
    await this.sim.close()
    rmSync(this.dir, { recursive: true, force: true })
  }

  async post<T>(path: string, body: unknown, method = 'POST'): Promise<T> {
    const answer = await fetch(this.sim.url + path, { method, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }

  async idOf(name: string): Promise<string> {
    const { people } = (await (await fetch(`${this.sim.url}/sim/office`)).json()) as SimOffice
    return people.find(one => one.name === name)?.open_id ?? ''
  }

  /** Presses a button of the last card that has it and says something, as it stands in the chat. Answers what is told. */
  async presses(name: string, label: string, word: string): Promise<string> {
    const buttons = botMessages(this).flatMap(({ message_id, msg_type, content }) => {
      if (msg_type !== 'interactive' || !content.includes(word)) return []
      return readCard(content).buttons.flatMap(one => (one.label === label ? [{ message_id, value: one.value }] : []))
    })
    const { message_id, value } = buttons.at(-1) ?? {}
    const action = { tag: 'button', value }
    const answer = await this.post<ClickAnswer>('/sim/click', { as: await this.idOf(name), message_id, action })
    return answer.toast?.content ?? ''
  }

  async says(name: string, text: string): Promise<void> {
    const as = await this.idOf(name)
    const { chat_id } = await this.post<{ chat_id: string }>('/sim/p2p', { as })
    await this.post('/sim/messages', { as, chat_id, text })
    // a delivery that a busy machine answers too late comes again after 15 s
    await until(() => this.sim.state.pending.size === 0, 45_000)
  }

  async moveTo(now: string): Promise<void> {
    const answer = await fetch(`${this.program.url}/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ now }),
    })
    expect(answer.status).toBe(200)
  }

  /** Rows of the database while no bot has it. */
  async rows<Row>(statement: string): Promise<Row[]> {
    const opened = this.url
      ? openPostgres(this.url, { max: 1 })
      : await openAsItIs(join(this.env.DATA_DIR ?? '', 'pglite'))
    return rows<Row>(opened.db, statement).finally(opened.close)
  }
}

const titles = (found: Array<{ title: string }>) => found.map(({ title }) => title)
const TITLES = 'select title from assignments order by id'

describe.each(kinds)('backup and restore on %s', kind => {
  let site: Site
  let file = ''
  beforeAll(async () => {
    site = await Site.open(kind === 'Postgres' ? await createDatabase() : '')
    file = site.file('one.backup')
    await site.start()
    await until(async () => (await site.operate('doctor')).said.includes('✓ Directory'), 60_000)
    await site.moveTo(MORNING)
  }, 120_000)
  afterAll(async () => {
    await site.close()
    if (site.url) await dropDatabase(site.url)
  })

  it('backs up while the bot runs, also what waits to be sent; and overwrites nothing', async () => {
    await site.says('王强', '/交办 @郑洁 整理档案甲')
    await until(() => saidTimes(site, '整理档案甲') === 2)
    await site.says('郑洁', '/提醒 11月25日9:00 交材料')
    await until(() => saidTimes(site, '交材料') === 1)
    await site.post('/sim/faults', { api_5xx: 1 }, 'PATCH')
    await site.says('王强', '/交办 @郑洁 整理档案乙')

    const made = await site.operate('backup', file)
    expect(made).toEqual({ code: 0, said: expect.stringContaining(`Backed up to ${file}`) })
    const again = await site.operate('backup', file)
    expect(again).toEqual({
      code: 1,
      said: expect.stringContaining('is there already, and a backup overwrites nothing'),
    })

    await site.post('/sim/faults', {}, 'DELETE')
    await until(() => saidTimes(site, '整理档案乙') === 2, 20_000)
    await site.says('王强', '/交办 @郑洁 整理档案丙')
    await until(() => saidTimes(site, '整理档案丙') === 2)
    await site.moveTo('2026-11-25T09:00:30+08:00')
    await until(() => saidTimes(site, '交材料') === 2)
  })

  it('puts nothing in place while the bot runs, over what is there, or out of a damaged file', async () => {
    const running = await site.operate('restore', file, '--replace')
    expect(running.code).toBe(1)
    expect(running.said).toMatch(/in use by process|A bot is connected to this database/)
    await site.stop()

    expect(await site.operate('restore', file)).toEqual({ code: 1, said: expect.stringContaining('say --replace') })
    const bytes = readFileSync(file)
    const bent = Buffer.from(bytes)
    bent.writeUInt8(bent.readUInt8(20_000) ^ 1, 20_000)
    writeFileSync(site.file('bent'), bent)
    writeFileSync(site.file('cut'), bytes.subarray(0, 30_000))
    writeFileSync(site.file('other'), 'no backup')
    writeFileSync(site.file('newer'), withManifest(bytes, /"when": \d/, '"when": 9'))
    writeFileSync(site.file('short'), withManifest(bytes, /"assignments": 2/, '"assignments": 3'))
    for (const [name, why] of [
      ['bent', 'is damaged'],
      ['cut', 'cut off'],
      ['other', 'no backup that this program made'],
      ['newer', 'made by a newer version'],
      ['short', 'instead of 3'],
    ] as const) {
      const wish = { file: site.file(name), replace: true }
      await expect(restore(site.config, wish), name).rejects.toThrow(why)
    }
    expect(titles(await site.rows(TITLES))).toEqual(['整理档案甲', '整理档案乙', '整理档案丙'])
  })

  it('brings back what was backed up; what waited is sent within the hour, which makes no second message', async () => {
    const { code, said } = await site.operate('restore', file, '--replace')
    expect([code, said]).toEqual([0, expect.stringContaining('none missing')])
    expect(titles(await site.rows(TITLES))).toEqual(['整理档案甲', '整理档案乙'])
    await site.start()
    await until(async () =>
      (await (await fetch(`${site.program.url}/metrics`)).text()).includes('huiyin_outbox_waiting 0'),
    )
    expect(saidTimes(site, '整理档案乙')).toBe(2)
  })

  it('does nothing at a card from after the backup, and something at one from before and from after the restore', async () => {
    await site.says('王强', '/交办 @郑洁 整理档案戊')
    await until(() => saidTimes(site, '整理档案戊') === 2)
    expect(await site.presses('郑洁', '签收', '整理档案丙')).toBe('未找到该交办事项')
    for (const word of ['整理档案戊', '整理档案甲'])
      expect(await site.presses('郑洁', '签收', word), word).toContain('已签收')
  })

  it('says what fell due since once more, late, and goes on from there', async () => {
    await site.moveTo('2026-11-25T11:00:00+08:00')
    await until(() => saidTimes(site, '交材料') === 3)
    await site.says('郑洁', '/交办 @王强 整理档案丁')
    await until(() => saidTimes(site, '整理档案丁') === 2)
    await site.moveTo('2026-11-25T12:00:00+08:00')
    expect(saidTimes(site, '交材料')).toBe(3)
  })

  it('tells 系统管理员 once that it was put back, and not that it stood still', async () => {
    // what else is told depends on the day: a program begins with the time of its machine
    const alerts = () =>
      botMessages(site)
        .flatMap(({ msg_type, content }) =>
          msg_type === 'interactive' && content.includes('运行告警') ? [readCard(content).text] : [],
        )
        .filter(text => !text.startsWith('节假日安排未载入'))
    await until(() => alerts().length > 0)
    await site.moveTo('2026-11-25T12:30:00+08:00')
    expect(alerts()).toEqual([
      expect.stringMatching(/数据恢复[\s\S]*数据已于\S+由\S+的备份恢复,备份后办理的事项请逐项核对。/),
    ])
    expect(alerts().join('')).not.toContain('运行中断')
  })

  it('goes on with a history that is whole', async () => {
    await site.says('刘芳', '/角色 @郑洁 安全审计员')
    await site.says('郑洁', '/审计 校验')
    await site.moveTo('2026-11-25T12:35:00+08:00')
    await until(() => saidTimes(site, '审计链校验 · 完整') === 1)
    await site.stop()
  })

  it('gives no id a second time at a second restore either, and numbers the history without a gap', async () => {
    const [of] = await site.rows<{ seq: number; chained: number }>(
      'select max(seq)::float8 as seq, count(*)::float8 as chained from audit_chain',
    )
    expect(of?.seq).toBe(of?.chained)
    const last = (await site.rows<{ id: number }>('select max(id)::float8 as id from assignments'))[0]?.id ?? 0
    expect((await site.operate('restore', file, '--replace')).code).toBe(0)
    // from the last heartbeat before the backup on nobody stood still
    // and who has left since is asked for anew
    expect(
      await site.rows(
        `select name from settings where name in ('heartbeat', 'restored', 'directory.wanted') order by name`,
      ),
    ).toEqual([{ name: 'directory.wanted' }, { name: 'restored' }])
    const ids = await site.rows<{ name: string; next: number }>(
      `select sequencename as name, coalesce(last_value, 0)::float8 as next from pg_sequences where schemaname = 'public'`,
    )
    expect(ids.length).toBeGreaterThan(30)
    expect(ids.filter(({ next }) => !(next > last))).toEqual([])
  })

  it('lists what waited in a backup that is older than the hour, and does not send it', async () => {
    const old = site.file('old.backup')
    const hoursAgo = new Date(Date.now() - 2 * 3_600_000).toISOString()
    writeFileSync(old, withManifest(readFileSync(file), /"takenAt": "[^"]+/, `"takenAt": "${hoursAgo}`))
    expect((await site.operate('restore', old, '--replace')).code).toBe(0)
    const before = saidTimes(site, '整理档案乙')
    await site.start()
    await until(async () =>
      (await (await fetch(`${site.program.url}/metrics`)).text()).includes('huiyin_outbox_waiting 0'),
    )
    expect(saidTimes(site, '整理档案乙')).toBe(before)
    await site.says('刘芳', '/初始化')
    await until(() => saidTimes(site, RESTORED) === 1)
  })
})

describe.each(kinds)('the outbox of a backup on %s', kind => {
  let database: Database
  beforeAll(async () => {
    database = await freshDatabase(kind)
  })
  afterAll(() => database.close())

  const HOUR = 3_600_000
  const repeatMs = 55 * 60_000

  it.each([
    ['a message, young', 'create', '{}', HOUR / 2, 'waiting', true],
    ['a message, old', 'create', '{}', HOUR, 'failed', false],
    ['an answer, young', 'reply', '{}', HOUR / 2, 'waiting', true],
    ['an answer, old', 'reply', '{}', HOUR, 'failed', false],
    // may have left together with others, without a uuid
    ['one of a crowd, young', 'create', '{"plain":"x"}', 1, 'failed', false],
    ['one handed over with others', 'batch', '{"plain":"x"}', 1, 'failed', false],
    ['a file to be read, old', 'file', '{"fetch":{"message":"m"}}', HOUR, 'waiting', false],
    ['a file, young', 'upload', '{}', 1, 'failed', false],
    ['a redraw, old', 'patch', '{}', HOUR, 'waiting', false],
    ['a reading of the directory, old', 'contact', '{}', HOUR, 'waiting', false],
    ['an event of the calendar, old', 'calendar', '{}', HOUR, 'waiting', false],
  ])('%s', async (_, api, parcel, ageMs, state, uncertain) => {
    const { db } = database
    await rows(
      db,
      `insert into outbox (uuid, lane, api, priority, parcel, sender, queued_ms, due_ms)
       values ('u', 'l', '${api}', 1, '${parcel}', '', 1, 1)`,
    )
    await settle(db, { takenMs: 1_000_000, nowMs: 1_000_000 + ageMs, repeatMs })
    const [row] = await rows<{ state: string; since: string | number | null; reason: string | null }>(
      db,
      'select state, uncertain_since_ms as since, reason from outbox',
    )
    expect([row?.state, row?.since === null ? null : Number(row?.since), row?.reason]).toEqual([
      state,
      uncertain ? 1_000_000 : null,
      state === 'failed' ? RESTORED : null,
    ])
    await rows(db, 'delete from outbox')
  })

  it('a file on its way to many: whoever handed it in hears that it is not known, and nobody gets it twice', async () => {
    const { db } = database
    await rows(
      db,
      `insert into outbox (uuid, lane, api, priority, parcel, sender, queued_ms, due_ms)
       values ('u', 'l', 'file', 1, '{"fetch":{"message":"m","passAs":"x"}}', '', 1, 1)`,
    )
    await settle(db, { takenMs: 1_000_000, nowMs: 1_000_001, repeatMs })
    const found = await rows<{ state: string; lost: string }>(
      db,
      `select state, parcel -> 'fetch' ->> 'lost' as lost from outbox`,
    )
    expect(found).toEqual([{ state: 'waiting', lost: RESTORED }])
    await rows(db, 'delete from outbox')
  })
})

describe.runIf(hasPostgres)('a backup of an earlier version', () => {
  it('is brought up to date where it is put back', async () => {
    const old = await databaseAt('Postgres', MIGRATIONS.list[0]?.tag ?? '')
    await rows(old.db, `insert into people (id, name, departments, active) values ('p', '陈晨', '{}', true)`)
    const dir = mkdtempSync(join(tmpdir(), 'huiyin-earlier-'))
    await backupServer(old.url, join(dir, 'old'))
    const url = await createDatabase()
    const said = await restore({ databaseUrl: url, dataDir: dir }, { file: join(dir, 'old'), replace: false })
    expect(said.join('\n')).toContain(`Brought up to date by ${MIGRATIONS.list.length - 1} migrations`)
    const opened = await openDatabase({ databaseUrl: url, dataDir: '' })
    expect(await rows(opened.db, 'select name from people')).toEqual([{ name: '陈晨' }])
    await opened.close()
    await dropDatabase(url)
    await old.close()
    rmSync(dir, { recursive: true })
  })
})

/** The same file with something else in its manifest, of the same length. */
function withManifest(bytes: Buffer, what: RegExp, by: string): Buffer {
  const at = bytes.lastIndexOf('"format": "huiyin-backup-1"')
  const text = bytes.toString('latin1', at)
  const changed = text.replace(what, by)
  expect([changed.length, changed === text]).toEqual([text.length, false])
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(changed, 'latin1')])
}
