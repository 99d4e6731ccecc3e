import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, pgTable, smallint, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core'
import { BOOKING_STATES, type BookingState, ROOM_STATES, type RoomState } from '../src/office/meeting/terms.ts'

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
