import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { taskFlow } from '../src/office/task/flow.ts'
import { type Cast, giveOut, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { ADMIN, type Seen, type TestPerson } from './harness/office.ts'

const STATES = new RegExp(`^督办 · (${Object.values(taskFlow.states).join('|')})$`)

/** Who sees and hears of a task, and who does not. */
describe.each(kinds)('督办的可见与告知 on %s', kind => {
  let cast: Cast
  let admin: TestPerson
  beforeAll(async () => {
    cast = await openCast({ kind })
    admin = cast.office.person('刘芳')
  })
  afterAll(() => cast.office.close())

  const about = async (person: TestPerson, title: string): Promise<Seen[]> =>
    (await person.messages()).filter(one => one.sender === 'bot' && one.words.includes(title))
  const heard = async (person: TestPerson): Promise<number> =>
    (await person.messages()).filter(one => one.sender === 'bot').length

  async function cardOf(person: TestPerson, title: string): Promise<Seen> {
    const found = (await about(person, title)).filter(one => STATES.test(one.card?.title ?? '')).at(-1)
    if (!found) throw new Error(`${person.name} has no card of ${title}`)
    return found
  }

  async function told(person: TestPerson, said: string): Promise<string> {
    await person.says(said)
    return (await person.sees()).words
  }

  it('知悉范围以外的科室负责人,交办和催办都不得知', async () => {
    const { feng, chen, wang } = cast
    const before = await heard(feng)
    await giveOut(cast, '@陈晨 专项线索核查 12月8日下班前 知悉范围:李静')
    await wang.presses('催办', { on: await cardOf(wang, '专项线索核查') })
    expect((await chen.seesCard()).card.title).toBe('督办 · 催办')
    expect(await heard(feng)).toBe(before)
  })

  it('拟定后离任的,不再送审、不再同意交办', async () => {
    const { office, wang, li } = cast
    const zheng = office.person('郑洁')
    await wang.says('/督办 @郑洁 清理离任台账 12月9日下班前')
    await wang.presses('送审')
    const asked = await cardOf(li, '清理离任台账')
    await wang.says('/督办 @郑洁 清理在任台账 12月9日下班前')
    const draft = await cardOf(wang, '清理在任台账')
    await office.send('PATCH', `/sim/people/${zheng.id}`, { is_resigned: true })
    await office.settled()
    const said = '郑洁的账号已停用,不能承办'
    expect((await li.presses('同意交办', { on: asked })).toast?.content).toContain(said)
    expect((await wang.presses('送审', { on: draft })).toast?.content).toContain(said)
    await office.send('PATCH', `/sim/people/${zheng.id}`, { is_resigned: false })
    await office.settled()
    expect((await li.presses('同意交办', { on: asked })).toast?.type).toBe('success')
  })

  it('代理人的待办里没有知悉范围以外的事项', async () => {
    const { feng, chen } = cast
    await chen.says('/角色 代理 @冯军 11月24日至11月27日')
    await giveOut(cast, '@陈晨 公开事项办理 12月8日下班前')
    const todo = await told(feng, '/待办')
    expect(todo).toContain('公开事项办理')
    expect(todo).not.toContain('专项线索核查')
  })

  it('交办以前,拟定的承办人、协办人和科室都看不到', async () => {
    const { wang, li, chen, cao, feng } = cast
    await wang.says('/督办 @陈晨 @曹颖 拟定重点任务 今天下班前')
    await wang.presses('送审')
    const asked = await cardOf(li, '拟定重点任务')
    for (const person of [chen, cao, feng]) {
      expect(await told(person, '/督办 我的'), person.name).not.toContain('拟定重点任务')
      expect(await told(person, '/督办 列表'), person.name).not.toContain('拟定重点任务')
      expect(await told(person, '/查 拟定重点'), person.name).toContain('没有找到')
      expect(await told(person, '/今日'), person.name).not.toContain('拟定重点任务')
      expect((await person.forges('同意交办', asked)).toast?.content).toBe('未找到该督办事项')
    }
    expect(await told(wang, '/督办 列表')).toContain('拟定重点任务')
    expect(await told(li, '/查 拟定重点')).toContain('拟定重点任务')
    await li.presses('同意交办', { on: asked })
    for (const person of [chen, cao, feng]) expect(await told(person, '/督办 列表')).toContain('拟定重点任务')
  })

  it('未交办即取消的,也不给拟定的承办人看', async () => {
    const { wang, chen, feng } = cast
    await wang.says('/督办 @陈晨 取消了的设想 12月8日下班前')
    await wang.presses('取消')
    for (const person of [chen, feng]) expect(await told(person, '/查 取消了的设想')).toContain('没有找到')
    expect(await told(wang, '/查 取消了的设想')).toContain('撤销')
  })

  it('系统管理员另有业务角色的,看不到业务内容;由配置指定的也一样', async () => {
    const zhao = cast.office.person('赵敏')
    await admin.says('/角色 @赵敏 督办员')
    expect(await told(zhao, '/督办 列表')).toContain('公开事项办理')
    await admin.says('/角色 @赵敏 系统管理员')
    await admin.says('/角色 @刘芳 主要领导')
    expect(admin.id).toBe(ADMIN)
    for (const person of [zhao, admin]) {
      expect(await told(person, '/督办 列表'), person.name).not.toContain('公开事项办理')
      expect(await told(person, '/督办 台账'), person.name).not.toContain('公开事项办理')
      expect(await told(person, '/查 公开事项'), person.name).toContain('没有找到')
      expect(await told(person, '/督办 督〔2026〕2号'), person.name).toContain('未找到您能查看的')
      expect(await told(person, '/督办 @陈晨 报材料 12月8日下班前'), person.name).toContain('督办立项仅限')
    }
    expect(await told(admin, '/角色 @刘芳 保密员')).toContain('三员分离')
    await admin.says('/角色 撤销 @赵敏 督办员')
    await admin.says('/角色 撤销 @刘芳 主要领导')
  })

  it('系统管理员不能成为牵头人:转办、变更时即说明', async () => {
    const { feng, wang } = cast
    await admin.says('/角色 @许诺 系统管理员')
    const on = await cardOf(wang, '公开事项办理')
    await wang.presses('变更', { on })
    const form = (await wang.messages()).find(one => one.message_id === on.message_id) as Seen
    const xu = cast.office.person('许诺').id
    const answer = await wang.presses('变更', { on: form, form: { lead: xu, word_office: '分工调整' } })
    expect(answer.toast?.content).toContain('是系统管理员或安全审计员,不承办业务')
    await admin.says('/角色 @曹颖 安全审计员')
    const own = await cardOf(feng, '公开事项办理')
    await feng.presses('转办', { on: own })
    const handing = (await feng.messages()).find(one => one.message_id === own.message_id) as Seen
    expect((await feng.presses('转办', { on: handing, form: { to: cast.cao.id } })).toast?.content).toContain(
      '是系统管理员或安全审计员,不承办业务',
    )
    await admin.says('/角色 撤销 @曹颖 安全审计员')
  })

  it('变更牵头人:原牵头人、新单位负责人和提出变更的人都得知,新牵头人不再另有协办项', async () => {
    const { wang, li, chen, office } = cast
    const [zheng, sun] = [office.person('郑洁'), office.person('孙丽')]
    await admin.says('/角色 @孙丽 科室负责人 督查科')
    await li.says('/督办 @陈晨 @郑洁 移交专项档案 12月8日下班前')
    await li.presses('交办')
    await wang.says('/督办 列表')
    await wang.presses('查看')
    const on = await cardOf(wang, '移交专项档案')
    await wang.presses('变更', { on })
    const form = (await wang.messages()).find(one => one.message_id === on.message_id) as Seen
    await wang.presses('变更', { on: form, form: { lead: zheng.id, word_office: '分工调整' } })
    const before = await Promise.all([heard(chen), heard(wang)])
    await li.presses('同意变更', { on: await cardOf(li, '移交专项档案') })
    expect([await heard(chen), await heard(wang)]).toEqual(before.map(count => count + 1))
    expect((await chen.sees()).words).toContain('该事项已不由您办理')
    expect((await sun.seesCard()).card.text).toContain('移交专项档案')
    expect((await zheng.seesCard()).card.text).toContain('牵头')
    expect((await zheng.seesCard()).card.text).not.toContain('协办 郑洁')
  })

  it('交办领导得知申请办结和撤销', async () => {
    const { wang, chen, zhang, zhou } = cast
    await giveOut(cast, '@陈晨 牵头起草方案 12月8日下班前 交办领导:张明')
    await chen.presses('签收', { on: await cardOf(chen, '牵头起草方案') })
    const count = await heard(zhang)
    await chen.presses('申请办结', { on: await cardOf(chen, '牵头起草方案'), form: { word_own: '已起草' } })
    expect(await heard(zhang)).toBe(count + 1)
    expect((await zhang.seesCard()).card.title).toBe('督办 · 办结待审')
    await wang.presses('退回重办', { on: await cardOf(wang, '牵头起草方案'), form: { word_office: '缺附件' } })
    await wang.presses('撤销', { on: await cardOf(wang, '牵头起草方案'), form: { word_office: '合并办理' } })
    const asked = await heard(zhang)
    await zhou.says('/查 牵头起草方案')
    await zhou.presses('查看')
    await zhou.presses('同意撤销', { on: await cardOf(zhou, '牵头起草方案') })
    expect(await heard(zhang)).toBe(asked + 1)
    expect((await zhang.seesCard()).card.title).toBe('督办 · 撤销')
  })

  it('代理人在交办以前,看不到拟由本人承办、有知悉范围的事项', async () => {
    const { li, wang, office } = cast
    const zheng = office.person('郑洁')
    await li.says('/角色 代理 @郑洁 11月24日至11月24日')
    await wang.says('/督办 @郑洁 暗访检查方案 今天下班前 知悉范围:李静、郑洁')
    await wang.presses('送审')
    for (const line of ['/督办 列表', '/督办 我的', '/查 暗访检查', '/待办'])
      expect(await told(zheng, line), line).not.toContain('暗访检查方案')
    await li.presses('同意交办', { on: await cardOf(li, '暗访检查方案') })
    expect(await told(zheng, '/督办 列表')).toContain('暗访检查方案')
  })

  it('督办员的账号停用后,办结可以直接审定', async () => {
    const { wang, li, chen, office } = cast
    await giveOut(cast, '@陈晨 编发工作提示 12月8日下班前')
    await chen.presses('签收', { on: await cardOf(chen, '编发工作提示') })
    await office.database.db.execute(`update people set active = false where id = '${wang.id}'`)
    await chen.presses('申请办结', { on: await cardOf(chen, '编发工作提示'), form: { word_own: '已编发' } })
    expect((await li.presses('同意办结', { on: await cardOf(li, '编发工作提示') })).toast?.content).toBe('已同意办结')
  })
})
