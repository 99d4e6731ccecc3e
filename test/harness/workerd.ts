import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import type postgres from 'postgres'
import type { Db } from '../../db/client.ts'
import { outboxDepth } from '../../db/outbox.ts'
import { prepareHouse } from '../../src/house.ts'
import type { Bot, BotParts } from '../../src/node/bot.ts'
import type { Order } from './miniflare.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const SETTLED_WITHIN_MS = 10_000
/** How long the watch of a minute's invocation lasts. */
const WATCH_S = 55

/** The bundle that `wrangler deploy` would upload. */
export async function buildWorker(): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'huiyin-worker-'))
  const env = { ...process.env, CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false', CI: 'true' }
  await promisify(execFile)('node_modules/.bin/wrangler', ['deploy', '--dry-run', '--outdir', dir], { cwd: ROOT, env })
  const script = readFileSync(join(dir, 'worker.js'), 'utf8')
  rmSync(dir, { recursive: true })
  return script
}

export interface Isolate {
  url: string
  /** One minute's invocation, whose watch has `secondsLeft` to go; answers how it ended. */
  minute(secondsLeft: number): Promise<string>
  stop(): Promise<void>
}

/** A bundle in the runtime of Cloudflare Workers. */
export async function startWorkerd(order: Order, write: (line: string) => void = () => {}): Promise<Isolate> {
  const child = fork(new URL('./miniflare.ts', import.meta.url), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => write(chunk.toString().trimEnd()))
  const ask = async <T>(message: object): Promise<T> => {
    child.send(message)
    return (await once(child, 'message'))[0] as T
  }
  const { url } = await ask<{ url: string }>(order)
  return {
    url,
    async minute(secondsLeft) {
      const minuteMs = Date.now() + (secondsLeft - WATCH_S) * 1_000
      return (await ask<{ outcome: string }>({ minuteMs })).outcome
    },
    async stop() {
      child.send('stop')
      await once(child, 'exit')
    },
  }
}

/** The bot behind its other door. The house beside it is a second look at the same database. */
export async function openWorkerd(
  script: string,
  { config, feishu, database, clock, write }: BotParts,
): Promise<Bot & Isolate> {
  const way = await wayTo(database.db)
  const env = {
    FEISHU_APP_ID: feishu.appId,
    FEISHU_APP_SECRET: feishu.appSecret,
    FEISHU_ENCRYPT_KEY: feishu.encryptKey,
    FEISHU_VERIFICATION_TOKEN: feishu.verificationToken,
    FEISHU_DOMAIN: feishu.domain,
    ADMINS: config.admins.join(','),
    OFFICE_HOURS: config.officeHours,
    LOG_LEVEL: config.logLevel,
  }
  const isolate = await startWorkerd({ script, env, databaseUrl: way.url }, write)
  return {
    ...isolate,
    house: prepareHouse({ config, feishu, clock, write })(database.db),
    port: Number(new URL(isolate.url).port),
    connect: () => {},
    drainer: {
      wake: () => {},
      sealSoon: () => {},
      carry: () => {},
      mayCarry: () => false,
      settle: () => emptied(database.db),
      stop: async () => {},
    },
    async stop() {
      await isolate.stop()
      await way.close()
    },
  }
}

/** Hyperdrive's local string must name a password, which our servers do not ask for. */
async function wayTo(db: Db): Promise<{ url: string; close(): Promise<void> }> {
  const { $client } = db as unknown as { $client: PGlite | postgres.Sql }
  if (!('options' in $client)) return lend($client)
  const { host, port, database } = $client.options
  return { url: `postgres://huiyin:any@${host[0]}:${port[0]}/${database}`, close: async () => {} }
}

/**
 * The embedded database is one session, and statements of two clients would mix: each connection has it for itself until it is
 * closed, and our own queries wait meanwhile.
 */
async function lend(pglite: PGlite): Promise<{ url: string; close(): Promise<void> }> {
  const held = new Proxy(pglite, {
    get(real, name) {
      if (name === 'runExclusive') return (run: () => unknown) => run()
      const member: unknown = Reflect.get(real, name, real)
      return typeof member === 'function' ? member.bind(real) : member
    },
  })
  const inner = new PGLiteSocketServer({ db: held, port: 0, maxConnections: 50 })
  await inner.start()
  const port = Number(inner.getServerConn().split(':').at(-1))
  const gate = createServer(socket => {
    socket.pause()
    void pglite.runExclusive(() => joined(socket, connect(port, '127.0.0.1')))
  })
  await new Promise<void>(done => gate.listen(0, '127.0.0.1', done))
  return {
    url: `postgres://postgres:any@127.0.0.1:${(gate.address() as AddressInfo).port}/postgres`,
    async close() {
      gate.close()
      await inner.stop()
    },
  }
}

/** Ends when both sides are closed; one that closes closes the other. */
async function joined(outer: Socket, inner: Socket): Promise<void> {
  outer.pipe(inner).pipe(outer)
  const closed = (socket: Socket, other: Socket) =>
    new Promise<void>(done => {
      socket.on('error', () => {})
      socket.once('close', () => {
        other.destroy()
        done()
      })
    })
  await Promise.all([closed(outer, inner), closed(inner, outer)])
}

async function emptied(db: Db): Promise<void> {
  for (let waited = 0; waited < SETTLED_WITHIN_MS; waited += 20) {
    if ((await outboxDepth(db)).waiting === 0) return
    await new Promise(done => setTimeout(done, 20))
  }
  throw new Error('something stays in the outbox')
}
