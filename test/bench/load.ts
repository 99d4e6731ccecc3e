import { connect, type Socket } from 'node:net'

export interface Load {
  /** How many were acknowledged. */
  perSecond: number
  p50: number
  p99: number
  refused: number
  /** How many were not answered: the connection was refused, cut, or silent for too long. */
  cut: number
  done: number
}

/** A closed loop, for so long or as long as there are requests: each connection sends the next once the last is answered. Raw sockets cost the least beside the server. */
export async function closedLoop(
  port: number,
  requests: Buffer[],
  { connections, ms }: { connections: number; ms: number },
): Promise<Load> {
  const took: number[] = []
  let [next, refused, cut] = [0, 0, 0]
  const started = performance.now()
  const worker = async (): Promise<void> => {
    let socket: Socket | undefined
    while (performance.now() - started < ms) {
      const request = requests[next++]
      if (!request) break
      const sent = performance.now()
      socket = socket?.destroyed === false ? socket : await opened(port)
      const answer = socket && (await exchange(socket, request))
      took.push(performance.now() - sent)
      if (!answer) cut++
      else if (answer.status !== 200) refused++
    }
    socket?.destroy()
  }
  await Promise.all(Array.from({ length: connections }, worker))
  const seconds = (performance.now() - started) / 1_000
  took.sort((a, b) => a - b)
  return {
    perSecond: (took.length - refused - cut) / seconds,
    p50: at(took, 0.5),
    p99: at(took, 0.99),
    refused,
    cut,
    done: took.length,
  }
}

export interface Poured {
  /** Of each that was answered, from when it was to leave, in ms, the shortest first. */
  took: number[]
  /** How long after that it left: so much is the client's own doing. */
  late: number[]
  refused: number
  /** How many were not answered: the connection was refused, cut, or silent for too long. */
  cut: number
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
  const late: number[] = []
  const refusedIn: number[] = []
  const acknowledged: number[] = []
  const idle: Socket[] = []
  const open = new Set<Promise<void>>()
  let [isOver, cut] = [false, 0]
  void until.then(() => {
    isOver = true
  })
  const started = performance.now()
  const send = async (i: number, request: Buffer, due: number): Promise<void> => {
    const socket = rested(idle) ?? (await opened(port))
    late.push(performance.now() - due)
    const answer = socket && (await exchange(socket, request))
    if (!answer) {
      cut++
      return
    }
    const ms = performance.now() - due
    took.push(ms)
    heard?.(i, Buffer.from(answer.body, 'latin1').toString())
    if (answer.status === 200) acknowledged.push(i)
    else refusedIn.push(ms)
    idle.push(socket)
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
  for (const socket of idle) socket.destroy()
  return {
    took: took.sort((a, b) => a - b),
    late: late.sort((a, b) => a - b),
    refused: refusedIn.length,
    cut,
    refusedIn: refusedIn.sort((a, b) => a - b),
    acknowledged,
    began: performance.timeOrigin + started,
  }
}

/** The connection that rested the shortest and can still be used. */
function rested(idle: Socket[]): Socket | undefined {
  for (let last = idle.pop(); last; last = idle.pop()) if (!last.destroyed) return last
  return undefined
}

export const at = (sorted: number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN

export const median = (values: number[]): number =>
  at(
    [...values].sort((a, b) => a - b),
    0.5,
  )

/**
 * The platform waits no longer. A connection that rests for so long ends too: the server hangs up on one after 5 s (Node), and what is
 * written to it then is never answered.
 */
const LONGEST_MS = 3_000

/** Undefined: refused, or not to be had in time. */
function opened(port: number): Promise<Socket | undefined> {
  return new Promise(done => {
    const socket = connect(port, '127.0.0.1', () => done(socket))
    socket.setNoDelay(true)
    socket.setTimeout(LONGEST_MS, () => socket.destroy())
    // a failure is followed by this
    socket.on('error', () => {}).on('close', () => done(undefined))
  })
}

/**
 * One answer, whose end its content-length or last chunk tells; the body as bytes, in chunks with their marks. Undefined: the
 * connection was cut before.
 */
function exchange(socket: Socket, request: Buffer): Promise<{ status: number; body: string } | undefined> {
  return new Promise(done => {
    let got = ''
    const onClose = () => done(undefined)
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
    if (socket.destroyed) onClose()
    else socket.on('data', onData).on('close', onClose).write(request)
  })
}
