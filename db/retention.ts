import { and, asc, eq, gt, isNotNull, isNull, lt, type SQL, sql } from 'drizzle-orm'
import { dayIn } from '../src/kit/time.ts'
import { type Db, rowsOf } from './client.ts'
import { DEPARTURE } from './leavers.ts'
import { UNDELIVERED, undeliveredLane } from './outbox.ts'
import { people } from './people.ts'

/** What a table holds, how long it is kept, and who takes it away. The owner: nothing in the program does for its age. */
export interface Kept {
  what: string
  how: string
  by: 'heartbeat' | 'its subject' | 'owner'
}

const RECORD = { how: 'as long as the office keeps its records (domain.md 10)', by: 'owner' } as const
const AUDIT = { how: 'at least a year (domain.md 9.4)', by: 'owner' } as const
/** So long every audit record is kept; who removes one sooner is found by the verification. */
export const AUDIT_DAYS = 365
const PLACE = { how: 'while it holds', by: 'its subject' } as const

/** Every table of the schema; `docs/retention.md` tells it to whoever runs the bot. */
export const KEPT: Record<string, Kept> = {
  appointment_guests: { what: 'who stands in an event of the calendar', ...PLACE },
  appointments: { what: 'what stands in the calendar', ...PLACE },
  assignment_notes: { what: 'what was said about a 交办', ...RECORD },
  assignments: { what: '交办', ...RECORD },
  audit_chain: { what: 'a hash for each event', ...AUDIT },
  audit_checks: { what: 'when the chain was verified', ...AUDIT },
  audit_head: { what: 'where the chain stands', ...AUDIT },
  audit_unsealed: { what: 'events that have yet to be sealed', ...PLACE },
  bookings: { what: 'when rooms are taken', ...RECORD },
  broadcasts: { what: 'groups that want a digest', ...PLACE },
  calendar_busy: { what: 'when people are taken', how: 'a day', by: 'heartbeat' },
  calendar_reads: { what: 'of whom that was read', how: 'a day', by: 'heartbeat' },
  calls: { what: 'calls to the platform, without content', how: 'two minutes', by: 'heartbeat' },
  car_batches: { what: 'tables of vehicles and drivers handed in', how: '30 days', by: 'heartbeat' },
  car_costs: { what: 'what cars cost', ...RECORD },
  car_publication_rows: { what: 'rows of a 公示', ...RECORD },
  car_publications: { what: '公示 of cars', ...RECORD },
  car_reminders: { what: 'what of a car was reminded of', ...RECORD },
  car_repairs: { what: 'repairs', ...RECORD },
  car_seals: { what: 'cars put away over holidays', ...RECORD },
  chats: { what: 'chats the bot is or was in', ...PLACE },
  copies: {
    what: 'which card went to whom, without content',
    how: 'a year; what did not arrive, as long as the outbox tells of it',
    by: 'heartbeat',
  },
  departments: { what: 'departments as the directory has them', ...PLACE },
  deputies: { what: 'who stood in for whom', how: 'until a year after one of the two has left', by: 'heartbeat' },
  digests: { what: 'that a digest was composed', how: '30 days', by: 'heartbeat' },
  drivers: { what: 'the roster of drivers; of who left it (离岗) no phone, remark or training', ...RECORD },
  events: { what: 'the history', ...AUDIT },
  held_lines: { what: 'lines of a morning card', how: '30 days after it was sent', by: 'heartbeat' },
  held_roles: { what: 'who held which role', ...AUDIT },
  inbox: { what: 'ids of deliveries', how: '48 hours', by: 'heartbeat' },
  invitations: { what: 'who was asked to a meeting, and what they answered', ...RECORD },
  leave_calls: { what: 'leaves asked for', ...RECORD },
  meeting_decisions: { what: '议定事项', ...RECORD },
  meeting_duties: { what: 'preparations', ...RECORD },
  meeting_materials: { what: 'which files were served, by reference', ...RECORD },
  meeting_minutes: { what: '纪要', ...RECORD },
  meeting_numbers: { what: 'numbers given', ...RECORD },
  meeting_seatings: { what: 'seating', ...RECORD },
  meeting_series: { what: 'recurring meetings', ...RECORD },
  meeting_servings: { what: 'who got which file', ...RECORD },
  meetings: { what: '会议', ...RECORD },
  members: {
    what: 'who sits in a chat',
    how: 'while it holds; of a group that the bot has left nobody',
    by: 'its subject',
  },
  mutes: { what: 'who wants quiet', how: 'until it ends', by: 'heartbeat' },
  notice_reads: {
    what: 'whether the platform says that a notice was seen',
    how: 'until it is answered, or the meeting has been over for a day',
    by: 'its subject',
  },
  notices: { what: 'holiday notices', ...RECORD },
  occurrences: { what: 'that somebody was reminded', how: 'a year', by: 'heartbeat' },
  outbox: {
    what: 'what leaves, with its text',
    how: '48 hours after it was sent, 30 days where it could not be delivered',
    by: 'heartbeat',
  },
  pauses: { what: 'when the platform takes calls again', ...PLACE },
  people: { what: 'the directory; a year after leaving only the name', ...PLACE },
  reminder_refusals: { what: 'who wants no reminders from whom', ...PLACE },
  reminders: { what: '提醒', ...RECORD },
  rooms: { what: 'rooms', ...RECORD },
  rulings: { what: 'days by which the office works', ...RECORD },
  runs: { what: '出车 and 回场', ...RECORD },
  secrecy_alerts: { what: '保密告警, without content', ...AUDIT },
  secrecy_releases: { what: '放行清单', ...AUDIT },
  secrecy_stopped: { what: 'what was stopped, without content', ...AUDIT },
  settings: {
    what: 'what the office settled, ids of turns that broke, when deliveries were last accepted and refused, who was told of whom who left, by their ids, which stay until then in what tells of others, who leads a department or is 系统管理员 by configuration, when somebody was last told of what could not be delivered',
    how: 'while it holds; what the heartbeat takes away: of what broke three days; who was told of a leaver a year; of what could not be delivered a day',
    by: 'its subject',
  },
  shares: { what: 'who had to do what of a 交办', ...RECORD },
  stencils: {
    what: 'cards without personal data that many get alike',
    how: 'for good, a few for each version',
    by: 'owner',
  },
  tallies: { what: 'how often somebody was told unasked', how: '30 days', by: 'heartbeat' },
  task_assists: { what: '协办', ...RECORD },
  task_batches: { what: 'tables of tasks handed in', how: '30 days', by: 'heartbeat' },
  task_bulletins: { what: '通报', ...RECORD },
  task_numbers: { what: 'numbers given', ...RECORD },
  tasks: { what: '督办', ...RECORD },
  trip_numbers: { what: 'numbers given', ...RECORD },
  trips: { what: '用车', ...RECORD },
  vehicles: { what: 'vehicles', ...RECORD },
}

/** So many rows of a table at once. */
const BATCH = 5_000

/** What of a table is over, some days after `at` (by the office's clock), its `day`, or `ms` (in wire time). */
const OVER: ReadonlyArray<readonly [table: string, condition: string, days: number, clock: 'at' | 'day' | 'ms']> = [
  ['calendar_busy', 'ends_at < $', 1, 'at'],
  ['calendar_reads', 'read_at < $', 1, 'at'],
  ['car_batches', 'moved_at < $', 30, 'at'],
  ['task_batches', 'moved_at < $', 30, 'at'],
  ['copies', 'sent_ms < $', 365, 'ms'],
  ['digests', 'due_at < $', 30, 'at'],
  ['held_lines', 'told_on < $', 30, 'day'],
  ['mutes', 'until < $', 0, 'at'],
  ['occurrences', "fired_at < $ and state <> 'snoozed'", 365, 'at'],
  ['outbox', "state = 'failed' and done_ms < $", 30, 'ms'],
  ['tallies', 'day < $', 30, 'day'],
]
export const SWEPT: readonly string[] = OVER.map(([table]) => table)

const DAY_MS = 86_400_000

/** A card that nobody got, and of which the outbox tells no more. */
const LOST = sql`sent_ms is null and message is null and not exists (select from outbox where outbox.copy = copies.id)`
/** Somebody in a group that we have left. */
const LEFT = sql`exists (select from chats where chats.id = members.chat and chats.kind = 'group' and not chats.present)`

/** Takes away a batch of what is over from each table; answers whether there was more than that. */
export async function sweepOver(db: Db, now: Date, wireMs: number): Promise<boolean> {
  const yesterday = new Date(now.getTime() - DAY_MS).toISOString()
  const untold = sql`starts_with(name, ${UNDELIVERED}) and at < ${yesterday}`
  let isMore = false
  for (const [table, which] of [
    ['copies', LOST],
    ['members', LEFT],
    ['settings', untold],
  ] as const)
    isMore = (await takeAway(db, table, which)) || isMore
  for (const [table, condition, days, clock] of OVER) {
    const at = new Date(now.getTime() - days * DAY_MS)
    const before = { at: at.toISOString(), day: dayIn(at), ms: wireMs - days * DAY_MS }[clock]
    const [head = '', tail = ''] = condition.split('$')
    isMore = (await takeAway(db, table, sql`${sql.raw(head)}${before}${sql.raw(tail)}`)) || isMore
  }
  return isMore
}

async function takeAway(db: Db, table: string, which: SQL): Promise<boolean> {
  const gone = await rowsOf<{ ctid: unknown }>(
    db.execute(sql`
      delete from ${sql.identifier(table)} where ctid = any(array(
        select ctid from ${sql.identifier(table)} where ${which} limit ${BATCH}))
      returning ctid::text`),
  )
  return gone.length === BATCH
}

/** Takes away what a driver who left the roster had no more use for, where it was not at once. */
export async function clearDrivers(db: Db): Promise<void> {
  await db.execute(sql`
    update drivers set phone = '', remark = '', trained_on = null
    where state = 'left' and (phone <> '' or remark <> '' or trained_on is not null)`)
}

/** Personal data of who left is kept so long after leaving, and while anything is open in their name. */
export const PERSONAL_DAYS = 365

/** Notes of whom it is seen for the first time that they are gone, or are back. */
export async function noteLeavers(db: Db, now: Date): Promise<void> {
  await db
    .update(people)
    .set({ leftAt: now })
    .where(and(eq(people.active, false), isNull(people.leftAt)))
  await db
    .update(people)
    .set({ leftAt: null, erasedAt: null })
    .where(and(eq(people.active, true), isNotNull(people.leftAt)))
}

/** The setting that says who the last night kept because something is still open in their name. */
export const HELD_BACK = 'retention.held'
export interface HeldBack {
  count: number
  /** The first of them. */
  some: string[]
}

/** Whose personal data is to be taken away, in the order of their ids, from behind one of these on. */
export async function toErase(db: Db, now: Date, behind: string, limit: number): Promise<string[]> {
  const before = new Date(now.getTime() - PERSONAL_DAYS * DAY_MS)
  const rows = await db
    .select({ id: people.id })
    .from(people)
    .where(and(eq(people.active, false), isNull(people.erasedAt), lt(people.leftAt, before), gt(people.id, behind)))
    .orderBy(asc(people.id))
    .limit(limit)
  return rows.map(({ id }) => id)
}

/**
 * Takes away what of somebody who left the office needs no more. The name stays, as do what they decided and did: the records of
 * matters are kept by law, and so are the kind of licence and its validity, which show that whoever drove was allowed to.
 */
export async function erase(db: Db, person: string, now: Date): Promise<void> {
  const statements = [
    sql`update tasks set phone = '' where maker = ${person} and phone <> ''`,
    sql`update tasks set lead_phone = '' where lead = ${person} and lead_phone <> ''`,
    sql`update meetings set phone = '' where contact = ${person} and phone <> ''`,
    sql`update invitations set phone = '', plate = '', companions = '', word = '' where person = ${person}`,
    sql`update trips set phone = '' where applicant = ${person} and phone <> ''`,
    // what they reminded nobody else of
    sql`update reminders set text = '', said = '' where owner = ${person} and maker = ${person} and chat = '' and receivers <@ array[${person}::text]`,
    sql`update drivers set phone = '', remark = '', trained_on = null where person = ${person}`,
    sql`delete from settings where name in (${`phone.${person}`}, ${`greeted.${person}`}, ${DEPARTURE + person}, ${UNDELIVERED + person})`,
    sql`delete from deputies where principal = ${person} or deputy = ${person}`,
    sql`delete from mutes where person = ${person}`,
    sql`delete from reminder_refusals where person = ${person} or maker = ${person}`,
    sql`delete from members where person = ${person}`,
    sql`delete from tallies where person = ${person}`,
    sql`delete from held_lines where person = ${person}`,
    sql`delete from digests where reader = ${person}`,
    sql`delete from calendar_busy where person = ${person}`,
    sql`delete from calendar_reads where person = ${person}`,
    sql`delete from outbox where lane in (${person}, ${undeliveredLane(person)})`,
  ]
  for (const statement of statements) await db.execute(statement)
  await db
    .update(people)
    .set({ departments: [], leader: null, title: null, erasedAt: now })
    .where(eq(people.id, person))
}
