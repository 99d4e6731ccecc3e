import { createAdaptorServer, type ServerType } from '@hono/node-server'
import { type Loop, ourLoop, restBetween } from './rest.ts'

/** Feishu waits 3 s for everything together: a request that has not arrived whole by then is none of Feishu's, and is closed. */
const PATIENCE = { headersTimeout: 5_000, requestTimeout: 5_000, connectionsCheckingInterval: 1_000 }
/** Whoever neither sends nor takes anything for so long is cut off; moving the clock by weeks may take most of it. */
const LONGEST_SILENCE_MS = 120_000
/**
 * Feishu needs a few; a crowd of idle ones would use up the process's file handles (4,096 where few are given). More than may wait for
 * a turn (`ROOM`): whoever finds no room is told so, and not hung up on.
 */
const MOST_CONNECTIONS = 2_500

/** Not listening yet. */
export function createServer(
  fetch: Parameters<typeof createAdaptorServer>[0]['fetch'],
  loop: Loop = ourLoop,
): ServerType {
  const server = createAdaptorServer({ fetch, serverOptions: PATIENCE })
  restBetween(server, loop)
  server.setTimeout(LONGEST_SILENCE_MS)
  server.maxConnections = MOST_CONNECTIONS
  return server
}

/** By then every turn in hand has been answered; only requests that never arrived whole are still open. */
const LONGEST_ANSWER_MS = 3_000

/** Ends when all that was asked has been answered, or after `LONGEST_ANSWER_MS`. */
export function closeServer(server: ServerType): Promise<void> {
  return new Promise(done => {
    const cut = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), LONGEST_ANSWER_MS)
    server.close(() => {
      clearTimeout(cut)
      done()
    })
    if ('closeIdleConnections' in server) server.closeIdleConnections()
  })
}
