import { connect, type Socket } from 'node:net'
import { type Heard, mendEndings, SSL_REQUEST } from './endings.ts'

/** Longer than the server gives a statement of ours: what has not been answered by then never will be. */
const LONGEST_SILENCE_MS = 4_800
const LOOK_MS = 100

interface Address {
  host: string[]
  port: number[]
  path?: string | false | undefined
}

/**
 * Makes the connections of one pool to Postgres. One that owes an answer and stays silent, as when its other end has vanished
 * without a word, is given up, and with it those that have said nothing since: they lead to the same end. The driver itself would
 * wait for as long as the system lets it, a quarter of an hour. Of an encrypted one it cannot be seen whether it owes anything: it is
 * given up also when it only rests, which costs a new connection. `longestMs`: how long one may be silent.
 */
export function watchfulSockets(longestMs = LONGEST_SILENCE_MS): (address: Address) => Socket {
  const watches = new Set<Watch>()
  return ({ host: [host = ''], port: [port = 5_432], path }) => {
    const socket = path ? connect(path) : connect(port, host)
    // by this name the driver checks a certificate
    Object.assign(socket, { host, port })
    const watch = new Watch(socket)
    watches.add(watch)
    mendEndings(socket, watch)
    const timer = setInterval(() => {
      if (socket.destroyed) {
        clearInterval(timer)
        watches.delete(watch)
        // what arrived while this process was busy is read first
      } else if (watch.isSilent(longestMs)) setImmediate(giveUp, watch, watches, longestMs)
    }, LOOK_MS)
    timer.unref()
    return socket
  }
}

function giveUp(silent: Watch, watches: Set<Watch>, longestMs: number): void {
  if (!silent.isSilent(longestMs)) return
  for (const watch of watches) if (watch === silent || watch.heardAt < silent.askedAt) watch.socket.destroy()
}

/** What one connection was asked and has answered: every Query and Sync is owed a ReadyForQuery, and any word at all some word. */
class Watch implements Heard {
  readonly socket: Socket
  readonly #asks = counter('QS', 'greets')
  readonly #answers = counter('Z')
  #owed = 0
  isEncrypted = false
  isReady = false
  #read = 0
  askedAt = performance.now()
  heardAt = 0

  constructor(socket: Socket) {
    this.socket = socket
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean
    socket.write = (...args: unknown[]) => {
      if (args[0] instanceof Buffer) this.#ask(args[0])
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
    this.isEncrypted ||= said.equals(SSL_REQUEST)
    this.#owed += this.#asks(said)
    // silence is reckoned from the first that has not been answered
    if (this.askedAt <= this.heardAt) this.askedAt = performance.now()
  }

  isSilent(longestMs: number): boolean {
    if (this.isEncrypted && this.socket.bytesRead !== this.#read) {
      this.#read = this.socket.bytesRead
      this.heardAt = performance.now()
    }
    // what is asked without Sync, as a description is, is owed some word too
    const owes = this.isEncrypted || this.#owed > 0 || this.askedAt > this.heardAt
    return owes && performance.now() - Math.max(this.askedAt, this.heardAt) > longestMs
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
