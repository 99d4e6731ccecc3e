import { inject } from 'vitest'
import { nextParcelMs } from '../../db/outbox.ts'
import type {
  ApiCall,
  Chat,
  ClickAnswer,
  Delivery,
  Faults,
  Message,
  Office as SimOffice,
  Transport,
  TransportAnswer,
} from '../../simulator/protocol.ts'
import { type Simulator, startSimulator } from '../../simulator/server.ts'
import type { OfficePlan } from '../../simulator/settings.ts'
import { syncDirectory } from '../../src/bot/directory.ts'
import type { FeishuConfig } from '../../src/config.ts'
import { restMs } from '../../src/feishu/line.ts'
import { type Bot, openBot } from '../../src/node/bot.ts'
import type { Database } from '../../src/node/database.ts'
import { testClock, type Wire } from './clock.ts'
import { freshDatabase, type Kind } from './databases.ts'
import { ADMIN, KEYS, MORNING } from './keys.ts'
import { patient } from './patient.ts'
import { readCard, type ShownButton, type ShownCard } from './shown.ts'

export { ADMIN, KEYS, MORNING }

/** A parcel put back for longer is left to the test that caused it. */
const SOON_MS = 3_000
const REST_WITHIN_MS = 25_000
const CONNECTED_WITHIN_MS = 10_000
/** Attempts at the long connection as in reality, only sooner. */
export const shortRest: typeof restMs = (tries, chance) => restMs(tries, chance) / 20

export interface OfficeOptions {
  kind?: Kind
  /** A database that is there already, instead of a fresh one; closed with the office. */
  database?: Database
  /** Which way events and presses take. */
  transport?: Transport
  admins?: string[]
  now?: string
  /** How much sooner than in reality a delivery is retried. */
  speed?: number
  /** Another office than the demo's. */
  plan?: OfficePlan
  /** Faults and limits of Feishu that hold from the start. */
  faults?: Partial<Faults>
  /** Whether platform and bot wait for their windows in real time. */
  wire?: Wire
  /** Behind which door the bot runs. */
  door?: typeof openBot
}

/** The whole house for a test: the simulated Feishu and the bot, meeting over HTTP; people who say, press and see. */
export class TestOffice {
  readonly sim: Simulator
  readonly bot: Bot
  readonly database: Database
  readonly clock: ReturnType<typeof testClock>
  readonly log: string[]
  readonly #facts: SimOffice

  private constructor(parts: {
    sim: Simulator
    bot: Bot
    database: Database
    clock: ReturnType<typeof testClock>
    log: string[]
    facts: SimOffice
  }) {
    this.sim = parts.sim
    this.bot = parts.bot
    this.database = parts.database
    this.clock = parts.clock
    this.log = parts.log
    this.#facts = parts.facts
  }

  static async open({
    kind = 'PGlite',
    transport = 'webhook',
    admins = [ADMIN],
    now = MORNING,
    speed = 1_000,
    door = openBot,
    plan,
    faults,
    wire = inject('wire'),
    database: given,
  }: OfficeOptions = {}): Promise<TestOffice> {
    const database = given ?? (await freshDatabase(kind))
    const clock = testClock(wire)
    clock.set(new Date(now))
    const sim = await startSimulator({
      port: 0,
      host: '127.0.0.1',
      botUrl: 'http://127.0.0.1:1',
      ...KEYS,
      transport,
      speed,
      wire: clock.wire,
      ...(plan && { office: plan }),
    })
    if (faults) await patchFaults(sim.url, faults)
    const log: string[] = []
    const bot = await door({
      config: { admins, officeHours: '08:30-12:00,14:30-17:30', logLevel: 'debug', host: '127.0.0.1', port: 0 },
      feishu: feishuOf(sim, transport),
      database,
      clock,
      write: line => log.push(line),
      rest: shortRest,
      turns: patient(),
    })
    sim.setBotUrl(`http://127.0.0.1:${bot.port}`)
    bot.connect()
    if (transport === 'websocket') await connected(sim, 1)
    await bot.house.introduce()
    await syncDirectory(bot.house.office)
    const facts = (await (await fetch(`${sim.url}/sim/office`)).json()) as SimOffice
    return new TestOffice({ sim, bot, database, clock, log, facts })
  }

  async close(): Promise<void> {
    await this.bot.stop()
    await this.sim.close()
    await this.database.close()
  }

  get botUrl(): string {
    return `http://127.0.0.1:${this.bot.port}`
  }

  /** Somebody of the demo office; of several of one name the first, or the one of a department. */
  person(name: string, department?: string): TestPerson {
    const unit = this.#facts.departments.find(one => one.name === department)?.open_department_id
    const found = this.#facts.people.find(one => one.name === name && (!unit || one.department_ids.includes(unit)))
    if (!found) throw new Error(`nobody is called ${name}`)
    return new TestPerson(this, found.open_id, name)
  }

  get botId(): string {
    return this.#facts.bot.open_id
  }

  idOf(name: string): string {
    return this.person(name).id
  }

  async chatNamed(name: string, as: string): Promise<string> {
    const { chats } = await this.get<{ chats: Chat[] }>(`/sim/chats?as=${as}`)
    const chat = chats.find(one => one.name === name)
    if (!chat) throw new Error(`no chat ${name}`)
    return chat.chat_id
  }

  /** Somebody takes the bot into a group or puts it out. */
  async seat(group: string, by: TestPerson, isIn: boolean): Promise<void> {
    await this.send('POST', `/sim/groups/${await this.chatNamed(group, by.id)}/bot`, { as: by.id, in: isIn })
    await this.settled()
  }

  /** Until every delivery has been answered or given up and everything that is due soon has left. */
  async settled(): Promise<void> {
    const until = performance.now() + REST_WITHIN_MS
    for (let calm = 0; performance.now() < until; ) {
      calm = (await this.#isCalm(calm > 0)) ? calm + 1 : 0
      if (calm === 2) return
      await new Promise(done => setTimeout(done, 5))
    }
    throw new Error(`the office did not come to rest:\n${this.log.slice(-30).join('\n')}`)
  }

  /** What was answered need not be asked about again. */
  #answeredUpTo = ''

  /** `again`: it was so a moment ago, when everything that was due had been attempted. */
  async #isCalm(again: boolean): Promise<boolean> {
    if (this.sim.state.pending.size) return false
    if (!again) await this.bot.drainer.settle()
    const news = await this.get<Delivery[]>(`/sim/deliveries?since=${this.#answeredUpTo}`)
    const open = news.findIndex(one => one.state === 'pending')
    this.#answeredUpTo = (open === -1 ? news.at(-1) : news[open - 1])?.id ?? this.#answeredUpTo
    const next = await nextParcelMs(this.database.db)
    const due = next === undefined ? Number.POSITIVE_INFINITY : next - this.clock.wire()
    if (open !== -1 || due > SOON_MS) return open === -1
    await this.clock.rest?.(due)
    return false
  }

  /** Moves the bot's clock as an operator would. */
  async moveTo(now: string): Promise<void> {
    const answer = await fetch(`${this.botUrl}/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ now }),
    })
    if (!answer.ok) throw new Error(`the clock was not moved: ${answer.status}`)
  }

  /** Sets the simulator's clock, which begins at the real time, by the bot's: what then moves both does so whatever the date is. */
  async inStep(): Promise<void> {
    await this.send('POST', '/sim/clock', { now: this.clock.now().toISOString() })
  }

  async deliveries(): Promise<Delivery[]> {
    const answer = await this.get<{ deliveries: Delivery[] } | Delivery[]>('/sim/deliveries')
    return Array.isArray(answer) ? answer : answer.deliveries
  }

  async calls(): Promise<ApiCall[]> {
    const answer = await this.get<{ calls: ApiCall[] } | ApiCall[]>('/sim/calls')
    return Array.isArray(answer) ? answer : answer.calls
  }

  async faults(some: Partial<Faults>): Promise<void> {
    await patchFaults(this.sim.url, some)
  }

  async get<T>(path: string): Promise<T> {
    const answer = await fetch(this.sim.url + path)
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }

  async send<T>(method: string, path: string, body: unknown): Promise<T> {
    const answer = await fetch(this.sim.url + path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
}

async function patchFaults(url: string, some: Partial<Faults>): Promise<void> {
  await fetch(`${url}/sim/faults`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(some),
  })
}

/** Over the long connection the bot has neither key nor token to go by. */
export function feishuOf(sim: Pick<Simulator, 'url'>, transport: Transport = 'webhook'): FeishuConfig {
  const app = { ...KEYS, domain: sim.url, transport }
  return transport === 'webhook' ? app : { ...app, encryptKey: '', verificationToken: '' }
}

/** Until so many long connections stand. */
export async function connected(sim: Pick<Simulator, 'url'>, count: number): Promise<void> {
  for (let waited = 0; waited < CONNECTED_WITHIN_MS; waited += 10) {
    const { connections } = (await (await fetch(`${sim.url}/sim/transport`)).json()) as TransportAnswer
    if (connections.length === count) return
    await new Promise(done => setTimeout(done, 10))
  }
  throw new Error(`there are not ${count} long connections`)
}

export interface Seen extends Message {
  card: ShownCard | undefined
  /** What it says, whether text or card. */
  words: string
}

export class TestPerson {
  readonly #office: TestOffice
  readonly id: string
  readonly name: string

  constructor(office: TestOffice, id: string, name: string) {
    this.#office = office
    this.id = id
    this.name = name
  }

  /**
   * Says something; `@回音` and `@Name` in a group become real mentions. Ends when the bot has answered. `isOpen`: in the private chat that
   * stands open already, for opening it is an event of its own.
   */
  async says(
    text: string,
    { to, replyTo, isOpen }: { to?: string; replyTo?: Message; isOpen?: boolean } = {},
  ): Promise<Message['message_id']> {
    const inPrivate = async () => (isOpen ? await this.#knownChat() : undefined) ?? (await this.privateChat())
    const chat_id = replyTo?.chat_id ?? (to ? await this.#office.chatNamed(to, this.id) : await inPrivate())
    const said = await this.#office.send<{ message_id: string }>('POST', '/sim/messages', {
      as: this.id,
      chat_id,
      text: to || replyTo ? this.#mentioned(text) : text,
      ...(replyTo ? { parent_id: replyTo.message_id } : {}),
    })
    await this.#office.settled()
    return said.message_id
  }

  async sendsFile(
    name: string,
    { to, replyTo, image, bytes }: { to?: string; replyTo?: Message; image?: boolean; bytes?: Uint8Array } = {},
  ): Promise<void> {
    const chat_id = replyTo?.chat_id ?? (to ? await this.#office.chatNamed(to, this.id) : await this.privateChat())
    await this.#office.send('POST', '/sim/messages', {
      as: this.id,
      chat_id,
      file: {
        name,
        size: bytes?.length ?? 1_234,
        ...(image ? { image } : {}),
        ...(bytes ? { data: Buffer.from(bytes).toString('base64') } : {}),
      },
      ...(replyTo ? { parent_id: replyTo.message_id } : {}),
    })
    await this.#office.settled()
  }

  #mentioned(text: string): string {
    return text.replace(/@(回音|所有人|[一-鿿]{2,3})/g, (whole, name: string) => {
      if (name === '回音') return '<at id="bot"></at>'
      if (name === '所有人') return '<at id="all"></at>'
      const known = [3, 2].map(length => name.slice(0, length)).find(part => this.#isSomebody(part))
      return known ? `<at id="${this.#office.idOf(known)}">${known}</at>${name.slice(known.length)}` : whole
    })
  }

  #isSomebody(name: string): boolean {
    try {
      return this.#office.person(name) !== undefined
    } catch {
      return false
    }
  }

  async privateChat(): Promise<string> {
    const { chat_id } = await this.#office.send<{ chat_id: string }>('POST', '/sim/p2p', { as: this.id })
    await this.#office.settled()
    return chat_id
  }

  /** The private chat if there is one yet; looking must not open it, for opening it is an event of its own. */
  async #knownChat(): Promise<string | undefined> {
    const { chats } = await this.#office.get<{ chats: Chat[] }>(`/sim/chats?as=${this.id}`)
    return chats.find(one => one.chat_type === 'p2p')?.chat_id
  }

  /** Everything in a chat, oldest first; the private chat with the bot unless a group is named. */
  async messages(group?: string): Promise<Seen[]> {
    const chat = group ? await this.#office.chatNamed(group, this.id) : await this.#knownChat()
    if (!chat) return []
    const { messages } = await this.#office.get<{ messages: Message[] }>(`/sim/chats/${chat}/messages?as=${this.id}`)
    return messages.map(message => {
      const card = message.msg_type === 'interactive' ? readCard(message.content) : undefined
      const words = card
        ? `${card.title}\n${card.text}`
        : message.msg_type === 'text' && !message.recalled
          ? String((JSON.parse(message.content) as { text: string }).text)
          : ''
      return { ...message, card, words }
    })
  }

  /** The bot's latest message in a chat. */
  async sees(group?: string): Promise<Seen> {
    const last = (await this.messages(group)).filter(message => message.sender === 'bot').at(-1)
    if (!last) throw new Error(`${this.name} sees nothing of the bot`)
    return last
  }

  /** The latest card, which must be there. */
  async seesCard(group?: string): Promise<Seen & { card: ShownCard }> {
    const last = (await this.messages(group)).filter(message => message.card).at(-1)
    if (!last?.card) throw new Error(`${this.name} sees no card`)
    return { ...last, card: last.card }
  }

  /** Presses a button by its label, on the latest card unless another is given; the card must really have it. */
  async presses(
    label: string,
    { on, group, form = {}, nth = 0 }: { on?: Seen; group?: string; form?: Record<string, unknown>; nth?: number } = {},
  ): Promise<ClickAnswer> {
    const message = on ?? (await this.seesCard(group))
    const button = message.card?.buttons.filter(one => one.label === label)[nth]
    if (!button)
      throw new Error(
        `no button ${label} on: ${message.words}\n${message.card?.buttons.map(one => one.label).join(' ')}`,
      )
    const answer = await this.clicks(message.message_id, button, form)
    await this.#office.settled()
    return answer
  }

  /** A press from somebody who does not have the card before them, as an attacker would send it. */
  async forges(label: string, on: Seen, form: Record<string, unknown> = {}): Promise<ClickAnswer> {
    const button = on.card?.buttons.find(one => one.label === label)
    if (!button) throw new Error(`no button ${label}`)
    const action = {
      tag: 'button',
      value: button.value,
      ...(button.form ? { name: button.name, form_value: form } : {}),
    }
    const answer = await this.#office.send<ClickAnswer>('POST', '/sim/raw-click', {
      as: this.id,
      message_id: on.message_id,
      action,
    })
    await this.#office.settled()
    return answer
  }

  /** Sends what the client would send for a press, without waiting for what follows. */
  async clicks(message: string, button: ShownButton, form: Record<string, unknown> = {}): Promise<ClickAnswer> {
    return this.#office.send<ClickAnswer>('POST', '/sim/click', {
      as: this.id,
      message_id: message,
      action: {
        tag: 'button',
        value: button.value,
        ...(button.name ? { name: button.name } : {}),
        ...(button.form ? { form_value: form } : {}),
      },
    })
  }
}
