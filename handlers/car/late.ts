import { getRun, nextRunAt, runsDue, runsOut, saveRun } from '../../db/car-run.ts'
import type { Beat, Look } from '../../src/bot/feature.ts'
import { lateAt } from '../../src/office/car/rules.ts'
import { type FullRun, nextLook, numbersOf, overnightAt } from '../../src/office/car/run.ts'
import { lateCard, overnightLine } from '../../src/office/car/run-notices.ts'
import type { Setting } from '../../src/office/car/trip.ts'
import { tellCalmly } from '../calm.ts'
import { customs } from '../customs.ts'
import { dispatchersFor, holdersFor } from './recipients.ts'
import { ruleSetting } from './rules.ts'
import { runMatter, settingOfRun } from './run-meant.ts'
import { FEATURE } from './setting.ts'

const AT_ONCE = 100

/** Runs that are late (CAR-33) or stay out over night unasked (CAR-34). */
export async function lateRuns(beat: Beat): Promise<'more' | undefined> {
  const due = await runsDue(beat.db, beat.now, AT_ONCE)
  for (const { id } of due) await lookAfter(beat, await getRun(beat.db, id))
  return due.length === AT_ONCE ? 'more' : undefined
}

async function lookAfter(beat: Beat, full: FullRun): Promise<void> {
  const { run } = full
  const setting = await settingOfRun(beat, full)
  const rules = await ruleSetting(beat)
  const isLate = run.state === 'out' && run.lateToldAt === undefined && lateAt(run, rules) <= beat.now
  const isOvernight = run.state === 'out' && overnightAt(run, rules, setting.customs) <= beat.now
  if (isLate && !rules.off.includes('CAR-33')) await tellLate(beat, full, setting)
  if (isOvernight && !rules.off.includes('CAR-34')) await tellOvernight(beat, full, setting)
  await saveRun(beat.db, run, {
    ...run,
    rev: run.rev + 1,
    lateToldAt: isLate ? beat.now : run.lateToldAt,
    nextAt: nextLook(run, rules, setting.customs, beat.now),
  })
  beat.redraw(FEATURE, runMatter(run.id))
  for (const trip of full.trips) beat.redraw(FEATURE, String(trip.id))
}

/** Whoever is on the road, waits or dispatches is on duty: it does not wait for the morning. */
async function tellLate(beat: Beat, full: FullRun, setting: Setting): Promise<void> {
  const [trip] = full.trips
  const dispatchers = trip ? await dispatchersFor(beat, trip) : []
  const asking = full.trips.flatMap(({ applicant, user }) => [applicant, user])
  const people = new Set([full.driver?.person ?? full.run.pilot, ...asking, ...dispatchers])
  for (const person of people)
    if (person) beat.send({ to: { person }, body: { card: lateCard(full, setting) }, urgent: true })
  note(beat, full, 'late')
}

async function tellOvernight(beat: Beat, full: FullRun, setting: Setting): Promise<void> {
  const [trip] = full.trips
  const office = trip ? await holdersFor(beat, trip, ['BZ']) : []
  await tellCalmly(beat, '用车提示', new Map(office.map(id => [id, [overnightLine(full, setting)]])))
  note(beat, full, 'overnight')
}

const note = (beat: Beat, { run, ...full }: FullRun, act: string): void =>
  beat.record({ feature: FEATURE, act, matter: runMatter(run.id), data: { numbers: numbersOf(full) } })

export const nextLateAt = ({ db }: Pick<Look, 'db'>): Promise<Date | undefined> => nextRunAt(db)

/** What hangs on the office's hours, anew by those in force now. */
export async function recalibrateRuns(beat: Beat): Promise<void> {
  const [inForce, rules] = await Promise.all([customs(beat), ruleSetting(beat)])
  for (const run of await runsOut(beat.db)) {
    const nextAt = nextLook(run, rules, inForce, beat.now)
    if (nextAt?.getTime() !== run.nextAt?.getTime()) await saveRun(beat.db, run, { ...run, rev: run.rev + 1, nextAt })
  }
}
