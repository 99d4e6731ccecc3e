import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, kinds } from './harness/databases.ts'
import { holding } from './harness/locks.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { count, emptied, pause, rows, until } from './harness/traces.ts'

const LATER = { type: 'warning', content: '处理时间较长,请稍后查看结果' }

describe.each(kinds)('处理时间较长的按钮 on %s', kind => {
  let office: TestOffice
  const who = (name: string): TestPerson => office.person(name)
  beforeAll(async () => {
    // what is said again for a minute is not to have been given up while a test finds that it failed once
    office = await TestOffice.open({ kind, wire: 'real' })
    await who('郑洁').says('/帮助')
  }, 120_000)
  afterAll(() => office.close())

  /** One turn is held until `meanwhile` has been done by others, as one is that has to wait. */
  async function late(
    press: () => Promise<{ toast?: unknown }>,
    meanwhile: () => Promise<unknown> = async () => {},
  ): Promise<void> {
    const { turns } = office.bot.house.office
    const { run } = turns
    let go = (): void => {}
    const held = new Promise<void>(done => {
      go = done
    })
    turns.run = async (kind, turn, busy) => {
      turns.run = run
      await held
      return run(kind, turn, busy)
    }
    const pressed = press()
    try {
      await until(() => turns.run === run)
      await meanwhile()
      expect((await pressed).toast).toEqual(LATER)
    } finally {
      turns.run = run
      go()
    }
    await office.settled()
    await emptied(office)
  }

  /** A piece of work that 郑洁 has been given, and the button that accepts it. */
  async function given(title: string) {
    await who('王强').says(`/交办 @郑洁 ${title}`)
    const seen = await who('郑洁').seesCard()
    const button = seen.card.buttons.find(({ label }) => label === '签收')
    if (!button) throw new Error('no button')
    return { seen, accept: () => who('郑洁').clicks(seen.message_id, button) }
  }

  /** The last message in somebody's private chat, once it is that. */
  async function hears(name: string, words: RegExp) {
    const last = async () => (await who(name).messages()).at(-1)
    await until(async () => words.test((await last())?.words ?? ''))
    return last()
  }

  /** Once the pressed card has been drawn anew, which is the last that is done. */
  const redrawn = (before: number) => until(async () => (await redraws()) > before)
  const redraws = () => count(office.database.db, `outbox where api = 'patch'`)

  const letters = async () => (await who('郑洁').messages()).filter(({ sender }) => sender === 'bot')

  it('已有人办过的,说明由谁何时办理,引用所按的卡片', async () => {
    const { seen, accept } = await given('清点库房')
    await late(accept, () => who('王强').presses('取消'))
    const told = await hears('郑洁', /^办理结果 · 交办\s*.*王强 已取消/)
    expect(told?.parent_id).toBe(seen.message_id)
  })

  it('处理出错的,请其再按一次', async () => {
    const { seen, accept } = await given('清点桌椅')
    await rows(office.database.db, 'alter table assignments add constraint shut check (false) not valid')
    // whoever is told «later» is not told when the turn ends: the table stays shut until it has
    await late(accept)
      .then(() =>
        hears('郑洁', /^未能办理 · 交办\s*系统处理出错,未办理,请再按一次。如仍不成,请将编号 \w{8} 告知管理员。$/),
      )
      .finally(() => rows(office.database.db, 'alter table assignments drop constraint shut'))
    expect((await who('郑洁').presses('签收', { on: seen })).toast?.type).toBe('success')
  })

  it('数据库一时不可用的,恢复后照样说明', async () => {
    const { accept } = await given('清点灯具')
    await rows(office.database.db, 'alter table inbox add constraint shut check (false) not valid')
    await late(accept)
      .then(() => until(() => office.log.some(line => line.includes('apology failed'))))
      .finally(() => rows(office.database.db, 'alter table inbox drop constraint shut'))
    await hears('郑洁', /^未能办理 · 交办\s*系统处理出错,未办理,请再按一次。如仍不成,请将编号 \w{8} 告知管理员。$/)
  })

  it('在群里按的,只告诉本人', async () => {
    await who('王强').says('@回音 /交办 @郑洁 清点门窗', { to: '督查工作群' })
    const seen = await who('冯军').seesCard('督查工作群')
    const button = seen.card.buttons.find(({ label }) => label === '签收')
    if (!button) throw new Error('no button')
    const before = (await who('冯军').messages('督查工作群')).length
    await late(() => who('冯军').clicks(seen.message_id, button))
    expect((await who('冯军').messages('督查工作群')).length).toBe(before)
    await hears('冯军', /^未能办理 · 交办\s*此按钮仅限承办人使用$/)
  })

  it('只在答复里的结果,请其再按一次;填写的内容不因此清空', async () => {
    await who('郑洁').says('/提醒 明天上午10点 交值班表')
    const seen = await who('郑洁').seesCard()
    const button = seen.card.buttons.find(({ label }) => label === '修改')
    if (!button) throw new Error('no button')
    const drawn = await redraws()
    await late(() => who('郑洁').clicks(seen.message_id, button))
    await hears('郑洁', /^未能办理 · 提醒\s*处理时间较长,结果未能显示,请再按一次。$/)
    await who('郑洁').presses('修改', { on: seen })
    const form = (await who('郑洁').messages()).find(({ message_id }) => message_id === seen.message_id)
    const save = form?.card?.buttons.find(one => one.form)
    if (!form || !save) throw new Error('no form')
    await late(() => who('郑洁').clicks(form.message_id, save, { text: '交值班表', when: '昨天' }))
    await hears('郑洁', /^未能办理 · 提醒\s*\S/)
    const after = (await who('郑洁').messages()).find(({ message_id }) => message_id === seen.message_id)
    expect(after?.content).toBe(form.content)
    // drawn anew for the press that came too late, the card would take the form away
    expect(await redraws()).toBe(drawn)
  })

  it('办成的,卡片自会更新,不另说', async () => {
    const { seen, accept } = await given('清点文具')
    const before = (await letters()).length
    const drawn = await redraws()
    await late(accept)
    await redrawn(drawn)
    await emptied(office)
    expect((await letters()).length).toBe(before)
    const shown = (await letters()).find(({ message_id }) => message_id === seen.message_id)
    expect(shown?.card?.title).toBe('交办 · 办理中')
  })

  it('停用的账号,不发', async () => {
    const { accept } = await given('清点灯具')
    const before = (await letters()).length
    const drawn = await redraws()
    await late(accept, () =>
      rows(office.database.db, `update people set active = false where id = '${who('郑洁').id}'`),
    )
    await redrawn(drawn)
    expect((await letters()).length).toBe(before)
  })
})

describe.runIf(hasPostgres)('久等的按钮 on Postgres', () => {
  let office: TestOffice
  beforeAll(async () => {
    office = await TestOffice.open({ kind: 'Postgres' })
  }, 120_000)
  afterAll(() => office.close())

  it('所等的锁一时不放,再办一次,不必再按', async () => {
    const zheng = office.person('郑洁')
    await office.person('王强').says('/交办 @郑洁 清点车辆')
    const { message_id, card } = await zheng.seesCard()
    const button = card.buttons.find(({ label }) => label === '签收')
    if (!button) throw new Error('no button')
    await holding(office.database, 'select from assignments for update', async () => {
      const ended = pause(5_000)
      expect((await zheng.clicks(message_id, button)).toast).toEqual(LATER)
      await ended
    })
    await until(async () => (await zheng.seesCard()).card.title === '交办 · 办理中', 10_000)
  })
})
