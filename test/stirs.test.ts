import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kinds } from './harness/databases.ts'
import { type Seen, TestOffice, type TestPerson } from './harness/office.ts'
import { pressed, seal } from './harness/signed.ts'
import { count, until } from './harness/traces.ts'

/** Whoever presses is answered in the answer itself; what is for others, or did not arrive, has to leave without being looked for. */
describe.each(kinds)('what a press leaves behind, without anybody asking for it, on %s', kind => {
  let office: TestOffice
  const who = (name: string): TestPerson => office.person(name)
  const called: string[] = []

  beforeAll(async () => {
    office = await TestOffice.open({ kind })
    await who('刘芳').says('/角色 @孙丽 保密员')
    const house = office.bot.house.office
    for (const name of ['wake', 'sealSoon'] as const) {
      const call = house[name]
      house[name] = () => {
        called.push(name)
        call?.()
      }
    }
  }, 120_000)
  afterAll(() => office.close())

  async function clicks(name: string, label: string, seen: Seen, form?: Record<string, unknown>) {
    const button = seen.card?.buttons.find(one => one.label === label)
    if (!button) throw new Error(`no button ${label}`)
    called.length = 0
    return who(name).clicks(seen.message_id, button, form)
  }
  const cardOf = async (name: string, message: string) =>
    (await who(name).messages()).find(({ message_id }) => message_id === message)?.words ?? ''
  const unsealed = () => count(office.database.db, 'audit_unsealed')

  /** A reminder of one's own that has just been said. */
  async function reminded(text: string): Promise<Seen> {
    await who('郑洁').says(`/提醒 3分钟后 ${text}`)
    await office.moveTo(new Date(office.clock.now().getTime() + 180_000).toISOString())
    const seen = await who('郑洁').seesCard()
    expect(seen.words).toContain(text)
    return seen
  }

  it('what only its own card shows: nothing is looked for, and it is sealed', async () => {
    const seen = await reminded('交水费')
    await until(async () => (await unsealed()) === 0)
    expect((await clicks('郑洁', '完成', seen)).toast?.content).toBe('已完成')
    await until(() => called.length > 0)
    expect(called).toEqual(['sealSoon'])
    expect(await count(office.database.db, `outbox where state = 'waiting'`)).toBe(0)
    expect(await cardOf('郑洁', seen.message_id)).toContain('郑洁 已完成')
    await until(async () => (await unsealed()) === 0)
  })

  it('the cards of others are drawn anew', async () => {
    await who('王强').says('/交办 @郑洁 清点库房')
    const giver = await who('王强').seesCard()
    await clicks('郑洁', '签收', await who('郑洁').seesCard())
    await until(async () => (await cardOf('王强', giver.message_id)).includes('郑洁 已签收'))
    expect(called).toContain('wake')
  })

  it('保密员 hears of what was caught in a form', async () => {
    await who('郑洁').says('/提醒 明天上午10点 交值班表')
    await clicks('郑洁', '修改', await who('郑洁').seesCard())
    const form = await who('郑洁').seesCard()
    const save = form.card.buttons.find(({ form }) => form)
    await clicks('郑洁', save?.label ?? '', form, { text: '机密★1年', when: '明天9点' })
    await until(async () => (await who('孙丽').messages()).some(({ words }) => words.startsWith('保密告警')))
    expect(called).toContain('wake')
  })

  it('a card whose answer did not arrive is drawn anew a while later', async () => {
    const seen = await reminded('交电费')
    const button = seen.card?.buttons.find(({ label }) => label === '完成')
    const { turns } = office.bot.house.office
    const { run } = turns
    const hangsUp = new AbortController()
    turns.run = async (kind, turn, busy) => {
      turns.run = run
      hangsUp.abort()
      await new Promise(done => setTimeout(done, 200))
      return run(kind, turn, busy)
    }
    called.length = 0
    const { id } = who('郑洁')
    const message = seen.message_id
    const { body, headers } = seal(pressed({ who: id, chat: `oc_${id}`, message, value: button?.value }))
    const sent = fetch(`${office.botUrl}/feishu/cards`, { method: 'POST', body, headers, signal: hangsUp.signal })
    await expect(sent).rejects.toThrow()
    await until(() => called.length > 0)
    expect(called).toEqual(['wake'])
    await until(async () => (await cardOf('郑洁', message)).includes('郑洁 已完成'), 20_000)
  })
})
