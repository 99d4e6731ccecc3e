import { allDepartments, departmentsById, topDepartments, unitsNamed } from '../../db/department.ts'
import { roomNamed } from '../../db/meeting-room.ts'
import { chatsNamed, peopleById } from '../../db/people.ts'
import { peopleInNoDepartment, peopleNamedIn } from '../../db/people-meant.ts'
import type { Said, Turn } from '../../src/bot/feature.ts'
import type { Option } from '../../src/kit/card.ts'
import type { Person } from '../../src/kit/person.ts'
import { plain, standard } from '../../src/kit/text.ts'
import { type Guests, LIMITS, type Room } from '../../src/office/meeting/meeting.ts'
import { isPlaceWord, readPlaces } from '../../src/office/meeting/request.ts'

/** A line as text in which each mention stands as a word of its own, `@#0#`. */
export function withMarks({ pieces }: Pick<Said, 'pieces'>): { text: string; mentions: Mentions } {
  const mentions: Mentions = new Map()
  const text = pieces
    .map((piece, i) => {
      if (typeof piece === 'string') return piece.replaceAll('@#', '@')
      mentions.set(`#${i}#`, piece.kind === 'all' ? 'all' : { id: piece.id, name: piece.name })
      return ` @#${i}# `
    })
    .join('')
  return { text, mentions }
}

export type Mentions = Map<string, 'all' | { id: string; name: string }>

/** Whom some words mean; `left`: words that name nobody. */
export interface Meant {
  guests: Pick<Guests, 'people' | 'departments' | 'chats'>
  left: string[]
  /** People of one name, to choose from. */
  candidates: Person[]
  doubt: string | undefined
}

const EVERYBODY = /^(?:全体|全体人员|全体干部|全体同志|全体干部职工|机关全体|所有人)$/
const MOST_TOPS = 20
const MOST_LEADERS = 100

/** Reads `@王强`, `王强、李静`, `督查科`, a group's name and `全体` out of some words; a word that names nobody stays. */
export async function whom(turn: Turn, words: readonly string[], mentions: Mentions): Promise<Meant> {
  const parts = words.flatMap(word => partsOf(word))
  const names = [...new Set(parts.map(({ name }) => name))]
  const [people, units, chats] = await Promise.all([
    peopleNamedIn(turn.db, names.join(' '), turn.chat.id),
    unitsNamed(turn.db, spelled(names)),
    chatsNamed(turn.db, spelled(names)),
  ])
  const found: Found = { people: [], departments: [], chats: [], left: [], candidates: [], unknown: [], twice: [] }
  for (const part of parts) {
    if (EVERYBODY.test(standard(part.name))) {
      found.departments.push(...(await topDepartments(turn.db, MOST_TOPS)))
      found.people.push(...(await peopleInNoDepartment(turn.db, MOST_LEADERS)))
    } else read(found, part, { people, units, chats, mentions, chat: turn.chat })
  }
  const { left, candidates, unknown, twice, ...guests } = found
  return { guests: unique(guests), left, candidates, doubt: doubtOf(unknown, candidates, twice) }
}

/** Names as typed and in standard form, for they may be known under either. */
const spelled = (names: readonly string[]): string[] => [...new Set(names.flatMap(name => [name, standard(name)]))]

interface Part {
  name: string
  /** Written with an @, so that somebody must be meant. */
  isNamed: boolean
  /** The word of which it is a part. */
  word: string
}

/** `@王强@李静` and `王强、李静` name several. */
const partsOf = (word: string): Part[] =>
  word
    .split(/(?=@)|、/)
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(part => ({ name: part.replace(/^@\s*/, ''), isNamed: part.startsWith('@'), word }))

interface Found {
  people: string[]
  departments: string[]
  chats: string[]
  left: string[]
  candidates: Person[]
  unknown: string[]
  twice: string[]
}

interface Known {
  people: readonly Person[]
  units: ReadonlyArray<{ id: string; name: string }>
  chats: ReadonlyArray<{ id: string; name: string }>
  mentions: Mentions
  chat: Turn['chat']
}

function read(found: Found, { name, isNamed, word }: Part, known: Known): void {
  const mention = known.mentions.get(name)
  if (mention === 'all') return void (known.chat.kind === 'group' && found.chats.push(known.chat.id))
  if (mention) return void found.people.push(mention.id)
  const bears = (one: { name: string }): boolean => plain(one.name) === plain(name)
  const people = known.people.filter(bears)
  const units = known.units.filter(bears)
  const chats = known.chats.filter(bears)
  if (people.length > 1) found.candidates.push(...people)
  else if (people[0]) found.people.push(people[0].id)
  else if (units.length > 1) found.twice.push(name)
  else if (units[0]) found.departments.push(units[0].id)
  else if (chats[0]) found.chats.push(chats[0].id)
  else if (isNamed) found.unknown.push(name)
  else if (!found.left.includes(word)) found.left.push(word)
}

const unique = (guests: Meant['guests']): Meant['guests'] => ({
  people: [...new Set(guests.people)],
  departments: [...new Set(guests.departments)],
  chats: [...new Set(guests.chats)],
})

function doubtOf(unknown: string[], candidates: Person[], twice: string[]): string | undefined {
  const quoted = (names: string[]) => [...new Set(names)].map(name => `“${name}”`).join('、')
  if (unknown.length) return `未找到${quoted(unknown)},请从名单中选择或核对名称。`
  if (candidates.length) return `${quoted(candidates.map(({ name }) => name))}有同名人员,请选择具体是哪一位。`
  return twice.length ? `${quoted(twice)}有同名部门,请从名单中选择。` : undefined
}

/** Units that name their own attendees: `东湖区委政法委2人、南山区法院`. */
export async function unitsMeant(
  turn: Turn,
  text: string,
): Promise<{ units: Guests['units']; doubt: string | undefined }> {
  const asked = readPlaces(text).slice(0, LIMITS.units + 1)
  const known = await unitsNamed(turn.db, spelled(asked.map(({ name }) => name)))
  const unitOf = (name: string) => known.find(unit => plain(unit.name) === plain(name))
  const unknown = asked.filter(({ name }) => !unitOf(name))
  const units = asked.flatMap(({ name, places }) => {
    const unit = unitOf(name)
    return unit ? [{ unit: unit.id, places }] : []
  })
  return {
    units,
    doubt: unknown.length
      ? `未找到单位${unknown.map(({ name }) => `“${name}”`).join('、')},请核对单位名称。`
      : undefined,
  }
}

const MOST_PLACES = 12

/** The room that one of some words names: its whole name, or a word for a place that only one room has. */
export async function roomAmong(
  { db }: Turn,
  words: readonly string[],
): Promise<{ room: Room; word: string } | undefined> {
  for (const word of words.slice(0, MOST_PLACES)) {
    for (const name of spelled([word])) {
      const room = await roomNamed(db, name)
      if (room && (room.name === name || isPlaceWord(name))) return { room, word }
    }
  }
  return undefined
}

/** Somebody in a role of the meeting (主持人 and the like), by mention or name. */
export async function personMeant(
  turn: Turn,
  words: string | undefined,
  mentions: Mentions,
): Promise<{ id: string | undefined; candidates: Person[]; doubt: string | undefined }> {
  if (!words) return { id: undefined, candidates: [], doubt: undefined }
  const { guests, left, candidates, doubt } = await whom(turn, [words], mentions)
  const [first] = await peopleById(turn.db, guests.people.slice(0, 1))
  const unknown = left.length || (!first && !candidates.length && !doubt)
  return {
    id: first?.active ? first.id : undefined,
    candidates,
    doubt: doubt ?? (unknown ? `未找到“${words}”,请从名单中选择或核对姓名。` : undefined),
  }
}

/** Departments to choose from, those that are chosen first. */
export async function departmentOptions({ db }: Turn, chosen: readonly string[], limit: number): Promise<Option[]> {
  const [own, all] = await Promise.all([departmentsById(db, [...chosen]), allDepartments(db, limit)])
  const found = new Map([...own, ...all].map(({ id, name }) => [id, name]))
  return [...found].slice(0, limit).map(([value, label]) => ({ value, label }))
}
