import postgres from 'postgres'
import { busyMeetings } from '../../db/meeting-clash.ts'
import { features } from '../../handlers/index.ts'
import { planFor } from '../../handlers/meeting/rules.ts'
import { createKeys } from '../../src/bot/keys.ts'
import { fillFleet } from '../harness/fleet-past.ts'
import { fillMeetings, OF_MEETINGS } from '../harness/meeting-past.ts'
import { aWish, nobody } from '../harness/meeting-rules.ts'
import { type Cost, watch } from '../harness/watched.ts'
import { at, median } from './load.ts'

const NOW = new Date('2026-11-24T09:00:00+08:00')
/** Five years of them, and what is still to come. */
const MEETINGS = 10_000
const ASKED_TO_EACH = 20
const PEOPLE = 2_000
const WANTED = 200
/** Trips of the same years. */
const TRIPS = 30_000
/** What a look for clashes may cost the database at the 99th percentile, and the whole plan of a draft. */
const BAR_MS = { clash: 50, plan: 250 }
const ROUNDS = 100
const WARM_UP = 3

/** What it costs to see who of many is taken, once meetings have been held for years. Answers what broke a promise. */
export async function meetings(
  database: (name: string) => Promise<string>,
  print: (title: string, head: string[], rows: string[][]) => void,
): Promise<string[]> {
  const url = await database('meetings')
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  await fillMeetings(sql, { meetings: MEETINGS, each: ASKED_TO_EACH, people: PEOPLE, now: NOW })
  await fillFleet(sql, { vehicles: 50, drivers: 50, runs: TRIPS, now: NOW })
  await sql.end()
  const watched = watch(url)
  const look = {
    db: watched.db,
    now: NOW,
    office: { features, officeHours: '08:30-12:00,14:30-17:30', admins: [], keys: createKeys('for tests') },
  }
  const faults: string[] = []
  const rows: string[][] = []
  const measure = async (name: string, bar: number, run: (round: number) => Promise<unknown>): Promise<void> => {
    const costs: Cost[] = []
    for (let round = 0; round < ROUNDS + WARM_UP; round++) {
      const cost = await watched.costOf(() => run(round))
      if (round >= WARM_UP) costs.push(cost)
    }
    const times = costs.map(({ ms }) => ms).sort((a, b) => a - b)
    const p99 = at(times, 0.99)
    const scanned = [...new Set(costs.flatMap(cost => cost.scanned))].filter(table =>
      ['meetings', 'invitations', 'bookings', 'trips'].includes(table),
    )
    rows.push([name, median(times).toFixed(1), p99.toFixed(1), String(median(costs.map(({ pages }) => pages)))])
    if (p99 > bar) faults.push(`${name}: p99 ${p99.toFixed(1)} ms`)
    if (scanned.length) faults.push(`${name} reads all of ${scanned.join(', ')}`)
  }
  const day = (round: number, clock: string, days = 0) =>
    new Date(new Date(`2026-11-25T${clock}:00+08:00`).getTime() + ((round % 14) + days) * 86_400_000)
  const people = (round: number) =>
    Array.from({ length: WANTED }, (_, i) => OF_MEETINGS.person((round * 37 + i) % PEOPLE))
  await measure(`${WANTED}人一个半小时的冲突`, BAR_MS.clash, round =>
    busyMeetings(watched.db, people(round), { startsAt: day(round, '14:00'), endsAt: day(round, '16:30') }, undefined),
  )
  await measure(`${WANTED}人三周的安排`, BAR_MS.clash, round =>
    busyMeetings(
      watched.db,
      people(round),
      { startsAt: day(round, '14:00'), endsAt: day(round, '14:00', 21) },
      undefined,
    ),
  )
  await measure(`草稿的全部计划:${WANTED}人`, BAR_MS.plan, round => {
    const span = { startsAt: day(round, '14:30'), endsAt: day(round, '16:00') }
    const guests = { ...nobody, people: people(round) }
    const who = OF_MEETINGS.person(round)
    return planFor(look, aWish({ ...span, guests, presider: who, convener: who }), {
      maker: who,
      unit: OF_MEETINGS.unit,
    })
  })
  print(
    `${MEETINGS} meetings, ${MEETINGS * ASKED_TO_EACH} invitations, ${PEOPLE} people: database time`,
    ['', 'p50 ms', 'p99 ms', 'pages'],
    rows,
  )
  await watched.close()
  return faults
}
