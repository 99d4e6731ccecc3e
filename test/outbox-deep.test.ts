import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { claimParcels, markSent } from '../db/claims.ts'
import { enqueueAll, type NewParcel, nextParcelMs } from '../db/outbox.ts'
import type { Database } from '../src/node/database.ts'
import { freshDatabase, kinds } from './harness/databases.ts'
import { rows } from './harness/traces.ts'

const NOW = 1_000_000
const LEASE = 10_000
/** More than is read of a queue before its heads are looked for lane by lane. */
const DEEP = 900

const parcel = (lane: string, some: Partial<NewParcel> = {}): NewParcel => ({
  ...{
    lane,
    api: 'reply',
    priority: 0,
    parcel: { text: lane },
    sender: '',
    queuedMs: NOW,
  },
  ...some,
})
const many = (lane: string, some: Partial<NewParcel> = {}) => Array.from({ length: DEEP }, () => parcel(lane, some))

describe.each(kinds)('an outbox where thousands wait in few lanes, on %s', kind => {
  let database: Database
  beforeAll(async () => {
    database = await freshDatabase(kind)
  })
  beforeEach(async () => {
    for (const table of ['outbox', 'calls', 'pauses']) await rows(database.db, `delete from ${table}`)
  })
  afterAll(() => database.close())

  /** Takes all that may leave. */
  const take = async (atMs = NOW) => {
    const { taken } = await claimParcels(database.db, atMs, LEASE, ({ heads }) => heads.map(({ id }) => id))
    return taken
  }
  const lanesOf = (taken: Array<{ lane: string }>) => taken.map(({ lane }) => lane)

  it('finds the lanes that stand behind all of them, the most urgent first', async () => {
    await enqueueAll(database.db, [...many('one'), ...many('two'), parcel('last'), parcel('late', { priority: 1 })])
    expect(lanesOf(await take())).toEqual(['one', 'two', 'last', 'late'])
    expect(await take()).toEqual([])
  })

  it('lets one of a lane leave after the other, in order', async () => {
    await enqueueAll(database.db, [...many('one'), parcel('one', { priority: -1 }), parcel('two')])
    const ids: number[] = []
    for (let i = 0; i < 4; i++) {
      const [first] = (await take()).filter(({ lane }) => lane === 'one')
      if (!first) throw new Error('nothing left')
      ids.push(first.id)
      await markSent(database.db, first, '', NOW)
    }
    const [urgent, ...rest] = ids
    expect(urgent).toBeGreaterThan(Math.max(...rest))
    expect(rest).toEqual([...rest].sort((a, b) => a - b))
  })

  it('holds a lane whose first is put off, or where something is under way, also what is more urgent', async () => {
    await enqueueAll(database.db, [...many('off', { queuedMs: NOW + 5_000 }), ...many('busy'), parcel('free')])
    expect(lanesOf(await take())).toEqual(['busy', 'free'])
    await enqueueAll(database.db, [parcel('busy', { priority: -1 })])
    expect(await take(NOW + LEASE - 5_001)).toEqual([])
    expect(lanesOf(await take(NOW + 5_000))).toEqual(['off'])
    expect(await nextParcelMs(database.db)).toBe(NOW + LEASE)
  })

  it('keeps the APIs apart', async () => {
    await enqueueAll(database.db, [...many('one'), parcel('one', { api: 'create' }), parcel('two', { api: 'create' })])
    expect((await take()).map(({ lane, api }) => `${lane} ${api}`)).toEqual(['one reply', 'two create'])
  })

  it('tells when the next may leave', async () => {
    expect(await nextParcelMs(database.db)).toBeUndefined()
    await enqueueAll(database.db, [...many('one', { queuedMs: NOW + 700 }), parcel('two', { queuedMs: NOW + 900 })])
    expect(await nextParcelMs(database.db)).toBe(NOW + 700)
    await rows(database.db, `insert into pauses (api, until_ms) values ('reply', ${NOW + 2_000})`)
    expect(await nextParcelMs(database.db)).toBe(NOW + 2_000)
  })

  it('is never taken for a table so small that it is read from end to end', async () => {
    await rows(database.db, 'analyze outbox')
    const plan = await rows<Record<'QUERY PLAN', string>>(
      database.db,
      `explain select id from outbox where lane = 'one' and state = 'waiting' order by priority, id limit 1`,
    )
    expect(plan.map(line => line['QUERY PLAN']).join('\n')).toContain('outbox_waiting')
  })
})
