import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kinds } from './harness/databases.ts'
import { on, openFleet } from './harness/fleet.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { multiply, rows } from './harness/traces.ts'
import { ways } from './harness/ways.ts'

describe.each(ways)('待办 on %s', (_, way) => {
  let office: TestOffice
  let wang: TestPerson
  let li: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open(way)
    wang = office.person('王强')
    li = office.person('李静')
  })
  afterAll(() => office.close())

  it('没有待办时如实说', async () => {
    await li.says('/待办')
    expect((await li.seesCard()).card).toMatchObject({ title: '待办', colour: 'green', text: '目前没有待办事项。' })
  })

  it('按紧急程度排列,在列表里就能办', async () => {
    await wang.says('/交办 李静 12月7日前写年终总结')
    await wang.says('/交办 李静 今天下午5点前送文件')
    await wang.says('/交办 李静 整理书柜')
    await li.says('/待办')
    const list = await li.seesCard()
    expect(list.card.title).toBe('待办 · 3项')
    const order = ['送文件', '写年终总结', '整理书柜'].map(title => list.card.text.indexOf(title))
    expect(order).toEqual([...order].sort((a, b) => a - b))
    await li.presses('完成', { on: list })
    const after = (await li.messages()).find(message => message.message_id === list.message_id)
    expect(after?.card?.title).toBe('待办 · 2项')
    expect(after?.words).not.toContain('送文件')
  })

  it('等我确认的也是我的待办,查看得到整张卡片', async () => {
    await wang.says('/待办')
    expect((await wang.seesCard()).card.text).toContain('待确认 送文件')
    expect((await wang.presses('查看')).toast?.content).toBe('已发送到私聊')
    expect((await wang.seesCard()).card.title).toBe('交办 · 待确认')
  })

  it('已由他人办理的,按下时得知由谁何时办理,列表随即更新;今日也一样', async () => {
    const zheng = office.person('郑洁')
    await wang.says('/交办 郑洁 今天下午5点前取回文件')
    await zheng.says('/待办')
    const list = await zheng.seesCard()
    await zheng.says('/今日')
    const today = await zheng.seesCard()
    await wang.says('/交办 列表')
    await wang.presses('查看')
    await wang.presses('取消')
    for (const card of [list, today]) {
      expect(card.words).toContain('取回文件')
      expect((await zheng.presses('签收', { on: card })).toast).toEqual({
        type: 'info',
        content: expect.stringMatching(/^王强 已取消 · 11月24日\(周二\)09:\d\d/),
      })
      const after = (await zheng.messages()).find(message => message.message_id === card.message_id)
      expect(after?.words).not.toContain('取回文件')
      expect(after?.card?.buttons).toEqual([])
    }
  })

  it('超过十项时说明还有几项', async () => {
    for (let i = 1; i <= 11; i++) await wang.says(`/交办 李静 杂事${i}`)
    await li.says('/待办')
    const { card } = await li.seesCard()
    expect(card.title).toBe('待办 · 13项')
    expect(card.text).toContain('另有3项')
  })
})

describe.each(kinds)('很多待办 on %s', kind => {
  let office: TestOffice
  let wang: TestPerson
  let li: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
    wang = office.person('王强')
    li = office.person('李静')
  })
  afterAll(() => office.close())

  it('多于所读的:写明还有,最急的在前,翻页后办理仍在那一页', async () => {
    await wang.says('/交办 李静 12月7日前整理书柜')
    const { db } = office.database
    const made = await multiply(db, 'assignments', 520, { due_at: "due_at + n * interval '1 minute'" })
    await rows(
      db,
      `insert into shares (assignment, assignee, place, state, rev, word, result, moved_by, moved_at)
       select a.id, assignee, place, state, s.rev, word, result, moved_by, moved_at from assignments a, shares s
       where a.id between ${Math.min(...made)} and ${Math.max(...made)} and s.assignment = ${Math.min(...made) - 1}`,
    )
    await wang.says('/交办 李静 今天下午5点前送急件')
    await li.says('/待办')
    const first = await li.seesCard()
    expect(first.card.title).toBe('待办 · 500项以上')
    expect(first.card.text.indexOf('送急件')).toBeGreaterThan(-1)
    expect(first.card.text.indexOf('送急件')).toBeLessThan(first.card.text.indexOf('整理书柜'))
    expect(first.card.text).toContain('另有490项以上,请按“下一页”查看')
    await li.presses('下一页', { on: first })
    const again = async () => (await li.messages()).find(one => one.message_id === first.message_id)
    const second = await again()
    expect(second?.words).toContain('第2页,共50页')
    expect(second?.words).not.toContain('送急件')
    await li.presses('签收', { on: second as NonNullable<typeof second> })
    expect((await again())?.words).toContain('第2页,共50页')
    expect((await wang.forges('下一页', second as NonNullable<typeof second>)).toast?.content).toContain(
      '这是他人的待办',
    )
    expect((await again())?.words).toContain('第2页,共50页')
  })

  it('早报写明还有,到哪里看', async () => {
    await office.moveTo('2026-11-25T08:30:00+08:00')
    const { card } = await li.seesCard()
    expect(card.title).toContain('工作早报')
    expect(card.text).toMatch(/交办待签收 \d+项以上/)
    expect(card.text).toMatch(/另有\d+项以上,请发送 \/待办 查看/)
  })

  it('提醒再多,最早到时的不被挤掉', async () => {
    const he = office.person('何平')
    await he.says('/提醒 11月25日9点 交材料')
    await office.moveTo('2026-11-25T09:00:00+08:00')
    const { db } = office.database
    const numbers = await multiply(db, 'reminders', 130, { number: 'number + n' })
    const first = Math.min(...numbers)
    await multiply(db, 'occurrences', 130, {
      reminder: `${first} - 1 + n`,
      due_at: "due_at - n * interval '1 minute'",
    })
    await rows(db, `update reminders set text = '最早的' where id = ${Math.max(...numbers)}`)
    await he.says('/待办')
    const { card } = await he.seesCard()
    expect(card.title).toBe('待办 · 131项')
    expect(card.text.indexOf('最早的')).toBeLessThan(card.text.indexOf('交材料'))
    expect(card.text).toContain('最早的')
    expect(card.text).toContain('另有121项,请按“下一页”查看')
  })
})

describe.each(kinds)('很多用车 on %s', kind => {
  it('待派的再多,调度员的待办和早报也都数到,先出发的在前', async () => {
    const cast = await openFleet({ kind })
    const { office, jiang, wang } = cast
    await cast.trip(wang, { startsAt: on('14:00'), endsAt: on('16:00'), destination: '东湖区' })
    await multiply(office.database.db, 'trips', 130, {
      number_seq: 'number_seq + n',
      starts_at: "starts_at - n * interval '1 minute'",
    })
    await rows(office.database.db, `update trips set destination = '最早的' where id = (select max(id) from trips)`)
    await jiang.says('/待办')
    const { card } = await jiang.seesCard()
    expect(card.title).toBe('待办 · 131项')
    expect(card.text.indexOf('最早的')).toBeGreaterThan(-1)
    expect(card.text).toContain('另有121项,请按“下一页”查看')
    // a house that begins today has had its morning
    await office.moveTo('2026-11-24T17:00:00+08:00')
    await office.moveTo('2026-11-25T08:30:00+08:00')
    const morning = (await jiang.messages()).find(one => one.card?.title.startsWith('工作早报'))
    expect(morning?.words).toContain('待派车 131项')
    expect(morning?.words).toContain('另有121项,请发送 /待办 查看')
    await office.close()
  })
})
