import { createServer, type Server } from 'node:http'
import { isPassing, sqlFault } from '../../db/client.ts'
import type { Log } from '../bot/log.ts'
import type { Config } from '../config.ts'

const AGAIN_MS = 1_000
const TELL_EVERY = 30

/** Opens the database as soon as it answers; a refused password or an unknown database is no reason to wait. Meanwhile the port says that we live and are not ready. */
export async function whenItAnswers<T>(
  open: () => Promise<T>,
  { host, port }: Pick<Config, 'host' | 'port'>,
  log: Log,
): Promise<T> {
  let meanwhile: Meanwhile | undefined
  for (let attempt = 0; ; attempt++) {
    const tried = await open().then(
      opened => ({ opened }),
      (error: unknown) => ({ error }),
    )
    if ('opened' in tried) {
      await meanwhile?.end()
      return tried.opened
    }
    if (!isPassing(tried.error)) throw tried.error
    if (attempt % TELL_EVERY === 0)
      log('warn', 'the database does not answer', { code: sqlFault(tried.error)?.code, attempt })
    meanwhile ??= await startMeanwhile(host, port)
    await new Promise(done => setTimeout(done, AGAIN_MS))
  }
}

interface Meanwhile {
  end(): Promise<void>
}

async function startMeanwhile(host: string, port: number): Promise<Meanwhile> {
  const server = createServer((request, response) => {
    const alive = request.url === '/healthz'
    const body = alive ? { alive } : { ready: false, reason: 'the database does not answer' }
    response.writeHead(alive ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await listening(server, host, port)
  return {
    async end() {
      const closed = new Promise(done => server.close(done))
      server.closeAllConnections()
      await closed
    },
  }
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail)
    server.listen(port, host, () => done())
  })
}
