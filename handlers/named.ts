import { departmentNames, peopleNamedIn } from '../db/people.ts'
import type { Turn } from '../src/bot/feature.ts'
import type { Option } from '../src/kit/card.ts'
import type { Person } from '../src/kit/person.ts'
import { type Named, readRequest } from '../src/kit/request.ts'
import { plain } from '../src/kit/text.ts'

/** Whom the names of a request mean; `candidates` share a name, `unknown` are names that nobody has. */
export interface Settled {
  people: Person[]
  candidates: Person[]
  unknown: string[]
}

export function settle(named: Named[], mentioned: Person[]): Settled {
  const people: Person[] = []
  const candidates: Person[] = []
  const unknown: string[] = []
  for (const one of named) {
    if (one.kind === 'unknown') unknown.push(one.name)
    else if (one.kind === 'mention') people.push(mentioned.find(person => person.id === one.id) ?? stranger(one))
    else if (one.candidates.length > 1) candidates.push(...one.candidates)
    else people.push(...one.candidates)
  }
  return { people, candidates, unknown }
}

/** Somebody mentioned whom the directory does not show us. */
function stranger({ id, name }: { id: string; name: string }): Person {
  return { id, name, departments: [], leader: undefined, active: true }
}

export function doubtAboutPeople({ candidates, unknown }: Settled): string | undefined {
  if (unknown.length) return `未找到${unknown.map(name => `“${name}”`).join('、')},请从名单中选择或核对姓名。`
  if (candidates.length)
    return `${[...new Set(candidates.map(person => `“${person.name}”`))].join('、')}有同名人员,请选择具体是哪一位。`
  return undefined
}

/** People by their names; `doubt` says who is not known or not meant without doubt. */
export async function peopleMeant(
  { db }: Pick<Turn, 'db'>,
  names: string,
  chat: string,
): Promise<Pick<Settled, 'people' | 'candidates'> & { doubt: string | undefined }> {
  const directory = await peopleNamedIn(db, plain(names), chat)
  const typed = readRequest([names.replace(/^(?=[^@@\s])/, '@')], directory)
  const named = settle(typed.named, [])
  const doubt = doubtAboutPeople(named) ?? (typed.text ? `未找到“${typed.text}”` : undefined)
  return { people: named.people, candidates: named.candidates, doubt }
}

export async function asOptions(turn: Pick<Turn, 'db'>, people: Person[]): Promise<Option[]> {
  const units = await departmentNames(turn.db, [...new Set(people.flatMap(person => person.departments.slice(0, 1)))])
  return people.map(person => {
    const unit = units.get(person.departments[0] ?? '')
    return { value: person.id, label: unit ? `${person.name}(${unit})` : person.name }
  })
}
