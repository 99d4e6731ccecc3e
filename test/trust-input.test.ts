import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { features } from '../handlers/index.ts'
import { type Simulator, startSimulator } from '../simulator/server.ts'
import { createThrottle } from '../src/bot/throttle.ts'
import { asDepartment, asPerson, departmentSchema, userSchema } from '../src/feishu/contact.ts'
import { createDatabase, dropDatabase, kinds } from './harness/databases.ts'
import { ADMIN, KEYS, TestOffice, type TestPerson } from './harness/office.ts'
import { freePort, Program } from './harness/program.ts'
import { encrypted, envelopeOf, foreignJson, handIn, pressed, seal, signed, spoken } from './harness/signed.ts'
import { count, emptied, pause, rows, traces } from './harness/traces.ts'

const MEGABYTE = 1_048_576

/** Brackets inside brackets, more than any parser of ours may descend by recursion. */
const deep = (levels: number, open = '[', close = ']') => open.repeat(levels) + close.repeat(levels)

const content = (body: unknown) => spoken({ who: 'ou_x', chat: 'oc_x', content: body as string })
const MALFORMED: Array<[string, unknown]> = [
  ['nothing', ''],
  ['white space', ' \n '],
  ['no JSON', '{"a":'],
  ['a bare word', 'null'],
  ['a number', '1e999'],
  ['a list', '[]'],
  ['an empty object', '{}'],
  ['bytes that are no UTF-8', '\ufffd\ufffe{"x":1}'],
  ['an envelope without a header', { schema: '2.0' }],
  ['a header that is null', { schema: '2.0', header: null, event: null }],
  ['a header of numbers', { schema: '2.0', header: { event_id: 1, event_type: 2, token: 3 }, event: [] }],
  ['an event that is null', envelopeOf('im.message.receive_v1', null)],
  ['an event that is a list', envelopeOf('card.action.trigger', [1, 2, 3])],
  ['an event without a sender', envelopeOf('im.message.receive_v1', { message: {} })],
  ['content that is no text', content({ text: 'x' })],
  ['content that is no JSON', content('{"text":')],
  ['content that is a list', content('["/帮助"]')],
  ['an event type of the language', envelopeOf('__proto__', {})],
  ['an event type called constructor', envelopeOf('constructor', {})],
  ['a message type called constructor', spoken({ who: 'ou_x', chat: 'oc_x', type: 'constructor' })],
  ['a message type called __proto__', spoken({ who: 'ou_x', chat: 'oc_x', type: '__proto__' })],
  ['twenty thousand brackets', `{"schema":"2.0","header":${deep(20_000)}}`],
  ['a press without a context', envelopeOf('card.action.trigger', { operator: { open_id: 'ou_x' }, action: {} })],
]

describe('trust B15: names come in one line of what can be read, whoever gave them', () => {
  const name = ' 王\u0000\n\t强\u202e\u200b\u2028\ud83d<at> '
  it('of the directory', () => {
    const person = asPerson(userSchema.parse({ open_id: 'ou_x', name, job_title: name }))
    expect([person.name, person.title]).toEqual(['王 强 \ufffd<at>', '王 强 \ufffd<at>'])
    const unit = asDepartment(departmentSchema.parse({ open_department_id: 'od_x', name: '长'.repeat(10_000) }))
    expect(unit.name).toBe('长'.repeat(100))
  })
})

describe.each(kinds)('trust B: malformed and hostile input, on %s', kind => {
  let office: TestOffice
  let wang: TestPerson
  let chat: string
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
    wang = office.person('王强')
    chat = await wang.privateChat()
  })
  afterAll(() => office.close())

  const send = (parcel: Parameters<typeof handIn>[1], path?: string) => handIn(office.botUrl, parcel, path)
  const alive = async () => {
    await wang.says('/帮助')
    expect((await wang.sees()).words).toContain('交办')
  }

  it.each(MALFORMED)('B11 %s is answered, never 5xx, signed or not', async (_, body) => {
    const clear = typeof body === 'string' ? body : foreignJson(body)
    const parcels = [
      { body: clear, headers: { 'content-type': 'application/json' } },
      signed(clear),
      signed(foreignJson({ encrypt: clear.slice(0, 5_000) })),
      signed(foreignJson({ encrypt: encrypted('').slice(0, 24) })),
      seal(body),
      seal(clear, { signKey: 'another' }),
    ]
    for (const parcel of parcels)
      for (const path of ['/feishu/events', '/feishu/cards']) {
        const { status } = await send(parcel, path)
        expect(status).toBeLessThan(500)
      }
  })

  it('B11 after all of that a valid message is acknowledged and answered', alive)

  it.each([
    ['GET', '/feishu/events', {}],
    ['PUT', '/feishu/events', {}],
    ['DELETE', '/feishu/cards', {}],
    ['POST', '/feishu/events/../../../etc/passwd', {}],
    ['GET', '/..%2f..%2f..%2fetc/passwd', {}],
    ['GET', '//etc/passwd', {}],
    ['GET', '/package.json', {}],
    ['GET', '/.env', {}],
    ['POST', '/feishu/events', { host: 'a b' }],
    ['POST', '/feishu/events', { host: 'evil.example:99999999' }],
    ['POST', 'http://[', {}],
  ])('B14 %s %s %j is answered 4xx and shows no file', async (method, path, headers) => {
    const { status, text } = await raw(office.bot.port, lines(method, path, headers, '{}'))
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(text).not.toMatch(/root:|dependencies|SECRET/)
  })

  it.each([
    '',
    'tomorrow',
    '5',
    '2026-13-01T00:00:00+08:00',
    '2026-11-26T15:00:00',
    1_795_000_000_000,
    null,
    { toString: '' },
  ])('the clock is not moved to %j, which is no instant of every machine', async now => {
    const before = office.clock.now().getTime()
    const { status } = await fetch(`${office.botUrl}/clock`, { method: 'POST', body: JSON.stringify({ now }) })
    expect(status).toBe(400)
    expect(Math.abs(office.clock.now().getTime() - before)).toBeLessThan(60_000)
  })

  it('B14 a body with a length as well as chunks is refused, so that nothing can hide behind it', async () => {
    const smuggled = `0\r\n\r\nGET /metrics HTTP/1.1\r\nhost: x\r\n\r\n`
    const tricks: Array<Record<string, string>> = [
      { 'content-length': '5', 'transfer-encoding': 'chunked' },
      { 'transfer-encoding': 'xchunked' },
      { 'transfer-encoding': 'identity, chunked', 'content-length': '3' },
    ]
    for (const headers of tricks) {
      const { status, text } = await raw(office.bot.port, lines('POST', '/feishu/events', headers, smuggled))
      expect(status).toBe(400)
      expect(text).not.toContain('huiyin_')
    }
    await alive()
  })

  it.each([
    ['GET', '/healthz', 200],
    ['GET', '/readyz', 200],
    ['GET', '/metrics', 200],
    ['GET', '/', 404],
    ['GET', '/sim/office', 404],
    ['GET', '/feishu/events', 404],
    ['POST', '/feishu/events', 401],
    ['POST', '/clock', 400],
  ])(
    'B14 %s %s is answered %i, kept and shown by no browser, and says nothing of what answers',
    async (method, path, status) => {
      const answer = await fetch(office.botUrl + path, { method })
      expect(answer.status).toBe(status)
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      })
      for (const name of ['server', 'x-powered-by', 'via']) expect(answer.headers.get(name)).toBeNull()
      const words = await answer.text()
      expect(words).not.toMatch(/\bo[uc]_|王强|江州|hono|error:/)
      if (status === 404) expect(words).toBe('{"error":"not found"}')
    },
  )

  it('B13 whoever asks hundreds of times without reading the answers fills no memory and stops nobody', async () => {
    const before = process.memoryUsage().rss
    const idle = Array.from({ length: 20 }, () =>
      neverReading(office.bot.port, 'GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(200)),
    )
    for (let i = 0; i < 5; i++) {
      const { status, ms } = await send(seal(spoken({ who: wang.id, chat: 'oc_unknown', text: '各位早', group: true })))
      expect(status).toBe(200)
      expect(ms).toBeLessThan(5_000)
    }
    expect((process.memoryUsage().rss - before) / MEGABYTE).toBeLessThan(128)
    for (const socket of idle) socket.destroy()
    await alive()
  })

  const NUL = '\u0000'
  const HOSTILE: Array<[string, string]> = [
    ['NUL', `/交办 @郑洁 修${NUL}投影仪${NUL}`],
    ['half a surrogate pair', '/交办 @郑洁 修投影仪\ud83d'],
    ['the other half', '/交办 @郑洁 \udc00修投影仪'],
    ['turned reading direction', '/交办 @郑洁 修\u202e投影\u2066仪\u200b'],
    ['control characters', '/交办 @郑洁 修\u001b[31m投影\u0007仪\u0085'],
    ['20,000 characters', `/交办 @郑洁 ${'修投影仪'.repeat(5_000)}`],
    ['nothing but white space of many kinds', '\u2003\u00a0\u3000\u200b\ufeff'],
    ['20,000 emoji', '🧾'.repeat(20_000)],
    ['a command of NULs', `/${NUL}交${NUL}办`],
  ]

  it.each(HOSTILE)('B15 %s in a text is acknowledged and kept clean', async (_, text) => {
    expect((await send(seal(spoken({ who: wang.id, chat, text })))).status).toBe(200)
    await office.settled()
    const titles = await rows<{ title: string }>(office.database.db, 'select title from assignments')
    for (const { title } of titles) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is the point
      expect(title).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
      expect(title.isWellFormed()).toBe(true)
    }
  })

  it('B15 NUL and lone surrogates in names, file names, keys and ids are never answered 5xx', async () => {
    const bad = `x${NUL}\ud800`
    const group = 'oc_x'
    const mention = { key: '@_user_1', id: { open_id: 'ou_known' }, name: bad, mentioned_type: 'user' }
    const events = [
      spoken({ who: wang.id, chat, text: '@_user_1 /交办', mentions: [mention] }),
      spoken({
        who: wang.id,
        chat,
        text: '@_user_1 x',
        mentions: [{ ...mention, id: { open_id: `ou_${bad}` } }],
        group: true,
      }),
      spoken({ who: wang.id, chat, type: 'file', content: JSON.stringify({ file_key: bad, file_name: bad }) }),
      spoken({ who: wang.id, chat, type: 'image', content: JSON.stringify({ image_key: bad }) }),
      spoken({ who: `ou_${bad}`, chat, text: '/帮助' }),
      spoken({ who: wang.id, chat: bad, text: '/帮助' }),
      spoken({ who: wang.id, chat, text: '/帮助', message: `om_${bad}` }),
      spoken({ who: wang.id, chat, text: '/帮助', parent: bad }),
      spoken({ who: wang.id, chat, text: '/帮助' }, { event_id: bad }),
      envelopeOf('im.chat.member.bot.added_v1', { chat_id: group, operator_id: { open_id: bad }, name: bad }),
      envelopeOf('im.chat.member.user.added_v1', { chat_id: bad, users: [{ name: bad, user_id: { open_id: bad } }] }),
      envelopeOf('contact.user.updated_v3', { object: { open_id: bad, name: bad } }),
      pressed({ who: wang.id, chat, message: bad, value: { action: 'assign.accept', id: 1 } }),
      pressed({ who: bad, chat: bad, message: 'om_1', value: { action: bad } }),
    ]
    for (const event of events) {
      const { status } = await send(seal(event))
      expect(status, JSON.stringify(event)).toBeLessThan(500)
    }
    expect(office.log.filter(line => line.includes('turn failed'))).toEqual([])
    await alive()
  })

  it('B15 a file with a hostile name sent to a card is kept under a harmless name', async () => {
    await wang.says('/交办 @郑洁 写周报')
    const card = await wang.seesCard()
    const name = `../../../etc/passwd${NUL}\r\n\u202egpj.txt`
    await wang.sendsFile(name, { replyTo: card, bytes: new TextEncoder().encode('本周工作') })
    await emptied(office)
    const [note] = await rows<{ attachments: Array<{ name: string; key: string }> }>(
      office.database.db,
      'select attachments from assignment_notes order by id desc limit 1',
    )
    expect(note?.attachments[0]?.name).toBe('.._.._.._etc_passwd_gpj.txt')
  })

  const BLOCKS = [
    '1',
    ' ',
    '(',
    '"',
    '@',
    '/',
    '[',
    '周',
    '12月',
    '下周五下午3点',
    '每个工作日',
    '@王强 ',
    '初一',
    'aA1:',
    '１２：３０ ',
  ]
  const COMMANDS = ['', '/交办 ', '/交办 @郑洁 ', '/查 ', '/角色 @王强 ', '/意见 ', '/帮助 ', '/设置 ']
  const ADMINISTRATIVE = /角色/

  it('B16 no command takes long over 10,000 to 100,000 characters of anything', { timeout: 120_000 }, async () => {
    const people = [
      '刘芳',
      '张明',
      '李静',
      '赵敏',
      '孙丽',
      '周涛',
      '吴刚',
      '冯军',
      '陈晨',
      '蒋勇',
      '朱琳',
      '杨帆',
      '许诺',
      '尤佳',
    ]
    const askers = await Promise.all(
      people.map(async name => ({ who: office.idOf(name), chat: await office.person(name).privateChat() })),
    )
    const slow: string[] = []
    let turn = 0
    for (const command of COMMANDS)
      for (const block of BLOCKS) {
        const length = block === '1' ? 100_000 : 10_000
        const text = command + block.repeat(Math.ceil(length / block.length))
        // what is slow by itself is so each time; what the process happens to do besides, as collecting garbage, is not
        const ms: number[] = []
        do {
          const asker = ADMINISTRATIVE.test(command) ? askers[0] : askers[++turn % askers.length]
          const parcel = seal(spoken({ who: '', chat: '', ...asker, text }))
          const before = process.cpuUsage()
          expect((await send(parcel)).status).toBe(200)
          const { user, system } = process.cpuUsage(before)
          ms.push((user + system) / 1_000)
        } while (Math.min(...ms) > 250 && ms.length < 4)
        if (Math.min(...ms) > 250) slow.push(`${command}${block}… ${ms.map(Math.round).join(' ')} ms`)
      }
    expect(slow).toEqual([])
    await emptied(office)
  })

  it('B16 a day and very much white space behind it are heard at once', async () => {
    for (const words of ['/用车 明天8:00去区法院开会 今天', '/用车 明天8:00-明天下午']) {
      const { status, ms } = await send(seal(spoken({ who: wang.id, chat, text: `${words}${' '.repeat(3_000)}x` })))
      expect(status).toBe(200)
      expect(ms).toBeLessThan(2_000)
    }
    await emptied(office)
  })

  it('B17 tricks of JSON in a form change nothing but what the form is about', async () => {
    await wang.says('/交办')
    const form = await wang.seesCard()
    const clear = (form_value: string, value = '{"action":"assign.create","chat":""}') =>
      foreignJson(pressed({ who: wang.id, chat, message: form.message_id, value: 'VALUE', form: 'FORM' }))
        .replace('"FORM"', form_value)
        .replace('"VALUE"', value)
    const before = await traces(office)
    const [NOBODY, OUTDATED, UNKNOWN] = ['请写明交给谁办理', '卡片已过期,请以最新卡片为准', '未找到该交办事项']
    const tricks: Array<[asked: string, says: string]> = [
      [clear('{"title":1e309,"names":1,"due":true,"people":{"0":"ou_x"}}'), NOBODY],
      [clear('{"__proto__":{"title":"修","people":["ou_x"]},"constructor":{"prototype":{"active":false}}}'), NOBODY],
      [clear(`{"title":${deep(20_000)},"names":""}`), NOBODY],
      // deeper than it can be read at all
      [
        clear(`{"title":"修","names":"郑洁","x":${deep(20_000, '{"a":', '}').replace('{}', '{"a":1}')}}`),
        'unauthorised',
      ],
      [clear('{"title":"","title":"","names":"郑洁","names":"不存在"}'), '未找到“不存在”'],
      [clear('null'), 'malformed'],
      [clear('[]'), 'malformed'],
      [clear('{}', '{"action":"assign.__proto__"}'), OUTDATED],
      [clear('{}', '{"action":"__proto__.create"}'), OUTDATED],
      [clear('{}', '{"action":"assign.constructor"}'), OUTDATED],
      [clear('{}', '{"action":["assign.create"]}'), OUTDATED],
      [clear('{}', '{"action":"help.run","word":"帮助","rest":"constructor x"}'), '没有“constructor”这个命令'],
      [clear('{}', '{"action":"help.run","word":"__proto__","rest":"__proto__"}'), OUTDATED],
      [clear('{"title":"修","people":["\\u0000","\\ud800"]}'), NOBODY],
      [clear('{}', '{"action":"assign.accept","id":"1e3"}'), UNKNOWN],
      [clear('{}', '{"action":"assign.accept","id":1e309}'), UNKNOWN],
      [clear('{}', '{"action":"assign.accept","id":-1}'), UNKNOWN],
      [clear('{}', '{"action":"assign.accept","id":{"__proto__":1}}'), UNKNOWN],
    ]
    for (const [asked, says] of tricks) {
      const { status, text } = await send(seal(asked), '/feishu/cards')
      expect(status, asked.slice(-300)).toBeLessThan(500)
      expect(text).toContain(says)
      expect(text).not.toContain('"success"')
    }
    const after = await traces(office)
    for (const table of ['assignments', 'shares', 'held_roles'])
      expect({ [table]: after[table] }).toEqual({ [table]: before[table] })
    // what is right beside the trick is done, once, and as it says
    for (const asked of [
      clear('{}', '{"action":"help.run","word":"交办","rest":"toString"}'),
      clear('{"title":"修","names":"郑洁"}', '{"action":"assign.create","chat":"\\u0000"}'),
    ])
      expect((await send(seal(asked), '/feishu/cards')).text).toContain('"success"')
    expect((await traces(office)).assignments).toBe((before.assignments ?? 0) + 1)
    expect(office.log.filter(line => line.includes('turn failed'))).toEqual([])
    expect(({} as Record<string, unknown>).title).toBeUndefined()
    await alive()
  })

  it('B17 numbers where texts belong are answered with words that say what is missing', async () => {
    await wang.says('/交办')
    const form = await wang.seesCard()
    const before = await count(office.database.db, 'assignments')
    const answer = await office.send<{ toast?: { type: string; content: string } }>('POST', '/sim/raw-click', {
      as: wang.id,
      message_id: form.message_id,
      action: {
        tag: 'button',
        value: { action: 'assign.create' },
        form_value: { title: 12, names: 7, people: 'ou_1' },
      },
    })
    expect(answer.toast).toEqual({ type: 'error', content: expect.stringContaining('请写明交给谁办理') })
    expect(await count(office.database.db, 'assignments')).toBe(before)
  })
})

/** Who may use what, so that a command is read before anybody is refused. */
const HOLDERS: Array<[features: RegExp, name: string, role: string]> = [
  [/^audit$/, '曹颖', '安全审计员'],
  [/^secrecy$/, '孙丽', '保密员'],
  [/^car$/, '蒋勇', '车管员'],
  [/^(role|setup|settings|holiday|feedback)$/, '刘芳', ''],
  [/./, '李静', '办公室主任'],
]

describe('trust B16: the words of every command', () => {
  let office: TestOffice
  beforeAll(async () => {
    office = await TestOffice.open({ wire: 'hasty' })
    for (const [, name, role] of HOLDERS) if (role) await office.person('刘芳').says(`/角色 @${name} ${role}`)
  })
  afterAll(() => office.close())

  it.each(features.map(({ title, name, words, commands }) => [title, name, words[0] ?? '', commands] as const))(
    'B16 %s takes none of 10,000 to 100,000 characters long',
    { timeout: 120_000 },
    async (_, name, word, commands) => {
      const asker = office.person(HOLDERS.find(([of]) => of.test(name))?.[1] ?? '')
      const chat = await asker.privateChat()
      const slow: string[] = []
      for (const sub of Object.keys(commands))
        for (const block of ['1', ' ', '(', '"', '下周五下午3点']) {
          const text = `/${word} ${sub} ${block.repeat((block === '1' ? 100_000 : 10_000) / block.length)}`
          const ms: number[] = []
          do {
            // what one person may ask for in a minute is not what is tried here
            Object.assign(office.bot.house.office, { throttle: createThrottle() })
            const before = process.cpuUsage()
            const { status } = await handIn(office.botUrl, seal(spoken({ who: asker.id, chat, text })))
            expect(status).toBe(200)
            const { user, system } = process.cpuUsage(before)
            ms.push((user + system) / 1_000)
          } while (Math.min(...ms) > 250 && ms.length < 4)
          if (Math.min(...ms) > 250) slow.push(`${sub} ${block}… ${ms.map(Math.round).join(' ')} ms`)
        }
      expect(slow).toEqual([])
      await office.settled()
    },
  )
})

/** How much memory a process takes beyond what it had, at the most. */
async function grownMb(pid: number, work: () => Promise<void>): Promise<number> {
  const mb = (name: string) =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024
  // from now on the most it ever took is what it takes now
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  const before = mb('VmRSS')
  await work()
  return mb('VmHWM') - before
}

describe.each(kinds)('trust B: a process of its own, on %s', kind => {
  let sim: Simulator
  let program: Program
  let dir = ''
  let url = ''
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'huiyin-trust-'))
    url = kind === 'Postgres' ? await createDatabase() : ''
    sim = await startSimulator({ port: 0, host: '127.0.0.1', botUrl: 'http://127.0.0.1:1', ...KEYS })
    program = new Program(sim, await freePort(), { DATA_DIR: dir, ...(url ? { DATABASE_URL: url } : {}) })
    sim.setBotUrl(program.url)
    await program.start()
    for (let i = 0; i < 20; i++) expect((await ack()).status).toBe(200)
  }, 120_000)
  afterAll(async () => {
    program.kill('SIGKILL')
    await program.ended()
    await sim.close()
    if (url) await dropDatabase(url)
    rmSync(dir, { recursive: true, force: true })
  })

  const ack = () => handIn(program.url, seal(spoken({ who: ADMIN, chat: 'oc_unknown', text: '各位早', group: true })))

  it('B12 8 MB with a length, and chunked without one, end in 413 or a closed connection within a second, within 32 MB', async () => {
    // what the first of a kind makes a process learn is kept once
    for (const withLength of [true, false]) await oversized(program.port, withLength)
    const grown = await grownMb(program.pid, async () => {
      const all = await Promise.all(Array.from({ length: 20 }, (_, i) => oversized(program.port, i % 2 === 0)))
      for (const { status, ms } of all) {
        expect([413, 0]).toContain(status)
        expect(ms).toBeLessThan(1_000)
      }
    })
    expect(grown).toBeLessThan(32)
    expect((await ack()).status).toBe(200)
  })

  it('B13 200 half-sent requests neither slow real deliveries nor stay open', async () => {
    const half = await Promise.all(Array.from({ length: 200 }, (_, i) => halfSent(program.port, i % 2 === 0)))
    expect(half.filter(socket => socket.closed)).toEqual([])
    const started = Date.now()
    for (let i = 0; i < 20; i++) {
      const { status, ms } = await ack()
      expect(status).toBe(200)
      expect(ms).toBeLessThan(1_000)
    }
    await Promise.all(half.map(closed))
    expect(Date.now() - started).toBeLessThan(20_000)
  })
})

/** A body that is far too large: `0` when the connection was closed before an answer. */
function oversized(port: number, withLength: boolean): Promise<{ status: number; ms: number }> {
  const started = performance.now()
  return new Promise(done => {
    const end = (status: number) => done({ status, ms: performance.now() - started })
    const call = request(
      {
        port,
        host: '127.0.0.1',
        method: 'POST',
        path: '/feishu/events',
        agent: false,
        headers: withLength ? { 'content-length': 8 * MEGABYTE } : { 'transfer-encoding': 'chunked' },
      },
      answer => {
        end(answer.statusCode ?? 0)
        call.destroy()
      },
    )
    call.on('error', () => end(0))
    const block = Buffer.alloc(65_536, 0x20)
    const write = (left: number): void => {
      if (!left || call.destroyed) return void call.end()
      if (call.write(block)) setImmediate(write, left - 1)
      else call.once('drain', () => write(left - 1))
    }
    write(128)
  })
}

/** A request whose head, or whose body, never ends. */
function neverReading(port: number, asked: string): Socket {
  const socket = connect(port, '127.0.0.1', () => socket.write(asked))
  socket.on('error', () => {})
  return socket.pause()
}

function halfSent(port: number, inHead: boolean): Promise<Socket> {
  return new Promise(done => {
    const socket = connect(port, '127.0.0.1', () => {
      const head = 'POST /feishu/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n'
      socket.write(inHead ? head : `${head}content-length: 500\r\n\r\n{"encrypt":"`)
      done(socket)
    })
    socket.on('error', () => {})
    socket.resume()
  })
}

function closed(socket: Socket): Promise<void> {
  return new Promise(done => (socket.closed || socket.destroyed ? done() : socket.once('close', () => done())))
}

function lines(method: string, path: string, headers: Record<string, string>, body: string): string {
  const all = { host: '127.0.0.1', connection: 'close', 'content-type': 'application/json', ...headers }
  const known = 'content-length' in all || 'transfer-encoding' in all
  const head = Object.entries(known ? all : { ...all, 'content-length': String(body.length) })
  return `${method} ${path} HTTP/1.1\r\n${head.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`
}

/** Writes bytes as they are; answers the first status line's number and everything that came back. */
async function raw(port: number, bytes: string): Promise<{ status: number; text: string }> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', data => {
    text += data.toString()
  })
  socket.on('error', () => {})
  socket.write(bytes)
  await Promise.race([closed(socket), pause(2_000)])
  socket.destroy()
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text }
}
