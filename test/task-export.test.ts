import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pack } from '../src/bot/pack.ts'
import { type Cell, rowXml, sheetEnd, sheetStart, workbook } from '../src/kit/sheet.ts'
import { ledgerRow, ledgerSheet, NO_SUMS, summed, totalRow } from '../src/office/task/export.ts'
import { type Cast, giveOut, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { filesOf } from './harness/files.ts'
import type { Seen, TestPerson } from './harness/office.ts'
import { aTask, NOW, settingAt } from './harness/task.ts'
import { emptied, rows } from './harness/traces.ts'
import { readRows, unzip } from './harness/zip.ts'

const SHEET = 'xl/worksheets/sheet1.xml'
const sheetOf = (bytes: Buffer): string => unzip(bytes).get(SHEET) ?? ''

/** Under its head, by what the head says. */
function table(sheet: string): Array<Record<string, string>> {
  const [, , heads = new Map<string, string>(), ...rest] = readRows(sheet)
  return rest.map(row => Object.fromEntries([...heads].map(([column, head]) => [head, row.get(column) ?? ''])))
}

describe.each(kinds)('督办台账和导出 on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openCast({ kind })
    const { chen } = cast
    await giveOut(
      cast,
      '@陈晨 @褚燕 报送平安建设半年总结 12月7日下班前 来源:会议议定 依据:第12次会议 要求:按模板报送 加急',
      '@郑洁 =HYPERLINK("http://x","看") 12月8日下班前',
      '@陈晨 抽查档案管理 今天下班前',
      '@陈晨 专项核查 12月8日下班前 知悉范围:李静',
    )
    await chen.presses('签收', { on: await cardOf(chen, '半年总结') })
    await chen.presses('反馈进展', {
      on: await cardOf(chen, '半年总结'),
      form: { word_own: '+已收齐九个区县材料', percent: '60' },
    })
  })
  afterAll(() => cast.office.close())

  async function cardOf(person: TestPerson, title: string): Promise<Seen> {
    const found = (await person.messages()).filter(
      one => one.card?.title.startsWith('督办 · ') && one.words.includes(title),
    )
    const last = found.at(-1)
    if (!last) throw new Error(`${person.name} has no card of ${title}`)
    return last
  }

  async function latest(person: TestPerson) {
    const file = (await filesOf(cast.office, person)).at(-1)
    if (!file) throw new Error(`${person.name} has no file`)
    return file
  }

  const exports = () =>
    rows<{ who: string; data: Record<string, unknown> }>(
      cast.office.database.db,
      `select who, data from events where act = 'export' order by id`,
    )

  it('台账导出为表格发到私聊,内容、合计、导出人和时间俱全,并留痕', async () => {
    const { wang } = cast
    await wang.says('/督办 导出')
    expect((await wang.messages()).map(one => one.words)).toContain('正在生成督办台账(4项),完成后发送到私聊')
    const { name, bytes } = await latest(wang)
    expect(name).toBe('督办台账_20261124-0900.xlsx')
    const sheet = sheetOf(bytes)
    const [title, says] = readRows(sheet)
    expect(title?.get('A')).toBe('督办台账')
    expect(says?.get('A')).toContain('范围:全部;共4项;截至2026年11月24日(星期二)09:00。导出人:王强')
    const found = table(sheet)
    expect(found.map(row => row.事项名称)).toEqual([
      '专项核查',
      '抽查档案管理',
      '=HYPERLINK("http://x","看")',
      '报送平安建设半年总结',
      '',
    ])
    expect(found[3]).toMatchObject({
      序号: '4',
      编号: '督〔2026〕1号',
      来源: '会议议定',
      来源依据: '第12次会议',
      '事项内容(任务要求)': '按模板报送',
      交办领导: '李静',
      交办日期: '2026-11-24',
      牵头单位: '综治科',
      责任人: '陈晨',
      责任领导: '冯军',
      协办单位: '综治科',
      紧急程度: '加急',
      状态: '办理中',
      预警灯: '绿',
      最新进展: '+已收齐九个区县材料',
      '进度%': '60',
      签收人: '陈晨',
      催办次数: '0',
    })
    // 2026-12-07 17:30 in Shanghai, as a spreadsheet counts days
    expect(Number(found[3]?.['完成时限(原始)'])).toBeCloseTo(46363 + 17.5 / 24, 6)
    expect(found.at(-1)).toMatchObject({
      序号: '合计',
      编号: '4项',
      状态: '已办结0项',
      预警灯: '逾期0项',
      催办次数: '0',
    })
    expect((await exports()).at(-1)).toMatchObject({ who: wang.id, data: { count: 4, state: '' } })
  })

  it('像机关打印的样子:A4横向、表头冻结并每页重复、页脚写明谁何时导出', async () => {
    const files = unzip((await latest(cast.wang)).bytes)
    const sheet = files.get(SHEET) ?? ''
    expect(sheet).toContain('<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>')
    expect(sheet).toMatch(/<pane xSplit="2" ySplit="3" topLeftCell="C4" [^>]*state="frozen"\/>/)
    expect(sheet).toContain(
      '<oddFooter>&amp;L王强 2026年11月24日(星期二)09:00导出 仅供内部工作使用&amp;R第 &amp;P 页,共 &amp;N 页</oddFooter>',
    )
    const book = files.get('xl/workbook.xml') ?? ''
    expect(book).toContain(`'督办台账'!$A:$P</definedName>`)
    expect(book).toContain(`'督办台账'!$3:$3</definedName>`)
  })

  it('以 = + - @ 开头的内容是文字,没有公式', async () => {
    const sheet = sheetOf((await latest(cast.wang)).bytes)
    expect(sheet).not.toMatch(/<f[ >/]/)
    expect(sheet).toMatch(/s="5" t="inlineStr"><is><t xml:space="preserve">=HYPERLINK\(&quot;/)
    expect(sheet).toMatch(/s="5" t="inlineStr"><is><t xml:space="preserve">\+已收齐/)
  })

  it('只导出本人能看到的;知悉范围以外的人看不到该事项', async () => {
    const { feng } = cast
    await feng.says('/督办 导出')
    const names = table(sheetOf((await latest(feng)).bytes)).map(row => row.事项名称)
    expect(names).toEqual(['抽查档案管理', '报送平安建设半年总结', ''])
  })

  it('科室负责人以下不能导出;管理员也不能', async () => {
    for (const name of ['陈晨', '褚燕', '刘芳']) {
      const person = cast.office.person(name)
      await person.says('/督办 导出')
      expect((await person.sees()).words, name).toContain('导出台账仅限科室负责人及以上人员和督办员使用')
      expect(await filesOf(cast.office, person)).toEqual([])
    }
    await cast.wang.says('/督办 导出 去年')
    expect((await cast.wang.sees()).words).toContain('未能识别月份“去年”')
    await cast.wang.says('/督办 导出 2025-01')
    expect((await cast.wang.sees()).words).toContain('没有符合条件的督办事项')
  })

  it('等待发送期间失去导出权限的,文件里没有事项', async () => {
    const { office } = cast.office.bot.house
    const task = office.features.find(one => one.name === 'task')
    const look = { db: office.db, now: office.clock.now(), office: office.facts }
    const parts = await task?.print?.(look, { by: cast.chen.id })
    const found = table(sheetOf(Buffer.from(await pack(Array.isArray(parts) ? parts : []))))
    expect(found.map(row => row.序号)).toEqual(['合计'])
  })

  it('台账卡片按预警灯、单位、月份筛选,导出所筛选的', async () => {
    const { wang } = cast
    await wang.says('/督办 台账')
    const page = await wang.seesCard()
    const choice = (name: string) => page.card.inputs.find(input => input.name === name)?.options.map(one => one.label)
    expect(choice('light')).toEqual(['全部预警灯', '灰灯', '红灯', '黄灯', '绿灯'])
    expect(choice('month')?.slice(0, 3)).toEqual(['全部月份', '2026年11月', '2026年10月'])
    const form = { state: 'all', light: 'yellow', unit: 'all', source: 'all', month: '2026-11' }
    await wang.presses('筛选', { on: page, form })
    const shown = (await wang.messages()).find(one => one.message_id === page.message_id)
    expect(shown?.card?.title).toBe('督办台账 · 1项')
    expect(shown?.card?.text).toContain('抽查档案管理')
    const answer = await wang.presses('导出', { on: shown as Seen, form })
    expect(answer.toast?.content).toBe('正在生成督办台账(1项),完成后发送到私聊')
    const sheet = sheetOf((await latest(wang)).bytes)
    expect(table(sheet).map(row => row.事项名称)).toEqual(['抽查档案管理', ''])
    expect(readRows(sheet)[1]?.get('A')).toContain('范围:黄灯、2026年11月交办')
    await wang.presses('筛选', { on: page, form: { ...form, light: 'red' } })
    const none = (await wang.messages()).find(one => one.message_id === page.message_id)
    expect(none?.card?.text).toContain('没有符合条件的督办事项')
    const refused = await wang.presses('导出', { on: none as Seen, form: { ...form, light: 'red' } })
    expect(refused.toast?.content).toBe('没有符合条件的督办事项')
  })

  it('统计附按单位、按月的图,数字与文字一致,不涉及个人', async () => {
    const { wang } = cast
    await wang.says('/督办 统计')
    const seen = await wang.seesCard()
    const { body } = JSON.parse(seen.content) as { body: { elements: Array<Record<string, unknown>> } }
    const specs = body.elements
      .filter(one => one.tag === 'chart')
      .map(one => one.chart_spec as { title: { text: string }; data: [{ values: unknown[] }] })
    expect(specs.map(spec => spec.title.text)).toEqual(['按单位', '按月'])
    const [byUnit = [], byMonth = []] = specs.map(spec => spec.data[0].values)
    expect(byUnit).toContainEqual({ group: '综治科', name: '应办', value: 3 })
    expect(byUnit).toContainEqual({ group: '督查科', name: '应办', value: 1 })
    expect(byMonth).toHaveLength(12)
    expect(byMonth.slice(-2)).toEqual([
      { group: '11月', name: '交办', value: 4 },
      { group: '11月', name: '办结', value: 0 },
    ])
    expect(seen.card.text).toContain('应办4项,已办结0项')
    expect(seen.card.text).toContain('按时办结率 —(0/0)')
    for (const name of ['陈晨', '郑洁']) expect(seen.content).not.toContain(name)
    await wang.says('/督办 统计 本年')
    expect((await wang.seesCard()).content.match(/"group":"\d+月"/g)).toHaveLength(22)
  })

  it('飞书出错或答复丢失后重做,文件只到一份', async () => {
    const { wang, office } = cast
    const before = (await filesOf(office, wang)).length
    await office.faults({ api_broken_json: { next: 4 }, api_html_502: { next: 2 } })
    await wang.says('/督办 导出')
    await emptied(office)
    const files = await filesOf(office, wang)
    expect(files).toHaveLength(before + 1)
    expect(table(sheetOf(files.at(-1)?.bytes as Buffer))).toHaveLength(5)
  })

  it('送不到时告知本人', async () => {
    const { wang, office } = cast
    await office.faults({ missing_scopes: ['im:resource', 'im:resource:upload'] })
    await wang.says('/督办 导出')
    await office.faults({ missing_scopes: [] })
    await emptied(office)
    expect((await wang.messages()).at(-1)?.words).toMatch(
      /^未能送达文件“督办台账_20261124-0900\.xlsx”,原因:.*请稍后重试。$/,
    )
  })
})

describe('一万行', () => {
  it('分段生成,其间别人照常得到答复', async () => {
    const setting = settingAt()
    const tasks = Array.from({ length: 10_000 }, (_, i) => aTask('underway', { id: i, title: `第${i}件 <&"> _x0041_` }))
    const sheet = ledgerSheet(tasks.length, '全部', '王强', NOW)
    let turns = 0
    const others = setInterval(() => turns++, 0)
    async function* text(): AsyncIterable<string> {
      yield sheetStart(sheet)
      for (let at = 0; at < tasks.length; at += 200)
        yield tasks
          .slice(at, at + 200)
          .map((task, i) => rowXml(sheet, at + i + 1, ledgerRow(task, setting, at + i + 1)))
          .join('')
      yield sheetEnd(sheet, tasks.length, totalRow(summed(NO_SUMS, tasks, NOW)))
    }
    const bytes = Buffer.from(await pack(workbook([{ sheet, text: text() }])))
    clearInterval(others)
    const found = table(sheetOf(bytes))
    expect(found).toHaveLength(10_001)
    expect(found[9_999]?.事项名称).toBe('第9999件 <&"> _x005F_x0041_')
    expect(found[10_000]?.编号).toBe('10000项')
    expect(bytes.length).toBeLessThan(30 * 1024 * 1024)
    expect(turns).toBeGreaterThanOrEqual(50)
  })

  it('文字里的控制字符和孤立代理项不会弄坏文件', () => {
    const cells: Cell[] = ['a\u0000b\u000bc', '\ud800x', '\t=1', undefined, 3.5, '']
    expect(rowXml({ columns: [], printed: 0 }, 1, cells)).toBe(
      '<row r="4" ht="18" customHeight="1"><c r="A4" s="4" t="inlineStr"><is><t xml:space="preserve">abc</t></is></c>' +
        '<c r="B4" s="4" t="inlineStr"><is><t xml:space="preserve">\ufffdx</t></is></c>' +
        '<c r="C4" s="5" t="inlineStr"><is><t xml:space="preserve">\t=1</t></is></c>' +
        '<c r="D4" s="4"/><c r="E4" s="6"><v>3.5</v></c><c r="F4" s="4"/></row>',
    )
  })
})
