import { AuthorizeFault, decide, readRequest } from './authorize.ts'
import { isAvailable } from './console.ts'
import type { World } from './world.ts'

/** The page that asks whether an app may know who one is; here it also asks who one is. */
export function loginPage(world: World, query: URLSearchParams): Response {
  try {
    readRequest(world, query)
    return page(asking(world, query))
  } catch (cause) {
    return faulty(cause)
  }
}

/** Pressed: off to the app with a code, or with the refusal. */
export function pressed(world: World, query: URLSearchParams, form: URLSearchParams): Response {
  try {
    const request = readRequest(world, query)
    const location = decide(world, request, form.get('as') ?? '', form.get('decision') === 'allow')
    return new Response(null, { status: 302, headers: { location } })
  } catch (cause) {
    return faulty(cause)
  }
}

function faulty(cause: unknown): Response {
  if (cause instanceof AuthorizeFault)
    return page(`<p class="wrong">${escaped(cause.message)}</p><p>错误码：${cause.code}</p>`, 400)
  throw cause
}

function asking(world: World, query: URLSearchParams): string {
  const { bot, tenant } = world.settings.office
  const scopes = (query.get('scope') ?? '').split(/\s+/).filter(Boolean)
  const people = [...world.state.people.values()].filter(one => isAvailable(world, one))
  const options = people.map(
    one => `<option value="${escaped(one.open_id)}">${escaped(one.name)}（${escaped(one.job_title ?? '')}）</option>`,
  )
  return `<h1>${escaped(bot.name)} 申请获取以下权限</h1>
<p>${escaped(tenant.name)}</p>
<ul><li>获取您的姓名和身份标识</li>${scopes.map(one => `<li>${escaped(one)}</li>`).join('')}</ul>
<form method="post" action="?${escaped(query.toString())}">
<p><label>以谁的身份登录 <select name="as">${options.join('')}</select></label></p>
<button name="decision" value="allow">授权</button> <button name="decision" value="deny">拒绝</button>
</form>`
}

const page = (body: string, status = 200) =>
  new Response(
    `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>飞书登录</title>
<style>body{font:16px/1.6 sans-serif;max-width:28rem;margin:4rem auto;padding:0 1rem}h1{font-size:1.25rem}button,select{font:inherit;padding:.4rem .9rem}.wrong{color:#b3261e}</style>
<body>${body}</body></html>`,
    { status, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' } },
  )

const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string) => text.replace(/[&<>"']/g, sign => signs[sign] ?? sign)
