import {
  appointmentOf,
  CALENDAR_DENIED,
  dropAppointment,
  dropGuests,
  guestsIn,
  type KeptAppointment,
  keepAppointment,
  keepGuests,
  type Matter,
  openAppointment,
} from '../../db/appointment.ts'
import { markFailed, markRetry, markSent, pauseApi } from '../../db/claims.ts'
import { enqueueAppointment, MOST_GUESTS, type Waiting } from '../../db/outbox.ts'
import { keepSetting, setting } from '../../db/settings.ts'
import type { CalendarGuest } from '../feishu/calendar.ts'
import { type FeishuFault, faultReason, isFinal, isNoGuest, isUngranted } from '../feishu/fault.ts'
import { digest } from '../kit/secret.ts'
import { Desk } from './desk.ts'
import type { Appointment } from './feature.ts'
import type { Office } from './office.ts'

/**
 * Keeps the events in the app's calendar in step with what the features want there. Each parcel makes one call, the first that is
 * missing; while more is missing another parcel follows. What is wanted is read when it leaves, so that parcels may be lost,
 * repeated or late without harm.
 */

type Step =
  | { does: 'nothing' }
  | { does: 'drop' }
  | { does: 'make'; want: Appointment; drawn: string }
  | { does: 'change'; event: string; want: Appointment; drawn: string }
  | { does: 'delete'; event: string }
  | { does: 'add'; event: string; guests: string[]; by: string }
  | { does: 'remove'; event: string; guests: string[]; by: string }

/** What the platform does not grant is asked for again so much later, by one call for the whole house. */
const NOT_GRANTED_MS = 3_600_000
const UNGRANTED = '应用未开通日历权限'
const ROOM = 'room:'

export async function keepInCalendar(office: Office, row: Waiting): Promise<void> {
  const of = row.parcel.event
  if (!of) return
  const step = await stepOf(office, of, of.portion)
  if (step.does === 'nothing') return noteFault(office, row, of, '')
  await CALLS[step.does](office, of, step as never, row.uuid)
  if (step.does === 'drop') return
  if ((await setting<boolean>(office.db, CALENDAR_DENIED)) !== false)
    await keepSetting(office.db, CALENDAR_DENIED, false, office.clock.now())
  const grown = step.does === 'add' || step.does === 'remove' ? Math.min(of.portion * 2, MOST_GUESTS) : of.portion
  await enqueueAppointment(office.db, of, office.clock.wire(), grown)
}

/** What is the first thing to be done, by what is wanted and what stands there. */
async function stepOf(office: Office, of: Matter, portion: number): Promise<Step> {
  const look = { db: office.db, now: office.clock.now(), office: office.facts }
  const feature = office.features.find(({ name }) => name === of.feature)
  const [kept, want] = await Promise.all([appointmentOf(office.db, of), feature?.appointment?.(look, of.matter)])
  if (!want) {
    if (!kept) return { does: 'nothing' }
    return kept.event ? { does: 'delete', event: kept.event } : { does: 'drop' }
  }
  const drawn = digest(JSON.stringify([want.title, want.description, want.startsAt, want.endsAt, want.place]))
  // what is over need not come into anybody's calendar any more
  if (!kept?.event) return want.endsAt <= look.now ? { does: 'nothing' } : { does: 'make', want, drawn }
  if (kept.drawn !== drawn) return { does: 'change', event: kept.event, want, drawn }
  return guestStep(office, of, kept, want, portion)
}

async function guestStep(
  office: Office,
  of: Matter,
  { event }: KeptAppointment,
  { guests, room }: Appointment,
  portion: number,
): Promise<Step> {
  const wanted = new Set([...(room ? [ROOM + room.id] : []), ...guests])
  const there = await guestsIn(office.db, of)
  const known = new Set(there.map(({ guest }) => guest))
  const gone = there.filter(({ guest }) => !wanted.has(guest)).map(({ guest }) => guest)
  const fresh = [...wanted].filter(guest => !known.has(guest))
  const by = room?.by ?? ''
  if (gone.length) return { does: 'remove', event, guests: gone.slice(0, portion), by }
  return fresh.length ? { does: 'add', event, guests: fresh.slice(0, portion), by } : { does: 'nothing' }
}

type Does = Exclude<Step['does'], 'nothing'>
type Call<D extends Does> = (
  office: Office,
  of: Matter,
  step: Extract<Step, { does: D }>,
  uuid: string,
) => Promise<void>

const CALLS: { [D in Does]: Call<D> } = {
  async make({ db, feishu }, of, { want, drawn }, uuid) {
    const { key } = await openAppointment(db, of, uuid)
    await keepAppointment(db, of, { event: await feishu.makeEvent(want, key), drawn })
  },
  async change({ db, feishu }, of, { event, want, drawn }) {
    await feishu.changeEvent(event, want)
    await keepAppointment(db, of, { drawn })
  },
  async delete({ db, feishu }, of, { event }) {
    await feishu.deleteEvent(event)
    await dropAppointment(db, of)
  },
  drop: ({ db }, of) => dropAppointment(db, of),
  async add({ db, feishu }, of, { event, guests, by }) {
    await feishu.addGuests(event, guests.map(guestOf(by)))
    await keepGuests(db, of, guests, 'in')
  },
  async remove({ db, feishu }, of, { event, guests, by }) {
    await feishu.removeGuests(event, guests.map(guestOf(by)))
    await dropGuests(db, of, guests)
  },
}

const guestOf =
  (by: string) =>
  (guest: string): CalendarGuest =>
    guest.startsWith(ROOM) ? { room: guest.slice(ROOM.length), by } : { person: guest }

/** What becomes of a parcel that met a fault; false = nothing particular: it is tried again as any other. */
export async function afterCalendarFault(office: Office, row: Waiting, fault: FeishuFault): Promise<boolean> {
  const of = row.parcel.event
  if (of && isUngranted(fault)) await denied(office, row, of)
  else if (of && isFinal(fault)) await mend(office, row, of, fault)
  else return false
  return true
}

/** It is no failure of the matter: its organiser reads a note, and by and by it is tried again. */
async function denied(office: Office, row: Waiting, of: Matter): Promise<void> {
  const wireMs = office.clock.wire()
  await keepSetting(office.db, CALENDAR_DENIED, true, office.clock.now())
  await pauseApi(office.db, row.api, wireMs + NOT_GRANTED_MS)
  await noteFault(office, row, of, UNGRANTED)
  await markRetry(office.db, row, UNGRANTED, wireMs + NOT_GRANTED_MS, false, wireMs)
}

async function mend(office: Office, row: Waiting, of: Matter & { portion: number }, fault: FeishuFault): Promise<void> {
  const portion = await portionAfter(office, of, await stepOf(office, of, of.portion), fault)
  if (portion !== undefined) {
    await enqueueAppointment(office.db, of, office.clock.wire(), portion)
    await markSent(office.db, row, '', office.clock.wire())
    return
  }
  const reason = faultReason(fault)
  await noteFault(office, row, of, reason)
  await markFailed(office.db, row, reason, office.clock.wire())
}

/**
 * How many guests are tried at once from here on, once what is known is put right; undefined: nothing helps. One guest whom the
 * platform refuses spoils a whole call, so that halves are tried until it is found.
 */
async function portionAfter(
  { db }: Office,
  of: Matter & { portion: number },
  step: Step,
  fault: FeishuFault,
): Promise<number | undefined> {
  const isGone = fault.kind === 'gone' && !isNoGuest(fault)
  if (isGone && step.does !== 'make') {
    await dropAppointment(db, of)
    return of.portion
  }
  if (step.does !== 'add' && step.does !== 'remove') return undefined
  if (step.guests.length > 1) return Math.ceil(step.guests.length / 2)
  if (step.does === 'add') await keepGuests(db, of, step.guests, 'refused')
  else await dropGuests(db, of, step.guests)
  return of.portion
}

/** Keeps why it is not in step, and has the cards of the matter show it, once. */
async function noteFault(office: Office, { uuid }: Waiting, of: Matter, fault: string): Promise<void> {
  const kept = await appointmentOf(office.db, of)
  if ((kept?.fault ?? '') === fault) return
  await office.db.transaction(async tx => {
    const desk = new Desk(office, tx, office.clock.now(), { who: '', chat: '', delivery: 'calendar' })
    await openAppointment(tx, of, uuid)
    await keepAppointment(tx, of, { fault })
    desk.beat().redraw(of.feature, of.matter)
    await desk.close('')
  })
}
