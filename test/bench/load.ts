import { connect, type Socket } from 'node:net'

export interface Load {
  perSecond: number
  p50: number
  p99: number
  refused: number
  done: number
}

/** A closed loop, for so long or as long as there are requests: each connection sends the next once the last is answered. Raw sockets cost the least beside the server. */
export async function closedLoop(
  port: number,
  requests: Buffer[],
  { connections, ms }: { connections: number; ms: number },
): Promise<Load> {
  const took: number[] = []
  let [next, refused] = [0, 0]
  const started = performance.now()
  const worker = async (): Promise<void> => {
    const socket = await opened(port)
    while (performance.now() - started < ms) {
      const request = requests[next++]
      if (!request) break
      const sent = performance.now()
      if ((await exchange(socket, request)).status !== 200) refused++
      took.push(performance.now() - sent)
    }
    socket.destroy()
  }
  await Promise.all(Array.from({ length: connections }, worker))
  const seconds = (performance.now() - started) / 1_000
  took.sort((a, b) => a - b)
  return {
    perSecond: took.length / seconds,
    p50: at(took, 0.5),
    p99: at(took, 0.99),
    refused,
    done: took.length,
  }
}

export interface Poured {
  /** Of each from when it was to leave, in ms, the shortest first. */
  took: number[]
  refused: number
  /** How long each refusal took, the shortest first. */
  refusedIn: number[]
  /** Which requests were acknowledged. */
  acknowledged: number[]
  /** When the first was to leave, as wall time in ms. */
  began: number
}

/**
 * An open loop: the next request leaves when its time has come, whether or not those before it have been answered, until `until`
 * ends or there are no more. `heard` is told what each was answered.
 */
export async function openLoop(
  port: number,
  requests: Buffer[],
  {
    perSecond,
    until,
    heard,
  }: { perSecond: number; until: Promise<unknown>; heard?: (i: number, body: string) => void },
): Promise<Poured> {
  const took: number[] = []
  const refusedIn: number[] = []
  const acknowledged: number[] = []
  const idle: Resting[] = []
  const open = new Set<Promise<void>>()
  let isOver = false
  void until.then(() => {
    isOver = true
  })
  const started = performance.now()
  const send = async (i: number, request: Buffer, due: number): Promise<void> => {
    const socket = rested(idle) ?? (await opened(port))
    const { status, body } = await exchange(socket, request)
    const ms = performance.now() - due
    took.push(ms)
    heard?.(i, Buffer.from(body, 'latin1').toString())
    if (status === 200) acknowledged.push(i)
    else refusedIn.push(ms)
    idle.push({ socket, since: performance.now() })
  }
  for (const [i, request] of requests.entries()) {
    const due = started + (i * 1_000) / perSecond
    // also one that is late lets answers in first: else whoever falls behind reads none, and opens a connection for each
    await new Promise(done => setImmediate(done))
    while (performance.now() < due && !isOver) await new Promise(done => setTimeout(done, 1))
    if (isOver) break
    const sent = send(i, request, due).finally(() => open.delete(sent))
    open.add(sent)
  }
  await Promise.all(open)
  for (const { socket } of idle) socket.destroy()
  return {
    took: took.sort((a, b) => a - b),
    refused: refusedIn.length,
    refusedIn: refusedIn.sort((a, b) => a - b),
    acknowledged,
    began: performance.timeOrigin + started,
  }
}

interface Resting {
  socket: Socket
  since: number
}

/** A server hangs up on connections that rest for 5 s (Node): what is written to one then is never answered, and never ends. */
const LONGEST_REST_MS = 3_000

/** The connection that rested the shortest, if it can still be used. */
function rested(idle: Resting[]): Socket | undefined {
  for (let last = idle.pop(); last; last = idle.pop()) {
    if (!last.socket.destroyed && performance.now() - last.since < LONGEST_REST_MS) return last.socket
    last.socket.destroy()
  }
  return undefined
}

export const at = (sorted: number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN

export const median = (values: number[]): number =>
  at(
    [...values].sort((a, b) => a - b),
    0.5,
  )

function opened(port: number): Promise<Socket> {
  return new Promise((done, fail) => {
    const socket = connect(port, '127.0.0.1', () => done(socket))
    socket.setNoDelay(true)
    socket.once('error', fail)
  })
}

/** One answer, whose end its content-length or last chunk tells; the body as bytes, in chunks with their marks. */
function exchange(socket: Socket, request: Buffer): Promise<{ status: number; body: string }> {
  return new Promise((done, fail) => {
    let got = ''
    const onClose = () => fail(new Error('the server hung up'))
    const onData = (chunk: Buffer): void => {
      got += chunk.toString('latin1')
      const head = got.indexOf('\r\n\r\n')
      if (head < 0) return
      const length = /content-length: (\d+)/i.exec(got)?.[1]
      const whole = length ? got.length >= head + 4 + Number(length) : got.endsWith('0\r\n\r\n')
      if (!whole) return
      socket.off('data', onData).off('close', onClose)
      done({ status: Number(got.slice(9, 12)), body: got.slice(head + 4) })
    }
    socket.on('data', onData).on('close', onClose).write(request)
  })
}
