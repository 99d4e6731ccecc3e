import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outbox } from '../db/outbox.ts'
import { deliverOne } from '../src/bot/deliver.ts'
import type { Beat, Feature, Table } from '../src/bot/feature.ts'
import { kinds } from './harness/databases.ts'
import { TestOffice } from './harness/office.ts'
import { count } from './harness/traces.ts'

describe.each(kinds)('a file that is given up, on %s', kind => {
  let office: TestOffice
  beforeAll(async () => {
    office = await TestOffice.open({ kind, wire: 'hasty' })
  })
  afterAll(() => office.close())

  /** Gives a file up, at which our process has died again and again, for a feature that hears of it so. */
  async function givenUp(read: (beat: Beat, table: Table) => Promise<void>) {
    const { db } = office.database
    const { office: house } = office.bot.house
    const fetch = { message: 'om_1', key: 'file_1', feature: 'waiting', matter: '1' }
    const [row] = await db
      .insert(outbox)
      .values({
        ...{
          lane: 'file:waiting',
          api: 'file' as const,
          priority: 0,
          parcel: { fetch },
          attempts: 6,
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
    const waiting = {
      name: 'waiting',
      files: { read: (beat: Beat, _matter: string, table: Table) => read(beat, table) },
    } as unknown as Feature
    const deliver = () => deliverOne({ ...house, features: [...house.features, waiting] }, { ...row, call: 0 })
    const stands = async () => (await db.select().from(outbox).where(eq(outbox.id, row.id)))[0]
    return { deliver, stands }
  }
  const noted = (act: string) => count(office.database.db, `events where act = '${act}'`)

  it('is over only together with what waits for it hearing so', async () => {
    const heard: Table[] = []
    let isAway = true
    const { deliver, stands } = await givenUp(async (beat, table) => {
      beat.record({ feature: 'waiting', act: 'heard', matter: '1' })
      if (isAway) throw Object.assign(new Error('the connection ended'), { code: '08006' })
      heard.push(table)
    })
    expect(await deliver()).toBe(false)
    expect([(await stands())?.state, heard, await noted('heard')]).toEqual(['waiting', [], 0])
    isAway = false
    expect(await deliver()).toBe(false)
    expect(await stands()).toMatchObject({ state: 'failed', reason: '系统内部错误' })
    expect([heard, await noted('heard')]).toEqual([[{ fault: '系统内部错误' }], 1])
  })

  it('is over at once where what waits for it breaks, and nothing of that is kept', async () => {
    const { deliver, stands } = await givenUp(async beat => {
      beat.record({ feature: 'waiting', act: 'broke', matter: '1' })
      throw new TypeError('a fault of ours')
    })
    expect(await deliver()).toBe(false)
    expect([(await stands())?.state, await noted('broke')]).toEqual(['failed', 0])
    expect(office.log.some(line => line.includes('giving up broke'))).toBe(true)
  })
})
