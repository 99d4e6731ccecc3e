import type { ChatRow, ChatsAnswer, Delivery, Faults, Message, MessagesAnswer, Office, SayAnswer } from '../protocol.ts'
import { type Simulator, startSimulator } from '../server.ts'
import type { SimulatorOptions } from '../settings.ts'
import { type FakeBot, type Received, startFakeBot } from './fake-bot.ts'

export const app = {
  appId: 'cli_a1b2c3d4e5f60718',
  appSecret: 'secret-of-the-bench',
  encryptKey: 'key-of-the-bench',
  verificationToken: 'token-of-the-bench',
}

/** What the Open Platform answered. */
export interface ApiReply {
  status: number
  headers: Headers
  code: number
  msg: string
  data: Record<string, unknown>
  error: Record<string, unknown>
  body: Record<string, unknown>
}

type Json = Record<string, unknown>

/** A simulator, a fake bot, and both of their front doors. */
export interface Bench {
  sim: Simulator
  bot: FakeBot
  /** A call of the bot; the token is fetched once unless another is given. */
  api(method: string, path: string, body?: unknown, token?: string | null): Promise<ApiReply>
  ask<T = Json>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }>
  faults(faults: Partial<Faults>): Promise<void>
  id(name: string): string
  group(name: string): string
  p2p(name: string): Promise<string>
  say(name: string, chat_id: string, text: string, more?: Json): Promise<SayAnswer>
  messages(name: string, chat_id: string): Promise<Message[]>
  chats(name: string): Promise<ChatRow[]>
  sendCard(name: string, card: unknown): Promise<ApiReply>
  /** Waits until the bot has received so many pushes of this type. */
  pushes(event_type: string, count?: number): Promise<Received[]>
  delivery(id: string): Promise<Delivery>
  close(): Promise<void>
}

export async function startBench(options: Partial<SimulatorOptions> = {}): Promise<Bench> {
  const settings = { ...app, ...options }
  const bot = await startFakeBot(settings.encryptKey)
  const sim = await startSimulator({ port: 0, host: '127.0.0.1', botUrl: bot.url, ...settings })
  const ask = asker(sim)
  const office = (await ask<Office>('GET', '/office')).body
  const id = (name: string) => idOf(office, name)
  return {
    sim,
    bot,
    ask,
    id,
    api: caller(sim, settings),
    group: name => groupOf(sim, name),
    ...deeds(ask, id),
    pushes: (event_type, count = 1) => pushesTo(bot, event_type, count),
    sendCard: cardSender(caller(sim, settings), id),
    async close() {
      await sim.close()
      await bot.close()
    },
  }
}

const asker =
  (sim: Simulator): Bench['ask'] =>
  async <T>(method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${sim.url}/sim${path}`, request(method, body))
    return { status: answer.status, body: (await answer.json()) as T }
  }

type Deeds = Pick<Bench, 'faults' | 'p2p' | 'say' | 'messages' | 'chats' | 'delivery'>

/** What people and the desk do, by the names of people. */
const deeds = (ask: Bench['ask'], id: Bench['id']): Deeds => ({
  faults: async faults => void (await ask('PATCH', '/faults', faults)),
  p2p: async name => (await ask<{ chat_id: string }>('POST', '/p2p', { as: id(name) })).body.chat_id,
  say: async (name, chat_id, text, more) =>
    (await ask<SayAnswer>('POST', '/messages', { as: id(name), chat_id, text, ...more })).body,
  messages: async (name, chat_id) =>
    (await ask<MessagesAnswer>('GET', `/chats/${chat_id}/messages?as=${id(name)}`)).body.messages,
  chats: async name => (await ask<ChatsAnswer>('GET', `/chats?as=${id(name)}`)).body.chats,
  delivery: delivery_id => finished(ask, delivery_id),
})

const cardSender =
  (api: Bench['api'], id: Bench['id']): Bench['sendCard'] =>
  (name, card) =>
    api('POST', '/im/v1/messages?receive_id_type=open_id', {
      receive_id: id(name),
      msg_type: 'interactive',
      content: JSON.stringify(card),
    })

const request = (method: string, body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  ...(body !== undefined && { body: JSON.stringify(body) }),
})

function caller(sim: Simulator, { appId, appSecret }: typeof app): Bench['api'] {
  let own: string | undefined
  const call = async (method: string, path: string, body?: unknown, token?: string | null): Promise<ApiReply> => {
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
    const answer = await fetch(`${sim.url}/open-apis${path}`, request(method, body, headers))
    const json = (await answer.json()) as ApiReply
    return { ...json, status: answer.status, headers: answer.headers, body: json as unknown as Json }
  }
  const fetchToken = async () =>
    String((await call('POST', TOKEN, { app_id: appId, app_secret: appSecret })).body.tenant_access_token)
  return async (method, path, body, token) => {
    if (token !== undefined) return call(method, path, body, token)
    own ??= await fetchToken()
    const reply = await call(method, path, body, own)
    if (reply.code !== 99991663) return reply
    own = await fetchToken()
    return call(method, path, body, own)
  }
}

export const TOKEN = '/auth/v3/tenant_access_token/internal'

function idOf(office: Office, name: string): string {
  const [person] = office.people.filter(one => one.name === name)
  if (!person) throw new Error(`nobody is called ${name}`)
  return person.open_id
}

function groupOf(sim: Simulator, name: string): string {
  for (const chat of sim.state.chats.values()) if (chat.name === name) return chat.chat_id
  throw new Error(`no group is called ${name}`)
}

async function pushesTo(bot: FakeBot, event_type: string, count: number): Promise<Received[]> {
  const found = () => bot.received.filter(one => one.body.header?.event_type === event_type)
  await until(() => found().length >= count, `${count} × ${event_type}`)
  return found()
}

/** Waits until a delivery is over. */
async function finished(ask: Bench['ask'], id: string): Promise<Delivery> {
  let found: Delivery | undefined
  await until(async () => {
    found = (await ask<Delivery[]>('GET', '/deliveries')).body.find(one => one.id === id)
    return found !== undefined && found.state !== 'pending'
  }, `end of ${id}`)
  if (!found) throw new Error(`no delivery ${id}`)
  return found
}

export async function until(holds: () => boolean | Promise<boolean>, what: string, most_ms = 5000) {
  const end = Date.now() + most_ms
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`)
    await new Promise(done => setTimeout(done, 5))
  }
}

/** The smallest card with these elements. */
export const cardOf = (...elements: unknown[]) => ({
  schema: '2.0',
  config: { update_multi: true },
  body: { elements },
})

export const button = (content: string, value: unknown = { op: content }, more: object = {}) => ({
  tag: 'button',
  text: { tag: 'plain_text', content },
  behaviors: [{ type: 'callback', value }],
  ...more,
})

export const markdown = (content: string) => ({ tag: 'markdown', content })
