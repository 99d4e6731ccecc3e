import { getTrip, NO_TRIP } from '../../db/car.ts'
import { getRun } from '../../db/car-full-run.ts'
import { countTripsSeen, openTripsSeen, type TripFilter, tripsAwaiting, tripsSeen } from '../../db/car-list.ts'
import {
  type Action,
  type Answer,
  type Look,
  MOST_READ,
  type TodoItem,
  type Turn,
  type Waiting,
} from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import { pageAmong, readPage } from '../../src/kit/pages.ts'
import type { Person, Viewer } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { dayIn, toInstant } from '../../src/kit/time.ts'
import { hiddenCard, listLine, tripCard } from '../../src/office/car/cards.ts'
import { type TripMove, type TripState, tripFlow } from '../../src/office/car/flow.ts'
import { mineCard, PAGE, showButton } from '../../src/office/car/lists.ts'
import { readNumber } from '../../src/office/car/number.ts'
import { drives, inPlaceOf, maySee, movesOpen, ridersOf } from '../../src/office/car/roles.ts'
import { runLines } from '../../src/office/car/run-cards.ts'
import { type Actor, EXAMPLE, type Setting, type Trip } from '../../src/office/car/trip.ts'
import { historyOf } from './act.ts'
import { actorIn, actorOf, FEATURE, idOf, settingOf, sightOf } from './setting.ts'

/** A trip as somebody sees it now. */
export async function draw(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const trip = await getTrip(look.db, idOf(matter))
  const setting = await settingOf(look, trip)
  const actor = viewer.kind === 'person' ? await actorOf(look, viewer.id) : undefined
  if (actor && !maySee(trip, actor, setting)) return hiddenCard()
  const full = actor && trip.run !== undefined ? await getRun(look.db, trip.run) : undefined
  const more = full ? runLines(trip, full, setting) : []
  return tripCard(trip, actor, { history: await historyOf(look, trip.id), more }, setting)
}

/** `/用车 我的`: what I asked for and where I ride. */
export const mine = async (turn: Turn): Promise<Answer> => ({ say: { card: await minePage(turn, 1) }, privately: true })

export const turnMine: Action = async (turn, { value }) => ({
  fresh: { card: await minePage(turn, readPage(value.page)) },
})

async function minePage(turn: Turn, asked: number): Promise<Card> {
  const sight = await sightOf(turn, actorIn(turn))
  const filter = { rider: turn.who.id }
  const total = await countTripsSeen(turn.db, sight, filter)
  const page = pageAmong(asked, total, PAGE)
  const found = await tripsSeen(turn.db, sight, filter, PAGE, (page - 1) * PAGE)
  return mineCard(found, page, total, await settingOf(turn, ...found))
}

/** `/用车 派〔2026〕86号`, `86号`: one trip, as the asker may see it; undefined where the text is no number. */
export async function byNumber(turn: Turn, text: string): Promise<Answer | undefined> {
  const number = readNumber(text, yearOf(turn.now))
  if (!number) return undefined
  const [found] = await tripsSeen(turn.db, await sightOf(turn, actorIn(turn)), { number }, 1)
  if (!found) throw new Refusal(NO_TRIP, EXAMPLE)
  return { say: { matter: { feature: FEATURE, id: String(found.id) } }, privately: true }
}

const yearOf = (at: Date): number => Number(dayIn(at).slice(0, 4))

/** 查看. */
export const show: Action = async (turn, { value }) => {
  const trip = await getTrip(turn.db, idOf(value.id))
  const setting = await settingOf(turn, trip)
  if (!maySee(trip, actorIn(turn), setting)) throw new Refusal(NO_TRIP)
  return { say: { matter: { feature: FEATURE, id: String(trip.id) } }, privately: true }
}

const ASKED: TripState[] = ['section', 'office', 'leader']
const MOVING: TripState[] = ['draft', 'approved', 'dispatched', 'underway', 'returned']

/**
 * What may wait for somebody: what they are asked to decide, what they asked for, ride in or drive, and by role what is to be
 * dispatched, is on its way or to be checked, or has nobody else to decide it; each counted by itself.
 */
export async function openFor(look: Look, actor: Actor): Promise<{ open: Trip[]; more: boolean }> {
  const { db } = look
  const sight = await sightOf(look, actor)
  const selves = [actor.id, ...sight.standsFor]
  const parts = await Promise.all([
    tripsAwaiting(db, selves, MOST_READ),
    openTripsSeen(db, { ...sight, house: false, units: [] }, MOVING, MOST_READ),
    openTripsSeen(db, sight, MOVING, MOST_READ),
    openTripsSeen(db, sight, ASKED, MOST_READ),
  ])
  const found = new Map(parts.flat().map(trip => [trip.id, trip]))
  const open = [...found.values()].sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime())
  return { open, more: parts.some(part => part.length >= MOST_READ) }
}

/** Moves that somebody is waiting for. */
const WAITED: TripMove[] = [
  'submit',
  'approve',
  'endorse',
  'assign',
  'lapse',
  'depart',
  'arrive',
  'confirm',
  'complete',
]

/** What waits for somebody. */
export async function todo(look: Look & { who: Person }): Promise<Waiting> {
  const actor = await actorOf(look, look.who.id)
  const { open, more } = await openFor(look, actor)
  const setting = await settingOf(look, ...open)
  const items = open.filter(trip => waitsFor(trip, actor, setting)).map(trip => itemOf(trip, actor, setting))
  return { items, more }
}

export const waitsFor = (trip: Trip, actor: Actor, setting: Setting): boolean =>
  movesOpen(trip, actor, setting).some(move => WAITED.includes(move) && !isEarly(trip, move, setting))

/** Nobody drives off or comes back before its day. */
const isEarly = ({ startsAt }: Trip, move: TripMove, { now }: Setting): boolean =>
  move === 'depart' && dayIn(startsAt) > dayIn(now)

/** By words or number, what the asker may see. */
export async function find(look: Look & { who: Person }, words: string): Promise<TodoItem[]> {
  const actor = await actorOf(look, look.who.id)
  const number = readNumber(words, yearOf(look.now))
  const filter: TripFilter = number ? { number } : { words, knownBy: actor.id }
  const found = await tripsSeen(look.db, await sightOf(look, actor), filter, 20)
  const setting = await settingOf(look, ...found)
  return found.map(trip => itemOf(trip, actor, setting))
}

const MOST_TODAY = 100
const TODAY: TripState[] = ['approved', 'dispatched', 'underway']

/** Where somebody rides or drives today. */
export async function today(look: Look & { who: Person }): Promise<TodoItem[]> {
  const actor = await actorOf(look, look.who.id)
  const found = await tripsToday(look, actor)
  const setting = await settingOf(look, ...found)
  return found.filter(trip => takesPart(trip, actor.id, setting)).map(trip => itemOf(trip, actor, setting))
}

export async function tripsToday(look: Look, actor: Actor): Promise<Trip[]> {
  const { from, until } = dayOf(look.now)
  const filter: TripFilter = { states: TODAY, open: true, startsBefore: until, endsFrom: from }
  return tripsSeen(look.db, await sightOf(look, actor), filter, MOST_TODAY)
}

export const takesPart = (trip: Trip, id: string, setting: Setting): boolean =>
  trip.applicant === id || ridersOf(trip).includes(id) || drives(trip, id, setting)

const DAY_MS = 86_400_000

/** The day of an instant, from midnight to midnight. */
export function dayOf(at: Date): { from: Date; until: Date } {
  const from = new Date(toInstant(dayIn(at), '00:00'))
  return { from, until: new Date(from.getTime() + DAY_MS) }
}

/** Its buttons in a list: what needs no words is pressed there, the rest on the card itself. */
export function itemOf(trip: Trip, actor: Actor, setting: Setting): TodoItem {
  const open = movesOpen(trip, actor, setting)
  const direct = open.filter(move => DIRECT.includes(move))
  const others = new Set(open.map(move => inPlaceOf(trip, tripFlow.moves[move].by, actor, setting)))
  const names = actor.standsFor.filter(({ id }) => others.has(id)).map(({ name }) => name)
  return {
    feature: FEATURE,
    matter: String(trip.id),
    awaitsDecision: open.includes('approve') || open.includes('endorse'),
    urgency: ENDED.includes(trip.state) ? Number.MAX_SAFE_INTEGER : trip.startsAt.getTime(),
    line: ['用车 ', ...listLine(trip, setting), names.length ? ` · 代${names.join('、')}` : ''],
    buttons: [
      ...direct.map(move => ({
        label: tripFlow.moves[move].button,
        action: `${FEATURE}.${move}`,
        value: { id: trip.id, rev: trip.rev },
      })),
      showButton(trip) as TodoItem['buttons'][number],
    ],
  }
}

const DIRECT: TripMove[] = ['approve', 'endorse']
const ENDED: TripState[] = ['completed', 'refused', 'withdrawn', 'cancelled', 'missed']
