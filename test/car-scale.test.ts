import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountsOf, daysUsed, ledgerAfter, ledgerPage, ledgerSums } from '../db/car-account.ts'
import { boardRuns, boardVehicles, countWaiting, freeCounts } from '../db/car-board.ts'
import { costPage, costSums, costsAfter, fillingBefore, fillingLike } from '../db/car-cost.ts'
import { countUnsettled, publishable, unitsToPublish } from '../db/car-publication.ts'
import { runNumbered, runsDrivenBy } from '../db/car-spend.ts'
import type { Db } from '../db/client.ts'
import { spanOfMonth } from '../src/kit/time.ts'
import { openDatabase } from '../src/node/database.ts'
import { readBoardView } from '../src/office/car/board.ts'
import { createDatabase, dropDatabase, hasPostgres } from './harness/databases.ts'
import { fillFleet } from './harness/fleet-past.ts'
import { type Watched, watch } from './harness/watched.ts'

const NOW = new Date('2026-11-24T09:00:00+08:00')
const VEHICLES = 200
/** Five years of them; `CAR_RUNS=300000` measures a larger house. */
const RUNS = Number(process.env.CAR_RUNS ?? 60_000)
const GROWING = ['runs', 'trips', 'car_costs', 'car_publication_rows']
const MONTH = { ...spanOfMonth('2026-10'), firstDay: '2026-10-01', nextDay: '2026-11-01' }
const ALL = { person: 'ou_none', house: true, units: [], own: false }
const OWN = { person: 'ou_driver', house: false, units: [], own: true }
const UNIT = { person: 'ou_none', house: false, units: ['od_none'], own: false }
const WEEK = readBoardView({ span: 'week', day: '2026-11-24' }, {}, NOW)
const THIS_WEEK = { from: new Date('2026-11-23T00:00:00+08:00'), until: new Date('2026-11-30T00:00:00+08:00') }

/** Everything that the board, the ledger, the accounts and the month's end ask the database for. */
const asked = (db: Db): Array<[name: string, run: () => Promise<unknown>]> => [
  ['看板的车辆', () => boardVehicles(db, ALL, WEEK, THIS_WEEK)],
  ['看板的车辆,驾驶员', () => boardVehicles(db, OWN, WEEK, THIS_WEEK)],
  ['看板的出车', () => boardRuns(db, ALL, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], THIS_WEEK)],
  ['看板的待派', () => countWaiting(db, THIS_WEEK)],
  ['空闲车辆', () => freeCounts(db, NOW, THIS_WEEK.until)],
  ['台账', () => ledgerPage(db, ALL, MONTH, { limit: 10, offset: 0 })],
  ['台账,深页', () => ledgerPage(db, ALL, MONTH, { limit: 10, offset: 900 })],
  ['台账,单位', () => ledgerPage(db, UNIT, MONTH, { limit: 10, offset: 0 })],
  ['台账,驾驶员本人', () => ledgerPage(db, OWN, MONTH, { limit: 10, offset: 0 })],
  [
    '台账,车辆与状态',
    () => ledgerPage(db, ALL, { ...MONTH, vehicle: 7, state: 'completed' }, { limit: 10, offset: 0 }),
  ],
  ['台账的合计', () => ledgerSums(db, ALL, MONTH)],
  ['台账导出', () => ledgerAfter(db, ALL, MONTH, { id: 1, startsAt: MONTH.from }, 200)],
  ['单车核算', () => accountsOf(db, ALL, MONTH)],
  ['单车核算,一辆', () => accountsOf(db, ALL, MONTH, 7)],
  ['费用', () => costPage(db, ALL, MONTH, { limit: 10, offset: 0 })],
  ['费用的合计', () => costSums(db, ALL, MONTH)],
  ['费用导出', () => costsAfter(db, ALL, MONTH, undefined, 200)],
  ['上次加油', () => fillingBefore(db, { vehicle: 7, kind: 'fuel', on: '2026-10-31', odometer: 999_999 })],
  [
    '可能重复的加油',
    () => fillingLike(db, { id: 1, vehicle: 7, run: 1, kind: 'fuel', on: '2026-10-31', cents: 1, amount: 1 }),
  ],
  ['派车单的出车', () => runNumbered(db, { year: 2026, seq: 100 })],
  ['驾驶员近期出车', () => runsDrivenBy(db, 'ou_driver', MONTH.from, 20)],
  ['固定使用', () => daysUsed(db, MONTH, 5)],
  ['公示的出车', async () => publishable(db, '', MONTH, [{ year: 2026, seq: 9 }], undefined)],
  ['公示的未核对', () => countUnsettled(db, '', MONTH)],
  ['当月哪些单位还须公示', () => unitsToPublish(db, '2026-10', MONTH)],
]

describe.runIf(hasPostgres)('五年用车之后', () => {
  let url: string
  let watched: Watched
  beforeAll(async () => {
    url = await createDatabase()
    await (await openDatabase({ databaseUrl: url, dataDir: '' })).close()
    const sql = postgres(url, { max: 1, onnotice: () => {} })
    await fillFleet(sql, { vehicles: VEHICLES, drivers: 200, runs: RUNS, now: NOW })
    await sql.unsafe(`insert into car_costs (vehicle, run, kind, spent_on, cents, amount, odometer, place, fuel_card, remark, entered_by, entered_at)
      select vehicle, id, (array['fuel', 'toll', 'wash'])[1 + id % 3], (starts_at at time zone 'Asia/Shanghai')::date, 20000, case when id % 3 = 0 then 3000 end,
        odometer_in, '', '', '', 'ou_cd', starts_at from runs where state = 'back' and id % 2 = 0`)
    await sql.unsafe(`update drivers set person = 'ou_driver' where id = 5`)
    await sql.unsafe('vacuum analyze')
    await sql.end()
    watched = watch(url)
  }, 240_000)
  afterAll(async () => {
    await watched?.close()
    await dropDatabase(url)
  })

  it('无论查什么,都不从头到尾读一遍往年的记录', async () => {
    const found: string[] = []
    for (const [name, run] of asked(watched.db)) {
      const { scanned, ms, pages } = await watched.costOf(run)
      if (process.env.CAR_RUNS) console.log(name, `${ms.toFixed(1)} ms`, `${pages} pages`)
      for (const table of scanned.filter(one => GROWING.includes(one))) found.push(`${name}: ${table}`)
    }
    expect(found.join('\n')).toBe('')
  })
})
