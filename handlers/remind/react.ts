import { isMember } from '../../db/people.ts'
import { holdReminder, saveReminder } from '../../db/remind.ts'
import { holdOccurrence, occurrenceOf, saveOccurrence } from '../../db/remind-occurrence.ts'
import { refuseFrom } from '../../db/remind-refusal.ts'
import type { Answer, Press, Said, Turn } from '../../src/bot/feature.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { opening, sentence, shorten } from '../../src/kit/text.ts'
import { formatDue } from '../../src/kit/time.ts'
import {
  isLater,
  isOpen,
  LATER,
  LIMITS,
  lastAct,
  type Occurrence,
  type Reminder,
  whyNotAgain,
} from '../../src/office/remind/reminder.ts'
import { customs } from '../customs.ts'
import { saidToAsker, tellOf } from '../tell.ts'
import { isReached, redrawFrom, redrawReminder } from './next.ts'
import { idIn, idOf, refuseStrangers, settingFor } from './show.ts'

/** 完成: the receiver has seen to it; in a group whoever did. */
export async function done(turn: Turn, press: Press): Promise<Answer> {
  const { occurrence } = await pressed(turn, press)
  await settle(turn, { ...occurrence, state: 'done', snoozedUntil: undefined })
  return { toast: { kind: 'success', words: '已完成' } }
}

/** 稍后: this instant only; the reminder itself goes on as it was. */
export async function later(turn: Turn, press: Press): Promise<Answer> {
  const { occurrence, reminder } = await pressed(turn, press)
  await refuseInGroup(turn, reminder, '稍后')
  await refuseUnsaid(turn, occurrence, reminder)
  const until = press.form.until ?? 'minutes'
  if (!isLater(until)) throw new Refusal('请选择稍后到什么时候')
  const inForce = await customs(turn)
  const snoozedUntil = LATER[until].until(turn.now, inForce)
  const { calendarId } = inForce
  await settle(turn, { ...occurrence, state: 'snoozed', snoozedUntil, later: until, calendarId })
  return { toast: { kind: 'success', words: `将于${formatDue(snoozedUntil, turn.now, inForce.calendar)}再次提醒` } }
}

/** What would not come is not promised. */
async function refuseUnsaid({ db }: Turn, occurrence: Occurrence, reminder: Reminder): Promise<void> {
  const why = whyNotAgain(occurrence, reminder)
  if (why) throw new Refusal(why)
  if (!(await isReached(db, occurrence, reminder))) throw new Refusal('您已拒收此人设置的提醒')
}

/** 不再提醒: all that would follow, for this receiver; the owner's own press, or the last receiver's, ends the reminder. */
export async function stop(turn: Turn, press: Press): Promise<Answer> {
  const { occurrence } = await pressed(turn, press)
  const reminder = await holdReminder(turn.db, occurrence.reminder)
  await refuseInGroup(turn, reminder, '不再提醒')
  const receivers = reminder.receivers.filter(person => person !== turn.who.id)
  const ends = reminder.chat !== '' || !receivers.length
  const state = ends && reminder.state !== 'ended' ? 'cancelled' : reminder.state
  await saveReminder(turn.db, reminder, { ...reminder, receivers: ends ? reminder.receivers : receivers, state })
  await settle(turn, { ...occurrence, state: 'stopped', snoozedUntil: undefined })
  await redrawReminder(turn, reminder.id)
  if (reminder.owner !== turn.who.id && reminder.recurring)
    turn.send({ to: { person: reminder.owner }, body: { text: declined(turn, reminder) } })
  return { toast: { kind: 'success', words: '不再提醒' } }
}

const declined = (turn: Turn, { text, number, chat }: Reminder): string =>
  `${turn.who.name || '对方'}${chat ? '已停止群提醒' : '不再接收提醒'}${number}“${shorten(text, 40)}”。`

/** 拒收: nothing more from whoever made this one. */
export async function refuseMaker(turn: Turn, { value }: Press): Promise<Answer> {
  const { occurrence, reminder } = await occurrenceOf(turn.db, idOf(value.id), holdOccurrence)
  const { maker } = reminder
  if (occurrence.receiver !== turn.who.id || maker === turn.who.id) return refuseOthers(turn, reminder)
  await refuseFrom(turn.db, turn.who.id, maker, turn.now)
  await redrawFrom(turn, turn.who.id, maker)
  turn.record({ feature: 'remind', act: 'refuse', matter: maker })
  return { toast: { kind: 'success', words: '已拒收,可发送 /提醒 接收 恢复' } }
}

/** Of these alone more may follow: what was done. */
const EXPLAINED = ['完成', '已完成', '办好了']

const SPOKEN: Record<string, typeof done> = {
  ...Object.fromEntries([...EXPLAINED, '收到', '好', '好的'].map(word => [word, done])),
  稍后: later,
  不再提醒: stop,
  停止提醒: stop,
}

/**
 * A reply to a reminder: the words of a button do what the button does, and its owner hears what was done. Of what is settled already it
 * is said by whom; whoever ticked it off may still say how.
 */
export async function heard(turn: Turn, matter: string, { text, message }: Said): Promise<Answer> {
  const { head, word } = opening(text)
  const act = SPOKEN[head]
  if (!act || (word && !EXPLAINED.includes(head)) || !matter.startsWith('o'))
    throw new Refusal('可回复“完成”“稍后”或“不再提醒”,修改请发送 /提醒 修改 编号 时间')
  if (word.length > LIMITS.word) throw new Refusal(`说明请控制在${LIMITS.word}字以内`)
  const press = { value: { id: idIn(matter) }, form: {}, copy: undefined, message }
  const { occurrence, reminder } = await addressed(turn, press)
  const isSettled = !isOpen(occurrence)
  const words = isSettled ? await settledWords(turn, occurrence) : (await act(turn, press)).toast?.words
  const isOwn = occurrence.state === 'done' && occurrence.movedBy === turn.who.id
  const mayExplain = word !== '' && (!isSettled || isOwn)
  const answer = (mayExplain && (await explained(turn, reminder, word))) || words || '已办理'
  return { say: { text: answer }, privately: isSettled }
}

/** Tells the owner what was done; '' where nobody else is to know. */
async function explained(turn: Turn, { id, owner, chat, number, text }: Reminder, word: string): Promise<string> {
  if (owner === turn.who.id || (chat && !(await isMember(turn.db, chat, owner)))) return ''
  turn.record({ feature: 'remind', act: 'explain', matter: `r${id}`, data: { reason: word } })
  const line = `${turn.who.name || '对方'}已完成提醒${number}“${shorten(text, 40)}”,说明:${word}`
  await tellOf(turn, [owner], { body: { text: sentence(line) }, line }, 'later')
  return saidToAsker(turn, '已完成,说明已转提醒设置人', 'later')
}

async function pressed(turn: Turn, press: Press): Promise<{ occurrence: Occurrence; reminder: Reminder }> {
  const found = await addressed(turn, press)
  if (!isOpen(found.occurrence)) throw new AlreadySo(await settledWords(turn, found.occurrence))
  return found
}

/** By whom it was ticked off or stopped, and when. */
const settledWords = async (turn: Turn, occurrence: Occurrence): Promise<string> =>
  lastAct(occurrence, turn.now, (await settingFor(turn, [occurrence.movedBy])).names)

/** @throws Refusal where somebody else is reminded. */
async function addressed(turn: Turn, { value }: Press): Promise<{ occurrence: Occurrence; reminder: Reminder }> {
  const { occurrence, reminder } = await occurrenceOf(turn.db, idOf(value.id), holdOccurrence)
  const mine = occurrence.receiver
    ? occurrence.receiver === turn.who.id
    : await isMember(turn.db, reminder.chat, turn.who.id)
  return mine ? { occurrence, reminder } : refuseOthers(turn, reminder)
}

async function refuseOthers(turn: Turn, reminder: Reminder): Promise<never> {
  await refuseStrangers(turn, reminder)
  throw new Refusal('此按钮仅限被提醒人使用')
}

/** What changes a group's reminder for all is its owner's to press; where the owner is not in the group any more, any member's. */
async function refuseInGroup(turn: Turn, { chat, owner }: Reminder, button: string): Promise<void> {
  if (chat && owner !== turn.who.id && (await isMember(turn.db, chat, owner)))
    throw new Refusal(`“${button}”仅限提醒设置人使用`)
}

async function settle(turn: Turn, occurrence: Occurrence): Promise<void> {
  await saveOccurrence(turn.db, { ...occurrence, movedBy: turn.who.id, movedAt: turn.now })
  turn.record({
    feature: 'remind',
    act: occurrence.state,
    matter: `r${occurrence.reminder}`,
    data: { occurrence: occurrence.id },
  })
  turn.redraw('remind', `o${occurrence.id}`)
}
