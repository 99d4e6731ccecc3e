import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { numberedLines } from '../src/kit/lines.ts'
import { dayInWords } from '../src/kit/table.ts'
import { readTable } from '../src/office/task/lines.ts'
import { type Cast, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import type { Seen } from './harness/office.ts'
import { count, rows } from './harness/traces.ts'
import { sheetOf, workbook } from './harness/workbook.ts'

describe('分行编号', () => {
  const texts = (said: string) => numberedLines([said])?.lines.map(line => line.join('').trim())

  it.each([
    ['1. 甲\n2. 乙', ['甲', '乙']],
    ['1、甲\n2、乙\n3、丙', ['甲', '乙', '丙']],
    ['(一)甲\n(二)乙', ['甲', '乙']],
    ['(1)甲\n(2)乙', ['甲', '乙']],
    ['一、甲\n十二、乙', ['甲', '乙']],
    ['1.甲\n 续行\n2.乙', ['甲 续行', '乙']],
    ['前言 来源:会议议定\n1) 甲\n2) 乙', ['甲', '乙']],
    ['1. 甲', undefined],
    ['把1.5万元报销\n2.5万元也报', undefined],
    ['12月7日前报送\n12月8日前汇总', undefined],
    ['报送总结', undefined],
  ])('%j → %j', (said, lines) => expect(texts(said)).toEqual(lines))

  it('人名各归各行', () => {
    const found = numberedLines(['来源:会议议定\n1. ', { name: '陈晨' }, ' 报总结\n2. ', { name: '曹颖' }, ' 报台账'])
    expect(found).toEqual({
      before: ['来源:会议议定'],
      lines: [
        [{ name: '陈晨' }, ' 报总结'],
        [{ name: '曹颖' }, ' 报台账'],
      ],
    })
  })

  it('一字不失', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('甲', '乙', ' ', '1', '.', 'x') }), { minLength: 2 }),
        lines => {
          const said = lines.map((line, i) => `${i + 1}、甲${line}`).join('\n')
          expect(texts(said)).toEqual(lines.map(line => `甲${line}`.trim()))
        },
      ),
    )
  })
})

describe('表格的列', () => {
  it('列名可在标题行之下,顺序不限;不认识的列说明', () => {
    const table = readTable([
      ['督办事项汇总表'],
      ['序号', '完成时限', '事项名称', '牵头人*', '__proto__'],
      ['1', '46363', '报总结', '陈晨', 'x'],
      ['2', '', '', '', ''],
    ])
    expect(table?.rows).toHaveLength(1)
    expect(table?.rows[0]).toMatchObject({ title: '报总结', lead: '陈晨', due: '46363', source: '' })
    expect(table?.unknown).toEqual(['__proto__'])
    expect(readTable([['姓名', '电话']])).toBeUndefined()
  })

  it.each([
    ['46363', '2026年12月7日'],
    ['46363.7291666667', '2026年12月7日17:30'],
    ['12月7日下班前', '12月7日下班前'],
    ['2026', '2026'],
  ])('%s → %s', (cell, words) => expect(dayInWords(cell)).toBe(words))
})

describe.each(kinds)('批量拟办 on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openCast({ kind })
  })
  afterAll(() => cast.office.close())

  const labels = (seen: Seen) => seen.card?.buttons.map(button => button.label) ?? []
  const drafts = () => count(cast.office.database.db, 'tasks')
  const HEAD = ['事项名称', '牵头人', '协办人', '完成时限', '来源', '紧急程度', '要求']

  it('粘贴编号行:每行写明如何理解,有误的写明原因,其余一次拟办', async () => {
    const { wang } = cast
    await wang.says(
      [
        '/督办 来源:会议议定',
        '1. @陈晨 @曹颖 报送平安建设全年总结 12月7日下班前 加急',
        '2. 冯军 汇总值班安排 12月4日前',
        '3. 李小龙 整理台账 12月4日前',
        '4. @陈晨 修订制度 上周五前',
        '5. @曹颖 落实批示精神 12月9日下班前 来源:领导批示 要求:抓紧',
      ].join('\n'),
    )
    const seen = await wang.seesCard()
    expect(seen.card).toMatchObject({ title: '督办 · 批量请核对 · 5项', colour: 'yellow' })
    expect(seen.words).toContain('可拟办2项。第3、4、5项有误')
    expect(seen.words).toMatch(
      /1\. 报送平安建设全年总结\s+牵头:综治科 陈晨 · 协办:曹颖 · 时限:12月7日\(周一\)17:30 · 来源:会议议定 · 加急/,
    )
    expect(seen.words).toMatch(
      /3\. [\s\S]*有误:[\s\S]*4\. [\s\S]*有误:所写的时间已经过去[\s\S]*5\. [\s\S]*有误:政治要件和领导批示只登记/,
    )
    const before = await drafts()
    expect((await wang.presses('全部拟办(2项)')).toast?.content).toBe('已拟办2项')
    const done = await wang.seesCard()
    expect(done.card).toMatchObject({ title: '督办 · 批量已拟办 · 5项', colour: 'green' })
    expect(labels(done)).toEqual(['查看', '查看'])
    expect(await drafts()).toBe(before + 2)
    const kept = await rows<{ source: string; urgency: string; state: string; said: boolean }>(
      cast.office.database.db,
      'select source, urgency, state, due_said_at is not null as said from tasks order by id desc limit 2',
    )
    expect(kept).toEqual([
      { source: 'HYYD', urgency: 'normal', state: 'draft', said: true },
      { source: 'HYYD', urgency: 'pressing', state: 'draft', said: true },
    ])
    await wang.presses('查看', { on: done })
    expect((await wang.seesCard()).card.title).toBe('督办 · 拟办')
  })

  it('再按一次不再拟办;别人拿到按钮也无用', async () => {
    const { wang, li } = cast
    await wang.says('/督办\n1. @陈晨 甲事项 12月7日下班前\n2. @曹颖 乙事项 12月8日下班前')
    const seen = await wang.seesCard()
    expect((await li.forges('全部拟办(2项)', seen)).toast).toMatchObject({
      type: 'error',
      content: '卡片已过期,请重新发送',
    })
    await wang.presses('全部拟办(2项)')
    const before = await drafts()
    expect((await wang.forges('全部拟办(2项)', seen)).toast).toMatchObject({ type: 'info' })
    expect((await wang.forges('作废', seen)).toast?.content).toContain('已拟办,请勿重复操作')
    expect(await drafts()).toBe(before)
  })

  it('作废后不拟办;期限在核对期间过去的,不拟办', async () => {
    const { wang } = cast
    await wang.says('/督办\n1. @陈晨 丙事项 12月7日下班前\n2. @曹颖 丁事项 12月8日下班前')
    const seen = await wang.seesCard()
    expect((await wang.presses('作废')).toast?.content).toBe('已作废')
    expect((await wang.forges('全部拟办(2项)', seen)).toast?.type).toBe('info')
    await wang.says('/督办\n1. @陈晨 戊事项 今天11点前\n2. @曹颖 己事项 12月8日下班前')
    await cast.office.moveTo('2026-11-24T11:30:00+08:00')
    expect((await wang.presses('全部拟办(2项)')).toast?.content).toBe('已拟办1项')
    expect((await wang.seesCard()).words).toMatch(/戊事项[\s\S]*有误:完成时限已经过去/)
  })

  it('与未办结的相似,先提醒', async () => {
    const { wang, li } = cast
    await wang.says('/督办 @陈晨 报送综治中心建设情况 12月7日下班前')
    await wang.presses('送审')
    await li.presses('同意交办')
    await wang.says('/督办\n1. @陈晨 报送综治中心建设情况 12月17日下班前\n2. @曹颖 整理档案 12月18日下班前')
    expect((await wang.seesCard()).words).toMatch(/可能重复:报送综治中心建设情况[\s\S]*2\. 整理档案/)
  })

  it('无权立项的人,编号行和表格都不受理', async () => {
    const { chen } = cast
    await chen.says('/督办\n1. @曹颖 甲事项 12月7日下班前\n2. @曹颖 乙事项 12月8日下班前')
    expect((await chen.sees()).words).toContain('督办立项仅限')
    await chen.sendsFile('督办.xlsx', { bytes: workbook(sheetOf([HEAD])) })
    expect((await chen.sees()).words).toContain('如需作为某一事项的材料')
  })

  it('发送表格:逐页核对,日期单元格照读,一次拟办', async () => {
    const { wang } = cast
    const line = (i: number) => [
      `第${i}季度工作要点报送`,
      i % 2 ? '陈晨' : '曹颖',
      '',
      46363.7291666667,
      '年度重点工作',
      '',
      '',
    ]
    const table = [
      ['2026年督办事项'],
      HEAD,
      ...Array.from({ length: 9 }, (_, i) => line(i + 1)),
      ['没有人的事项', '', '', '', '', '特别急', ''],
    ]
    await wang.sendsFile('../../督办/汇总.xlsx', { bytes: workbook(sheetOf(table)) })
    const told = (await wang.messages()).at(-2)?.words
    expect(told).toBe('已收到《.._.._督办_汇总.xlsx》,读取后发送核对卡片。')
    const seen = await wang.seesCard()
    expect(seen.card.title).toBe('督办 · 批量请核对 · 10项')
    expect(seen.words).toContain('第10项有误')
    expect(seen.words).toContain('8. 第8季度')
    expect(seen.words).not.toContain('9. 第9季度')
    expect(labels(seen)).toEqual(['下一页', '全部拟办(9项)', '作废'])
    await wang.presses('下一页')
    const next = await wang.seesCard()
    expect(next.words).toMatch(/9\. 第9季度[\s\S]*时限:12月7日\(周一\)17:30 · 来源:年度重点工作/)
    expect(next.words).toMatch(/10\. 没有人的事项\s+有误:请填写牵头人;没有“特别急”这一紧急程度/)
    const before = await drafts()
    const shown = (await wang.messages()).length
    // as after a crash between the reading and the note of it
    await rows(cast.office.database.db, `update outbox set state = 'waiting', claimed_until_ms = 0 where api = 'file'`)
    await cast.li.says('/帮助')
    await cast.office.settled()
    expect((await wang.messages()).length).toBe(shown)
    expect((await wang.presses('全部拟办(9项)')).toast?.content).toBe('已拟办9项')
    expect(await drafts()).toBe(before + 9)
  })

  const bomb = () =>
    workbook(`<worksheet><sheetData>${'<row><c><v>0</v></c></row>'.repeat(500_000)}</sheetData></worksheet>`)
  const many = () =>
    workbook(sheetOf([HEAD, ...Array.from({ length: 101 }, () => ['事项', '陈晨', '', '', '', '', ''])]))
  const external = () => workbook(`<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:1/">]>${sheetOf([HEAD])}`)
  it.each([
    ['炸弹.xlsx', '文件过大,请拆分后重新发送', bomb],
    ['别的.xlsx', '文件已损坏,或不是有效的 .xlsx 工作簿', () => new TextEncoder().encode('PK 不是表格')],
    ['空.xlsx', '没有找到列名。表格第一行请写列名', () => workbook(sheetOf([['姓名'], ['张三']]))],
    ['大.xlsx', '文件过大', () => new Uint8Array(6 * 1_048_576)],
    ['多.xlsx', '共101项,一次最多100项', many],
    ['引用.xlsx', '文件含有外部引用', external],
  ])('%s 被退回,照常答复:%s', async (name, words, bytes) => {
    const { wang } = cast
    await wang.sendsFile(name, { bytes: bytes() })
    expect((await wang.sees()).words).toContain(`未能读取《${name}》:${words}`)
    await wang.says('/帮助')
    expect((await wang.sees()).words).toContain('交办')
  })

  it('旧格式请另存;飞书一时取不到的,稍后照取', async () => {
    const { wang, office } = cast
    await wang.sendsFile('旧.xls')
    expect((await wang.sees()).words).toContain('请用 .xlsx 格式的表格')
    await office.faults({ api_html_502: { next: 3 } })
    await wang.sendsFile('新.xlsx', { bytes: workbook(sheetOf([HEAD, ['报送要情', '陈晨', '', '', '', '', '']])) })
    expect((await wang.seesCard()).words).toContain('报送要情')
  })
})
