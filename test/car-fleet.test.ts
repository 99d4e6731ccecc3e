import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSheet } from '../src/bot/read-sheet.ts'
import { readDay } from '../src/office/car/day.ts'
import { readPlate } from '../src/office/car/plate.ts'
import { kinds } from './harness/databases.ts'
import { filesOf } from './harness/files.ts'
import { type Seen, TestOffice, type TestPerson } from './harness/office.ts'
import { count, rows } from './harness/traces.ts'
import { sheetOf, workbook } from './harness/workbook.ts'

describe('车牌号', () => {
  it.each([
    ['京A12345', '京A12345'],
    ['京a·12345', '京A12345'],
    [' 京 A 1 2 3 4 5 ', '京A12345'],
    ['京Ａ１２３４５', '京A12345'],
    ['粤B1C2D3', '粤B1C2D3'],
    ['川AAA888', '川AAA888'],
    ['京A0006警', '京A0006警'],
    ['京AD12345', '京AD12345'],
    ['京AF0A234', undefined],
    ['京ADA2345', '京ADA2345'],
    ['京AFZ2345', '京AFZ2345'],
    ['京AK12345', '京AK12345'],
    ['京AL12345', undefined],
    ['京A12345D', '京A12345D'],
    ['京A12345F', '京A12345F'],
    ['京A1234AD', undefined],
    ['京A12345Z', undefined],
    ['京AD1234', '京AD1234'],
    ['京AO2345', undefined],
    ['京A1234I', undefined],
    ['京AI2345', undefined],
    ['京I12345', undefined],
    ['京112345', undefined],
    ['A12345', undefined],
    ['京A1234', undefined],
    ['京A123456', undefined],
    ['京A1234567', undefined],
    ['京京A1234', undefined],
    ['京A1234学', undefined],
    ['粤Z1234港', undefined],
    ['粤Z1234澳', undefined],
    ['京A1234挂', undefined],
    ['沪A0023领', undefined],
    ['224578使', undefined],
    ['使224578', undefined],
    ['WJ京1234J', undefined],
    ['VA12345', undefined],
    ['美A12345', undefined],
    ['', undefined],
  ])('%j → %j', (typed, plate) => {
    const read = readPlate(typed)
    expect('plate' in read ? read.plate : undefined).toBe(plate)
    if ('fault' in read) expect(read.fault.length).toBeGreaterThan(4)
  })

  it('读过的再读不变;写间隔号的同样读得出', () => {
    expect(readPlate('京AD12345')).toEqual({ plate: '京AD12345' })
    expect(readPlate('京A·12345')).toEqual({ plate: '京A12345' })
  })
})

describe('日期', () => {
  const now = new Date('2026-11-24T01:00:00Z')
  it.each([
    ['2027-03-31', '2027-03-31'],
    ['2027/3/1', '2027-03-01'],
    ['2027.3.1', '2027-03-01'],
    ['2027年3月1日', '2027-03-01'],
    ['20270301', '2027-03-01'],
    ['46363', '2026-12-07'],
    ['2020-02-29', '2020-02-29'],
    ['2021-02-29', undefined],
    ['明年3月31日', '2027-03-31'],
    ['今天', '2026-11-24'],
    ['12天后', '2026-12-06'],
    ['长期', undefined],
    ['2027-13-01', undefined],
    ['', undefined],
  ])('%j → %j', (typed, day) => expect(readDay(typed, now)).toBe(day))
})

const HEADS = [
  '序号',
  '车牌号',
  '类别',
  '品牌型号',
  '核载人数',
  '所属单位',
  '里程表读数',
  '年检到期',
  '保险到期',
  '停放地点',
]

describe.each(kinds)('车辆和驾驶员 on %s', kind => {
  let office: TestOffice
  let jiang: TestPerson
  let li: TestPerson
  let gang: TestPerson
  let clerk: TestPerson
  let admin: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
    await office.inStep()
    admin = office.person('刘芳')
    for (const line of ['/角色 @蒋勇 车管员', '/角色 @李静 办公室主任', '/角色 @陈刚 驾驶员']) await admin.says(line)
    ;[jiang, li, gang, clerk] = ['蒋勇', '李静', '陈刚', '陈晨'].map(name => office.person(name)) as TestPerson[] as [
      TestPerson,
      TestPerson,
      TestPerson,
      TestPerson,
    ]
  })
  afterAll(() => office.close())

  const labels = (seen: Seen) => seen.card?.buttons.map(button => button.label) ?? []
  const told = async (person: TestPerson, words: string): Promise<string> => {
    await person.says(words)
    return (await person.sees()).words
  }
  const form = (more: Record<string, string> = {}) => ({
    ...{ plate: '江A10001', category: 'emergency', model: '某牌轿车', seats: '5', unit: '本单位', home: '一号车库' },
    ...{ fuel: 'petrol', licence: 'C1', odometer: '32,000', inspectionOn: '2027-03-31', insuranceOn: '2027/3/31' },
    ...{ serviceOn: '', serviceAt: '', onDuty: '否', fuelCard: '', remark: '' },
    ...more,
  })

  it('没有权限的人看不到台账,也不能新增', async () => {
    expect(await told(clerk, '/用车 车辆')).toContain('台账仅限领导、办公室主任和车管员查看')
    expect(await told(clerk, '/用车 车辆 新增 江A10001 应急保障用车 5座 里程:1')).toContain('仅限车管员和系统管理员')
    expect(await told(clerk, '/用车 司机')).toContain('台账仅限')
    expect(await told(li, '/用车 车辆 新增 江A10001 应急保障用车 5座')).toContain('仅限车管员和系统管理员')
    expect(await count(office.database.db, 'vehicles')).toBe(0)
  })

  it('车管员填写表单新增;车牌不合格式的不登记,改正后登记', async () => {
    await jiang.says('/用车 车辆')
    const list = await jiang.seesCard()
    expect(list.words).toContain('没有符合条件的车辆')
    expect(labels(list)).toEqual(['筛选', '新增车辆', '表格模板'])
    await jiang.presses('新增车辆')
    const open = await jiang.seesCard()
    expect(open.card.inputs.map(({ name }) => name)).toEqual([
      ...['plate', 'category', 'model', 'seats', 'unit', 'home', 'fuel', 'licence', 'odometer', 'inspectionOn'],
      ...['insuranceOn', 'serviceOn', 'serviceAt', 'onDuty', 'fuelCard', 'remark'],
    ])
    const bad = await jiang.presses('登记', { form: form({ plate: '江AO0001', seats: '五' }) })
    expect(bad.toast).toMatchObject({ type: 'error' })
    expect(bad.toast?.content).toContain('不用字母I、O')
    expect(bad.toast?.content).toContain('核载人数请填写1至60')
    const good = await jiang.presses('登记', { on: open, form: form({ plate: '江a·1000１' }) })
    expect(good.toast?.content).toBe('已登记')
    const card = await jiang.seesCard()
    expect(card.card.title).toBe('车辆 · 江A10001')
    expect(card.words).toContain('类别 应急保障用车')
    expect(card.words).toContain('里程表读数 32,000公里')
    expect(card.words).toContain('年检到期 2027年3月31日(周三)')
    expect(card.words).toContain('蒋勇 登记')
    expect(await rows(office.database.db, 'select plate, seats, odometer, state from vehicles')).toEqual([
      { plate: '江A10001', seats: 5, odometer: 32000, state: 'available' },
    ])
  })

  it('同一车牌不能登记两次;系统管理员也可以新增;一行写明的直接登记,不明的补填', async () => {
    expect(await told(jiang, '/用车 车辆 新增 江A10001 应急保障用车 5座')).toContain('江A10001已经登记')
    await admin.says(
      '/用车 车辆 新增 江AD10002 机要通信用车 5座 某牌电动轿车 里程:12000 能源:纯电动 年检:2027年5月1日 值班车',
    )
    const card = await admin.seesCard()
    expect(card.card.title).toBe('车辆 · 江AD10002')
    for (const words of ['机要通信用车', '某牌电动轿车', '纯电动', '12,000公里', '值班应急 是'])
      expect(card.words).toContain(words)
    await jiang.says('/用车 车辆 新增 江A10003 5座')
    const open = await jiang.seesCard()
    expect(open.words).toContain('请补充或改正:请填写类别')
    expect(open.card.inputs.find(({ name }) => name === 'plate')?.value).toBe('江A10003')
    expect(await told(jiang, '/用车 车辆 新增\n江A10004 其他公务用车 7座\n江A1000 其他公务用车 7座')).toContain('第2行')
    expect(await count(office.database.db, 'vehicles')).toBe(2)
    expect(await told(jiang, '/用车 车辆 新增\n江A10004 其他 7座 里程:5\n江A10005 执法 5座 里程:6')).toContain(
      '已登记2辆车',
    )
  })

  it('修改记入变更记录,从什么改为什么;旧卡片不能再改', async () => {
    await jiang.says('/用车 车辆 江A10001')
    const card = await jiang.seesCard()
    await jiang.presses('修改')
    const open = await jiang.seesCard()
    const odd = await jiang.presses('保存', { form: form({ odometer: '三万' }) })
    expect(odd.toast?.content).toContain('里程表读数请填写公里数')
    await jiang.presses('保存', { on: open, form: form({ odometer: '33000', home: '二号车库', insuranceOn: '' }) })
    const after = await jiang.seesCard()
    expect(after.words).toContain(
      '蒋勇 修改:固定停放地点:一号车库→二号车库;里程表读数:32,000公里→33,000公里;保险到期:2027年3月31日(周三)→未填',
    )
    expect(after.words).toContain('保险到期 未登记')
    expect((await jiang.forges('停用维修', card)).toast?.content).toContain('卡片已过期')
  })

  it('领导和办公室主任能看不能改,伪造的按钮无效', async () => {
    await jiang.says('/用车 车辆 江A10001')
    const own = await jiang.seesCard()
    await li.says('/用车 车辆 江A10001')
    const seen = await li.seesCard()
    expect(labels(seen)).toEqual([])
    for (const label of ['修改', '停用维修', '报废', '登记年检']) {
      const answer = await li.forges(label, own)
      expect(answer.toast, label).toMatchObject({ type: 'error' })
    }
    expect((await clerk.forges('报废', own)).toast?.content).toContain('仅限车管员和系统管理员')
    expect(await count(office.database.db, `vehicles where state <> 'available'`)).toBe(0)
  })

  it('三员中兼任两员的人,在撤销其一之前什么权限也没有', async () => {
    const { db } = office.database
    const he = office.person('何平')
    const hold = (...codes: string[]) =>
      rows(
        db,
        `insert into held_roles (person, role, from_on, granted_by, granted_at)
         select '${he.id}', code, '2026-11-20', '', '2026-11-20' from unnest(array['${codes.join("','")}']) code`,
      )
    await admin.says('/角色 @何平 系统管理员')
    await he.says('/用车 车辆 江A10001')
    const own = await he.seesCard()
    expect(labels(own)).toContain('修改')
    // nobody is given both: it is written into the database
    await hold('BM', 'CD', 'DB', 'HW', 'LD')
    const before = await rows(db, 'select * from vehicles order by id')
    for (const label of ['修改', '停用维修', '报废', '登记年检'])
      expect((await he.forges(label, own)).toast, label).toMatchObject({ type: 'error' })
    expect((await he.forges('报废', own)).toast?.content).toBe('此操作仅限车管员和系统管理员')
    for (const [words, why] of [
      ['/用车 车辆', '台账仅限'],
      ['/用车 车辆 新增 江A10009 其他公务用车 5座 里程:1', '仅限车管员和系统管理员'],
      ['/用车 司机 新增 何平 C1 驾驶证:2031-05-31', '仅限车管员和系统管理员'],
      ['/用车 导出', '仅限'],
      ['/督办 导出', '导出台账仅限'],
      ['/会议 11月27日14:30 三楼会议室 例会', '您的角色不办理会议通知'],
      ['/会议 导出 2026-11', '仅限'],
      ['/会议 准备模板', '由会务员或办公室主任修改'],
      ['/审计', '仅限安全审计员'],
    ] as const)
      expect(await told(he, words), words).toContain(why)
    expect(await rows(db, 'select * from vehicles order by id')).toEqual(before)

    await admin.says('/角色 撤销 @何平 保密员')
    await he.says('/用车 车辆 江A10001')
    expect(labels(await he.seesCard())).toContain('修改')
    expect(await told(he, '/督办 导出')).toContain('导出台账仅限')
    expect(await told(he, '/会议 11月27日14:30 三楼会议室 例会')).toContain('您的角色不办理会议通知')
    await rows(db, `delete from held_roles where person = '${he.id}'`)
  })

  it('停用、恢复、报废;有派车任务的不能报废,列出任务', async () => {
    const { db } = office.database
    await jiang.says('/用车 车辆 江A10005')
    expect((await jiang.presses('停用维修')).toast?.content).toBe('已转为“维修”')
    const standing = await jiang.seesCard()
    expect(standing.words).toContain('当前不能派出:车辆维修')
    expect(labels(standing)).toContain('恢复可用')
    expect(labels(standing)).not.toContain('停用维修')
    await jiang.presses('恢复可用')
    await rows(
      db,
      `insert into runs (rev, state, vehicle, starts_at, ends_at, route, parked_at, remark, dispatched_by, dispatched_at)
       select 1, 'planned', id, '2026-11-25T09:00:00+08', '2026-11-25T17:00:00+08', '', '', '', 'x', '2026-11-24T09:00:00+08' from vehicles where plate = '江A10005'`,
    )
    const refused = await jiang.presses('报废')
    expect(refused.toast?.content).toContain('还有派车任务(无编号 11月25日(周三)09:00至17:00),请先改派')
    const warned = await jiang.presses('停用维修')
    expect(warned.toast?.content).toContain('请改派')
    await rows(db, `update runs set state = 'void'`)
    await jiang.says('/用车 车辆 江A10005')
    expect((await jiang.presses('报废')).toast?.content).toBe('已报废')
    expect(labels(await jiang.seesCard())).toEqual([])
    await jiang.says('/用车 车辆')
    const list = await jiang.seesCard()
    expect(list.words).not.toContain('江A10005')
    const filtered = await jiang.presses('筛选', { form: { state: 'retired', category: 'all' } })
    expect(filtered.toast?.type).not.toBe('error')
    expect((await jiang.seesCard()).words).toContain('江A10005')
    await jiang.says('/用车 车辆 新增 江A10005 其他公务用车 5座')
    expect((await jiang.seesCard()).card.title).toBe('车辆 · 江A10005')
  })

  it('驾驶员:按姓名关联账号,同名的先选;本人能看自己的登记', async () => {
    await jiang.says('/用车 司机 新增 陈刚 A2 驾驶证:2031-05-31 培训:2026-03-12 电话:13900000020')
    const card = await jiang.seesCard()
    expect(card.card.title).toBe('驾驶员 · 陈刚')
    expect(card.words).toContain('账号 陈刚(车队)')
    expect(card.words).not.toContain('还没有“驾驶员”角色')
    expect(await told(jiang, '/用车 司机 新增 陈刚 A2 驾驶证:2031-05-31')).toContain('陈刚已在驾驶员名册中')
    await jiang.says('/用车 司机 新增 张伟 C1 驾驶证:2030-01-31')
    const doubt = await jiang.seesCard()
    expect(doubt.words).toContain('“张伟”有同名人员')
    const options = doubt.card.inputs.find(({ name }) => name === 'person')?.options ?? []
    const chosen = options.find(({ label }) => label === '张伟(督查科)')
    const answer = await jiang.presses('登记', {
      form: {
        name: '张伟',
        person: chosen?.value ?? '',
        phone: '',
        licence: 'C1',
        licenceUntil: '2030-01-31',
        trainedOn: '',
        remark: '',
      },
    })
    expect(answer.toast?.content).toBe('已登记')
    const enrolled = (await jiang.seesCard()).words
    expect(enrolled).toContain('张伟(督查科)')
    expect(enrolled).toContain('还没有“驾驶员”角色')
    await jiang.says('/用车 司机 新增 马师傅 A1 驾驶证:2029-06-30 培训:今天 电话:13900000099')
    expect((await jiang.seesCard()).words).toContain('未关联账号')
    expect(await told(gang, '/用车 司机')).toContain('驾驶证有效期 2031年5月31日')
    expect(labels(await gang.seesCard())).toEqual([])
    await gang.says('/用车 司机 马师傅')
    expect((await gang.seesCard()).words).not.toContain('13900000099')
  })

  it('驾驶员请假、离岗;有任务的先改派;记录不写电话', async () => {
    await jiang.says('/用车 司机 马师傅')
    expect((await jiang.presses('请假')).toast?.content).toBe('已转为“请假”')
    await jiang.presses('恢复在岗')
    await jiang.presses('修改')
    await jiang.presses('保存', {
      form: {
        name: '马师傅',
        person: 'outsider',
        phone: '13900000098',
        licence: 'A1',
        licenceUntil: '2029-06-30',
        trainedOn: '2026-11-24',
        remark: '住城南',
      },
    })
    const card = await jiang.seesCard()
    expect(card.words).toContain('联系电话:原号码→新号码')
    expect((await jiang.presses('离岗')).toast?.content).toBe('已转为“离岗”')
    expect(labels(await jiang.seesCard())).toEqual([])
    // nobody of the house, whom no erasure of an account reaches
    expect(
      await rows(
        office.database.db,
        `select state, phone, remark, trained_on, licence, licence_until::text from drivers where name = '马师傅'`,
      ),
    ).toEqual([{ state: 'left', phone: '', remark: '', trained_on: null, licence: 'A1', licence_until: '2029-06-30' }])
    expect((await jiang.seesCard()).words).not.toContain('1390000')
    expect(
      JSON.stringify(await rows(office.database.db, `select data from events where matter like 'driver/%'`)),
    ).not.toContain('1390000')
  })

  it('表格模板:列名齐全,示例行不导入;填好发回,新增和更新逐项核对', async () => {
    await jiang.says('/用车 车辆')
    expect((await jiang.presses('表格模板')).toast?.content).toContain('随后发送到私聊')
    const [file] = await filesOf(office, jiang)
    expect(file?.name).toBe('车辆登记表.xlsx')
    const table = await readSheet(file?.bytes ?? new Uint8Array())
    expect(table[2]?.slice(0, 4)).toEqual(['序号', '车牌号', '类别', '品牌型号'])
    expect(table[3]?.[0]).toBe('示例')
    await jiang.sendsFile('车辆登记表.xlsx', { bytes: file?.bytes ?? new Uint8Array() })
    expect((await jiang.sees()).words).toContain('列名之下没有内容')
    const rowsOf = (...lines: Array<Array<string | number>>) => workbook(sheetOf([['车辆登记表'], HEADS, ...lines]))
    await jiang.sendsFile('本单位车辆.xlsx', {
      bytes: rowsOf(
        ['示例', '京A12345', '应急保障用车', '', 5, '', 1, '', '', ''],
        [1, '江A20001', '应急保障用车', '某牌商务车', 7, '办公室', 8000, 46477, '2027-04-01', '东院'],
        [2, '江A10001', '应急保障用车', '', '', '', 35000, '', '2027-11-30', ''],
        [3, '江A2000', '应急保障用车', '', 5, '', '', '', '', ''],
        [4, '江A20002', '越野车', '', 5, '某某企业', '', '', '', ''],
        [5, '江A20001', '应急保障用车', '', 5, '', '', '', '', ''],
      ),
    })
    const seen = await jiang.seesCard()
    expect(seen.card.title).toBe('车辆导入 · 请核对 · 5项')
    expect(seen.words).toContain('可新增1项,更新1项。第3、4、5项有误')
    expect(seen.words).toMatch(/1\. 江A20001 · 新增[\s\S]*办公室[\s\S]*年检到期:2027年3月31日/)
    expect(seen.words).toMatch(/2\. 江A10001 · 更新\s+里程表读数:33,000公里→35,000公里;保险到期:未填→2027年11月30日/)
    expect(seen.words).toMatch(
      /3\. 江A2000\s+有误:车牌号[\s\S]*4\. [\s\S]*类别请填写[\s\S]*不得换用、借用[\s\S]*5\. [\s\S]*与前面的行重复/,
    )
    expect((await admin.forges('全部登记(2项)', seen)).toast?.content).toContain('卡片已过期')
    expect((await jiang.presses('全部登记(2项)')).toast?.content).toBe('已登记2项')
    expect((await jiang.seesCard()).card).toMatchObject({ title: '车辆导入 · 已登记 · 5项', colour: 'green' })
    expect((await jiang.forges('全部登记(2项)', seen)).toast).toMatchObject({ type: 'info' })
    const [kept] = await rows<{ odometer: number; home: string; model: string }>(
      office.database.db,
      `select odometer, home, model from vehicles where plate = '江A10001' and state <> 'retired'`,
    )
    expect(kept).toEqual({ odometer: 35000, home: '二号车库', model: '某牌轿车' })
    await jiang.sendsFile('本单位车辆.xlsx', {
      bytes: rowsOf([1, '江A10001', '应急保障用车', '', '', '', 35000, '', '', '']),
    })
    const same = await jiang.seesCard()
    expect(same.words).toContain('无变化1项')
    expect(labels(same)).toEqual(['作废'])
    expect((await jiang.presses('作废')).toast?.content).toBe('已作废')
  })

  it('驾驶员表格:同名的须写部门', async () => {
    const heads = ['姓名', '部门', '联系电话', '准驾车型', '驾驶证有效期', '年度培训日期']
    await jiang.sendsFile('驾驶员.xlsx', {
      bytes: workbook(
        sheetOf([
          heads,
          ['沈亮', '', '13900000021', 'B1', '2030-08-31', '2026-04-01'],
          ['张伟', '', '', 'C1', '2030-01-31', ''],
          ['张伟', '办公室', '', 'C1', '2030-01-31', ''],
          ['陈刚', '', '13900000020', 'A1', '2032-05-31', ''],
          ['吴师傅', '', '12', 'C9', '长期', '2027-01-01'],
        ]),
      ),
    })
    const seen = await jiang.seesCard()
    expect(seen.card.title).toBe('驾驶员导入 · 请核对 · 5项')
    expect(seen.words).toMatch(
      /2\. 张伟\s+有误:“张伟”有同名人员[\s\S]*3\. 张伟 · 新增[\s\S]*4\. 陈刚 · 更新\s+准驾车型:A2→A1;驾驶证有效期/,
    )
    expect(seen.words).toMatch(
      /5\. 吴师傅[\s\S]*有误:联系电话的格式不对;准驾车型请填写[\s\S]*;驾驶证有效期请写日期[\s\S]*年度培训日期不能晚于今天/,
    )
    await jiang.presses('全部登记(3项)')
    expect(await count(office.database.db, `drivers where state <> 'left'`)).toBe(4)
  })

  it('表格中里程低于已登记的、已在册的、账号停用的,只是该项有误,其余照常登记', async () => {
    const { db } = office.database
    await rows(
      db,
      `insert into runs (rev, state, vehicle, starts_at, ends_at, departed_at, odometer_out, returned_at, odometer_in, route, parked_at, remark, dispatched_by, dispatched_at)
       select 1, 'back', id, '2026-11-23T09:00+08', '2026-11-23T17:00+08', '2026-11-23T09:00+08', 34900, '2026-11-23T16:00+08', 35000, '', '', '', 'x', '2026-11-23T08:00+08'
       from vehicles where plate = '江A10001' and state <> 'retired'`,
    )
    await jiang.sendsFile('本单位车辆.xlsx', {
      bytes: workbook(
        sheetOf([
          HEADS,
          [1, '江A10001', '', '', '', '', 34000, '', '', '三号车库'],
          [2, '江A20001', '', '', '', '', 8100, '', '', ''],
        ]),
      ),
    })
    const cars = await jiang.seesCard()
    expect(cars.words).toContain('可新增0项,更新1项。第1项有误')
    expect(cars.words).toContain('有误:里程表读数不能低于已登记的35000公里;确需更正的,请在派车单上更正里程')
    expect((await jiang.presses('全部登记(1项)')).toast?.content).toBe('已登记1项')
    expect(
      await rows(
        db,
        `select odometer from vehicles where plate in ('江A10001', '江A20001') and state <> 'retired' order by plate`,
      ),
    ).toEqual([{ odometer: 35000 }, { odometer: 8100 }])

    await rows(db, `update drivers set name = '沈师傅' where name = '沈亮'`)
    await rows(db, `update people set active = false where name = '陈刚'`)
    await jiang.sendsFile('驾驶员.xlsx', {
      bytes: workbook(
        sheetOf([
          ['姓名', '部门', '联系电话', '准驾车型', '驾驶证有效期', '年度培训日期'],
          ['沈亮', '', '13900000021', 'B1', '2031-08-31', ''],
          ['陈刚', '', '13900000020', 'A1', '2033-05-31', ''],
          ['何师傅', '', '13900000031', 'B1', '2030-08-31', ''],
        ]),
      ),
    })
    const drivers = await jiang.seesCard()
    expect(drivers.words).toContain('可新增1项,更新0项。第1、2项有误')
    expect(drivers.words).toMatch(/1\. 沈亮\s+有误:沈师傅已在驾驶员名册中[\s\S]*2\. 陈刚\s+有误:该人员的账号已停用/)
    expect((await jiang.presses('全部登记(1项)')).toast?.content).toBe('已登记1项')
    expect((await jiang.seesCard()).words).toContain('已新增1项,更新0项。第1、2项有误')
    expect(await count(db, `drivers where name = '何师傅'`)).toBe(1)
    await rows(db, `update people set active = true where name = '陈刚'`)
  })

  it('不是车管员和系统管理员的表格不受理;写错列名的说明怎样填', async () => {
    await clerk.sendsFile('车辆.xlsx', { bytes: workbook(sheetOf([HEADS])) })
    expect((await clerk.sees()).words).toContain('如需作为某一事项的材料')
    await jiang.sendsFile('随便.xlsx', {
      bytes: workbook(
        sheetOf([
          ['甲', '乙'],
          ['1', '2'],
        ]),
      ),
    })
    expect((await jiang.sees()).words).toContain('没有找到列名')
    await jiang.sendsFile('车辆.csv', { bytes: new Uint8Array([1]) })
    expect((await jiang.sees()).words).toContain('请用 .xlsx')
  })

  it('限于某部门的车管员只管该部门的车', async () => {
    await admin.says('/角色 @沈亮 车管员 办公室')
    const liang = office.person('沈亮')
    await liang.says('/用车 车辆')
    const list = await liang.seesCard()
    expect(list.card.title).toBe('车辆 · 1辆')
    expect(list.words).toContain('江A20001')
    expect(await told(liang, '/用车 车辆 江A10001')).toContain('没有车牌含')
    expect(await told(liang, '/用车 车辆 新增 江A30001 其他公务用车 5座')).toContain('只能登记和修改本人负责单位的车辆')
  })

  it('代理期间由代理人登记', async () => {
    await jiang.says('/角色 代理 @郑洁 11月24日至11月30日')
    const zheng = office.person('郑洁')
    await zheng.says('/用车 车辆 新增 江A40001 其他公务用车 5座')
    expect((await zheng.seesCard()).card.title).toBe('车辆 · 江A40001')
  })

  it('按车牌查找', async () => {
    await li.says('/查 江A40001')
    expect((await li.seesCard()).words).toContain('车辆 江A40001')
    await clerk.says('/查 江A40001')
    expect((await clerk.sees()).words).not.toContain('车辆 江A40001')
  })

  it('群里只给本人看', async () => {
    await jiang.says('@回音 /用车 司机 陈刚', { to: '办公室工作群' })
    expect((await jiang.seesCard()).words).toContain('13900000020')
    const group = (await jiang.messages('办公室工作群')).map(({ words }) => words).join('\n')
    expect(group).not.toContain('13900000020')
  })
})
