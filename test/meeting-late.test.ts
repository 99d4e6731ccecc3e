import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { calls } from '../db/outbox.ts'
import demo from '../simulator/office.json' with { type: 'json' }
import type { ClickAnswer, LimitsAnswer } from '../simulator/protocol.ts'
import { CROWDED_SECTION, crowdOf } from './harness/crowd.ts'
import { kinds } from './harness/databases.ts'
import { meetingsIn, showMatter } from './harness/meetings.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { count, emptied, pause, rows, until } from './harness/traces.ts'

const MANY = 150
const CROWD = crowdOf(MANY)
/** So much of the minute for redraws was used just before. */
const USED = 850
/** A card that many move is drawn anew once a second. */
const SOON_MS = 10_000

describe.each(kinds)('一百多人同时回执而处理迟缓 on %s', kind => {
  let office: TestOffice
  let meeting: number
  const who = (name: string): TestPerson => office.person(name)
  beforeAll(async () => {
    office = await TestOffice.open({
      kind,
      wire: 'hasty',
      plan: { ...demo, people: [...demo.people, ...CROWD] } as never,
    })
    await who('刘芳').says('/角色 @赵敏 会务员')
    await who('刘芳').says('/角色 @李静 办公室主任')
    const some = meetingsIn(office.database.db)
    meeting = await some.meeting(who('赵敏').id, { unit: CROWDED_SECTION })
    for (const { open_id, name } of CROWD) {
      const id = await some.ask(meeting, { person: open_id })
      await showMatter(office, `${meeting}/i${id}`, who(name))
    }
    await showMatter(office, String(meeting), who('赵敏'))
    await emptied(office)
  }, 300_000)
  afterAll(() => office.close())

  /** Holds all turns until told otherwise, as a machine would that is busy with something else. */
  function holdTurns(): () => void {
    const { turns } = office.bot.house.office
    const { run } = turns
    let go = (): void => {}
    const held = new Promise<void>(done => {
      go = done
    })
    turns.run = async (...args) => {
      await held
      return run(...args)
    }
    return () => {
      turns.run = run
      go()
    }
  }

  /** Lets the wire's time pass until everything has left. */
  async function passed(): Promise<void> {
    while (await count(office.database.db, `outbox where state = 'waiting'`)) {
      await office.clock.rest?.(500)
      office.bot.drainer.wake()
      await pause(50)
    }
  }

  it('先有提示,随后各人的卡片和承办人的人数都更新;承办人的卡片不必等到所有人的卡片之后', async () => {
    const { db } = office.database
    const wireMs = office.clock.wire()
    await db
      .insert(calls)
      .values(Array.from({ length: USED }, () => ({ api: 'patch', lane: '', atMs: wireMs, doneMs: wireMs })))
    const asked = await Promise.all(
      CROWD.map(async ({ name }) => {
        const { message_id, card } = await who(name).seesCard()
        const button = card.buttons.find(({ label }) => label === '参加')
        if (!button) throw new Error(`${name} was not asked`)
        return { name, message_id, button }
      }),
    )
    const release = holdTurns()
    const answers = Promise.all(
      asked.map(({ name, message_id, button }): Promise<ClickAnswer> => who(name).clicks(message_id, button)),
    )
    const said = (await answers.finally(release)).map(({ toast }) => toast?.content)
    expect(new Set(said)).toEqual(new Set(['处理时间较长,请稍后查看结果']))
    await until(async () => (await count(db, `invitations where state = 'attending'`)) === MANY, 60_000)
    await until(async () => (await who('赵敏').seesCard()).words.includes(`参加${MANY}人`), 120_000)
    await passed()

    for (const { name } of [CROWD[0], CROWD[MANY - 1]] as typeof CROWD) {
      const { card, words } = await who(name).seesCard()
      expect(words).toContain('回执 参加')
      expect(card.buttons.map(({ label }) => label)).not.toContain('参加')
    }
    const redraws = await rows<{ matter: string; done: string; asked: string }>(
      db,
      `select matter, done_ms as done, queued_ms as asked from outbox join copies on copies.id = outbox.copy
        where api = 'patch' and outbox.state = 'sent' and queued_ms >= ${wireMs}`,
    )
    const times = (isOrganisers: boolean, of: 'done' | 'asked') =>
      redraws.filter(({ matter }) => (matter === String(meeting)) === isOrganisers).map(one => Number(one[of]))
    const [right, lastReply, lastCard] = [times(true, 'done'), times(false, 'asked'), times(false, 'done')].map(some =>
      Math.max(...some),
    ) as [number, number, number]
    expect(times(false, 'done').length).toBe(MANY)
    expect(right - lastReply).toBeLessThan(SOON_MS)
    expect(lastCard - right).toBeGreaterThan(SOON_MS)
    const { apis } = await office.get<LimitsAnswer>('/sim/limits')
    expect(Math.max(...apis.map(({ peak_1s }) => peak_1s))).toBeLessThanOrEqual(50)
    expect(Math.max(...apis.map(({ peak_60s }) => peak_60s))).toBeLessThanOrEqual(1_000)
    expect(apis.reduce((sum, { refused }) => sum + refused, 0)).toBe(0)
  }, 300_000)
})
