import { isAvailable } from './console.ts'
import { grant } from './passes.ts'
import { hasScope } from './scopes.ts'
import type { World } from './world.ts'

/** What a log-in page was opened with, checked. */
export interface Request {
  client_id: string
  redirect_uri: string
  scope: string
  state?: string
  challenge?: { value: string; method: 'S256' | 'plain' }
}

const MOST_SCOPES = 50

/** Why the page shows an error instead of asking. */
export class AuthorizeFault extends Error {
  readonly code: number
  constructor(code: number, words: string) {
    super(words)
    this.code = code
  }
}

export function readRequest(world: World, query: URLSearchParams): Request {
  const redirect_uri = query.get('redirect_uri') ?? ''
  const scope = (query.get('scope') ?? '').trim()
  if (query.get('client_id') !== world.settings.appId) throw new AuthorizeFault(20048, '应用不存在')
  if (query.get('response_type') !== 'code') throw new AuthorizeFault(20001, 'response_type 必须为 code')
  if (!isRegistered(world, redirect_uri)) throw new AuthorizeFault(20029, '重定向 URL 有误：未在安全设置中登记')
  const scopes = scope.split(/\s+/).filter(Boolean)
  if (scopes.length > MOST_SCOPES) throw new AuthorizeFault(20001, `scope 不能超过 ${MOST_SCOPES} 个`)
  const lacking = scopes.filter(one => !hasScope(world, one))
  if (lacking.length > 0) throw new AuthorizeFault(20027, `应用未开通权限：${lacking.join('、')}`)
  const state = query.get('state')
  return {
    client_id: world.settings.appId,
    redirect_uri,
    scope: scopes.join(' '),
    ...(state !== null && { state }),
    ...challengeOf(query),
  }
}

function challengeOf(query: URLSearchParams): Pick<Request, 'challenge'> {
  const value = query.get('code_challenge')
  if (!value) return {}
  const method = query.get('code_challenge_method') ?? 'plain'
  if (method !== 'S256' && method !== 'plain') throw new AuthorizeFault(20001, 'code_challenge_method 有误')
  return { challenge: { value, method } }
}

/** Compared without query and fragment. Where nothing was registered, the bot's own address is. */
function isRegistered(world: World, redirect_uri: string): boolean {
  if (!URL.canParse(redirect_uri)) return false
  const plain = bare(redirect_uri)
  const { redirect_urls } = world.state.console.live
  if (redirect_urls !== null) return redirect_urls.some(one => bare(one) === plain)
  return URL.canParse(world.settings.botUrl) && new URL(redirect_uri).origin === new URL(world.settings.botUrl).origin
}

const bare = (url: string) => url.replace(/[?#].*$/, '')

/** Where the browser goes when this person presses 授权, or 拒绝. */
export function decide(world: World, request: Request, open_id: string, allow: boolean): string {
  if (!isAvailable(world, world.state.people.get(open_id))) throw new AuthorizeFault(20010, '您没有使用此应用的权限')
  const to = new URL(request.redirect_uri)
  if (allow) to.searchParams.set('code', grant(world, { ...request, open_id }))
  else to.searchParams.set('error', 'access_denied')
  if (request.state !== undefined) to.searchParams.set('state', request.state)
  return to.href
}
