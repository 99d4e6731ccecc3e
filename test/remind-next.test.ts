import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { remind } from '../handlers/remind.ts'
import { kinds } from './harness/databases.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { rows } from './harness/traces.ts'

/** What each card by which somebody was reminded says of the next time, the oldest card first. */
async function nexts(person: TestPerson, words: string, group?: string): Promise<Array<string | undefined>> {
  const told = (await person.messages(group)).filter(({ card }) => card?.text.startsWith(words) && !isSettings(card))
  return told.map(({ card }) => /下次 (\S+)/.exec(card?.text ?? '')?.[1])
}

const isSettings = ({ text }: { text: string }): boolean => text.includes('编号')

describe.each(kinds)('下次 on %s', kind => {
  let office: TestOffice
  let wang: TestPerson
  let li: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
    wang = office.person('王强')
    li = office.person('李静')
  })
  afterAll(() => office.close())

  const moveTo = async (now: string) => {
    await office.moveTo(`${now}:00+08:00`)
    await office.settled()
  }
  const made = async (words: string, to?: string) => {
    await wang.says(`${to ? '@回音 ' : ''}/提醒 ${words}`, to ? { to } : {})
    return /编号 (\d+)/.exec((await wang.seesCard(to)).card.text)?.[1] ?? ''
  }

  it('每张提醒写明它之后的一次:后面的发出后不变,办理旧的也不变', async () => {
    await made('@李静 每个工作日9:20 交周报')
    await moveTo('2026-11-25T09:20')
    const first = await li.seesCard()
    await moveTo('2026-11-27T09:20')
    const shown = ['11月26日(周四)09:20', '11月27日(周五)09:20', '11月30日(周一)09:20']
    expect((await nexts(li, '交周报')).slice(-3)).toEqual(shown)
    await li.presses('完成', { on: first })
    expect((await nexts(li, '交周报')).slice(-3)).toEqual(shown)
  })

  it('不再看得到提醒的,其卡片也不再写明内容;提醒过的本人仍看得到', async () => {
    const { office: facts, db } = { office: office.bot.house.office.facts, db: office.database.db }
    const [last] = await rows<{ id: string }>(db, 'select max(id) as id from occurrences')
    const shown = async (person: TestPerson) =>
      JSON.stringify(
        await remind.draw?.({ db, now: office.clock.now(), office: facts }, `o${last?.id}`, {
          kind: 'person',
          id: person.id,
        }),
      )
    expect(await shown(li)).toContain('交周报')
    expect(await shown(office.person('郑洁'))).toContain('您无权查看')
    expect(await shown(office.person('郑洁'))).not.toContain('交周报')
  })

  it('改时间、暂停、恢复、取消:最近一次的卡片跟着更新,以前的不变', async () => {
    const number = await made('@李静 每天10点 巡查')
    await moveTo('2026-12-01T10:00')
    const before = (await nexts(li, '巡查')).slice(0, -1)
    const last = async (act: string) => {
      await wang.says(`/提醒 ${act}`)
      await office.settled()
      const shown = await nexts(li, '巡查')
      expect(shown.slice(0, -1)).toEqual(before)
      return shown.at(-1)
    }
    expect(await nexts(li, '巡查')).toEqual([...before, '12月2日(周三)10:00'])
    expect(await last(`修改 ${number} 每天11点`)).toBe('12月1日(周二)11:00')
    expect(await last(`暂停 ${number}`)).toBeUndefined()
    expect(await last(`恢复 ${number}`)).toBe('12月1日(周二)11:00')
    expect(await last(`取消 ${number}`)).toBeUndefined()
  })

  it('不再提醒、拒收之后:不再写下次,其他人照旧', async () => {
    const zheng = office.person('郑洁')
    await made('@李静 @郑洁 每天14:00 锁门')
    await moveTo('2026-12-02T14:00')
    await li.presses('不再提醒')
    expect(await nexts(li, '锁门')).toContain(undefined)
    expect((await nexts(zheng, '锁门')).at(-1)).toBe('12月3日(周四)14:00')
    await zheng.says('/提醒 拒收 @王强')
    await office.settled()
    expect((await nexts(zheng, '锁门')).at(-1)).toBeUndefined()
    await zheng.says('/提醒 接收 @王强')
    await office.settled()
    expect((await nexts(zheng, '锁门')).at(-1)).toBe('12月3日(周四)14:00')
  })

  it('群提醒停止后:群里最近一次的卡片不再写下次', async () => {
    const group = '督查工作群'
    await made('每天15:00 交值班表', group)
    await moveTo('2026-12-03T15:00')
    const first = await wang.seesCard(group)
    await moveTo('2026-12-04T15:00')
    await wang.presses('不再提醒', { on: first })
    const shown = await nexts(wang, '交值班表', group)
    expect(shown.at(-1)).toBeUndefined()
    expect(shown).toContain('12月4日(周五)15:00')
  })
})
