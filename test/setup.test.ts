import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepSetting } from '../db/settings.ts'
import type { ClickAnswer } from '../simulator/protocol.ts'
import { digest } from '../src/kit/secret.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { ways } from './harness/ways.ts'

const CODE = 'K7PZ2MHWQ4RX'

async function confirmGates(admin: TestPerson): Promise<void> {
  await admin.presses('上线前确认')
  for (const gate of ['secrecy', 'filing', 'grading', 'commission'])
    expect((await admin.presses('登记确认', { form: { gate, ground: `文号${gate}` } })).toast?.type).toBe('success')
}

describe.each(ways)('初始化 on %s', (_, way) => {
  let office: TestOffice
  beforeAll(async () => {
    office = await TestOffice.open({ ...way, admins: [] })
    await keepSetting(office.database.db, 'setup.code', digest(CODE), office.clock.now())
  })
  afterAll(() => office.close())

  it('一次性代码只认一次,错的不认,群里不认', async () => {
    const [first, second] = [office.person('刘芳'), office.person('王强')]
    await second.says('/初始化 WRONGCODE123')
    expect((await second.sees()).words).toContain('初始化代码无效或已被使用')
    await second.says(`@回音 /初始化 ${CODE}`, { to: '督查工作群' })
    expect((await second.sees()).words).toContain('请在与回音的私聊中')
    await first.says(`/初始化 ${CODE.toLowerCase()}`)
    expect((await first.seesCard()).card.text).toContain('您已成为系统管理员')
    await second.says(`/初始化 ${CODE}`)
    expect((await second.sees()).words).toContain('初始化代码无效或已被使用')
    // nor is one good that was never used, once there is somebody
    await keepSetting(office.database.db, 'setup.code', digest('ABCDEFGHJKLM'), office.clock.now())
    await second.says('/初始化 ABCDEFGHJKLM')
    expect((await second.sees()).words).toContain('初始化代码无效或已被使用')
    await second.says('/角色')
    expect((await second.sees()).words).toMatch(/^角色\n系统管理员 刘芳\n/)
  })

  it('检查清单如实列出已就绪和待办', async () => {
    const admin = office.person('刘芳')
    await admin.says('/初始化')
    const { card } = await admin.seesCard()
    expect(card.title).toBe('初始化 · 有待完善')
    expect(card.text).toContain('应用凭证 ✓ 已连接')
    expect(card.text).toMatch(/通讯录 ✓ \d+人、6个部门/)
    expect(card.text).toContain('未设置:办公室主任、督办员、车管员、保密员')
    for (const [name, role] of [
      ['李静', '办公室主任'],
      ['王强', '督办员'],
      ['蒋勇', '车管员'],
      ['孙丽', '保密员'],
    ])
      await admin.says(`/角色 @${name} ${role}`)
    await admin.says('/初始化')
    const before = await admin.seesCard()
    expect(before.card.title).toBe('初始化 · 有待完善')
    expect(before.card.text).toContain('上线前确认 待办 未确认:保密审查、应用备案、等级保护、委托运维')
    await confirmGates(admin)
    await admin.says('/初始化')
    // in November the notice may be yet to come
    const inNovember = await admin.seesCard()
    expect(inNovember.card.title).toBe('初始化 · 已完成')
    expect(inNovember.card.text).toContain('节假日安排 待办 2027年尚未载入')
    await admin.says('/假期 载入 2027年 元旦 1月1日至3日')
    await admin.presses('确认载入')
    await admin.says('/初始化')
    expect((await admin.seesCard()).card.text).toContain('节假日安排 ✓ 已载入')
    expect((await admin.presses('重新读取通讯录')).toast?.content).toBe('将在1分钟内重新读取通讯录')
  })

  it('上线前确认须写明依据,重新登记的以后者为准,旁人不能登记', async () => {
    const admin = office.person('刘芳')
    await admin.says('/初始化')
    await admin.presses('上线前确认')
    const shown = await admin.seesCard()
    expect(shown.card.title).toBe('上线前确认 · 已全部确认')
    expect((await admin.presses('登记确认', { form: { gate: 'secrecy', ground: ' ' } })).toast?.content).toContain(
      '文号',
    )
    expect((await admin.presses('登记确认', { form: { gate: 'toString', ground: '有' } })).toast?.content).toContain(
      '事项',
    )
    await admin.presses('登记确认', { form: { gate: 'filing', ground: '网信办<at id=all></at> 备2号' } })
    const { words } = await admin.seesCard()
    expect(words).toContain('网信办<at id=all></at> 备2号 · 刘芳')
    expect(words).not.toContain('文号filing')
    const stranger = office.person('王强')
    const press = shown.card.buttons.find(({ label }) => label === '登记确认')
    if (!press) throw new Error('no button')
    const action = { tag: 'button', value: press.value, form_value: { gate: 'secrecy', ground: '假' } }
    const forged = { as: stranger.id, message_id: shown.message_id, action }
    const refused = await office.send<ClickAnswer>('POST', '/sim/raw-click', forged)
    expect(refused.toast?.content).toContain('仅限系统管理员')
  })

  it('只有系统管理员能看', async () => {
    await office.person('王强').says('/初始化')
    expect((await office.person('王强').sees()).words).toContain('安装检查仅限系统管理员')
  })

  it('至少保留一名系统管理员', async () => {
    await office.person('刘芳').says('/角色 撤销 @刘芳 系统管理员')
    expect((await office.person('刘芳').sees()).words).toContain('至少保留一名系统管理员')
  })
})
