import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fleetIn, tableOf } from './harness/cars.ts'
import { kinds } from './harness/databases.ts'
import { type Seen, TestOffice, type TestPerson } from './harness/office.ts'

interface Chart {
  title: { text: string }
  data: [{ values: Array<{ line: string; word: string; from: number; to: number }> }]
  axes: Array<{ domain?: string[]; min?: number; max?: number; layers?: Array<{ timeFormat: string }> }>
  color: { domain: string[]; range: string[] }
}

function chartOf(seen: Seen): Chart {
  const { body } = JSON.parse(seen.content) as { body: { elements: Array<Record<string, unknown>> } }
  const found = body.elements.find(one => one.tag === 'chart')
  if (!found) throw new Error('there is no picture')
  return found.chart_spec as Chart
}

/** What the client, which reads it as UTC, shows of an instant. */
const shown = (at: number) => new Date(at).toISOString().slice(0, 16)

describe.each(kinds)('用车看板 on %s', kind => {
  let office: TestOffice
  let cd: TestPerson
  let bz: TestPerson
  let driver: TestPerson
  let clerk: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
    await office.inStep()
    for (const line of ['@李静 办公室主任', '@蒋勇 车管员', '@陈刚 驾驶员'])
      await office.person('刘芳').says(`/角色 ${line}`)
    ;[cd, bz, driver, clerk] = ['蒋勇', '李静', '陈刚', '陈晨'].map(name => office.person(name)) as [
      TestPerson,
      TestPerson,
      TestPerson,
      TestPerson,
    ]
    await furnish()
  })
  afterAll(() => office.close())

  // the office's clock stands at nine on Tuesday, 24 November
  async function furnish() {
    const cars = fleetIn(office.database.db)
    const one = await cars.vehicle('江A10001')
    const two = await cars.vehicle('江A20002')
    const three = await cars.vehicle('江A30003', { category: 'emergency' })
    await cars.vehicle('江A40004', { state: 'repair' })
    await cars.vehicle('江A50005', { state: 'retired' })
    const day = (on: string, from: string, to: string): [string, string] => [
      `2026-11-${on}T${from}`,
      `2026-11-${on}T${to}`,
    ]
    const away = day('24', '07:30', '08:40')
    const back = await cars.run(one, away, { km: [10, 60], pilot: driver.id })
    await cars.trip(1, away, { run: back })
    const planned = await cars.run(one, day('24', '14:00', '16:00'), { pilot: driver.id })
    await cars.trip(2, day('24', '14:00', '16:00'), { run: planned, destination: '区检察院', state: 'dispatched' })
    await cars.trip(6, day('24', '14:00', '16:00'), { run: planned, destination: '未到之处', state: 'missed' })
    const out = await cars.run(two, day('24', '06:00', '08:30'), { state: 'out', lateToldAt: office.clock.now() })
    await cars.trip(3, day('24', '06:00', '08:30'), {
      ...{ run: out, ground: 'duty', purpose: '抓捕', destination: '某小区', phone: '13812345678', state: 'underway' },
    })
    const long: [string, string] = ['2026-11-25T08:00', '2026-11-27T18:00']
    const trip = await cars.run(three, long)
    await cars.trip(4, long, { run: trip, destination: '省城', state: 'dispatched' })
    const void_ = await cars.run(three, day('24', '10:00', '11:00'), { state: 'void' })
    await cars.trip(5, day('24', '10:00', '11:00'), { state: 'approved', run: void_, destination: '作废的去处' })
  }

  const again = async (person: TestPerson, card: Seen): Promise<Seen> => {
    const found = (await person.messages()).find(one => one.message_id === card.message_id)
    if (!found) throw new Error('the card is gone')
    return found
  }

  it('今日:车辆×时段的表和图,颜色即状态,超时的标红,维修的标灰', async () => {
    await bz.says('/用车 看板')
    const seen = await bz.seesCard()
    expect(seen.card.title).toBe('用车看板 · 11月24日(周二)')
    expect(seen.card.text).toContain('共4辆,此刻在用、维修或封存2辆,其余2辆,超时未归1辆,待派车申请1件。')
    expect(tableOf(seen)).toEqual([
      ['车辆', '上午', '下午', '晚间'],
      ['江A30003', '—', '—', '—'],
      ['江A10001', '07:30-08:40 区法院', '14:00-16:00 区检察院', '—'],
      ['江A20002', '06:00起 执行任务', '—', '—'],
      ['江A40004(维修)', '—', '—', '—'],
    ])
    const chart = chartOf(seen)
    expect(chart.axes[0]?.domain).toEqual(['江A30003', '江A10001', '江A20002', '江A40004'])
    const spans = chart.data[0].values.map(({ line, word, from, to }) => [line, word, shown(from), shown(to)])
    expect(spans).toEqual([
      ['江A10001', '已回场', '2026-11-24T07:30', '2026-11-24T08:40'],
      ['江A10001', '待出车', '2026-11-24T14:00', '2026-11-24T16:00'],
      ['江A20002', '超时未归', '2026-11-24T06:00', '2026-11-24T09:00'],
      ['江A40004', '维修', '2026-11-24T09:00', '2026-11-24T21:00'],
    ])
    const colour = Object.fromEntries(chart.color.domain.map((word, i) => [word, chart.color.range[i]]))
    expect(colour).toEqual({ 已回场: '#1fa18f', 待出车: '#3370ff', 超时未归: '#e22e28', 维修: '#a6aab2' })
    expect([shown(chart.axes[1]?.min ?? 0), shown(chart.axes[1]?.max ?? 0)]).toEqual([
      '2026-11-24T06:00',
      '2026-11-24T21:00',
    ])
    expect(chart.axes[1]?.layers?.[0]?.timeFormat).toBe('%H:%M')
    for (const hidden of ['抓捕', '某小区', '13812345678', '作废的去处', '江A50005'])
      expect(seen.content).not.toContain(hidden)
  })

  it('本周、上一周、下一周、今日、按类别筛选', async () => {
    await cd.says('/用车 看板')
    const page = await cd.seesCard()
    await cd.presses('本周', { on: page })
    const week = await again(cd, page)
    expect(week.card?.title).toBe('用车看板 · 11月23日(周一)至11月29日(周日)')
    expect(week.card?.buttons.map(one => one.label)).not.toContain('本周')
    const [heads, ...lines] = tableOf(week)
    expect(heads).toEqual([
      '车辆',
      ...['一', '二', '三', '四', '五', '六', '日'].map((day, i) => `周${day} ${23 + i}日`),
    ])
    expect(lines[0]).toEqual(['江A30003', '—', '—', '08:00起 省城', '全程 省城', '至18:00 省城', '—', '—'])
    expect(chartOf(week).axes[1]?.layers?.[0]?.timeFormat).toBe('%d日')
    await cd.presses('上一周', { on: week })
    const before = await again(cd, page)
    expect(before.card?.title).toBe('用车看板 · 11月16日(周一)至11月22日(周日)')
    expect(before.content).not.toContain('"chart"')
    await cd.presses('今日', { on: before })
    const today = await again(cd, page)
    await cd.presses('筛选', { on: today, form: { category: 'emergency' } })
    const chosen = await again(cd, page)
    expect(
      tableOf(chosen)
        .slice(1)
        .map(([plate]) => plate),
    ).toEqual(['江A30003'])
    await cd.presses('后一日', { on: chosen })
    const next = await again(cd, page)
    expect(next.card?.title).toBe('用车看板 · 11月25日(周三)')
    expect(tableOf(next)[1]).toEqual(['江A30003', '08:00起 省城', '全程 省城', '全程 省城'])
  })

  it('驾驶员只看本人出的车;其他人只看各类空闲车辆数,也按不动看板的按钮', async () => {
    await driver.says('/用车 看板')
    const own = await driver.seesCard()
    expect(
      tableOf(own)
        .slice(1)
        .map(([plate]) => plate),
    ).toEqual(['江A10001'])
    expect(own.card.text).not.toContain('待派车')
    await clerk.says('/用车 看板')
    const free = await clerk.seesCard()
    expect(free.card.title).toBe('用车 · 空闲车辆')
    expect(tableOf(free)).toEqual([
      ['类别', '可用', '此刻空闲', '今日空闲'],
      ['应急保障用车', '1', '1', '1'],
      ['其他公务用车', '2', '1', '0'],
    ])
    expect(free.content).not.toContain('江A')
    await bz.says('/用车 看板')
    const page = await bz.seesCard()
    expect((await clerk.forges('本周', page)).toast?.content).toContain('用车看板仅限')
  })

  it('群里由有权的人发出,不含电话和办案去向;无权的人只在私聊得到空闲数', async () => {
    await bz.says('@回音 /用车 看板', { to: '督查工作群' })
    const seen = await bz.seesCard('督查工作群')
    expect(seen.card.title).toContain('用车看板')
    for (const hidden of [/某小区/, /抓捕/, /(?<!\d)138/]) expect(seen.content).not.toMatch(hidden)
  })

  it('改过的按钮值读作今日,不出错', async () => {
    await bz.says('/用车 看板')
    const page = await bz.seesCard()
    const button = page.card.buttons.find(one => one.label === '本周')
    if (!button) throw new Error('no button')
    const value = { ...button.value, day: '2026-02-30', span: 'year', page: -3, category: '__proto__' }
    await bz.clicks(page.message_id, { ...button, value })
    await office.settled()
    expect((await again(bz, page)).card?.title).toBe('用车看板 · 11月24日(周二)')
  })
})
