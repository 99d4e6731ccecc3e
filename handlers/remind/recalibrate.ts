import { isUnsettled, reckonedOtherwise, refusedPairs, saveReminder } from '../../db/remind.ts'
import type { Beat, Look } from '../../src/bot/feature.ts'
import type { Customs } from '../../src/kit/customs.ts'
import { shorten } from '../../src/kit/text.ts'
import { formatDue } from '../../src/kit/time.ts'
import { instantsAfter, type Reminder, readTiming } from '../../src/office/remind/reminder.ts'
import { tellCalmly, tellGroupsCalmly } from '../calm.ts'
import { customs } from '../customs.ts'

const BATCH = 100
const TITLE = '提醒校准'

export async function uncalibrated(look: Look): Promise<boolean> {
  return isUnsettled(look.db, (await customs(look)).calendarId)
}

/** Reckons anew what was reckoned by other days and hours, and tells owners, receivers and groups what moved. */
export async function recalibrate(beat: Beat): Promise<'more' | undefined> {
  const inForce = await customs(beat)
  const some = await reckonedOtherwise(beat.db, inForce.calendarId, BATCH)
  const lines = new Map<string, string[]>()
  const inGroups = new Map<string, string[]>()
  for (const reminder of some) {
    const nextAt = reckoned(reminder, beat.now, inForce)
    await saveReminder(beat.db, { ...reminder, calendarId: inForce.calendarId, nextAt })
    beat.redraw('remind', `r${reminder.id}`)
    if (nextAt?.getTime() === reminder.nextAt?.getTime()) continue
    beat.record({
      feature: 'remind',
      act: 'recalibrate',
      matter: `r${reminder.id}`,
      data: { from: reminder.nextAt, to: nextAt },
    })
    const words = movedInWords(reminder, nextAt, beat.now, inForce)
    append(lines, reminder.owner, `提醒${reminder.number}${words}`)
    if (reminder.state === 'paused') continue
    for (const person of await othersReached(beat, reminder)) append(lines, person, `提醒${words}`)
    if (reminder.chat) append(inGroups, reminder.chat, `提醒${words}`)
  }
  await tellCalmly(beat, TITLE, lines)
  await tellGroupsCalmly(beat, TITLE, inGroups)
  return some.length === BATCH ? 'more' : undefined
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

function movedInWords({ text, nextAt }: Reminder, to: Date | undefined, now: Date, { calendar }: Customs): string {
  const inWords = (at: Date | undefined) => (at ? formatDue(at, now, calendar) : '不再提醒')
  return `“${shorten(text, 30)}”的时间由${inWords(nextAt)}调整为${inWords(to)}`
}
