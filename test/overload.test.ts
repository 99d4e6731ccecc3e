import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTurns } from '../src/bot/turns.ts'
import { openBot } from '../src/node/bot.ts'
import { kinds } from './harness/databases.ts'
import { KEYS, TestOffice, type TestPerson } from './harness/office.ts'
import { type Parcel, pressed, seal, spoken } from './harness/signed.ts'
import { count, rows, until } from './harness/traces.ts'

const ROOM = { atOnce: 2, events: 3, presses: 1 }
const TITLES = ['清点桌椅', '核对台账', '更换门锁', '张贴海报', '浇灌花木', '检修水管', '擦拭展柜', '登记钥匙']
const ACCEPTED = ROOM.atOnce + ROOM.events

describe('turns', () => {
  it('let presses go before events that wait for longer', async () => {
    const turns = createTurns({ atOnce: 1, events: 1, presses: 1 })
    const order: string[] = []
    const note = (what: string) => async () => void order.push(what)
    let end = () => {}
    const first = turns.run('event', () => new Promise<void>(done => (end = done)))
    const others = [turns.run('event', note('event')), turns.run('press', note('press'))]
    expect([turns.run('event', note('never')), turns.run('press', note('never'))]).toEqual([undefined, undefined])
    end()
    await Promise.all([first, ...others])
    expect(order).toEqual(['press', 'event'])
  })

  it('make room for the next when one fails', async () => {
    const turns = createTurns({ atOnce: 1, events: 1, presses: 0 })
    const fails = async () => {
      throw new Error('of itself')
    }
    const [failed, next] = [turns.run('event', fails), turns.run('event', async () => 'done')]
    await expect(failed).rejects.toThrow('of itself')
    expect(await next).toBe('done')
  })
})

describe.each(kinds)('P7 more than there is room for, on %s', kind => {
  let office: TestOffice
  let wang: TestPerson
  let chat: string
  beforeAll(async () => {
    office = await TestOffice.open({ kind, door: parts => openBot({ ...parts, room: ROOM }) })
    wang = office.person('王强')
    chat = await wang.privateChat()
    await wang.says('/交办 @郑洁 打扫仓库')
  })
  afterAll(() => office.close())

  const post = async ({ body, headers }: Parcel) => {
    const answer = await fetch(`${office.botUrl}/feishu/events`, { method: 'POST', headers, body })
    return { status: answer.status, retryAfter: answer.headers.get('retry-after'), text: await answer.text() }
  }

  /** No turn can end until it is let go. */
  async function hold(): Promise<() => Promise<void>> {
    let release = () => {}
    const released = new Promise<void>(done => {
      release = done
    })
    let held: Promise<void> = Promise.resolve()
    await new Promise<void>(holds => {
      held = office.database.db.transaction(async tx => {
        await rows(tx as never, 'lock table inbox in access exclusive mode')
        holds()
        await released
      })
    })
    return async () => {
      release()
      await held
    }
  }

  const kept = (title: string) => count(office.database.db, `assignments where title = '${title}'`)

  it('is refused at once and comes again; what was taken up is done once, presses first', async () => {
    const zheng = office.person('郑洁')
    const on = await zheng.seesCard()
    const sign = on.card.buttons.find(({ label }) => label === '签收')
    const press = () =>
      post(seal(pressed({ who: zheng.id, chat: on.chat_id, message: on.message_id, value: sign?.value })))
    const deliveries = TITLES.map(title => seal(spoken({ who: wang.id, chat, text: `/交办 @郑洁 ${title}` })))
    const letGo = await hold()
    const answers: Array<Awaited<ReturnType<typeof post>> | undefined> = TITLES.map(() => undefined)
    const all = deliveries.map(async (delivery, i) => {
      answers[i] = await post(delivery)
    })
    await until(() => answers.filter(answer => answer !== undefined).length === TITLES.length - ACCEPTED)
    const refused = answers.flatMap((answer, i) => (answer ? [{ ...answer, i }] : []))
    for (const answer of refused)
      expect(answer).toMatchObject({ status: 503, retryAfter: '15', text: '{"error":"busy"}' })
    const taken = press()
    await until(() => office.bot.house.office.turns.waiting('press') === ROOM.presses)
    expect(await press()).toMatchObject({ status: 200, text: expect.stringContaining('系统繁忙,请稍后再试') })
    const challenge = { type: 'url_verification', challenge: 'still here', token: KEYS.verificationToken }
    const unsigned = { body: seal(challenge).body, headers: { 'content-type': 'application/json' } }
    expect(await post(unsigned)).toMatchObject({ status: 200, text: '{"challenge":"still here"}' })
    expect((await fetch(`${office.botUrl}/healthz`)).status).toBe(200)
    await letGo()
    const [answered] = await Promise.all([taken, ...all])
    expect(answered).toMatchObject({ status: 200, text: expect.stringContaining('已签收') })
    await office.settled()
    const isRefused = (i: number) => refused.some(answer => answer.i === i)
    for (const [i, title] of TITLES.entries()) expect([title, await kept(title)]).toEqual([title, isRefused(i) ? 0 : 1])
    for (const { i } of refused) expect((await post(deliveries[i] as Parcel)).status).toBe(200)
    await office.settled()
    for (const title of TITLES) expect([title, await kept(title)]).toEqual([title, 1])
  }, 60_000)
})
