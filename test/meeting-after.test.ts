import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nameDeputy } from '../db/deputy.ts'
import { touchPerson } from '../db/people.ts'
import { officialCalendar } from '../src/kit/time.ts'
import { listedIn, readDecision } from '../src/office/meeting/decision-lines.ts'
import { type Cast, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { hold } from './harness/held.ts'
import type { Seen, TestPerson } from './harness/office.ts'
import { count, rows } from './harness/traces.ts'
import { LINES, SAID_AT } from './meeting-lines.ts'

const UNITS = ['办公室', '督查科', '综治科', '车队', '东湖区委政法委', '西山区委政法委'].map(name => ({
  id: name,
  name,
  head: `${name}负责人`,
}))
const PEOPLE = [
  ['王强', '督查科'],
  ['陈晨', '综治科'],
  ['曹颖', '综治科'],
  ['张伟', '办公室'],
  ['张伟', '督查科'],
].map(([name = '', unit = ''], i) => ({ id: `${name}${i}`, name, departments: [unit] }))
const CUSTOMS = { calendar: officialCalendar, calendarId: '', hours: '08:30-12:00,14:30-17:30', seasons: [] }

const nameOf = ({ id, unit }: { id: string; unit: string }): string =>
  id.endsWith('负责人') ? unit : `${unit} ${id.replace(/\d$/, '')}`
const read = (line: string) => readDecision(line, new Date(SAID_AT), { units: UNITS, people: PEOPLE }, CUSTOMS)
const shanghai = (at: Date | undefined) =>
  at ? new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ') : ''

describe('议定事项的识别', () => {
  it('不少于60句', () => expect(LINES.length).toBeGreaterThanOrEqual(60))

  it.each(LINES)('$says', ({ says, title, lead, assists = [], due, doubt }) => {
    const found = read(says)
    expect({
      title: found.title,
      lead: found.lead ? nameOf(found.lead) : '',
      assists: found.assistants.map(nameOf),
      due: shanghai(found.dueAt),
    }).toEqual({ title, lead, assists, due })
    if (doubt) expect(found.doubts.join('')).toMatch(doubt)
    else expect(found.doubts).toEqual([])
  })

  it('同名人员要选定;写明单位的即可确定', () => {
    expect(read('由张伟负责,12月10日前报送方案')).toMatchObject({
      lead: undefined,
      doubts: [/同名/.source ? '“张伟”有同名人员,请选择具体是哪一位。' : ''],
    })
    expect(read('由督查科张伟负责,12月10日前报送方案').lead).toEqual({ id: '张伟4', unit: '督查科' })
  })

  it.each([
    ['1. 甲\n2. 乙', ['1. 甲', '2. 乙']],
    ['甲\n乙\n\n丙', ['甲', '乙', '丙']],
    ['会议议定以下事项:\n一、甲\n续行\n二、乙', ['一、甲 续行', '二、乙']],
    ['会议议定:一是甲;二是乙。三是丙。', ['一是甲', '二是乙。', '三是丙。']],
    ['①甲\n②乙', ['①甲', '②乙']],
    [' \n ', []],
  ])('%j 分为 %j', (text, lines) => expect(listedIn(text)).toEqual(lines))
})

describe.each(kinds)('议定事项转督办 on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openCast({ kind })
    const { office, feng, zhang } = cast
    await hold(office, feng.id, { unit: await unit('综治科'), presider: zhang.id })
  })
  afterAll(() => cast.office.close())

  const unit = async (name: string): Promise<string> =>
    (await rows<{ id: string }>(cast.office.database.db, `select id from departments where name = '${name}'`))[0]?.id ??
    ''
  const labels = (seen: Seen) => seen.card?.buttons.map(button => button.label) ?? []
  const tasks = () => count(cast.office.database.db, 'tasks')
  const again = async (person: TestPerson, card: Seen): Promise<Seen> => {
    const found = (await person.messages()).find(one => one.message_id === card.message_id)
    if (!found) throw new Error('the card is gone')
    return found
  }

  it('粘贴多行:逐项写明牵头、配合和时限,缺什么写明;督办员得知,承办人不能直接转督办', async () => {
    const { feng, wang, chen } = cast
    await feng.says(
      [
        '/会议 议定 会〔2026〕31号',
        '1. 由综治科牵头,督查科配合,12月10日前报送方案。',
        '2. 由综治科负责,尽快建立<台账>',
        '3. 12月11日前完成全市网格员培训',
        '4. 由综治科牵头,12月15日前修订值班制度',
      ].join('\n'),
    )
    const card = await feng.seesCard()
    expect(card.card).toMatchObject({ title: '会议 · 议定事项', colour: 'blue' })
    expect(card.words).toContain('会〔2026〕31号 安全生产例会')
    expect(card.words).toContain('共4项:已转督办0项,待转4项')
    expect(card.words).toMatch(/1\. 报送方案\s+牵头:综治科 冯军 · 配合:\S+ · 时限:12月10日\(周四\)17:30/)
    expect(card.words).toMatch(/2\. 尽快建立<台账>[\s\S]*待补充:完成时限[\s\S]*请核对:“尽快”不是明确的时限/)
    expect(card.words).toMatch(/3\. 完成全市网格员培训[\s\S]*牵头:未定[\s\S]*待补充:牵头人/)
    expect(labels(card)).toEqual(['修改', '修改', '修改', '修改', '提请报时限(1项)', '录入议定事项'])

    const asked = await wang.seesCard()
    expect(asked.card.title).toBe('会议 · 议定事项')
    expect(labels(asked)).toEqual([
      '转督办',
      '修改',
      '修改',
      '修改',
      '转督办',
      '修改',
      '全部转督办(2项)',
      '提请报时限(1项)',
    ])
    expect((await feng.forges('转督办', asked)).toast?.content).toContain(
      '转督办仅限主要领导、分管领导、办公室主任和督办员使用',
    )
    expect((await chen.forges('转督办', asked)).toast?.content).toBe('未找到该议定事项')
    expect((await chen.forges('修改', asked)).toast?.content).toBe('未找到该议定事项')
    expect(await tasks()).toBe(0)
    await chen.says('/会议 议定 会〔2026〕31号')
    expect((await chen.sees()).words).toContain('未找到您能查看的会〔2026〕31号')
    await wang.says('/待办')
    expect((await wang.seesCard()).card.text).toContain('会议 安全生产例会 · 会〔2026〕31号 · 议定事项4项待转督办')
  })

  it('转督办成为拟办草稿,来源会议议定,双向可查;再按一次不再生成;办到哪一步会议上可见', async () => {
    const { wang, li, feng } = cast
    await wang.says('/会议 议定 会〔2026〕31号')
    const card = await wang.seesCard()
    expect((await wang.presses('转督办', { on: card })).toast?.content).toBe('已转督办,请在拟办草稿上送审或交办')
    const draft = await wang.seesCard()
    expect(draft.card.title).toBe('督办 · 拟办')
    expect(draft.words).toContain('报送方案')
    expect(draft.words).toContain('会议议定(会〔2026〕31号 安全生产例会)')
    expect(draft.words).toContain('来源会议 会〔2026〕31号 · 11月23日(周一)14:30')
    expect(draft.words).toContain('要求:1. 由综治科牵头,督查科配合,12月10日前报送方案。')
    expect((await wang.forges('转督办', card)).toast?.content).toContain('王强 已转督办')
    expect(await tasks()).toBe(1)
    await wang.presses('送审', { on: draft })
    await li.presses('同意交办')
    await feng.says('/会议 议定 会〔2026〕31号')
    const after = await feng.seesCard()
    expect(after.words).toContain('共4项:已转督办1项(办结0项),待转3项')
    expect(after.words).toMatch(/督〔2026〕1号 · 已交办 · 王强 已转督办 · 11月24日/)
    expect((await again(wang, card)).words).toContain('督〔2026〕1号 · 已交办')
  })

  it('缺的在表单中补充;会议未定时限的,由牵头单位负责人提出', async () => {
    const { feng, wang, chen } = cast
    await feng.says('/会议 议定 会〔2026〕31号')
    const card = await feng.seesCard()
    expect((await feng.presses('提请报时限(1项)', { on: card })).toast?.content).toBe('已提请牵头单位提出1项时限')
    const asked = await feng.seesCard()
    expect(asked.card.title).toBe('会议 · 请提出完成时限')
    const waiting = await again(feng, card)
    expect(waiting.words).toContain('“尽快”不是明确的时限')
    expect(waiting.card?.buttons.filter(({ label }) => label.startsWith('提请报时限'))).toEqual([])
    expect((await chen.forges('提出时限', asked, { due: '12月20日前' })).toast?.content).toBe('未找到该议定事项')
    expect((await feng.presses('提出时限', { on: asked, form: { due: '上周五' } })).toast?.content).toContain(
      '已经过去',
    )
    const [deputy, { db }] = [cast.office.person('褚燕'), cast.office.database]
    await nameDeputy(db, {
      ...{ principal: feng.id, deputy: deputy.id, from: '2026-11-01', until: '2026-12-31', namedAt: new Date(0) },
    })
    await touchPerson(db, deputy.id)
    expect((await deputy.forges('提出时限', asked, { due: '12月18日前' })).toast?.content).toBe('已提出完成时限')
    expect(await rows(db, `select who, acting_for from events where act = 'proposeDue' and outcome = 'ok'`)).toEqual([
      { who: deputy.id, acting_for: feng.id },
    ])
    expect((await again(feng, asked)).card?.title).toBe('会议 · 完成时限已定')
    expect((await again(feng, card)).words).toMatch(
      /2\. 尽快建立<台账>\s+牵头:综治科 冯军 · 时限:12月18日\(周五\)17:30\(褚燕提出\)/,
    )

    expect((await again(feng, card)).words).not.toContain('不是明确的时限')

    await feng.presses('修改', { on: await again(feng, card), nth: 1 })
    const form = await again(feng, card)
    expect(form.card?.buttons.find(({ label }) => label === '删除该项')?.confirm).toBe(true)
    const units = form.card?.inputs.find(({ name }) => name === 'unit')?.options ?? []
    const value = units.find(({ label }) => label === '综治科')?.value
    const filled = {
      title: '完成全市网格员培训',
      unit: value,
      lead: '曹颖',
      helpers: '督查科、陈晨',
      due: '12月11日前',
      says: '综治科负责,12月11日前完成全市网格员培训',
    }
    expect(form.card?.inputs.find(({ name }) => name === 'says')?.value).not.toBe('')
    expect((await feng.presses('保存', { on: form, form: { ...filled, due: '尽快' } })).toast?.content).toContain(
      '未能识别时限',
    )
    expect((await feng.presses('保存', { on: form, form: { ...filled, lead: '没有人' } })).toast?.content).toContain(
      '没有人',
    )
    expect((await feng.presses('保存', { on: form, form: filled })).toast?.content).toBe('已修改')
    expect((await again(feng, form)).words).toMatch(
      /3\. 完成全市网格员培训\s+牵头:综治科 曹颖 · 配合:\S+、陈晨 · 时限:12月11日\(周五\)17:30/,
    )
    await feng.says('/会议 纪要 会〔2026〕31号')
    expect((await feng.seesCard()).words).toContain('3. 综治科负责,12月11日前完成全市网格员培训')

    await wang.says('/会议 议定 会〔2026〕31号')
    expect((await wang.presses('全部转督办(3项)')).toast?.content).toBe('已转督办3项')
    expect(await tasks()).toBe(4)
    expect((await wang.seesCard()).card.colour).toBe('green')
  })

  it('一次会议的事项有上限;未开会、已转的不能改', async () => {
    const { feng, office } = cast
    const many = Array.from({ length: 37 }, (_, i) => `${i + 1}. 综治科12月10日前办第${i + 1}件`).join('\n')
    await feng.says(`/会议 议定 会〔2026〕31号\n${many}`)
    expect((await feng.sees()).words).toContain('一次会议的议定事项最多40项')
    await hold(office, feng.id, { unit: await unit('综治科'), number: { year: 2026, seq: 32 }, state: 'notified' })
    await feng.says('/会议 议定 会〔2026〕32号\n综治科12月10日前报送方案')
    expect(await count(office.database.db, 'meeting_decisions')).toBe(4)
  })

  it('拟办草稿取消的,议定事项恢复待转,可再转督办', async () => {
    const { feng, wang, office } = cast
    await hold(office, feng.id, { unit: await unit('综治科'), number: { year: 2026, seq: 35 } })
    await feng.says('/会议 议定 会〔2026〕35号\n综治科12月10日前修订值班表')
    const before = await tasks()
    await wang.says('/会议 议定 会〔2026〕35号')
    const card = await wang.seesCard()
    await wang.presses('转督办', { on: card })
    await wang.presses('取消')
    const freed = await again(wang, card)
    expect(freed.words).toContain('共1项:已转督办0项,待转1项')
    await wang.presses('转督办', { on: freed })
    expect((await wang.seesCard()).card.title).toBe('督办 · 拟办')
    expect(await tasks()).toBe(before + 2)
  })

  it('几个人同时转督办,只成一项', async () => {
    const { feng, wang, li, office } = cast
    await hold(office, feng.id, { unit: await unit('综治科'), number: { year: 2026, seq: 33 } })
    await feng.says('/会议 议定 会〔2026〕33号\n综治科12月10日前报送方案')
    const before = await tasks()
    const cards: Array<[TestPerson, Seen]> = []
    for (const person of [wang, li]) {
      await person.says('/会议 议定 会〔2026〕33号')
      cards.push([person, await person.seesCard()])
    }
    await Promise.all(
      [...cards, ...cards].map(async ([person, { message_id, card }]) => {
        const button = card?.buttons.find(({ label }) => label === '转督办')
        if (button) await person.clicks(message_id, button)
      }),
    )
    await office.settled()
    expect(await tasks()).toBe(before + 1)
  })
})
