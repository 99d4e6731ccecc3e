import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTrip } from '../db/car.ts'
import { openMeeting } from '../db/meeting.ts'
import { openInvitations } from '../db/meeting-invitation.ts'
import { bookings, rooms } from '../db/meeting-room.ts'
import { departments, keepPeople } from '../db/people.ts'
import { grantRole, heldRoles } from '../db/role.ts'
import { planFor } from '../handlers/meeting/rules.ts'
import { createKeys } from '../src/bot/keys.ts'
import { closingOf, openingOf } from '../src/kit/customs.ts'
import { dayIn, isWorkday } from '../src/kit/time.ts'
import type { Database } from '../src/node/database.ts'
import { NOBODY } from '../src/office/meeting/chain.ts'
import {
  type Busy,
  besides,
  clashesOf,
  overlaps,
  peopleAmong,
  type Span,
  type Wanted,
} from '../src/office/meeting/clash.ts'
import type { Meeting, MeetingWish } from '../src/office/meeting/meeting.ts'
import { meterOf } from '../src/office/meeting/meter.ts'
import { planBlocks } from '../src/office/meeting/plan-cards.ts'
import { type SlotWish, slotsFor } from '../src/office/meeting/slots.ts'
import { aTrip, at, customs, NOW } from './harness/car-rules.ts'
import { freshDatabase, kinds } from './harness/databases.ts'
import { aMeeting, anInvitation, aWish, nobody } from './harness/meeting-rules.ts'

const MINUTE_MS = 60_000
const span = (from: string, until: string): Span => ({ startsAt: at(from), endsAt: at(until) })
const busy = (person: string, from: string, until: string, some: Partial<Busy> = {}): Busy => ({
  ...{ ...span(from, until), person, by: 'meeting', number: '会〔2026〕1号', kind: 'business', place: '' },
  ...some,
})
const WANTED: Wanted[] = [
  { person: 'CB', name: '王强', as: 'attend' },
  { person: 'BZ', name: '李静', as: 'presider' },
]

describe('人员冲突', () => {
  const there = { ...span('11-27T14:30', '11-27T16:00'), place: '三楼会议室' }
  const heard = (...some: Busy[]) =>
    clashesOf(there, WANTED, some, 30)
      .map(({ name, tight }) => `${name}${tight ? '(紧)' : ''}`)
      .join('、')

  it.each<[string, Busy, string]>([
    ['重叠', busy('CB', '11-27T15:00', '11-27T17:00'), '王强'],
    ['前一场29分钟前结束', busy('CB', '11-27T13:00', '11-27T14:01'), '王强(紧)'],
    ['前一场30分钟前结束', busy('CB', '11-27T13:00', '11-27T14:00'), ''],
    ['后一场29分钟后开始', busy('CB', '11-27T16:29', '11-27T17:00'), '王强(紧)'],
    ['后一场30分钟后开始', busy('CB', '11-27T16:30', '11-27T17:00'), ''],
    ['同一地点接着开', busy('CB', '11-27T16:00', '11-27T17:00', { place: '三楼会议室' }), ''],
    ['同一地点也不能重叠', busy('CB', '11-27T15:59', '11-27T17:00', { place: '三楼会议室' }), '王强'],
    ['出车', busy('CB', '11-27T08:30', '11-27T17:00', { by: 'trip' }), '王强'],
    ['不相干的人', busy('XX', '11-27T15:00', '11-27T17:00'), ''],
  ])('%s', (_title, one, expected) => expect(heard(one)).toBe(expected))

  it('主持人在先,同一人两项仍是一人', () => {
    const found = clashesOf(
      there,
      WANTED,
      [
        busy('CB', '11-27T15:00', '11-27T15:30'),
        busy('CB', '11-27T15:30', '11-27T17:00'),
        busy('BZ', '11-27T15:00', '11-27T17:00'),
      ],
      30,
    )
    expect(found.map(({ name }) => name)).toEqual(['李静', '王强', '王强'])
    expect(peopleAmong(found)).toBe(2)
  })

  it('日历里已知的会议和本会不重复计', () => {
    const known = [busy('CB', '11-27T15:00', '11-27T17:00')]
    const calendar = [
      busy('CB', '11-27T15:00', '11-27T17:00', { by: 'calendar' }),
      busy('BZ', '11-27T14:30', '11-27T16:00', { by: 'calendar' }),
      busy('BZ', '11-27T15:00', '11-27T17:00', { by: 'calendar' }),
    ]
    expect(besides(calendar, known, there)).toEqual([calendar[2]])
  })
})

describe('会议密度', () => {
  it.each([
    ['11-27T14:30', 4, 12, '本周已有4个全体会议;与12人日程冲突'],
    ['11-29T23:59', 1, 1, '本周已有1个全体会议;与1人日程冲突'],
    ['11-30T00:00', 0, 0, '下周尚无全体会议;无日程冲突'],
    ['12-09T09:00', 2, 0, '当周已有2个全体会议;无日程冲突'],
  ])('%s', (startsAt, general, people, words) => {
    expect(meterOf({ now: NOW, startsAt: at(startsAt), general, people })).toBe(words)
  })
})

describe('可用时间', () => {
  const wish = (some: Partial<SlotWish> = {}): SlotWish => ({
    ...{ from: at('11-27T14:30'), lastsMs: 90 * MINUTE_MS, busy: [], rooms: undefined, room: undefined, heads: 12 },
    customs,
    ...some,
  })
  const heard = (some: Partial<SlotWish>) =>
    slotsFor(wish(some)).map(({ startsAt, room }) => `${startsAt.toISOString()}${room ? ` ${room.name}` : ''}`)
  const utc = (shanghai: string, room = '') => `${at(shanghai).toISOString()}${room && ` ${room}`}`
  const room = (id: number, seats: number, ...taken: Span[]) => ({ id, name: `${id}号`, seats, busy: taken })

  it('自所定时间起,半点开始,互不重叠,跳过周末', () => {
    expect(heard({})).toEqual([utc('11-27T14:30'), utc('11-27T16:00'), utc('11-30T08:30')])
  })
  it('避开已有安排', () => {
    expect(heard({ busy: [span('11-27T14:00', '11-27T16:30'), span('11-30T08:00', '11-30T10:10')] })).toEqual([
      utc('11-30T10:30'),
      utc('11-30T14:30'),
      utc('11-30T16:00'),
    ])
  })
  it('午休不安排,除非会期长过半天', () => {
    expect(heard({ from: at('11-30T10:31') })[0]).toBe(utc('11-30T14:30'))
    expect(heard({ from: at('11-30T08:00'), lastsMs: 300 * MINUTE_MS })).toEqual([
      utc('11-30T08:30'),
      utc('12-01T08:30'),
      utc('12-02T08:30'),
    ])
  })
  it('长过一天的不推荐', () => expect(heard({ lastsMs: 600 * MINUTE_MS })).toEqual([]))
  it('最小的够用的会议室,优先所定的', () => {
    const some = [room(1, 100), room(2, 20), room(3, 30), room(4, 11)]
    expect(heard({ rooms: some })[0]).toBe(utc('11-27T14:30', '2号'))
    expect(heard({ rooms: some, room: 3 })[0]).toBe(utc('11-27T14:30', '3号'))
    expect(heard({ rooms: some, room: 4 })[0]).toBe(utc('11-27T14:30', '2号'))
  })
  it('会议室都被占用时等到空出', () => {
    expect(heard({ rooms: [room(1, 20, span('11-27T14:00', '11-27T15:30'))] })[0]).toBe(utc('11-27T15:30', '1号'))
    expect(heard({ rooms: [room(1, 20, span('11-27T14:00', '11-27T15:30')), room(2, 90)] })[0]).toBe(
      utc('11-27T14:30', '2号'),
    )
    expect(heard({ rooms: [room(1, 5)] })).toEqual([])
  })

  const HALF_HOURS = 21 * 48
  const anySpan = fc
    .record({
      from: fc.integer({ min: -48, max: HALF_HOURS }),
      length: fc.integer({ min: 1, max: 40 }),
      odd: fc.integer({ min: 0, max: 29 }),
    })
    .map(({ from, length, odd }): Span => {
      const start = at('11-27T00:00').getTime() + (from * 30 + odd) * MINUTE_MS
      return { startsAt: new Date(start), endsAt: new Date(start + length * 30 * MINUTE_MS) }
    })
  const anyRoom = fc.record({ seats: fc.integer({ min: 1, max: 40 }), busy: fc.array(anySpan, { maxLength: 8 }) })
  const anyWish = fc
    .record({
      from: fc.integer({ min: 0, max: 2_000 }),
      halves: fc.integer({ min: 1, max: 20 }),
      busy: fc.array(anySpan, { maxLength: 60 }),
      rooms: fc.option(fc.array(anyRoom, { maxLength: 4 }), { nil: undefined }),
      room: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      heads: fc.integer({ min: 0, max: 40 }),
    })
    .map(({ from, halves, rooms: some, ...rest }) =>
      wish({
        ...rest,
        from: new Date(at('11-27T00:00').getTime() + from * MINUTE_MS),
        lastsMs: halves * 30 * MINUTE_MS,
        rooms: some?.map((one, i) => ({ id: i + 1, name: `${i + 1}号`, ...one })),
      }),
    )

  it('从不与已有安排重叠,从不在工作时间之外,会议室够大且空闲,最多三个,先早后晚', () => {
    fc.assert(
      fc.property(anyWish, asked => {
        const slots = slotsFor(asked)
        expect(slots.length).toBeLessThanOrEqual(3)
        for (const [i, slot] of slots.entries()) {
          expect(slot.endsAt.getTime() - slot.startsAt.getTime()).toBe(asked.lastsMs)
          expect(slot.startsAt.getTime()).toBeGreaterThanOrEqual(asked.from.getTime())
          expect(asked.busy.some(one => overlaps(one, slot))).toBe(false)
          const day = dayIn(slot.startsAt)
          expect(isWorkday(day)).toBe(true)
          expect(slot.startsAt.getTime()).toBeGreaterThanOrEqual(openingOf(day, customs).getTime())
          expect(slot.endsAt.getTime()).toBeLessThanOrEqual(closingOf(day, customs).getTime())
          const before = slots[i - 1]
          if (before) expect(slot.startsAt.getTime()).toBeGreaterThanOrEqual(before.endsAt.getTime())
          const where = asked.rooms?.find(({ id }) => id === slot.room?.id)
          expect(where !== undefined).toBe(asked.rooms !== undefined)
          if (where) {
            expect(where.seats).toBeGreaterThanOrEqual(asked.heads)
            expect(where.busy.some(one => overlaps(one, slot))).toBe(false)
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('第一个是最早的:此前的每个半点都不行', () => {
    fc.assert(
      fc.property(anyWish, asked => {
        const [first] = slotsFor(asked)
        const isShort = asked.lastsMs <= 180 * MINUTE_MS
        for (
          let start = at('11-27T00:00').getTime();
          isShort && first && start < first.startsAt.getTime();
          start += 30 * MINUTE_MS
        ) {
          const one = { startsAt: new Date(start), endsAt: new Date(start + asked.lastsMs) }
          const clock = (at: Date) => at.getTime() - openingOf(dayIn(at), customs).getTime()
          const [from, until] = [
            clock(one.startsAt) / MINUTE_MS,
            clock(one.startsAt) / MINUTE_MS + asked.lastsMs / MINUTE_MS,
          ]
          const isInSession = (from >= 0 && until <= 210) || (from >= 360 && until <= 540)
          if (start < asked.from.getTime() || !isWorkday(dayIn(one.startsAt)) || !isInSession) continue
          const isTaken = asked.busy.some(other => overlaps(other, one))
          const hasRoom =
            !asked.rooms ||
            asked.rooms.some(
              ({ seats, busy: taken }) => seats >= asked.heads && !taken.some(other => overlaps(other, one)),
            )
          expect(isTaken || !hasRoom).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe.each(kinds)('会议的计划 on %s', kind => {
  let database: Database
  const look = () => ({
    db: database.db,
    now: NOW,
    office: { features: [], officeHours: '08:30-12:00,14:30-17:30', admins: [], keys: createKeys('for tests') },
  })
  const of = { maker: 'CB', unit: 'unit' }
  const plan = (some: Partial<MeetingWish> = {}, own: Partial<typeof of & { id: number }> = {}) =>
    planFor(look(), aWish(some), { ...of, ...own })
  const asks = (...people: string[]) => ({ guests: { ...nobody, people } })
  const opened = async (some: Partial<Meeting>, ...people: string[]) => {
    const meeting = await openMeeting(database.db, aMeeting(some))
    await openInvitations(
      database.db,
      people.map(one => anInvitation(meeting.id, one)),
    )
    return meeting
  }
  const person = (id: string, name: string, unit = 'unit') => ({
    ...{ id, name, departments: [unit], leader: undefined, title: undefined, active: true },
  })

  beforeAll(async () => {
    database = await freshDatabase(kind)
    const { db } = database
    await keepPeople(
      db,
      [
        ...[person('CB', '王强'), person('KZ', '郑洁'), person('BZ', '李静', 'office'), person('FG', '张明', 'top')],
        ...[person('LD', '周正', 'top'), person('A', '陈晨'), person('B', '刘芳'), person('C', '何伟')],
      ],
      [],
    )
    await db.insert(departments).values([
      { id: 'top', name: '市委政法委', parent: '0', leader: null },
      { id: 'unit', name: '综治科', parent: 'top', leader: 'KZ' },
      { id: 'office', name: '办公室', parent: 'top', leader: 'BZ' },
    ])
    await grant()
    await db.insert(rooms).values([aRoom('三楼会议室', 30), aRoom('小会议室', 8)])
  })
  afterAll(() => database.close())

  const grant = async () => {
    for (const code of ['BZ', 'FG', 'LD'])
      await grantRole(
        database.db,
        { person: code, role: code, unit: undefined, until: undefined },
        'SY',
        NOW,
        '2026-01-01',
      )
  }

  it('无冲突:链上有名,计数为零,不给时间', async () => {
    const { findings, steps, clashes, slots, meter } = await plan(asks('A', 'B'))
    expect(findings).toEqual([])
    expect(steps.map(({ by, people }) => `${by}:${people}`)).toEqual(['BZ:BZ'])
    expect([clashes, slots]).toEqual([[], []])
    expect(meter).toBe('本周尚无全体会议;无日程冲突')
  })

  it('变更待审批的会议照常算,未发出的送审件不算', async () => {
    const time = span('12-10T09:00', '12-10T10:00')
    await opened({ ...time, presider: 'FG', state: 'submitted', number: { year: 2026, seq: 77 } }, 'A')
    await opened({ ...time, presider: 'FG', state: 'submitted', notifiedAt: undefined }, 'B')
    const { clashes, meter } = await plan({ ...asks('A', 'B'), ...time, presider: 'BZ' })
    expect(clashes.map(({ name, number }) => `${name} ${number}`)).toContain('陈晨 会〔2026〕77号')
    expect(clashes.map(({ name }) => name)).not.toContain('刘芳')
    expect(meter).toContain('已有1个全体会议')
  })

  it('本人已请假、已委托代会的会议不算;主持的算;本会自己不算;草稿和取消的不算', async () => {
    const time = span('11-27T15:00', '11-27T17:00')
    const other = await opened({ ...time, presider: 'BZ', number: { year: 2026, seq: 31 }, kind: 'party' }, 'A', 'B')
    await openInvitations(database.db, [
      anInvitation(other.id, 'C', { state: 'excused' }),
      anInvitation(other.id, 'KZ', { state: 'proxied' }),
    ])
    await opened({ ...time, presider: 'FG', state: 'cancelled' }, 'C')
    await opened({ ...time, presider: 'FG', state: 'draft' }, 'C')
    const { findings, clashes, meter, slots } = await plan({ ...asks('A', 'B', 'C', 'KZ'), presider: 'BZ', room: 1 })
    expect(clashes.map(({ name, number, as }) => `${name} ${number} ${as}`)).toEqual([
      '李静 会〔2026〕31号 presider',
      '陈晨 会〔2026〕31号 attend',
      '刘芳 会〔2026〕31号 attend',
    ])
    expect(findings.map(({ rule }) => rule)).toEqual(['MT-09'])
    expect(meter).toBe('本周已有1个全体会议;与3人日程冲突')
    // Friday afternoon is taken, and so is what is left of it with the way
    expect(slots.map(({ startsAt, room }) => [startsAt, room?.name])).toEqual([
      [at('11-30T08:30'), '三楼会议室'],
      [at('11-30T10:00'), '三楼会议室'],
      [at('11-30T14:30'), '三楼会议室'],
    ])
    const own = await plan({ ...asks('A', 'B'), presider: 'BZ' }, { id: other.id })
    expect(own.clashes).toEqual([])
    const shown = JSON.stringify(
      planBlocks({ clashes, slots, meter, calendars: 'known' }, 'business', NOW, { id: 7, rev: 2 }),
    )
    expect(shown).toContain('李静(主持):11月27日(周五)15:00-17:00 会议会〔2026〕31号(党组会、办公会优先)')
    expect(shown).toContain('改为11月30日(周一)08:30-10:00 三楼会议室')
    expect(shown).not.toContain(other.title)
  })

  it('整个部门、出车的人、会议室一并核对', async () => {
    await openTrip(database.db, {
      ...withoutId(aTrip({ state: 'dispatched', user: 'C', passengers: ['C', 'KZ'], number: { year: 2026, seq: 86 } })),
      ...span('12-02T08:00', '12-02T12:00'),
    })
    await database.db.insert(bookings).values({
      ...{ room: 1, ...span('12-02T09:00', '12-02T10:00'), state: 'asked', bookedBy: 'X', bookedAt: NOW, word: '' },
    })
    const time = span('12-02T09:30', '12-02T11:00')
    const { clashes, meter, slots } = await plan({
      ...{ ...time, room: 1, presider: 'BZ', convener: 'BZ', guests: { ...nobody, departments: ['unit'] } },
    })
    expect(clashes[0]?.by).toBe('room')
    expect(clashes.map(({ by, name, number }) => `${by} ${name} ${number}`).sort()).toEqual([
      'room 三楼会议室 ',
      'trip 何伟 派〔2026〕86号',
      'trip 郑洁 派〔2026〕86号',
    ])
    expect(meter).toBe('下周尚无全体会议;与2人日程冲突')
    expect(slots[0]).toMatchObject({ startsAt: at('12-02T14:30'), room: { name: '三楼会议室' } })
  })

  it('在外面开会不要会议室;要的话须坐得下', async () => {
    await opened({ ...span('12-03T09:00', '12-03T10:00'), presider: 'KZ' }, 'A')
    const time = span('12-03T09:00', '12-03T10:00')
    const away = await plan({ ...time, ...asks('A'), presider: 'BZ', convener: 'BZ', place: '区法院' })
    expect(away.slots[0]).toEqual({ ...span('12-03T10:30', '12-03T11:30'), room: undefined })
    const many = await plan({
      ...{ ...time, presider: 'BZ', convener: 'BZ', room: 2 },
      guests: { ...nobody, people: ['A'], units: [{ unit: 'office', places: 20 }] },
    })
    expect(many.slots[0]?.room?.name).toBe('三楼会议室')
  })

  it('涉密的、无人可批的,都禁止', async () => {
    const secret = await plan({ title: '涉密会议' })
    expect(secret.findings[0]).toMatchObject({ rule: 'MT-01', severity: 'F', words: '请按涉密会议管理要求线下组织' })
    await database.db.delete(heldRoles)
    const { findings, steps } = await plan()
    expect(findings[0]).toMatchObject({ severity: 'F', words: NOBODY })
    expect(steps).toEqual([])
    await grant()
  })

  it('全系统综合性工作会议一年一次', async () => {
    const system = {
      ...{ scope: 'system' as const, title: '全市政法工作会议', planned: true, convener: 'LD', presider: 'LD' },
      ...span('12-08T09:00', '12-08T11:30'),
    }
    const rulesOf = async (own: Partial<MeetingWish>, id?: { id: number }) =>
      (await plan({ ...system, ...own }, id)).findings.map(({ rule }) => rule)
    expect(await rulesOf({})).not.toContain('MT-20')
    const held = await opened({ ...system, ...span('11-24T09:00', '11-24T11:30') })
    expect(await rulesOf({})).toContain('MT-20')
    expect(await rulesOf({}, { id: held.id })).not.toContain('MT-20')
    expect(await rulesOf(span('01-05T09:00', '01-05T11:30'))).toContain('MT-20')
  })
})

const withoutId = <T extends { id: number }>({ id: _, ...rest }: T): Omit<T, 'id'> => rest

const aRoom = (name: string, seats: number) => ({
  ...{ rev: 1, state: 'available' as const, name, seats, equipment: '', place: '' },
  ...{ approval: false, keeper: '', resource: '', remark: '' },
})
