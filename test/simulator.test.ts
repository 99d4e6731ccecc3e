import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Bench, cardOf, markdown, startBench, until } from '../simulator/bench/bench.ts'
import office from '../simulator/office.json' with { type: 'json' }
import type { ClockAnswer, Office } from '../simulator/protocol.ts'
import { nextOpening } from '../simulator/workdays.ts'

let bench: Bench
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulator-'))
})
afterEach(async () => {
  await bench?.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('the demo office', () => {
  it('has two people of one name in different departments, one frozen and one resigned, unique group names', () => {
    const zhangs = office.people.filter(one => one.name === '张伟')
    expect(new Set(zhangs.map(one => one.department_ids[0])).size).toBe(2)
    expect(office.people.filter(one => one.is_frozen).map(one => one.name)).toEqual(['吕洋'])
    expect(office.people.filter(one => one.is_resigned).map(one => one.name)).toEqual(['施文'])
    expect(office.people.length).toBeGreaterThanOrEqual(25)
    expect(new Set(office.people.map(one => one.open_id)).size).toBe(office.people.length)
    expect(
      office.people.every(one => /^ou_[0-9a-f]{32}$/.test(one.open_id) && /^on_[0-9a-f]{32}$/.test(one.union_id)),
    ).toBe(true)
    expect(new Set(office.groups.map(one => one.name)).size).toBe(office.groups.length)
    expect(office.departments.every(one => office.people.some(person => person.open_id === one.leader_user_id))).toBe(
      true,
    )
  })

  it('is told to the page, which then lists chats with summaries and unread marks', async () => {
    bench = await startBench()
    const { body } = await bench.ask<Office>('GET', '/office')
    expect(body).toMatchObject({
      tenant: '江州市委政法委',
      bot: { name: '回音' },
      bot_url: bench.bot.url,
      clock: { movable: false, offset_ms: 0 },
    })
    await bench.p2p('李静')
    await bench.sendCard('李静', {
      ...cardOf(markdown(`请 <at id=${bench.id('李静')}></at> 阅`)),
      config: { update_multi: true, summary: { content: '督办：交材料' } },
    })
    await bench.say('王强', bench.group('督查工作群'), '明天开会\n请准时')
    await bench.say('王强', bench.group('督查工作群'), '', { file: { name: '议程.docx', size: 10 } })
    const rows = await bench.chats('李静')
    expect(rows.map(({ name, summary, unread, mentioned }) => ({ name, summary, unread, mentioned }))).toEqual([
      { name: '督查工作群', summary: '[文件] 议程.docx', unread: 2, mentioned: false },
      { name: '回音', summary: '督办：交材料', unread: 1, mentioned: true },
      { name: '办公室工作群', summary: '', unread: 0, mentioned: false },
    ])
    await bench.ask('POST', `/chats/${bench.group('督查工作群')}/read`, { as: bench.id('李静') })
    expect((await bench.chats('李静'))[0]).toMatchObject({ unread: 0 })
  })

  it('pages through a long chat, oldest first', async () => {
    bench = await startBench()
    const group = bench.group('办公室工作群')
    for (let at = 0; at < 205; at += 1) await bench.say('李静', group, `第${at}条`)
    const as = bench.id('李静')
    const last = (
      await bench.ask<{ messages: Array<{ message_id: string }>; has_more: boolean }>(
        'GET',
        `/chats/${group}/messages?as=${as}`,
      )
    ).body
    expect([last.messages.length, last.has_more]).toEqual([200, true])
    const before = last.messages[0]?.message_id
    const first = (
      await bench.ask<{ messages: unknown[]; has_more: boolean }>(
        'GET',
        `/chats/${group}/messages?as=${as}&before=${before}`,
      )
    ).body
    expect([first.messages.length, first.has_more]).toEqual([5, false])
  })

  it('lets nobody speak who is frozen, unknown or not in the chat', async () => {
    bench = await startBench()
    const say = (as: string) =>
      bench.ask<{ error: string }>('POST', '/messages', { as, chat_id: bench.group('办公室工作群'), text: '我' })
    const answers = await Promise.all([bench.id('吕洋'), bench.id('施文'), bench.id('陈刚'), 'ou_none'].map(say))
    expect(answers.map(one => one.status)).toEqual([403, 403, 403, 403])
    expect(answers[0]?.body.error).toBe('吕洋的账号已停用，不能操作')
    expect(
      (await bench.ask('GET', `/chats/${bench.group('办公室工作群')}/messages?as=${bench.id('陈刚')}`)).status,
    ).toBe(403)
    expect((await bench.ask('POST', '/messages', { as: 1 })).status).toBe(400)
    expect((await bench.ask('GET', '/nothing')).status).toBe(404)
  })
})

describe('keeping the demo', () => {
  it('finds everything again after a restart: messages, unread marks, the uuid window, files and what was not delivered', async () => {
    const dataFile = join(folder, 'demo.json')
    bench = await startBench({ dataFile })
    const group = bench.group('督查工作群')
    await bench.say('王强', group, '记住我')
    const send = (one: Bench) =>
      one.api('POST', '/im/v1/messages?receive_id_type=chat_id', {
        receive_id: group,
        msg_type: 'text',
        content: '{"text":"一"}',
        uuid: 'u',
      })
    const first = await send(bench)
    bench.sim.setBotUrl('http://127.0.0.1:9')
    await bench.say('王强', group, '<at id="bot"></at> 在吗')
    await bench.close()
    bench = await startBench({ dataFile, speed: 1000 })
    expect((await bench.messages('李静', group)).map(one => JSON.parse(one.content).text)).toEqual([
      '记住我',
      '一',
      '@_user_1 在吗',
    ])
    expect((await bench.chats('李静')).find(one => one.chat_id === group)).toMatchObject({
      unread: 3,
      summary: '@回音 在吗',
    })
    expect((await send(bench)).data.message_id).toBe(first.data.message_id)
    expect((await bench.pushes('im.message.receive_v1'))[0]?.body.event.message).toMatchObject({ chat_id: group })
  })

  it('puts a corrupt file aside, says so and starts anew', async () => {
    const dataFile = join(folder, 'demo.json')
    writeFileSync(dataFile, '{"people":')
    const said = vi.spyOn(console, 'error').mockImplementation(() => {})
    bench = await startBench({ dataFile })
    expect(said.mock.calls[0]?.[0]).toContain('已移至')
    said.mockRestore()
    expect(readdirSync(folder).some(name => name.startsWith('demo.json.corrupt-'))).toBe(true)
    expect((await bench.ask<Office>('GET', '/office')).body.people).toHaveLength(office.people.length)
    await bench.close()
    expect(JSON.parse(readFileSync(dataFile, 'utf8')).people).toHaveLength(office.people.length)
  })
})

describe('the clock', () => {
  it('moves the bot first-hand, and with it what messages and events bear', async () => {
    bench = await startBench()
    const to = '2026-12-01T08:30:00+08:00'
    const { body } = await bench.ask<ClockAnswer>('POST', '/clock', { now: to })
    expect(bench.bot.received[0]).toMatchObject({
      path: '/clock',
      raw: JSON.stringify({ now: '2026-12-01T08:30:00.000+08:00' }),
    })
    expect(body.now).toMatch(/^2026-12-01T08:30:0\d/)
    await bench.say('李静', await bench.p2p('李静'), '早')
    const [push] = await bench.pushes('im.message.receive_v1')
    expect(Number(push?.body.header.create_time) - Date.parse(to)).toBeLessThan(5000)
    expect(Math.abs(Number(push?.headers['x-lark-request-timestamp']) * 1000 - Date.now())).toBeLessThan(5000)
    expect((await bench.ask<Office>('GET', '/office')).body.clock).toEqual({ movable: true, offset_ms: body.offset_ms })
  })

  it('stays where it was when the bot refuses', async () => {
    bench = await startBench()
    bench.bot.answer = () => ({ status: 404 })
    const refused = await bench.ask<{ error: string }>('POST', '/clock', { by_ms: 3_600_000 })
    expect(refused.status).toBe(502)
    expect(refused.body.error).toContain('机器人的时钟不能调整')
    expect((await bench.ask<Office>('GET', '/office')).body.clock.offset_ms).toBe(0)
  })

  it.each([
    ['2026-11-24T07:00:00+08:00', '2026-11-24T08:30:00+08:00'],
    ['2026-11-24T08:30:00+08:00', '2026-11-25T08:30:00+08:00'],
    ['2026-11-27T18:00:00+08:00', '2026-11-30T08:30:00+08:00'],
    ['2026-09-30T18:00:00+08:00', '2026-10-08T08:30:00+08:00'],
    ['2026-10-09T18:00:00+08:00', '2026-10-10T08:30:00+08:00'],
    ['2026-02-14T12:00:00+08:00', '2026-02-24T08:30:00+08:00'],
  ])('knows that after %s work begins at %s', (now, then) => {
    expect(nextOpening(Date.parse(now))).toBe(Date.parse(then))
  })
})

describe('the set-up script and the page', () => {
  it('says the lines once the bot is ready, one after the answer to another, and never again', async () => {
    const dataFile = join(folder, 'demo.json')
    const lines = ['/角色 @王强 督办员', '/角色 @赵敏 会务员']
    const plan = { ...office, script: { as: office.script.as, lines } }
    bench = await startBench({ dataFile, office: plan, script: true })
    await until(() => bench.bot.received.some(one => one.path === '/readyz'), 'the question whether the bot is ready')
    const pushes = await bench.pushes('im.message.receive_v1', 1)
    expect(pushes[0]?.body.event.message).toMatchObject({
      chat_type: 'p2p',
      content: JSON.stringify({ text: lines[0] }),
    })
    await bench.sendCard('刘芳', cardOf(markdown('已授权')))
    await bench.pushes('im.message.receive_v1', 2)
    await until(() => bench.sim.state.pending.size === 0, 'the acknowledgement')
    await bench.close()
    bench = await startBench({ dataFile, office: plan, script: true })
    expect(bench.sim.state.script_line).toBeNull()
    expect(bench.bot.received).toEqual([])
  })

  it('plays the script when asked, after a first line of the caller', async () => {
    const plan = { ...office, script: { as: office.script.as, lines: ['/角色 @王强 督办员'] } }
    bench = await startBench({ office: plan })
    bench.bot.answer = async ({ path }) => {
      if (path === '/feishu/events') await bench.sendCard('刘芳', cardOf(markdown('好')))
      return {}
    }
    expect((await bench.ask('POST', '/script', { first: '/初始化 123456' })).body).toEqual({ left: 1 })
    await bench.ask('POST', '/script', { first: '/初始化 123456' })
    const pushes = await bench.pushes('im.message.receive_v1', 2)
    const said = pushes.map(one => JSON.parse((one.body.event.message as { content: string }).content).text)
    expect(said).toEqual(['/初始化 123456', '/角色 @王强 督办员'])
    await until(() => bench.sim.state.pending.size === 0, 'the acknowledgement')
  })

  it('serves the built page with its fallback, never a file outside, and a hint when it is missing', async () => {
    const pageDir = join(folder, 'page')
    bench = await startBench({ pageDir })
    const get = async (path: string) => (await fetch(bench.sim.url + path)).text()
    expect(await get('/')).toContain('npm run build:page')
    writeFileSync(join(folder, 'secret.json'), 'secret')
    mkdirSync(pageDir)
    writeFileSync(join(pageDir, 'index.html'), '<p>page</p>')
    expect(await get('/')).toBe('<p>page</p>')
    expect(await get('/chat/oc_1')).toBe('<p>page</p>')
    expect((await fetch(`${bench.sim.url}/missing.js`)).status).toBe(404)
    expect(await get('/%2e%2e/secret.json')).not.toContain('secret')
    expect(existsSync(join(folder, 'secret.json'))).toBe(true)
  })
})
