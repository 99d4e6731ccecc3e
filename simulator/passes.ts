import { newLoginCode, newRefreshToken, newUserToken } from './ids.ts'
import { type Grant, TOKEN_MS } from './logins.ts'
import { isActive } from './people.ts'
import type { Person } from './protocol.ts'
import { ageOf, nowOf, type World } from './world.ts'

/** Notes what somebody allowed; answers the code by which it is fetched. */
export function grant(world: World, given: Omit<Grant, 'at'>): string {
  const code = newLoginCode()
  world.logins.grants.set(code, { ...given, at: nowOf(world) })
  return code
}

/** A token for what was allowed, and one to renew it with where that was asked for. */
export function issue(world: World, open_id: string, scope: string) {
  const pass = { open_id, scope, at: nowOf(world) }
  const access_token = newUserToken()
  world.logins.tokens.set(access_token, pass)
  if (!scope.split(' ').includes('offline_access')) return { access_token }
  const refresh_token = newRefreshToken()
  world.logins.refresh.set(refresh_token, { ...pass })
  return { access_token, refresh_token }
}

/** The person, or the code that refuses the token. */
export function userOfToken(world: World, token: string): Person | 99991668 | 99991677 {
  const pass = world.logins.tokens.get(token)
  if (!pass) return 99991668
  if (ageOf(world, pass.at) > TOKEN_MS) return 99991677
  const person = world.state.people.get(pass.open_id)
  return person && isActive(person) ? person : 99991668
}
