import { mutedAmong, tell, toldToday } from '../../db/calm.ts'
import { CROWD } from '../../db/claims.ts'
import { departmentLeaders } from '../../db/department.ts'
import { chatById, isMember, peopleById } from '../../db/people.ts'
import { holdReminder, passOn, remindersById, saveReminder } from '../../db/remind.ts'
import { advance, markSaidAgain, nextInstant, orphans, takeDue, takeSnoozed } from '../../db/remind-due.ts'
import { claimOccurrences, saveOccurrence } from '../../db/remind-occurrence.ts'
import { refusedPairs } from '../../db/remind-refusal.ts'
import { holdersOf } from '../../db/role.ts'
import type { Beat, Heartbeat, Letter, Look } from '../../src/bot/feature.ts'
import type { Called } from '../../src/kit/aside.ts'
import { type Customs, isOpen, openingAfter } from '../../src/kit/customs.ts'
import { shorten } from '../../src/kit/text.ts'
import { dayIn } from '../../src/kit/time.ts'
import { occurrenceWords } from '../../src/office/remind/cards.ts'
import { type Firing, firing, howToSay, type Occurrence, type Reminder } from '../../src/office/remind/reminder.ts'
import { adminIds } from '../admins.ts'
import { dailyMost, tellCalmly, tellGroupsCalmly } from '../calm.ts'
import { customs } from '../customs.ts'
import { unfitAmong } from '../task-draft.ts'
import { PRIVATE } from './make.ts'
import { CHANGEABLE_MS, redrawReminder } from './next.ts'
import { settingFor } from './show.ts'

/**
 * So many in one transaction; what it has committed leaves while the next is at work. Where they all say the same nobody is left over
 * who would leave alone: thousands are handed over crowd by crowd, and the last few would take seconds.
 */
const BATCH = 5 * CROWD.most
/** A heartbeat that comes a moment before the full minute is meant for it. */
const EARLY_MS = 900

const until = ({ now }: Beat): Date => new Date(now.getTime() + EARLY_MS)

const called = ({ number, owner }: Reminder): Called => ({ words: `提醒${number}`, of: owner })

/** Says what is to be said by now. */
export async function fireDue(beat: Heartbeat): Promise<'more' | undefined> {
  const due = await beat.take('reminder', BATCH, most => takeDue(beat.db, until(beat), most), called)
  if (due.length) await fire(beat, due, await customs(beat))
  return due.length === BATCH ? 'more' : undefined
}

export const nextFire = ({ db }: Look): Promise<Date | undefined> => nextInstant(db)

/** Each instant is claimed by a row that can be made only once, in the transaction that puts its message into the outbox. */
async function fire(beat: Beat, due: Reminder[], inForce: Customs): Promise<void> {
  const firings = new Map(due.map(reminder => [reminder.id, firing(reminder, beat.now, inForce)]))
  const away = await missingChats(beat, due)
  const around = await circumstances(beat, [...new Set(due.flatMap(reminder => reminder.receivers))], inForce)
  const heard = hearers(
    beat,
    due.filter(reminder => !away.has(reminder.chat)),
    around,
  )
  const claimed = await claimOccurrences(
    beat.db,
    heard.map(({ reminder, receiver, state, snoozedUntil }) => {
      const { dueAt, missed } = firings.get(reminder.id) as Firing
      return { reminder: reminder.id, receiver, dueAt, missed, state, snoozedUntil, firedAt: beat.now }
    }),
  )
  const byId = new Map(due.map(reminder => [reminder.id, reminder]))
  const told: string[] = []
  const setting = await settingFor(
    beat,
    due.map(reminder => reminder.maker),
  )
  for (const occurrence of claimed) {
    const reminder = byId.get(occurrence.reminder)
    if (!reminder || occurrence.state !== 'sent') continue
    beat.send({ ...letterOf(occurrence, reminder), plain: occurrenceWords(occurrence, reminder, setting) })
    if (occurrence.receiver && occurrence.receiver !== reminder.maker) told.push(occurrence.receiver)
  }
  await tell(beat.db, told, dayIn(beat.now))
  await advance(
    beat.db,
    due.map(({ id }) => ({ id, nextAt: firings.get(id)?.nextAt })),
  )
  for (const { id, saidAt } of due)
    if (beat.now.getTime() - saidAt.getTime() < CHANGEABLE_MS) beat.redraw('remind', `r${id}`, 'calmly')
  for (const reminder of due.filter(one => away.has(one.chat))) await rest(beat, reminder)
  const deserted = due.filter(reminder => reminder.receivers.some(person => around.gone.has(person)))
  await leaveOut(
    beat,
    deserted.map(reminder => ({ ...reminder, nextAt: firings.get(reminder.id)?.nextAt })),
    around.gone,
  )
}

/** Who has left is reminded no more, and the owner hears of it; what reaches nobody is over. */
async function leaveOut(beat: Beat, some: Reminder[], gone: ReadonlySet<string>): Promise<void> {
  const leavers = await peopleById(beat.db, [...gone])
  const lines = new Map<string, string[]>()
  for (const reminder of some) {
    const receivers = reminder.receivers.filter(person => !gone.has(person))
    const names = leavers
      .filter(person => reminder.receivers.includes(person.id))
      .map(person => person.name || '未知人员')
    if (receivers.length) await saveReminder(beat.db, reminder, { ...reminder, receivers, state: stateAfter(reminder) })
    else await saveReminder(beat.db, reminder, { ...reminder, nextAt: undefined, state: 'ended' })
    beat.record({
      feature: 'remind',
      act: 'leave out',
      matter: `r${reminder.id}`,
      data: { left: reminder.receivers.filter(person => gone.has(person)) },
    })
    await redrawReminder(beat, reminder.id)
    const over = receivers.length ? '' : ',提醒已结束'
    const line = `${names.join('、')}的账号已停用,不再收到提醒${reminder.number}“${shorten(reminder.text, 30)}”${over}`
    lines.set(reminder.owner, [...(lines.get(reminder.owner) ?? []), line])
  }
  await tellCalmly(beat, '提醒对象已离岗', lines)
}

const stateAfter = ({ nextAt }: Reminder): Reminder['state'] => (nextAt ? 'active' : 'ended')

/** What was put off is said again to whoever may still hear it; the rest waits in 待办, or is over. */
export async function sayAgain(beat: Heartbeat): Promise<'more' | undefined> {
  const read = (most: number) => takeSnoozed(beat.db, until(beat), most)
  const again = await beat.take('occurrence', BATCH, read, ({ receiver }) => ({ words: '稍后提醒', of: receiver }))
  if (again.length) await saySome(beat, again, await customs(beat))
  return again.length === BATCH ? 'more' : undefined
}

async function saySome(beat: Beat, again: Occurrence[], inForce: Customs): Promise<void> {
  const byId = await remindersById(beat.db, [...new Set(again.map(occurrence => occurrence.reminder))])
  const away = await missingChats(beat, [...byId.values()])
  const around = await circumstances(
    beat,
    again.map(occurrence => occurrence.receiver),
    inForce,
  )
  const said: number[] = []
  for (const occurrence of again) {
    const reminder = byId.get(occurrence.reminder)
    const next = reminder && !away.has(reminder.chat) ? nextOf(occurrence, reminder, beat.now, around) : OVER
    if (reminder && next.state === 'sent') {
      said.push(occurrence.id)
      beat.send(letterOf(occurrence, reminder))
      continue
    }
    await saveOccurrence(beat.db, { ...occurrence, ...next })
    beat.redraw('remind', `o${occurrence.id}`)
  }
  await markSaidAgain(beat.db, said, beat.now)
  for (const { id, chat } of byId.values()) {
    if (!away.has(chat)) continue
    const reminder = await holdReminder(beat.db, id)
    if (reminder.state === 'active' || reminder.state === 'ended') await rest(beat, reminder)
  }
}

/** Nobody stopped it by hand. */
const OVER = { state: 'stopped', snoozedUntil: undefined, movedBy: '', movedAt: undefined } as const

/** The receiver asked for it themselves, so that the daily measure does not count; all else holds as for a first time. */
function nextOf(occurrence: Occurrence, reminder: Reminder, now: Date, around: Circumstances): Partial<Occurrence> {
  const { receiver, snoozedUntil } = occurrence
  if (reminder.state === 'cancelled') return OVER
  if (receiver && !(reminder.receivers.includes(receiver) && isReached(receiver, reminder, around))) return OVER
  if (reminder.state === 'paused') return { state: 'held' }
  const { open, opening, muted } = around
  const lateMs = now.getTime() - (snoozedUntil ?? now).getTime()
  const state = howToSay(reminder, receiver, { muted: muted.has(receiver), room: 1, open }, lateMs)
  return receiver || state === 'sent' ? { state } : { snoozedUntil: opening }
}

interface Hearer {
  reminder: Reminder
  receiver: string
  state: 'sent' | 'held' | 'muted' | 'snoozed'
  snoozedUntil?: Date | undefined
}

/** What decides whether something is said to these people now. */
interface Circumstances {
  gone: Set<string>
  /** `receiver maker` of whoever wants none from whom. */
  unwanted: Set<string>
  muted: ReadonlyMap<string, Date>
  told: Map<string, number>
  most: number
  open: boolean
  opening: Date
}

async function circumstances(beat: Beat, ids: string[], inForce: Customs): Promise<Circumstances> {
  const [people, refused, muted, told, most] = await Promise.all([
    peopleById(beat.db, ids),
    refusedPairs(beat.db, ids),
    mutedAmong(beat.db, ids, beat.now),
    toldToday(beat.db, ids, dayIn(beat.now)),
    dailyMost(beat),
  ])
  return {
    gone: new Set(people.filter(person => !person.active).map(person => person.id)),
    unwanted: new Set(refused.map(({ person, maker }) => `${person} ${maker}`)),
    muted,
    told,
    most,
    open: isOpen(beat.now, inForce),
    opening: openingAfter(beat.now, inForce),
  }
}

/** Not who has left, nor who wants none from its maker. */
const isReached = (receiver: string, { maker }: Reminder, { gone, unwanted }: Circumstances): boolean =>
  !gone.has(receiver) && !unwanted.has(`${receiver} ${maker}`)

/** Whom each reminder reaches, and whether it is said now. */
function hearers(beat: Beat, due: Reminder[], around: Circumstances): Hearer[] {
  const { muted, told, most, open, opening } = around
  return due.flatMap((reminder): Hearer[] => {
    const lateMs = beat.now.getTime() - (reminder.nextAt ?? beat.now).getTime()
    if (reminder.chat) {
      // a group has no morning card of its own: it hears of it when the office opens
      const held = howToSay(reminder, '', { muted: false, room: most, open }, lateMs) === 'held'
      return [{ reminder, receiver: '', state: held ? 'snoozed' : 'sent', snoozedUntil: held ? opening : undefined }]
    }
    return reminder.receivers
      .filter(receiver => isReached(receiver, reminder, around))
      .map(receiver => {
        const room = most - (told.get(receiver) ?? 0)
        if (receiver !== reminder.maker) told.set(receiver, (told.get(receiver) ?? 0) + 1)
        return {
          reminder,
          receiver,
          state: howToSay(reminder, receiver, { muted: muted.has(receiver), room, open }, lateMs),
        }
      })
  })
}

/** In the chat of the message that it was made about it is put under that message. */
function letterOf({ id, receiver }: Occurrence, { chat, urgent, source, sourceChat, maker, owner }: Reminder): Letter {
  const there = chat ? sourceChat === chat : sourceChat === PRIVATE && receiver === maker
  return {
    to: chat ? { chat } : { person: receiver },
    body: { matter: { feature: 'remind', id: `o${id}` } },
    from: owner,
    ...(urgent && { urgent, asker: maker }),
    ...(source && there && { replyTo: source }),
  }
}

/** Groups that we have been taken out of. */
async function missingChats(beat: Beat, due: Reminder[]): Promise<Set<string>> {
  const away = new Set<string>()
  for (const chat of new Set(due.map(reminder => reminder.chat))) {
    if (chat && (await chatById(beat.db, chat))?.present === false) away.add(chat)
  }
  return away
}

/** Its group is gone: it rests, and its owner hears of it. */
async function rest(beat: Beat, reminder: Reminder): Promise<void> {
  await saveReminder(beat.db, reminder, { ...reminder, state: 'paused' })
  beat.record({ feature: 'remind', act: 'rest', matter: `r${reminder.id}` })
  beat.redraw('remind', `r${reminder.id}`)
  const line = `回音已不在所提醒的群中,提醒${reminder.number}“${shorten(reminder.text, 30)}”已暂停`
  await tellCalmly(beat, '提醒已暂停', new Map([[reminder.owner, [line]]]))
}

/**
 * A reminder outlives its owner's leaving: their superior takes it over, else 办公室主任, a group's only who sits in that group; where nobody can,
 * administrators and the group hear that it has ended. One's own ends with oneself.
 */
export async function handOn(beat: Heartbeat): Promise<'more' | undefined> {
  const left = await beat.take('orphan', BATCH, most => orphans(beat.db, most), called)
  if (!left.length) return undefined
  const leavers = await peopleById(beat.db, [...new Set(left.map(reminder => reminder.owner))])
  const lines = new Map<string, string[]>()
  const groups = new Map<string, string[]>()
  const tellOf = (person: string, line: string) => lines.set(person, [...(lines.get(person) ?? []), line])
  for (const reminder of left) {
    const from = leavers.find(person => person.id === reminder.owner)?.name || '离岗人员'
    const others = reminder.receivers.filter(person => person !== reminder.owner)
    const isForOthers = reminder.chat !== '' || others.length > 0
    const heir = isForOthers ? await successorOf(beat, reminder) : undefined
    if (!heir) {
      await saveReminder(beat.db, reminder, { ...reminder, state: 'cancelled' })
      if (reminder.chat !== '')
        groups.set(reminder.chat, [...(groups.get(reminder.chat) ?? []), endedWords(from, reminder)])
      // what it says is no business of theirs
      if (isForOthers)
        for (const admin of await adminIds(beat))
          tellOf(admin, `${from}设置的提醒(编号${reminder.number})无人接管,已结束;如仍需提醒,请由其所在部门重新设置`)
    } else {
      await saveReminder(beat.db, reminder, { ...reminder, receivers: others })
      const number = await passOn(beat.db, reminder.id, heir)
      tellOf(heir, `${from}设置的提醒“${shorten(reminder.text, 30)}”由您接管,编号${number},可发送 /提醒 列表 查看`)
    }
    beat.record({
      feature: 'remind',
      act: 'pass',
      matter: `r${reminder.id}`,
      data: { from: reminder.owner, to: heir ?? null },
    })
    await redrawReminder(beat, reminder.id)
  }
  await tellCalmly(beat, '提醒移交', lines)
  await tellGroupsCalmly(beat, '提醒已结束', groups)
  return left.length === BATCH ? 'more' : undefined
}

const endedWords = (from: string, { text }: Reminder): string =>
  `${from}设置的提醒“${shorten(text, 30)}”无人接管,已结束;如仍需提醒,请在本群重新设置`

const MOST_STEPS = 5

/** Who takes over from the owner: a superior, the head of the unit or 办公室主任; for a group, only who sits in it. */
async function successorOf(beat: Beat, { owner: person, chat }: Reminder): Promise<string | undefined> {
  const fits = async (id: string) => (!chat || (await isMember(beat.db, chat, id))) && (await isFit(beat, id))
  let [at] = await peopleById(beat.db, [person])
  for (let step = 0; at?.leader && step < MOST_STEPS; step++) {
    ;[at] = await peopleById(beat.db, [at.leader])
    if (at && (await fits(at.id))) return at.id
  }
  const [who] = await peopleById(beat.db, [person])
  const heads = await peopleById(beat.db, await departmentLeaders(beat.db, who?.departments ?? []))
  for (const { id } of heads) if (id !== person && (await fits(id))) return id
  for (const id of await holdersOf(beat.db, 'BZ', dayIn(beat.now))) if (await fits(id)) return id
  return undefined
}

/** 系统管理员 and 安全审计员 see nothing of the business of others. */
const isFit = async (beat: Beat, id: string): Promise<boolean> => (await unfitAmong(beat, [id])).size === 0
