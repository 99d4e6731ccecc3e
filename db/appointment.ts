import { and, eq, inArray } from 'drizzle-orm'
import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { Db } from './client.ts'

/** What stands in the platform's calendar for a matter, as far as we know. */
export const appointments = pgTable(
  'appointments',
  {
    feature: text().notNull(),
    matter: text().notNull(),
    /** Goes along when it is made, so that a second attempt makes no second event. */
    key: text().notNull(),
    /** The platform's id of the event; '' = not made yet. */
    event: text().notNull(),
    /** What it says there, as a digest; '' = not known. */
    drawn: text().notNull(),
    /** Why it is not as it should be, in words for the organiser; '' = it is, or will be. */
    fault: text().notNull(),
  },
  table => [primaryKey({ columns: [table.feature, table.matter] })],
)

/** Who and which rooms stand in an event. */
export const appointmentGuests = pgTable(
  'appointment_guests',
  {
    feature: text().notNull(),
    matter: text().notNull(),
    /** A person, or a room of the platform. */
    guest: text().notNull(),
    /** `refused`: the platform does not take them; they are not asked again. */
    state: text({ enum: ['in', 'refused'] }).notNull(),
  },
  table => [primaryKey({ columns: [table.feature, table.matter, table.guest] })],
)

/** The setting that tells whether the app may write into the calendar: true = it may not, false = it has done so. */
export const CALENDAR_DENIED = 'calendar.denied'

export interface Matter {
  feature: string
  matter: string
}
export type KeptAppointment = typeof appointments.$inferSelect
export type KeptGuest = Pick<typeof appointmentGuests.$inferSelect, 'guest' | 'state'>

const isOf = ({ feature, matter }: Matter) => and(eq(appointments.feature, feature), eq(appointments.matter, matter))
const isWith = ({ feature, matter }: Matter) =>
  and(eq(appointmentGuests.feature, feature), eq(appointmentGuests.matter, matter))

export async function appointmentOf(db: Db, of: Matter): Promise<KeptAppointment | undefined> {
  const [row] = await db.select().from(appointments).where(isOf(of))
  return row
}

/**
 * Before the first call, so that every attempt bears the same `key`: that of the parcel which asks for it, for it is in every backup
 * that tells of the wish.
 */
export async function openAppointment(db: Db, of: Matter, key: string): Promise<KeptAppointment> {
  const row = { feature: of.feature, matter: of.matter, key, event: '', drawn: '', fault: '' }
  await db.insert(appointments).values(row).onConflictDoNothing()
  return (await appointmentOf(db, of)) ?? row
}

export async function keepAppointment(
  db: Db,
  of: Matter,
  change: Partial<Pick<KeptAppointment, 'event' | 'drawn' | 'fault'>>,
): Promise<void> {
  await db.update(appointments).set(change).where(isOf(of))
}

/** The event is no more; what comes after it is another one. */
export async function dropAppointment(db: Db, of: Matter): Promise<void> {
  await db.delete(appointmentGuests).where(isWith(of))
  await db.delete(appointments).where(isOf(of))
}

export async function guestsIn(db: Db, of: Matter): Promise<KeptGuest[]> {
  return db
    .select({ guest: appointmentGuests.guest, state: appointmentGuests.state })
    .from(appointmentGuests)
    .where(isWith(of))
}

export async function keepGuests(db: Db, of: Matter, guests: readonly string[], state: KeptGuest['state']) {
  const { feature, matter } = of
  await db
    .insert(appointmentGuests)
    .values(guests.map(guest => ({ feature, matter, guest, state })))
    .onConflictDoUpdate({
      target: [appointmentGuests.feature, appointmentGuests.matter, appointmentGuests.guest],
      set: { state },
    })
}

export async function dropGuests(db: Db, of: Matter, guests: readonly string[]): Promise<void> {
  await db.delete(appointmentGuests).where(and(isWith(of), inArray(appointmentGuests.guest, [...guests])))
}
