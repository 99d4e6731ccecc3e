import postgres from 'postgres'
import { getTrip } from '../../db/car.ts'
import { fleetAbout, usualKilometres } from '../../db/car-dispatch.ts'
import { proposed } from '../../handlers/car/assign.ts'
import { features } from '../../handlers/index.ts'
import { createKeys } from '../../src/bot/keys.ts'
import { fillFleet, OF_FLEET } from '../harness/fleet-past.ts'
import { type Cost, watch } from '../harness/watched.ts'
import { at, median } from './load.ts'

const NOW = new Date('2026-11-24T09:00:00+08:00')
const VEHICLES = 500
const DRIVERS = 500
/** Five years of them. */
const RUNS = 300_000
/** What a proposal may cost the database at the 99th percentile. */
const BAR_MS = 50
const ROUNDS = 100
const WARM_UP = 3

/**
 * What it costs to propose cars and drivers once there are many and they have been about for years. Answers what broke a promise.
 */
export async function cars(
  database: (name: string) => Promise<string>,
  print: (title: string, head: string[], rows: string[][]) => void,
): Promise<string[]> {
  const url = await database('cars')
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  await fillFleet(sql, { vehicles: VEHICLES, drivers: DRIVERS, runs: RUNS, now: NOW })
  await sql.end()
  const watched = watch(url)
  const look = {
    db: watched.db,
    now: NOW,
    office: { features, officeHours: '08:30-12:00,14:30-17:30', admins: [], keys: createKeys('for tests') },
  }
  const waiting = await Promise.all(OF_FLEET.waiting.map(id => getTrip(watched.db, id)))
  const faults: string[] = []
  const rows: string[][] = []
  const measure = async (name: string, run: (round: number) => Promise<unknown>): Promise<void> => {
    const costs: Cost[] = []
    for (let round = 0; round < ROUNDS + WARM_UP; round++) {
      const cost = await watched.costOf(() => run(round))
      if (round >= WARM_UP) costs.push(cost)
    }
    const times = costs.map(({ ms }) => ms).sort((a, b) => a - b)
    const scanned = [...new Set(costs.flatMap(cost => cost.scanned))].filter(table => ['runs', 'trips'].includes(table))
    rows.push([
      name,
      median(times).toFixed(1),
      at(times, 0.99).toFixed(1),
      String(median(costs.map(({ pages }) => pages))),
    ])
    if (at(times, 0.99) > BAR_MS) faults.push(`${name}: p99 ${at(times, 0.99).toFixed(1)} ms`)
    if (scanned.length) faults.push(`${name} reads all of ${scanned.join(', ')}`)
  }
  const trip = (round: number) => waiting[round % waiting.length] as (typeof waiting)[number]
  await measure('派车建议', round => proposed(look, [trip(round)]))
  await measure('其中:车辆、驾驶员和前后任务', round => fleetAbout(watched.db, trip(round)))
  await measure('其中:经验里程', round => usualKilometres(watched.db, trip(round).destination))
  print(
    `${VEHICLES} vehicles, ${DRIVERS} drivers, ${RUNS} runs of five years: database time of one proposal`,
    ['', 'p50 ms', 'p99 ms', 'pages'],
    rows,
  )
  await watched.close()
  return faults
}
