import { hasUncalibrated, keepCalibrated, takeUncalibrated } from '../../db/task-calibration.ts'
import type { Beat, Look } from '../../src/bot/feature.ts'
import { type Customs, deadlineOf, readTime } from '../../src/kit/customs.ts'
import { shorten } from '../../src/kit/text.ts'
import { formatDue } from '../../src/kit/time.ts'
import { numberText } from '../../src/office/task/number.ts'
import { RECKONED, type Reckoned, recalibrated } from '../../src/office/task/recalibrate.ts'
import type { Setting, Task } from '../../src/office/task/task.ts'
import { tellCalmly } from '../calm.ts'
import { customs } from '../customs.ts'
import { FEATURE, settingOf } from './setting.ts'

const BATCH = 100

export async function uncalibrated(look: Look): Promise<boolean> {
  return hasUncalibrated(look.db, (await customs(look)).calendarId)
}

/** Reckons deadlines, limits and ladders anew by the days and hours now in force, and tells those concerned what moved. */
export async function recalibrate(beat: Beat): Promise<'more' | undefined> {
  const inForce = await customs(beat)
  const some = await takeUncalibrated(beat.db, inForce.calendarId, BATCH)
  const setting = await settingOf(beat, ...some)
  const lines = new Map<string, string[]>()
  for (const before of some) {
    const after = recalibrated(before, saidBy(before, inForce), setting)
    await keepCalibrated(beat.db, before, after, inForce.calendarId)
    const moved = (Object.keys(RECKONED) as Reckoned[]).filter(one => before[one]?.getTime() !== after[one]?.getTime())
    if (moved.length) noteMoved(beat, before, after, moved)
    for (const one of moved)
      for (const person of concerned(after, one))
        lines.set(person, [...(lines.get(person) ?? []), inWords(before, after, one, setting)])
  }
  await tellCalmly(beat, '时限校准', lines)
  return some.length === BATCH ? 'more' : undefined
}

function saidBy({ dueSaid, dueSaidAt }: Task, inForce: Customs): Date | undefined {
  return dueSaid && dueSaidAt ? deadlineOf(readTime(dueSaid, dueSaidAt, inForce), inForce) : undefined
}

function noteMoved(beat: Beat, before: Task, after: Task, moved: Reckoned[]): void {
  const data = Object.fromEntries(moved.map(one => [one, { from: before[one], to: after[one] }]))
  beat.record({ feature: FEATURE, act: 'recalibrate', matter: String(after.id), data })
  beat.redraw(FEATURE, String(after.id))
}

/** The deadline concerns all who work on it and who gave it; the other limits only whoever leads. */
function concerned({ lead, maker, givenBy, assists, state }: Task, what: Reckoned): Set<string> {
  const isDraft = state === 'draft' || state === 'submitted'
  if (isDraft) return new Set([maker])
  return new Set(what === 'dueAt' ? [lead, givenBy ?? maker, ...assists.map(one => one.person)] : [lead])
}

function inWords(before: Task, after: Task, what: Reckoned, { now, work: { calendar } }: Setting): string {
  const at = (task: Task) => (task[what] ? formatDue(task[what], now, calendar) : '未定')
  const number = after.number ? numberText(after.number) : ''
  return `督办${number}“${shorten(after.title, 30)}”的${RECKONED[what]}由${at(before)}调整为${at(after)}`
}
