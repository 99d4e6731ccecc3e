import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { getMeeting, holdMeeting, saveMeeting } from '../db/meeting.ts'
import { openBooking, openRoom } from '../db/meeting-room.ts'
import { bookingFollows } from '../handlers/meeting/booking.ts'
import type { Turn } from '../src/bot/feature.ts'
import { Refusal } from '../src/kit/refusal.ts'
import type { Database } from '../src/node/database.ts'
import type { Meeting } from '../src/office/meeting/meeting.ts'
import { freshDatabase, hasPostgres, kinds } from './harness/databases.ts'
import { aRoom, friday, openRooms, type RoomCast } from './harness/rooms.ts'
import { count, rows } from './harness/traces.ts'

/** Bookings that hold one room at the same time, found without the help of the constraint. */
const OVERLAPS = `bookings a join bookings b on a.id < b.id and a.state <> 'void' and b.state <> 'void' and a.room = b.room
  and a.starts_at < b.ends_at and b.starts_at < a.ends_at`

describe.each(kinds)('占用规则 on %s', kind => {
  let database: Database
  beforeAll(async () => {
    database = await freshDatabase(kind)
    for (const name of ['三楼会议室', '二楼小会议室']) await openRoom(database.db, aRoom(name))
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    await database.db.execute('truncate bookings restart identity')
  })

  const hour = (n: number): Date => new Date(friday('00:00').getTime() + n * 3_600_000)
  const wish = fc.record({
    room: fc.constantFrom(1, 2),
    from: fc.integer({ min: 0, max: 20 }),
    hours: fc.integer({ min: 1, max: 6 }),
    state: fc.constantFrom('asked' as const, 'held' as const),
  })

  it('数据库和规则对任意一串预订的判断一致:不重叠的都成,重叠的都不成', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(wish, { maxLength: 25 }), async wishes => {
        await database.db.execute('truncate bookings restart identity')
        const held: typeof wishes = []
        for (const one of wishes) {
          const meets = held.some(
            other =>
              other.room === one.room && one.from < other.from + other.hours && other.from < one.from + one.hours,
          )
          const { room, state } = one
          const span = { startsAt: hour(one.from), endsAt: hour(one.from + one.hours) }
          const booking = { ...span, room, state, meeting: undefined, bookedBy: '', bookedAt: hour(0), word: '' }
          expect((await openBooking(database.db, booking)) === undefined).toBe(meets)
          if (!meets) held.push(one)
        }
        expect(await count(database.db, OVERLAPS)).toBe(0)
      }),
      { numRuns: 40 },
    )
  })
})

describe.runIf(hasPostgres)('会议室的并发 on Postgres', () => {
  let cast: RoomCast
  beforeAll(async () => {
    cast = await openRooms({ kind: 'Postgres' })
    for (const name of ['三楼会议室', '二楼小会议室', '四楼会议室', '五楼会议室']) await cast.room(name)
  })
  afterAll(() => cast.office.close())
  beforeEach(async () => {
    await db().execute('truncate bookings restart identity')
  })

  const db = () => cast.office.database.db
  const ofAll = <T>(length: number, make: (i: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length }, (_, i) => make(i)))

  /** A meeting's turn as its act would run it: it holds the meeting, saves it, and lets its room follow. */
  async function moves(id: number, change: Partial<Meeting>): Promise<string> {
    const { wu, office } = cast
    const turn = {
      now: office.clock.now(),
      office: office.bot.house.office.facts,
      who: { id: wu.id, name: wu.name, departments: [], leader: undefined, active: true },
      ...{ roles: [], standsFor: [], chat: { id: '', kind: 'private' as const } },
      ...{
        record: () => {},
        send: () => {},
        fetch: () => {},
        redraw: () => {},
        redrawAll: () => {},
        schedule: () => {},
        readCalendars: () => {},
        askReaders: () => {},
      },
    }
    return db()
      .transaction(async tx => {
        const before = await holdMeeting(tx, id)
        const after = { ...before, ...change, rev: before.rev + 1 }
        await saveMeeting(tx, before, after)
        await bookingFollows({ ...turn, db: tx } as Turn, before, after)
        return ''
      })
      .catch((error: unknown) => {
        if (error instanceof Refusal) return error.message
        throw error
      })
  }

  it('一百个会议同时预订同一会议室的重叠时段:没有重叠,能成的恰好都成,其余得知编号和三个办法', async () => {
    const drafts = await ofAll(100, () => cast.meeting(cast.wu, { state: 'draft', room: 1 }))
    // ten spans, each asked for ten times
    const answers = await ofAll(100, i =>
      moves(drafts[i]?.id ?? 0, {
        state: 'notified',
        startsAt: friday(`${String(8 + (i % 10)).padStart(2, '0')}:00`),
        endsAt: friday(`${String(9 + (i % 10)).padStart(2, '0')}:00`),
      }),
    )
    expect(await count(db(), OVERLAPS)).toBe(0)
    expect(await count(db(), `bookings where state = 'held'`)).toBe(10)
    expect(answers.filter(words => words === '')).toHaveLength(10)
    for (const words of answers.filter(one => one !== ''))
      expect(words).toMatch(/^三楼会议室11月27日.*已被占用:.*会〔2026〕\d+号.*可改为:1\. .*;2\. .*;3\. /)
    // whoever was refused has not moved either
    expect(await count(db(), `meetings where state = 'notified' and room = 1`)).toBe(10)
  })

  it('任意重叠的时段:没有重叠,也没有人被拒而其时段仍空着', async () => {
    const spans = fc.sample(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 8 })), {
      numRuns: 100,
      seed: 7,
    })
    const at = (quarter: number): Date => new Date(friday('08:00').getTime() + quarter * 900_000)
    const drafts = await ofAll(100, () => cast.meeting(cast.wu, { state: 'draft', room: 2 }))
    const answers = await ofAll(100, i => {
      const [from = 0, length = 1] = spans[i] ?? []
      return moves(drafts[i]?.id ?? 0, { state: 'notified', startsAt: at(from), endsAt: at(from + length) })
    })
    expect(await count(db(), OVERLAPS)).toBe(0)
    const won = answers.filter(words => words === '').length
    expect(await count(db(), `bookings where state = 'held'`)).toBe(won)
    for (const [i, words] of answers.entries()) {
      const [from = 0, length = 1] = spans[i] ?? []
      const meets = await count(
        db(),
        `bookings where state = 'held' and room = 2 and starts_at < '${at(from + length).toISOString()}' and ends_at > '${at(from).toISOString()}'`,
      )
      expect(meets > 0).toBe(true)
      if (words === '') expect(meets).toBe(1)
    }
  })

  it('两个会议同时互换会议室、一百次来回改动:不死锁,没有重叠,每个会议至多一间', async () => {
    const both = await ofAll(8, i => cast.meeting(cast.wu, { room: 1 + (i % 4), state: 'draft' }))
    await ofAll(8, i =>
      moves(both[i]?.id ?? 0, {
        state: 'notified',
        startsAt: friday(`${10 + Math.floor(i / 4)}:00`),
        endsAt: friday(`${11 + Math.floor(i / 4)}:00`),
      }),
    )
    const answers = await ofAll(100, i => moves(both[i % 8]?.id ?? 0, { room: 1 + ((i * 3 + Math.floor(i / 8)) % 4) }))
    expect(answers.filter(words => words !== '' && !words.includes('已被占用'))).toEqual([])
    expect(await count(db(), OVERLAPS)).toBe(0)
    expect(await count(db(), `bookings where state <> 'void'`)).toBe(8)
    const stray = `meetings m join bookings b on b.meeting = m.id and b.state <> 'void' and b.room <> m.room`
    expect(await count(db(), stray)).toBe(0)
  })

  it('三十人次从对话中同时占用同一会议室:恰好一人占到,其余得知被谁占用', async () => {
    const { zhao, li, wu, office } = cast
    const people = [zhao, li, wu]
    await Promise.all(people.map(person => person.privateChat()))
    const chats = await Promise.all(people.map(person => person.privateChat()))
    await office.faults({ limits: false })
    await ofAll(30, i =>
      office.send('POST', '/sim/messages', {
        as: people[i % 3]?.id,
        chat_id: chats[i % 3],
        text: `/会议 会议室 五楼会议室 11月30日9:${i % 3}0-10:30 第${i}项`,
      }),
    )
    await office.settled()
    expect(await count(db(), OVERLAPS)).toBe(0)
    expect(await count(db(), `bookings where state = 'held' and room = 4`)).toBe(1)
    const [booking] = await rows<{ word: string }>(db(), `select word from bookings where room = 4`)
    const said = (await Promise.all(people.map(person => person.messages()))).flat().filter(one => one.sender === 'bot')
    const refused = said.filter(one => one.words.includes('五楼会议室') && one.words.includes('已被占用'))
    expect(refused.length).toBeGreaterThan(10)
    for (const one of refused) expect(one.words).toContain(booking?.word)
  })

  it('会议取消、退回拟定时会议室释放;提前结束时余下时间可由他人占用', async () => {
    const { wu } = cast
    const first = await cast.meeting(wu, { state: 'draft', room: 3 })
    const second = await cast.meeting(wu, { state: 'draft', room: 3 })
    expect(await moves(first.id, { state: 'submitted' })).toBe('')
    expect(await moves(second.id, { state: 'submitted' })).toContain('已被占用')
    await moves(first.id, { state: 'draft' })
    expect(await moves(second.id, { state: 'submitted' })).toBe('')
    await moves(second.id, { state: 'notified' })
    expect(await count(db(), `bookings where state = 'held' and meeting = ${second.id}`)).toBe(1)
    await moves(second.id, { state: 'cancelled' })
    expect(await moves(first.id, { state: 'notified' })).toBe('')
    await moves(first.id, { state: 'underway' })
    // people book by the minute, and end a meeting at any second of one
    const ended = new Date(friday('15:00').getTime() + 40_000)
    cast.office.clock.set(ended)
    await moves(first.id, { state: 'ended', endedAt: ended })
    const rest = await cast.meeting(wu, { state: 'draft', room: 3, startsAt: friday('15:00'), endsAt: friday('16:00') })
    expect(await moves(rest.id, { state: 'notified' })).toBe('')
    expect((await getMeeting(db(), rest.id)).state).toBe('notified')
  })
})
