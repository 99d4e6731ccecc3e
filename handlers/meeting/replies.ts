import { departmentsLed } from '../../db/department.ts'
import { getMeeting } from '../../db/meeting.ts'
import { invitationsOpen, leavesAsked, unitsPending } from '../../db/meeting-reply.ts'
import { keepSettled } from '../../db/settings.ts'
import type { Action, Answer, Command, Look, Press, TodoItem, Turn, Waiting } from '../../src/bot/feature.ts'
import type { Person } from '../../src/kit/person.ts'
import { replyFlow } from '../../src/office/meeting/flow.ts'
import type { Actor, Setting } from '../../src/office/meeting/meeting.ts'
import { headOf } from '../../src/office/meeting/notice.ts'
import { guestName } from '../../src/office/meeting/reply.ts'
import { type FullInvitation, isUnit, repliesOpen } from '../../src/office/meeting/reply-roles.ts'
import { REPLY_SETTING, readReplySetting, replySettingCard } from '../../src/office/meeting/reply-setting.ts'
import { selvesOf } from '../../src/office/meeting/roles.ts'
import { refuseNonAdmin } from '../admins.ts'
import type { Part } from '../part.ts'
import { checkIn, doorActions, greetAtDoor, ordersCode } from './door.ts'
import { fullOf, grantingIn, replySetting, settingOfFull } from './full.ts'
import { drawInvitation, isInvitationMatter } from './invitation.ts'
import { drawLeaves, grantLeaves, heardOnLeaves, isLeaves } from './leaves.ts'
import { nudge } from './nudge.ts'
import { delegate } from './proxy.ts'
import { answer, heard, mine, showReply } from './reply.ts'
import { actorOf, FEATURE, invitationMatter } from './setting.ts'
import { nameAttendees } from './unit.ts'

const commands: Record<string, Command> = {
  签到: { usage: '/会议 签到', about: '会场签到,在签到时间内办理', run: checkIn },
}

const actions = {
  attend: answer('attend'),
  askLeave: answer('askLeave'),
  reconsider: answer('reconsider'),
  grantLeave: answer('grantLeave'),
  denyLeave: answer('denyLeave'),
  grantLeaves,
  checkIn: answer('checkIn'),
  delegate,
  name: nameAttendees('name'),
  rename: nameAttendees('rename'),
  mine,
  reply: showReply,
  nudge,
  replySetting: showSetting,
  keepReplySetting,
  ...doorActions,
} satisfies Record<string, Action>

/** What those who are asked answer: replies, leaves, substitutes, attendees of units, and the door. */
export const replies: Part = {
  commands,
  actions,
  heavy: ['code'],
  owns: matter => isInvitationMatter(matter) || isLeaves(matter),
  draw: (look, matter, viewer) => (isLeaves(matter) ? drawLeaves : drawInvitation)(look, matter, viewer),
  greets: greetAtDoor,
  heard: (turn, matter, said) => (isLeaves(matter) ? heardOnLeaves(turn) : heard(turn, matter, said)),
  todo,
  orders: ordersCode,
  print: async () => ({ opens: 'chat' }),
}

const AHEAD_MS = 400 * 86_400_000
const MOST = 50

/** What waits for somebody: their reply, that of a unit they answer for, and leaves they are asked to grant. */
async function todo(look: Look & { who: Person }): Promise<Waiting> {
  const actor = await actorOf(look, look.who.id)
  const selves = selvesOf(actor)
  const persons = selves.map(({ id }) => id)
  const holds = (...codes: string[]) => selves.some(({ held }) => held.some(({ code }) => codes.includes(code)))
  const units = await Promise.all(
    selves.map(async ({ id, departments, held }) => [
      ...held.flatMap(({ code, unit }) =>
        code === 'QX' || code === 'KZ' ? (unit === undefined ? departments : [unit]) : [],
      ),
      ...(await departmentsLed(look.db, id)),
    ]),
  )
  const [own, asked, ofUnits] = await Promise.all([
    invitationsOpen(look.db, persons, { from: look.now, until: new Date(look.now.getTime() + AHEAD_MS) }, MOST),
    leavesAsked(
      look.db,
      { persons, office: holds('BZ'), granting: holds('BZ', 'FG', 'LD') ? await grantingIn(look) : undefined },
      look.now,
      MOST,
    ),
    unitsPending(look.db, [...new Set(units.flat())], look.now, MOST),
  ])
  const some = [...own.filter(({ state }) => state === 'pending'), ...asked, ...ofUnits]
  const fulls = await Promise.all(
    [...new Map(some.map(one => [one.id, one])).values()].map(async one =>
      fullOf(look, one, await getMeeting(look.db, one.meeting), look.who.id),
    ),
  )
  const setting = await settingOfFull(look, ...fulls)
  const items = fulls.filter(full => waits(full, actor, setting)).map(full => itemOf(full, setting))
  return { items, more: [own, asked, ofUnits].some(part => part.length >= MOST) }
}

/** Whoever organises could put down anybody's reply; that does not wait for them. */
const waits = (full: FullInvitation, actor: Actor, setting: Setting): boolean => {
  const open = repliesOpen(full, actor, setting)
  return open.includes('grantLeave') || open.includes('name') || open.includes('attend')
}

function itemOf(full: FullInvitation, setting: Setting): TodoItem {
  const { invitation, meeting } = full
  const isLeave = invitation.state === 'asking'
  const what = isLeave ? `${guestName(invitation, setting)}请假待批准` : isUnit(invitation) ? '待报名' : '待回执'
  const press = (move: 'attend' | 'grantLeave') => ({
    label: replyFlow.moves[move].button,
    action: `${FEATURE}.${move}`,
    value: { id: invitation.id, rev: invitation.rev },
  })
  return {
    feature: FEATURE,
    matter: invitationMatter(meeting.id, invitation.id),
    awaitsDecision: isLeave,
    urgency: (meeting.replyBy ?? meeting.startsAt).getTime(),
    line: ['会议 ', headOf(meeting, setting), ` · ${what}`],
    buttons: [
      ...(isLeave ? [press('grantLeave')] : isUnit(invitation) ? [] : [press('attend')]),
      { label: '查看', action: `${FEATURE}.reply`, value: { id: invitation.id } },
    ],
  }
}

async function showSetting(turn: Turn): Promise<Answer> {
  refuseNonAdmin(turn, '修改会议设置')
  return { fresh: { card: replySettingCard(await replySetting(turn)) } }
}

async function keepReplySetting(turn: Turn, { form }: Press): Promise<Answer> {
  refuseNonAdmin(turn, '修改会议设置')
  const settled = readReplySetting(name => (typeof form[name] === 'string' ? form[name] : ''))
  await keepSettled(turn.db, { feature: FEATURE }, REPLY_SETTING, settled, turn.now)
  turn.record({ feature: FEATURE, act: 'replySetting', data: { ...settled } })
  return { toast: { kind: 'success', words: '已保存' }, fresh: { card: replySettingCard(settled) } }
}
