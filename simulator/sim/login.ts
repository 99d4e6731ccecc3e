import { z } from 'zod'
import { AuthorizeFault, decide, readRequest } from '../authorize.ts'
import { type Ask, actor, bodyAs, type SimRoutes } from './ask.ts'
import { Refused } from './refused.ts'

export const loginRoutes: SimRoutes = { 'POST /login': login }

const asked = z.object({ as: z.string(), query: z.string().max(4000), deny: z.boolean().default(false) })

/** Somebody presses on the log-in page; what the page would show as an error is refused with its code. */
function login(ask: Ask) {
  const { world } = ask
  const { as, query, deny } = bodyAs(ask, asked)
  actor(world, as)
  try {
    return { location: decide(world, readRequest(world, new URLSearchParams(query)), as, !deny) }
  } catch (cause) {
    if (cause instanceof AuthorizeFault) throw new Refused(400, `${cause.message}（${cause.code}）`)
    throw cause
  }
}
