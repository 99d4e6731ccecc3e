import { readdirSync } from 'node:fs'
import { noteAnswered, type Unanswered, unansweredOf } from './bars.ts'
import { requests } from './events.ts'
import { at, closedLoop, type Load, median, openLoop } from './load.ts'
import { type Bench, ms, nothingWaits, pause, until } from './part.ts'
import { type Running, rssMb } from './servers.ts'

const PER_SECOND = 300
const MINUTE_MS = 60_000
/** Code and caches settle in the first minutes: of these the slope says nothing. */
const SETTLING = 2
/** So long the bot takes to hear of it, however much else runs. */
const HUNG_UP_MS = 1_000
const BAR_RSS_MB = 200
const BAR_SLOPE_MB = 0.5
const BAR_MORE_FDS = 5
const BAR_LONGEST_MS = 1_000
const FLAT_MS = 50

interface Sample extends Unanswered {
  rss: number
  fds: number
  p99: number
  longest: number
}

/** P10 and D46: at 300 a second for so many minutes; a line each, and at the end how much it grows a minute. What is over 1 s misses P3. */
export async function soak(bench: Bench, minutes: number): Promise<void> {
  const { server, stop } = await bench.start('lifted', 'soak')
  const samples: Sample[] = []
  for (let minute = 0; minute < minutes; minute++) {
    const all = requests((PER_SECOND * MINUTE_MS) / 1_000, server.port)
    const { took, refused, cut } = await openLoop(server.port, all, {
      perSecond: PER_SECOND,
      until: new Promise(() => {}),
    })
    // the client's own connections are not counted
    await pause(HUNG_UP_MS)
    const [p99, longest] = [at(took, 0.99), at(took, 1)]
    samples.push({ rss: rssMb(server).now, fds: openFiles(server), p99, longest, refused, cut })
  }
  const settled = samples.slice(Math.min(SETTLING, samples.length - 2))
  const [slope, peak] = [slopeOf(settled.map(({ rss }) => rss)), rssMb(server).peak]
  const more = (settled.at(-1)?.fds ?? 0) - (settled[0]?.fds ?? 0)
  bench.print(
    `soak: ${PER_SECOND}/s for ${minutes} min; RSS grows ${slope.toFixed(2)} MB a minute, ${peak.toFixed(0)} MB at most`,
    ['minute', 'RSS MB', 'open files', 'p99 ms', 'longest ms', 'refused', 'unanswered'],
    samples.map(({ rss, fds, p99, longest, refused, cut }, i) => [
      ...[String(i + 1), rss.toFixed(0), String(fds)],
      ...[ms(p99), ms(longest), String(refused), String(cut)],
    ]),
  )
  const flat = flatness(settled.map(({ p99 }) => p99))
  const grown = `${peak.toFixed(0)} MB, ${slope.toFixed(2)} MB/min over ${settled.length} min, ${more} more files`
  const isKept = peak <= BAR_RSS_MB && slope < BAR_SLOPE_MB && more <= BAR_MORE_FDS && flat.isFlat
  const unanswered = unansweredOf(samples)
  noteAnswered('P10', `${grown}, p99 from ${ms(flat.first)} to ${ms(flat.last)} ms`, isKept, unanswered)
  const longest = Math.max(...samples.map(one => one.longest))
  noteAnswered('P3', `${minutes} min: longest ${ms(longest)} ms`, longest <= BAR_LONGEST_MS, unanswered)
  await stop()
}

/** Whether what was measured minute by minute is at the end what it was in the beginning: the medians of the last and the first third. */
export function flatness(p99s: number[]): { first: number; last: number; isFlat: boolean } {
  const third = Math.ceil(p99s.length / 3)
  const [first, last] = [median(p99s.slice(0, third)), median(p99s.slice(-third))]
  return { first, last, isFlat: last <= Math.max(2 * first, FLAT_MS) }
}

const CONNECTIONS = 16
const PORTIONS = 20
/** What a turn may leave in the process: 1 MB in a hundred thousand turns. */
const BAR_KB = 0.01

/** Memory over so many turns, as fast as they go: a line for each twentieth. */
export async function million(bench: Bench, turns: number): Promise<void> {
  const { server, sql, stop } = await bench.start('lifted', 'million')
  const samples: number[] = []
  const loads: Load[] = []
  let done = 0
  const portion = Math.ceil(turns / PORTIONS)
  while (done < turns) {
    for (let left = Math.min(portion, turns - done); left > 0; ) {
      const all = requests(Math.min(left, 5_000), server.port)
      const load = await closedLoop(server.port, all, { connections: CONNECTIONS, ms: MINUTE_MS })
      loads.push(load)
      left -= load.done
      done += load.done
    }
    await until(() => nothingWaits(sql), 10 * MINUTE_MS, 'emptying the outbox')
    samples.push(rssMb(server).now)
  }
  const settled = samples.slice(SETTLING)
  const kb = (slopeOf(settled) * 1_024) / portion
  bench.print(
    `memory over ${done} turns: ${kb.toFixed(4)} kB a turn once it has settled`,
    ['turns', 'RSS MB'],
    samples.map((rss, i) => [String(Math.min((i + 1) * portion, done)), rss.toFixed(0)]),
  )
  noteAnswered('P10', `${done} turns: ${kb.toFixed(4)} kB each`, kb <= BAR_KB, unansweredOf(loads))
  await stop()
}

/** How much a value rises from one sample to the next, by least squares. */
export function slopeOf(values: number[]): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const spread = values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0)
  return values.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0) / spread
}

const openFiles = ({ child }: Running): number => readdirSync(`/proc/${child.pid}/fd`).length
