import { departmentsById } from '../../db/department.ts'
import { getMeeting, holdMeeting } from '../../db/meeting.ts'
import { unitsAsked } from '../../db/meeting-reply.ts'
import { firstOverWithReads, forgetReads, keepAsked, keepSeen, unansweredNotices } from '../../db/meeting-unread.ts'
import type { Action, Answer, Beat, Look, Notice } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import type { Viewer } from '../../src/kit/person.ts'
import { AlreadySo } from '../../src/kit/refusal.ts'
import type { Seen } from '../../src/kit/seen.ts'
import { hiddenCard } from '../../src/office/meeting/cards.ts'
import { LIMITS } from '../../src/office/meeting/meeting.ts'
import { isOrganisedBy } from '../../src/office/meeting/roles.ts'
import {
  closedUnreadCard,
  isCollecting,
  isWorthAsking,
  MOST_ASKED,
  unreadCard,
} from '../../src/office/meeting/unread.ts'
import type { Part } from '../part.ts'
import { refuseNonOrganiser } from './organised.ts'
import { actorOf, FEATURE, idOf, invitationMatter, settingOf } from './setting.ts'

const MATTER = /^(\d{1,15})\/unread$/
const NOTICE = /^(\d{1,15})\/i(\d{1,15})$/
const MOST = LIMITS.invited * 2
const DAY_MS = 86_400_000

/** `12/unread`: what an organiser asked to know of a meeting's notices. */
const unreadMatter = (meeting: number): string => `${meeting}/unread`

/** 查看未读: has it asked who of those that have not answered has read their notice; nothing is known before. */
const ask: Action = async (turn, { value }) => {
  const meeting = await holdMeeting(turn.db, idOf(value.id))
  const setting = await settingOf(turn, [meeting])
  refuseNonOrganiser(turn, meeting, setting)
  if (!isCollecting(meeting))
    throw new AlreadySo(meeting.reminded.includes('notice') ? '会议不在收集回执,不再查询未读' : '会议通知尚未发出')
  const worth = (await unansweredNotices(turn.db, meeting.id, MOST)).filter(one => isWorthAsking(one, turn.now))
  const asked = worth
    .slice(0, MOST_ASKED)
    .map(({ invitation, message = '', person }) => ({ invitation, message, person }))
  await keepAsked(turn.db, asked, turn.now)
  turn.askReaders(
    asked.map(({ invitation, message, person }) => ({
      ...{ message, person },
      matter: invitationMatter(meeting.id, invitation),
    })),
    FEATURE,
  )
  turn.record({ feature: FEATURE, act: 'unread', matter: String(meeting.id), data: { asked: asked.length } })
  turn.redraw(FEATURE, unreadMatter(meeting.id))
  return {
    ...answerTo(value.again === 1, meeting.id),
    toast: { kind: 'info', words: toastOf(asked.length, worth.length) },
  }
}

/** On the card itself that is drawn anew; from any other in a message of its own. */
const answerTo = (isAgain: boolean, meeting: number): Answer =>
  isAgain ? {} : { say: { matter: { feature: FEATURE, id: unreadMatter(meeting) } }, privately: true }

function toastOf(asked: number, worth: number): string {
  if (!asked) return '刚查询过,或没有可查询的通知'
  return worth > asked ? `正在查询${asked}人,其余${worth - asked}人请再次点击查询` : `正在查询${asked}人`
}

async function draw(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const meeting = await getMeeting(look.db, idOf(MATTER.exec(matter)?.[1]))
  const setting = await settingOf(look, [meeting])
  const actor = viewer.kind === 'person' ? await actorOf(look, viewer.id) : undefined
  if (!actor || !isOrganisedBy(meeting, actor, setting)) return hiddenCard()
  if (!isCollecting(meeting)) return closedUnreadCard()
  const [some, units] = await Promise.all([
    unansweredNotices(look.db, meeting.id, MOST),
    unitsAsked(look.db, meeting.id),
  ])
  const known = await departmentsById(look.db, [...new Set(some.map(({ unit }) => unit).filter(unit => unit !== ''))])
  const names = new Map([...setting.units, ...known.map(({ id, name }) => [id, name] as const)])
  const pending = units.filter(({ state }) => state === 'pending').length
  return unreadCard(meeting, some, pending, { ...setting, units: names })
}

async function seen(beat: Beat, { message, matter }: Notice, came: Seen): Promise<void> {
  const [, meeting, invitation] = NOTICE.exec(matter) ?? []
  await keepSeen(beat.db, { invitation: idOf(invitation), message }, came, beat.now)
  beat.redraw(FEATURE, unreadMatter(idOf(meeting)), 'calmly')
}

/** A day after a meeting is over nothing of it is known any more. */
async function forget(beat: Beat): Promise<undefined> {
  const meetings = await forgetReads(beat.db, new Date(beat.now.getTime() - DAY_MS))
  for (const id of meetings) beat.redraw(FEATURE, unreadMatter(id), 'calmly')
}

async function nextForgetting({ db }: Look): Promise<Date | undefined> {
  const over = await firstOverWithReads(db)
  return over && new Date(over.getTime() + DAY_MS)
}

/** Who has not read a notice: asked for by whoever organises the meeting, and told to nobody else (GEN-08). */
export const unreadPart: Part = {
  commands: {},
  actions: { unread: ask },
  owns: matter => MATTER.test(matter),
  draw,
  seen,
  due: [forget],
  nextDue: nextForgetting,
}
