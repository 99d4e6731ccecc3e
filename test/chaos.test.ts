import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSimulator } from '../simulator/server.ts'
import { CHECKS, missesOf } from './chaos/checks.ts'
import type { Evidence } from './chaos/evidence.ts'
import { furnish } from './chaos/furnish.ts'
import { databaseAt, House, onServer } from './chaos/house.ts'
import { mayBeGivenUp } from './chaos/messages.ts'
import { People } from './chaos/people.ts'
import { type Fault, planOf } from './chaos/plan.ts'
import { randomOf } from './chaos/random.ts'
import { gather, live } from './chaos/round.ts'
import type { Presses, Says, Story } from './chaos/stories.ts'
import { hasPostgres } from './harness/databases.ts'
import { KEYS } from './harness/keys.ts'
import { type Server, startServer } from './harness/postgres.ts'
import { rows } from './harness/traces.ts'

/** `npm run chaos` lives through many; this one is small, and has one of each fault but a platform that is silent. */
const FAULTS: Fault[] = [
  { at: 700, kind: 'terminate', share: 1 },
  { at: 1_300, kind: 'kill', process: 0, downMs: 200 },
  { at: 1_600, kind: 'platform', faults: { api_reset_after: 0.5 }, forMs: 700 },
  { at: 2_200, kind: 'postgres', how: 'fast', downMs: 300 },
  { at: 3_400, kind: 'clock', minutes: 61 },
  { at: 3_600, kind: 'step', minutes: 60, forMs: 700, how: 'running' },
  { at: 3_800, kind: 'term', process: 1, downMs: 100 },
  { at: 4_400, kind: 'cut', process: 0 },
  { at: 4_600, kind: 'clock', minutes: -10 },
  { at: 4_800, kind: 'step', minutes: -60, forMs: 500, how: 'kill' },
]
const SEED = 11

const steps = (...some: Array<Says | Presses>): Story['steps'] => some.map(step => ({ ...step, afterMs: 0 }))

/** What is there in any case to be broken afterwards, each in a way of its own. */
const CALM: Story[] = [
  {
    at: 0,
    word: '柏柏柏',
    steps: steps(
      { who: '王强', say: '/交办 @郑洁 明天下班前整理柏柏柏的材料', makes: 'assign' },
      { who: '郑洁', press: '签收' },
    ),
  },
  {
    at: 0,
    word: '桐桐桐',
    steps: steps(
      { who: '王强', say: '/督办 @陈晨 报送桐桐桐的总结 12月8日下班前', makes: 'task' },
      { who: '王强', press: '送审' },
      { who: '李静', press: '同意交办' },
    ),
  },
  { at: 0, word: '柳柳柳', steps: steps({ who: '孙丽', say: '/提醒 30分钟后 交柳柳柳的周报', makes: 'remind' }) },
  {
    at: 0,
    word: '桃桃桃',
    steps: steps(
      { who: '王强', say: '@回音 /交办 @郑洁 明天下班前整理桃桃桃的材料', group: '督查工作群', makes: 'assign' },
      { who: '王强', say: '@回音 /帮助', group: '督查工作群' },
    ),
  },
]

/** Asks while nobody does anything: but for the first the answers leave at once. */
const ASKING: Story = {
  at: 0,
  word: '杏杏杏',
  steps: ['你好', '/帮助', '你好', '/帮助'].map(say => ({ who: '张明', say, afterMs: 500 })),
}

describe('a plan', () => {
  const size = { ms: 9_000, stories: 16, faults: 9 }

  it('is the same for the same seed, and another for another', () => {
    expect(planOf(7, size)).toEqual(planOf(7, size))
    expect(planOf(7, size)).not.toEqual(planOf(8, size))
  })

  it('holds every kind of fault, and stories about every subject', () => {
    const plans = Array.from({ length: 100 }, (_, seed) => planOf(seed, size))
    const kinds = new Set(plans.flatMap(({ faults }) => faults.map(({ kind }) => kind)))
    expect([...kinds].sort()).toEqual([
      ...['clock', 'cut', 'kill', 'platform', 'postgres', 'silence', 'step', 'term', 'terminate'],
    ])
    const made = plans.flatMap(({ stories }) =>
      stories.flatMap(({ steps }) => steps.map(step => 'say' in step && step.makes)),
    )
    expect([...new Set(made.filter(one => one))].sort()).toEqual(['assign', 'car', 'meeting', 'remind', 'task'])
  })

  it('gives each story a word of its own', () => {
    const words = planOf(3, { ...size, stories: 140 }).stories.map(({ word }) => word)
    expect(new Set(words).size).toBe(words.length)
  })
})

describe('what is left to chance in a round is the seed’s', () => {
  it('lets the faults of the platform strike the same calls again', async () => {
    const struck = async (seed: number): Promise<number[]> => {
      const chance = randomOf(seed).next
      const sim = await startSimulator({ port: 0, host: '127.0.0.1', botUrl: 'http://127.0.0.1:1', ...KEYS, chance })
      await fetch(`${sim.url}/sim/faults`, { method: 'PATCH', body: JSON.stringify({ api_5xx: 0.5 }) })
      const statuses: number[] = []
      for (let i = 0; i < 40; i++) statuses.push((await fetch(`${sim.url}/open-apis/bot/v3/info`)).status)
      await sim.close()
      return statuses
    }
    const once = await struck(7)
    expect(new Set(once).size).toBe(2)
    expect(await struck(7)).toEqual(once)
    expect(await struck(8)).not.toEqual(once)
  })

  it('gives a bot the same numbers again, each of the two its own', () => {
    const drawn = (seed: string): string =>
      execFileSync(process.execPath, ['--import', './test/chaos/stepped.mjs', '-e', SAYS], {
        env: { ...process.env, CHANCE_SEED: seed },
        encoding: 'utf8',
      })
    const some = JSON.parse(drawn('7/0')) as number[]
    expect(some.every(one => one >= 0 && one < 1)).toBe(true)
    expect(new Set(some).size).toBe(some.length)
    expect(JSON.parse(drawn('7/0'))).toEqual(some)
    expect(JSON.parse(drawn('7/1'))).not.toEqual(some)
  })
})

const SAYS = 'console.log(JSON.stringify(Array.from({ length: 50 }, Math.random)))'

describe('a message that may have arrived', () => {
  const steps = [
    { at: 0, aheadMs: 0 },
    { at: 10_000, aheadMs: 3_600_000 },
    { at: 20_000, aheadMs: 0 },
  ]

  it.each([
    [1_000, 9_000, false],
    [1_000, 11_000, true],
    // the other of the two bots has yet to hear of the step
    [10_500, 11_000, true],
    [12_000, 19_000, false],
    [12_000, 21_000, true],
    [22_000, 30_000, false],
  ])('taken at %i and done with at %i may have been given up: %s', (began, done, may) => {
    const parcel = { reason: '是否送达不能确定', began_at: String(began), done_at: String(done) }
    expect(mayBeGivenUp({ steps }, parcel)).toBe(may)
  })
})

describe.runIf(hasPostgres)('a small round', () => {
  let server: Server
  let evidence: Evidence
  let close: () => Promise<void>
  beforeAll(async () => {
    const started = await startServer()
    if (!started) throw new Error('no Postgres')
    server = started
    await onServer(server.url, 'create database furnished')
    await furnish(databaseAt(server.url, 'furnished'))
    const house = await House.open(server, 'furnished', 'round', 1)
    const plan = planOf(SEED, { ms: 4_000, stories: 6, faults: 0 })
    const people = await live(house, { ...plan, faults: FAULTS })
    await Promise.all(CALM.map(story => people.live(story)))
    await house.moveClock(31)
    await house.quiet()
    const asker = await People.of(house.sim, () => house.choose(0))
    await asker.live(ASKING)
    people.said.push(...asker.said)
    await house.quiet()
    ;({ evidence, close } = await gather(house, people))
    await house.close()
  }, 120_000)
  afterAll(async () => {
    await close?.()
    await server?.stop()
  })

  it('keeps every promise', async () => {
    expect(evidence.said.length).toBeGreaterThanOrEqual(6 + CALM.length + ASKING.steps.length)
    expect(await missesOf(evidence)).toEqual([])
  })

  /** What a check says once something has been broken; nothing of that stays. */
  async function broken(check: keyof typeof CHECKS, wreck: Wreck): Promise<string[]> {
    let found: string[] = []
    await evidence.db
      .transaction(async tx => {
        const wrecked = { ...structuredClone({ ...evidence, db: undefined }), db: tx }
        await wreck(wrecked, statement => rows(tx, statement))
        found = (await CHECKS[check](wrecked)).map(({ what }) => what)
        tx.rollback()
      })
      .catch((error: unknown) => {
        if (!(error instanceof Error && error.message === 'Rollback')) throw error
      })
    return found
  }

  const wrecks: Array<[check: keyof typeof CHECKS, says: string, wreck: Wreck]> = [
    [
      'acknowledged',
      'a delivery was never acknowledged',
      async ({ deliveries }) => {
        const event = deliveries.find(one => one.event_type === 'im.message.receive_v1')
        if (event) event.state = 'given-up'
      },
    ],
    [
      'commandsOnce',
      'a message was not taken up',
      (_, run) => run(`delete from chaos.claims where key like 'message:%'`),
    ],
    [
      'commandsOnce',
      'a message that was taken up left no trace in the history',
      (_, run) => withoutGuard(run, `delete from events where delivery like 'message:%'`),
    ],
    [
      'commandsOnce',
      'a message was both done and refused',
      (_, run) =>
        run(`insert into events (at, who, feature, act, outcome, chat, delivery, data)
             select at, who, feature, act, 'refused', chat, delivery, data from events where outcome = 'ok' and delivery like 'message:%'`),
    ],
    [
      'commandsOnce',
      'a command was done twice, or not at all',
      (_, run) =>
        run(`insert into assignments (giver, title, chat, due_at, created_at, rev)
             select giver, title, chat, due_at, created_at, rev from assignments`),
    ],
    [
      'commandsOnce',
      'a command was done twice, or not at all',
      (_, run) => run(`update tasks set title = 'something else'`),
    ],
    [
      'pressesOnce',
      'a press was told that it was done, and was not',
      (_, run) => withoutGuard(run, `delete from events where delivery not like 'message:%'`),
    ],
    [
      'pressesOnce',
      'one delivery did the same twice',
      (_, run) =>
        run(`insert into events (at, who, feature, matter, act, outcome, chat, delivery, data)
             select at, who, feature, matter, act, outcome, chat, delivery, data from events where outcome = 'ok' and matter is not null`),
    ],
    [
      'pressesOnce',
      'something was done by a delivery that was never claimed',
      (_, run) => run(`delete from chaos.claims where key not like 'message:%'`),
    ],
    [
      'pressesOnce',
      'one state of a matter was left twice',
      (_, run) => run(`${ANOTHER_EVENT} from events where feature = 'assign' and act = 'accept'`),
    ],
    [
      'pressesOnce',
      'one state of a matter was left twice',
      (_, run) =>
        run(`${ANOTHER_EVENT} from events where feature = 'task' and data -> 'hashes' ->> 'before' is not null`),
    ],
    ['claimsKept', 'a claim was forgotten before its time', (_, run) => run('delete from inbox')],
    [
      'answeredOnce',
      'a question was answered twice',
      async ({ feishu: { messages } }) => {
        for (const one of [...messages.values()])
          if (one.sender === 'bot' && one.parent_id)
            messages.set(`${one.message_id}x`, { ...one, message_id: `${one.message_id}x` })
      },
    ],
    [
      'answeredOnce',
      'a question was never answered',
      async ({ feishu: { messages } }) => {
        for (const one of [...messages.values()]) if (one.sender === 'bot') messages.delete(one.message_id)
      },
    ],
    [
      'answeredOnce',
      'a question was never answered',
      async ({ feishu: { messages }, said }) => {
        const ofGroups = new Set(said.filter(({ isPrivate }) => !isPrivate).map(({ message }) => message))
        for (const { message_id, parent_id } of [...messages.values()])
          if (parent_id && ofGroups.has(parent_id)) messages.delete(message_id)
      },
    ],
    [
      'answeredOnce',
      'a question was never answered',
      async ({ feishu: { messages } }) => {
        for (const { message_id, sender, parent_id } of [...messages.values()])
          if (sender === 'bot' && !parent_id) messages.delete(message_id)
      },
    ],
    ['answeredOnce', 'a question was never answered', outOfSight],
    ['messagesOnce', 'a message was given up that could have been said', outOfSight],
    [
      'messagesOnce',
      'a promised message vanished from the outbox',
      (_, run) => run(`delete from outbox where api = 'reply'`),
    ],
    ['messagesOnce', 'a message that is called sent never arrived', async ({ feishu }) => feishu.uuids.clear()],
    [
      'messagesOnce',
      'a message that is called failed arrived all the same',
      (_, run) => run(`update outbox set state = 'failed', reason = '对方已离职' where api = 'reply'`),
    ],
    [
      'messagesOnce',
      'a message was given up that could have been said',
      async ({ feishu: { messages, uuids } }, run) => {
        await run(`update outbox set state = 'failed', reason = '网络不通' where api in ('create', 'reply')`)
        for (const { message_id, sender } of [...messages.values()]) if (sender === 'bot') messages.delete(message_id)
        uuids.clear()
      },
    ],
    [
      'messagesOnce',
      'nobody was told of a message that was given up',
      (_, run) =>
        run(`update outbox set state = 'failed', reason = '是否送达不能确定' where api = 'create' and sender <> lane`),
    ],
    [
      'answeredOnce',
      'a question was never answered',
      async ({ feishu: { messages, uuids } }, run) => {
        await run(`update outbox set state = 'failed', reason = '网络不通' where api in ('create', 'reply')`)
        for (const { message_id, sender } of [...messages.values()]) if (sender === 'bot') messages.delete(message_id)
        uuids.clear()
      },
    ],
    [
      'messagesOnce',
      'a message arrived twice, or without its uuid',
      async ({ feishu: { messages } }) => {
        const [one] = [...messages.values()].filter(({ sender }) => sender === 'bot')
        if (one) messages.set('om_again', { ...one, message_id: 'om_again' })
      },
    ],
    [
      'messagesOnce',
      'a message bears a uuid that nobody gave it',
      async ({ feishu: { uuids } }) => {
        uuids.set('unknown', { message_id: 'om_x', at: 0 })
      },
    ],
    [
      'orderKept',
      'messages of one chat changed places',
      async ({ feishu: { chats } }) => {
        for (const chat of chats.values()) chat.message_ids.reverse()
      },
    ],
    [
      'orderKept',
      'messages of one chat changed places',
      async ({ db, feishu: { chats, uuids } }) => {
        const atOnce = await rows<{ uuid: string }>(
          db,
          'select uuid from chaos.parcels join chaos.takings using (id) where began_at < committed_at',
        )
        const first = new Set(atOnce.map(({ uuid }) => uuids.get(uuid)?.message_id))
        for (const chat of chats.values()) chat.message_ids.sort((a, b) => Number(first.has(b)) - Number(first.has(a)))
      },
    ],
    [
      'orderKept',
      'a message left that nobody was seen to take',
      (_, run) => run(`delete from chaos.takings where id in (select id from outbox where api = 'reply')`),
    ],
    ['outboxEmpty', 'a parcel still waits', (_, run) => run(`update outbox set state = 'waiting' where api = 'reply'`)],
    [
      'outboxEmpty',
      'a parcel failed without a reason',
      (_, run) => run(`update outbox set state = 'failed', reason = null where api = 'reply'`),
    ],
    ['outboxEmpty', 'a card was never sent, and nothing says why', (_, run) => run(`update copies set message = null`)],
    ['cardsAreFresh', 'a card is stale', (_, run) => run(`update assignments set title = title || '(改)'`)],
    [
      'cardsAreFresh',
      'a card is stale',
      async ({ feishu: { messages } }) => {
        for (const one of messages.values()) one.content = one.content.replaceAll('材料', '旧材料')
      },
    ],
    [
      'noOverlaps',
      'a car is in two runs at once',
      async (_, run) => {
        await unbound(run)
        await twice(run, A_RUN)
      },
    ],
    [
      'noOverlaps',
      'a driver is in two runs at once',
      async (_, run) => {
        await unbound(run)
        await twice(run, A_RUN)
      },
    ],
    [
      'noOverlaps',
      'somebody drives two cars at once',
      async (_, run) => {
        await unbound(run)
        await twice(run, A_RUN)
      },
    ],
    [
      'noOverlaps',
      'a room is taken twice at once',
      async (_, run) => {
        await run(`alter table bookings drop constraint bookings_room_free`)
        await twice(
          run,
          `insert into bookings (room, starts_at, ends_at, state, booked_by, booked_at, word)
           select min(id), '2027-01-04 09:00+08', '2027-01-04 10:00+08', 'held', 'ou_x', now(), '' from rooms`,
        )
      },
    ],
    [
      'numbersUnbroken',
      'the numbers of 提醒 have a gap or a double',
      (_, run) => run(`update reminders set number = number + 1 where id = (select max(id) from reminders)`),
    ],
    [
      'numbersUnbroken',
      'the numbers of 督办 have a gap or a double',
      (_, run) => run(`update tasks set number_seq = number_seq + 1`),
    ],
    [
      'numbersUnbroken',
      'the counter of 用车 tells another number than the last that was given',
      (_, run) => run(`insert into trip_numbers (year, last) values (2031, 3)`),
    ],
    [
      'historyKept',
      'a line of the history is gone or was changed',
      (_, run) => withoutGuard(run, `update events set act = 'other' where id = (select max(id) from events)`),
    ],
    ['historyKept', 'nothing holds the history any more', (_, run) => run('drop trigger events_append_only on events')],
    [
      'auditWhole',
      'an entry of the audit chain does not fit',
      (_, run) => withoutGuard(run, `update events set act = 'other' where id = (select min(event) from audit_chain)`),
    ],
    [
      'auditWhole',
      'the head of the audit chain is not its end',
      (_, run) => run(`update audit_head set hash = repeat('1', 64)`),
    ],
    [
      'auditWhole',
      'something is in the history that the audit chain does not know',
      async (_, run) => {
        await run(`insert into events (at, who, feature, act, outcome, chat, delivery, data)
                   values (now(), '', 'help', 'command', 'ok', '', 'message:om_x', '{}')`)
        await run('delete from audit_unsealed')
      },
    ],
    [
      'remindedOnce',
      'a reminder was said twice or not at all',
      (_, run) => run(`delete from copies where feature = 'remind'`),
    ],
    [
      'remindedOnce',
      'a reminder was made twice for one instant',
      async (_, run) => {
        await run(`do $$ declare name text; begin
          for name in select indexname from pg_indexes where tablename = 'occurrences' and indexdef like '%UNIQUE%' and indexname not like '%pkey' loop
            execute 'drop index ' || name; end loop; end $$`)
        await run(`insert into occurrences (reminder, receiver, due_at, state, fired_at, missed, moved_by)
                   select reminder, receiver, due_at, state, fired_at, missed, moved_by from occurrences`)
      },
    ],
  ]

  it.each(wrecks)('a broken state does not escape: %s: %s', async (check, says, wreck) => {
    expect(await broken(check, wreck)).toContain(says)
  })

  it('a matter may come back to a state and leave it again', async () => {
    const there = (matter: string) => `('${matter}', '{"hashes": {"before": "a", "after": "b"}}'::jsonb)`
    const back = (matter: string) => `('${matter}', '{"hashes": {"before": "b", "after": "a"}}'::jsonb)`
    const says = 'one state of a matter was left twice'
    const after = (...steps: string[]) =>
      broken('pressesOnce', (_, run) =>
        run(`insert into events (at, who, feature, matter, act, outcome, chat, delivery, data)
             select now(), '', 'remind', matter, 'pause', 'ok', '', 'another', data from (values ${steps}) as lived (matter, data)`),
      )
    expect(await after(there('x'), back('x'), there('x'))).not.toContain(says)
    expect(await after(there('x'), back('y'), there('x'))).toContain(says)
  })

  it('every check can fail', () => {
    const tested = new Set(wrecks.map(([check]) => check))
    expect(Object.keys(CHECKS).filter(name => !tested.has(name as never))).toEqual([])
  })
})

type Run = (statement: string) => Promise<unknown>
type Wreck = (evidence: Evidence, run: Run) => Promise<unknown>

/** The history cannot be touched but by whoever takes its guard away. */
async function withoutGuard(run: Run, statement: string): Promise<void> {
  await run('alter table events disable trigger events_append_only')
  await run(statement)
  await run('alter table events enable trigger events_append_only')
}

/** No message has arrived, and each is said to be uncertain; no clock has leapt while most were on their way. */
async function outOfSight({ feishu: { messages, uuids } }: Evidence, run: Run): Promise<void> {
  await run(`update outbox set state = 'failed', reason = '网络不通,是否送达不能确定' where api in ('create', 'reply')`)
  for (const { message_id, sender } of [...messages.values()]) if (sender === 'bot') messages.delete(message_id)
  uuids.clear()
}

/** Nothing holds apart any more what a car, a driver or somebody at the wheel does. */
async function unbound(run: Run): Promise<void> {
  for (const of of ['vehicle', 'driver', 'pilot']) await run(`alter table runs drop constraint runs_${of}_free`)
}

async function twice(run: Run, statement: string): Promise<void> {
  await run(statement)
  await run(statement)
}

const ANOTHER_EVENT = `insert into events (at, who, feature, matter, act, outcome, chat, delivery, data)
  select at, who, feature, matter, act, outcome, chat, 'another', data`

const A_RUN = `insert into runs (rev, state, vehicle, driver, pilot, starts_at, ends_at, route, parked_at, remark, dispatched_by, dispatched_at)
  select 1, 'planned', (select min(id) from vehicles), (select min(id) from drivers), 'ou_x', '2027-01-04 09:00+08', '2027-01-04 12:00+08', '', '', '', 'ou_x', now()`
