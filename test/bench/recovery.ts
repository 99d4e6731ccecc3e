import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { note } from './bars.ts'
import { asked } from './events.ts'
import { closedLoop } from './load.ts'
import { type Bench, nothingWaits, until } from './part.ts'

/** More than may be under way at once, so that some wait as well. */
const COMMANDS = 60
const UNDER_WAY = 40
const CONNECTIONS = 16
const LONGEST_MS = 60_000
const BAR_S = 10

/** R6: a process is killed while its calls hang at the Open API; how soon after the next is ready all of them have been answered. */
export async function recovery(bench: Bench): Promise<void> {
  const api = await hangingApi()
  const { server, sql, again, stop } = await bench.start('lifted', 'recovery', api.port)
  const all = asked(COMMANDS, server.port)
  await closedLoop(
    server.port,
    all.map(({ request }) => request),
    { connections: CONNECTIONS, ms: LONGEST_MS },
  )
  await until(async () => api.hanging() >= UNDER_WAY, LONGEST_MS, 'sending')
  const ended = once(server.child, 'exit')
  server.child.kill('SIGKILL')
  await ended
  api.answer()
  const { readyMs } = await again()
  const ready = performance.now()
  await until(() => nothingWaits(sql), LONGEST_MS, 'taking up what was interrupted')
  const seconds = (performance.now() - ready) / 1_000
  const missing = all.filter(({ message }) => !api.answered.has(message)).length
  bench.print(
    `killed with ${UNDER_WAY} calls under way and ${COMMANDS - UNDER_WAY} waiting`,
    ['', 'start s', 'all answered after s', 'not answered'],
    [['bot', (readyMs / 1_000).toFixed(2), seconds.toFixed(2), String(missing)]],
  )
  note('R6', `${seconds.toFixed(1)} s, ${missing} not answered`, seconds <= BAR_S && missing === 0)
  await stop()
  api.close()
}

/** An Open Platform that takes messages and says nothing, until told. */
async function hangingApi() {
  const [held, answered] = [new Set<ServerResponse>(), new Set<string>()]
  let isHanging = true
  const server = createServer((request, response) => {
    request.resume()
    const message = /\/messages\/([^/]+)\/reply$/.exec(request.url ?? '')?.[1]
    response.setHeader('content-type', 'application/json')
    if (!message) return response.end(JSON.stringify(OTHERWISE))
    if (isHanging) return held.add(response)
    answered.add(message)
    return response.end(JSON.stringify({ code: 0, data: { message_id: `om_${answered.size}` } }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    answered,
    hanging: () => held.size,
    answer: () => {
      isHanging = false
    },
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

const OTHERWISE = {
  code: 0,
  tenant_access_token: 't-bench',
  expire: 7_200,
  bot: { open_id: 'ou_bot', app_name: 'bench' },
  data: { has_more: false, items: [], department_ids: [], user_ids: [] },
}
