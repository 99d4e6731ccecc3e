import { getRun } from '../../db/car-full-run.ts'
import { nextRunAt, runsDue, runsOut, saveRun } from '../../db/car-run.ts'
import { holdersAmong } from '../../db/role.ts'
import type { Beat, Heartbeat, Look, Reader, Section } from '../../src/bot/feature.ts'
import { calledBy } from '../../src/kit/aside.ts'
import { bold } from '../../src/kit/card.ts'
import { dayIn } from '../../src/kit/time.ts'
import { type FullRun, fromTo, isLate, nextLook, numbersOf, overnightAt, pilotWords } from '../../src/office/car/run.ts'
import { lateCard, overnightLine } from '../../src/office/car/run-notices.ts'
import type { Setting } from '../../src/office/car/trip.ts'
import { tellCalmly } from '../calm.ts'
import { customs } from '../customs.ts'
import { holdersFor } from '../holders.ts'
import { dispatchersFor } from './recipients.ts'
import { ruleSetting } from './rules.ts'
import { maySeeRun, runMatter, settingOfRun } from './run-meant.ts'
import { actorOf, FEATURE } from './setting.ts'
import { askForDeparture } from './undeparted.ts'

const AT_ONCE = 100

/** Runs that are late (CAR-33), stay out over night unasked (CAR-34), or of which nobody has put down that they went. */
export async function lateRuns(beat: Heartbeat): Promise<'more' | undefined> {
  const read = (most: number) => runsDue(beat.db, beat.now, most)
  const due = await beat.take('run', AT_ONCE, read, ({ id }) => calledBy(id, '出车'))
  for (const { id } of due) await lookAfter(beat, await getRun(beat.db, id))
  return due.length === AT_ONCE ? 'more' : undefined
}

async function lookAfter(beat: Beat, full: FullRun): Promise<void> {
  const { run } = full
  const setting = await settingOfRun(beat, full)
  const rules = await ruleSetting(beat)
  const isNews = run.lateToldAt === undefined && isLate(run, rules, beat.now)
  const isOvernight = run.state === 'out' && overnightAt(run, rules, setting.customs) <= beat.now
  if (run.state === 'planned') await askForDeparture(beat, full, setting)
  if (isNews && !rules.off.includes('CAR-33')) await tellLate(beat, full, setting)
  if (isOvernight && !rules.off.includes('CAR-34')) await tellOvernight(beat, full, setting)
  await saveRun(beat.db, run, {
    ...run,
    rev: run.rev + 1,
    lateToldAt: isNews ? beat.now : run.lateToldAt,
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
  // what is due by now is told before it is reckoned anew
  const ahead = (await runsOut(beat.db)).filter(run => run.nextAt === undefined || run.nextAt > beat.now)
  for (const run of ahead) {
    // late already and still to be told, as after a departure that was put down late
    if (run.nextAt && run.lateToldAt === undefined && isLate(run, rules, beat.now)) continue
    const nextAt = nextLook(run, rules, inForce, beat.now)
    if (nextAt?.getTime() !== run.nextAt?.getTime()) await saveRun(beat.db, run, { ...run, rev: run.rev + 1, nextAt })
  }
}

const MOST = 20

/** What is late this morning, for whoever dispatches or leads the office, until it is back (CAR-33). */
export async function lateDigest(look: Look, reader: Reader): Promise<Section[]> {
  if ('group' in reader) return []
  const late = await lateNow(look)
  if (!late.length) return []
  const actor = await actorOf(look, reader.person)
  if (!actor.held.some(({ code }) => OFFICE.includes(code))) return []
  const rows = await Promise.all(
    late.slice(0, MOST).map(async ({ id }) => {
      const full = await getRun(look.db, id)
      const setting = await settingOfRun(look, full)
      return maySeeRun(full, actor, setting) ? [rowOf(full, setting)] : []
    }),
  )
  return [{ title: '车辆超时未归', count: rows.flat().length, rows: rows.flat() }]
}

const OFFICE = ['CD', 'BZ']

async function lateNow(look: Look) {
  const [out, rules] = await Promise.all([runsOut(look.db), ruleSetting(look)])
  return rules.off.includes('CAR-33') ? [] : out.filter(run => isLate(run, rules, look.now))
}

function rowOf(full: FullRun, { now, names }: Setting): Section['rows'][number] {
  return {
    line: [bold(full.vehicle.plate), ` · ${numbersOf(full)} · ${pilotWords(full, names)} · ${fromTo(full.run, now)}`],
    buttons: [{ label: '查看', action: `${FEATURE}.run`, value: { run: full.run.id } }],
  }
}

/** Who reads of it in the morning. */
export async function lateReaders(look: Look): Promise<string[]> {
  if (!(await lateNow(look)).length) return []
  return (await holdersAmong(look.db, OFFICE, dayIn(look.now))).map(({ person }) => person)
}
