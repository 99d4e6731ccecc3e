import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enqueueAll } from '../db/outbox.ts'
import { meetPeople } from '../db/people.ts'
import { kinds } from './harness/databases.ts'
import { TestOffice } from './harness/office.ts'
import { count, until } from './harness/traces.ts'

const MANY = 201
/** Nobody whom Feishu knows. */
const GONE = Array.from({ length: MANY }, (_, i) => ({
  id: `ou_f${i.toString(16).padStart(31, '0')}`,
  name: `离任${i}`,
}))

describe.each(kinds)('未能送达 on %s', kind => {
  let office: TestOffice
  beforeAll(async () => {
    office = await TestOffice.open({ kind, wire: 'hasty' })
    await meetPeople(office.database.db, GONE)
  })
  afterAll(() => office.close())

  const toldOf = async () =>
    (await office.person('赵敏').messages()).filter(({ words }) => words.startsWith('未能送达')).map(one => one.words)
  const sends = async (some: typeof GONE) => {
    const sender = office.person('赵敏').id
    const queuedMs = office.clock.wire()
    await enqueueAll(
      office.database.db,
      some.map(({ id }) => ({
        ...{ lane: id, api: 'create', priority: 1, parcel: { person: id, text: '开会' }, sender, queuedMs },
      })),
    )
    const waiting = (which: string) => count(office.database.db, `outbox where state = 'waiting' and ${which}`)
    await until(async () => {
      if (!(await waiting("lane like 'ou_%'"))) await office.clock.rest?.(1_000)
      office.bot.drainer.wake()
      return !(await waiting('true'))
    }, 60_000)
  }

  it('二百多人送不到的,发出的人收到一条,写明人数和前几位', async () => {
    await sends(GONE)
    const told = await toldOf()
    // on a slow machine they do not all fail within one while
    expect(told.length).toBeLessThanOrEqual(3)
    expect(told[0]).toMatch(/^未能送达发给(离任\d+、){4}离任\d+等\d+人的\d+条消息,原因:.+。事项已保存/)
    const counts = told.map(words => Number(/的(\d+)条消息/.exec(words)?.[1] ?? 1))
    expect(counts.reduce((sum, one) => sum + one, 0)).toBe(MANY)
    expect(counts).not.toContain(0)
  })

  it('以后一人送不到的,写明是谁', async () => {
    const before = (await toldOf()).length
    await sends(GONE.slice(7, 8))
    expect((await toldOf()).slice(before)).toEqual([
      expect.stringMatching(/^未能送达发给离任7的消息,原因:.+请另行告知对方。$/),
    ])
  })
})
