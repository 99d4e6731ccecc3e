import type { Person } from './protocol.ts'
import { hasScope } from './scopes.ts'
import type { World } from './world.ts'

/** The three ids of a person as events and callbacks carry them. */
export interface UserId {
  union_id: string
  user_id?: string
  open_id: string
}

export function userId(world: World, open_id: string): UserId {
  const { bot } = world.settings.office
  const known = open_id === bot.open_id ? { ...bot, user_id: '' } : world.state.people.get(open_id)
  const with_user_id = hasScope(world, 'contact:user.employee_id:readonly')
  return {
    union_id: known?.union_id ?? '',
    ...(with_user_id && { user_id: known?.user_id ?? '' }),
    open_id,
  }
}

export const isActive = (person: Person | undefined) => person !== undefined && !person.is_frozen && !person.is_resigned

export type IdType = 'open_id' | 'union_id' | 'user_id'

export function findPerson(world: World, id: string, type: IdType): Person | undefined {
  if (type === 'open_id') return world.state.people.get(id)
  for (const person of world.state.people.values()) if (person[type] === id) return person
  return undefined
}

/** Open, union or user id, as cards may name people. */
export const isSomebody = (world: World, id: string): boolean =>
  id === world.settings.office.bot.open_id ||
  world.state.people.has(id) ||
  [...world.state.people.values()].some(one => one.union_id === id || one.user_id === id)

export const nameOf = (world: World, open_id: string) =>
  open_id === 'bot' || open_id === world.settings.office.bot.open_id
    ? world.settings.office.bot.name
    : (world.state.people.get(open_id)?.name ?? '')
