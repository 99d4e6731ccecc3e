import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { claimAnswered } from '../db/answered.ts'
import type { ApiCall } from '../simulator/protocol.ts'
import { tick } from '../src/bot/tick.ts'
import type { Cast } from './harness/cast.ts'
import { hasPostgres, kinds } from './harness/databases.ts'
import { openMeetingCast } from './harness/meeting-cast.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { botOn, secondBot, urlOf } from './harness/second.ts'
import { envelopeOf, handIn, hexId, pressed, seal, spoken, TENANT } from './harness/signed.ts'
import { count, emptied, pause, rows, saidTimes, until } from './harness/traces.ts'
import { ways } from './harness/ways.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** A title that occurs nowhere else, and in which nothing reads like a time. */
let nth = 0
const unique = (what: string): string =>
  what + Array.from(String(100 + nth++), digit => 'qrstuvwxyz'[Number(digit)]).join('')

interface OutboxRow {
  state: string
  reason: string | null
}
const outboxRows = (office: TestOffice, uuid: string): Promise<OutboxRow[]> =>
  rows<OutboxRow>(office.database.db, `select state, reason from outbox where uuid = '${uuid}'`)

describe.each(kinds)('trust C: once and only once, on %s', kind => {
  let office: TestOffice
  let wang: TestPerson
  let zheng: TestPerson
  let chat: string
  beforeAll(async () => {
    office = await TestOffice.open({ kind, speed: 50 })
    wang = office.person('王强')
    zheng = office.person('郑洁')
    chat = await wang.privateChat()
    await zheng.privateChat()
  })
  beforeEach(() => office.send('DELETE', '/sim/faults', {}))
  afterAll(() => office.close())

  const send = (parcel: Parameters<typeof handIn>[1], url = office.botUrl) => handIn(url, parcel)
  const given = (title: string) => count(office.database.db, `assignments where title = '${title}'`)
  const told = (title: string) => spoken({ who: wang.id, chat, text: `/交办 @郑洁 ${title}` })

  it('C19 each of the four redeliveries is acknowledged, and the effect is there once, for a day', async () => {
    const title = unique('写周报')
    const event = told(title)
    const first = seal(event)
    const start = office.clock.now().getTime()
    expect((await send(first)).status).toBe(200)
    for (const later of [15 * SECOND, 5 * MINUTE, HOUR, 7 * HOUR, 24 * HOUR]) {
      await office.moveTo(new Date(start + later).toISOString())
      await tick(office.bot.house.office)
      expect((await send(first)).status).toBe(200)
      expect((await send(seal(event))).status).toBe(200)
    }
    await office.settled()
    expect(await given(title)).toBe(1)
  })

  it('C21 questions that come at the same instant, each twice, are answered once each', async () => {
    await wang.says('/帮助')
    await office.settled()
    const answers = () => count(office.database.db, `outbox where sender = '${wang.id}'`)
    const before = await answers()
    const keys = Array.from({ length: 16 }, () => hexId('om_'))
    const asked = keys.map(message => spoken({ who: wang.id, chat, text: '/帮助 交办', message }))
    const replies = await Promise.all([...asked, ...asked].map(event => send(seal(event))))
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
    const noted = await rows<{ delivery: string }>(
      office.database.db,
      `select delivery from events where delivery in (${keys.map(key => `'message:${key}'`)})`,
    )
    expect(noted.map(({ delivery }) => delivery).sort()).toEqual(keys.map(key => `message:${key}`).sort())
    expect(await answers()).toBe(before + keys.length)
  })

  it('C21 turns that are written together keep their order, and leave out a repeat, whoever has changed meanwhile and what is asked where outsiders are or may be', async () => {
    const { db } = office.database
    const [{ version } = { version: '' }] = await rows<{ version: string }>(
      db,
      `select xmin::text as version from people where id = '${wang.id}'`,
    )
    const at = new Date()
    await db.execute(
      `insert into chats (id, kind, name, present, external)
        values ('oc_outside', 'group', '', true, true), ('oc_inside', 'group', '', true, false)`,
    )
    const told = (key: string, known = version, from = chat) =>
      claimAnswered(
        db,
        { key, at, who: wang.id, version: known, isGroup: from !== chat },
        {
          event: {
            at,
            who: wang.id,
            feature: 'help',
            act: 'command',
            outcome: 'ok',
            chat: from,
            delivery: key,
            data: {},
          },
          parcel: {
            lane: 'together',
            api: 'create',
            priority: 0,
            parcel: { text: key },
            sender: wang.id,
            queuedMs: Date.now() + HOUR,
          },
        },
      )
    const names = ['x', 'y', 'z', 'e', 'd', 'c', 'c', 'b', 'a']
    const claimed = await Promise.all([
      ...names.map(name => told(name)),
      told('f', '1'),
      told('g', version, 'oc_outside'),
      told('h', version, 'oc_unknown'),
      told('i', version, 'oc_inside'),
    ])
    expect(claimed.map(one => one !== undefined)).toEqual([
      true,
      true,
      true,
      true,
      true,
      true,
      false,
      true,
      true,
      false,
      false,
      false,
      true,
    ])
    const kept = await rows<{ text: string }>(
      db,
      `select parcel ->> 'text' as text from outbox where lane = 'together' and parcel ->> 'text' in ('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i') order by id`,
    )
    expect(kept.map(({ text }) => text)).toEqual(['e', 'd', 'c', 'b', 'a', 'i'])
    expect(await count(db, `events where delivery in ('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i')`)).toBe(6)
    await db.execute(`delete from chats where id in ('oc_outside', 'oc_inside')`)
    await db.execute(`delete from outbox where lane = 'together'`)
  })

  it('C22 the identical callback twice is answered twice and moves the matter once', async () => {
    const title = unique('修窗户')
    await wang.says(`/交办 @郑洁 ${title}`)
    const { card, message_id, chat_id } = await zheng.seesCard()
    const value = card.buttons.find(one => one.label === '签收')?.value
    const parcel = seal(pressed({ who: zheng.id, chat: chat_id, message: message_id, value, form: {} }))
    const replies = await Promise.all([send(parcel), send(parcel), send(parcel)])
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200])
    const [row] = await rows<{ rev: number }>(
      office.database.db,
      `select rev from assignments where title = '${title}'`,
    )
    expect(row?.rev).toBe(2)
  })

  it('C24 within the hour a send whose process died is repeated with its uuid, and there is one message', async () => {
    const title = unique('拖地')
    await wang.says(`/交办 @郑洁 ${title}`)
    const uuid = await lastUuid(office)
    await diedSending(office, uuid, 200)
    office.bot.drainer.wake()
    await emptied(office)
    expect(saidTimes(office, title)).toBe(2)
    expect(await outboxRows(office, uuid)).toEqual([{ state: 'sent', reason: null }])
  })

  it('C25 every send carries a uuid of at most 50 characters, one for one message, however often it is repeated', async () => {
    const sends = (await office.calls()).filter(isSend)
    const contents = new Map<string, Set<string>>()
    for (const { body } of sends) {
      const { uuid, content } = body as { uuid?: string; content: string }
      expect(uuid).toMatch(/^[\w-]{16,50}$/)
      const known = contents.get(uuid ?? '') ?? new Set()
      contents.set(uuid ?? '', known.add(content))
    }
    expect(sends.length).toBeGreaterThan(contents.size)
    for (const asked of contents.values()) expect(asked.size).toBe(1)
    const kept = await rows<{ uuid: string }>(office.database.db, 'select uuid from outbox')
    expect(new Set(kept.map(row => row.uuid)).size).toBe(kept.length)
  })

  it('C26 a message recalled before it arrives has no effect, however late it comes', async () => {
    const title = unique('泡茶')
    const message = hexId('om_')
    const recall = envelopeOf('im.message.recalled_v1', {
      message_id: message,
      chat_id: chat,
      recall_time: String(Date.now()),
      recall_type: 'message_owner',
    })
    expect((await send(seal(recall))).status).toBe(200)
    const event = spoken({ who: wang.id, chat, text: `/交办 @郑洁 ${title}`, message })
    expect((await send(seal(event))).status).toBe(200)
    await office.settled()
    expect(await given(title)).toBe(0)
  })
})

/** Whatever Feishu does to its deliveries, over the URL as over the long connection. */
describe.each(ways)('trust C: once and only once, whatever Feishu sends, on %s', (_, way) => {
  let office: TestOffice
  let wang: TestPerson
  let zheng: TestPerson
  let chat: string
  beforeAll(async () => {
    office = await TestOffice.open({ ...way, speed: 50 })
    wang = office.person('王强')
    zheng = office.person('郑洁')
    chat = await wang.privateChat()
    await zheng.privateChat()
  })
  beforeEach(() => office.send('DELETE', '/sim/faults', {}))
  afterAll(() => office.close())

  const given = (title: string) => count(office.database.db, `assignments where title = '${title}'`)

  it('C20 the same message under a new event_id has its effect once', async () => {
    await office.faults({ new_event_id: true })
    const title = unique('写月报')
    await wang.says(`/交办 @郑洁 ${title}`)
    await pause(100)
    await office.settled()
    expect(
      (await office.deliveries()).filter(one => one.attempts.some(({ status }) => status === 200)).length,
    ).toBeGreaterThan(1)
    expect(await given(title)).toBe(1)
    await emptied(office)
    expect(saidTimes(office, title)).toBe(2)
  })

  it('C21 twenty copies at the same instant are all acknowledged and have their effect once', async () => {
    await office.faults({ duplicate: 19 })
    const title = unique('写年报')
    await wang.says(`/交办 @郑洁 ${title}`)
    const copies = (await office.deliveries()).at(-1)?.attempts ?? []
    expect(copies.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
    expect(await given(title)).toBe(1)
    await emptied(office)
    expect(saidTimes(office, title)).toBe(2)
  })

  it('C22 a double click moves the matter once; the second is told who did it', async () => {
    const title = unique('擦黑板')
    await wang.says(`/交办 @郑洁 ${title}`)
    const card = await zheng.seesCard()
    const button = card.card.buttons.find(one => one.label === '签收')
    if (!button) throw new Error('no button')
    const first = zheng.clicks(card.message_id, button)
    await pause(50)
    const second = await zheng.clicks(card.message_id, button)
    expect((await first).toast).toEqual({ type: 'success', content: '已签收' })
    expect(second.toast).toEqual({ type: 'info', content: expect.stringContaining('郑洁 已签收') })
    const [row] = await rows<{ rev: number }>(
      office.database.db,
      `select rev from assignments where title = '${title}'`,
    )
    expect(row?.rev).toBe(2)
    expect(
      await count(
        office.database.db,
        `events where act = 'accept' and outcome = 'ok' and matter = (select id::text from assignments where title = '${title}')`,
      ),
    ).toBe(1)
  })

  it('C23 answers of sends that are lost make no second message', async () => {
    await office.faults({ api_reset_after: 0.3, api_5xx_after: 0.3 })
    const titles = Array.from({ length: 12 }, () => unique('抄表'))
    const names = ['李静', '赵敏', '孙丽', '周涛', '吴刚', '冯军']
    await Promise.all(
      titles.map((title, i) =>
        office.send('POST', '/sim/messages', { as: wang.id, chat_id: chat, text: `/交办 @${names[i % 6]} ${title}` }),
      ),
    )
    await pause(2_500)
    await office.faults({ api_reset_after: 0, api_5xx_after: 0 })
    await emptied(office, 25_000)
    expect(titles.map(title => saidTimes(office, title))).toEqual(titles.map(() => 2))
  })

  it('C23 nor do answers that never come', async () => {
    const titles = Array.from({ length: 12 }, () => unique('抄录'))
    const from = (await office.calls()).at(-1)?.n ?? 0
    const sendsSince = async () => (await office.calls()).filter(call => call.n > from && isSend(call))
    // the first for certain, of the others some
    await office.faults({ api_timeout_after: 1 })
    for (const title of titles) {
      await office.send('POST', '/sim/messages', { as: wang.id, chat_id: chat, text: `/交办 @李静 ${title}` })
      if (title !== titles[0]) continue
      await until(async () => (await sendsSince()).length > 0)
      await office.faults({ api_timeout_after: 0.2 })
    }
    await pause(2_500)
    await office.faults({ api_timeout_after: 0 })
    await emptied(office, 40_000)
    expect(titles.map(title => saidTimes(office, title))).toEqual(titles.map(() => 2))
    const uuids = (await sendsSince()).map(({ body }) => (body as { uuid: string }).uuid)
    expect(uuids.every(Boolean)).toBe(true)
    // some were sent again, and made no second message
    expect(new Set(uuids).size).toBeLessThan(uuids.length)
  })

  it('C26 events in the wrong order leave the matter as in order', async () => {
    await office.faults({ out_of_order: true })
    const [one, two] = [unique('送文件'), unique('取文件')]
    await Promise.all([wang.says(`/交办 @郑洁 ${one}`), wang.says(`/交办 @郑洁 ${two}`)])
    await emptied(office)
    expect([await given(one), await given(two)]).toEqual([1, 1])
    expect([saidTimes(office, one), saidTimes(office, two)]).toEqual([2, 2])
  })

  /** Events that came too late the first time, and now come again, hours after what followed. */
  const comesLate = async (type: string, event: unknown): Promise<void> => {
    const header = { create_time: String(Date.now() - 3_600_000) }
    await office.send('POST', '/sim/events', { event_type: type, event, header })
    await emptied(office)
  }
  const standing = async () => ({
    members: (
      await rows<{ person: string }>(office.database.db, `select person from members where chat = '${group()}'`)
    ).map(one => one.person),
    present: (
      await rows<{ present: boolean }>(office.database.db, `select present from chats where id = '${group()}'`)
    )[0]?.present,
    active: (
      await rows<{ active: boolean }>(office.database.db, `select active from people where id = '${you().id}'`)
    )[0]?.active,
  })
  const group = () => [...office.sim.state.chats].find(([, one]) => one.name === '督查工作群')?.[0] ?? ''
  const you = () => office.person('尤佳')

  it('C26 who has come, gone or moved is as the last event has it, whichever comes last', async () => {
    await office.faults({ out_of_order: false })
    const member = { users: [{ name: '尤佳', user_id: { open_id: you().id }, tenant_key: TENANT }] }
    const about = {
      chat_id: group(),
      operator_id: { open_id: wang.id },
      external: false,
      operator_tenant_key: TENANT,
      name: '督查工作群',
    }
    const account = (frozen: boolean) => ({
      object: {
        open_id: you().id,
        name: '尤佳',
        status: { is_frozen: frozen, is_resigned: false, is_activated: true, is_exited: false, is_unjoin: false },
      },
    })
    const before = await standing()
    expect(before).toMatchObject({ present: true, active: true })
    expect(before.members).toContain(you().id)
    await comesLate('im.chat.member.user.deleted_v1', { ...about, ...member })
    await comesLate('contact.user.updated_v3', account(true))
    await comesLate('im.chat.member.bot.deleted_v1', about)
    const after = await standing()
    expect({ ...after, members: after.members.sort() }).toEqual({ ...before, members: before.members.sort() })
    await office.send('POST', `/sim/groups/${group()}/members`, { as: wang.id, remove: [you().id] })
    await emptied(office)
    await comesLate('im.chat.member.user.added_v1', { ...about, ...member })
    expect((await standing()).members).not.toContain(you().id)
    await office.send('PATCH', `/sim/people/${you().id}`, { is_frozen: true })
    await emptied(office)
    await comesLate('contact.user.updated_v3', account(false))
    expect((await standing()).active).toBe(false)
  })
})

const isSend = ({ method, path }: ApiCall) => method === 'POST' && /\/im\/v1\/messages(\/[^/]+\/reply)?$/.test(path)

async function lastUuid(office: TestOffice): Promise<string> {
  const call = (await office.calls()).filter(one => isSend(one) && one.code === 0).at(-1)
  return String((call?.body as { uuid?: string } | undefined)?.uuid)
}

/** What kill -9 leaves of a call whose answer had not come yet. */
async function diedSending(office: TestOffice, uuid: string, leaseMs: number): Promise<void> {
  const end = office.clock.wire() + leaseMs
  await rows(
    office.database.db,
    `update outbox set state = 'waiting', done_ms = null, claimed_until_ms = ${end} where uuid = '${uuid}'`,
  )
}

/** The house two hours later, after a restart; Feishu has forgotten its uuids meanwhile, and works again. */
async function twoHoursLater(office: TestOffice): Promise<void> {
  const ahead = 2 * HOUR
  await office.faults({ api_5xx_after: 0, api_5xx: 1 })
  await office.send('POST', '/sim/clock', { by_ms: ahead })
  await office.bot.stop()
  await office.send('DELETE', '/sim/faults', {})
  const bot = await botOn(office, office.database, { now: office.clock.now, wire: () => Date.now() + ahead })
  bot.drainer.wake()
  await emptied(office)
  await bot.stop()
}

describe.each(kinds)('trust C24: past the hour of the uuid, on %s', kind => {
  let office: TestOffice
  beforeEach(async () => {
    office = await TestOffice.open({ kind, speed: 1 })
    await office.inStep()
  })
  afterEach(() => office.close())

  // the card itself is counted: where two hours on a new day begins, the morning card names the matter too

  it('C24 what may have arrived is not sent again, but shown as uncertain', async () => {
    const [wang, zheng] = [office.person('王强'), office.person('郑洁')]
    const chat = await wang.privateChat()
    await zheng.privateChat()
    await office.faults({ api_5xx_after: 1 })
    await handIn(office.botUrl, seal(spoken({ who: wang.id, chat, text: '/交办 @郑洁 浇花' })))
    await until(() => saidTimes(office, '待签收:浇花') > 0)
    await office.bot.drainer.settle()
    const before = saidTimes(office, '待签收:浇花')
    await twoHoursLater(office)
    const uncertain = await count(office.database.db, `outbox where state = 'failed' and reason like '%不能确定%'`)
    expect(uncertain).toBeGreaterThan(0)
    expect(saidTimes(office, '待签收:浇花')).toBe(before)
  })

  it('C24 a send that was under way when the process died counts as uncertain too', async () => {
    await office.person('王强').says('/交办 @郑洁 扫地')
    const uuid = await lastUuid(office)
    const before = saidTimes(office, '待签收:扫地')
    await diedSending(office, uuid, 9_000)
    await twoHoursLater(office)
    expect(saidTimes(office, '待签收:扫地')).toBe(before)
    expect(await outboxRows(office, uuid)).toEqual([{ state: 'failed', reason: expect.stringContaining('不能确定') }])
  })
})

describe.runIf(hasPostgres)('trust C: once and only once, with two bots on one Postgres', () => {
  let office: TestOffice
  let second: Awaited<ReturnType<typeof secondBot>>
  beforeAll(async () => {
    office = await TestOffice.open({ kind: 'Postgres', speed: 50 })
    second = await secondBot(office)
  })
  afterAll(async () => {
    await second.close()
    await office.close()
  })

  const told = async (title: string) =>
    spoken({ who: office.idOf('王强'), chat: await office.person('王强').privateChat(), text: `/交办 @郑洁 ${title}` })

  it('C21 twenty copies while the first is still being worked on are all acknowledged, with one effect', async () => {
    const title = unique('慢活')
    const event = await told(title)
    const sql = postgres(await urlOf(office.database), { max: 1 })
    const held = sql.begin(async tx => {
      await tx`lock table assignments in access exclusive mode`
      await pause(1_500)
    })
    await pause(100)
    const copies = Array.from({ length: 20 }, (_, i) => handIn(i % 2 ? second.url : office.botUrl, seal(event)))
    await pause(700)
    copies.push(handIn(office.botUrl, seal(event)))
    const replies = await Promise.all(copies)
    await held
    await sql.end()
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200))
    expect(await count(office.database.db, `assignments where title = '${title}'`)).toBe(1)
    await emptied(office)
    expect(saidTimes(office, title)).toBe(2)
  })

  it('C21 the same event at both bots at the same instant, twelve times, has its effect once', async () => {
    const titles = Array.from({ length: 12 }, () => unique('双份'))
    const events = await Promise.all(titles.map(told))
    const replies = await Promise.all(
      events.flatMap(event => [handIn(office.botUrl, seal(event)), handIn(second.url, seal(event))]),
    )
    for (const { status } of replies) expect(status).toBe(200)
    await emptied(office, 25_000)
    expect(await count(office.database.db, `assignments where title like '双份%'`)).toBe(12)
    expect(titles.map(title => saidTimes(office, title))).toEqual(titles.map(() => 2))
  })

  it('C21 two bots that both remember the asker answer the same question once', async () => {
    const chat = await office.person('王强').privateChat()
    const ask = () => spoken({ who: office.idOf('王强'), chat, text: '/帮助' })
    for (const url of [office.botUrl, second.url]) await handIn(url, seal(ask()))
    await emptied(office)
    const before = saidTimes(office, '回音 · 帮助')
    const events = Array.from({ length: 12 }, ask)
    const replies = await Promise.all(
      events.flatMap(event => [handIn(office.botUrl, seal(event)), handIn(second.url, seal(event))]),
    )
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200))
    await emptied(office)
    expect(saidTimes(office, '回音 · 帮助') - before).toBe(12)
    expect(await count(office.database.db, `events where feature = 'help' and act = 'command'`)).toBe(14)
  })

  it('C21 what one bot remembers of a person counts no longer once another has changed it', async () => {
    const [ma, admin] = [office.person('秦岚'), office.person('刘芳')]
    const chat = await ma.privateChat()
    const help = async () => {
      await handIn(office.botUrl, seal(spoken({ who: ma.id, chat, text: '/帮助' })))
      await emptied(office)
      return (await ma.seesCard()).card.text
    }
    await help()
    expect(await help()).not.toContain('/初始化')
    const grant = spoken({ who: admin.id, chat: await admin.privateChat(), text: '/角色 @秦岚 系统管理员' })
    expect((await handIn(second.url, seal(grant))).status).toBe(200)
    expect(await help()).toContain('/初始化')
    await rows(office.database.db, `update people set active = false where id = '${ma.id}'`)
    const before = saidTimes(office, '回音 · 帮助')
    await help()
    expect(saidTimes(office, '回音 · 帮助')).toBe(before)
  })

  it('D44 what two bots send is sent by one of them', async () => {
    const titles = Array.from({ length: 20 }, () => unique('两处'))
    for (const [i, title] of titles.entries()) await handIn(i % 2 ? second.url : office.botUrl, seal(await told(title)))
    await emptied(office)
    expect(titles.map(title => saidTimes(office, title))).toEqual(titles.map(() => 2))
    const sends = (await office.calls()).filter(call => isSend(call) && call.code === 0)
    expect(sends.length).toBeGreaterThanOrEqual(2 * titles.length)
    const uuids = sends.map(({ body }) => (body as { uuid: string }).uuid)
    expect(uuids.length - new Set(uuids).size).toBeLessThanOrEqual(Math.ceil(uuids.length / 100))
  })
})

/** Forms that become a matter: who asks for one, what they fill in, and where the matter is kept. */
const FORMS: Array<
  [table: string, who: keyof Omit<Cast, 'office'>, said: string, button: string, Record<string, string>]
> = [
  ['reminders', 'wang', '/提醒 交年终总结', '设置提醒', { text: '交年终总结', when: '今天下午4点' }],
  ['assignments', 'wang', '/交办 李静 明天下班前', '交办', { title: '交台账' }],
  ['tasks', 'wang', '/督办 @陈晨 立即报材料', '拟办', { title: '报送材料', due: '12月9日下班前' }],
  [
    'meetings',
    'cao',
    '/会议 11月25日15:00-16:00 安全生产例会 @王强',
    '保存',
    { room: 'elsewhere', place: '一楼接待室' },
  ],
  [
    'trips',
    'chen',
    '/用车 11月26日8:30-17:00 区法院',
    '保存',
    { purpose: '参加调研座谈会', ground: 'survey', reach: 'city' },
  ],
]

describe.each(kinds)('trust C: a form pressed twice, on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openMeetingCast({ kind })
  })
  afterAll(() => cast.office.close())

  it.each(FORMS)(
    'C22 makes one matter of %s, also where it had to be corrected, and says so',
    async (table, who, said, label, filled) => {
      const person = cast[who]
      await person.says(said)
      const { card, message_id } = await person.seesCard()
      const button = card.buttons.find(one => one.label === label)
      if (!button) throw new Error(`no button ${label}`)
      const form = { ...Object.fromEntries(card.inputs.map(({ name, value }) => [name, value ?? ''])), ...filled }
      const press = () => person.clicks(message_id, button, form)
      const before = await count(cast.office.database.db, table)
      const wrong = await person.clicks(message_id, button, { ...form, names: '张无名' })
      expect(wrong.toast).toMatchObject({ type: 'error', content: expect.stringContaining('张无名') })
      const both = await Promise.all([press(), press()])
      expect(both.map(({ toast }) => toast?.type).sort()).toEqual(['info', 'success'])
      await cast.office.settled()
      const third = await press()
      expect(third.toast).toEqual({ type: 'info', content: '已提交,请勿重复提交' })
      expect(await count(cast.office.database.db, table)).toBe(before + 1)
    },
  )
})
