import { principalsOf } from '../db/deputy.ts'
import { peopleById } from '../db/people.ts'
import { rolesHeldBy } from '../db/role.ts'
import type { Look, Turn } from '../src/bot/feature.ts'
import type { HeldRole, Principal } from '../src/kit/person.ts'
import { dayIn } from '../src/kit/time.ts'
import { withConfigured } from './admins.ts'

/** Who acts or looks, with what they hold, and in whose place they may act at present (代理). */
export interface Actor {
  id: string
  departments: readonly string[]
  held: readonly HeldRole[]
  standsFor: readonly Principal[]
}

type Speaking = Pick<Turn, 'who' | 'roles' | 'standsFor' | 'office'>

export const actorIn = ({ who, roles, standsFor, office }: Speaking): Actor => ({
  id: who.id,
  departments: who.departments,
  held: withConfigured(office, who.id, roles),
  standsFor,
})

/** Somebody who is not speaking. */
export async function actorOf({ db, now, office }: Pick<Look, 'db' | 'now' | 'office'>, id: string): Promise<Actor> {
  const today = dayIn(now)
  const [[person], held, standsFor] = await Promise.all([
    peopleById(db, [id]),
    rolesHeldBy(db, id, today),
    principalsOf(db, id, today),
  ])
  return { id, departments: person?.departments ?? [], held: withConfigured(office, id, held), standsFor }
}
