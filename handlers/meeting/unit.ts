import { dropInvitations } from '../../db/meeting-invitation.ts'
import { openInvitation, othersFor } from '../../db/meeting-reply.ts'
import { peopleById } from '../../db/people.ts'
import { peopleOfUnit } from '../../db/people-meant.ts'
import type { Action, Turn } from '../../src/bot/feature.ts'
import type { Option } from '../../src/kit/card.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { comingFor } from '../../src/office/meeting/asked.ts'
import { type Attendee, readAttendees } from '../../src/office/meeting/attendees.ts'
import type { Invitation, Setting } from '../../src/office/meeting/meeting.ts'
import { guestName, replied } from '../../src/office/meeting/reply.ts'
import { noticeLine } from '../../src/office/meeting/reply-cards.ts'
import type { FullInvitation } from '../../src/office/meeting/reply-roles.ts'
import { asOptions } from '../named.ts'
import { tellOf } from '../tell.ts'
import { keepReply, readReply, typedIn } from './answer.ts'
import { guestsFollow } from './calendar.ts'
import { holdSeen } from './full.ts'
import { materialsFollow } from './materials.ts'
import { FEATURE, invitationMatter } from './setting.ts'

/** 报名 and 改报名: who comes for a unit, of the directory or by words; those of the directory get the notice. */
export function nameAttendees(move: 'name' | 'rename'): Action {
  return async (turn, pressed) => {
    const { full, by, setting } = await holdSeen(turn, pressed.value.id)
    const press = { move, by, ...readReply(pressed) }
    const after = replied(full, press, setting)
    const attendees = await attendeesIn(turn, pressed.form, full.invitation)
    await replaceNamed(turn, full, attendees, setting)
    await keepReply(turn, full, after, { ...press, setting })
    return { toast: { kind: 'success', words: `已报名${attendees.length}人` } }
  }
}

/** @throws Refusal where there is nobody, there are too many, or a line is not understood. */
async function attendeesIn(
  turn: Turn,
  form: Record<string, unknown>,
  { unit, places }: Invitation,
): Promise<Attendee[]> {
  const staff = await peopleOfUnit(turn.db, unit, MOST_OPTIONS)
  const chosen = Array.isArray(form.people) ? form.people.filter(id => typeof id === 'string') : []
  if (chosen.some(id => !staff.some(person => person.id === id))) throw new Refusal('请从本单位人员中选择')
  return readAttendees(chosen, typedIn(form, 'others') ?? '', staff, places)
}

/** Whoever stays on the list keeps their invitation, and so the card they have. */
async function replaceNamed(turn: Turn, full: FullInvitation, some: Attendee[], setting: Setting): Promise<void> {
  const { invitation, meeting } = full
  const before = await othersFor(turn.db, invitation)
  const isSame = (one: Invitation, other: Attendee) =>
    other.person
      ? one.person === other.person
      : !one.person && one.name === other.name && one.phone === other.phone && one.title === other.title
  const gone = before.filter(one => one.state !== 'present' && !some.some(other => isSame(one, other)))
  await dropInvitations(
    turn.db,
    gone.map(({ id }) => id),
  )
  for (const { id } of gone) turn.redraw(FEATURE, invitationMatter(meeting.id, id))
  const fresh = some.filter(other => !before.some(one => isSame(one, other)))
  const told: Invitation[] = []
  for (const { person, name, title, phone } of fresh) {
    const asked = comingFor(meeting, {
      ...{ unit: invitation.unit, part: invitation.part, namedBy: invitation.id, title, phone },
      // a guest by words takes none of the unit's one place in the index of units
      ...(person ? { person } : { name, places: 0 }),
    })
    const opened = await openInvitation(turn.db, asked)
    if (!opened) throw new Refusal(`${name}已在参会名单中,无需重复报名`)
    if (person) told.push(opened)
  }
  if (gone.length || told.length) guestsFollow(turn, meeting.id)
  const line = `${noticeLine(meeting, setting)}:${guestName(invitation, setting)}已为您报名参会`
  for (const { id, person } of told) {
    const body = { matter: { feature: FEATURE, id: invitationMatter(meeting.id, id) } }
    await tellOf(turn, [person], { body, line }, meeting.startsAt)
    await materialsFollow(turn, meeting, { person })
  }
  const leaving = gone.flatMap(({ person }) => (person ? [person] : []))
  if (leaving.length) {
    const words = `${noticeLine(meeting, setting)}:${guestName(invitation, setting)}已调整参会人员,您不再参会`
    await tellOf(turn, leaving, { body: { text: words }, line: words }, meeting.startsAt)
  }
}

const MOST_OPTIONS = 100

/** Of whom a unit may choose; who has been named stays among them. */
export async function staffFor(turn: Pick<Turn, 'db'>, { invitation, named }: FullInvitation): Promise<Option[]> {
  const [staff, known] = await Promise.all([
    peopleOfUnit(turn.db, invitation.unit, MOST_OPTIONS),
    peopleById(
      turn.db,
      named.flatMap(({ person }) => (person ? [person] : [])),
    ),
  ])
  return asOptions(turn, [...new Map([...known, ...staff].map(person => [person.id, person])).values()])
}
