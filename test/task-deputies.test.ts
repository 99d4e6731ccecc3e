import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TaskMove, type TaskState, taskFlow } from '../src/office/task/flow.ts'
import { moved } from '../src/office/task/moves.ts'
import { inPlaceOf, lineOf, maySee, whyNot } from '../src/office/task/roles.ts'
import { type Actor, lastAct, type Task, type TaskPress } from '../src/office/task/task.ts'
import { type Cast, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import type { Seen, TestPerson } from './harness/office.ts'
import { aTask, at, CAST, ready, settingAt, type Who } from './harness/task.ts'
import { rows } from './harness/traces.ts'

const moves = Object.keys(taskFlow.moves) as TaskMove[]
const states = Object.keys(taskFlow.states) as TaskState[]
const everyone = Object.keys(CAST) as Who[]

const deputyOf = (who: Who, some: Partial<Actor> = {}): Actor => ({
  id: 'D',
  departments: ['far'],
  held: [],
  standsFor: [{ ...CAST[who], name: who }],
  ...some,
})
const pressOf = (move: TaskMove, by: Actor): TaskPress => ({
  move,
  by,
  seenRev: 1,
  word: '理由',
  until: at('2026-12-10T17:30'),
  to: { id: 'new', departments: ['unit'] },
  change: { title: '新名称', content: undefined, dueAt: undefined, lead: undefined, add: [], drop: [] },
})
const names = new Map([...everyone, 'D'].map(id => [id, id] as const))
const setting = settingAt(undefined, { names })

describe('代理人 × 每个按钮 × 每种状态 × 每种被代理的角色', () => {
  const outcome = (task: Task, move: TaskMove, by: Actor): string => {
    try {
      const { state, lastMove } = moved(task, pressOf(move, by), setting)
      return `${state} ${lastMove}`
    } catch (error) {
      return error instanceof Error ? error.name : 'unknown'
    }
  }

  it.each(moves.flatMap(move => states.map(state => [move, state] as const)))('%s(%s)', (move, state) => {
    const task = ready(move, state)
    for (const who of everyone) {
      const own = outcome(task, move, CAST[who])
      const deputy = deputyOf(who)
      expect(outcome(task, move, deputy), who).toBe(own)
      expect(outcome({ ...task, scope: ['CB'] }, move, deputy), `${who}, 知悉范围`).toMatch(/Refusal|AlreadySo/)
      for (const apart of ['SY', 'SJ'])
        expect(
          outcome(task, move, deputyOf(who, { held: [{ code: apart, unit: undefined }] })),
          `${who} through ${apart}`,
        ).toMatch(
          // 知道了、再交办 follow from being the giver and carry no right of the matrix
          move === 'acknowledge' || move === 'again' ? /./ : /Refusal|AlreadySo/,
        )
    }
  })

  it('记为“代”', () => {
    const after = moved(aTask('submitted'), pressOf('approve', deputyOf('FG')), setting)
    expect(after).toMatchObject({ state: 'assigned', movedBy: 'D', movedFor: 'FG', givenBy: 'FG' })
    expect(lastAct(after, setting)).toMatch(/^D 代 FG 同意交办 · 11月24日\(周二\)09:00/)
    expect(moved(after, { ...pressOf('accept', CAST.CB), seenRev: 2 }, setting).movedFor).toBeUndefined()
  })

  it('自己有权的,不记为代理', () => {
    const both = deputyOf('FG', { held: [{ code: 'BZ', unit: undefined }] })
    expect(inPlaceOf(aTask('submitted'), 'assigner', both, setting)).toBeUndefined()
    const far = aTask('extending', { petition: { by: 'CB', reason: '复杂', until: at('2026-12-30T17:30') } })
    expect(inPlaceOf(far, 'extender', both, setting)).toBe('FG')
  })

  const asks = (by: string, inPlace?: string): Task =>
    aTask('extending', { petition: { by, inPlaceOf: inPlace, reason: '复杂', until: at('2026-12-10T17:30') } })

  it.each([
    ['代理人提出的,代理人不能代批', asks('D'), deputyOf('FG')],
    ['被代理人提出的,代理人不能代批', asks('FG'), deputyOf('FG')],
    ['代理人代为提出的,被代理人不能自批', asks('D', 'FG'), CAST.FG],
    ['代理人承办的,代理人不能代批', aTask('extending', { lead: 'D' }), deputyOf('FG')],
  ])('%s', (_, task, actor) => {
    expect(whyNot(task, 'extender', actor, setting)).toBe('本人提出的事项须由他人审批')
  })

  it('协办人的代理人办协办人的一项,本人有的先办本人的', () => {
    expect(lineOf(aTask(), deputyOf('XB'))?.person).toBe('XB')
    expect(lineOf(aTask('underway', { scope: ['CB'] }), deputyOf('XB'))).toBeUndefined()
    const both = aTask('underway', {
      assists: [...aTask().assists, ...aTask().assists.map(one => ({ ...one, person: 'D' }))],
    })
    expect(lineOf(both, deputyOf('XB'))?.person).toBe('D')
  })

  it('代理不传递,也不扩大知悉范围', () => {
    const chained = deputyOf('GB', { standsFor: [{ ...CAST.GB, name: 'GB' }] })
    expect(whyNot(aTask('submitted'), 'assigner', chained, setting)).toContain('仅限')
    expect(maySee(aTask(), deputyOf('CB'), setting.heads)).toBe(true)
    expect(maySee(aTask('underway', { scope: ['CB'] }), deputyOf('CB'), setting.heads)).toBe(false)
  })
})

describe('代录领导意见', () => {
  it('决定人、录入人和方式都写明;决定权看领导,不看录入人', () => {
    const recorded = { by: 'DB', way: 'phone' as const }
    const task = aTask('extending', { petition: { by: 'CB', reason: '复杂', until: at('2026-12-30T17:30') } })
    const after = moved(task, { ...pressOf('grantExtension', CAST.FG), recorded }, setting)
    expect(after).toMatchObject({ movedBy: 'FG', recordedBy: 'DB', recordedWay: 'phone' })
    expect(lastAct(after, setting)).toMatch(/^FG 已同意延期\(电话,DB代录\) · /)
    expect(() => moved(task, { ...pressOf('grantExtension', CAST.BZ), recorded }, setting)).toThrow('须由分管领导')
    expect(moved(after, { ...pressOf('update', CAST.CB), seenRev: 2 }, setting)).toMatchObject({
      recordedBy: undefined,
      recordedWay: undefined,
    })
  })

  it('没有等待决定的,无从代录;本人承办的、自己能批的,都不代录;本人送审的可以代录领导的决定', () => {
    const record = (task: Task, who: Who) => () => moved(task, pressOf('record', CAST[who]), setting)
    expect(record(aTask('underway'), 'DB')).toThrow('目前没有等待领导决定的事项')
    expect(record(aTask('submitted'), 'DB')().lastMove).toBe('record')
    for (const state of ['submitted', 'extending', 'finished'] as const)
      expect(record(aTask(state, { lead: 'DB' }), 'DB')).toThrow('本人承办的事项,须由他人代录')
    expect(() => moved(aTask('submitted'), pressOf('approve', CAST.DB), setting)).toThrow('仅限交办审批人')
    expect(record(aTask('submitted'), 'BZ')).toThrow('您可以直接审批,无须代录')
    expect(record(aTask('submitted'), 'LD')).toThrow('此按钮仅限办公室主任或督办员使用')
    const second = aTask('extending', {
      extensions: 1,
      petition: { by: 'CB', reason: '复杂', until: at('2026-12-10T17:30') },
    })
    expect(record(second, 'BZ')().lastMove).toBe('record')
  })
})

describe.each(kinds)('代理和代录 on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openCast({ kind })
  })
  afterAll(() => cast.office.close())

  const labels = (seen: Seen) => seen.card?.buttons.map(button => button.label) ?? []

  async function cardOf(person: TestPerson, words: string, title = /^督办 · /): Promise<Seen> {
    const all = (await person.messages()).filter(one => title.test(one.card?.title ?? '') && one.words.includes(words))
    const found = all.at(-1)
    if (!found) throw new Error(`${person.name} has no card of ${words}`)
    return found
  }

  async function drafted(line: string): Promise<void> {
    await cast.wang.says(`/督办 ${line}`)
    await cast.wang.presses('送审')
  }

  it('写清谁、到何时;双方都看到', async () => {
    const { zhang, feng } = cast
    await zhang.says('/角色 代理 @冯军 11月24日至11月27日')
    const own = await zhang.seesCard()
    expect(own.card).toMatchObject({ title: '代理 · 代理中', colour: 'blue' })
    expect(own.card.text).toContain('2026年11月24日(星期二)至2026年11月27日(星期五)')
    expect((await feng.seesCard()).card.text).toContain('代理人 冯军')
    await feng.says('/角色')
    expect((await feng.seesCard()).card.text).toContain(
      '代理 冯军 代 张明 · 2026年11月24日(星期二)至2026年11月27日(星期五)',
    )
  })

  it.each([
    ['/角色 代理 @陈晨 11月26日至12月3日', '您在2026年11月24日(星期二)至2026年11月27日(星期五)已由冯军代理'],
    ['/角色 代理 @张明 11月30日', '代理人不能是本人'],
    ['/角色 代理 @刘芳 11月30日', '系统管理员、保密员和安全审计员不能代理他人'],
    ['/角色 代理 @陈晨 @曹颖 11月30日', '同一期间只能有一位代理人'],
    ['/角色 代理 @陈晨 11月30日至2028年3月1日', '代理期间请控制在一年以内'],
  ])('“%s”被退回:%s', async (said, why) => {
    if (said.includes('刘芳')) await cast.office.person('刘芳').says('/角色 @刘芳 系统管理员')
    await cast.zhang.says(said)
    expect((await cast.zhang.sees()).words).toContain(why)
  })

  it('缺什么问什么,填写后即设置;代理人出差期间不能再代理他人', async () => {
    const { zhou, li } = cast
    await li.says('/角色 代理 冯军')
    const asked = await cardOf(li, '请填写代理期间', /^代理 · 填写$/)
    expect(
      (await li.presses('设置代理', { on: asked, form: { deputy: cast.chen.id, period: '12月1日到12月5日' } })).toast,
    ).toMatchObject({ type: 'success', content: '已设置代理' })
    expect((await li.seesCard()).card.title).toBe('代理 · 未开始')
    await zhou.says('/角色 代理 @李静 12月3日')
    expect((await zhou.sees()).words).toContain('李静在2026年12月1日(星期二)至2026年12月5日(星期六)已由陈晨代理')
    expect((await li.presses('结束代理')).toast?.content).toBe('已结束代理')
    expect((await cast.chen.sees()).words).toBe('陈晨 代 李静 的代理已由李静结束。')
  })

  it('在群里也可以说,答复只给本人', async () => {
    const { zhou, li } = cast
    await zhou.says('@回音 /角色 代理 @李静 12月14日至12月18日', { to: '办公室工作群' })
    expect((await zhou.seesCard()).card).toMatchObject({ title: '代理 · 未开始' })
    expect((await li.seesCard()).card.text).toContain('被代理人 周正')
    await zhou.presses('结束代理')
  })

  it('等被代理人批的,代理人在待办里看到,批后记为“冯军 代 张明”', async () => {
    const { zhang, feng, chen, cao } = cast
    await drafted('@曹颖 报送平安建设半年总结 12月7日下班前 交办领导:张明')
    await cast.li.presses('同意交办')
    await cao.presses('签收')
    await cao.presses('反馈进展', { form: { word_own: '正在汇总' } })
    await cao.presses('申请延期', {
      on: await cardOf(cao, '半年总结'),
      form: { word_own: '材料未齐', until: '12月18日下班前' },
    })
    await feng.says('/待办')
    expect((await feng.seesCard()).card.text).toMatch(/报送平安建设半年总结[^\n]* · 代张明/)
    await feng.presses('查看')
    const seen = await feng.seesCard()
    expect(labels(seen)).toContain('同意延期')
    expect(seen.card.text).toContain('由您代理')
    expect((await feng.presses('同意延期')).toast?.content).toBe('已同意延期')
    expect((await cardOf(zhang, '半年总结')).words).toContain('冯军 代 张明 同意延期 · 11月24日(周二)')
    expect((await cardOf(cao, '半年总结')).words).toMatch(/办理过程[\s\S]*冯军 代 张明 同意延期/)
    const [event] = await rows<{ who: string; acting_for: string }>(
      cast.office.database.db,
      `select who, acting_for from events where act = 'grantExtension' and outcome = 'ok'`,
    )
    expect(event).toEqual({ who: feng.id, acting_for: zhang.id })
    expect(labels(await cardOf(chen, '', /./).catch(() => ({ card: undefined }) as Seen))).not.toContain('同意延期')
  })

  it('期满自动失效,结束后立即失效', async () => {
    const { feng, zhang } = cast
    await drafted('@曹颖 上报综治工作要点 12月9日下班前 交办领导:张明')
    await cast.office.moveTo('2026-11-30T09:00:00+08:00')
    const card = await cardOf(cast.li, '综治工作要点')
    const forged = await feng.forges('同意交办', card)
    expect(forged.toast).toMatchObject({ type: 'error' })
    await zhang.says('/角色')
    expect((await zhang.seesCard()).card.text).not.toContain('冯军 代 张明')
  })

  /** An extension that only 分管领导 or 主要领导 may grant (A1). */
  async function longExtension(title: string): Promise<Seen> {
    const { cao, li, wang } = cast
    await drafted(`@曹颖 ${title} 12月9日下班前`)
    await li.presses('同意交办')
    await cao.presses('签收')
    await cao.presses('反馈进展', { form: { word_own: '正在办理' } })
    await cao.presses('申请延期', {
      on: await cardOf(cao, title),
      form: { word_own: '材料未齐', until: '12月30日下班前' },
    })
    return cardOf(wang, title)
  }

  it('代录:选领导、决定和方式,领导即时得知,各处写明', async () => {
    const { li, wang, zhang, cao } = cast
    const waiting = await longExtension('报送维稳周报')
    expect(labels(waiting)).toContain('代录领导意见')
    await wang.presses('代录领导意见', { on: waiting })
    const form = await cardOf(wang, '维稳周报', /代录领导意见/)
    const answer = { decider: zhang.id, decision: 'grantExtension' }
    expect((await wang.presses('代录', { on: form, form: answer })).toast).toMatchObject({
      type: 'error',
      content: '请选择领导作出决定的方式',
    })
    const done = await wang.presses('代录', { on: form, form: { ...answer, way: 'phone', word_office: '抓紧办理' } })
    expect(done.toast?.content).toBe('已代录:已同意延期')
    expect((await cardOf(zhang, '维稳周报', /代录告知/)).words).toContain(
      '张明 已同意延期(电话,王强代录) · 意见:抓紧办理',
    )
    const told = await cardOf(cao, '维稳周报')
    expect(told.words).toContain('张明 已同意延期(电话,王强代录)')
    expect(told.words).toContain('完成时限 12月30日')
    expect(labels(await cardOf(li, '维稳周报'))).not.toContain('代录领导意见')
    const [event] = await rows<{ who: string; acting_for: string; data: { way: string } }>(
      cast.office.database.db,
      `select who, acting_for, data from events where act = 'grantExtension' and outcome = 'ok' order by id desc limit 1`,
    )
    expect(event).toMatchObject({ who: wang.id, acting_for: zhang.id, data: { way: 'phone' } })
  })

  it('不能代录无权者的决定,也不能以本人的名义代录', async () => {
    const { li, wang, zhang, cao } = cast
    const waiting = await longExtension('报送月度台账')
    await wang.presses('代录领导意见', { on: waiting })
    const form = await cardOf(wang, '月度台账', /代录领导意见/)
    for (const decider of [li.id, wang.id, cao.id, 'ou_nobody']) {
      const answer = await wang.presses('代录', {
        on: form,
        form: { decider, decision: 'grantExtension', way: 'phone' },
      })
      expect(answer.toast?.content).toBe('请选择作出决定的领导')
    }
    const answer = await wang.presses('代录', {
      on: form,
      form: { decider: zhang.id, decision: 'confirm', way: 'phone' },
    })
    expect(answer.toast?.content).toBe('请选择领导的决定')
    const forged = await cao.forges('代录', form, { decider: zhang.id, decision: 'grantExtension', way: 'phone' })
    expect(forged.toast).toMatchObject({ type: 'error' })
    expect((await cardOf(cao, '月度台账')).card?.title).toBe('督办 · 延期待批')
  })

  it('提醒和催办也发给代理人;协办人的代理人代为签收、反馈,记为代办', async () => {
    const { li, chen, cao, feng } = cast
    await drafted('@冯军 @陈晨 上报年度考核材料 12月16日下班前')
    await li.presses('同意交办', { on: await cardOf(li, '年度考核材料') })
    await feng.presses('签收', { on: await cardOf(feng, '年度考核材料') })
    await chen.says('/角色 代理 @曹颖 11月30日至12月9日')
    await feng.says('/角色 代理 @陈晨 12月10日至12月12日')
    await cast.office.moveTo('2026-12-01T09:00:00+08:00')
    await cao.says('/待办')
    expect((await cao.seesCard()).card.text).toContain('上报年度考核材料')
    await cao.presses('查看', {
      nth: (await cao.seesCard()).card.text
        .split('\n')
        .filter(line => line.startsWith('督办'))
        .findIndex(line => line.includes('年度考核材料')),
    })
    const seen = await cardOf(cao, '年度考核材料')
    expect((await cao.presses('签收', { on: seen })).toast?.content).toBe('已签收')
    const form = { word_assist: '已报分管部分' }
    expect((await cao.presses('完成', { on: await cardOf(cao, '年度考核材料'), form })).toast?.content).toBe('已完成')
    expect((await cardOf(feng, '年度考核材料')).words).toMatch(/曹颖 代 陈晨 协办:签收[\s\S]*曹颖 代 陈晨 协办:完成/)
    await cast.office.moveTo('2026-12-11T09:00:00+08:00')
    await cast.office.settled()
    expect((await cardOf(chen, '年度考核材料', /办理提醒|催办/)).words).toContain('请抓紧办理')
  })

  it('审批人不在、代理人又是提出人的,上一级同时得知并可批', async () => {
    const { li, wang, zhang } = cast
    await li.says('/角色 代理 @王强 12月11日至12月25日')
    await drafted('@冯军 编制明年工作要点 12月24日下班前')
    const own = await wang.forges('同意交办', await cardOf(li, '明年工作要点'))
    expect(own.toast?.content).toBe('本人提出的事项须由他人审批')
    const above = await cardOf(zhang, '明年工作要点')
    expect(labels(above)).toEqual(['同意交办', '退回修改'])
    expect((await zhang.presses('同意交办', { on: above })).toast?.content).toBe('已同意交办')
  })

  it('通报也一样:主任的代理人就是拟稿人的,分管领导得知,其代理人可以签发并记为代办', async () => {
    const { wang, zhang, chen } = cast
    await zhang.says('/角色 代理 @陈晨 12月11日')
    await wang.says('/督办 通报 2026-11')
    const draft = await wang.seesCard()
    await wang.presses('送审', { on: draft })
    expect((await zhang.seesCard()).card.title).toBe('督办通报 · 待审批')
    expect((await chen.seesCard()).card.title).toBe('督办通报 · 待审批')
    const asked = await chen.seesCard()
    expect((await wang.forges('同意印发', asked)).toast?.content).toContain('此按钮仅限办公室主任或分管领导')
    await chen.says('/待办')
    expect((await chen.seesCard()).card.text).toContain('督办通报 关于2026年11月督办事项办理情况的通报 · 待审批')
    expect((await chen.presses('同意印发', { on: asked })).toast?.content).toBe('已同意印发')
    const [event] = await rows<{ who: string; acting_for: string }>(
      cast.office.database.db,
      `select who, acting_for from events where act = 'bulletin.approve' and outcome = 'ok'`,
    )
    expect(event).toEqual({ who: chen.id, acting_for: zhang.id })
    expect((await seen(wang, draft)).words).toContain('陈晨 代 张明 同意印发')
  })

  const seen = async (person: TestPerson, { message_id }: Seen): Promise<Seen> =>
    (await person.messages()).find(one => one.message_id === message_id) as Seen

  it('督办员的代理人拟稿、送审,写明代谁;本人和督办员都不能批', async () => {
    const { li, office } = cast
    const [chu, zheng] = [office.person('褚燕'), office.person('郑洁')]
    await office.person('刘芳').says('/角色 @郑洁 督办员')
    await zheng.says('/角色 代理 @褚燕 12月11日')
    await chu.says('/督办 通报 2026-11')
    const draft = await chu.seesCard()
    expect(draft.words).toContain('褚燕 代 郑洁 拟稿')
    expect(draft.words).toContain('由您代理')
    expect((await chu.presses('送审', { on: draft })).toast?.content).toBe('已送审')
    expect((await seen(chu, draft)).words).toContain('褚燕 代 郑洁 送审')
    const asked = await li.seesCard()
    expect(asked.words).toContain('褚燕 代 郑洁 送审')
    for (const person of [chu, zheng])
      expect((await person.forges('同意印发', asked)).toast?.content).toContain('此按钮仅限办公室主任或分管领导')
    expect((await li.presses('退回修改', { on: asked, form: { word: '请核对' } })).toast?.content).toBe('已退回修改')
    const returned = await chu.seesCard()
    expect(returned.words).toContain('李静 已退回修改')
    await office.moveTo('2026-12-12T09:00:00+08:00')
    expect((await chu.forges('送审', returned)).toast).toMatchObject({ type: 'error' })
    const acts = await rows<{ who: string; acting_for: string }>(
      office.database.db,
      `select who, acting_for from events where act in ('bulletin.draft', 'bulletin.submit') and outcome = 'ok' order by id desc limit 2`,
    )
    expect(acts).toEqual([0, 1].map(() => ({ who: chu.id, acting_for: zheng.id })))
  })
})
