import type { IncomingMessage, ServerResponse } from 'node:http'

/** So long may requests be taken in while nothing else gets its turn. */
const LONGEST_MS = 100

interface Server {
  on(event: 'request', heard: (request: IncomingMessage, response: ServerResponse) => void): unknown
}

/**
 * A look of Node's loop finds up to 1,024 sockets that have something to say; when it finds so many it looks again, up to 48 times, before
 * any timer runs or anything else begins (libuv 1.46, `uv__io_poll`). So 1,100 busy connections would halt everybody else for seconds.
 * Once requests have been taken in for `LONGEST_MS`, whoever has been answered is heard again when the loop has gone round.
 */
export function restBetween(
  server: Server,
  now = () => performance.now(),
  nextTurn: (run: () => void) => unknown = setImmediate,
): void {
  const resting = new Set<IncomingMessage['socket']>()
  let since: number | undefined
  const goOn = (): void => {
    since = undefined
    for (const socket of resting) socket.resume()
    resting.clear()
  }
  server.on('request', ({ socket }, response) => {
    if (since === undefined) {
      since = now()
      nextTurn(goOn)
    } else if (now() - since > LONGEST_MS)
      // not before: a body that is read wakes its socket
      response.once('finish', () => {
        if (since === undefined) return
        socket.pause()
        resting.add(socket)
      })
  })
}
