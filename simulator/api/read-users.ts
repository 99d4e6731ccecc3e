import { ageOf } from '../world.ts'
import type { Answer, Call } from './call.ts'
import { choice } from './fields.ts'
import { liveMessage } from './own-message.ts'
import { pageOf, readerPages } from './paging.ts'
import { problem } from './problem.ts'
import { idOf } from './user-ids.ts'

const SEVEN_DAYS_MS = 7 * 24 * 3_600_000

/** Who has read an own message of the last seven days; who has not is for the caller to find out. */
export function readUsers(call: Call): Answer {
  const { world } = call
  const type = choice(call, 'user_id_type', ['open_id', 'union_id', 'user_id'])
  const message = liveMessage(call)
  if (message.sender !== 'bot') throw problem(230012)
  if (ageOf(world, message.create_time) > SEVEN_DAYS_MS) throw problem(230033)
  const readers = Object.entries(message.read_by ?? {}).sort(([, one], [, other]) => one - other)
  const page = pageOf(call, readers, readerPages)
  const tenant_key = world.settings.office.tenant.key
  const items = page.items.map(([open_id, at]) => ({
    user_id_type: type,
    user_id: idOf(world, open_id, type),
    timestamp: String(at),
    tenant_key,
  }))
  return { data: { ...page, items } }
}
