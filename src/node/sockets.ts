import { connect, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { type Encryption, encrypted } from './encryption.ts'
import { type Heard, mendEndings } from './endings.ts'

/** Longer than the server gives a statement of ours: what has not been answered by then never will be. */
const LONGEST_SILENCE_MS = 4_400
const LOOK_MS = 100

/** What the driver tells of the connection that it wants. */
interface Wanted {
  host: string[]
  port: number[]
  path?: string | false | undefined
  connect_timeout: number
}

/**
 * Makes the connections of one process to Postgres, `encryption` and all: so the driver sees none of that, and what is mended of its
 * faults is mended on encrypted ones too. One that owes an answer and stays silent, as when its other end has vanished without a word,
 * is given up, and with it those that have said nothing since: they lead to the same end. The driver itself would wait for as long as
 * the system lets it, a quarter of an hour. `longestMs`: how long one may be silent.
 */
export function watchfulSockets(
  encryption?: Encryption,
  longestMs = LONGEST_SILENCE_MS,
): (wanted: Wanted) => Socket | Promise<Duplex> {
  const watches = new Set<Watch>()
  let looksSoon = false
  // one for all of them, and only while an answer is owed: a process is woken for each
  const lookSoon = (): void => {
    if (!looksSoon) setTimeout(look, LOOK_MS).unref()
    looksSoon = true
  }
  const look = (): void => {
    looksSoon = false
    // what arrived while this process was busy is read first
    for (const watch of watches) if (watch.isSilent(longestMs)) setImmediate(giveUp, watch, watches, longestMs)
    if ([...watches].some(watch => watch.owes)) lookSoon()
  }
  const watched = (socket: Socket): Socket => {
    const watch = new Watch(socket, lookSoon)
    watches.add(watch)
    socket.once('close', () => watches.delete(watch))
    mendEndings(socket, watch)
    return socket
  }
  return ({ host: [host = ''], port: [port = 5_432], path, connect_timeout: seconds }) => {
    // by this name the driver tells of its faults
    const named = (socket: Socket) => watched(Object.assign(socket, { host, port }))
    // what does not leave the machine is never encrypted
    if (path) return named(connect(path))
    const socket = connect(port, host)
    return encryption ? encrypted(socket, host, encryption, seconds * 1_000).then(named, failing) : named(socket)
  }
}

/** One on which the first word fails. A broken promise would cost the driver this place in its pool for good. */
const failing = (error: Error): Duplex => new Duplex({ read() {}, write: (_said, _encoding, done) => done(error) })

function giveUp(silent: Watch, watches: Set<Watch>, longestMs: number): void {
  if (!silent.isSilent(longestMs)) return
  for (const watch of watches) if (watch === silent || watch.heardAt < silent.askedAt) end(watch.socket)
}

/** The driver is told at once: until it knows, it hands the next statements to connections that are gone. */
function end(socket: Socket): void {
  socket.destroy()
  socket.emit('close', false)
}

/** What one connection was asked and has answered: every Query and Sync is owed a ReadyForQuery, and any word at all some word. */
class Watch implements Heard {
  readonly socket: Socket
  readonly #asks = counter('QS', 'greets')
  readonly #answers = counter('Z')
  #owed = 0
  isReady = false
  askedAt = performance.now()
  heardAt = 0

  constructor(socket: Socket, asked: () => void) {
    this.socket = socket
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean
    socket.write = (...args: unknown[]) => {
      if (args[0] instanceof Buffer) {
        this.#ask(args[0])
        asked()
      }
      return write(...args)
    }
    socket.on('data', (said: Buffer) => {
      const answers = this.#answers(said)
      this.#owed -= answers
      this.isReady ||= answers > 0
      this.heardAt = performance.now()
    })
  }

  #ask(said: Buffer): void {
    this.#owed += this.#asks(said)
    // silence is reckoned from the first that has not been answered
    if (this.askedAt <= this.heardAt) this.askedAt = performance.now()
  }

  get owes(): boolean {
    // what is asked without Sync, as a description is, is owed some word too
    return this.#owed > 0 || this.askedAt > this.heardAt
  }

  isSilent(longestMs: number): boolean {
    return this.owes && performance.now() - Math.max(this.askedAt, this.heardAt) > longestMs
  }
}

const HEAD = 5

/** Counts messages of these types in a stream that comes in pieces; with `greets` the first bears no type, and counts. */
function counter(types: string, greets?: 'greets'): (piece: Buffer) => number {
  const wanted = new Set(Buffer.from(types))
  const head = Buffer.alloc(HEAD)
  let filled = greets ? 1 : 0
  head[0] = types.charCodeAt(0)
  let rest = 0
  return piece => {
    let found = 0
    for (let at = 0; at < piece.length; ) {
      if (rest) {
        const passed = Math.min(rest, piece.length - at)
        rest -= passed
        at += passed
        continue
      }
      head[filled++] = piece[at++] as number
      if (filled < HEAD) continue
      if (wanted.has(head[0] as number)) found++
      rest = head.readUInt32BE(1) - 4
      filled = 0
    }
    return found
  }
}
