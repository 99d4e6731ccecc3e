import { Miniflare } from 'miniflare'

/**
 * workerd in a process of its own: miniflare's stand-in for Hyperdrive leaves the errors of its sockets unhandled, and a test
 * would be blamed for each connection that is cut off.
 */
export interface Order {
  script: string
  env: Record<string, string>
  databaseUrl: string | undefined
}

/** miniflare's own type of it wants the types of Workers. */
interface Scheduled {
  scheduled(event: { cron: string; scheduledTime: Date }): Promise<{ outcome: string }>
}

const CUT_OFF = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE'])

process.on('uncaughtException', error => {
  if ('code' in error && CUT_OFF.has(String(error.code))) return
  process.stderr.write(`${error.stack}\n`)
  process.exit(1)
})

let miniflare: Miniflare | undefined

process.on('message', (message: Order | { minuteMs: number } | 'stop') => {
  if (message === 'stop') void miniflare?.dispose().finally(() => process.exit(0))
  else if ('minuteMs' in message) void minute(message.minuteMs).then(outcome => process.send?.({ outcome }))
  else void start(message).then(url => process.send?.({ url }))
})
process.on('disconnect', () => process.exit(0))

async function start({ script, env, databaseUrl }: Order): Promise<string> {
  miniflare = new Miniflare({
    // told what there is, it does not look for more behind the import() of what reads PDF files, which has no fixed name
    modules: [{ type: 'ESModule', path: 'worker.js', contents: script }],
    compatibilityDate: '2026-04-20',
    compatibilityFlags: ['nodejs_compat'],
    bindings: env,
    ...(databaseUrl ? { hyperdrives: { HYPERDRIVE: databaseUrl } } : {}),
  })
  return (await miniflare.ready).origin
}

async function minute(scheduledMs: number): Promise<string> {
  const worker = (await miniflare?.getWorker()) as unknown as Scheduled
  return (await worker.scheduled({ cron: '* * * * *', scheduledTime: new Date(scheduledMs) })).outcome
}
