import type { Socket } from 'node:net'
import { withoutLastWord } from './last-word.ts'

/** What is known of a connection to Postgres by what has been said over it. */
export interface Heard {
  /** Postgres has been ready for a query. */
  readonly isReady: boolean
}

/**
 * Keeps the driver (postgres 3.4.9, `connection.js`) from its own faults where a connection ends.
 *
 * - Of an error it hears first, and rejects what is under way; of the close a moment later, and until then it goes on to use the
 *   connection: what it is asked in between is never answered, or is called done, undone, as soon as the next connection stands. So of
 *   one that has been ready it hears the close alone, with which it rejects all there is.
 * - If one is closed, without an error, that never was ready, the driver tries again without end and without a pause, and whoever
 *   waits is not told: it gets an error.
 * - The error with which Postgres ends one, as when it is stopped, comes too late for that one: see `withoutLastWord`.
 * - What it was about to write at that moment it keeps, and holds back with it what it has to say on the next connection, until the
 *   two are a kilobyte. One on which it does not greet at once is closed, so that it tries again, and what it has kept is left out.
 */
export function mendEndings(socket: Socket, heard: Heard): void {
  let isGreeted = false
  let isTold = false
  let isClosed = false
  const passing = withoutLastWord()
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean
  socket.write = (said: unknown, ...rest: unknown[]) => {
    const isFirst = !isGreeted && said instanceof Buffer
    isGreeted = true
    return write(isFirst ? greetingIn(said) : said, ...rest)
  }
  const emit = socket.emit.bind(socket) as (event: string | symbol, ...args: unknown[]) => boolean
  socket.emit = (event: string | symbol, ...args: unknown[]) => {
    if (event === 'data') {
      const said = passing(args[0] as Buffer)
      return said.length > 0 && emit(event, said)
    }
    if (event === 'error') {
      if (heard.isReady) return true
      isTold = true
    }
    if (event !== 'close') return emit(event, ...args)
    // one that is given up is called closed before the system has closed it
    if (isClosed) return true
    isClosed = true
    if (!heard.isReady && isGreeted && !isTold)
      emit('error', new EndedEarly('the connection ended before it was ready'))
    return emit('close', heard.isReady ? false : args[0])
  }
  // the driver greets as soon as it has the socket, with what it writes by the first of these
  setImmediate(() =>
    setImmediate(() => {
      if (!isGreeted) socket.destroy()
    }),
  )
}

/** Before anything could be asked over it. */
export class EndedEarly extends Error {
  readonly code = 'CONNECTION_CLOSED'
}

const LENGTH = 4
/** How a greeting goes on after its length: the version of the protocol, and the first of the parameters. */
const GREETING = Buffer.from('\0\u0003\0\0user\0')

/** The last that is in it: whatever stands before was meant for another connection. */
function greetingIn(said: Buffer): Buffer {
  return said.subarray(Math.max(said.lastIndexOf(GREETING) - LENGTH, 0))
}
