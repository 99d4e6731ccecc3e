import type { Db } from '../../db/client.ts'
import type { Matters } from './matters.ts'
import { rows } from './traces.ts'

/** Copies bear the id of their original and so many times this number. */
const STEP = 1_000_000
/** So many copies at once: a connection on which nothing is heard for some seconds is given up. */
const AT_ONCE = 250

/** A table whose rows are copied with those that they belong to. */
interface Copied {
  table: string
  /** The id and whatever refers to one that is copied as well; without, the copies get ids of their own. */
  ids: string[]
  /** What must differ from copy to copy, over `n`. */
  change?: Record<string, string>
  /** Which of them; all, unless said. */
  only?: string
}

const HOUSE: Copied[] = [
  { table: 'departments', ids: [], change: { id: 'id || n' } },
  { table: 'people', ids: [], change: { id: 'id || n' } },
  { table: 'held_roles', ids: ['id'], change: { person: 'person || n' } },
  { table: 'deputies', ids: ['id'] },
  { table: 'rulings', ids: ['id'], change: { day: 'day + n' } },
  { table: 'notices', ids: ['id'], only: "state = 'draft'" },
  { table: 'events', ids: ['id'] },
]
const WORK: Copied[] = [
  { table: 'assignments', ids: ['id'] },
  { table: 'shares', ids: ['assignment'] },
  { table: 'reminders', ids: ['id'], change: { number: 'number + n * 10' } },
  { table: 'occurrences', ids: ['id', 'reminder'] },
  { table: 'secrecy_alerts', ids: ['id'] },
  { table: 'secrecy_stopped', ids: ['id', 'alert'] },
  {
    table: 'secrecy_releases',
    ids: ['id', 'alert'],
    change: { fingerprint: 'fingerprint || n' },
  },
  { table: 'rooms', ids: ['id'], change: { name: 'name || n' } },
  {
    table: 'meetings',
    ids: ['id', 'room'],
    change: { number_seq: 'number_seq + n * 100' },
  },
  { table: 'invitations', ids: ['id', 'meeting'] },
  { table: 'bookings', ids: ['id', 'room', 'meeting'] },
  { table: 'meeting_decisions', ids: ['id', 'meeting'] },
  { table: 'meeting_minutes', ids: ['meeting'] },
  { table: 'meeting_series', ids: ['id', 'first'] },
  { table: 'meeting_duties', ids: ['id', 'meeting'] },
  { table: 'meeting_materials', ids: ['id', 'meeting'] },
]
const OF_MOVES: Copied[] = [
  {
    table: 'tasks',
    ids: ['id'],
    change: { number_seq: 'number_seq + n * 100' },
  },
  { table: 'task_assists', ids: ['task'] },
  { table: 'task_bulletins', ids: ['id'] },
  { table: 'task_batches', ids: ['id'] },
  { table: 'car_batches', ids: ['id'] },
  { table: 'vehicles', ids: ['id'], change: { plate: 'plate || n' } },
  { table: 'drivers', ids: ['id'], change: { person: 'null' } },
  { table: 'runs', ids: ['id', 'vehicle', 'driver'] },
  {
    table: 'trips',
    ids: ['id', 'run'],
    change: { number_seq: 'number_seq + n * 100' },
  },
  { table: 'car_costs', ids: ['id', 'vehicle', 'run'] },
  { table: 'car_repairs', ids: ['id', 'vehicle'] },
  { table: 'car_seals', ids: ['id', 'vehicle'] },
  { table: 'car_publications', ids: ['id'], change: { unit: 'unit || n' } },
]

const columnsOf = async (db: Db, table: string): Promise<string[]> =>
  (
    await rows<{ name: string }>(
      db,
      `select column_name as name from information_schema.columns
       where table_schema = 'public' and table_name = '${table}' and is_generated = 'NEVER' order by ordinal_position`,
    )
  ).map(({ name }) => name)

async function copy(db: Db, times: number, { table, ids, change = {}, only = 'true' }: Copied): Promise<void> {
  const columns = (await columnsOf(db, table)).filter(name => name !== 'id' || ids.includes(name) || name in change)
  const shifted = Object.fromEntries(ids.map(id => [id, `"${id}" + n * ${STEP}::bigint`]))
  const which = (await rows<{ id: string }>(db, `select ctid::text as id from ${table} where ${only}`)).map(
    ({ id }) => `'${id}'::tid`,
  )
  if (!which.length) return
  for (let n = 1; n <= times; n += AT_ONCE)
    await rows(
      db,
      `insert into ${table} (${columns.map(name => `"${name}"`)}) overriding system value
       select ${columns.map(name => change[name] ?? shifted[name] ?? `"${name}"`)}
       from ${table}, generate_series(${n}, ${Math.min(times, n + AT_ONCE - 1)}) n where ctid in (${which})`,
    )
}

/** How many copies are made of what the house and its people are, of one matter of each kind, and of those on which a move works. */
export interface Swelling {
  house: number
  work: number
  ofMoves: number
  /** How much one matter holds: who is asked to a meeting, what it decided, what hangs on an alert. */
  inside: number
}

/** Fills an office that has one matter of each kind with many like them, with all that belongs to each. */
export async function swell(db: Db, m: Matters, { house, work, ofMoves, inside }: Swelling): Promise<void> {
  // no turn writes so much at once
  await rows(db, 'set local statement_timeout = 0')
  for (const one of HOUSE) await copy(db, house, one)
  for (const one of WORK) await copy(db, work, one)
  for (const one of OF_MOVES) await copy(db, ofMoves, one)
  const within = (table: string, only: string, change: Record<string, string> = {}) =>
    copy(db, inside, { table, ids: [], change, only })
  await within('invitations', `id = ${m.invitation}`, {
    person: "person || 'x' || n",
  })
  await within('meeting_decisions', `id = ${m.decision}`)
  await within('meeting_duties', `id = ${m.duty}`, { place: 'place + n' })
  await within('meeting_materials', `id = ${m.material}`)
  const later = (column: string) => `${column} + n * interval '1 day'`
  await within('bookings', `id = ${m.booked}`, {
    starts_at: later('starts_at'),
    ends_at: later('ends_at'),
  })
  await within('secrecy_stopped', `alert = ${m.alert}`)
  await within('secrecy_releases', `id = ${m.release}`, {
    fingerprint: "fingerprint || 'x' || n",
  })
  await within('shares', `assignment = ${m.assignment}`, {
    assignee: "assignee || 'x' || n",
    place: 'place + n',
  })
  await within('car_costs', `id = ${m.cost}`)
}
