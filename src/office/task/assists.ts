import { Refusal } from '../../kit/refusal.ts'
import { type Assist, LIMITS, type Task, type Wish } from './task.ts'

export type Member = { id: string; unit: string }
type Lines = Pick<Task, 'assists' | 'parts'>

const lineOf = ({ id, unit }: Member, place: number, dueAt: Date | undefined, now: Date): Assist => ({
  person: id,
  unit,
  place,
  state: 'assigned',
  dueAt,
  signedAt: undefined,
  finishedAt: undefined,
  word: '',
  movedAt: now,
})

/** The lines of a draft. Where `before` is numbered already, whoever had a sub-number keeps it and others get new ones (DB-30). */
export function drawnUp(
  people: readonly Member[],
  { lead, assistDueAt }: Pick<Wish, 'lead' | 'assistDueAt'>,
  now: Date,
  before?: Lines & Pick<Task, 'number'>,
): Lines {
  const given = before?.number ? before : { assists: [], parts: 0 }
  let parts = given.parts
  const placeOf = ({ id }: Member): number => given.assists.find(one => one.person === id)?.place ?? parts++
  const others = people.filter(({ id }) => id !== lead)
  const assists = others.map(one => lineOf(one, placeOf(one), assistDueAt, now))
  return { assists, parts }
}

/** More of them beside those who assist already. @throws Refusal when they are too many. */
export function joined(
  { assists, parts }: Lines,
  people: readonly Member[],
  dueAt: Date | undefined,
  now: Date,
): Lines {
  const fresh = people.filter(({ id }) => !assists.some(one => one.person === id))
  if (assists.length + fresh.length > LIMITS.assistants) throw new Refusal(`协办最多${LIMITS.assistants}人`)
  const lines = fresh.map((one, i) => lineOf(one, parts + i, dueAt, now))
  return { assists: [...assists, ...lines], parts: parts + fresh.length }
}

/** Whoever led or assisted, and does neither any more. */
export function released(before: Task, after: Task): string[] {
  const bearers = ({ lead, assists }: Task): string[] => [lead, ...assists.map(one => one.person)]
  return bearers(before).filter(person => !bearers(after).includes(person))
}
