import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import demo from '../simulator/office.json' with { type: 'json' }
import { tick } from '../src/bot/tick.ts'
import { crowdOf } from './harness/crowd.ts'
import { kinds } from './harness/databases.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { botMessages, count, emptied, rows, until } from './harness/traces.ts'

/** Colleagues of one section beside those of the demo office, each of whom set the same reminder for themselves. */
const CROWD = crowdOf(230)
const WORDS = '填报周报'

/** R2: what many are told at once in the same words goes out by batch_send; it has no uuid, no buttons and no redraw. */
describe.each(kinds)('同一时刻同一内容的提醒很多时 on %s', kind => {
  let office: TestOffice
  beforeEach(async () => {
    office = await TestOffice.open({
      kind,
      speed: 1,
      plan: { ...demo, people: [...demo.people, ...CROWD] } as never,
    })
  })
  afterEach(() => office.close())

  /** So many reminders, due at half past nine. */
  async function remind(many: number): Promise<void> {
    const values = CROWD.slice(0, many).map(
      ({ open_id }) =>
        `(1, '${open_id}', '${open_id}', '{${open_id}}', '', '${WORDS}', '', '2026-11-24T08:00:00+08', 'shipped', false, false,
          '2026-11-24T09:30:00+08', 'active', '', '')`,
    )
    await rows(
      office.database.db,
      `insert into reminders (number, maker, owner, receivers, chat, text, said, said_at, calendar_id, recurring, urgent,
        next_at, state, source, source_chat) values ${values.join(', ')}`,
    )
  }

  async function fallDue(): Promise<void> {
    office.clock.set(new Date('2026-11-24T09:30:00+08:00'))
    await tick(office.bot.house.office)
  }

  const said = () => botMessages(office).filter(message => message.content.includes(WORDS))
  const each = () => new Set(said().map(message => message.chat_id)).size
  const batches = async () => (await office.calls()).filter(call => call.path.includes('batch_send'))
  const failed = () => count(office.database.db, `outbox where state = 'failed' and reason like '%不能确定%'`)
  const colleague = (i: number): TestPerson => office.person(`同事${i}`)

  it('其中大部分一次交出,每人恰好一条,仍可在待办中办理', async () => {
    await remind(230)
    await fallDue()
    await until(() => said().length >= 230)
    await emptied(office)
    expect([said().length, each()]).toEqual([230, 230])
    const batched = said().filter(message => message.msg_type === 'text')
    expect(batched.length).toBe(200)
    expect((await batches()).length).toBe(1)
    expect(batched[0]?.content).toContain('【提醒】填报周报')
    // which card went to whom is known of all alike, and goes with the others a year later
    expect(await count(office.database.db, "copies where feature = 'remind' and sent_ms is null")).toBe(0)
    const one = CROWD.findIndex(({ open_id }) =>
      batched.some(message => office.sim.state.chats.get(message.chat_id)?.members.includes(open_id)),
    )
    await colleague(one).says('/待办')
    await colleague(one).presses('完成')
    await colleague(one).says('/待办')
    expect((await colleague(one).sees()).words).not.toContain(WORDS)
  })

  it('不足二百人的,各发一张可操作的卡片', async () => {
    await remind(60)
    await fallDue()
    await until(() => said().length >= 60)
    expect(await batches()).toEqual([])
    expect(said().every(message => message.msg_type === 'interactive')).toBe(true)
  })

  it('未开通批量发送权限的,照常逐人发送', async () => {
    await office.send('POST', '/sim/scopes', { revoke: ['im:message:send_multi_users'] })
    await remind(210)
    await fallDue()
    await until(() => said().length >= 210)
    await emptied(office)
    expect((await batches()).length).toBe(1)
    expect([said().length, each()]).toEqual([210, 210])
  })

  it('试过又退回的,逐人发出,既不再成批,也不挡住别的', async () => {
    const values = CROWD.slice(0, 210).map(({ open_id: id }, i) => {
      const parcel = JSON.stringify({ person: id, text: WORDS, plain: WORDS })
      return `('tried-${i}', '${id}', 'create', 1, '${parcel}', '', 1, 1, 1, 1)`
    })
    await rows(
      office.database.db,
      `insert into outbox (uuid, lane, api, priority, parcel, sender, queued_ms, due_ms, claimed_until_ms, attempts)
        values ${values.join(', ')}`,
    )
    office.bot.drainer.wake()
    await until(() => said().length >= 210)
    expect([said().length, each(), (await batches()).length]).toEqual([210, 210, 0])
  })

  it('C24 交出后结果不明的,不重发,标为不能确定,仍在待办中', async () => {
    await remind(200)
    await office.faults({ api_5xx_after: 1 })
    await fallDue()
    await until(async () => (await failed()) > 0)
    await office.faults({ api_5xx_after: 0 })
    await emptied(office)
    await until(() => said().length >= 200)
    expect([said().length, each(), await failed()]).toEqual([200, 200, 200])
    await colleague(7).says('/待办')
    expect((await colleague(7).sees()).words).toContain(WORDS)
    await office.person('刘芳').says('/初始化')
    expect((await office.person('刘芳').sees()).words).toContain('不能确定')
  })

  it('C24 交出途中进程中断的,同样不重发', async () => {
    await remind(200)
    await office.faults({ api_latency_after_ms: 60_000 })
    await fallDue()
    await until(async () => (await count(office.database.db, `outbox where api = 'batch'`)) === 200)
    await rows(office.database.db, `update outbox set claimed_until_ms = 2 where api = 'batch'`)
    office.bot.drainer.wake()
    await until(async () => (await failed()) === 200)
    await office.faults({ api_latency_after_ms: 0 })
    await emptied(office)
    await until(() => said().length >= 200)
    expect([said().length, each()]).toEqual([200, 200])
  })
})
