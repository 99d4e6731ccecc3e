import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Refusal } from '../src/kit/refusal.ts'
import { officialCalendar } from '../src/kit/time.ts'
import { dutiesAfter, fixedUseLine, publicationLine } from '../src/office/car/month-end.ts'
import {
  numbersIn,
  type Publication,
  type PublicationMove,
  type PublicationState,
  publicationFlow,
  publicationMoved,
  withoutPhones,
} from '../src/office/car/publication.ts'
import { USUAL } from '../src/office/car/rule-setting.ts'
import type { Actor } from '../src/office/car/trip.ts'
import { may } from '../src/office/role/role.ts'
import { fleetIn, shanghai, tableOf } from './harness/cars.ts'
import { kinds } from './harness/databases.ts'
import { filesOf } from './harness/files.ts'
import { type Seen, TestOffice, type TestPerson } from './harness/office.ts'
import { emptied, rows } from './harness/traces.ts'
import { readRows, unzip } from './harness/zip.ts'

const GROUP = '督查工作群'
const labels = (seen: Seen) => seen.card?.buttons.map(button => button.label) ?? []

describe.each(kinds)('用车公示 on %s', kind => {
  let office: TestOffice
  let cars: ReturnType<typeof fleetIn>
  let cd: TestPerson
  let bz: TestPerson
  let fg: TestPerson
  let clerk: TestPerson
  let car = 0
  beforeAll(async () => {
    office = await TestOffice.open({ kind, now: '2026-11-09T09:00:00+08:00' })
    await office.inStep()
    const admin = office.person('刘芳')
    for (const line of ['@李静 办公室主任', '@张明 分管领导', '@郑洁 车管员']) await admin.says(`/角色 ${line}`)
    ;[cd, bz, fg, clerk] = ['郑洁', '李静', '张明', '陈晨'].map(name => office.person(name)) as [
      TestPerson,
      TestPerson,
      TestPerson,
      TestPerson,
    ]
    cars = fleetIn(office.database.db)
    await furnish()
  })
  afterAll(() => office.close())

  /** October: 江A10001 goes out on sixteen of its eighteen workdays, always for 陈晨. */
  async function furnish() {
    car = await cars.vehicle('江A10001')
    const days = ['08', '09', '10', '12', '13', '14', '15', '16', '19', '20', '21', '22', '23', '26', '27', '28']
    for (const [i, on] of days.entries()) {
      const span: [string, string] = [`2026-10-${on}T08:30`, `2026-10-${on}T11:30`]
      const run = await cars.run(car, span, { km: [1_000 + 50 * i, 1_050 + 50 * i] })
      const purpose = i === 0 ? '调研座谈,联系电话13812345678' : i === 1 ? '抓捕' : '调研座谈平安建设'
      await cars.trip(i + 1, span, { run, user: clerk.id, purpose, ...(i === 1 ? { ground: 'duty' } : {}) })
      if (i === 0) await cars.trip(90, span, { run, user: bz.id, purpose: '送审材料', destination: '区检察院' })
      // nobody came: what it was for is not published
      if (i === 0) await cars.trip(95, span, { run, state: 'missed', purpose: '未成行的事由', destination: '未到之处' })
      if (i === 0) await cars.cost(car, 'fuel', `2026-10-${on}`, 20_050, { run, amount: 2_500 })
    }
    const open: [string, string] = ['2026-10-30T08:30', '2026-10-30T11:30']
    await cars.trip(91, open, { run: await cars.run(car, open, { km: [3_000, 3_010] }), state: 'returned' })
  }

  const again = async (person: TestPerson, card: Seen, group?: string): Promise<Seen> => {
    const found = (await person.messages(group)).find(one => one.message_id === card.message_id)
    if (!found) throw new Error('the card is gone')
    return found
  }

  it('每月10日前提醒,逾期再提醒一次;固定使用同一车辆的提示办公室主任核查', async () => {
    const said = async (person: TestPerson, word: string) =>
      (await person.messages()).filter(one => one.words.includes(word)).map(one => one.words)
    await office.moveTo('2026-11-10T09:00:00+08:00')
    await office.settled()
    for (const person of [cd, bz])
      expect(await said(person, '请公示上月公务用车使用情况。'), person.name).toEqual([
        '用车公示\n· 请公示上月公务用车使用情况。2026年10月的公示尚未印发,请于11月10日(周二)前印发(/用车 公示)。',
      ])
    await office.moveTo('2026-11-12T09:00:00+08:00')
    await office.settled()
    expect(await said(cd, '已超过11月10日(周二)')).toHaveLength(1)
    expect(await said(clerk, '公示')).toEqual([])
    // the look at fixed use falls due after November
    expect(await said(bz, '疑似固定给个人使用')).toEqual([])
    const fixed = ['02', '03', '04', '05', '06', '09', '10', '11', '12', '13', '16', '17', '18', '19', '20', '23', '24']
    for (const [i, on] of fixed.entries()) {
      const span: [string, string] = [`2026-11-${on}T13:30`, `2026-11-${on}T15:30`]
      const run = await cars.run(car, span, { km: [5_000 + i, 5_001 + i] })
      await cars.trip(200 + i, span, { run, user: clerk.id })
    }
  })

  it('拟稿、修改、送审、退回、再送审、同意、印发:只含可公示的用车,不含电话', async () => {
    await cd.says('/用车 公示')
    const draft = await cd.seesCard()
    expect(draft.card.title).toBe('用车公示 · 2026年10月 · 拟稿')
    expect(draft.card.text).toContain('出车次数 16次\n行驶里程 760公里\n费用 200.50元')
    expect(draft.card.text).toContain('本月还有1单未回场或未核对完成')
    expect(tableOf(draft).slice(0, 2)).toEqual([
      ['日期', '事由', '地点', '车辆', '里程', '用油(升)', '费用(元)'],
      ['10月8日', '调研座谈,联系电话***;送审材料', '区检察院、区法院', '江A10001', '50', '25.00', '200.50'],
    ])
    for (const hidden of ['抓捕', '13812345678']) expect(draft.content).not.toContain(hidden)
    expect(labels(draft)).toEqual(['送审', '修改', '取消', '下载公示表'])

    await cd.presses('修改', { on: draft })
    const form = await again(cd, draft)
    const group = form.card?.inputs.find(one => one.name === 'chat')?.options.find(one => one.label === GROUP)?.value
    const words = { title: '2026年10月公务用车使用情况公示', issuer: '市委政法委办公室', remark: '监督电话见公告栏。' }
    const edited = { ...words, without: '派〔2026〕91号、3号', chat: group }
    const refused = await cd.presses('保存', { on: form, form: { ...edited, title: '' } })
    expect(refused.toast?.content).toBe('请填写标题')
    expect((await cd.presses('保存', { on: form, form: { ...edited, chat: 'oc_elsewhere' } })).toast?.content).toBe(
      '只能印发到您和机器人都在的群',
    )
    expect((await cd.presses('保存', { on: form, form: edited })).toast?.content).toBe('已修改')
    const saved = await again(cd, draft)
    expect(saved.card?.text).toContain('出车次数 14次\n行驶里程 700公里')
    expect(saved.card?.text).toContain('不公示的单号:派〔2026〕91号、3号')

    await cd.presses('送审', { on: saved })
    const asked = await bz.seesCard()
    expect(asked.card.title).toBe('用车公示 · 2026年10月 · 待审批')
    expect(labels(asked)).toEqual(['同意', '退回修改', '下载公示表'])
    await bz.says('/待办')
    expect((await bz.seesCard()).card.text).toContain('用车公示 2026年10月公务用车使用情况公示 · 待审批')
    expect((await cd.forges('同意', asked)).toast?.content).toContain('此按钮仅限办公室主任')
    expect((await clerk.forges('同意', asked)).toast?.content).toBe('未找到该公示')
    expect((await bz.presses('退回修改', { on: asked })).toast?.content).toBe('请填写退回修改的理由')
    await bz.presses('退回修改', { on: asked, form: { word: '请核对里程' } })
    // sent at night, it waits for whoever decides until the morning
    const before = (await bz.messages()).length
    office.clock.set(new Date('2026-11-12T21:00:00+08:00'))
    expect((await cd.presses('送审', { on: await again(cd, draft) })).toast?.content).toBe(
      '已送审。现为下班时间,相关人员上班后得知',
    )
    await office.settled()
    expect(await bz.messages()).toHaveLength(before)
    expect(await rows(office.database.db, `select line from held_lines where person = '${bz.id}'`)).toEqual([
      { line: '2026年10月公务用车使用情况公示待审批' },
    ])
    office.clock.set(new Date('2026-11-12T09:00:00+08:00'))
    await bz.presses('退回修改', { on: await again(bz, asked), form: { word: '请核对里程' } })
    const returned = await cd.seesCard()
    expect(returned.card.text).toContain('李静 已退回修改 · 11月12日(周四)09:00 · 理由:请核对里程')
    await cd.presses('送审', { on: returned })
    const second = await bz.seesCard()
    expect((await bz.presses('同意', { on: second })).toast?.content).toBe('已同意')
    const approved = await cd.seesCard()
    expect(approved.card.title).toBe('用车公示 · 2026年10月 · 待印发')
    expect(approved.content).toMatch(new RegExp(`印发后将发送到“${GROUP}”\\(\\d+人\\),确定印发吗`))
    expect((await bz.forges('印发', approved)).toast?.content).toContain('此按钮仅限车管员使用')
    expect((await cd.presses('印发', { on: approved })).toast?.content).toBe('已印发')

    const published = await clerk.seesCard(GROUP)
    expect(published.card).toMatchObject({ title: '用车公示 · 2026年10月 · 已印发', colour: 'green' })
    expect(labels(published)).toEqual([])
    for (const hidden of ['抓捕', '13812345678', '不公示的单号', '派〔2026〕91号'])
      expect(published.content).not.toContain(hidden)
    expect((await filesOf(office, clerk, GROUP)).at(-1)?.name).toBe('2026年10月公务用车使用情况公示表.xlsx')
    expect((await cd.presses('印发', { on: approved })).toast?.content).toContain('郑洁 已印发')
  })

  it('公示表按A4横向打印,逐次列示,合计俱全,没有机要、办案和电话', async () => {
    const { bytes } = (await filesOf(office, clerk, GROUP)).at(-1) ?? { bytes: Buffer.alloc(0) }
    const sheet = unzip(bytes).get('xl/worksheets/sheet1.xml') ?? ''
    const lines = readRows(sheet)
    expect(lines[0]?.get('A')).toBe('2026年10月公务用车使用情况公示')
    expect(lines[1]?.get('A')).toContain(
      '市委政法委办公室。统计截至2026年11月12日(星期四)09:00。不含机要通信、执法办案用车',
    )
    expect([...(lines[2]?.values() ?? [])]).toEqual([
      ...['序号', '日期', '事由', '地点', '车牌号', '里程(公里)', '用油(升)', '费用(元)'],
    ])
    expect(lines).toHaveLength(3 + 14 + 1)
    expect(lines.at(-1)?.get('B')).toBe('14次')
    expect(sheet).toContain('orientation="landscape"')
    // money with two decimals
    expect(sheet).toContain('<c r="H4" s="9"><v>200.5</v></c>')
    for (const hidden of ['抓捕', '13812345678']) expect(sheet).not.toContain(hidden)
  })

  it('同一月份只有一份;印发后按角色查看;无关人员不能生成', async () => {
    await cd.says('/用车 公示 2026-10')
    expect((await cd.seesCard()).card.title).toBe('用车公示 · 2026年10月 · 已印发')
    await fg.says('/用车 公示 10月')
    expect(labels(await fg.seesCard())).toEqual(['下载公示表'])
    await clerk.says('/用车 公示')
    expect((await clerk.sees()).words).toContain('用车公示由车管员生成')
    await clerk.says('/用车 公示 列表')
    expect((await clerk.seesCard()).card.text).toContain('还没有您能查看的公示')
    await cd.says('/用车 公示 2026-11')
    expect((await cd.sees()).words).toContain('2026年11月尚未结束')
    await cd.says('/用车 公示 2026-09')
    expect((await cd.sees()).words).toContain('2026年9月没有可以公示的用车')
    await cd.says('/用车 公示 上旬')
    expect((await cd.sees()).words).toContain('未能识别月份“上旬”')
    const kept = await rows<{ act: string }>(
      office.database.db,
      `select act from events where feature = 'car' and act like 'publication.%' and outcome = 'ok' order by id`,
    )
    expect(kept.map(({ act }) => act.replace('publication.', ''))).toEqual([
      ...['draft', 'edit', 'submit', 'revise', 'submit', 'revise', 'submit', 'approve', 'issue'],
    ])
  })

  it('月末之后,固定使用同一车辆的提示办公室主任;代理办公室主任可以审批,写明代谁', async () => {
    await bz.says('/角色 代理 @冯军 今天至12月31日')
    office.clock.set(shanghai('2026-12-01T08:00'))
    await office.moveTo('2026-12-01T09:00:00+08:00')
    await office.settled()
    const told = (await bz.messages()).filter(one => one.words.includes('疑似固定给个人使用'))
    expect(told.map(one => one.words)).toEqual([
      '公务用车核查\n· 陈晨 2026年11月在21个工作日中有17个使用江A10001。疑似固定给个人使用,请核实。',
    ])
    await cd.says('/用车 公示')
    await cd.presses('送审')
    const feng = office.person('冯军')
    await feng.presses('同意', { on: await feng.seesCard() })
    const approved = await cd.seesCard()
    expect(approved.card.text).toContain('冯军 代 李静 同意')
    await cd.presses('印发', { on: approved })
    expect((await again(cd, approved)).card?.text).toContain('未发送到群。')
    office.clock.set(shanghai('2026-12-10T08:00'))
    await office.moveTo('2026-12-10T09:00:00+08:00')
    await office.settled()
    expect((await cd.messages()).filter(one => one.words.includes('2026年11月的公示尚未印发'))).toEqual([])
  })
})

describe.each(kinds)('各单位的公示 on %s', kind => {
  let office: TestOffice
  let house: TestPerson
  let own: TestPerson
  let idle: TestPerson
  let bz: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind, now: '2026-11-09T09:00:00+08:00' })
    await office.inStep()
    const admin = office.person('刘芳')
    for (const line of ['@李静 办公室主任', '@郑洁 车管员', '@沈亮 车管员 办公室', '@蒋勇 车管员 督查科'])
      await admin.says(`/角色 ${line}`)
    ;[house, own, idle, bz] = ['郑洁', '沈亮', '蒋勇', '李静'].map(name => office.person(name)) as [
      TestPerson,
      TestPerson,
      TestPerson,
      TestPerson,
    ]
    const cars = fleetIn(office.database.db)
    const unit = async (name: string) =>
      (await rows<{ id: string }>(office.database.db, `select id from departments where name = '${name}'`))[0]?.id ?? ''
    const car = await cars.vehicle('江A10001', { unit: await unit('办公室') })
    const secret = await cars.vehicle('江A10002', { unit: await unit('督查科') })
    for (const [i, month] of ['2026-10', '2026-11'].entries()) {
      const span: [string, string] = [`${month}-20T08:30`, `${month}-20T11:30`]
      await cars.trip(2 * i + 1, span, { run: await cars.run(car, span, { km: [1_000 + i, 1_001 + i] }) })
      await cars.trip(2 * i + 2, span, {
        run: await cars.run(secret, span, { km: [500 + i, 501 + i] }),
        ground: 'duty',
      })
    }
  })
  afterAll(() => office.close())

  const reminded = async (word: string): Promise<string[]> => {
    const told = await Promise.all(
      [house, own, idle, bz].map(async person =>
        (await person.messages()).some(({ words }) => words.includes(word)) ? [person.name] : [],
      ),
    )
    return told.flat()
  }
  const publishes = async (keeper: TestPerson, month: string): Promise<void> => {
    await keeper.says(`/用车 公示 ${month}`)
    await keeper.presses('送审')
    await bz.presses('同意', { on: await bz.seesCard() })
    expect((await keeper.presses('印发', { on: await keeper.seesCard() })).toast?.content).toBe('已印发')
  }

  it('没有可以公示的用车的单位不提醒;全单位的公示印发后,各单位不再提醒', async () => {
    await office.moveTo('2026-11-10T09:00:00+08:00')
    await office.settled()
    expect(await reminded('2026年10月的公示尚未印发,请于')).toEqual(['郑洁', '沈亮', '李静'])
    await publishes(house, '2026-10')
    await office.moveTo('2026-11-12T09:00:00+08:00')
    await office.settled()
    expect(await reminded('2026年10月的公示尚未印发,已超过')).toEqual([])
  })

  it('各单位都印发了自己的,全单位不再提醒', async () => {
    office.clock.set(shanghai('2026-12-10T08:00'))
    await office.moveTo('2026-12-10T09:00:00+08:00')
    await office.settled()
    expect(await reminded('2026年11月的公示尚未印发,请于')).toEqual(['郑洁', '沈亮', '李静'])
    await publishes(own, '2026-11')
    await office.moveTo('2026-12-11T09:00:00+08:00')
    await office.settled()
    expect(await reminded('2026年11月的公示尚未印发,已超过')).toEqual([])
  })

  it('下载后不再有权查看的,文件发出时再核对', async () => {
    const { db } = office.database
    await house.says('/用车 公示 列表')
    await house.presses('查看')
    const seen = await house.seesCard()
    const ordered = async () => {
      await house.presses('下载公示表', { on: seen })
      await emptied(office)
      const { bytes } = (await filesOf(office, house)).at(-1) ?? { bytes: Buffer.alloc(0) }
      return readRows(unzip(bytes).get('xl/worksheets/sheet1.xml') ?? '')
    }
    expect(await ordered()).toHaveLength(3 + 1 + 1)
    await office.faults({ api_5xx: 1 })
    await house.presses('下载公示表', { on: seen })
    await rows(db, `delete from held_roles where person = '${house.id}'`)
    await office.faults({ api_5xx: 0 })
    await emptied(office)
    const files = await filesOf(office, house)
    expect(files).toHaveLength(2)
    const [title, says, , ...rest] = readRows(
      unzip(files[1]?.bytes ?? Buffer.alloc(0)).get('xl/worksheets/sheet1.xml') ?? '',
    )
    expect(title?.get('A')).toBe('2026年11月公务用车使用情况公示')
    expect(says?.get('A')).toContain('您已无权查看该公示,内容不予显示。')
    expect(rest.map(row => [...row.values()].filter(cell => cell !== ''))).toEqual([['合计', '0次', '0', '0']])
  })
})

const held = (...codes: string[]): Actor => ({
  ...{ id: codes.join('') || 'nobody', departments: [], standsFor: [] },
  held: codes.map(code => ({ code, unit: undefined })),
})
const now = shanghai('2026-11-24T09:00')
const aPublication = (state: PublicationState, maker = 'CD'): Publication => ({
  ...{ id: 1, rev: 3, state, unit: '', month: '2026-10', title: '公示', issuer: '', remark: '', chat: '', without: '' },
  ...{ runs: 1, km: 1, cents: 1, maker, createdAt: now, until: now, issuedAt: undefined, lastMove: '', word: '' },
  ...{ movedBy: maker, movedAt: now, movedFor: undefined },
})
const moves = Object.keys(publicationFlow.moves) as PublicationMove[]
const states = Object.keys(publicationFlow.states) as PublicationState[]
/** Read off the matrix of domain.md 1.3 by hand. */
const MAY: Record<PublicationMove, string[]> = {
  ...{ submit: ['CD'], edit: ['CD'], cancel: ['CD'], issue: ['CD'] },
  ...{ approve: ['BZ', 'FG'], revise: ['BZ', 'FG'] },
}

describe('公示:每个按钮 × 每种状态 × 每种角色', () => {
  const press = (of: Publication, move: PublicationMove, by: Actor, seenRev = 3) =>
    publicationMoved(of, { move, by, seenRev, word: '理由' }, { now, names: new Map(), may })

  it.each(moves.flatMap(move => states.map(state => [move, state] as const)))('%s(%s)', (move, state) => {
    for (const code of ['LD', 'FG', 'BZ', 'DB', 'KZ', 'CD', 'JS', 'GB', 'SY', 'SJ', '']) {
      const run = () => press(aPublication(state), move, held(...(code ? [code] : [])))
      const { from, to = state } = publicationFlow.moves[move]
      if (MAY[move].includes(code) && from.includes(state)) expect(run().state, code).toBe(to)
      else expect(run, code).toThrow(Refusal)
    }
  })

  it('拟稿人、送审人不能自己审批;兼任系统管理员的不能;过期的卡片不算数;单位不同的不能', () => {
    expect(() => press(aPublication('submitted', 'BZ'), 'approve', held('BZ'))).toThrow('非本人拟稿')
    expect(() => press({ ...aPublication('submitted'), movedBy: 'BZ' }, 'approve', held('BZ'))).toThrow('非本人拟稿')
    expect(() => press(aPublication('submitted'), 'approve', held('BZ', 'SY'))).toThrow(Refusal)
    expect(() => press(aPublication('submitted'), 'approve', held('BZ'), 2)).toThrow('卡片已过期')
    const elsewhere = { ...held('BZ'), held: [{ code: 'BZ', unit: 'od_other' }] }
    expect(() => press(aPublication('submitted'), 'approve', elsewhere)).toThrow(Refusal)
    const deputy = { ...held('GB'), standsFor: [{ ...held('BZ'), name: '李静' }] }
    expect(press(aPublication('submitted'), 'approve', deputy)).toMatchObject({ movedBy: 'GB', movedFor: 'BZ' })
    expect(() => press(aPublication('submitted', 'GB'), 'approve', deputy)).toThrow('非本人拟稿')
  })
})

describe('月末的事', () => {
  const customs = { calendar: officialCalendar, calendarId: '', hours: '08:30-12:00,14:30-17:30', seasons: [] }

  it.each([
    // the tenth of October 2026 is a workday, the tenth of January 2027 a Sunday
    ['2026-09', '2026-10-08T08:30', '2026-10-10T08:30', '2026-10-12T08:30'],
    ['2026-10', '2026-11-02T08:30', '2026-11-10T08:30', '2026-11-11T08:30'],
    ['2026-12', '2027-01-04T08:30', '2027-01-08T08:30', '2027-01-11T08:30'],
  ])('%s', (month, ...at) => {
    expect(dutiesAfter(month, customs, USUAL).map(([, when]) => when)).toEqual(at.map(shanghai))
  })

  const days = (count: number) => Array.from({ length: count }, (_, i) => `2026-11-${String(i + 1).padStart(2, '0')}`)
  const rule = { customs, setting: USUAL }

  it('工作日的八成以上才提示,休息日不计,关闭规则则不提示', () => {
    // 21 workdays in November 2026; from the first to the 23rd lie sixteen of them, to the 24th seventeen
    const use = (count: number) => ({ person: 'a', plate: '江A1', unit: '', days: days(count) })
    expect(fixedUseLine(use(23), '陈晨', '2026-11', rule)).toBeUndefined()
    expect(fixedUseLine(use(24), '陈晨', '2026-11', rule)).toContain('有17个使用江A1。疑似固定给个人使用,请核实。')
    const off = { customs, setting: { ...USUAL, off: ['CAR-15'] } }
    expect(fixedUseLine(use(30), '陈晨', '2026-11', off)).toBeUndefined()
    expect(publicationLine('overdue', '2026-10', now, { ...USUAL, off: ['CAR-41'] })).toBeUndefined()
  })

  it('公示中的电话隐去,单号照认', () => {
    expect(withoutPhones('请联系13812345678或0531-88886666,编号20261120')).toBe('请联系***或***,编号20261120')
    expect(numbersIn('派〔2026〕86号、87号 (2025)3号', '2026-10')).toEqual([
      { year: 2026, seq: 86 },
      { year: 2026, seq: 87 },
      { year: 2025, seq: 3 },
    ])
  })
})
