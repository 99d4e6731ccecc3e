import type postgres from 'postgres'

export interface FleetPast {
  vehicles: number
  drivers: number
  /** What has been driven in five years. */
  runs: number
  now: Date
}

const WAITING = 20
/** Trips that wait for a car tomorrow. */
export const OF_FLEET = { waiting: Array.from({ length: WAITING }, (_, i) => i + 1) } as const

/** How many of the cars are out tomorrow. */
const BUSY = 0.4
const DAYS = 5 * 365

/** Fills a migrated, empty Postgres by set-based statements; the same numbers make the same fleet. */
export async function fillFleet(sql: postgres.Sql, past: FleetPast): Promise<void> {
  await sql.begin(async tx => {
    for (const statement of statements(past)) await tx.unsafe(statement)
  })
  await sql.unsafe('vacuum analyze')
}

function statements({ vehicles, drivers, runs, now }: FleetPast): string[] {
  const today = `('${now.toISOString()}'::timestamptz at time zone 'Asia/Shanghai')::date`
  const clock = (day: string, hours: string) =>
    `((${day} + make_interval(mins => (60 * (${hours}))::int)) at time zone 'Asia/Shanghai')`
  // a car goes out once in so many days
  const every = Math.max(1, Math.floor((DAYS * vehicles) / runs))
  const trip = (id: string, state: string, startsAt: string, endsAt: string, run: string, n: string) => `
    select ${id}, 5, 5, '${state}', 2000 + ${n} % 27, ${id}, 'ou_' || lpad((${n} % 2000)::text, 32, '0'), '', '', 'ou_' || lpad((${n} % 2000)::text, 32, '0'),
      ${startsAt}, ${endsAt}, '市委政法委', '第' || (${n} % 200) || '街道办事处', '', 'town', '督查基层平安建设', 'survey', '', 'other',
      '{}'::text[], '', 1 + ${n} % 4, 1, false, '', '', '[]'::jsonb, '{}'::text[], array['ou_' || lpad((${n} % 2000)::text, 32, '0')], '[]'::jsonb,
      ${run}, ${startsAt} - interval '2 days', ${startsAt} - interval '2 days', ${startsAt} - interval '1 day', 'assign', '', 'ou_cd', ${startsAt}`
  const columns = `(id, rev, state_rev, state, number_year, number_seq, applicant, unit, chat, rider, starts_at, ends_at, origin, destination,
      via, reach, purpose, ground, basis, category, passengers, guests, headcount, cars, self_drive, phone, remark, steps, awaits, people, findings,
      run, created_at, submitted_at, approved_at, last_move, word, moved_by, moved_at)`
  return [
    `insert into vehicles (rev, state, plate, category, model, seats, unit, home, fuel, licence, odometer, inspection_on, insurance_on, on_duty, fuel_card, remark)
     select 1, case when n % 25 = 0 then 'repair' else 'available' end, '江A' || lpad(n::text, 5, '0'), case when n % 10 = 0 then 'emergency' else 'other' end, '轿车',
       case when n % 5 = 0 then 7 else 5 end, '', '机关院内', 'petrol', 'C1', 100000, case when n % 40 = 0 then ${today} - 1 else ${today} + 100 end, ${today} + 100, false, '', ''
     from generate_series(1, ${vehicles}) n`,
    `insert into drivers (rev, state, name, phone, licence, licence_until, trained_on, remark)
     select 1, 'available', '驾驶员' || n, '', 'B1', '2040-01-01', ${today} - 100, '' from generate_series(1, ${drivers}) n`,
    `create temp table driven on commit drop as
     select n, 1 + n % ${vehicles} as vehicle, 1 + n % ${drivers} as driver, ${today} - (1 + (n / ${vehicles}) * ${every} + n % ${every})::int as day, 8.5 + n % 4 as hour
     from generate_series(0, ${runs - 1}) n`,
    `insert into driven
     select ${runs} + n, 1 + n, 1 + n % ${drivers}, ${today} + 1, 8.5 + n % 4 from generate_series(0, ${Math.floor(vehicles * BUSY)} - 1) n`,
    // what takes part in a constraint one by one takes minutes
    ...['vehicle', 'driver'].map(name => `alter table runs drop constraint runs_${name}_free`),
    `insert into runs (id, rev, state, vehicle, driver, starts_at, ends_at, departed_at, odometer_out, returned_at, odometer_in, route, parked_at, remark, dispatched_by, dispatched_at)
     overriding system value
     select n + 1, 3, case when day < ${today} then 'back' else 'planned' end, vehicle, driver, ${clock('day', 'hour')}, ${clock('day', 'hour + 3 + n % 4')},
       case when day < ${today} then ${clock('day', 'hour')} end, case when day < ${today} then 100000 - n / ${vehicles} * 40 end,
       case when day < ${today} then ${clock('day', 'hour + 3')} end, case when day < ${today} then 100030 - n / ${vehicles} * 40 end,
       '', '', '', 'ou_cd', ${clock('day', 'hour')} - interval '1 day' from driven`,
    ...['vehicle', 'driver'].map(
      name => `alter table runs add constraint runs_${name}_free exclude using gist (int8range(${name}, ${name}, '[]') with &&,
        tstzrange(starts_at, greatest(starts_at, least(ends_at, coalesce(returned_at, ends_at)))) with &&) where (state <> 'void'${name === 'driver' ? ' and driver is not null' : ''})`,
    ),
    `insert into trips ${columns} overriding system value
     select * from (${trip(`${WAITING} + id`, 'completed', 'starts_at', 'ends_at', 'id', 'id')} from runs where state = 'back') past`,
    `insert into trips ${columns} overriding system value
     select * from (${trip(`${WAITING} + id`, 'dispatched', 'starts_at', 'ends_at', 'id', 'id')} from runs where state = 'planned') ahead`,
    `insert into trips ${columns} overriding system value
     select * from (${trip('n', 'approved', clock(`${today} + 1`, '9'), clock(`${today} + 1`, '12'), 'null::bigint', 'n')} from generate_series(1, ${WAITING}) n) waiting`,
    `select setval(pg_get_serial_sequence('runs', 'id'), (select max(id) from runs))`,
    `select setval(pg_get_serial_sequence('trips', 'id'), (select max(id) from trips))`,
  ]
}
