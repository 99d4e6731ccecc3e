import { createHash, randomBytes } from 'node:crypto'
import type * as lark from '@larksuiteoapi/node-sdk'
import { withUserAccessToken } from '@larksuiteoapi/node-sdk'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { app, type Bench, startBench } from '../simulator/bench/bench.ts'
import type { CommandsAnswer } from '../simulator/protocol.ts'
import { codeOf, sdkOf } from './harness/sdk.ts'

let bench: Bench
let sdk: lark.Client

const back = () => `${bench.bot.url}/auth/callback`
const queryOf = (more: Record<string, string> = {}) =>
  new URLSearchParams({
    client_id: app.appId,
    response_type: 'code',
    redirect_uri: back(),
    state: 'xyz',
    ...more,
  }).toString()
const page = (query: string) => fetch(`${bench.sim.url}/open-apis/authen/v1/authorize?${query}`)

/** As a browser does: opens the page, presses, and is sent on. */
async function allowed(name: string, more: Record<string, string> = {}): Promise<URL> {
  const answer = await fetch(`${bench.sim.url}/open-apis/authen/v1/authorize?${queryOf(more)}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ as: bench.id(name), decision: 'allow' }),
  })
  expect(answer.status).toBe(302)
  return new URL(answer.headers.get('location') ?? '')
}

async function take(body: object) {
  const answer = await fetch(`${bench.sim.url}/open-apis/authen/v2/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_id: app.appId, client_secret: app.appSecret, ...body }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}
const byCode = (code: string | null, more: object = {}) =>
  take({ grant_type: 'authorization_code', code, redirect_uri: back(), ...more })
const codeFor = async (name: string, more: Record<string, string> = {}) =>
  (await allowed(name, more)).searchParams.get('code')

beforeAll(async () => {
  bench = await startBench()
  sdk = sdkOf(bench)
})
afterAll(() => bench.close())
beforeEach(() => bench.ask('POST', '/reset', {}))

describe('web log-in', () => {
  it('leads from the page over the code to the token and to who it is', async () => {
    const shown = await page(queryOf())
    expect(shown.headers.get('content-type')).toContain('text/html')
    expect(await shown.text()).toContain('授权')
    const location = await allowed('李静')
    expect(`${location.origin}${location.pathname}`).toBe(back())
    expect(location.searchParams.get('state')).toBe('xyz')
    const { status, body } = await byCode(location.searchParams.get('code'))
    expect(status).toBe(200)
    expect(body).toMatchObject({ code: 0, token_type: 'Bearer', expires_in: 7200, scope: '' })
    expect(body).not.toHaveProperty('refresh_token')
    const me = await sdk.authen.v1.userInfo.get({}, withUserAccessToken(String(body.access_token)))
    expect(me.data).toMatchObject({
      name: '李静',
      open_id: bench.id('李静'),
      tenant_key: expect.stringMatching(/^[0-9a-f]{16}$/),
    })
    expect(me.data).not.toHaveProperty('mobile')
    await bench.ask('POST', '/clock', { by_ms: 2 * 3_600_000 + 1000 })
    expect(await bench.api('GET', '/authen/v1/user_info', undefined, String(body.access_token))).toMatchObject({
      code: 99991677,
    })
  })

  it('sends back the refusal of who presses 拒绝', async () => {
    const answer = await bench.ask('POST', '/login', { as: bench.id('李静'), query: queryOf(), deny: true })
    const location = new URL(String(answer.body.location))
    expect(Object.fromEntries(location.searchParams)).toEqual({ error: 'access_denied', state: 'xyz' })
  })

  it.each([
    ['another app', { client_id: 'cli_other' }, '20048'],
    ['an address elsewhere', { redirect_uri: 'https://evil.example/cb' }, '20029'],
    ['no address', { redirect_uri: '' }, '20029'],
    ['another response type', { response_type: 'token' }, '20001'],
    ['a scope the app lacks', { scope: 'contact:user.phone:readonly' }, '20027'],
  ])('shows an error for %s and goes nowhere', async (_, more, code) => {
    const shown = await page(queryOf(more))
    expect(shown.status).toBe(400)
    expect(await shown.text()).toContain(code)
  })

  it('knows only registered addresses once some are, whatever their query', async () => {
    await bench.ask('PATCH', '/console', { redirect_urls: ['https://desk.example.cn/cb'] })
    await bench.ask('POST', '/console/publish', {})
    expect((await page(queryOf())).status).toBe(400)
    expect((await page(queryOf({ redirect_uri: 'https://desk.example.cn/cb?from=chat' }))).status).toBe(200)
    expect((await page(queryOf({ redirect_uri: 'https://desk.example.cn/cb/deeper' }))).status).toBe(400)
  })

  it('writes nothing on the page that it was given unescaped', async () => {
    await bench.ask('PATCH', `/people/${bench.id('李静')}`, { name: '<b>李静</b>' })
    const shown = await (await page(queryOf({ state: '"><script>alert(1)</script>' }))).text()
    expect(shown).not.toContain('<script>')
    expect(shown).not.toContain('<b>李静')
    await bench.ask('PATCH', `/people/${bench.id('李静')}`, { name: '李静' })
  })

  it('takes a code once, for five minutes, from the same app and address, with the verifier', async () => {
    const code = await codeFor('李静')
    expect((await byCode(code, { client_secret: 'wrong' })).body.code).toBe(20002)
    expect((await byCode(code, { client_id: 'cli_other' })).body.code).toBe(20048)
    expect((await byCode(code, { redirect_uri: `${back()}/other` })).body.code).toBe(20071)
    expect((await take({ grant_type: 'password' })).body.code).toBe(20036)
    expect((await byCode('nonsense')).body).toMatchObject({ code: 20003, error: 'invalid_grant' })
    expect((await byCode(code)).status).toBe(200)
    expect(await byCode(code)).toMatchObject({ status: 400, body: { code: 20065 } })
    const late = await codeFor('李静')
    await bench.ask('POST', '/clock', { by_ms: 5 * 60_000 + 1000 })
    expect((await byCode(late)).body.code).toBe(20004)
    const code_verifier = randomBytes(32).toString('base64url')
    const code_challenge = createHash('sha256').update(code_verifier).digest('base64url')
    const guarded = await codeFor('李静', { code_challenge, code_challenge_method: 'S256' })
    expect((await byCode(guarded)).body.code).toBe(20049)
    expect((await byCode(guarded, { code_verifier })).status).toBe(200)
  })

  it('refreshes once, where offline_access was asked for', async () => {
    const { body } = await byCode(await codeFor('李静', { scope: 'offline_access' }))
    expect(body).toMatchObject({ refresh_token: expect.any(String), refresh_token_expires_in: 604_800 })
    const refresh = () => take({ grant_type: 'refresh_token', refresh_token: body.refresh_token })
    const renewed = await refresh()
    expect(renewed.body).toMatchObject({ code: 0, access_token: expect.any(String) })
    expect((await refresh()).body.code).toBe(20073)
    expect((await take({ grant_type: 'refresh_token', refresh_token: 'x' })).body.code).toBe(20026)
  })

  it('keeps out people outside the range', async () => {
    await bench.ask('PATCH', '/console', { availability: [bench.id('李静')] })
    await bench.ask('POST', '/console/publish', {})
    const answer = await bench.ask('POST', '/login', { as: bench.id('王强'), query: queryOf() })
    expect(answer.status).toBe(400)
    expect(String((answer.body as { error?: string }).error)).toContain('20010')
  })

  it("tells people's tokens from the app's", async () => {
    const { body } = await byCode(await codeFor('李静'))
    const user = String(body.access_token)
    expect(await bench.api('GET', '/bot/v3/info', undefined, user)).toMatchObject({ status: 400, code: 99991668 })
    expect(await bench.api('GET', '/authen/v1/user_info', undefined, 'u-nonsense')).toMatchObject({ code: 99991668 })
    expect(await bench.api('GET', '/authen/v1/user_info')).toMatchObject({ code: 99991663 })
    const calls = JSON.stringify((await bench.ask('GET', '/calls')).body)
    expect(calls).not.toContain(app.appSecret)
    expect(calls).not.toContain(user)
  })
})

describe('slash commands', () => {
  const url = '/open-apis/application/v7/app_slash_commands'
  const add = (data: object) => sdk.request({ method: 'POST', url, data })
  const described = { default_value: '交办一件事', i18n: { zh_cn: '交办一件事', en_us: 'Assign' } }

  it('are registered under unique names, listed for the panel, changed but not renamed, removed', async () => {
    const made = await add({ command: '交办', description: described })
    const { command_id } = made.data.command
    expect(await codeOf(add({ command: '交办', description: described }))).toBe(40000000)
    const { body } = await bench.ask<CommandsAnswer>('GET', '/commands')
    expect(body.commands).toMatchObject([{ command: '交办', description: described }])
    const patch = (data: object) => sdk.request({ method: 'PATCH', url: `${url}/${command_id}`, data })
    expect(await codeOf(patch({ description: { default_value: '交办' } }))).toBe(0)
    expect(await codeOf(patch({ command: '督办' }))).toBe(99992402)
    const listed = await sdk.request({ method: 'GET', url })
    expect(listed.data.commands).toMatchObject([{ description: { default_value: '交办' } }])
    const remove = () => sdk.request({ method: 'DELETE', url: `${url}/${command_id}` })
    expect(await codeOf(remove())).toBe(0)
    expect(await codeOf(remove())).toBe(40000404)
  })

  it('want a name without slash, a description, an icon of the app, and the scope', async () => {
    expect(await codeOf(add({ command: '/交办', description: described }))).toBe(99992402)
    expect(await codeOf(add({ command: '交办' }))).toBe(99992402)
    expect(await codeOf(add({ command: '交办', description: described, icon: { icon_key: 'img_none' } }))).toBe(
      40000031,
    )
    await bench.faults({ missing_scopes: ['application:app_slash_command:write'] })
    expect(await codeOf(add({ command: '交办', description: described }))).toBe(99991672)
  })

  it('are at most a hundred', async () => {
    await bench.faults({ limits: false })
    for (let at = 0; at < 100; at += 1) await add({ command: `c${at}`, description: described })
    expect(await codeOf(add({ command: 'more', description: described }))).toBe(40000000)
  })
})

it('gives the app token and the addresses that events come from', async () => {
  const body = { app_id: app.appId, app_secret: app.appSecret }
  const token = await bench.api('POST', '/auth/v3/app_access_token/internal', body, null)
  expect(token.body).toMatchObject({
    code: 0,
    app_access_token: expect.stringMatching(/^t-/),
    expire: expect.any(Number),
  })
  expect((await sdk.event.v1.outboundIp.list({})).data?.ip_list).toEqual(['127.0.0.1'])
})
