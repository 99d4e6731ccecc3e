import { describe } from '../bot/log.ts'
import type { Gauge } from '../bot/metrics.ts'
import type { FeishuConfig } from '../config.ts'
import { type LineParts, openLine } from '../feishu/line.ts'
import { isCallback, openUnsealed } from '../feishu/verify.ts'
import { callLog, type House } from '../house.ts'
import { receive } from '../intake.ts'

/** The door for an office without an address of its own. */
export interface LongConnection {
  open(): void
  /** Ends when the turns in hand have ended and their answers have left. */
  close(): Promise<void>
  /** Why nothing can arrive: at the start, and when it is gone for longer than coming back should take. */
  fault(): string | undefined
  gauges(): Gauge[]
}

/** Thrown to the SDK, which then says 500; whoever threw it has logged why. */
class NotTakenUp extends Error {}

const PATIENCE_MS = 60_000
const LONGEST_ANSWER_MS = 3_000

export function longConnection(feishu: FeishuConfig, { office, gate }: House, rest: LineParts['rest']): LongConnection {
  const { clock, log, metrics } = office
  const state = { stands: false, ever: false, sinceMs: clock.wire(), why: 'it is being opened' }
  const inHand = new Set<Promise<void>>()
  let line: ReturnType<typeof openLine> | undefined
  let closing = false
  /** How often it has been lost: an answer goes nowhere over another one than its question came by. */
  let losses = 0

  const arrived = async (body: unknown): Promise<object> => {
    const opened = openUnsealed(body, feishu.appId)
    if (closing && opened.kind === 'delivery' && !isCallback(opened.envelope)) throw new NotTakenUp()
    const before = losses
    const received = await receive(office, opened, gate.isOurTenant)
    if (typeof received === 'string') throw new NotTakenUp(received)
    hold(afterAnswer().then(() => received.afterwards(state.stands && losses === before)))
    if (!received.answer) throw new NotTakenUp()
    return received.answer
  }

  /** Remembers a turn until it has ended, answered or not. */
  const hold = (work: Promise<unknown>): void => {
    const ended: Promise<void> = work
      .then(
        () => {},
        (error: unknown) => {
          if (!(error instanceof NotTakenUp)) log('error', 'delivery failed', describe(error))
        },
      )
      .finally(() => inHand.delete(ended))
    inHand.add(ended)
  }

  const turned = (stands: boolean, why: string): void => {
    if (state.stands !== stands) state.sinceMs = clock.wire()
    Object.assign(state, { stands, why, ever: state.ever || stands })
  }

  const listener = {
    arrived(body: unknown) {
      const answer = arrived(body)
      hold(answer)
      return answer
    },
    opened() {
      turned(true, '')
      metrics.count('huiyin_connections_total', { what: 'opened' })
      log('info', 'long connection stands')
    },
    down(what: 'lost' | 'refused', why: string) {
      losses++
      turned(false, why)
      metrics.count('huiyin_connections_total', { what })
      log('warn', what === 'lost' ? 'long connection lost' : 'long connection not to be had', { why })
    },
    noted: (what: string) => log('warn', 'long connection', { noted: what }),
  }

  return {
    open() {
      line ??= openLine(feishu, listener, { wire: clock.wire, chance: office.chance, rest, log: callLog(office) })
    },
    async close() {
      closing = true
      await Promise.race([emptied(inHand), pause(LONGEST_ANSWER_MS)])
      await afterAnswer()
      line?.close()
    },
    fault() {
      const downMs = clock.wire() - state.sinceMs
      if (state.stands || (state.ever && downMs < PATIENCE_MS)) return undefined
      if (!state.ever) return `the long connection has not stood yet: ${state.why}`
      return `the long connection is down for ${Math.round(downMs / 1_000)} s: ${state.why}`
    },
    gauges: () => [
      { name: 'huiyin_connection_up', help: 'Whether the long connection stands', value: state.stands ? 1 : 0 },
    ],
  }
}

/** The SDK sends its answer before anything else gets a turn. */
const afterAnswer = () => new Promise<void>(done => setTimeout(done, 0))

const pause = (ms: number) => new Promise<void>(done => setTimeout(done, ms).unref())

async function emptied(some: Set<Promise<void>>): Promise<void> {
  while (some.size) await Promise.all(some)
}
