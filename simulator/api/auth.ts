import type { Answer, Call } from './call.ts'
import { Problem } from './problem.ts'

/** Old API: its refusals come as HTTP 200 with a code, its fields stand beside it. */
export function tenantToken({ world, body }: Call): Answer {
  const { settings, faults, tokens } = world
  if (faults.token_down) throw new Problem(2200, 'internal error', { status: 500 })
  if (body.app_id !== settings.appId) return { top: { code: 10003, msg: 'invalid param' } }
  if (body.app_secret !== settings.appSecret) return { top: { code: 10014, msg: 'app secret invalid' } }
  const { token, expire } = tokens.hand()
  return { top: { tenant_access_token: token, expire } }
}

/** The app's own token, for APIs older than tenants; the same as the tenant's here, as for every self-built app. */
export function appToken(call: Call): Answer {
  const answer = tenantToken(call)
  if (!('top' in answer) || answer.top.code) return answer
  return { top: { ...answer.top, app_access_token: answer.top.tenant_access_token } }
}

/** Where events come from. */
export const outboundIps = (): Answer => ({ data: { ip_list: ['127.0.0.1'], has_more: false } })

export const botInfo = ({ world }: Call): Answer => {
  const { name, open_id } = world.settings.office.bot
  return { top: { bot: { activate_status: 2, app_name: name, avatar_url: '', ip_white_list: [], open_id } } }
}

export const tenantInfo = ({ world }: Call): Answer => {
  const { name, key } = world.settings.office.tenant
  return { data: { tenant: { name, display_id: `F${key.slice(0, 10)}`, tenant_tag: 0, tenant_key: key, avatar: {} } } }
}
