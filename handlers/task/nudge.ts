import { eventsSince } from '../../db/events.ts'
import { peopleById } from '../../db/people.ts'
import type { Turn } from '../../src/bot/feature.ts'
import type { Person } from '../../src/kit/person.ts'
import { AlreadySo } from '../../src/kit/refusal.ts'
import { dayIn, toInstant } from '../../src/kit/time.ts'
import { nudgeCard } from '../../src/office/task/reminder.ts'
import type { Setting, Task } from '../../src/office/task/task.ts'
import { deputiesBeside, type Letters, nudgedBy, officeHolders } from './recipients.ts'
import { FEATURE } from './setting.ts'

/**
 * 催办 by hand goes to whoever answers for it, to who takes in for the unit, and to who stands in for them. Whom the ladder has
 * reminded today is not told the same again (domain.md 2.8), but does hear what the supervisor adds in words.
 * @throws AlreadySo when that leaves nobody.
 */
export async function nudges(turn: Turn, task: Task, setting: Setting): Promise<Letters> {
  const answerable = nudgedBy(task, await officeHolders(turn), setting.heads)
  const reminded = task.word ? [] : await remindedToday(turn, task.id)
  const left = answerable.filter(person => !reminded.includes(person))
  if (!left.length) throw new AlreadySo(alreadyReminded(await peopleById(turn.db, answerable)))
  const [deputies, knowing] = await Promise.all([
    deputiesBeside(turn, task, left),
    deputiesBeside(turn, task, reminded),
  ])
  const told = [...left, ...deputies.filter(person => !knowing.includes(person) && !reminded.includes(person))]
  return [...new Set(told)].map(person => [person, { card: nudgeCard(task, task.word, setting) }])
}

const alreadyReminded = (people: Person[]): string =>
  `系统今日已提醒${people.map(one => one.name || '未知人员').join('、')},同样的提醒每天只发一次;确需再催的,请填写说明后催办,或电话催办后记录`

/** Whom the ladder has reminded of it today. */
async function remindedToday({ db, now }: Pick<Turn, 'db' | 'now'>, id: number): Promise<string[]> {
  const morning = new Date(toInstant(dayIn(now), '00:00'))
  const steps = await eventsSince(db, { feature: FEATURE, matter: String(id), act: 'ladder' }, morning)
  return steps.flatMap(({ data }) => (Array.isArray(data.told) ? (data.told as string[]) : []))
}
