import { type Reckoned, reckonAnew, reckonedOtherwise } from '../../db/assign.ts'
import type { Beat } from '../../src/bot/feature.ts'
import { type Customs, deadlineOf, readTime } from '../../src/kit/customs.ts'
import { shorten } from '../../src/kit/text.ts'
import { formatDue } from '../../src/kit/time.ts'
import { tellCalmly } from '../calm.ts'
import { customs } from '../customs.ts'

const BATCH = 100

/**
 * Reckons deadlines anew that were reckoned by another calendar, and tells those concerned what moved. A deadline is never moved
 * into the past.
 */
export async function recalibrate(beat: Beat): Promise<'more' | undefined> {
  const inForce = await customs(beat)
  const some = await reckonedOtherwise(beat.db, inForce.calendarId, BATCH)
  const lines = new Map<string, string[]>()
  for (const one of some) {
    const dueAt = reckoned(one, beat.now, inForce)
    await reckonAnew(beat.db, one.id, inForce.calendarId, dueAt)
    const matter = String(one.id)
    beat.redraw('assign', matter)
    if (dueAt.getTime() === one.dueAt.getTime()) continue
    beat.record({ feature: 'assign', act: 'recalibrate', matter, data: { from: one.dueAt, to: dueAt } })
    for (const person of new Set([one.giver, ...one.assignees]))
      lines.set(person, [...(lines.get(person) ?? []), inWords(one, dueAt, beat.now, inForce)])
  }
  await tellCalmly(beat, '时限校准', lines)
  return some.length === BATCH ? 'more' : undefined
}

function reckoned({ dueSaid, dueAt, createdAt, assignees }: Reckoned, now: Date, inForce: Customs): Date {
  const anew = deadlineOf(readTime(dueSaid, createdAt, inForce), inForce)
  return anew && anew > now && assignees.length ? anew : dueAt
}

const inWords = ({ title, dueAt }: Reckoned, to: Date, now: Date, { calendar }: Customs): string =>
  `交办“${shorten(title, 30)}”的完成时限由${formatDue(dueAt, now, calendar)}调整为${formatDue(to, now, calendar)}`
