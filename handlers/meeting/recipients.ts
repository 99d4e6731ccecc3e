import type { Beat, Turn } from '../../src/bot/feature.ts'
import { openStep } from '../../src/kit/chain.ts'
import type { MeetingMove } from '../../src/office/meeting/flow.ts'
import type { Meeting } from '../../src/office/meeting/meeting.ts'
import { headOf } from '../../src/office/meeting/notice.ts'
import { comesAbout } from '../../src/office/meeting/schedule.ts'
import { lastAct } from '../../src/office/meeting/words.ts'
import { askedNext } from '../holders.ts'
import { tellOf } from '../tell.ts'
import { guestsOf } from './invite.ts'
import { FEATURE, settingOf } from './setting.ts'

/** Moves of which whoever made the meeting hears by a message. */
const FOR_MAKER: Array<MeetingMove | ''> = ['approve', 'revise', 'publish', 'change', 'cancel']
/** And those of which whoever convenes and presides does. */
const FOR_HOSTS: Array<MeetingMove | ''> = ['publish', 'approve', 'change', 'cancel']

/** Lets those know of a move who organise, convene, preside or decide; those who are asked to the meeting are told by `follow`. */
export async function letKnow(turn: Turn | Beat, before: Meeting, after: Meeting): Promise<void> {
  const heard = await heardBy(turn, before, after)
  const who = 'who' in turn ? turn.who.id : ''
  const people = heard.filter(id => id !== who && id !== '')
  if (!people.length) return
  const setting = await settingOf(turn, [after])
  const line = `会议 ${headOf(after, setting)}:${lastAct(after, setting)}`
  await tellOf(turn, people, { body: { matter: { feature: FEATURE, id: String(after.id) } }, line }, comesAbout(after))
}

async function heardBy(turn: Beat, before: Meeting, after: Meeting): Promise<string[]> {
  const { lastMove, maker, notifiedAt } = after
  const isAsking = after.state === 'submitted' && openStep(after) !== undefined
  const deciders =
    isAsking && (lastMove !== 'change' || before.state !== 'submitted') ? await askedNext(turn, after, [maker]) : []
  const isStanding = notifiedAt !== undefined && !isAsking && FOR_HOSTS.includes(lastMove)
  return [
    ...(isAsking ? deciders : []),
    ...(FOR_MAKER.includes(lastMove) && !isAsking ? [maker] : []),
    ...(isStanding ? await hostsUnasked(turn, after) : []),
  ]
}

/** Whoever convenes or presides and is on the list hears of it with the others who are. */
async function hostsUnasked(turn: Beat, meeting: Meeting): Promise<string[]> {
  const asked = new Set((await guestsOf(turn, meeting)).map(({ person }) => person))
  return [meeting.convener, meeting.presider].filter(id => !asked.has(id))
}
