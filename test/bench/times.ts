import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'

/** Where the time of a process went since it was last asked, in ms. */
export interface Times {
  /** From a request's head to its answer, for each answer of that status, the shortest first. */
  answered: Record<string, number[]>
  /** How long the process had no ear for anything new. */
  deaf: { p99: number; most: number }
  /** How often it listened, a second: each time it takes in what has come, but one new connection only (libuv 1.45). */
  looksPerSecond: number
}

const RESOLUTION_MS = 5
const NS = 1_000_000

/** How long this process's loop is held up by what it does, or by a machine that does something else. */
export function watchLoop() {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  const ms = (ns: number) => Math.max(0, ns / NS - RESOLUTION_MS)
  return {
    read: () => ({ p99: ms(delay.percentile(99)), most: ms(delay.max) }),
    reset: () => delay.reset(),
  }
}

/**
 * In a server that is measured: tells whoever started it where its time went, so that a slow server and a slow client can be told apart.
 * It watches from when it is first asked: a timer of a few milliseconds costs as much as a command, and is none of the bot's.
 */
export function tellOurTimes(): void {
  process.once('message', () => {
    tell()
    process.send?.({ answered: {}, deaf: { p99: 0, most: 0 }, looksPerSecond: 0 } satisfies Times)
  })
}

function tell(): void {
  const loop = watchLoop()
  const began = new WeakMap<object, number>()
  let answered: Times['answered'] = {}
  let from = looks()
  subscribe('http.server.request.start', of => {
    began.set((of as { request: object }).request, performance.now())
  })
  subscribe('http.server.response.finish', of => {
    const { request, response } = of as { request: object; response: { statusCode: number } }
    const since = began.get(request)
    if (since === undefined) return
    const same = answered[response.statusCode] ?? []
    answered[response.statusCode] = same
    same.push(performance.now() - since)
  })
  process.on('message', () => {
    for (const some of Object.values(answered)) some.sort((a, b) => a - b)
    const to = looks()
    const looksPerSecond = ((to.count - from.count) * 1_000) / (to.at - from.at)
    process.send?.({ answered, deaf: loop.read(), looksPerSecond } satisfies Times)
    answered = {}
    from = to
    loop.reset()
  })
}

/** Turns of the loop so far. */
function looks(): { count: number; at: number } {
  // newer than the types of Node
  const { uvMetricsInfo } = performance.nodeTiming as unknown as { uvMetricsInfo?: { loopCount: number } }
  return { count: uvMetricsInfo?.loopCount ?? Number.NaN, at: performance.now() }
}

/** Asks a server for its times, which begin anew. */
export async function timesOf(child: ChildProcess): Promise<Times> {
  child.send('times')
  const [times] = (await once(child, 'message')) as [Times]
  return times
}
