import { randomBytes } from 'node:crypto'
import type { WebSocket } from 'ws'
import { spend } from '../faults.ts'
import type { Outcome, Patience } from '../post.ts'
import type { Connection, Faults } from '../protocol.ts'
import { CONTROL, DATA, type Frame, readFrame, writeFrame } from './frame.ts'

/** One long connection, seen from the platform. */
export interface Line {
  send(content: string, patience: Patience): Promise<Outcome>
  /** Sends bytes that are no frame. */
  garble(): void
  /** Sends these bytes, whatever they are. */
  hurl(bytes: Uint8Array): void
  /** As when the network goes: without a word. */
  cut(): void
  seen(): Connection
}

/** A client that has not pinged for so many intervals is taken for gone. */
const MISSED_PINGS = 3

type Waiting = Map<string, (rest: Omit<Outcome, 'ms'>) => void>

export function openLine(socket: WebSocket, id: string, service: number, faults: () => Faults): Line {
  const seen: Connection = { id, since: Date.now(), pings: 0, sent: 0 }
  const waiting: Waiting = new Map()
  const watch = watchman(() => socket.terminate())
  watch.expect(faults().line_ping_s * MISSED_PINGS)

  socket.on('message', raw => {
    watch.expect(faults().line_ping_s * MISSED_PINGS)
    if (faults().line_deaf) return
    const frame = frameOf(raw as Buffer)
    if (frame?.method === CONTROL && frame.headers.type === 'ping') {
      seen.pings += 1
      socket.send(pong(frame, faults()))
    } else if (frame?.method === DATA && !spend(faults().line_lost_acks)) {
      waiting.get(frame.headers.message_id ?? '')?.(acknowledgement(frame.payload))
    }
  })
  socket.on('error', () => socket.terminate())
  socket.on('close', () => {
    watch.end()
    for (const end of waiting.values()) end({ status: null, text: '', error: 'broken off' })
  })

  return {
    send(content, patience) {
      seen.sent += 1
      const message_id = randomBytes(16).toString('hex')
      const answer = answered(waiting, message_id, patience)
      if (!faults().line_deaf) for (const frame of framesOf(content, message_id, service, faults())) socket.send(frame)
      return answer
    },
    hurl: bytes => socket.send(bytes),
    garble: () => socket.send(randomBytes(32).fill(0xff, 0, 12)),
    cut: () => socket.terminate(),
    seen: () => ({ ...seen }),
  }
}

function watchman(late: () => void): { expect(seconds: number): void; end(): void } {
  let timer: NodeJS.Timeout | undefined
  return {
    expect(seconds) {
      clearTimeout(timer)
      timer = setTimeout(late, seconds * 1_000).unref()
    },
    end: () => clearTimeout(timer),
  }
}

function frameOf(raw: Buffer): Frame | undefined {
  try {
    return readFrame(raw)
  } catch (cause) {
    if (cause instanceof RangeError) return undefined
    throw cause
  }
}

/** A pong brings the settings of the connection anew. */
const pong = (ping: Frame, faults: Faults) =>
  writeFrame({ ...ping, headers: { type: 'pong' }, payload: Buffer.from(JSON.stringify(clientConfig(faults))) })

export const clientConfig = ({ line_ping_s }: Faults) => ({
  PingInterval: line_ping_s,
  ReconnectCount: -1,
  ReconnectInterval: 120,
  ReconnectNonce: 30,
})

function answered(waiting: Waiting, message_id: string, { total_ms }: Patience): Promise<Outcome> {
  const started = performance.now()
  return new Promise(resolve => {
    const finish = (rest: Omit<Outcome, 'ms'>) => {
      clearTimeout(late)
      waiting.delete(message_id)
      resolve({ ...rest, ms: Math.round(performance.now() - started) })
    }
    const late = setTimeout(finish, total_ms, { status: null, text: '', error: 'timeout' })
    waiting.set(message_id, finish)
  })
}

/** A large event comes in several frames, cut anywhere; they need not arrive in order. */
function framesOf(content: string, message_id: string, service: number, faults: Faults): Buffer[] {
  const bytes = Buffer.from(content, 'utf8')
  const size = faults.line_chunk_bytes
  const sum = Math.max(1, Math.ceil(bytes.length / size))
  const trace_id = randomBytes(16).toString('hex')
  const frames = Array.from({ length: sum }, (_, seq) =>
    writeFrame({
      seq_id: BigInt(seq + 1),
      log_id: BigInt(`0x${randomBytes(8).toString('hex')}`),
      service,
      method: DATA,
      headers: {
        type: 'event',
        message_id,
        sum: String(sum),
        seq: String(seq),
        trace_id,
        timestamp: String(Date.now()),
      },
      payload: bytes.subarray(seq * size, (seq + 1) * size),
    }),
  )
  return faults.out_of_order ? frames.reverse() : frames
}

/** `{ code, data }`, where data is the base64 of what a webhook would have answered; events have none. */
function acknowledgement(payload: Buffer): Omit<Outcome, 'ms'> {
  try {
    const { code, data } = JSON.parse(payload.toString('utf8')) as { code?: unknown; data?: unknown }
    if (typeof code !== 'number') return { status: 500, text: '' }
    return { status: code, text: typeof data === 'string' ? Buffer.from(data, 'base64').toString('utf8') : '{}' }
  } catch {
    return { status: 500, text: '' }
  }
}
