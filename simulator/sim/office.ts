import { z } from 'zod'
import { tell } from '../console.ts'
import { faultsOn } from '../faults.ts'
import { userId } from '../people.ts'
import type { Office, Person } from '../protocol.ts'
import { hasScope } from '../scopes.ts'
import { chatsChanged, type World } from '../world.ts'
import { type Ask, bodyAs, type SimRoutes } from './ask.ts'
import { Refused } from './refused.ts'

export const officeRoutes: SimRoutes = {
  'GET /office': ({ world }) => office(world),
  'PATCH /people/:open_id': changePerson,
}

function office({ settings, state, clockMovable, faults }: World): Office {
  const { tenant, bot } = settings.office
  return {
    tenant: tenant.name,
    bot: { open_id: bot.open_id, name: bot.name, app_id: settings.appId },
    people: [...state.people.values()],
    departments: [...state.departments.values()],
    bot_url: settings.botUrl,
    transport: settings.transport,
    clock: { movable: clockMovable, offset_ms: state.offset_ms },
    faults: faultsOn(faults),
    version: state.version,
  }
}

const personPatch = z
  .strictObject({
    user_id: z.string(),
    name: z.string().min(1),
    department_ids: z.array(z.string()).min(1),
    leader_user_id: z.string(),
    job_title: z.string(),
    mobile: z.string(),
    email: z.string(),
    is_frozen: z.boolean(),
    is_resigned: z.boolean(),
  })
  .partial()

/** Somebody moved, was frozen or left: the bot is told as the directory would tell it. */
function changePerson(ask: Ask): Person {
  const { world, params } = ask
  const person = world.state.people.get(params.open_id ?? '')
  if (!person) throw new Refused(404, '没有这个人')
  const patch = bodyAs(ask, personPatch)
  const before = { ...person }
  Object.assign(person, patch)
  if (patch.is_resigned) leaveChats(world, person.open_id)
  chatsChanged(world)
  const gone = patch.is_resigned === true && !before.is_resigned
  tell(world, gone ? 'contact.user.deleted_v3' : 'contact.user.updated_v3', {
    object: userObject(world, person),
    old_object: gone ? { department_ids: before.department_ids } : old(before, patch),
  })
  return person
}

function leaveChats(world: World, open_id: string) {
  for (const chat of world.state.chats.values()) {
    if (chat.chat_type === 'group') chat.members = chat.members.filter(id => id !== open_id)
  }
}

/** Only what changed, as it was. */
const old = (before: Person, patch: Partial<Person>) =>
  Object.fromEntries(Object.keys(patch).map(name => [name, before[name as keyof Person]]))

function userObject(world: World, person: Person) {
  const { name, job_title, leader_user_id, is_frozen, is_resigned } = person
  return {
    ...userId(world, person.open_id),
    name,
    ...(hasScope(world, 'contact:user.employee:readonly') && {
      job_title: job_title ?? '',
      leader_user_id: leader_user_id ?? '',
    }),
    status: {
      is_frozen: is_frozen ?? false,
      is_resigned: is_resigned ?? false,
      is_activated: true,
      is_exited: false,
      is_unjoin: false,
    },
  }
}
