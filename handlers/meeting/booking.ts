import { departmentNames } from '../../db/department.ts'
import { history } from '../../db/events.ts'
import {
  askedBookings,
  bookingOf,
  bookingsIn,
  getBooking,
  getRoom,
  holdBooking,
  holdRooms,
  NO_BOOKING,
  openBooking,
  roomsFree,
  settleBooking,
} from '../../db/meeting-room.ts'
import { meetingsInRooms } from '../../db/meeting-taken.ts'
import { peopleById } from '../../db/people.ts'
import type { Action, Answer, Look, Press, Turn, Waiting } from '../../src/bot/feature.ts'
import { actedWords, saidWith } from '../../src/kit/acted.ts'
import { type Card, hidden } from '../../src/kit/card.ts'
import type { Person, Viewer } from '../../src/kit/person.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { formatShort } from '../../src/kit/time.ts'
import {
  horizonOf,
  isSame,
  isWithin,
  nextTimes,
  REFUSED,
  refusedWords,
  type Span,
  spanWords,
  takenUntil,
  takerWords,
  wantedBy,
  waysOut,
  waysOutWords,
} from '../../src/office/meeting/booking.ts'
import { type Actor, type Booking, type Meeting, numberText, type Room } from '../../src/office/meeting/meeting.ts'
import { decidesAs, isOffice, ROOM_LIMITS } from '../../src/office/meeting/room.ts'
import { bookingCard } from '../../src/office/meeting/room-cards.ts'
import { may } from '../../src/office/role/role.ts'
import { customs } from '../customs.ts'
import { wholeId, wordIn } from '../given.ts'
import { holdersFor } from '../holders.ts'
import { tellOf } from '../tell.ts'
import { actorIn, actorOf, FEATURE } from './setting.ts'

type Reading = Pick<Look, 'db' | 'now' | 'office'>

export const bookingMatter = (id: number): string => `booking/${id}`

/**
 * What becomes of a meeting's room when the meeting moves: it is taken, moved or given up. Of a meeting that ends early the rest
 * of the time is free. Locks go in one order everywhere: the meeting (which the turn holds), rooms by id, bookings.
 * @throws Refusal that names what takes the room, and three ways out; with it the whole turn is undone.
 */
export async function bookingFollows(turn: Turn, before: Meeting | undefined, after: Meeting): Promise<void> {
  if (after.state === 'ended') return freeRest(turn, after)
  const [was, want] = [wantedBy(before), wantedBy(after)]
  if (isSame(was, want) && !isGoingOut(before, after)) return
  const own = await bookingOf(turn.db, after.id)
  if (isSame(was, want)) return refuseDenied(turn, own, after)
  const ids = [own?.room, want?.room].filter(id => id !== undefined)
  const held = await holdRooms(turn.db, ids)
  // who keeps the room may have decided meanwhile
  const last = own && (await getBooking(turn.db, own.id))
  const current = last?.state === 'void' ? undefined : last
  if (current) await giveUp(turn, current)
  if (!want) return
  const room = held.get(want.room)
  if (room?.state !== 'available') throw new Refusal(`${room?.name ?? '该会议室'}已停用,请改用其他会议室`)
  const isAgreed = current?.room === room.id && current.state === 'held' && isWithin(want, current)
  await take(turn, room, want, { meeting: after.id, unit: after.unit, word: '' }, isAgreed)
}

const isGoingOut = (before: Meeting | undefined, after: Meeting): boolean =>
  after.notifiedAt !== undefined && before?.notifiedAt === undefined

/** @throws Refusal where people would be called to a room that its keeper has refused while the meeting waited for approval. */
async function refuseDenied(turn: Turn, booking: Booking | undefined, { place }: Meeting): Promise<void> {
  if (booking?.state !== 'void') return
  throw new Refusal(`${refusedWords(place, (await refusalOf(turn, booking)) ?? '')},请退回修改后另选地点或时间`)
}

async function giveUp(turn: Turn, booking: Booking): Promise<void> {
  await settleBooking(turn.db, booking, { state: 'void' })
  turn.redraw(FEATURE, bookingMatter(booking.id))
  turn.redraw(FEATURE, `room/${booking.room}`)
}

interface Purpose {
  meeting: number | undefined
  unit: string
  word: string
}

/** Takes a room that is held: at once, or where it wants approval as soon as its keeper has agreed. @throws Refusal when it is taken. */
export async function take(turn: Turn, room: Room, span: Span, of: Purpose, isAgreed = false): Promise<Booking> {
  const { startsAt, endsAt } = span
  const asks = room.approval && !isAgreed && (await decider(turn, room, actorIn(turn))) === undefined
  const booking = await openBooking(turn.db, {
    room: room.id,
    meeting: of.meeting,
    startsAt,
    endsAt,
    state: asks ? 'asked' : 'held',
    bookedBy: turn.who.id,
    bookedAt: turn.now,
    word: of.word,
  })
  if (!booking) throw new Refusal(await clashWords(turn, room, span, of.meeting))
  const matter = bookingMatter(booking.id)
  turn.record({
    feature: FEATURE,
    act: asks ? 'booking.ask' : 'booking.take',
    matter,
    data: { room: room.id, ...(of.meeting === undefined ? {} : { meeting: of.meeting }) },
  })
  turn.redraw(FEATURE, `room/${room.id}`)
  if (asks) await askKeepers(turn, room, booking)
  return booking
}

async function askKeepers(turn: Turn, room: Room, booking: Booking): Promise<void> {
  const [keeper] = room.keeper ? await peopleById(turn.db, [room.keeper]) : []
  const people = keeper?.active ? [keeper.id] : await holdersFor(turn, { unit: '' }, ['BZ', 'HW'])
  const body = { matter: { feature: FEATURE, id: bookingMatter(booking.id) } }
  const line = `${room.name} ${spanWords(booking, turn.now)} 的预订待批准`
  await tellOf(
    turn,
    people.filter(id => id !== turn.who.id),
    { body, line },
    booking.startsAt,
  )
}

/** As whom somebody decides on a room's bookings; undefined = may not. */
async function decider(look: Reading, room: Room, actor: Actor): Promise<string | undefined> {
  const [keeper] = room.keeper ? await peopleById(look.db, [room.keeper]) : []
  return decidesAs(room, actor, keeper?.active === true, may)
}

/** A meeting that ended before its time leaves the rest to others. */
async function freeRest(turn: Turn, { id }: Meeting): Promise<void> {
  const own = await bookingOf(turn.db, id)
  if (!own) return
  const { booking } = await holdBooking(turn.db, own.id)
  turn.redraw(FEATURE, `room/${booking.room}`)
  if (booking.state === 'void') return
  const endsAt = takenUntil(booking, turn.now)
  if (!endsAt) return giveUp(turn, booking)
  if (endsAt >= booking.endsAt) return
  await settleBooking(turn.db, booking, { endsAt })
  turn.redraw(FEATURE, bookingMatter(booking.id))
}

const MOST_TAKEN = 200

/** Three ways out where a room is not to be had at a time. */
export async function waysOutOf(look: Reading, room: Room, span: Span, meeting?: number): Promise<string[]> {
  const horizon = { startsAt: span.startsAt, endsAt: horizonOf(span) }
  const [free, taken, inForce] = await Promise.all([
    roomsFree(look.db, span.startsAt, span.endsAt, 0, meeting),
    bookingsIn(look.db, [room.id], horizon, MOST_TAKEN, meeting),
    customs(look),
  ])
  // what seats as many comes before what seats fewer
  const others = free.filter(({ id }) => id !== room.id)
  const byFit = [...others].sort((a, b) => Number(a.seats < room.seats) - Number(b.seats < room.seats))
  return waysOut(byFit, room.name, nextTimes(taken, span, 3, inForce), span, look.now)
}

/** What takes the room, by number, and three ways out. */
async function clashWords(turn: Turn, room: Room, span: Span, meeting: number | undefined): Promise<string> {
  const taken = await bookingsIn(turn.db, [room.id], span, 3, meeting)
  const words = await takersOf(turn, taken)
  const says = taken.map(booking => `${spanWords(booking, turn.now)} ${words.get(booking.id)}`)
  const ways = waysOutWords(await waysOutOf(turn, room, span, meeting))
  return `${room.name}${spanWords(span, turn.now)}已被占用:${says.join(';')}。${ways}`
}

/** What takes rooms, in words that everybody may read, by booking. */
export async function takersOf({ db }: Pick<Look, 'db'>, some: readonly Booking[]): Promise<Map<number, string>> {
  const inRooms = await meetingsInRooms(
    db,
    some.map(({ meeting }) => meeting).filter(id => id !== undefined),
  )
  const makers = some.map(({ meeting, bookedBy }) => inRooms.get(meeting ?? 0)?.maker ?? bookedBy)
  const people = new Map((await peopleById(db, [...new Set(makers)])).map(person => [person.id, person]))
  const units = await departmentNames(db, [
    ...new Set([...inRooms.values()].map(({ unit }) => unit).concat([...people.values()].flatMap(unitsOf))),
  ])
  return new Map(
    some.map((booking, i) => {
      const meeting = inRooms.get(booking.meeting ?? 0)
      const person = people.get(makers[i] ?? '')
      const taker = {
        number: meeting?.number ? numberText(meeting.number) : '',
        unit: units.get(meeting?.unit ?? person?.departments[0] ?? '') ?? '',
        by: person?.name ?? '',
        word: booking.word,
      }
      return [booking.id, takerWords(booking, taker)]
    }),
  )
}

/** To whom bookings belong: who holds the meeting, where there is none whoever took the room. */
export async function organisersOf({ db }: Reading, some: readonly Booking[]): Promise<Map<number, string>> {
  const inRooms = await meetingsInRooms(
    db,
    some.flatMap(({ meeting }) => meeting ?? []),
  )
  return new Map(some.map(({ id, meeting, bookedBy }) => [id, inRooms.get(meeting ?? 0)?.maker ?? bookedBy]))
}

const unitsOf = ({ departments }: Person): string[] => departments.slice(0, 1)

/** 同意 or 不同意 of whoever keeps the room; a refusal says why, and what else is free. */
const decide =
  (to: 'held' | 'void'): Action =>
  async (turn, press) => {
    const { booking, room, as } = await asked(turn, press)
    const word = wordIn(press.form, 'word', ROOM_LIMITS.remark)
    if (to === 'void' && word === '') throw new Refusal('请填写不同意的理由')
    await settleBooking(turn.db, booking, { state: to })
    turn.record({
      feature: FEATURE,
      act: to === 'held' ? 'booking.grant' : DENIED,
      matter: bookingMatter(booking.id),
      ...(as === turn.who.id ? {} : { actingFor: as }),
      data: { reason: word },
    })
    await tellOutcome(turn, booking, room, to === 'held' ? '已批准' : `${REFUSED},理由:${word}`)
    redrawAll(turn, booking)
    return { toast: { kind: 'success', words: to === 'held' ? '已同意' : '已不同意,已告知预订人' } }
  }

/** The booking that is decided on, held. @throws Refusal for who may not decide, and where it is decided. */
async function asked(turn: Turn, { value }: Press): Promise<{ booking: Booking; room: Room; as: string }> {
  const { booking, room } = await holdBooking(turn.db, wholeId(value.id, NO_BOOKING))
  const as = await decider(turn, room, actorIn(turn))
  if (as === undefined) throw await notTheirs(turn, booking, '此按钮仅限会议室管理员使用')
  if (booking.state !== 'asked') {
    const last = (await decisionsOn(turn, booking)).at(-1)
    throw new AlreadySo(last?.words ?? `该预订${booking.state === 'held' ? '已批准' : '已释放'}`)
  }
  return { booking, room, as }
}

/** What is none of somebody's business reads like what does not exist. */
const notTheirs = async (turn: Turn, booking: Booking, words: string): Promise<Refusal> =>
  new Refusal((await isTheirs(turn, booking, actorIn(turn))) ? words : NO_BOOKING)

async function tellOutcome(turn: Turn, booking: Booking, room: Room, outcome: string): Promise<void> {
  const { meeting, bookedBy } = booking
  const inRooms = await meetingsInRooms(turn.db, meeting === undefined ? [] : [meeting])
  const people = [...new Set([bookedBy, inRooms.get(meeting ?? 0)?.maker])].filter(id => id !== turn.who.id)
  await tellOf(
    turn,
    people,
    {
      body: { matter: { feature: FEATURE, id: bookingMatter(booking.id) } },
      line: `${room.name} ${spanWords(booking, turn.now)} 的预订${outcome}`,
    },
    booking.startsAt,
  )
}

function redrawAll(turn: Pick<Turn, 'redraw'>, { id, room, meeting }: Booking): void {
  turn.redraw(FEATURE, bookingMatter(id))
  turn.redraw(FEATURE, `room/${room}`)
  if (meeting !== undefined) turn.redraw(FEATURE, String(meeting))
}

/** 取消占用: of what is no meeting, by who took it or keeps the room. */
const free: Action = async (turn, { value }): Promise<Answer> => {
  const { booking, room } = await holdBooking(turn.db, wholeId(value.id, NO_BOOKING))
  const as = booking.bookedBy === turn.who.id ? turn.who.id : await decider(turn, room, actorIn(turn))
  if (as === undefined) throw await notTheirs(turn, booking, '此按钮仅限预订人和会议室管理员使用')
  if (booking.meeting !== undefined) throw new Refusal('会议占用的会议室请在会议卡片上变更或取消')
  if (booking.state === 'void')
    throw new AlreadySo((await refusalOf(turn, booking)) === undefined ? '该预订已释放' : `该预订${REFUSED}`)
  await settleBooking(turn.db, booking, { state: 'void' })
  turn.record({
    feature: FEATURE,
    act: 'booking.free',
    matter: bookingMatter(booking.id),
    ...(as === turn.who.id ? {} : { actingFor: as }),
  })
  redrawAll(turn, booking)
  if (booking.bookedBy !== turn.who.id)
    await tellOf(
      turn,
      [booking.bookedBy],
      {
        body: { matter: { feature: FEATURE, id: bookingMatter(booking.id) } },
        line: `${room.name} ${spanWords(booking, turn.now)} 的预订已被取消`,
      },
      booking.startsAt,
    )
  return { toast: { kind: 'success', words: '已取消占用' } }
}

const DENIED = 'booking.deny'
const ACTS: Record<string, string> = {
  'booking.ask': '已申请',
  'booking.take': '已占用',
  'booking.grant': '已同意',
  [DENIED]: '不同意',
  'booking.free': '已取消占用',
}

interface Decision {
  who: string
  words: string
  act: string
  reason: string
}

/** Why a booking was refused; undefined: it was not, or was given back since. */
export async function refusalOf(look: Pick<Look, 'db' | 'now'>, booking: Booking): Promise<string | undefined> {
  const last = booking.state === 'void' ? (await decisionsOn(look, booking)).at(-1) : undefined
  return last?.act === DENIED ? last.reason : undefined
}

/** Who did what with a booking, in words, oldest first. */
async function decisionsOn({ db, now }: Pick<Look, 'db' | 'now'>, { id }: Booking): Promise<Decision[]> {
  const events = (await history(db, FEATURE, bookingMatter(id))).filter(({ act }) => Object.hasOwn(ACTS, act))
  const ids = events.flatMap(({ who, actingFor }) => [who, ...(actingFor ? [actingFor] : [])])
  const names = new Map((await peopleById(db, [...new Set(ids)])).map(person => [person.id, person.name]))
  return events.map(({ act, at, who, actingFor, data }) => {
    const reason = typeof data.reason === 'string' ? data.reason : ''
    const acted = actedWords(ACTS[act] ?? '', who, actingFor ?? undefined, names)
    const said = saidWith(ACTS[act] ?? '', reason, act === DENIED)
    return { who, act, reason, words: `${acted} · ${formatShort(at, now)}${said}` }
  })
}

export async function drawBooking(look: Look, id: number, viewer: Viewer): Promise<Card> {
  const booking = await getBooking(look.db, id)
  const room = await getRoom(look.db, booking.room)
  const actor = viewer.kind === 'person' ? await actorOf(look, viewer.id) : undefined
  const decides = actor ? (await decider(look, room, actor)) !== undefined : false
  if (!decides && !(await isTheirs(look, booking, actor))) return hidden('会议室预订', '未找到该预订,或您无权查看。')
  const [words, decided] = await Promise.all([takersOf(look, [booking]), decisionsOn(look, booking)])
  const last = booking.state === 'void' ? decided.at(-1) : undefined
  // whoever gave it up themselves looks for no other
  const ways = last && last.who !== booking.bookedBy ? await waysOutOf(look, room, booking) : []
  const isOwn = booking.bookedBy === actor?.id
  const frees = booking.meeting === undefined && (isOwn || (decides && booking.state === 'held'))
  const refused = last?.act === DENIED
  const facts = { decided: decided.map(one => one.words), decides, frees, refused, ways }
  return bookingCard(booking, room, { words: words.get(id) ?? '', ...facts }, look.now)
}

/** Whether somebody booked it, or made the meeting that takes it. */
async function isTheirs({ db }: Reading, { meeting, bookedBy }: Booking, actor: Actor | undefined): Promise<boolean> {
  if (!actor || bookedBy === actor.id) return actor !== undefined
  return meeting !== undefined && (await meetingsInRooms(db, [meeting])).get(meeting)?.maker === actor.id
}

const MOST_WAITING = 20

/** Bookings that wait for somebody's word. */
export async function bookingTodo(look: Look & { who: Person }): Promise<Waiting> {
  const actor = await actorOf(look, look.who.id)
  const some = await askedBookings(
    look.db,
    { keeper: actor.id, isOffice: isOffice(actor, may) },
    look.now,
    MOST_WAITING,
  )
  const words = await takersOf(
    look,
    some.map(({ booking }) => booking),
  )
  const items = some.map(({ booking, room }) => ({
    feature: FEATURE,
    matter: bookingMatter(booking.id),
    awaitsDecision: true,
    urgency: booking.startsAt.getTime(),
    line: [`会议室预订待批准 ${room.name} ${spanWords(booking, look.now)} ${words.get(booking.id) ?? ''}`],
    buttons: [{ label: '查看', action: 'meeting.bookingShow', value: { id: booking.id } }],
  }))
  return { items, more: some.length >= MOST_WAITING }
}

const show: Action = async (turn, { value }) => {
  const booking = await getBooking(turn.db, wholeId(value.id, NO_BOOKING))
  const { id } = booking
  const by = actorIn(turn)
  const decides = (await decider(turn, await getRoom(turn.db, booking.room), by)) !== undefined
  if (!decides && !(await isTheirs(turn, booking, by))) throw new Refusal(NO_BOOKING)
  return {
    say: { matter: { feature: FEATURE, id: bookingMatter(id) } },
    privately: true,
    toast: { kind: 'success', words: '已发送到私聊' },
  }
}

export const bookingActions = {
  bookingGrant: decide('held'),
  bookingDeny: decide('void'),
  bookingFree: free,
  bookingShow: show,
} satisfies Record<string, Action>
