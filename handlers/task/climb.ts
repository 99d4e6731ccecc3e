import { dueTasks, keepClimbed } from '../../db/task.ts'
import type { Beat } from '../../src/bot/feature.ts'
import { dayIn } from '../../src/kit/time.ts'
import { reportAt, type Step, stepDue } from '../../src/office/task/ladder.ts'
import { timed } from '../../src/office/task/moves.ts'
import { type Reminder, reminderCard } from '../../src/office/task/reminder.ts'
import type { Setting, Task } from '../../src/office/task/task.ts'
import { officeHolders, toldOf } from './recipients.ts'
import { FEATURE, settingOf } from './setting.ts'

/** As many at once as a transaction can carry; the rest follows at the next heartbeat. */
const MOST = 500

/** What has fallen due: the steps of the ladder, one message per person, and lights that time alone has changed. */
export async function climb(beat: Beat): Promise<void> {
  const due = await dueTasks(beat.db, beat.now, MOST)
  if (!due.length) return
  const setting = await settingOf(beat, ...due)
  const holders = await officeHolders(beat)
  const letters = new Map<string, Reminder[]>()
  for (const task of due) {
    const step = stepFor(task, beat.now, setting)
    if (step) {
      const told = new Set(step.tells.flatMap(one => toldOf(task, one, holders, setting.heads)))
      for (const person of told) letters.set(person, [...(letters.get(person) ?? []), { task, step }])
      beat.record({
        feature: FEATURE,
        act: 'ladder',
        matter: String(task.id),
        data: { reason: step.name, to: task.state },
      })
    }
    await keepClimbed(beat.db, timed({ ...task, ladderFrom: beat.now }, setting))
    beat.redraw(FEATURE, String(task.id))
  }
  for (const [person, reminders] of letters)
    beat.send({ to: { person }, body: { card: reminderCard(reminders, setting) } })
}

const REPORT: Step = { name: '提醒', offset: 0, tells: ['lead'], tone: '请于今日下班前反馈进展' }

/** The step that is due; a report that is due today is asked for where the ladder is silent. At most one a day (domain.md 2.8). */
function stepFor(task: Task, now: Date, { work }: Setting): Step | undefined {
  const step = stepDue(task, now, work)
  if (step) return step
  const at = reportAt(task)
  return at && at <= now && dayIn(at) === dayIn(now) && task.nudgedOn !== dayIn(now) ? REPORT : undefined
}
