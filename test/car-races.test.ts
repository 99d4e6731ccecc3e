import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { getTrip } from '../db/car.ts'
import { clashesWith } from '../db/car-clash.ts'
import { drivers, vehicles } from '../db/car-fleet.ts'
import { getRun } from '../db/car-full-run.ts'
import { giveUpRun, openRun, restoreRun, stretchRun } from '../db/car-run.ts'
import type { Database } from '../src/node/database.ts'
import { clashing, type Engagement } from '../src/office/car/proposal.ts'
import type { Run } from '../src/office/car/trip.ts'
import { freshDatabase, hasPostgres, kinds } from './harness/databases.ts'
import { aDriver, aVehicle, type FleetCast, on, openFleet } from './harness/fleet.ts'
import { count, rows, until } from './harness/traces.ts'

/** Runs that hold one car or one driver at the same time, found without the help of the constraints. */
const OVERLAPS = `runs a join runs b on a.id < b.id and a.state <> 'void' and b.state <> 'void'
  and (a.vehicle = b.vehicle or a.driver = b.driver)
  and a.starts_at < least(b.ends_at, coalesce(b.returned_at, b.ends_at))
  and b.starts_at < least(a.ends_at, coalesce(a.returned_at, a.ends_at))
  and a.starts_at < least(a.ends_at, coalesce(a.returned_at, a.ends_at))
  and b.starts_at < least(b.ends_at, coalesce(b.returned_at, b.ends_at))`

describe.each(kinds)('占用规则 on %s', kind => {
  let database: Database
  beforeAll(async () => {
    database = await freshDatabase(kind)
    await database.db.insert(vehicles).values([aVehicle('江A00001'), aVehicle('江A00002')])
    await database.db.insert(drivers).values([aDriver('马师傅'), aDriver('牛师傅')])
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    await database.db.execute('truncate runs restart identity cascade')
  })

  const hour = (n: number): Date => new Date(on('00:00').getTime() + n * 3_600_000)
  const wish = fc.record({
    vehicle: fc.constantFrom(1, 2),
    driver: fc.constantFrom(1, 2, undefined),
    from: fc.integer({ min: 0, max: 20 }),
    hours: fc.integer({ min: 1, max: 6 }),
  })
  const step = fc.oneof(
    wish.map(wanted => ({ kind: 'open' as const, ...wanted })),
    fc.record({
      kind: fc.constant('stretch' as const),
      at: fc.nat(9),
      from: fc.integer({ min: 0, max: 20 }),
      hours: fc.integer({ min: 1, max: 8 }),
    }),
    fc.record({
      kind: fc.constant('redirect' as const),
      at: fc.nat(9),
      vehicle: fc.constantFrom(1, 2),
      driver: fc.constantFrom(1, 2),
    }),
    fc.record({ kind: fc.constant('void' as const), at: fc.nat(9) }),
    fc.record({ kind: fc.constant('return' as const), at: fc.nat(9), early: fc.integer({ min: 0, max: 3 }) }),
  )

  const BACK_AS_IT_BEGAN: Array<typeof step extends fc.Arbitrary<infer Step> ? Step : never> = [
    { kind: 'open', vehicle: 1, driver: 1, from: 1, hours: 1 },
    { kind: 'open', vehicle: 2, driver: undefined, from: 0, hours: 2 },
    { kind: 'return', at: 0, early: 1 },
    { kind: 'redirect', at: 0, vehicle: 1, driver: 1 },
  ]

  it('数据库和规则对任意一串派车、改时、改派、作废、提前回场的判断一致', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async steps => {
        const { db } = database
        await db.execute('truncate runs restart identity cascade')
        let model: Engagement[] = []
        const put = (run: Run) => {
          model = [...model.filter(one => one.run.id !== run.id), { run, trips: [], name: '' }]
        }
        const taken = (run: Pick<Run, 'vehicle' | 'driver' | 'startsAt' | 'endsAt'>, but?: number): boolean => {
          const others = model.filter(one => one.run.id !== but)
          const { driver } = run
          return clashing(others, run, { vehicle: run.vehicle, ...(driver === undefined ? {} : { driver }) }).length > 0
        }
        const opened = (run: Pick<Run, 'vehicle' | 'driver' | 'startsAt' | 'endsAt'>) =>
          openRun(db, { ...run, pilot: undefined, dispatchedBy: 'ou_cd', dispatchedAt: hour(0) })
        for (const one of steps) {
          if (one.kind === 'open') {
            const wanted = {
              vehicle: one.vehicle,
              driver: one.driver,
              startsAt: hour(one.from),
              endsAt: hour(one.from + one.hours),
            }
            const run = await opened(wanted)
            expect(run === undefined).toBe(taken(wanted))
            if (run) put(run)
            continue
          }
          const { run } = model[one.at] ?? {}
          if (run?.state !== 'planned') continue
          if (one.kind === 'stretch') {
            const to = { startsAt: hour(one.from), endsAt: hour(one.from + one.hours) }
            const free = !taken({ ...run, ...to }, run.id)
            // what lies between two spans that do not meet is asked for as well
            const met = to.startsAt <= run.endsAt && run.startsAt <= to.endsAt
            if (!met) continue
            expect(await stretchRun(db, run, to)).toBe(free)
            if (free) put({ ...run, ...to })
          } else if (one.kind === 'redirect') {
            await giveUpRun(db, run)
            const wanted = { ...run, vehicle: one.vehicle, driver: one.driver }
            const next = await opened(wanted)
            expect(next === undefined).toBe(taken(wanted, run.id))
            if (next) {
              put({ ...run, state: 'void' })
              put(next)
            } else await restoreRun(db, run)
          } else if (one.kind === 'void') {
            await giveUpRun(db, run)
            put({ ...run, state: 'void' })
          } else {
            const at = new Date(run.endsAt.getTime() - one.early * 3_600_000)
            await db.execute(`update runs set state = 'back', returned_at = '${at.toISOString()}' where id = ${run.id}`)
            put({ ...run, state: 'back', returnedAt: at })
          }
        }
        expect(await count(db, OVERLAPS)).toBe(0)
      }),
      {
        numRuns: kind === 'PGlite' ? 60 : 40,
        examples: [[BACK_AS_IT_BEGAN]],
      },
    )
  })

  it('冲突按编号和时间说明,最早的在前', async () => {
    const { db } = database
    const open = (vehicle: number, driver: number, from: number, to: number) =>
      openRun(db, {
        vehicle,
        driver,
        startsAt: hour(from),
        endsAt: hour(to),
        pilot: undefined,
        dispatchedBy: '',
        dispatchedAt: hour(0),
      })
    await open(1, 1, 10, 12)
    await open(2, 2, 8, 9)
    const wanted = { vehicle: 1, driver: 2, pilot: undefined, startsAt: hour(8), endsAt: hour(11) }
    const found = await clashesWith(db, wanted)
    expect(found.map(({ run }) => [run.vehicle, run.driver])).toEqual([
      [2, 2],
      [1, 1],
    ])
  })
})

describe.runIf(hasPostgres)('派车的并发 on Postgres', () => {
  let cast: FleetCast
  beforeAll(async () => {
    cast = await openFleet({ kind: 'Postgres' })
    for (let i = 1; i <= 10; i++) await cast.vehicle(`江A0000${i % 10}`)
    for (let i = 1; i <= 12; i++) await cast.driver(`驾驶员${i}`)
    await cast.office.inStep()
  })
  afterAll(() => cast.office.close())

  const db = () => cast.office.database.db

  /** A dispatch card of a trip, and how its button is pressed with a car and a driver of one's choice. */
  async function dispatchCard() {
    const { jiang, chen } = cast
    const sample = await cast.trip(chen, { startsAt: on('07:00'), endsAt: on('08:00') })
    await jiang.says('/用车 待派')
    await jiang.presses('派车')
    const card = await jiang.seesCard()
    const button = card.card.buttons.find(one => one.label === '派车')
    if (!button) throw new Error('no button')
    return (trip: { id: number; rev: number }, vehicle: number, driver: number) =>
      jiang
        .clicks(
          card.message_id,
          { ...button, value: { ...button.value, id: trip.id, rev: trip.rev } },
          { vehicle: String(vehicle), driver: String(driver) },
        )
        .then(answer => ({ ...answer, sample }))
  }

  it('一百项时间重叠的用车同时派车:没有一车、一人被派两次,能派的恰好都派出', async () => {
    const press = await dispatchCard()
    const { chen } = cast
    const day = '2026-11-26'
    const trips = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        cast.trip(chen, {
          startsAt: on(`09:${String(i % 60).padStart(2, '0')}`, day),
          endsAt: on('12:00', day),
          destination: `地点${i}`,
        }),
      ),
    )
    // every pair of ten cars and twelve drivers is tried, so that ten can go and no eleventh
    const answers = await Promise.all(trips.map((trip, i) => press(trip, 1 + (i % 10), 1 + (i % 12))))
    await cast.office.settled()
    expect(await count(db(), OVERLAPS)).toBe(0)
    // who waits as long as the platform does is told to look again, by us or by the platform
    const words = answers.flatMap(({ toast }) => (toast ? [toast.content] : []))
    expect(words.filter(one => !/^已派车:|已有任务|^处理时间较长/.test(one))).toEqual([])
    const given = await count(db(), `runs where starts_at >= '2026-11-26' and state = 'planned'`)
    expect(await count(db(), `trips where state = 'dispatched' and starts_at >= '2026-11-26'`)).toBe(given)
    // ten cars: with a driver of one's own for each, all ten go
    expect(given).toBe(10)
  })

  it('两名车管员同时派同一项,一人办成,另一人得知', async () => {
    const press = await dispatchCard()
    const trip = await cast.trip(cast.wang, { startsAt: on('14:00', '2026-11-27'), endsAt: on('16:00', '2026-11-27') })
    const both = await Promise.all([press(trip, 1, 1), press(trip, 2, 2)])
    await cast.office.settled()
    expect(both.map(answer => answer.toast?.type).sort()).toEqual(['info', 'success'])
    expect(both.some(answer => /^蒋勇 已派车/.test(String(answer.toast?.content)))).toBe(true)
    expect(await count(db(), `runs where starts_at >= '2026-11-27' and state = 'planned'`)).toBe(1)
  })

  it('一边延长返回时间,一边派下一项:两者只成其一,没有重叠', async () => {
    const press = await dispatchCard()
    const { chen, wang } = cast
    const WORKDAYS = ['01', '02', '03', '04', '07', '08', '09', '10']
    for (const [round, date] of WORKDAYS.entries()) {
      const day = `2026-12-${date}`
      const first = await cast.trip(chen, { startsAt: on('09:00', day), endsAt: on('11:00', day) })
      const next = await cast.trip(wang, {
        startsAt: on('11:30', day),
        endsAt: on('12:00', day),
        destination: '东湖区',
      })
      await press(first, 1, 1)
      await cast.office.settled()
      const { rev, run } = await getTrip(db(), first.id)
      await chen.says(`/用车 派〔2026〕${first.number?.seq}号`)
      await chen.presses('调整返回时间')
      const form = await chen.seesCard()
      const button = form.card.buttons.find(one => one.label === '调整返回时间')
      if (!button) throw new Error('no button')
      const both = await Promise.all([
        chen.clicks(
          form.message_id,
          { ...button, value: { ...button.value, rev } },
          { until: `${day} 11:45 +0800`, word: '延长' },
        ),
        press(next, 1, 1),
      ])
      await cast.office.settled()
      expect(
        both.filter(answer => answer.toast?.type === 'success'),
        `round ${round}`,
      ).toHaveLength(1)
      expect(await count(db(), OVERLAPS)).toBe(0)
      const { run: kept } = await getRun(db(), run ?? 0)
      expect(kept.endsAt).toEqual(both[0]?.toast?.type === 'success' ? on('11:45', day) : on('11:00', day))
    }
  })

  it('互换车辆的两次改派同时进行,不留重叠,也不留两头落空', async () => {
    const press = await dispatchCard()
    const { chen, wang, jiang } = cast
    const span = { startsAt: on('09:00', '2026-12-15'), endsAt: on('11:00', '2026-12-15') }
    const trips = [await cast.trip(chen, span), await cast.trip(wang, { ...span, destination: '西城区' })]
    for (const [i, trip] of trips.entries()) await press(trip, 1 + i, 1 + i)
    await cast.office.settled()
    await jiang.says(`/用车 派〔2026〕${trips[0]?.number?.seq}号`)
    await jiang.presses('改派')
    const card = await jiang.seesCard()
    const button = card.card.buttons.find(one => one.label === '改派')
    if (!button) throw new Error('no button')
    const held = await Promise.all(trips.map(async ({ id }) => getRun(db(), (await getTrip(db(), id)).run ?? 0)))
    await Promise.all(
      held.map(({ run }, i) =>
        jiang.clicks(
          card.message_id,
          { ...button, value: { ...button.value, run: run.id, rev: run.rev } },
          { vehicle: String(2 - i), driver: String(1 + i) },
        ),
      ),
    )
    await until(
      async () => (await count(db(), `runs where starts_at = '2026-12-15T01:00:00Z' and state = 'planned'`)) === 2,
    )
    await cast.office.settled()
    expect(await count(db(), OVERLAPS)).toBe(0)
    const states = await rows<{ state: string }>(
      db(),
      `select state from trips where starts_at = '2026-12-15T01:00:00Z'`,
    )
    expect(states.map(({ state }) => state)).toEqual(['dispatched', 'dispatched'])
  })
})
