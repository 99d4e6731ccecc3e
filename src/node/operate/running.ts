import { existsSync, rmSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Log } from '../../bot/log.ts'
import { describe } from '../../bot/log.ts'
import { Told } from '../told.ts'

/**
 * The embedded database has one process: what an operator asks for while the bot runs, the bot does itself. It listens on a socket in
 * its data directory, which only the user it runs as can open.
 */

/** What may be asked, and what is answered: lines for the terminal, and whether all is well. */
export type Asked = (said: string) => Promise<Answered>
export interface Answered {
  lines: string[]
  well: boolean
}

const socketIn = (dataDir: string): string => join(dataDir, 'operator.sock')

/** Where no such socket can be opened (a path of more than a hundred characters, Windows), the commands want the bot to be stopped. */
export async function listenToOperator(
  dataDir: string,
  words: Record<string, Asked>,
  log: Log,
): Promise<{ stop(): Promise<void> }> {
  const path = socketIn(dataDir)
  rmSync(path, { force: true })
  const server = createServer(async (incoming, outgoing) => {
    const asked = words[incoming.url?.slice(1) ?? '']
    const said = await text(incoming)
    const answered = await (asked?.(said) ?? Promise.reject(new Told('The running bot knows no such word.'))).catch(
      (error: unknown): Answered => {
        if (!(error instanceof Told)) log('error', 'operator not served', describe(error))
        return {
          lines: [error instanceof Told ? error.message : 'The running bot could not do it; its log says more.'],
          well: false,
        }
      },
    )
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answered))
  })
  const listening = new Promise<void>((done, fail) => {
    server.once('listening', done)
    server.once('error', fail)
  })
  // the socket is made at once, with the rights that hold at this moment
  const before = process.umask(0o177)
  server.listen(path)
  process.umask(before)
  await listening.catch((error: unknown) => log('warn', 'no socket for the operator', describe(error)))
  return {
    stop: () =>
      new Promise(done => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

/** Asks the bot that has the directory. @throws Told when it does not answer. */
export function askRunning(dataDir: string, word: string, said: string): Promise<Answered> {
  const silent = new Told(
    `The bot that uses ${dataDir} does not answer on ${socketIn(dataDir)}. Run this as the same user, or stop the bot first.`,
  )
  if (!existsSync(socketIn(dataDir))) throw silent
  return new Promise((done, fail) => {
    const asking = request({ socketPath: socketIn(dataDir), path: `/${word}`, method: 'POST' }, answer => {
      text(answer)
        .then(body => done(JSON.parse(body) as Answered))
        .catch(() => fail(silent))
    })
    asking.once('error', () => fail(silent))
    asking.end(said)
  })
}
