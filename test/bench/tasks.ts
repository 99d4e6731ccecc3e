import postgres from 'postgres'
import { type Act, actsIn } from '../harness/acts.ts'
import { fillOffice, OF_THE_PAST } from '../harness/past.ts'
import { type Cost, watch } from '../harness/watched.ts'
import { median } from './load.ts'

/** Ten years of a big office, and the same office in its first weeks. */
const MUCH = 198_000
const LITTLE = 1_000
const OPEN = 2_000
const PEOPLE = 2_000
const NOW = new Date('2026-11-24T09:00:00+08:00')
/** What a reading may cost the database at the 99th percentile. */
const BAR_MS = 50
/** 统计 reads a whole month or year, and is asked for seldom. */
const SELDOM = '统计'
const ROUNDS = 100
const WARM_UP = 2
const LONGEST_MS = 5_000

interface Measured {
  p50: number
  p99: number
  pages: number
  scanned: string[]
}

/**
 * What 督办 costs the database once there are 200,000 of them, and whether the heartbeat feels the past. Answers what broke a
 * promise: a table that grows with the past and was read from end to end, or a reading over the bar.
 */
export async function tasks(
  database: (name: string) => Promise<string>,
  print: (title: string, head: string[], rows: string[][]) => void,
): Promise<string[]> {
  const much = await filled(await database('tasks_much'), MUCH)
  const little = await filled(await database('tasks_little'), LITTLE)
  const faults: string[] = []
  const rows: string[][] = []
  for (const act of [...much.acts.daily, ...much.acts.ledger]) {
    const { p50, p99, pages, scanned } = await much.measure(act)
    rows.push([act.name, p50.toFixed(1), p99.toFixed(1), String(pages)])
    if (scanned.length) faults.push(`${act.name} reads all of ${scanned.join(', ')}`)
    if (p99 > BAR_MS && !act.name.startsWith(SELDOM)) faults.push(`${act.name}: p99 ${p99.toFixed(1)} ms`)
  }
  print(
    `${MUCH + OPEN} tasks of ten years, ${PEOPLE} people: database time of one reading`,
    ['', 'p50 ms', 'p99 ms', 'pages'],
    rows,
  )
  const beats: string[][] = []
  for (const [i, act] of much.acts.beat.entries()) {
    const now = await much.measure(act)
    const then = await little.measure(little.acts.beat[i] as Act)
    beats.push([
      act.name,
      then.p50.toFixed(2),
      now.p50.toFixed(2),
      (now.p50 / then.p50).toFixed(2),
      String(then.pages),
      String(now.pages),
    ])
    if (now.scanned.length) faults.push(`${act.name} reads all of ${now.scanned.join(', ')}`)
  }
  print(
    `heartbeat with a past of ${LITTLE} and of ${MUCH} of each kind, ${OPEN} open in both`,
    ['', 'p50 ms', 'p50 ms', 'ratio', 'pages', 'pages'],
    beats,
  )
  await much.close()
  await little.close()
  return faults
}

async function filled(url: string, ended: number) {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  await fillOffice(sql, { ended, open: OPEN, people: PEOPLE, now: NOW })
  await sql.end()
  const watched = watch(url)
  return {
    acts: actsIn(watched.db, { ended, open: OPEN, now: NOW }),
    async measure(act: Act): Promise<Measured> {
      const costs: Cost[] = []
      const started = performance.now()
      for (let round = 0; costs.length < ROUNDS && performance.now() < started + LONGEST_MS; round++) {
        const cost = await watched.costOf(() => act.run(round))
        if (round >= WARM_UP) costs.push(cost)
      }
      const times = costs.map(cost => cost.ms).sort((a, b) => a - b)
      return {
        p50: median(times),
        p99: times[Math.ceil(times.length * 0.99) - 1] ?? 0,
        pages: median(costs.map(cost => cost.pages)),
        scanned: [...new Set(costs.flatMap(cost => cost.scanned))].filter(name => OF_THE_PAST.includes(name)),
      }
    },
    close: watched.close,
  }
}
