import { LoggerLevel, WSClient } from '@larksuiteoapi/node-sdk'
import { z } from 'zod'
import type { FeishuConfig } from '../config.ts'
import { FeishuFault } from './fault.ts'
import { type CallLog, createHttp, type Request } from './http.ts'

/** Whoever listens at a long connection. */
export interface Listener {
  /** Answers what came; a failure makes the platform send it again. */
  arrived(body: unknown): Promise<object>
  opened(): void
  /** It is gone, or was not to be had; the next attempt follows by itself. */
  down(what: 'lost' | 'refused', why: string): void
  /** Something went wrong on it that it survives. */
  noted(what: string): void
}

export interface LineParts {
  wire(): number
  chance(): number
  /** How long to wait before an attempt. */
  rest?: typeof restMs | undefined
  log: CallLog
}

const HANDSHAKE_MS = 10_000
/** So long after a ping a connection on which nothing came is taken for dead; less than lies between two pings. */
const PONG_S = 5
const LOOK_MS = 5_000
/** What stood for so long, or brought anything, did not fail at once. */
const STEADY_MS = 30_000
const LONGEST_REST_MS = 60_000

/** How long to wait before an attempt: not at all at first, then from half a second up to a minute, never for all bots alike. */
export function restMs(tries: number, chance: number): number {
  return tries === 0 ? 0 : Math.min(LONGEST_REST_MS, 250 * 2 ** Math.min(tries, 10)) * (1 + chance)
}

/**
 * Keeps one long connection to Feishu, with the SDK's client. That one gives up at most refusals, waits two minutes between
 * attempts and may miss that it was cut off; so each connection has a client of its own, which is told of no refusal and is
 * replaced as soon as its connection is gone.
 */
export function openLine(
  config: Pick<FeishuConfig, 'appId' | 'appSecret' | 'domain'>,
  listener: Listener,
  { wire, chance, rest = restMs, log }: LineParts,
): { close(): void } {
  const http = createHttp({ wire, log })
  let tries = 0
  let since: number | undefined
  let current: WSClient | undefined
  let wake = () => {}

  const sleep = (ms: number) =>
    new Promise<void>(done => {
      const timer = setTimeout(done, ms)
      wake = () => {
        clearTimeout(timer)
        done()
      }
    })

  /** Asks for an address until there is one. */
  const address = async (asking: () => boolean, call: Request): Promise<Address> => {
    for (;;) {
      await sleep(rest(tries++, chance()))
      if (!asking()) throw new FeishuFault('gone', { why: 'nobody asks any more' })
      const found = await http.request(call).then(
        answer => addressOf(answer, config.domain),
        (fault: unknown) => refusal(fault),
      )
      if (typeof found !== 'string') return found
      listener.down('refused', found)
    }
  }

  const arrived = (body: unknown): Promise<object> => {
    tries = 1
    return listener.arrived(body)
  }

  const lost = (client: WSClient): void => {
    if (client !== current) return
    if (since !== undefined && wire() - since >= STEADY_MS) tries = 1
    since = undefined
    listener.down('lost', 'it was cut off')
    begin()
    // not at once: the client is about to set the timer of its own next attempt
    setTimeout(() => client.close({ force: true }), 0)
  }

  const begin = (): void => {
    const client: WSClient = new WSClient({
      appId: config.appId,
      appSecret: config.appSecret,
      domain: config.domain,
      httpInstance: { request: (call: Request) => address(() => client === current, call) } as never,
      logger: loggerFor(listener),
      loggerLevel: LoggerLevel.warn,
      autoReconnect: true,
      handshakeTimeoutMs: HANDSHAKE_MS,
      wsConfig: { pingTimeout: PONG_S },
      onReady: () => {
        since = wire()
        listener.opened()
      },
      onReconnecting: () => lost(client),
      onError: () => lost(client),
    })
    current = client
    // of the dispatcher only `invoke` is ever called; ours takes the envelope as it came
    void client.start({ eventDispatcher: { invoke: arrived } as never })
  }

  begin()
  const look = setInterval(() => {
    const unnoticed = since !== undefined && current?.getConnectionStatus().state !== 'connected'
    if (current && unnoticed) lost(current)
  }, LOOK_MS)
  return {
    close() {
      const last = current
      current = undefined
      clearInterval(look)
      wake()
      last?.close()
    },
  }
}

interface Address {
  code: 0
  data: { URL: string; ClientConfig: Record<string, number> }
}

const addressSchema = z.object({
  data: z.object({
    URL: z.string().max(4_000),
    ClientConfig: z.object({ PingInterval: z.number().positive().max(3_600) }),
  }),
})

/** What the SDK is told: the platform's address and ping, and to ask us again at once, for the waiting is ours. */
function addressOf(answer: unknown, domain: string): Address | string {
  const read = addressSchema.safeParse(answer)
  if (!read.success) return 'the answer has another shape'
  const { URL: url, ClientConfig } = read.data.data
  if (!url.startsWith('wss:') && !(domain.startsWith('http:') && url.startsWith('ws:')))
    return 'the address is not safe'
  const { PingInterval } = ClientConfig
  return {
    code: 0,
    data: { URL: url, ClientConfig: { PingInterval, ReconnectCount: -1, ReconnectInterval: 0, ReconnectNonce: 0 } },
  }
}

const REFUSALS: Record<number, string> = {
  1: 'the platform is busy',
  403: 'the app may not use the long connection',
  514: 'the app id or the secret is wrong',
  1000040343: 'the platform has an internal error',
  1000040350: 'the app has too many connections',
}

function refusal(fault: unknown): string {
  if (!(fault instanceof FeishuFault)) return 'no answer'
  if (!fault.code) return 'Feishu does not answer'
  return `${REFUSALS[fault.code] ?? 'refused'} (code ${fault.code})`
}

/** What the SDK says may hold addresses with tickets, and what people wrote; only that it was said is passed on. */
const SAID: Array<[RegExp, string]> = [
  [/failed to handle inbound frame/, 'a frame was not readable'],
  [/failed to merge event fragments/, 'the parts of an event did not fit'],
  [/invalid pong payload/, 'a pong was not readable'],
  [/no pong/, 'no pong came'],
  [/send data failed/, 'an answer could not be sent'],
]
const HANDSHAKE = /ws connect failed|handshake timeout|new WebSocket error/

function loggerFor(listener: Listener) {
  const pass = (said: unknown) => {
    const words = Array.isArray(said) ? said.filter(one => typeof one === 'string').join(' ') : ''
    if (HANDSHAKE.test(words)) listener.down('refused', 'the handshake failed')
    for (const [known, what] of SAID) if (known.test(words)) listener.noted(what)
  }
  const silence = () => {}
  return { error: pass, warn: pass, info: silence, debug: silence, trace: silence }
}
