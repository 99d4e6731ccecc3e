import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { holdersOf } from '../db/role.ts'
import type { ClickAnswer } from '../simulator/protocol.ts'
import { dayIn } from '../src/kit/time.ts'
import { may, permission, ROLES, type RoleCode } from '../src/office/role/role.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { rows } from './harness/traces.ts'
import { ways } from './harness/ways.ts'

describe.each(ways)('角色 on %s', (_, way) => {
  let office: TestOffice
  let admin: TestPerson
  let wang: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open(way)
    admin = office.person('刘芳')
    wang = office.person('王强')
  })
  afterAll(() => office.close())

  it('系统管理员设置,所有人可查看', async () => {
    await admin.says('/角色 @王强 督办员')
    expect((await admin.seesCard()).card).toMatchObject({ title: '角色 · 已设置', text: '王强 · 督办员' })
    await wang.says('/角色')
    expect((await wang.seesCard()).card.text).toContain('督办员 王强')
  })

  it('可限定单位和期限,到期自动失效', async () => {
    await admin.says('/角色 @杨帆 区县联络员 东湖区委政法委 至 2026-12-31')
    expect((await admin.seesCard()).card.text).toBe('杨帆 · 区县联络员 · 东湖区委政法委 · 至2026-12-31')
    await wang.says('/角色')
    expect((await wang.seesCard()).card.text).toContain('杨帆(东湖区委政法委)〔至2026-12-31〕')
    await office.moveTo('2027-01-01T09:00:00+08:00')
    await wang.says('/角色')
    expect((await wang.seesCard()).card.text).not.toContain('杨帆')
  })

  it('撤销,以及设置后立即取消', async () => {
    await admin.says('/角色 撤销 @王强 督办员')
    expect((await admin.seesCard()).card.title).toBe('角色 · 已撤销')
    await admin.says('/角色 赵敏 会务员')
    expect((await admin.presses('取消')).toast?.content).toBe('已撤销')
    await wang.says('/角色')
    expect((await wang.seesCard()).card.text).not.toMatch(/督办员 王强|会务员 赵敏/)
    await admin.says('/角色 杨帆 区县联络员 东湖区委政法委')
    await admin.presses('取消')
    const acts = await rows<{ act: string; unit: string | null }>(
      office.database.db,
      `select act, data ->> 'unit' as unit from events where feature = 'role' and act in ('grant', 'withdraw') order by id desc limit 2`,
    )
    expect(acts.map(one => one.act)).toEqual(['withdraw', 'grant'])
    expect(acts[0]?.unit).toBeTruthy()
    expect(acts[0]?.unit).toBe(acts[1]?.unit)
  })

  it('账号已停用的人不设置角色,按旧卡片也不', async () => {
    const zhu = office.person('朱琳')
    await admin.says('/角色 @张伟 信息员')
    const choice = await admin.seesCard()
    const [button] = choice.card.buttons
    await office.send('PATCH', `/sim/people/${zhu.id}`, { is_resigned: true })
    await office.settled()
    const forged = { ...button, value: { ...button?.value, person: zhu.id } } as (typeof choice.card.buttons)[number]
    const action = { tag: 'button', value: forged.value }
    const answer = await office.send<ClickAnswer>('POST', '/sim/raw-click', {
      ...{ as: admin.id, message_id: choice.message_id, action },
    })
    expect(answer.toast?.content).toContain('朱琳的账号已停用')
  })

  it('同名的人按部门选择', async () => {
    await admin.says('/角色 @张伟 信息员')
    await admin.presses('张伟(督查科)')
    expect((await admin.seesCard()).card).toMatchObject({ title: '角色 · 已设置', text: '张伟 · 信息员' })
  })

  it.each([
    ['/角色 @王强 太上皇', '请写明角色'],
    ['/角色 @王强', '例如:/角色 @王强 督办员'],
    ['/角色 撤销', '请写明人员和角色。例如:/角色 撤销 @王强 督办员'],
    ['/角色 撤销 @', '请写明人员和角色。例如:/角色 撤销 @王强 督办员'],
    ['/角色 撤销 @王强', '例如:/角色 撤销 @王强 督办员'],
    ['/角色 撤销 @李小龙 督办员', '未找到“李小龙”。例如:/角色 撤销 @王强 督办员'],
    ['/角色 @李小龙 督办员', '未找到“李小龙”'],
    ['/角色 @王强 督办员 火星办', '未找到单位或部门“火星办”'],
    ['/角色 撤销 @王强 档案员', '王强未担任档案员'],
    ['/角色 @王强 督办员 至 2020-01-01', '截止日期“2020-01-01”已经过去'],
    ['/角色 @王强 督办员 督查科 至 2027-02-30', '截止日期“2027-02-30”不存在'],
    ['/角色 @王强 督办员 至 改革开放以来', '未能识别截止日期“改革开放以来”'],
    ['/角色 @王强 系统管理员 督查科', '系统管理员面向全单位'],
    ['/角色 @王强 安全审计员 督查科', '安全审计员面向全单位'],
    ['/角色 @刘芳 保密员', '三员分离'],
  ])('“%s”被退回:%s', async (said, why) => {
    if (why === '三员分离') await admin.says('/角色 @刘芳 系统管理员')
    await admin.says(said)
    expect((await admin.sees()).words).toContain(why)
  })

  it('非管理员不能设置,群里也不能设置', async () => {
    await wang.says('/角色 @王强 系统管理员')
    expect((await wang.sees()).words).toContain('设置角色仅限系统管理员')
    await admin.says('@回音 /角色 @王强 督办员', { to: '办公室工作群' })
    expect((await admin.sees()).words).toContain('请在与回音的私聊中设置角色')
    await wang.says('/角色')
    expect((await wang.seesCard()).card.text).not.toContain('督办员 王强')
  })

  it('至少保留一名在岗的系统管理员,已离职的不算,由配置指定的也一样', async () => {
    await admin.says('/角色 @王强 系统管理员')
    await wang.says('/角色 撤销 @王强 系统管理员')
    expect((await wang.seesCard()).card.title).toBe('角色 · 已撤销')
    await admin.says('/角色 @王强 系统管理员')
    await office.send('PATCH', `/sim/people/${admin.id}`, { is_resigned: true })
    await office.settled()
    await wang.says('/角色 撤销 @王强 系统管理员')
    expect((await wang.sees()).words).toContain('至少保留一名系统管理员')
    await wang.says('/角色 @王强 系统管理员')
    expect((await wang.presses('取消')).toast?.content).toContain('至少保留一名系统管理员')
    await wang.says('/角色 @王强 系统管理员 至 2027-12-31')
    expect((await wang.sees()).words, 'nobody on the day after').toContain('至少保留一名系统管理员')
    await wang.says('/角色 @赵敏 系统管理员')
    expect((await wang.seesCard()).card.title).toBe('角色 · 已设置')
    await wang.says('/角色 @王强 系统管理员 至 2027-12-31')
    expect((await wang.seesCard()).card.title).toBe('角色 · 已设置')
    await wang.says('/角色 撤销 @王强 系统管理员')
    expect((await wang.seesCard()).card.title).toBe('角色 · 已撤销')
  })

  it('两名系统管理员同时撤销对方,仍留一名', async () => {
    const zhao = office.person('赵敏')
    await zhao.says('/角色 @王强 系统管理员')
    await Promise.all([zhao.says('/角色 撤销 @王强 系统管理员'), wang.says('/角色 撤销 @赵敏 系统管理员')])
    const left = await holdersOf(office.database.db, 'SY', dayIn(office.clock.now()))
    expect(left.length).toBe(1)
  })
})

describe('权限矩阵', () => {
  it.each([
    ['DB', 'C', 'task.draft', true],
    ['KZ', 'C', 'task.draft', false],
    ['BZ', 'A', 'task.assign', true],
    ['XB', 'S', 'task.accept', true],
    ['QX', 'E', 'task.accept', true],
    ['CD', 'E', 'car.dispatch', true],
    ['BZ', 'E', 'car.dispatch', false],
    ['SJ', 'V', 'audit.log', true],
    ['SY', 'V', 'audit.log', false],
    ['SY', 'E', 'role.configure', true],
  ] as const)('%s %s %s: %s', (role, right, of, allowed) => expect(may([role], right, of)).toBe(allowed))

  it('脚注随权限带出', () => {
    expect(permission('BZ', 'task.extend')).toEqual({ rights: ['A'], note: '1' })
    expect(permission('KZ', 'car.approve')).toEqual({ rights: ['A'], note: '4' })
    expect(permission('JS', 'car.trip')).toEqual({ rights: ['E', 'O'] })
  })

  it('拒绝优先:系统管理员不因兼任其他角色而得到业务权限', () => {
    expect(may(['SY', 'BZ'], 'A', 'task.assign')).toBe(false)
    expect(may(['BZ', 'GB'], 'A', 'task.assign')).toBe(true)
  })

  it('每个角色在矩阵中都有一列', () => {
    for (const role of Object.keys(ROLES) as RoleCode[]) expect(() => permission(role, 'car.request')).not.toThrow()
    expect(may(['GB'], 'C', 'car.request')).toBe(true)
  })
})
