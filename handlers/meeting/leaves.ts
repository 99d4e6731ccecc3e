import { getMeeting } from '../../db/meeting.ts'
import { leavesOf } from '../../db/meeting-leave.ts'
import type { Action, Answer, Look, Turn } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import type { Viewer } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import type { MeetingState } from '../../src/office/meeting/flow.ts'
import { LEAVES_SHOWN, leavesCard } from '../../src/office/meeting/leave-cards.ts'
import { LIMITS } from '../../src/office/meeting/meeting.ts'
import { whyNotReply } from '../../src/office/meeting/reply-roles.ts'
import { decide } from './answer.ts'
import { grantersAmong } from './full.ts'
import { actorOf, idOf, settingOf } from './setting.ts'

const MATTER = /^(\d{1,15})\/leaves$/

export const isLeaves = (matter: string): boolean => MATTER.test(matter)

const GOING: MeetingState[] = ['notified', 'submitted', 'underway']

/** `12/leaves`: the leaves of a meeting that wait for whoever looks. */
export async function drawLeaves(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const meeting = await getMeeting(look.db, idOf(MATTER.exec(matter)?.[1]))
  const isGoing = GOING.includes(meeting.state)
  const asking = isGoing && viewer.kind === 'person' ? await leavesOf(look.db, meeting.id, LIMITS.invited) : []
  const persons = asking.flatMap(({ person }) => person ?? [])
  const [actor, granters, setting] = await Promise.all([
    viewer.kind === 'person' ? actorOf(look, viewer.id) : undefined,
    grantersAmong(look, persons, meeting),
    settingOf(
      look,
      [meeting],
      persons,
      asking.map(({ unit }) => unit),
    ),
  ])
  const waiting = asking.filter(
    invitation =>
      actor &&
      whyNotReply(
        { invitation, meeting, granters: granters.get(invitation.person ?? '') ?? [], contacts: [] },
        'granter',
        actor,
        setting,
      ) === undefined,
  )
  return leavesCard(meeting, waiting, setting)
}

/** 同意以上若干人请假: each as its own button would. */
export const grantLeaves: Action = async (turn, { value }) => {
  const some = readLeaves(value.leaves)
  for (const { id, rev } of some) await decide(turn, id, { move: 'grantLeave', seenRev: rev, word: '' })
  return { toast: { kind: 'success', words: `已同意${some.length}人请假` } }
}

/** In one order, so that two who do the same do not wait for each other. @throws Refusal for what was never on a card. */
function readLeaves(value: unknown): Array<{ id: number; rev: number }> {
  const given = typeof value === 'string' ? value.split(' ') : []
  const some = given.map(one => /^(\d{1,15}):(\d{1,9})$/.exec(one))
  if (!given.length || given.length > LEAVES_SHOWN || some.includes(null))
    throw new Refusal('卡片已过期,请以最新卡片为准')
  return some.map(one => ({ id: idOf(one?.[1]), rev: Number(one?.[2]) })).sort((a, b) => a.id - b.id)
}

export async function heardOnLeaves(_turn: Turn): Promise<Answer> {
  throw new Refusal('此卡片含多人的请假,请在卡片上逐人处理')
}
