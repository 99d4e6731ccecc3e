import { departmentNames } from '../db/department.ts'
import { peopleNamedIn } from '../db/people-meant.ts'
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

/** `张伟(督查科)`: a name as lists show it, which tells people of one name apart. */
const WITH_UNIT = /[(\uff08]([^()\uff08\uff09]{1,40})[)\uff09]/g

/** People by their names; `doubt` says who is not known or not meant without doubt. */
export async function peopleMeant(
  { db }: Pick<Turn, 'db'>,
  names: string,
  chat: string,
): Promise<Pick<Settled, 'people' | 'candidates'> & { doubt: string | undefined }> {
  const directory = await peopleNamedIn(db, names, chat)
  const bare = withoutUnits(names)
  const typed = readRequest([bare.replace(/^(?=[^@\uff20\s])/, '@')], directory)
  const named = settle(await apartByUnit(db, typed.named, unitsIn(names)), [])
  const isTwice = named.candidates.length > 0 && !named.unknown.length
  const doubt = isTwice
    ? await twinWords(db, named)
    : (doubtAboutPeople(named) ?? (typed.text ? `未找到“${typed.text}”` : undefined))
  return { people: named.people, candidates: named.candidates, doubt }
}

const MOST_TWINS = 4

/** How each of several people of one name is written so that they alone are meant. */
export async function twinWords(db: Turn['db'], { candidates }: Settled): Promise<string> {
  const some = await asOptions({ db }, candidates.slice(0, MOST_TWINS))
  return `“${candidates[0]?.name}”有同名人员,请写明是哪一位:${some.map(({ label }) => label).join('、')}。`
}

export const withoutUnits = (names: string): string => names.replace(WITH_UNIT, ' ')

export const unitsIn = (names: string): string[] =>
  [...names.matchAll(WITH_UNIT)].map(([, unit = '']) => plain(unit).trim())

/** Of people of one name those whose unit was written. */
export async function apartByUnit(db: Turn['db'], named: Named[], units: readonly string[]): Promise<Named[]> {
  if (!units.length) return named
  const people = named.flatMap(one => (one.kind === 'name' && one.candidates.length > 1 ? one.candidates : []))
  const known = await departmentNames(db, [...new Set(people.flatMap(({ departments }) => departments))])
  const isOfThese = ({ departments }: Person) => departments.some(id => units.includes(known.get(id) ?? ''))
  return named.map(one => {
    if (one.kind !== 'name' || one.candidates.length < 2) return one
    const some = one.candidates.filter(isOfThese)
    return some.length ? { ...one, candidates: some } : one
  })
}

export async function asOptions(turn: Pick<Turn, 'db'>, people: Person[]): Promise<Option[]> {
  const units = await departmentNames(turn.db, [...new Set(people.flatMap(person => person.departments.slice(0, 1)))])
  return people.map(person => {
    const unit = units.get(person.departments[0] ?? '')
    return { value: person.id, label: unit ? `${person.name}(${unit})` : person.name }
  })
}
