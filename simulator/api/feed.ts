import { chatsChanged } from '../world.ts'
import type { Answer, Call } from './call.ts'
import { invalidFields } from './problem.ts'
import { idType, peopleOf } from './user-ids.ts'

const MOST = 50

/** 即时提醒: the private chat with the bot stands on top of these people's lists. */
export function pressFeed(call: Call): Answer {
  const { world, body } = call
  const { time_sensitive } = body
  if (typeof time_sensitive !== 'boolean')
    throw invalidFields({ field: 'time_sensitive', value: '', description: 'time_sensitive must be a boolean' })
  idType(call)
  const asked = peopleOf(call, 'user_ids', MOST)
  const found = asked.flatMap(({ person }) => (person ? [person.open_id] : []))
  for (const open_id of found) world.state.pressing[time_sensitive ? 'add' : 'delete'](open_id)
  chatsChanged(world, found)
  const failed = asked.filter(one => !one.person)
  return {
    data: {
      failed_user_reasons: failed.map(({ id }) => ({ error_code: 99992360, error_message: 'invalid id', user_id: id })),
    },
  }
}
