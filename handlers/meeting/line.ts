import { departmentsLed } from '../../db/department.ts'
import { lastPhoneOf } from '../../db/meeting.ts'
import { peopleById } from '../../db/people.ts'
import type { Said, Turn } from '../../src/bot/feature.ts'
import type { Person } from '../../src/kit/person.ts'
import { momentOf, type Prefill } from '../../src/office/meeting/form.ts'
import type { Guests, MeetingWish } from '../../src/office/meeting/meeting.ts'
import {
  detailsText,
  kindOf,
  type Line,
  readAgenda,
  readLine,
  readMomentSaid,
  titleAndPlace,
  usualReplyBy,
} from '../../src/office/meeting/request.ts'
import type { Kind, MeetingScope } from '../../src/office/meeting/terms.ts'
import { customs } from '../customs.ts'
import { personMeant, roomAmong, unitsMeant, whom, withMarks } from './meant.ts'

/** A wish of which kind and scope may still have to be guessed. */
export type Guessable = Omit<MeetingWish, 'kind' | 'scope'> & { kind: Kind | ''; scope: MeetingScope | '' }

/** What was understood of a line: all that is wanted, or a form to be completed, and why. */
export interface Understood {
  wish: MeetingWish | undefined
  prefill: Prefill
  doubt: string | undefined
  candidates: Person[]
}

/** Reads one line; whoever is not named presides, convenes and is asked about it as usual. */
export async function understand(turn: Turn, said: Said): Promise<Understood> {
  const { text, mentions } = withMarks(said)
  const inForce = await customs(turn)
  const line = readLine(text, turn.now, inForce)
  const { labelled } = line
  const named = (words: string | undefined) => personMeant(turn, words, mentions)
  const listed = [...line.words, ...(labelled.people ? [labelled.people] : [])]
  const [meant, listening, presider, convener, contact, units] = await Promise.all([
    whom(turn, listed, mentions),
    whom(turn, labelled.listeners?.split(/\s+/) ?? [], mentions),
    named(labelled.presider),
    named(labelled.convener),
    named(labelled.contact),
    unitsMeant(turn, labelled.units ?? ''),
  ])
  const place = labelled.place === undefined ? meant.left : [labelled.place]
  const room = await roomAmong(turn, place)
  const read = titleAndPlace(meant.left, labelled.place === undefined ? room?.word : undefined)
  const guests = withChat(turn, {
    ...meant.guests,
    units: units.units,
    listeners: listening.guests.people,
  })
  const title = labelled.title ?? (read.title || line.sort)
  const where = room?.room.name ?? labelled.place ?? read.place
  const host = convener.id ?? presider.id ?? (await usualHost(turn))
  const { startsAt, endsAt } = line
  const words = {
    title,
    place: where,
    guests,
    ...wordsIn(line),
    presider: presider.id ?? host,
    convener: host,
    contact: contact.id ?? turn.who.id,
    phone: labelled.phone ?? (await phoneOf(turn, contact.id ?? turn.who.id)),
    room: room?.room.id,
    replyBy: startsAt && !line.asksNoReply ? replyBy(labelled.replyBy, startsAt, turn.now, inForce) : undefined,
    checkInAt: startsAt && labelled.checkIn ? readMomentSaid(labelled.checkIn, startsAt, turn.now, inForce) : undefined,
    kind: line.kind ?? ('' as const),
    scope: line.scope ?? ('' as const),
  }
  const doubts = [
    ...[meant, listening, presider, convener, contact, units].map(one => one.doubt),
    listening.left.length ? `未找到“${listening.left.join('、')}”。` : undefined,
    line.doubt,
    ...missing(words),
  ]
  const doubt = doubts.filter(one => one !== undefined).join('') || undefined
  return {
    doubt,
    wish: doubt || !startsAt || !endsAt ? undefined : await guessed(turn, { ...words, startsAt, endsAt }),
    prefill: await prefillIn(turn, line, words),
    candidates: [...meant.candidates, ...listening.candidates, ...presider.candidates, ...convener.candidates],
  }
}

const replyBy = (said: string | undefined, startsAt: Date, now: Date, inForce: Parameters<typeof usualReplyBy>[2]) =>
  (said ? readMomentSaid(said, startsAt, now, inForce) : undefined) ?? usualReplyBy(startsAt, now, inForce)

const wordsIn = ({ labelled, isVideo, isUrgent, planned, class: level }: Line) => ({
  branches: labelled.branches ?? (isVideo ? '各分会场视频参会' : ''),
  level: labelled.level ?? '',
  agenda: readAgenda(labelled.agenda ?? ''),
  materials: labelled.materials ?? '',
  dress: labelled.dress ?? '',
  parking: labelled.parking ?? '',
  discipline: labelled.discipline ?? '',
  remark: labelled.remark ?? '',
  planned,
  urgent: isUrgent,
  class: level,
  speech: Number((labelled.speech ?? '').replace(/分钟?$/, '') || 0),
})

/** Called in a group with nobody else asked, the group is. */
function withChat({ chat }: Turn, guests: Guests): Guests {
  const isOpen = ![guests.people, guests.departments, guests.chats, guests.units].some(some => some.length > 0)
  return chat.kind === 'group' && isOpen ? { ...guests, chats: [chat.id] } : guests
}

function missing({ title, place, guests }: Pick<MeetingWish, 'title' | 'place' | 'guests'>): string[] {
  const { people, departments, chats, units, listeners } = guests
  const isEmpty = ![people, departments, chats, units, listeners].some(some => some.length > 0)
  const parts = [!title && '会议名称', !place && '地点', isEmpty && '参会人员'].filter(part => part !== false)
  return parts.length ? [`请填写${parts.join('、')}。`] : []
}

async function prefillIn(turn: Turn, line: Line, words: Omit<Guessable, 'startsAt' | 'endsAt'>): Promise<Prefill> {
  const { labelled, startsAt, endsAt } = line
  const { guests, agenda: _agenda, replyBy: reply, checkInAt, speech: _speech, room, ...rest } = words
  const named = await peopleById(turn.db, [...guests.listeners])
  return {
    ...rest,
    starts: momentOf(startsAt),
    ends: momentOf(endsAt),
    room: room === undefined ? '' : String(room),
    place: room === undefined ? words.place : '',
    people: guests.people,
    departments: guests.departments,
    names: '',
    units: labelled.units ?? '',
    listeners: named.map(({ name }) => name).join('、'),
    reply: momentOf(reply),
    answers: line.asksNoReply ? 'none' : 'asked',
    agenda: labelled.agenda ?? '',
    checkIn: momentOf(checkInAt),
    details: detailsText(words),
  }
}

/** A wish with its kind by the name, and its scope by whom it asks. */
export async function guessed(
  turn: Turn,
  { kind, scope, ...wish }: Guessable,
  unit = turn.who.departments[0],
): Promise<MeetingWish> {
  // 本科室 needs no approval: it is seen by whom it asks, not by what is said of it
  const isOpen = scope === '' || scope === 'section'
  return {
    ...wish,
    kind: kind || kindOf(wish.title),
    scope: isOpen ? await scopeOf(turn, wish.guests, unit) : scope,
  }
}

/** Only the own department; the house; or others, where units name their own attendees. */
async function scopeOf(
  { db }: Turn,
  { people, departments, chats, units, listeners }: Guests,
  own: string | undefined,
): Promise<MeetingScope> {
  if (units.length) return 'system'
  if (chats.length || departments.some(unit => unit !== own)) return 'house'
  const asked = await peopleById(db, [...people, ...listeners])
  return asked.every(({ departments: theirs }) => own !== undefined && theirs.includes(own)) ? 'section' : 'house'
}

/** Roles that convene and preside over what they call, and those that call meetings for others. */
const LEADING = ['LD', 'FG', 'KZ']
const OFFICE = ['BZ', 'HW']

/** Who convenes and presides where nobody is named; '' = is not settled. */
export async function usualHost({ db, who, roles }: Pick<Turn, 'db' | 'who' | 'roles'>): Promise<string> {
  const holds = (some: readonly string[]) => roles.some(({ code }) => some.includes(code))
  const isLeading = holds(LEADING) || (!holds(OFFICE) && (await departmentsLed(db, who.id)).length > 0)
  return isLeading ? who.id : ''
}

/** What somebody last gave as the phone of a meeting's contact. */
export const phoneOf = async ({ db }: Pick<Turn, 'db'>, contact: string): Promise<string> =>
  (await lastPhoneOf(db, contact)) ?? ''
