import { gt } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../db/client.ts'
import { outbox } from '../db/outbox.ts'
import { features } from '../handlers/index.ts'
import { readCallback } from '../simulator/callback-answer.ts'
import { deliverOne } from '../src/bot/deliver.ts'
import { dispatch } from '../src/bot/dispatch.ts'
import { CARD_LIMITS } from '../src/feishu/card.ts'
import type { Incoming } from '../src/feishu/incoming.ts'
import { answer } from '../src/intake.ts'
import { byCommand, byPress } from './authority-table.ts'
import { kinds } from './harness/databases.ts'
import { everybodyIn, type Who } from './harness/everybody.ts'
import { lastParcel, taint } from './harness/inert.ts'
import { type Carried, carriedBy, mattersIn } from './harness/matters.ts'
import { TestOffice, TestPerson } from './harness/office.ts'
import { swell } from './harness/swollen.ts'
import { botMessages, rows } from './harness/traces.ts'
import { Trial, UNMEASURED } from './harness/trial.ts'

/** trust.md F57: `OVERSIZE=8` makes as many times more of everything. */
const TIMES = Number(process.env.OVERSIZE ?? 1)
const LONG = '长'.repeat(300)
const TEXT_BYTES = 150_000
/** Of what leaves because of one turn so much is delivered. */
const MOST_PARCELS = 60

const first = (who: string): Who => (who === 'all' ? 'BZ' : ((who.split(' ').filter(Boolean)[0] as Who) ?? 'BZ'))
const PRESSER = byPress(first)
const SPEAKER = byCommand(first)
const ACTIONS = features.flatMap(({ name, actions }) => Object.keys(actions).map(move => `${name}.${move}`))
/** Each command by itself and as its example has it. */
const COMMANDS = features.flatMap(({ words, commands }) =>
  Object.entries(commands).flatMap(([sub, { usage }]) => {
    const name = `/${words[0]}${sub && ` ${sub}`}`
    return [...new Set([name, usage])].map(says => ({ name, says }))
  }),
)

/** Where somebody has spoken with the bot: what they said, and the card that answered it. */
interface Place {
  said: string
  card: string
  chat: string
}

/** On one database alone, the server where there is one, because it fills sooner: what is printed does not depend on it. */
describe('F57 however much there is, and however long its names, Feishu takes it', () => {
  let office: TestOffice
  let ids: Record<Who, string>
  const places = new Map<Who, Place>()
  const known = {
    person: (id: string) => office.sim.state.people.has(id),
    image: () => false,
    audio: () => false,
  }

  beforeAll(async () => {
    office = await TestOffice.open({ kind: kinds.at(-1), wire: 'hasty' })
    ids = await everybodyIn(office)
    await office.faults({ limits: false })
    for (const who of new Set([...PRESSER.values(), ...SPEAKER.values()])) {
      const person = new TestPerson(office, ids[who], who)
      const said = await person.says('/帮助')
      const { message_id, chat_id } = await person.seesCard()
      places.set(who, { said, card: message_id, chat: chat_id })
    }
  }, 240_000)
  afterAll(() => office.close())

  it('每条命令、每次点击,列表和卡片都能送达', async () => {
    const refused: string[] = []
    await new Trial(office).apart(async ({ db }) => {
      const matters = await mattersIn(db, ids)
      const carried = new Map<string, Carried>()
      for (const action of ACTIONS) carried.set(action, await carriedBy(db, ids, matters, action))
      expect(await taint(db, '', LONG)).toBeGreaterThan(50)
      await swell(db, matters, {
        house: 60 * TIMES,
        work: 5_000 * TIMES,
        ofMoves: 20 * TIMES,
        inside: 300 * TIMES,
      })
      await makeKnown(db)
      for (const action of ACTIONS) refused.push(...(await takes(db, pressed(action, carried), action)))
      for (const { name, says } of COMMANDS) refused.push(...(await takes(db, said(name, says), says)))
    })
    expect(refused).toEqual([])
    const messages = botMessages(office)
    expect(messages.length).toBeGreaterThan(COMMANDS.length)
    for (const { msg_type, content } of messages)
      expect(Buffer.byteLength(content)).toBeLessThanOrEqual(msg_type === 'text' ? TEXT_BYTES : CARD_LIMITS.bytes)
  }, 900_000)

  /** Whom a matter names, Feishu knows. */
  async function makeKnown(db: Db): Promise<void> {
    const { people } = office.sim.state
    const [someone] = people.values()
    for (const { id } of await rows<{ id: string }>(db, 'select distinct assignee as id from shares'))
      if (someone && !people.has(id)) people.set(id, { ...someone, open_id: id })
  }

  function placeOf(who: Who): Place {
    const place = places.get(who)
    if (!place) throw new Error(`${who} has said nothing`)
    return place
  }

  function pressed(action: string, carried: Map<string, Carried>): Parameters<typeof takes>[1] {
    const who = PRESSER.get(action) ?? 'BZ'
    const { card: message, chat } = placeOf(who)
    const { value, form } = carried.get(action) ?? { value: {}, form: {} }
    return {
      kind: 'pressed',
      key: `press${action}`,
      who: ids[who],
      message,
      chat,
      action,
      value: { ...value, action },
      form,
      unheard: '',
    }
  }

  function said(name: string, says: string): Parameters<typeof takes>[1] {
    const who = SPEAKER.get(name) ?? 'BZ'
    const { said: message, chat } = placeOf(who)
    const rest = {
      message,
      parent: '',
      root: '',
      attachments: [],
      unheard: [],
      form: 'text' as const,
    }
    return {
      kind: 'said',
      key: `said${says}`,
      who: ids[who],
      chat: { id: chat, kind: 'private' },
      pieces: [says],
      ...rest,
    }
  }

  /** One turn, delivered to Feishu and then undone here; what Feishu would not have of it. */
  async function takes(db: Db, incoming: Exclude<Incoming, { kind: 'ignored' }>, name: string): Promise<string[]> {
    const from = office.log.length
    const faults: string[] = []
    await new Trial(office, db).apart(async ({ db: tx }) => {
      const house = {
        ...office.bot.house.office,
        db: tx,
        wake: () => {},
        throttle: UNMEASURED,
      }
      const last = await lastParcel(tx)
      const text = JSON.stringify(answer(incoming, await dispatch(house, incoming)) ?? {})
      try {
        readCallback({ status: 200, text } as Parameters<typeof readCallback>[0], {}, known, () => undefined)
      } catch (error) {
        faults.push(`the answer: ${error}`)
      }
      if (Buffer.byteLength(text) > CARD_LIMITS.bytes + 1_500) faults.push('the answer is too long')
      const waiting = await tx.select().from(outbox).where(gt(outbox.id, last)).orderBy(outbox.id).limit(MOST_PARCELS)
      for (const row of waiting) await deliverOne(house, { ...row, call: 0 })
    })
    faults.push(...office.log.slice(from).filter(line => /"(malformed|oversize|failed)"|"level":"error"/.test(line)))
    return faults.map(fault => `${name}: ${fault.slice(0, 700)}`)
  }
})
