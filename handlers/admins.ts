import { peopleById } from '../db/people.ts'
import { holdersOf } from '../db/role.ts'
import type { Turn } from '../src/bot/feature.ts'
import type { HeldRole } from '../src/kit/person.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { dayIn } from '../src/kit/time.ts'
import { isAdministrator, may } from '../src/office/role/role.ts'

/** Everyone who is 系统管理员 and has not left: by configuration (ADMINS), known to us or not, or by role. */
export async function adminIds({ db, now, office }: Pick<Turn, 'db' | 'now' | 'office'>): Promise<string[]> {
  const known = await peopleById(db, [...office.admins])
  const gone = new Set(known.filter(({ active }) => !active).map(({ id }) => id))
  const configured = office.admins.filter(id => !gone.has(id))
  return [...new Set([...configured, ...(await holdersOf(db, 'SY', dayIn(now)))])]
}

/** What somebody holds; whoever is 系统管理员 by configuration holds that, and neither of the two roles that are kept apart from it. */
export const withConfigured = (
  { admins }: Pick<Turn['office'], 'admins'>,
  id: string,
  held: readonly HeldRole[],
): HeldRole[] =>
  admins.includes(id)
    ? [...held.filter(({ code }) => !isAdministrator(code)), { code: 'SY', unit: undefined }]
    : [...held]

/** @throws Refusal unless the person is 系统管理员 and speaks in private. */
export function refuseNonAdmin(turn: Pick<Turn, 'office' | 'who' | 'roles' | 'chat'>, what: string): void {
  if (!isAdmin(turn)) throw new Refusal(`${what}仅限系统管理员`)
  if (turn.chat.kind === 'group') throw new Refusal(`请在与回音的私聊中${what}`)
}

export const isAdmin = ({ office, who, roles }: Pick<Turn, 'office' | 'who' | 'roles'>): boolean =>
  may(
    withConfigured(office, who.id, roles).map(({ code }) => code),
    'E',
    'house.settle',
  )
