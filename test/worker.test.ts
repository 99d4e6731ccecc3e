import { type AddressInfo, createServer } from 'node:net'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rowsOf } from '../db/client.ts'
import { enqueue } from '../db/outbox.ts'
import worker from '../src/worker.ts'
import { kinds } from './harness/databases.ts'
import { filesOf } from './harness/files.ts'
import { KEYS, TestOffice, type TestPerson } from './harness/office.ts'
import { handIn, seal, spoken } from './harness/signed.ts'
import { buildWorker, type Isolate, openWorkerd, startWorkerd } from './harness/workerd.ts'
import { unzip } from './harness/zip.ts'

const GROUP = '督查工作群'

let script: string
beforeAll(async () => {
  script = await buildWorker()
})

/** On the server where there is one: the embedded database must be lent to one connection at a time. */
const kind = kinds.at(-1)
const MANY = kind === 'Postgres' ? 24 : 6

describe(`the door of Workers, on ${kind}`, () => {
  let office: TestOffice
  let door: Isolate
  let wang: TestPerson
  let zheng: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({
      ...(kind ? { kind } : {}),
      now: new Date().toISOString(),
      door: async parts => {
        const opened = await openWorkerd(script, parts)
        door = opened
        return opened
      },
    })
    wang = office.person('王强')
    zheng = office.person('郑洁')
  })
  afterAll(() => office.close())

  const scalar = async (query: ReturnType<typeof sql>) =>
    Object.values((await rowsOf<Record<string, unknown>>(office.database.db.execute(query)))[0] ?? {})[0]

  it('is alive and ready', async () => {
    expect(await (await fetch(`${door.url}/healthz`)).json()).toEqual({ alive: true })
    expect(await (await fetch(`${door.url}/readyz`)).json()).toEqual({ ready: true })
    expect(await (await fetch(`${door.url}/metrics`)).text()).toContain('huiyin_outbox_waiting 0')
  })

  it('a file is made, handed in and sent', async () => {
    const [liu, li] = [office.person('刘芳'), office.person('李静')]
    await liu.says('/角色 @李静 办公室主任')
    await li.says('/督办 @郑洁 整理督查台账 明天下班前')
    await li.presses('交办')
    await li.says('/督办 导出')
    const file = (await filesOf(office, li)).at(-1)
    expect(file?.name).toMatch(/^督办台账_.*\.xlsx$/)
    expect(unzip(file?.bytes as Buffer).get('xl/worksheets/sheet1.xml')).toContain('整理督查台账')
  })

  it('a sealed message becomes a row and an answer, a press redraws every copy', async () => {
    await wang.says('@回音 /交办 @郑洁 明天下班前把投影仪修好', { to: GROUP })
    const given = await zheng.seesCard(GROUP)
    expect(given.card).toMatchObject({ title: '交办 · 待签收', colour: 'yellow' })
    expect(await scalar(sql`select title from assignments`)).toContain('把投影仪修好')

    expect(await zheng.presses('签收', { group: GROUP })).toEqual({ toast: { type: 'success', content: '已签收' } })
    expect((await wang.seesCard(GROUP)).card.title).toBe('交办 · 办理中')

    await zheng.presses('完成', { group: GROUP, form: { word: '已更换灯泡' } })
    expect((await wang.seesCard()).card).toMatchObject({ title: '交办 · 待确认' })

    expect((await wang.presses('退回重做', { form: { word: '画面偏色' } })).toast?.type).toBe('success')
    expect((await wang.seesCard()).card.title).toBe('交办 · 办理中')
    expect((await zheng.seesCard(GROUP)).card.title).toBe('交办 · 办理中')
  })

  it('what came to one isolate is kept for the one that has the heartbeat', async () => {
    const kept = await scalar(sql`select value -> 'event' ->> 'acceptedMs' from settings where name = 'deliveries'`)
    expect(Number(kept)).toBeGreaterThan(0)
  })

  it('the minute shows on the cards what has become late', async () => {
    expect((await zheng.seesCard(GROUP)).card.colour).not.toBe('red')
    await office.database.db.execute(sql`update assignments set due_at = now() - interval '1 minute'`)
    expect(await door.minute(2)).toBe('ok')
    await office.settled()
    expect((await zheng.seesCard(GROUP)).card.colour).toBe('red')
  })

  it('the minute stays up for what falls due within it', async () => {
    await enqueue(office.database.db, {
      lane: wang.id,
      api: 'create',
      priority: 1,
      parcel: { person: wang.id, text: '稍后发出' },
      sender: '',
      queuedMs: Date.now() + 2_000,
    })
    expect(await door.minute(6)).toBe('ok')
    expect((await wang.sees()).words).toBe('稍后发出')
  })

  it('many at once are all answered, each on a connection of its own', async () => {
    const people = ['王强', '郑洁', '刘芳'].map(name => office.person(name))
    const chats = await Promise.all(people.map(person => person.privateChat()))
    const replies = await Promise.all(
      Array.from({ length: MANY }, (_, i) => {
        const [who, chat] = [people[i % 3]?.id ?? '', chats[i % 3] ?? '']
        return handIn(door.url, seal(spoken({ who, chat, text: '/帮助' })))
      }),
    )
    expect(replies.map(reply => reply.status)).toEqual(replies.map(() => 200))
    await office.settled()
  })

  it('whoever is not Feishu is refused', async () => {
    const words = spoken({ who: wang.id, chat: await wang.privateChat(), text: '/帮助' })
    for (const forged of [seal(words, { signKey: 'another key' }), seal(words, { encryptKey: 'another key' })]) {
      const { status } = await handIn(door.url, forged)
      expect(status).toSatisfy((one: number) => one >= 400 && one < 500)
    }
  })
})

const good = {
  FEISHU_APP_ID: KEYS.appId,
  FEISHU_APP_SECRET: KEYS.appSecret,
  FEISHU_ENCRYPT_KEY: KEYS.encryptKey,
  FEISHU_VERIFICATION_TOKEN: KEYS.verificationToken,
}
const HYPERDRIVE = { connectionString: 'postgres://huiyin:any@127.0.0.1:1/none' }

describe('settings that do not permit a start are answered 503, with the reason', () => {
  it.each([
    ['none at all', {}, 'FEISHU_APP_ID: missing; the demo runs on Node only'],
    ['one left out', { ...good, FEISHU_ENCRYPT_KEY: '', HYPERDRIVE }, 'FEISHU_ENCRYPT_KEY: missing'],
    ['a mistyped name', { ...good, FEISHU_ENCRYPTKEY: 'x', HYPERDRIVE }, 'FEISHU_ENCRYPTKEY: no such setting'],
    [
      'the long connection',
      { ...good, FEISHU_TRANSPORT: 'websocket', HYPERDRIVE },
      'FEISHU_TRANSPORT: must be webhook',
    ],
    ['a clock to be moved', { ...good, CLOCK: 'manual', HYPERDRIVE }, 'CLOCK: must be system'],
    ['no database bound', good, 'HYPERDRIVE: missing'],
  ])('%s', async (_, env, reason) => {
    const answer = await worker.fetch(new Request('http://bot/readyz'), env, { waitUntil: () => {} })
    expect(answer.status).toBe(503)
    const told = (await answer.json()) as { ready: boolean; reason: string }
    expect(told.reason).toContain(reason)
    expect(told.reason).not.toContain(KEYS.appSecret)
  })

  it('in workerd too', async () => {
    const isolate = await startWorkerd({ script, env: { ...good, FEISHU_ENCRYPT_KEY: '' }, databaseUrl: undefined })
    const answer = await fetch(`${isolate.url}/feishu/events`, { method: 'POST', body: '{}' })
    expect(answer.status).toBe(503)
    expect(await answer.text()).toContain('FEISHU_ENCRYPT_KEY: missing')
    await isolate.stop()
  })

  it('a database that hangs up on whoever connects', async () => {
    const rude = createServer(socket => socket.end())
    await new Promise<void>(done => rude.listen(0, '127.0.0.1', done))
    const databaseUrl = `postgres://huiyin:any@127.0.0.1:${(rude.address() as AddressInfo).port}/none`
    const isolate = await startWorkerd({ script, env: good, databaseUrl })
    const answer = await fetch(`${isolate.url}/readyz`)
    expect(answer.status).toBe(503)
    expect(await answer.json()).toEqual({ ready: false, reason: 'the database does not answer' })
    await isolate.stop()
    rude.close()
  })
})
