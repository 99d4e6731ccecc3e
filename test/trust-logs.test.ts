import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { features } from '../handlers/index.ts'
import type { Cast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { openLife } from './harness/life.ts'
import { KEYS } from './harness/office.ts'
import { handIn, pressed, seal, spoken } from './harness/signed.ts'
import { rows } from './harness/traces.ts'
import { sheetOf, workbook } from './harness/workbook.ts'

/** What nobody but people would write, in whatever of it is shown, kept or refused. */
const CANARY = 'canary7f3a'
const HOSTILE = `${CANARY}\n{"level":"error","what":"forged"}\u001b[31m\r\n\u2028root`

/** One address, as people may write it: whoever follows any of them is heard, at whichever end of a redirection. */
const linksTo = (port: number): string =>
  [`127.0.0.1:${port}`, `[::ffff:127.0.0.1]:${port}`, `2130706433:${port}`, `0x7f000001:${port}`, `localhost:${port}`]
    .flatMap(host => [`http://${host}/a.png`, `http://${host}/redirect`])
    .join(' ')
const COMMANDS = new Set(features.flatMap(({ name, commands }) => Object.keys(commands).map(sub => `${name}.${sub}`)))

/** Several, so that none is beyond their measure. */
const PRESSERS = ['刘芳', '李静', '王强', '曹颖', '蒋勇', '孙丽']

/** A life in Chinese: whatever of it is people's, be it a text, a name or a place, is in Han characters. */
describe.each(kinds)('trust F59 over all features, on %s', kind => {
  let cast: Cast
  const heard: string[] = []
  const listener = createServer((request, response) => {
    heard.push(request.url ?? '')
    if (request.url === '/redirected') response.end()
    else response.writeHead(302, { location: '/redirected' }).end()
  })
  beforeAll(async () => {
    await once(listener.listen(0), 'listening')
    const links = linksTo((listener.address() as AddressInfo).port)
    cast = await openLife({ kind, wire: 'hasty' })
    const { office, wang } = cast
    const chat = await wang.privateChat()
    for (const { words, commands } of features)
      for (const sub of Object.keys(commands)) {
        const text = `/${words[0]} ${sub} ${HOSTILE} ${links}`
        await handIn(office.botUrl, seal(spoken({ who: wang.id, chat, text })))
        await office.settled()
      }
    let turn = 0
    for (const { name, actions } of features)
      for (const move of Object.keys(actions)) {
        const value = {
          action: `${name}.${move}`,
          id: CANARY,
          rev: CANARY,
          word: CANARY,
          rest: HOSTILE,
          meeting: CANARY,
        }
        const form = Object.fromEntries(
          ['title', 'word', 'words', 'names', 'plate', 'place', 'people'].map(one => [one, `${HOSTILE} ${links}`]),
        )
        const press = pressed({
          who: office.idOf(PRESSERS[turn++ % PRESSERS.length] ?? ''),
          chat,
          message: 'om_none',
          value,
          form,
        })
        await handIn(office.botUrl, seal(press), '/feishu/cards')
      }
    await wang.sendsFile(`${CANARY}.docx`, { bytes: Buffer.from(CANARY) })
    await wang.sendsFile('台账.xlsx', {
      bytes: workbook(
        sheetOf([
          ['事项名称', '牵头人', '完成时限'],
          [links, links, links],
        ]),
      ),
    })
    await office.send('POST', '/sim/messages', { as: wang.id, chat_id: chat, text: links })
    // and where something fails: the platform, and what is stored
    await office.faults({ muted: [chat] })
    await wang.says(`/交办 @郑洁 ${CANARY}`)
    await office.send('DELETE', '/sim/faults', {})
    await office.settled()
  }, 300_000)
  afterAll(async () => {
    listener.close()
    await cast.office.close()
  })

  it('F58 no address that people write, be it in numbers, of another kind or one that leads on, is ever called', async () => {
    await cast.office.settled()
    expect(heard).toEqual([])
    await fetch(`http://127.0.0.1:${(listener.address() as AddressInfo).port}/heard`)
    expect(heard).toEqual(['/heard', '/redirected'])
  })

  it('F59 a turn that breaks down is logged without what it was about', async () => {
    const { office, wang } = cast
    const house = office.bot.house.office
    const from = office.log.length
    const { find } = house.facts.features.find(({ name }) => name === 'task') ?? {}
    const task = house.facts.features.find(({ name }) => name === 'task')
    if (!task || !find) throw new Error('no tasks to be found')
    task.find = async (_, words) => {
      throw new TypeError(`cannot read ${words}`, { cause: Object.assign(new Error(words), { code: '22P02' }) })
    }
    const chat = await wang.privateChat()
    await handIn(office.botUrl, seal(spoken({ who: wang.id, chat, text: `/查 ${CANARY}王强` })))
    task.find = find
    await office.settled()
    const failed = office.log.slice(from).filter(line => line.includes('turn failed'))
    expect(failed.length).toBeGreaterThan(0)
    for (const line of failed) expect(JSON.parse(line)).toMatchObject({ error: 'TypeError', code: '22P02' })
  })

  it('F59 where the database fails, what somebody wrote is not taken for the place where it failed', async () => {
    const { office, wang } = cast
    await wang.says('/交办 @郑洁 核对名单')
    const { message_id, chat_id } = await wang.seesCard()
    const text = `第一行\n at ${CANARY} (${CANARY}.ts:1:2)\n    at ${CANARY} (${CANARY}.ts:3:4)`
    const from = office.log.length
    await rows(office.database.db, 'alter table assignment_notes add constraint shut check (false) not valid')
    await handIn(office.botUrl, seal(spoken({ who: wang.id, chat: chat_id, text, parent: message_id })))
    await rows(office.database.db, 'alter table assignment_notes drop constraint shut')
    await office.settled()
    const failed = office.log.slice(from).filter(line => line.includes('turn failed'))
    expect(failed.length).toBeGreaterThan(0)
    for (const line of failed) {
      expect(line).not.toContain(CANARY)
      expect(JSON.parse(line)).toMatchObject({ code: '23514', where: expect.stringMatching(/^at .+:\d+:\d+\)?$/) })
    }
  })

  it('F59 no text, name, secret, or line of anybody else stands in what was logged', async () => {
    const { office } = cast
    expect(new Set(office.log.map(line => (JSON.parse(line) as { act?: string }).act)).size).toBeGreaterThan(80)
    for (const line of office.log) {
      const { act = '', ...rest } = JSON.parse(line) as { act?: string }
      expect(rest).toMatchObject({ level: expect.any(String), what: expect.any(String) })
      if (/\p{Script=Han}/u.test(act)) expect(COMMANDS).toContain(act)
      expect(JSON.stringify(rest)).not.toMatch(/\p{Script=Han}/u)
      expect(line).not.toMatch(/[\p{Cc}\u2028]|canary|forged|Bearer|\bt-[\w-]{8,}|(?<!\w)1[3-9]\d{9}(?!\w)/u)
      for (const secret of [KEYS.appSecret, KEYS.encryptKey, KEYS.verificationToken]) expect(line).not.toContain(secret)
    }
  })
})
