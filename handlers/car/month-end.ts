import { daysUsed } from '../../db/car-account.ts'
import { unitsToPublish } from '../../db/car-publication.ts'
import { peopleById } from '../../db/people.ts'
import { holdersAmong } from '../../db/role.ts'
import { keepFirstOnce, setting as settled } from '../../db/settings.ts'
import type { Beat, Heartbeat, Look } from '../../src/bot/feature.ts'
import { nameOf } from '../../src/kit/acted.ts'
import type { Called } from '../../src/kit/aside.ts'
import { dayIn, monthOf, monthsFrom, spanOfMonth } from '../../src/kit/time.ts'
import { type Duty, dutiesAfter, fixedUseLine, publicationLine, workdaysIn } from '../../src/office/car/month-end.ts'
import { tellCalmly } from '../calm.ts'
import { customs } from '../customs.ts'
import { ruleSetting } from './rules.ts'

/** What was missed for longer than that, because nobody was there to say it, is not said any more. */
const STALE_MS = 7 * 86_400_000
const MOST_AT_ONCE = 10

/** Says what the months that are over ask for, each once. */
export async function monthEnd(beat: Heartbeat): Promise<undefined> {
  const read = async (most: number) => {
    const some = (await duties(beat)).filter(({ at }) => at <= beat.now)
    return (await openAmong(beat, some)).slice(0, most)
  }
  for (const { id, duty, month } of await beat.take('month', MOST_AT_ONCE, read, calledDuty)) {
    if (!(await keepFirstOnce(beat.db, id, beat.now))) continue
    await tellCalmly(beat, TITLES[duty], await LINES[duty](beat, month))
  }
}

const calledDuty = ({ duty, month }: MonthDuty): Called => ({ words: `${month}${TITLES[duty]}` })

const TITLES: Record<Duty, string> = { fixed: '公务用车核查', publication: '用车公示', overdue: '用车公示' }

/** The next instant at which one falls due. */
export async function nextMonthEnd(look: Look): Promise<Date | undefined> {
  return (await openAmong(look, await duties(look))).map(({ at }) => at).sort((a, b) => a.getTime() - b.getTime())[0]
}

async function openAmong(look: Look, some: readonly MonthDuty[]): Promise<MonthDuty[]> {
  const open = some.map(async one => ((await settled(look.db, one.id)) === undefined ? one : []))
  return (await Promise.all(open)).flat()
}

interface MonthDuty {
  /** The setting that says that it is done. */
  id: string
  duty: Duty
  month: string
  at: Date
}

/** Of this month and the two before it, those that are not stale. */
async function duties(look: Look): Promise<MonthDuty[]> {
  const [inForce, setting] = await Promise.all([customs(look), ruleSetting(look)])
  const months = [-2, -1, 0].map(back => monthsFrom(monthOf(look.now), back))
  return months
    .flatMap(month =>
      dutiesAfter(month, inForce, setting).map(([duty, at]) => ({ id: `car.month.${duty}.${month}`, duty, month, at })),
    )
    .filter(({ at }) => at.getTime() > look.now.getTime() - STALE_MS)
}

const LINES: Record<Duty, (beat: Beat, month: string) => Promise<Map<string, string[]>>> = {
  fixed: fixedUse,
  publication: (beat, month) => unpublished(beat, month, 'publication'),
  overdue: (beat, month) => unpublished(beat, month, 'overdue'),
}

/** CAR-15, to 办公室主任. */
async function fixedUse(beat: Beat, month: string): Promise<Map<string, string[]>> {
  const [inForce, setting] = await Promise.all([customs(beat), ruleSetting(beat)])
  const least = Math.max(1, Math.ceil((workdaysIn(month, inForce) * setting.thresholds.fixed) / 100))
  const uses = await daysUsed(beat.db, spanOfMonth(month), least)
  const people = await peopleById(beat.db, [...new Set(uses.map(({ person }) => person))])
  const names = new Map(people.map(({ id, name }) => [id, name]))
  const lines = new Map<string, string[]>()
  for (const { person, unit } of await holders(beat, ['BZ'])) {
    const own = uses
      .filter(use => unit === undefined || use.unit === unit)
      .map(use => fixedUseLine(use, nameOf(use.person, names), month, { customs: inForce, setting }))
      .filter(line => line !== undefined)
    if (own.length) lines.set(person, [...new Set([...(lines.get(person) ?? []), ...own])])
  }
  return lines
}

/** CAR-41, to 车管员 and 办公室主任 of whose vehicles there is something left to publish. */
async function unpublished(beat: Beat, month: string, duty: 'publication' | 'overdue'): Promise<Map<string, string[]>> {
  const line = publicationLine(duty, month, beat.now, await ruleSetting(beat))
  if (line === undefined) return new Map()
  const units = await unitsToPublish(beat.db, month, spanOfMonth(month))
  const asked = (await holders(beat, ['CD', 'BZ'])).filter(({ unit }) =>
    unit === undefined ? units.length > 0 : units.includes(unit),
  )
  return new Map(asked.map(({ person }) => [person, [line]]))
}

async function holders(beat: Beat, codes: string[]) {
  const held = await holdersAmong(beat.db, codes, dayIn(beat.now))
  const people = await peopleById(beat.db, [...new Set(held.map(({ person }) => person))])
  const active = new Set(people.filter(person => person.active).map(({ id }) => id))
  return held.filter(({ person }) => active.has(person))
}
