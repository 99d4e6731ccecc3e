import type { IncomingMessage, ServerResponse } from 'node:http'

/** So long may requests be taken in while nothing else gets its turn. */
const LONGEST_MS = 100

/** The event loop of this process, by a clock that nobody sets. */
export interface Loop {
  now(): number
  /** Runs this when the loop has gone round. */
  nextTurn(run: () => void): void
}

export const ourLoop: Loop = { now: () => performance.now(), nextTurn: setImmediate }

interface Server {
  on(event: 'request', heard: (request: IncomingMessage, response: ServerResponse) => void): unknown
}

/**
 * A look of Node's loop finds up to 1,024 sockets that have something to say; when it finds so many it looks again, up to 48 times, before
 * any timer runs or anything else begins (libuv 1.46, `uv__io_poll`). So 1,100 connections that ask and ask would halt everybody else for
 * seconds. Once requests have been taken in for `LONGEST_MS`, whoever has been answered is heard again when the loop has gone round.
 */
export function restBetween(server: Server, { now, nextTurn }: Loop): void {
  const resting = new Set<IncomingMessage['socket']>()
  let turn = 0
  let since: number | undefined
  const goOn = (): void => {
    turn++
    since = undefined
    for (const socket of resting) socket.resume()
    resting.clear()
  }
  server.on('request', (request, response) => {
    if (since === undefined) {
      since = now()
      nextTurn(goOn)
      return
    }
    if (now() - since <= LONGEST_MS) return
    const askedIn = turn
    const rest = (): void => {
      if (turn !== askedIn) return
      request.socket.pause()
      resting.add(request.socket)
    }
    // not before both have ended: a body that is read or thrown away wakes its socket
    response.once('finish', () => (request.readableEnded ? rest() : request.once('end', rest)))
  })
}
