import { type EventData, history } from '../../db/events.ts'
import { peopleById } from '../../db/people.ts'
import type { Turn } from '../../src/bot/feature.ts'
import { nameOf } from '../../src/kit/acted.ts'
import { formatShort } from '../../src/kit/time.ts'
import { type AssistMove, type AssistState, assistFlow, type TaskMove, taskFlow } from '../../src/office/task/flow.ts'
import { numberText, subNumberText } from '../../src/office/task/number.ts'
import { actWord, enteredWords, LIMITS, PROPOSED, type Task } from '../../src/office/task/task.ts'
import { WAYS, type Way } from '../../src/office/task/terms.ts'
import { FEATURE } from './setting.ts'

/** Every move writes time, actor, from, to, reason and the deadline before and after. */
export function noteMove(turn: Turn, before: Task, after: Task): void {
  turn.record({
    feature: FEATURE,
    act: after.lastMove,
    matter: String(after.id),
    ...actingFor(after),
    data: {
      from: before.state,
      to: after.state,
      reason: after.word,
      ...(after.recordedWay ? { way: after.recordedWay } : {}),
      ...(after.lastMove === 'change' && after.change ? { proposed: true } : {}),
      dueBefore: before.dueAt?.toISOString() ?? null,
      dueAfter: after.dueAt?.toISOString() ?? null,
      ...(after.number && !before.number ? { number: numberText(after.number) } : {}),
      ...(after.lead === before.lead ? {} : { lead: after.lead }),
      ...(after.title === before.title ? {} : { title: after.title }),
      ...(after.content === before.content ? {} : { content: after.content }),
      ...(after.lastMove === 'update' ? { problem: after.problem, measures: after.measures } : {}),
      ...linesChanged(before, after),
    },
  })
}

/** Who begins to assist, and whose line ends, with what was said on it. */
export function linesChanged(before: Task, after: Task): { joined?: Line[]; left?: Line[] } {
  const { number } = after
  if (!number) return {}
  const without = (some: Task, others: Task): Line[] =>
    some.assists
      .filter(({ person }) => !others.assists.some(one => one.person === person))
      .map(({ person, place, state, word }) => ({ person, sub: subNumberText(number, place), state, word }))
  const [joined, left] = [without(after, before), without(before, after)]
  return { ...(joined.length ? { joined } : {}), ...(left.length ? { left } : {}) }
}

interface Line {
  person: string
  /** `督〔2026〕12-1号`. */
  sub: string
  state: AssistState
  word: string
}

/** Of a deputy in whose place, of a secretary whose decision it is. */
function actingFor({ movedBy, movedFor, recordedBy }: Task): { actingFor?: string } {
  const other = recordedBy ? movedBy : movedFor
  return other ? { actingFor: other } : {}
}

/** The history in words. */
export async function historyOf({ db, now }: Pick<Turn, 'db' | 'now'>, id: number): Promise<string[]> {
  const events = await history(db, FEATURE, String(id))
  const told = events.flatMap(({ who, actingFor: other, data }) => [
    who,
    ...(other ? [other] : []),
    ...[...linesIn(data.joined), ...linesIn(data.left)].map(line => line.person),
  ])
  const people = await peopleById(db, [...new Set(told)])
  const names = new Map(people.map(person => [person.id, person.name]))
  return events
    .filter(({ act }) => act in taskFlow.moves || act.startsWith('assist.') || act === 'draft' || act === 'ladder')
    .map(({ act, at, who, actingFor: other, data }) => {
      const way = typeof data.way === 'string' && Object.hasOwn(WAYS, data.way) ? (data.way as Way) : undefined
      const acted = way && other ? { by: other, recordedBy: who } : { by: who, inPlaceOf: other ?? undefined }
      const words = enteredWords(
        { act: data.proposed ? PROPOSED : actOf(act), inPlaceOf: undefined, recordedBy: undefined, way, ...acted },
        names,
      )
      return [`${formatShort(at, now)} ${words}`, ...detailsOf(data, names)].join(' · ')
    })
}

function detailsOf(data: EventData, names: ReadonlyMap<string, string>): string[] {
  const said = (name: string): string => {
    const word = data[name]
    return typeof word === 'string' ? word.slice(0, LIMITS.word) : ''
  }
  const [reason, problem, measures] = [said('reason'), said('problem'), said('measures')]
  const joined = linesIn(data.joined).map(({ person, sub }) => `增加协办${nameOf(person, names)}(${sub})`)
  const left = linesIn(data.left).map(
    ({ person, sub, state, word }) =>
      `减少协办${nameOf(person, names)}(${sub},${assistFlow.states[state]}${word ? `,${word}` : ''})`,
  )
  const all = [reason, problem && `存在问题:${problem}`, measures && `下一步措施:${measures}`, ...joined, ...left]
  return all.filter(part => part !== '')
}

const linesIn = (kept: unknown): Line[] => (Array.isArray(kept) ? (kept as Line[]) : [])

function actOf(act: string): string {
  if (act === 'draft') return '已拟办'
  if (act === 'ladder') return '已提醒'
  const helping = act.startsWith('assist.') ? (act.slice(7) as AssistMove) : undefined
  if (helping && helping in assistFlow.moves) return `协办:已${assistFlow.moves[helping].button}`
  return act in taskFlow.moves ? actWord(act as TaskMove) : act
}
