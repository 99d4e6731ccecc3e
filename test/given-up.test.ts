import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copies } from '../db/copies.ts'
import { failures, outbox, type Parcel } from '../db/outbox.ts'
import { deliverOne } from '../src/bot/deliver.ts'
import type { Beat, Feature, FileDesk, Table } from '../src/bot/feature.ts'
import { FeishuFault } from '../src/feishu/fault.ts'
import type { Bot } from '../src/node/bot.ts'
import { kinds } from './harness/databases.ts'
import { TestOffice } from './harness/office.ts'
import { count } from './harness/traces.ts'

type Fetch = NonNullable<Parcel['fetch']>

describe.each(kinds)('a file that is given up, on %s', kind => {
  let office: TestOffice
  beforeAll(async () => {
    office = await TestOffice.open({ kind, wire: 'hasty' })
  })
  afterAll(() => office.close())

  /** Gives a file up, at which our process has died again and again, for a feature that hears of it so. */
  async function givenUp(files: Partial<FileDesk>, more: Partial<Fetch> = {}, attempts = 6) {
    const { db } = office.database
    const { office: house } = office.bot.house
    const fetch = { message: 'om_1', key: 'file_1', feature: 'waiting', matter: '1', ...more }
    const [row] = await db
      .insert(outbox)
      .values({
        ...{
          lane: 'file:waiting',
          api: 'file' as const,
          priority: 0,
          parcel: { fetch },
          attempts,
          uncertainSinceMs: 1,
        },
        // nobody else takes it up
        ...{
          uuid: crypto.randomUUID(),
          sender: '',
          dueMs: 0,
          queuedMs: house.clock.wire(),
          claimedUntilMs: Number.MAX_SAFE_INTEGER,
        },
      })
      .returning()
    if (!row) throw new Error('nothing was put in')
    const waiting = { name: 'waiting', files } as unknown as Feature
    const deliver = () => deliverOne({ ...house, features: [...house.features, waiting] }, { ...row, call: 0 })
    const stands = async () => (await db.select().from(outbox).where(eq(outbox.id, row.id)))[0]
    return { deliver, stands }
  }
  const noted = (act: string) => count(office.database.db, `events where act = '${act}'`)

  it('is over only together with what waits for it hearing so', async () => {
    const heard: Table[] = []
    let isAway = true
    const { deliver, stands } = await givenUp({
      read: async (beat, _, table) => {
        beat.record({ feature: 'waiting', act: 'heard', matter: '1' })
        if (isAway) throw Object.assign(new Error('the connection ended'), { code: '08006' })
        heard.push(table)
      },
    })
    expect(await deliver()).toBe(false)
    expect([(await stands())?.state, heard, await noted('heard')]).toEqual(['waiting', [], 0])
    isAway = false
    expect(await deliver()).toBe(false)
    expect(await stands()).toMatchObject({ state: 'failed', reason: '系统内部错误' })
    expect([heard, await noted('heard')]).toEqual([[{ fault: '系统内部错误' }], 1])
  })

  it('is over, and not tried, where it may have gone to many before a restore', async () => {
    const heard: unknown[] = []
    const passed = async (_: Beat, matter: string, came: unknown) => void heard.push([matter, came])
    const { deliver, stands } = await givenUp({ passed }, { passAs: '议程.docx', lost: '不能确定' }, 1)
    const before = (await office.calls()).length
    expect(await deliver()).toBe(false)
    expect(await stands()).toMatchObject({ state: 'failed', reason: '不能确定' })
    expect([heard, (await office.calls()).length]).toEqual([[['1', { fault: '不能确定' }]], before])
    const listed = await failures(office.database.db, 10)
    expect(listed.map(({ reason }) => reason)).toEqual(['不能确定'])
  })

  it('is over at once where what waits for it breaks, and nothing of that is kept', async () => {
    const { deliver, stands } = await givenUp({
      read: async beat => {
        beat.record({ feature: 'waiting', act: 'broke', matter: '1' })
        throw new TypeError('a fault of ours')
      },
    })
    expect(await deliver()).toBe(false)
    expect([(await stands())?.state, await noted('broke')]).toEqual(['failed', 0])
    expect(office.log.some(line => line.includes('giving up broke'))).toBe(true)
  })
})

describe.each(kinds)('two attempts at one message, for the clock has leapt over the first, on %s', kind => {
  let office: TestOffice
  beforeAll(async () => {
    office = await TestOffice.open({ kind, wire: 'hasty' })
  })
  afterAll(() => office.close())

  /** The second finds that it may have arrived more than an hour ago, and is at its end before the first or after it. */
  async function leapt(
    firstEnds: () => Promise<string>,
    order: 'second first' | 'first first',
    hoursAgo = 0,
  ): Promise<unknown> {
    const { db } = office.database
    const { office: house } = office.bot.house
    const [sender, person] = [office.idOf('王强'), office.idOf('郑洁')]
    const wireMs = house.clock.wire()
    const claimed = {
      dueMs: 0,
      queuedMs: wireMs - hoursAgo * 3_600_000,
      claimedUntilMs: Number.MAX_SAFE_INTEGER,
      attempts: 1,
    }
    const [row] = await db
      .insert(outbox)
      .values({
        ...{ ...claimed, uuid: crypto.randomUUID(), lane: person, api: 'create', priority: 1, sender },
        parcel: { person, text: '开会' },
      })
      .returning()
    if (!row) throw new Error('nothing was put in')
    const second = () => deliverOne(house, { ...row, call: 0, attempts: 2, uncertainSinceMs: wireMs - 2 * 3_600_000 })
    const send = async () => {
      if (order === 'second first') await second()
      return firstEnds()
    }
    const feishu = Object.create(house.feishu, { send: { value: send } })
    await deliverOne({ ...house, feishu }, { ...row, call: 0 })
    if (order === 'first first') await second()
    const [stands] = await db.select().from(outbox).where(eq(outbox.id, row.id))
    const told = await count(db, `outbox where lane = 'undelivered:${sender}' and state = 'waiting'`)
    await db.delete(outbox).where(eq(outbox.lane, `undelivered:${sender}`))
    return { state: stands?.state, reason: stands?.reason, told }
  }
  const unheard = async (): Promise<string> => {
    throw new FeishuFault('unreachable', { uncertain: true })
  }
  const arrived = async () => 'om_1'

  it('was given up as uncertain: that the first was never heard of changes nothing', async () => {
    expect(await leapt(unheard, 'second first')).toEqual({ state: 'failed', reason: '是否送达不能确定', told: 1 })
  })

  it('was given up as uncertain, and has arrived after all', async () => {
    expect(await leapt(arrived, 'second first')).toMatchObject({ state: 'sent', reason: null })
  })

  it('is given up after a day at an attempt that may have arrived', async () => {
    expect(await leapt(unheard, 'first first', 25)).toEqual({
      state: 'failed',
      reason: '飞书暂时无法连接,是否送达不能确定',
      told: 1,
    })
  })

  it('has arrived: nothing is given up, and nobody told so', async () => {
    expect(await leapt(arrived, 'first first')).toEqual({ state: 'sent', reason: null, told: 0 })
  })

  type Draw = Bot['house']['office']['feishu']['redraw']
  /** Of the two attempts one is drawn before the card changes and arrives after everything else. */
  const CROSSED: Array<[what: string, late: 1 | 2, ends: (arrives: Promise<void>) => Promise<unknown>]> = [
    ['the first arrives last', 1, arrives => arrives],
    ['the first arrives last, and its answer is lost', 1, arrives => arrives.then(unheard)],
    ['the second arrives last', 2, arrives => arrives],
    ['the second arrives last, and its answer is lost', 2, arrives => arrives.then(unheard)],
  ]
  it.each(CROSSED)('of two redraws %s: the card is right', async (_, late, ends) => {
    const { db } = office.database
    const { office: house } = office.bot.house
    const zheng = office.person('郑洁')
    await office.person('王强').says('/交办 @郑洁 浇花')
    const { message_id } = await zheng.seesCard()
    const [copy] = await db.select().from(copies).where(eq(copies.message, message_id))
    if (!copy) throw new Error('the card is nobody’s')
    const claimed = { dueMs: 0, queuedMs: house.clock.wire(), claimedUntilMs: Number.MAX_SAFE_INTEGER, attempts: 2 }
    const patch = { api: 'patch' as const, priority: 1, parcel: {}, copy: copy.id, sender: '' }
    const [row] = await db
      .insert(outbox)
      .values({ ...claimed, ...patch, uuid: crypto.randomUUID(), lane: `card:${copy.id}` })
      .returning()
    if (!row) throw new Error('nothing was put in')
    const attempt = (attempts: number, redraw: Draw) =>
      deliverOne(
        { ...house, feishu: Object.create(house.feishu, { redraw: { value: redraw } }) },
        { ...row, call: 0, attempts },
      )
    await attempt(late, async (message, card) => {
      if (late === 2) await attempt(1, house.feishu.redraw)
      await zheng.presses('签收')
      if (late === 1) await attempt(2, house.feishu.redraw)
      await ends(house.feishu.redraw(message, card))
    })
    expect((await zheng.seesCard()).card.title).toBe('交办 · 待签收')
    await office.settled()
    expect((await zheng.seesCard()).card.title).toBe('交办 · 办理中')
  })
})
