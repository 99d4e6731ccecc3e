import { createHash } from 'node:crypto'
import { isAvailable } from '../console.ts'
import { CODE_MS, type Grant, type Pass, REFRESH_MS, TOKEN_MS } from '../logins.ts'
import { issue } from '../passes.ts'
import { hasScope } from '../scopes.ts'
import { ageOf, type World } from '../world.ts'
import type { Answer, Call } from './call.ts'
import { Problem } from './problem.ts'

const words: Record<number, [error: string, description: string]> = {
  20002: ['invalid_client', 'The client secret is invalid.'],
  20003: ['invalid_grant', 'The authorization code is not found.'],
  20004: ['invalid_grant', 'The authorization code has expired.'],
  20010: ['access_denied', 'The user does not have permission to use this app.'],
  20024: ['invalid_grant', 'The provided authorization code or refresh token does not match the provided client ID.'],
  20026: ['invalid_grant', 'The refresh token passed is invalid.'],
  20036: ['unsupported_grant_type', 'The specified grant_type is not supported.'],
  20037: ['invalid_grant', 'The refresh token passed has expired.'],
  20048: ['invalid_client', 'The specified app does not exist.'],
  20049: ['invalid_grant', 'PKCE code challenge failed.'],
  20063: ['invalid_request', 'The request is malformed. Please check your request.'],
  20065: ['invalid_grant', 'The authorization code has been used.'],
  20071: ['invalid_grant', 'The provided redirect URI does not match the one used during authorization.'],
  20073: ['invalid_grant', 'The refresh token has been used.'],
}

/** Refused in the manner of OAuth: HTTP 400 with code, error and error_description, nothing else. */
class LoginFault extends Error {
  readonly code: number
  constructor(code: number) {
    super(words[code]?.[1] ?? 'error')
    this.code = code
  }
}

/** Answers in the manner of OAuth too: the token stands at the top. */
export function oauthToken(call: Call): Answer {
  try {
    return { top: taken(call) }
  } catch (cause) {
    if (!(cause instanceof LoginFault)) throw cause
    const [error, error_description] = words[cause.code] ?? []
    return Response.json({ code: cause.code, error, error_description }, { status: 400 })
  }
}

function taken({ world, body }: Call): Record<string, unknown> {
  const { grant_type, client_id, client_secret } = body
  if (typeof grant_type !== 'string' || typeof client_id !== 'string' || typeof client_secret !== 'string')
    throw new LoginFault(20063)
  if (client_id !== world.settings.appId) throw new LoginFault(20048)
  if (client_secret !== world.settings.appSecret) throw new LoginFault(20002)
  if (grant_type === 'authorization_code') return byCode(world, body)
  if (grant_type === 'refresh_token') return byRefresh(world, body)
  throw new LoginFault(20036)
}

function byCode(world: World, { code, client_id, redirect_uri, code_verifier }: Record<string, unknown>) {
  const grant = world.logins.grants.get(String(code))
  if (!grant) throw new LoginFault(20003)
  if (grant.used) throw new LoginFault(20065)
  if (ageOf(world, grant.at) > CODE_MS) throw new LoginFault(20004)
  if (grant.client_id !== client_id) throw new LoginFault(20024)
  if (redirect_uri !== undefined && redirect_uri !== grant.redirect_uri) throw new LoginFault(20071)
  if (grant.challenge && !answers(grant.challenge, code_verifier)) throw new LoginFault(20049)
  grant.used = true
  return given(world, grant)
}

function answers({ value, method }: NonNullable<Grant['challenge']>, verifier: unknown): boolean {
  if (typeof verifier !== 'string') return false
  return value === (method === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier)
}

/** Once only, and then with a new one. */
function byRefresh(world: World, { refresh_token }: Record<string, unknown>) {
  const pass = world.logins.refresh.get(String(refresh_token))
  if (!pass) throw new LoginFault(20026)
  if (pass.used) throw new LoginFault(20073)
  if (ageOf(world, pass.at) > REFRESH_MS) throw new LoginFault(20037)
  pass.used = true
  return given(world, pass)
}

function given(world: World, { open_id, scope }: Pass) {
  if (!isAvailable(world, world.state.people.get(open_id))) throw new LoginFault(20010)
  const { access_token, refresh_token } = issue(world, open_id, scope)
  return {
    access_token,
    expires_in: TOKEN_MS / 1000,
    token_type: 'Bearer',
    scope,
    ...(refresh_token && { refresh_token, refresh_token_expires_in: REFRESH_MS / 1000 }),
  }
}

/** Who logged in; what is secret needs its scope. */
export function userInfo({ world, user }: Call): Answer {
  if (!user) throw new Problem(99991663, 'Invalid access token for authorization.')
  const { name, open_id, union_id, user_id, mobile, email } = user
  return {
    data: {
      name,
      en_name: '',
      avatar_url: '',
      avatar_thumb: '',
      avatar_middle: '',
      avatar_big: '',
      open_id,
      union_id,
      ...(hasScope(world, 'contact:user.email:readonly') && email && { email }),
      ...(hasScope(world, 'contact:user.phone:readonly') && mobile && { mobile }),
      ...(hasScope(world, 'contact:user.employee_id:readonly') && { user_id }),
      tenant_key: world.settings.office.tenant.key,
    },
  }
}
