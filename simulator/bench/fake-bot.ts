import { createDecipheriv, createHash } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'

/** One push as the bot received it. */
export interface Received {
  path: string
  headers: http.IncomingHttpHeaders
  /** The exact bytes, as text. */
  raw: string
  /** Decrypted and parsed. */
  body: Pushed
  at: number
}

export interface Pushed {
  type?: string
  challenge?: string
  token?: string
  schema?: string
  header: {
    event_id: string
    event_type: string
    create_time: string
    token: string
    app_id: string
    tenant_key: string
  }
  event: Record<string, unknown>
}

/** How the bot answers; left out: 200 {} at once. */
export interface Reply {
  status?: number
  body?: unknown
  /** Instead of `body`: these bytes. */
  text?: string
  delay_ms?: number
  headers?: Record<string, string>
}

export type Answering = (received: Received) => Reply | Promise<Reply> | undefined

export interface FakeBot {
  url: string
  received: Received[]
  answer: Answering
  close(): Promise<void>
}

/** A bot that remembers what it was sent and answers as the test wants. */
export async function startFakeBot(encryptKey: string): Promise<FakeBot> {
  const server = http.createServer((request, response) => void handle(bot, encryptKey, request, response))
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready))
  const bot: FakeBot = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: [],
    answer: echoChallenge,
    async close() {
      server.closeAllConnections()
      await new Promise(done => server.close(done))
    },
  }
  return bot
}

export const echoChallenge: Answering = ({ body }) =>
  body.type === 'url_verification' ? { body: { challenge: body.challenge } } : undefined

async function handle(bot: FakeBot, encryptKey: string, request: http.IncomingMessage, response: http.ServerResponse) {
  const raw = await readAll(request)
  const received: Received = {
    path: request.url ?? '',
    headers: request.headers,
    raw,
    body: open(raw, encryptKey),
    at: Date.now(),
  }
  bot.received.push(received)
  const reply = (await bot.answer(received)) ?? {}
  if (reply.delay_ms) await new Promise(done => setTimeout(done, reply.delay_ms))
  response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers })
  response.end(reply.text ?? JSON.stringify(reply.body ?? {}))
}

async function readAll(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function open(raw: string, encryptKey: string): Pushed {
  const outer = JSON.parse(raw || '{}')
  return typeof outer.encrypt === 'string' ? JSON.parse(decrypt(outer.encrypt, encryptKey)) : outer
}

/** The reverse of what the platform does, by the platform's description. */
export function decrypt(encrypted: string, encryptKey: string): string {
  const bytes = Buffer.from(encrypted, 'base64')
  const key = createHash('sha256').update(encryptKey).digest()
  const decipher = createDecipheriv('aes-256-cbc', key, bytes.subarray(0, 16))
  return Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString('utf8')
}
