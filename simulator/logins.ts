import { newLoginCode, newRefreshToken, newUserToken } from './ids.ts'
import { isActive } from './people.ts'
import type { Person } from './protocol.ts'
import { ageOf, nowOf, type World } from './world.ts'

/** What somebody allowed on the log-in page, waiting to be fetched. */
export interface Grant {
  open_id: string
  client_id: string
  redirect_uri: string
  scope: string
  challenge?: { value: string; method: 'S256' | 'plain' }
  at: number
  used?: boolean
}

/** A user access token or a refresh token. */
export interface Pass {
  open_id: string
  scope: string
  at: number
  used?: boolean
}

export interface Logins {
  grants: Map<string, Grant>
  tokens: Map<string, Pass>
  refresh: Map<string, Pass>
}

export const CODE_MS = 5 * 60_000
export const TOKEN_MS = 7200_000
export const REFRESH_MS = 7 * 24 * 3_600_000

export const makeLogins = (): Logins => ({ grants: new Map(), tokens: new Map(), refresh: new Map() })

export function grant(world: World, given: Omit<Grant, 'at'>): string {
  const code = newLoginCode()
  world.logins.grants.set(code, { ...given, at: nowOf(world) })
  return code
}

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
