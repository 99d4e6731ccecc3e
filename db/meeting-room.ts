import { and, asc, count, desc, eq, gt, gte, inArray, lt, ne, notExists, or, type SQL, sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, pgTable, smallint, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core'
import { Refusal } from '../src/kit/refusal.ts'
import type { Booking, Room } from '../src/office/meeting/meeting.ts'
import { BOOKING_STATES, type BookingState, ROOM_STATES, type RoomState } from '../src/office/meeting/terms.ts'
import { noteChanged } from './changes.ts'
import type { Db } from './client.ts'
import { defined, nulled } from './nulls.ts'
import { people } from './people.ts'

const words = <T extends string>(of: Record<T, unknown>) => Object.keys(of) as [T, ...T[]]
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** The rooms that the office keeps. */
export const rooms = pgTable(
  'rooms',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    rev: integer().notNull(),
    state: text({ enum: words<RoomState>(ROOM_STATES) }).notNull(),
    name: text().notNull(),
    seats: smallint().notNull(),
    equipment: text().notNull(),
    place: text().notNull(),
    approval: boolean().notNull(),
    keeper: text().notNull(),
    resource: text().notNull(),
    remark: text().notNull(),
  },
  // one name, one room that can be chosen
  table => [uniqueIndex('rooms_name').on(table.name).where(sql`state = 'available'`)],
)

/**
 * When a room is taken. A constraint, which comes with the migration because drizzle has no words for it, lets no room be taken
 * twice at once: `bookings_room_free`.
 */
export const bookings = pgTable(
  'bookings',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    room: bigint({ mode: 'number' })
      .notNull()
      .references(() => rooms.id),
    /** Undefined: it is taken for something that is no meeting of ours. */
    meeting: bigint({ mode: 'number' }),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    state: text({ enum: words<BookingState>(BOOKING_STATES) }).notNull(),
    bookedBy: text('booked_by').notNull(),
    bookedAt: instant('booked_at').notNull(),
    word: text().notNull(),
  },
  table => [
    // a meeting takes one room
    uniqueIndex('bookings_meeting').on(table.meeting).where(sql`state <> 'void' and meeting is not null`),
    index('bookings_starts').on(table.room, table.startsAt),
  ],
)

export const NO_ROOM = '未找到该会议室'
const MOST_ROOMS = 50

/** A page of those that can be chosen, or of those that cannot, by name. */
export async function roomsOf(db: Db, state: RoomState, limit: number, offset = 0): Promise<Room[]> {
  return db
    .select()
    .from(rooms)
    .where(eq(rooms.state, state))
    .orderBy(asc(rooms.name), asc(rooms.id))
    .limit(limit)
    .offset(offset)
}

export async function roomsById(db: Db, ids: readonly number[]): Promise<Room[]> {
  return ids.length
    ? db
        .select()
        .from(rooms)
        .where(inArray(rooms.id, [...ids]))
    : []
}

export async function countRooms(db: Db, state: RoomState): Promise<number> {
  const [row] = await db.select({ n: count() }).from(rooms).where(eq(rooms.state, state))
  return row?.n ?? 0
}

/** @throws Refusal when there is none. */
export async function getRoom(db: Db, id: number): Promise<Room> {
  const [room] = await db.select().from(rooms).where(eq(rooms.id, id))
  if (!room) throw new Refusal(NO_ROOM)
  return room
}

/**
 * Nobody else books or changes some rooms until this transaction ends. Whoever needs several holds them at once: they are locked
 * by id, after the meeting and before any booking, so that no two turns wait for each other. Not `for update`, which a meeting
 * that only names a room would have to wait for.
 */
export async function holdRooms(db: Db, ids: readonly number[]): Promise<Map<number, Room>> {
  if (!ids.length) return new Map()
  const held = await db
    .select()
    .from(rooms)
    .where(inArray(rooms.id, [...ids]))
    .orderBy(asc(rooms.id))
    .for('no key update')
  return new Map(held.map(room => [room.id, room]))
}

/** One of them. @throws Refusal when there is none. */
export async function holdRoom(db: Db, id: number): Promise<Room> {
  const room = (await holdRooms(db, [id])).get(id)
  if (!room) throw new Refusal(NO_ROOM)
  return room
}

/** The room that a word names: by its whole name, or by a part of it that no other has. */
export async function roomNamed(db: Db, word: string): Promise<Room | undefined> {
  if (word === '') return undefined
  const found = await db
    .select()
    .from(rooms)
    .where(and(eq(rooms.state, 'available'), sql`strpos(${rooms.name}, ${word}) > 0`))
    .orderBy(sql`${rooms.name} <> ${word}`, asc(rooms.name))
    .limit(2)
  const [first, other] = found
  return first?.name === word || !other ? first : undefined
}

const matterOf = (kind: 'room' | 'booking', id: number) => ({ feature: 'meeting', matter: `${kind}/${id}` })

/** @throws Refusal when another room that can be chosen has the name. */
export async function openRoom(db: Db, room: Omit<Room, 'id'>): Promise<Room> {
  const [row] = await db.insert(rooms).values(room).onConflictDoNothing().returning()
  if (!row) throw new Refusal(`${room.name}已经登记,请在会议室列表中修改`)
  noteChanged(db, matterOf('room', row.id), { before: undefined, after: row })
  return row
}

/** Saves over the revision that was read. @throws Refusal when another room that can be chosen has the name. */
export async function saveRoom(db: Db, before: Room, { id, ...after }: Room): Promise<void> {
  const [twin] = await db
    .select({ id: rooms.id })
    .from(rooms)
    .where(and(eq(rooms.name, after.name), eq(rooms.state, 'available'), ne(rooms.id, id)))
  if (twin && after.state === 'available') throw new Refusal(`${after.name}已经登记,请核对名称`)
  const rows = await db
    .update(rooms)
    .set({ ...after, rev: before.rev + 1 })
    .where(and(eq(rooms.id, id), eq(rooms.rev, before.rev)))
    .returning()
  const [saved] = rows
  if (!saved) throw new Refusal('卡片已过期,请以最新卡片为准')
  noteChanged(db, matterOf('room', id), { before, after: saved })
}

export interface Span {
  startsAt: Date
  endsAt: Date
}

/** Bookings that hold a room in a span; `except`: of this meeting they do not count. */
const holding = ({ startsAt, endsAt }: Span, except?: number): SQL | undefined =>
  and(
    ne(bookings.state, 'void'),
    lt(bookings.startsAt, endsAt),
    gt(bookings.endsAt, startsAt),
    except === undefined ? undefined : sql`${bookings.meeting} is distinct from ${except}`,
  )

/**
 * Rooms that nothing takes in a span and that seat so many (0 = any), those first that need no approval, then the smallest.
 * `meeting`: its own booking does not stand in its way.
 */
export async function roomsFree(
  db: Db,
  startsAt: Date,
  endsAt: Date,
  seats: number,
  meeting?: number,
): Promise<Room[]> {
  const taken = db
    .select({ one: sql`1` })
    .from(bookings)
    .where(and(eq(bookings.room, rooms.id), holding({ startsAt, endsAt }, meeting)))
  return db
    .select()
    .from(rooms)
    .where(and(eq(rooms.state, 'available'), gte(rooms.seats, seats), notExists(taken)))
    .orderBy(asc(rooms.approval), asc(rooms.seats), asc(rooms.id))
    .limit(MOST_ROOMS)
}

/** What takes some rooms in a span, the earliest first. */
export async function bookingsIn(
  db: Db,
  some: readonly number[],
  span: Span,
  limit: number,
  except?: number,
): Promise<Booking[]> {
  if (!some.length) return []
  const rows = await db
    .select()
    .from(bookings)
    .where(and(inArray(bookings.room, [...some]), holding(span, except)))
    .orderBy(asc(bookings.startsAt), asc(bookings.id))
    .limit(limit)
  return rows.map(asBooking)
}

export const NO_BOOKING = '未找到该会议室预订'

/** @throws Refusal when there is none. */
export async function getBooking(db: Db, id: number): Promise<Booking> {
  const [row] = await db.select().from(bookings).where(eq(bookings.id, id))
  if (!row) throw new Refusal(NO_BOOKING)
  return asBooking(row)
}

/** Its room and then it are held. @throws Refusal when there is none. */
export async function holdBooking(db: Db, id: number): Promise<{ booking: Booking; room: Room }> {
  const room = await holdRoom(db, (await getBooking(db, id)).room)
  const [row] = await db.select().from(bookings).where(eq(bookings.id, id)).for('update')
  if (!row) throw new Refusal(NO_BOOKING)
  return { booking: asBooking(row), room }
}

/** The last booking of a meeting, whatever became of it. */
export async function bookingOf(db: Db, meeting: number): Promise<Booking | undefined> {
  const [row] = await db
    .select()
    .from(bookings)
    .where(eq(bookings.meeting, meeting))
    .orderBy(desc(bookings.id))
    .limit(1)
  return row && asBooking(row)
}

/**
 * Takes a room, if it is free: the constraint of the database decides, also between turns that run at once. Undefined: it is
 * taken.
 */
export async function openBooking(db: Db, booking: Omit<Booking, 'id'>): Promise<Booking | undefined> {
  const [row] = await db.insert(bookings).values(nulled(booking)).onConflictDoNothing().returning()
  const opened = row && asBooking(row)
  if (opened) noteChanged(db, matterOf('booking', opened.id), { before: undefined, after: opened })
  return opened
}

/** What becomes of a booking; room and beginning stay. */
export async function settleBooking(
  db: Db,
  before: Booking,
  change: Partial<Pick<Booking, 'state' | 'word' | 'endsAt'>>,
): Promise<void> {
  await db.update(bookings).set(change).where(eq(bookings.id, before.id))
  noteChanged(db, matterOf('booking', before.id), { before, after: { ...before, ...change } })
}

/** Bookings that wait for somebody's word, of rooms that they keep, or that nobody does (any more), the earliest first. */
export async function askedBookings(
  db: Db,
  of: { keeper: string; isOffice: boolean },
  after: Date,
  limit: number,
): Promise<Array<{ booking: Booking; room: Room }>> {
  const there = db
    .select({ one: sql`1` })
    .from(people)
    .where(and(eq(people.id, rooms.keeper), people.active))
  const kept = or(eq(rooms.keeper, of.keeper), of.isOffice ? notExists(there) : undefined)
  const rows = await db
    .select({ booking: bookings, room: rooms })
    .from(bookings)
    .innerJoin(rooms, eq(rooms.id, bookings.room))
    .where(and(eq(bookings.state, 'asked'), gt(bookings.endsAt, after), kept))
    .orderBy(asc(bookings.startsAt), asc(bookings.id))
    .limit(limit)
  return rows.map(({ booking, room }) => ({ booking: asBooking(booking), room }))
}

const asBooking = (row: typeof bookings.$inferSelect): Booking => defined(row)
