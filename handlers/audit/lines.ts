import { numbersOf } from '../../db/audit.ts'
import { departmentNames } from '../../db/department.ts'
import type { Event } from '../../db/events.ts'
import { chatsById, peopleById } from '../../db/people.ts'
import type { Feature, Look } from '../../src/bot/feature.ts'
import type { Line } from '../../src/office/audit/cards.ts'
import { actWords, matterWords } from '../../src/office/audit/words.ts'
import { ROLES } from '../../src/office/role/role.ts'

interface Known {
  names: ReadonlyMap<string, string>
  numbers: ReadonlyMap<string, string>
  units: ReadonlyMap<string, string>
  groups: ReadonlySet<string>
  features: readonly Feature[]
}

/** Records in words: people by name, matters by number; nothing of what people wrote. */
export async function linesOf(look: Look, some: readonly Event[]): Promise<Line[]> {
  const known = await knownOf(look, some)
  return some.map(event => lineOf(event, known))
}

async function knownOf({ db, office }: Look, some: readonly Event[]): Promise<Known> {
  const chats = [...new Set(some.map(({ chat }) => chat).filter(chat => chat !== ''))]
  const ids = new Set(some.flatMap(event => [event.who, event.actingFor ?? '', aboutOf(event), receiverOf(event)]))
  const matters = some.flatMap(event => {
    const matter = ID.exec(aboutOf(event))?.[1]
    return matter ? [{ feature: event.feature, matter }] : []
  })
  const [people, numbers, units, groups] = await Promise.all([
    peopleById(
      db,
      [...ids].filter(id => id !== ''),
    ),
    numbersOf(db, matters),
    departmentNames(db, [...new Set(some.map(unitOf))]),
    chatsById(db, chats),
  ])
  return {
    names: new Map(people.map(({ id, name }) => [id, name || '未知人员'])),
    numbers: new Map(
      numbers.map(({ feature, matter, word, year, seq }) => [`${feature} ${matter}`, `${word}〔${year}〕${seq}号`]),
    ),
    units,
    groups: new Set(groups.filter(({ kind }) => kind === 'group').map(({ id }) => id)),
    features: office.features,
  }
}

/** The number at the beginning of a matter's id: `12`, and of its part `12/i3`. */
const ID = /^(\d{1,15})(?:\/.*)?$/

function lineOf(event: Event, known: Known): Line {
  const { id, at, outcome, chat, feature, data } = event
  const rules = Array.isArray(data.rules) ? data.rules.filter(rule => typeof rule === 'string') : []
  return {
    ...{ id, at, outcome, rules },
    who: whoOf(event, known.names),
    subject: titleOf(known.features, feature),
    act: actOf(known.features, event),
    object: objectOf(event, known),
    hashes: hashesOf(event),
    where: chat === '' ? '系统' : known.groups.has(chat) ? '群聊' : '私聊',
  }
}

function hashesOf({ data: { hashes } }: Event): Line['hashes'] {
  if (typeof hashes !== 'object' || hashes === null) return undefined
  const { before, after } = hashes as { before?: unknown; after?: unknown }
  const word = (hash: unknown): string => (typeof hash === 'string' ? hash : '')
  return { before: word(before), after: word(after) }
}

export const titleOf = (features: readonly Feature[], name: string): string =>
  features.find(feature => feature.name === name)?.title ?? name

/** A command as it is typed, anything else by its word. */
function actOf(features: readonly Feature[], { feature: name, act }: Event): string {
  const feature = features.find(one => one.name === name)
  const sub = act === 'command' ? '' : act
  if (feature && Object.hasOwn(feature.commands, sub) && actWords(name, act) === undefined)
    return `发送“/${feature.words[0] ?? ''}${sub && ` ${sub}`}”`
  return actWords(name, act) ?? act
}

function whoOf({ who, actingFor, roles }: Event, names: Known['names']): string {
  if (who === '') return '系统'
  const [own = '', principal = ''] = (roles ?? '').split('/')
  const person = `${names.get(who) ?? '未知人员'}${rolesIn(own)}`
  return actingFor ? `${person},代${names.get(actingFor) ?? '未知人员'}${rolesIn(principal)}` : person
}

function rolesIn(codes: string): string {
  const words = codes
    .split(',')
    .flatMap(code => (Object.hasOwn(ROLES, code) ? [ROLES[code as keyof typeof ROLES]] : []))
  return words.length ? `(${words.join('、')})` : ''
}

/** The matter, be it of a change or only read. */
const aboutOf = ({ matter, data }: Event): string => matter ?? (typeof data.of === 'string' ? data.of : '')
/** The department in which a role is held. */
const unitOf = ({ data: { role, unit } }: Event): string =>
  typeof role === 'string' && typeof unit === 'string' ? unit : ''
const receiverOf = ({ data }: Event): string => (typeof data.to === 'string' ? data.to : '')

/** Which matter or person it is about; a role with its department and a receiver of a file beside it. */
function objectOf(event: Event, { names, numbers, units }: Known): string {
  const about = aboutOf(event)
  const [, id] = ID.exec(about) ?? []
  const number = id && numbers.get(`${event.feature} ${id}`)
  const { role, unitName } = event.data
  const words = [
    number ?? names.get(about) ?? matterWords(about),
    typeof role === 'string' && Object.hasOwn(ROLES, role) ? ROLES[role as keyof typeof ROLES] : '',
    typeof unitName === 'string' ? unitName : (units.get(unitOf(event)) ?? ''),
    names.has(receiverOf(event)) ? `${event.act === 'file.left' ? '发' : ''}给${names.get(receiverOf(event))}` : '',
  ]
  return words.filter(word => word !== '').join(' ')
}
