import { openInvitation } from '../../db/meeting-reply.ts'
import { peopleById } from '../../db/people.ts'
import { peopleOfUnit } from '../../db/people-meant.ts'
import type { Action, Press, Turn } from '../../src/bot/feature.ts'
import type { Option } from '../../src/kit/card.ts'
import type { Person } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { comingFor } from '../../src/office/meeting/asked.ts'
import type { Invitation, Setting } from '../../src/office/meeting/meeting.ts'
import { guestName, replied } from '../../src/office/meeting/reply.ts'
import { noticeLine } from '../../src/office/meeting/reply-cards.ts'
import type { FullInvitation } from '../../src/office/meeting/reply-roles.ts'
import { asOptions, peopleMeant } from '../named.ts'
import { tellOf } from '../tell.ts'
import { keepReply, readReply } from './answer.ts'
import { guestsFollow } from './calendar.ts'
import { holdSeen } from './full.ts'
import { materialsFollow } from './materials.ts'
import { release } from './release.ts'
import { FEATURE, invitationMatter } from './setting.ts'

/** 委托代会 (MT-03): the substitute is asked in turn, with notice and materials; 委托人、受托人、批准人 stand in the history. */
export const delegate: Action = async (turn, pressed) => {
  const { full, by, setting } = await holdSeen(turn, pressed.value.id)
  const press = { move: 'delegate' as const, by, ...readReply(pressed) }
  const after = replied(full, press, setting)
  const person = await substituteIn(turn, pressed, full)
  const substitute = await substituted(turn, { ...full, invitation: after }, person, setting)
  guestsFollow(turn, full.meeting.id)
  await keepReply(turn, full, after, { ...press, setting })
  turn.record({
    feature: FEATURE,
    act: 'proxy',
    matter: invitationMatter(full.meeting.id, substitute.id),
    data: {
      principal: full.invitation.person ?? '',
      substitute: person.id,
      approvedBy: after.decidedFor ?? after.decidedBy ?? '',
    },
  })
  const body = { matter: { feature: FEATURE, id: invitationMatter(full.meeting.id, substitute.id) } }
  const line = `${noticeLine(full.meeting, setting)}:受${guestName(full.invitation, setting)}委托,请您代为参会`
  await tellOf(turn, [person.id], { body, line }, full.meeting.startsAt)
  await materialsFollow(turn, full.meeting, substitute)
  return { toast: { kind: 'success', words: `已委托${person.name}代会,已通知本人` } }
}

/** Who was to come before need not; the same one sent again, after the meeting has moved, keeps their invitation. */
async function substituted(turn: Turn, full: FullInvitation, person: Person, setting: Setting): Promise<Invitation> {
  const { substitute: before, invitation, meeting } = full
  if (before?.person === person.id) return before
  if (before?.state === 'present') throw new Refusal(`代会人员${guestName(before, setting)}已签到,不能另行委托`)
  if (before) await release(turn, full, before, setting)
  const substitute = await openInvitation(
    turn.db,
    comingFor(meeting, {
      ...{ person: person.id, unit: person.departments[0] ?? '', part: invitation.part },
      standsInFor: invitation.id,
    }),
  )
  if (!substitute) throw new Refusal(`${person.name}已在参会名单中,请另选代会人员`)
  return substitute
}

/** @throws Refusal where nobody or more than one is meant, or where they may not come in this one's place. */
async function substituteIn(turn: Turn, { form }: Press, { invitation }: FullInvitation): Promise<Person> {
  const name = typeof form.name === 'string' ? form.name.trim() : ''
  const chosen = typeof form.substitute === 'string' ? form.substitute : ''
  if (!name && !chosen) throw new Refusal('请选择代会人员')
  const meant = name ? await peopleMeant(turn, name, turn.chat.id) : undefined
  if (meant?.doubt) throw new Refusal(meant.doubt)
  const [person, ...others] = meant ? meant.people : await peopleById(turn.db, [chosen])
  if (others.length) throw new Refusal('代会人员限1人')
  if (!person?.active) throw new Refusal('代会人员的账号不存在或已停用,请重新选择')
  if (person.id === invitation.person) throw new Refusal('不能委托本人代会')
  return person
}

const MOST_OPTIONS = 50

/** Who is likely to come in somebody's place: colleagues of their department. */
export async function substitutesFor(turn: Pick<Turn, 'db'>, { invitation }: FullInvitation): Promise<Option[]> {
  const [self] = invitation.person ? await peopleById(turn.db, [invitation.person]) : []
  const unit = self?.departments[0] ?? invitation.unit
  const some = unit ? await peopleOfUnit(turn.db, unit, MOST_OPTIONS) : []
  return asOptions(
    turn,
    some.filter(({ id }) => id !== invitation.person),
  )
}
