import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTurns, type Room, type Turns } from '../src/bot/turns.ts'
import { type BotParts, openBot, ROOM } from '../src/node/bot.ts'
import { openDoor, watchDoor } from '../src/node/door.ts'
import { loopPace } from '../src/node/pace.ts'
import { closeServer, createServer } from '../src/node/server.ts'
import { kinds } from './harness/databases.ts'
import { KEYS, TestOffice, type TestPerson } from './harness/office.ts'
import { envelopeOf, type Parcel, pressed, seal, spoken } from './harness/signed.ts'
import { count, rows, until } from './harness/traces.ts'

const FULL = 2
const EVENTS = 3
const PRESSES = 1
const FOR_EVER = Number.POSITIVE_INFINITY
const room = (full: number, presses: number, events: number): Room => ({
  atOnce: { full, quick: TITLES.length },
  press: { most: presses, ms: FOR_EVER },
  event: { most: events, ms: FOR_EVER },
  quick: { most: events, ms: FOR_EVER },
})
const LONGEST = { event: 500, press: 1_500 }
const patience = (full: number): Room => ({
  atOnce: { full, quick: TITLES.length },
  press: { most: 100, ms: LONGEST.press },
  event: { most: 100, ms: LONGEST.event },
  quick: { most: 100, ms: LONGEST.event },
})
const TITLES = ['清点桌椅', '核对台账', '更换门锁', '张贴海报', '浇灌花木', '检修水管', '擦拭展柜', '登记钥匙']
const NO_ROOM: Turns = { run: async (_kind, _turn, busy) => busy, isFull: () => true, waiting: () => 0 }
const BUSY = 'busy'
const ACCEPTED = FULL + EVENTS

describe('turns', () => {
  it('let presses go before events that wait for longer', async () => {
    const turns = createTurns(room(1, 1, 1))
    const order: string[] = []
    const note = (what: string) => async () => void order.push(what)
    let end = () => {}
    const first = turns.run('event', () => new Promise<void>(done => (end = done)), BUSY)
    const others = [turns.run('event', note('event'), BUSY), turns.run('press', note('press'), BUSY)]
    const never = await Promise.all([turns.run('event', note('never'), BUSY), turns.run('press', note('never'), BUSY)])
    expect(never).toEqual([BUSY, BUSY])
    end()
    await Promise.all([first, ...others])
    expect(order).toEqual(['press', 'event'])
  })

  it('make room for the next when one fails', async () => {
    const turns = createTurns(room(1, 0, 1))
    const fails = async () => {
      throw new Error('of itself')
    }
    const [failed, next] = [turns.run('event', fails, BUSY), turns.run('event', async () => 'done', BUSY)]
    await expect(failed).rejects.toThrow('of itself')
    expect(await next).toBe('done')
  })

  it('are refused while the first of those before has waited for too long', async () => {
    let now = 0
    const turns = createTurns(patience(1), () => now)
    const { held, end } = heldTurn()
    const going = [turns.run('event', held, BUSY), turns.run('event', idle, BUSY), turns.run('press', idle, BUSY)]
    now = LONGEST.event + 1
    expect(await turns.run('event', idle, BUSY)).toBe(BUSY)
    going.push(turns.run('press', idle, BUSY))
    now = LONGEST.press + 1
    expect(await turns.run('press', idle, BUSY)).toBe(BUSY)
    end()
    expect(await Promise.all(going)).not.toContain(BUSY)
    expect(await turns.run('event', idle, BUSY)).not.toBe(BUSY)
  })

  it('are refused after all where they have waited for too long themselves, and not run', async () => {
    let now = 0
    const turns = createTurns({ ...patience(1), event: { most: 100, ms: 1_000, longestMs: 700 } }, () => now)
    const order: string[] = []
    const note = (what: string) => async () => void order.push(what)
    const { held, end } = heldTurn()
    const first = turns.run('event', held, BUSY)
    const [late, press] = [turns.run('event', note('late'), BUSY), turns.run('press', note('press'), BUSY)]
    now = 400
    const inTime = turns.run('event', note('in time'), BUSY)
    now = 701
    // whoever comes next sends them away, so that they need not wait for a turn to end
    expect(turns.isFull('event')).toBe(false)
    expect(await late).toBe(BUSY)
    now = 1_101
    // nobody comes: so does the next turn to end
    end()
    expect(await Promise.all([first, press, inTime])).toEqual([undefined, undefined, BUSY])
    expect(order).toEqual(['press'])
    expect(await turns.run('event', note('later'), BUSY)).not.toBe(BUSY)
  })

  it('are refused sooner while nothing goes on, however many have been turned away meanwhile', async () => {
    let now = 0
    const event = { most: 100, ms: 500, longestMs: 700, lasting: 3 }
    const turns = createTurns({ ...patience(1), event }, () => now)
    const { held, end } = heldTurn()
    const first = turns.run('event', held, BUSY)
    let [taken, all] = [0, [] as Array<Promise<unknown>>]
    for (; now < 5_000; now += 10) {
      if (!turns.isFull('event')) taken++
      all = [...all, turns.run('event', idle, BUSY)]
    }
    // 50 until the first has waited for too long, then 3 each time that all have been turned away
    expect(taken).toBeLessThan(50 + 3 * 7 + 3)
    end()
    await first
    now += 1
    const ended = await Promise.all(all)
    expect(ended.filter(one => one !== BUSY).length).toBeLessThanOrEqual(3)
  })

  it('are refused where those before them would take too long, as they have lately', async () => {
    let now = 0
    const turns = createTurns(patience(1), () => now)
    const first = heldTurn()
    const second = heldTurn()
    const going = [turns.run('event', first.held, BUSY), turns.run('event', second.held, BUSY)]
    now = 400
    first.end()
    await going[0]
    const more = Array.from({ length: 20 }, () => turns.run('event', idle, BUSY))
    second.end()
    expect(await Promise.all(going)).not.toContain(BUSY)
    expect((await Promise.all(more)).filter(ended => ended !== BUSY)).toHaveLength(6)
    // those did not take long
    const third = heldTurn()
    const last = turns.run('event', third.held, BUSY)
    const all = [last, ...Array.from({ length: 20 }, () => turns.run('event', idle, BUSY))]
    third.end()
    expect(await Promise.all(all)).not.toContain(BUSY)
  })

  it('are refused sooner in a rush that lasts, and no longer once it is over', async () => {
    let now = 0
    const bound = { most: 100, ms: FOR_EVER, lasting: 3 }
    const turns = createTurns({ ...patience(1), event: bound }, () => now)
    const { held, end } = heldTurn()
    const first = turns.run('event', held, BUSY)
    const rush = Array.from({ length: 50 }, () => turns.run('event', idle, BUSY))
    now = 2_000
    expect([turns.isFull('event'), await turns.run('event', idle, BUSY)]).toEqual([true, BUSY])
    expect([turns.isFull('press'), turns.isFull('quick')]).toEqual([false, false])
    end()
    expect(await Promise.all([first, ...rush])).not.toContain(BUSY)
    const next = heldTurn()
    const later = [
      turns.run('event', next.held, BUSY),
      ...Array.from({ length: 50 }, () => turns.run('event', idle, BUSY)),
    ]
    next.end()
    expect(await Promise.all(later)).not.toContain(BUSY)
  })

  it('begin only while there is time for them, presses first; whoever waits for time alone is no reason to refuse', async () => {
    let again = () => {}
    let time = 1
    const pace = {
      hasTime(run: () => void) {
        again = run
        return time-- > 0
      },
      isBehind: () => false,
    }
    const turns = createTurns(room(10, 10, 10), () => 0, pace)
    const order: string[] = []
    const note = (what: string) => async () => void order.push(what)
    const all = (['event', 'quick', 'event', 'press'] as const).map((kind, i) =>
      turns.run(kind, note(`${kind} ${i}`), BUSY),
    )
    expect(order).toEqual(['event 0'])
    time = 2
    again()
    expect(order).toEqual(['event 0', 'press 3', 'event 2'])
    time = 1
    again()
    expect(await Promise.all(all)).not.toContain(BUSY)
    expect(order.at(-1)).toBe('quick 1')
  })

  it.each([
    ['between them', 5, openDoor],
    ['sooner while others wait at the door', 1, { ...openDoor, isCrowded: () => true }],
  ])('give the loop of this process its turn %s', async (_, lastsMs, door) => {
    const turns = createTurns(room(1_000, 1_000, 1_000), undefined, loopPace(door))
    let looked = 0
    let isOver = false
    const look = (): void => {
      looked++
      if (!isOver) setImmediate(look)
    }
    setImmediate(look)
    const busy = async () => {
      for (const until = performance.now() + lastsMs; performance.now() < until; );
    }
    await Promise.all(Array.from({ length: 20 }, () => turns.run('event', busy, BUSY)))
    isOver = true
    expect(looked).toBeGreaterThanOrEqual(19)
  })

  it('are not kept waiting by full ones where they are quick', async () => {
    const turns = createTurns(room(1, 1, 1))
    const { held, end } = heldTurn()
    const full = turns.run('press', held, BUSY)
    expect(await turns.run('quick', async () => 'done', BUSY)).toBe('done')
    end()
    await full
  })
})

/** A loop whose turns take so long; in each comes a connection (`x`) or none (`.`). True = a crowd was told of in that turn. */
function turnsOf(comings: string, turnMs: number, isShort = true): boolean[] {
  let now = 0
  let atEnd: Array<() => void> = []
  const door = watchDoor(
    () => now,
    run => atEnd.push(run),
  )
  return [...comings].map(coming => {
    if (coming === 'x') door.cameIn()
    if (isShort) door.ranShort()
    const isCrowded = door.isCrowded()
    now += turnMs
    const due = atEnd
    atEnd = []
    for (const run of due) run()
    return isCrowded
  })
}

describe('the door', () => {
  it.each([
    ['nobody', '..........', 20, ''],
    ['a few at once', 'xxx.......', 15, ''],
    ['many at once who are quickly taken in', 'xxxxxxxxxx', 2, ''],
    ['many who wait while turns take long', 'xxxxxxxxxx', 15, '_______ttt'],
    ['in all but one turn', 'xxx.xxxxxx', 15, '________tt'],
    ['until two turns have taken in nobody', 'xxxxxxxx....', 15, '_______ttt__'],
    ['one now and then', 'x..x..x..x', 60, ''],
    ['a few after a long halt', 'xxx.......', 1_000, ''],
  ])('%s', (_, comings, turnMs, crowded) =>
    expect(
      turnsOf(comings, turnMs)
        .map(is => (is ? 't' : '_'))
        .join(''),
    ).toBe(crowded || '_'.repeat(comings.length)),
  )
})

describe('the door of a process that has time', () => {
  it('is never crowded', () => expect(turnsOf('x'.repeat(50), 15, false)).toEqual(Array(50).fill(false)))
})

describe('requests that are taken in', () => {
  let now = 0
  let turns: Array<() => void> = []
  let letGo = () => {}
  let port = 0
  let server: ReturnType<typeof createServer>
  const sockets: Socket[] = []

  beforeEach(async () => {
    now = 0
    turns = []
    const held = new Promise<void>(done => (letGo = done))
    const fetch = async (request: Request) => {
      const { pathname } = new URL(request.url)
      if (pathname === '/read') await request.arrayBuffer()
      if (pathname === '/held') await held
      return new Response('{}', { status: pathname === '/unread' ? 503 : 200 })
    }
    server = createServer(fetch, { now: () => now, nextTurn: run => turns.push(run) })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    port = (server.address() as AddressInfo).port
  })
  afterEach(async () => {
    goOn()
    for (const socket of sockets.splice(0)) socket.destroy()
    await closeServer(server)
  })

  /** The loop has gone round. */
  const goOn = () => {
    for (const run of turns.splice(0)) run()
  }

  /** A connection that stays; `answers` counts what came back. */
  async function connection() {
    const socket = connect(port, '127.0.0.1')
    sockets.push(socket)
    await once(socket, 'connect')
    let answers = 0
    socket.on('data', (data: Buffer) => {
      answers += data.toString().split('HTTP/1.1').length - 1
    })
    const ask = (path: string, body = '{"encrypt":""}') =>
      socket.write(`POST ${path} HTTP/1.1\r\nhost: bot\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
    return { ask, answers: () => answers, answered: (many: number) => until(() => answers === many) }
  }

  /** By then whatever the server has an ear for has been heard. */
  async function othersAnswered(): Promise<void> {
    for (let i = 0; i < 5; i++) {
      const other = await connection()
      other.ask('/read')
      await other.answered(1)
    }
  }

  it.each(['/read', '/unread'])(
    'let everything else have its turn once they have gone on for too long: %s',
    async path => {
      const [first, second] = [await connection(), await connection()]
      first.ask(path)
      await first.answered(1)
      now = 100
      second.ask(path)
      await second.answered(1)
      now = 101
      first.ask(path)
      second.ask(path)
      await Promise.all([first.answered(2), second.answered(2)])
      first.ask(path)
      second.ask(path)
      await othersAnswered()
      expect([first.answers(), second.answers()]).toEqual([2, 2])
      goOn()
      await Promise.all([first.answered(3), second.answered(3)])
    },
  )

  it('are heard as ever where the answer comes in another turn', async () => {
    const [first, late] = [await connection(), await connection()]
    first.ask('/read')
    await first.answered(1)
    now = 101
    late.ask('/held')
    await othersAnswered()
    goOn()
    first.ask('/read')
    await first.answered(2)
    letGo()
    await late.answered(1)
    late.ask('/read')
    await late.answered(2)
  })
})

const idle = async () => {}

function heldTurn() {
  let end = () => {}
  const ended = new Promise<void>(done => {
    end = done
  })
  return { held: () => ended, end }
}

describe.each(kinds)('P7 more than there is room for, on %s', kind => {
  let office: TestOffice
  let wang: TestPerson
  let chat: string
  let now = 0
  const open = async (room: Room) => {
    office = await TestOffice.open({ kind, door: parts => openBot({ ...parts, turns: createTurns(room, () => now) }) })
    wang = office.person('王强')
    chat = await wang.privateChat()
    await wang.says('/交办 @郑洁 打扫仓库')
  }
  afterEach(() => office.close())

  const post = async ({ body, headers }: Parcel, address = 'events') => {
    const answer = await fetch(`${office.botUrl}/feishu/${address}`, { method: 'POST', headers, body })
    return { status: answer.status, retryAfter: answer.headers.get('retry-after'), text: await answer.text() }
  }

  /** No turn can end until it is let go. */
  async function hold(table: 'inbox' | 'assignments' = 'inbox'): Promise<() => Promise<void>> {
    let release = () => {}
    const released = new Promise<void>(done => {
      release = done
    })
    let held: Promise<void> = Promise.resolve()
    await new Promise<void>(holds => {
      held = office.database.db.transaction(async tx => {
        await rows(tx as never, `lock table ${table} in access exclusive mode`)
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

  const waiting = (kind: 'press' | 'event') => office.bot.house.office.turns.waiting(kind)
  const says = (text: string) => seal(spoken({ who: wang.id, chat, text }))

  /** Signs for what was assigned first, anew each time. */
  async function signing() {
    const zheng = office.person('郑洁')
    const { card, chat_id, message_id } = await zheng.seesCard()
    const value = card.buttons.find(({ label }) => label === '签收')?.value
    return () => post(seal(pressed({ who: zheng.id, chat: chat_id, message: message_id, value })))
  }

  it('is refused at once and comes again; what was taken up is done once, presses first', async () => {
    await open(room(FULL, PRESSES, EVENTS))
    const press = await signing()
    const deliveries = TITLES.map(title => says(`/交办 @郑洁 ${title}`))
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
    await until(() => waiting('press') === PRESSES)
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
  })

  it('is refused at once where it would wait for too long, a press later than an event; what was taken up is done once', async () => {
    await open(patience(1))
    const press = await signing()
    const titles = TITLES.slice(0, 3)
    const [first, second, third] = titles.map(title => says(`/交办 @郑洁 ${title}`)) as [Parcel, Parcel, Parcel]
    const letGo = await hold()
    const taken = [post(first), post(second)]
    await until(() => waiting('event') === 1)
    now += LONGEST.event + 1
    expect(await post(third)).toEqual({ status: 503, retryAfter: '15', text: '{"error":"busy"}' })
    taken.push(press())
    await until(() => waiting('press') === 1)
    now += LONGEST.press + 1
    expect(await press()).toMatchObject({ status: 200, text: expect.stringContaining('系统繁忙,请稍后再试') })
    await letGo()
    await Promise.all(taken)
    await office.settled()
    expect(await Promise.all(titles.map(kept))).toEqual([1, 1, 0])
    expect(await count(office.database.db, "events where act = 'accept'")).toBe(1)
    expect((await post(third)).status).toBe(200)
    await office.settled()
    expect(await Promise.all(titles.map(kept))).toEqual([1, 1, 1])
  })

  it('is refused where it has waited for longer than was expected, and comes again', async () => {
    office = await TestOffice.open({ kind, door: parts => openBot({ ...parts, turns: createTurns(ROOM, () => now) }) })
    wang = office.person('王强')
    chat = await wang.privateChat()
    await wang.says('/交办 @郑洁 打扫仓库')
    const letGo = await hold()
    // as many as go on at once, on either database, and ten more
    const length = ROOM.atOnce.full + 10
    const going = Array.from({ length }, (_, i) => post(says(`/交办 @郑洁 清点桌椅${i}`)))
    await until(() => waiting('event') >= 10)
    const late = says('/交办 @郑洁 核对台账')
    const answer = post(late)
    await until(() => waiting('event') >= 11)
    now += 601
    going.push(post(says('/交办 @郑洁 更换门锁')))
    expect(await answer).toEqual({ status: 503, retryAfter: '15', text: '{"error":"busy"}' })
    await letGo()
    await Promise.all(going)
    await office.settled()
    expect(await kept('核对台账')).toBe(0)
    expect((await post(late)).status).toBe(200)
    await office.settled()
    expect(await kept('核对台账')).toBe(1)
  })

  it('is refused by its envelope alone where nobody has room, a press in words; who is not Feishu is not told so', async () => {
    office = await TestOffice.open({ kind, door: parts => openBot({ ...parts, turns: NO_ROOM }) })
    wang = office.person('王强')
    chat = 'oc_private'
    const busy = { status: 503, retryAfter: '15', text: '{"error":"busy"}' }
    expect(await post(says('/帮助'))).toEqual(busy)
    // read, it would be answered 400
    const shapeless = envelopeOf('im.message.receive_v1', { message: {} })
    expect(await post(seal(shapeless))).toEqual(busy)
    const press = pressed({ who: wang.id, chat, message: 'om_1', value: {} })
    expect(await post(seal(press))).toMatchObject({ status: 200, text: expect.stringContaining('系统繁忙,请稍后再试') })
    expect(await post(seal(shapeless, { signKey: 'another' }))).toMatchObject({ status: 401, retryAfter: null })
    const metrics = await (await fetch(`${office.botUrl}/metrics`)).text()
    expect(metrics).toContain('huiyin_turns_total{what="delivery",outcome="busy"} 3')
    expect(await count(office.database.db, 'inbox')).toBe(0)
  })

  it('is refused unread where only events come, as soon as presses have come to the other address; as before once one comes here', async () => {
    let isFull = false
    const turns = createTurns(room(FULL, PRESSES, EVENTS))
    const door = (parts: BotParts) =>
      openBot({ ...parts, turns: { ...turns, isFull: kind => isFull || turns.isFull(kind) } })
    office = await TestOffice.open({ kind, door })
    wang = office.person('王强')
    chat = await wang.privateChat()
    await wang.says('/交办 @郑洁 打扫仓库')
    const forged = seal(spoken({ who: wang.id, chat, text: '/帮助' }), { signKey: 'another' })
    const press = () => seal(pressed({ who: wang.id, chat, message: 'om_1', value: {} }))
    const unread = { status: 503, retryAfter: '15', text: '{"error":"busy"}' }
    isFull = true
    expect(await post(forged)).toMatchObject({ status: 401 })
    isFull = false
    expect(await post(press(), 'cards')).toMatchObject({ status: 200 })
    expect(await post(forged)).toMatchObject({ status: 401 })
    isFull = true
    expect(await post(forged)).toEqual(unread)
    expect(await post(says('/交办 @郑洁 清点桌椅'))).toEqual(unread)
    expect(await post(forged, 'cards')).toMatchObject({ status: 401 })
    expect(await post(press(), 'cards')).toMatchObject({ status: 200, text: expect.stringContaining('系统繁忙') })
    isFull = false
    expect(await post(press())).toMatchObject({ status: 200 })
    isFull = true
    expect(await post(press())).toMatchObject({ status: 200, text: expect.stringContaining('系统繁忙') })
    expect(await post(forged)).toMatchObject({ status: 401 })
    const metrics = await (await fetch(`${office.botUrl}/metrics`)).text()
    expect(metrics).toContain('huiyin_turns_total{what="delivery",outcome="busy"} 4')
    expect(await kept('清点桌椅')).toBe(0)
  })

  it('is refused at once while others wait at the door, and comes again; a press is answered as ever', async () => {
    let isCrowded = false
    const came: unknown[] = []
    const door = { ...openDoor, cameIn: () => came.push('one'), isCrowded: () => isCrowded }
    office = await TestOffice.open({
      kind,
      door: parts => openBot({ ...parts, door, turns: createTurns(ROOM, undefined, loopPace(door)) }),
    })
    wang = office.person('王强')
    chat = await wang.privateChat()
    await wang.says('/交办 @郑洁 打扫仓库')
    const press = await signing()
    const message = says('/交办 @郑洁 清点桌椅')
    expect(came).not.toEqual([])
    isCrowded = true
    expect(await post(message)).toEqual({ status: 503, retryAfter: '15', text: '{"error":"busy"}' })
    expect(await press()).toMatchObject({ status: 200, text: expect.stringContaining('已签收') })
    expect(await kept('清点桌椅')).toBe(0)
    isCrowded = false
    expect((await post(message)).status).toBe(200)
    await office.settled()
    expect(await kept('清点桌椅')).toBe(1)
  })

  // on the embedded database all share one connection
  if (kind === 'Postgres')
    it('leaves quick ones their place while full ones go on', async () => {
      await open(room(1, 0, 0))
      const letGo = await hold('assignments')
      const full = TITLES.map(title => post(says(`/交办 @郑洁 ${title}`)))
      expect((await Promise.race(full)).status).toBe(503)
      expect((await post(says('/帮助'))).status).toBe(200)
      await letGo()
      await Promise.all(full)
      await office.settled()
      const done = (await Promise.all(TITLES.map(kept))).filter(one => one === 1)
      expect(done).toHaveLength(1)
    })
})
