import type { ServerType } from '@hono/node-server'
import { keepSetting } from '../../db/settings.ts'
import { MOST_TOGETHER } from '../../db/together.ts'
import { createApp } from '../app.ts'
import { describe } from '../bot/log.ts'
import type { ReadText } from '../bot/read-text.ts'
import { moveClock } from '../bot/tick.ts'
import { createTurns, type Room, type Turns } from '../bot/turns.ts'
import type { Clock } from '../clock.ts'
import type { Config, FeishuConfig } from '../config.ts'
import type { LineParts } from '../feishu/line.ts'
import { type House, prepareHouse } from '../house.ts'
import { nodeCiphers } from './ciphers.ts'
import { CONNECTIONS, type Database, DRAWING } from './database.ts'
import { type Door, openDoor, watchDoor } from './door.ts'
import { createDrainer, type Drainer } from './drainer.ts'
import { nodeExchange } from './exchange.ts'
import { type LongConnection, longConnection } from './long-connection.ts'
import { loopPace } from './pace.ts'
import { closeServer, createServer } from './server.ts'

export interface Bot {
  house: House
  drainer: Drainer
  port: number
  /** Begins to keep up the long connection, where that is the transport. */
  connect(): void
  /** Ends when the turns and deliveries in hand have ended. */
  stop(): Promise<void>
}

export interface BotParts {
  config: Pick<Config, 'admins' | 'officeHours' | 'logLevel' | 'host' | 'port'>
  feishu: FeishuConfig
  database: Database
  clock: Clock
  write(line: string): void
  /** Who waits to be taken in, and who for whom, where it is not as usual. */
  door?: Door
  turns?: Turns
  /** How files are looked through, where it is not in this thread. */
  readText?: ReadText
  /** How long to wait between attempts at the long connection, where it is not the usual. */
  rest?: LineParts['rest']
}

/** Two connections are left to what leaves and to whoever asks how we are, beside those that cards are drawn on. */
const FULL_TURNS = CONNECTIONS - DRAWING - MOST_TOGETHER.underway - 2
/**
 * The platform waits 3 s for everything together. An event comes again, and may wait twice where a quick turn turns
 * out to need a full one; a press does not come again.
 */
const EVENT = { most: 400, ms: 500, lasting: 100, longestMs: 600 }
export const ROOM: Room = {
  atOnce: { full: FULL_TURNS, quick: MOST_TOGETHER.underway * MOST_TOGETHER.items },
  press: { most: 1_000, ms: 1_500 },
  event: EVENT,
  quick: EVENT,
}

/** The bot in this process, listening; without a heartbeat, which the door adds, and not connected yet. */
export async function openBot({
  config,
  feishu,
  database,
  clock,
  write,
  readText,
  rest,
  // over the long connection nothing comes in by the door that could be refused
  door = feishu.transport === 'websocket' ? openDoor : watchDoor(),
  turns = createTurns(ROOM, undefined, loopPace(door)),
}: BotParts): Promise<Bot> {
  const drainer = createDrainer(() => house.office, loopPace(door))
  const house: House = prepareHouse({ config, feishu, clock, write, exchange: nodeExchange, readText, turns })(
    database.db,
    drainer,
  )
  const connection = feishu.transport === 'websocket' ? longConnection(feishu, house, rest) : undefined
  const server = await listen(config, house, { drainer, door, connection })
  const address = server.address()
  return {
    house,
    drainer,
    port: typeof address === 'object' && address ? address.port : config.port,
    connect: () => connection?.open(),
    async stop() {
      await connection?.close()
      await closeServer(server)
      await drainer.stop()
    },
  }
}

/** The kernel keeps so many waiting, or as many as it may: whom it does not keep it lets wait for a second or three. */
const MOST_AT_THE_DOOR = 4_096

function listen(
  { host, port }: Pick<Config, 'host' | 'port'>,
  { office, gate }: House,
  { drainer, door, connection }: { drainer: Drainer; door: Door; connection: LongConnection | undefined },
): Promise<ServerType> {
  const { clock, db, log } = office
  const move = async (to: Date): Promise<void> => {
    await moveClock(office, to)
    await keepSetting(db, 'clock.offset', clock.now().getTime() - clock.wire(), clock.now())
    await drainer.settle()
  }
  const app = createApp(office, {
    ...gate,
    ...(connection && {
      readiness: async () => (await gate.readiness()) ?? connection.fault(),
      gauges: connection.gauges,
    }),
    ciphers: nodeCiphers,
    afterAnswer: (env, run) =>
      // nobody waits for this any more: without it a card is drawn once too often, or a late one only when it moves again
      afterAnswer(env, isSent =>
        run(isSent).catch((error: unknown) => log('warn', 'nothing done after an answer', describe(error))),
      ),
    ...(clock.set ? { moveClock: move } : {}),
  })
  return new Promise((done, fail) => {
    const server = createServer(app.fetch)
    server.once('error', fail)
    for (const event of ['connection', 'drop']) server.on(event, door.cameIn)
    server.listen({ host, port, backlog: MOST_AT_THE_DOOR }, () => done(server))
  })
}

interface Outgoing {
  writableFinished: boolean
  destroyed: boolean
  once(event: 'close', run: () => void): void
}

/** node-server hands the response in as `outgoing`; once it is closed the answer has left, or nobody waits for it any more. */
function afterAnswer(env: unknown, run: (isSent: boolean) => Promise<void>): void {
  const { outgoing } = (env ?? {}) as { outgoing?: Outgoing }
  if (outgoing && !outgoing.writableFinished && !outgoing.destroyed)
    outgoing.once('close', () => void run(outgoing.writableFinished))
  else setTimeout(run, 0, outgoing?.writableFinished !== false)
}
