import { holdLines, mutedAmong } from '../../db/calm.ts'
import { deputiesOf } from '../../db/deputy.ts'
import { composedAt } from '../../db/digest.ts'
import { dueTasks, keepClimbed } from '../../db/task-due.ts'
import type { Beat, Heartbeat } from '../../src/bot/feature.ts'
import { type Called, calledBy } from '../../src/kit/aside.ts'
import { openingOf } from '../../src/kit/customs.ts'
import { dayIn } from '../../src/kit/time.ts'
import { reportAt, type Step, stepDue } from '../../src/office/task/ladder.ts'
import { timed } from '../../src/office/task/moves.ts'
import { numberText } from '../../src/office/task/number.ts'
import { type Reminder, reminderCard, reminderLine } from '../../src/office/task/reminder.ts'
import { hears } from '../../src/office/task/roles.ts'
import type { Setting, Task } from '../../src/office/task/task.ts'
import { URGENCIES } from '../../src/office/task/terms.ts'
import { waitsForMorning } from '../calm.ts'
import { customs } from '../customs.ts'
import { isInMorningCard } from './digest.ts'
import { type Holder, nudgedBy, officeHolders, toldOf } from './recipients.ts'
import { FEATURE, settingOf } from './setting.ts'

const AT_ONCE = 500
/** So many rounds a transaction carries; the rest follows in another. */
const ROUNDS = 20

const called = ({ id, number }: Task): Called => (number ? { words: numberText(number) } : calledBy(id, '督办事项'))

/** What has fallen due: the steps of the ladder, one message per person, and lights that time alone has changed. */
export async function climb(beat: Heartbeat): Promise<'more' | undefined> {
  const letters = new Map<string, Reminder[]>()
  let full = true
  for (let round = 0; full && round < ROUNDS; round++) {
    const due = await beat.take('task', AT_ONCE, most => dueTasks(beat.db, beat.now, most), called)
    if (due.length) await climbAll(beat, due, letters)
    full = due.length === AT_ONCE
  }
  await alsoToDeputies(beat, letters)
  const setting = await settingOf(beat, ...[...letters.values()].flatMap(some => some.map(one => one.task)))
  const people = [...letters.keys()]
  const [greeted, muted, waits] = await Promise.all([
    people.length ? greetedToday(beat) : new Set<string>(),
    mutedAmong(beat.db, people, beat.now),
    // what fell due while nothing ran
    people.length > 0 && waitsForMorning(beat),
  ])
  for (const [person, reminders] of letters) {
    const left = reminders.filter(one => !(greeted.has(person) && saysNothingNew(one, person, setting)))
    if (!left.length) continue
    // quiet, and the night, hold for what can wait
    const quiet = (waits || muted.has(person)) && !left.some(({ task }) => URGENCIES[task.urgency].always)
    if (!quiet) beat.send({ to: { person }, body: { card: reminderCard(left, setting) } })
    else
      await holdLines(
        beat.db,
        left.map(one => ({
          ...{ person, line: reminderLine(one), at: beat.now },
          of: { feature: FEATURE, id: String(one.task.id) },
        })),
      )
  }
  return full ? 'more' : undefined
}

async function climbAll(beat: Beat, due: Task[], letters: Map<string, Reminder[]>): Promise<void> {
  const setting = await settingOf(beat, ...due)
  const holders = await officeHolders(beat)
  for (const task of due) {
    const step = stepFor(task, beat.now, setting)
    const told = step ? tellsOf(task, step, holders, setting) : []
    if (step && told.length) {
      for (const person of told) letters.set(person, [...(letters.get(person) ?? []), { task, step }])
      beat.record({
        feature: FEATURE,
        act: 'ladder',
        matter: String(task.id),
        data: { reason: step.name, to: task.state, told },
      })
    }
    await keepClimbed(beat.db, task, timed({ ...task, ladderFrom: beat.now }, setting))
    beat.redraw(FEATURE, String(task.id))
  }
}

/** 提醒 is not said twice in one morning; 催办 is. */
const saysNothingNew = ({ task, step }: Reminder, person: string, setting: Setting): boolean =>
  step.name === '提醒' && isInMorningCard(task, person, setting)

/** Who has got a morning card today. */
async function greetedToday(beat: Beat): Promise<Set<string>> {
  const composed = await composedAt(beat.db, openingOf(dayIn(beat.now), await customs(beat)))
  const muted = await mutedAmong(beat.db, [...composed], beat.now)
  return new Set([...composed].filter(id => !muted.has(id)))
}

/** Who stands in for somebody is reminded of what they are. */
async function alsoToDeputies(beat: Beat, letters: Map<string, Reminder[]>): Promise<void> {
  const deputies = await deputiesOf(beat.db, [...letters.keys()], dayIn(beat.now))
  for (const [principal, ids] of deputies) {
    const open = (letters.get(principal) ?? []).filter(({ task }) => !task.scope.length)
    for (const id of ids) {
      const own = letters.get(id) ?? []
      const more = open.filter(({ task }) => !own.some(one => one.task.id === task.id))
      if (more.length) letters.set(id, [...own, ...more])
    }
  }
}

/** With 知悉范围 set nobody else hears of it; whoever was told by hand today is not told twice (domain.md 2.8). */
function tellsOf(task: Task, step: Step, holders: Holder[], { heads, now }: Setting): string[] {
  const nudged = task.nudgedOn === dayIn(now) ? nudgedBy(task, holders, heads) : []
  const told = new Set(step.tells.flatMap(one => toldOf(task, one, holders, heads)))
  return [...told].filter(person => hears(task, person) && !nudged.includes(person))
}

const REPORT: Step = { name: '提醒', offset: 0, tells: ['lead'], tone: '请于今日下班前反馈进展' }

/** The step that is due; a report that is due today is asked for where the ladder is silent. */
function stepFor(task: Task, now: Date, { work }: Setting): Step | undefined {
  const step = stepDue(task, now, work)
  const at = reportAt(task)
  return step ?? (at && at <= now && dayIn(at) === dayIn(now) ? REPORT : undefined)
}
