import { remindersById, saveReminder } from '../../db/remind.ts'
import { isUnsettled, reckonedOtherwise, snoozedOtherwise } from '../../db/remind-calibration.ts'
import { saveOccurrence } from '../../db/remind-occurrence.ts'
import { refusedPairs } from '../../db/remind-refusal.ts'
import type { Beat, Look } from '../../src/bot/feature.ts'
import type { Customs } from '../../src/kit/customs.ts'
import { shorten } from '../../src/kit/text.ts'
import { formatDue } from '../../src/kit/time.ts'
import { instantsAfter, putOffUntil, type Reminder, readTiming } from '../../src/office/remind/reminder.ts'
import { tellCalmly, tellGroupsCalmly } from '../calm.ts'
import { customs } from '../customs.ts'
import { redrawReminder } from './next.ts'

const BATCH = 100
const TITLE = '提醒校准'

export async function uncalibrated(look: Look): Promise<boolean> {
  return isUnsettled(look.db, (await customs(look)).calendarId)
}

/** Reckons anew what was reckoned by other days and hours, and tells owners, receivers and groups what moved. */
export async function recalibrate(beat: Beat): Promise<'more' | undefined> {
  const inForce = await customs(beat)
  const moved: Moved = { lines: new Map(), inGroups: new Map() }
  const reminders = await recalibrateReminders(beat, inForce, moved)
  const snoozes = await recalibrateSnoozes(beat, inForce, moved)
  await tellCalmly(beat, TITLE, moved.lines)
  await tellGroupsCalmly(beat, TITLE, moved.inGroups)
  return reminders === BATCH || snoozes === BATCH ? 'more' : undefined
}

/** What moved, in lines for each person and each group. */
interface Moved {
  lines: Map<string, string[]>
  inGroups: Map<string, string[]>
}

async function recalibrateReminders(beat: Beat, inForce: Customs, { lines, inGroups }: Moved): Promise<number> {
  const some = await reckonedOtherwise(beat.db, inForce.calendarId, BATCH)
  for (const reminder of some) {
    const nextAt = reckoned(reminder, beat.now, inForce)
    await saveReminder(beat.db, reminder, { ...reminder, calendarId: inForce.calendarId, nextAt })
    await redrawReminder(beat, reminder.id)
    if (nextAt?.getTime() === reminder.nextAt?.getTime()) continue
    beat.record({
      feature: 'remind',
      act: 'recalibrate',
      matter: `r${reminder.id}`,
      data: { from: reminder.nextAt, to: nextAt },
    })
    const words = `“${shorten(reminder.text, 30)}”${movedInWords(reminder.nextAt, nextAt, beat.now, inForce)}`
    append(lines, reminder.owner, `提醒${reminder.number}${words}`)
    if (reminder.state === 'paused') continue
    for (const person of await othersReached(beat, reminder)) append(lines, person, `提醒${words}`)
    if (reminder.chat) append(inGroups, reminder.chat, `提醒${words}`)
  }
  return some.length
}

/** 稍后 until 明天上班时 or 下个工作日: whoever waits for it hears of it, but not of one that will not be said. */
async function recalibrateSnoozes(beat: Beat, inForce: Customs, { lines, inGroups }: Moved): Promise<number> {
  const some = await snoozedOtherwise(beat.db, inForce.calendarId, BATCH)
  const byId = await remindersById(
    beat.db,
    some.map(occurrence => occurrence.reminder),
  )
  for (const occurrence of some) {
    const snoozedUntil = putOffUntil(occurrence, beat.now, inForce)
    await saveOccurrence(beat.db, { ...occurrence, calendarId: inForce.calendarId, snoozedUntil })
    const reminder = byId.get(occurrence.reminder)
    if (!reminder || snoozedUntil?.getTime() === occurrence.snoozedUntil?.getTime()) continue
    beat.redraw('remind', `o${occurrence.id}`)
    beat.record({
      feature: 'remind',
      act: 'recalibrate',
      matter: `r${reminder.id}`,
      data: { occurrence: occurrence.id, from: occurrence.snoozedUntil, to: snoozedUntil },
    })
    const words = movedInWords(occurrence.snoozedUntil, snoozedUntil, beat.now, inForce)
    const line = `选择稍后的提醒“${shorten(reminder.text, 30)}”${words}`
    if (reminder.state !== 'active' && reminder.state !== 'ended') continue
    if (!occurrence.receiver) append(inGroups, reminder.chat, line)
    else if (await isAwaited(beat, occurrence.receiver, reminder)) append(lines, occurrence.receiver, line)
  }
  return some.length
}

async function isAwaited(beat: Beat, receiver: string, reminder: Reminder): Promise<boolean> {
  const { owner, receivers } = reminder
  if (!receivers.includes(receiver)) return false
  return receiver === owner || (await othersReached(beat, reminder)).includes(receiver)
}

async function othersReached({ db }: Beat, { owner, maker, receivers }: Reminder): Promise<string[]> {
  const others = receivers.filter(person => person !== owner)
  const refused = await refusedPairs(db, others)
  return others.filter(person => !refused.some(one => one.person === person && one.maker === maker))
}

function append(lines: Map<string, string[]>, reader: string, line: string): void {
  lines.set(reader, [...(lines.get(reader) ?? []), line])
}

/** What is overdue already is said first, at its old time. */
function reckoned(reminder: Reminder, now: Date, inForce: Customs): Date | undefined {
  if (!reminder.nextAt || reminder.nextAt <= now) return reminder.nextAt
  if (reminder.recurring) return instantsAfter(reminder, now, 1, inForce)[0] ?? reminder.nextAt
  const anew = readTiming(reminder.said, reminder.saidAt, inForce)
  return 'doubt' in anew || anew.nextAt <= now ? reminder.nextAt : anew.nextAt
}

function movedInWords(from: Date | undefined, to: Date | undefined, now: Date, { calendar }: Customs): string {
  const inWords = (at: Date | undefined) => (at ? formatDue(at, now, calendar) : '不再提醒')
  return `的时间由${inWords(from)}调整为${inWords(to)}`
}
