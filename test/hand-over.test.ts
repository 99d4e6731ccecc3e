import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { members } from '../db/people.ts'
import { openReminder } from '../db/remind.ts'
import { fleetIn, shanghai } from './harness/cars.ts'
import { type Cast, giveOut, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { meetingsIn } from './harness/meetings.ts'
import type { TestPerson } from './harness/office.ts'
import { count, rows } from './harness/traces.ts'

describe.each(kinds)('移交 on %s', kind => {
  let cast: Cast
  let admin: TestPerson
  const { find } = { find: async <T>(query: string) => rows<T>(cast.office.database.db, query) }

  beforeAll(async () => {
    cast = await openCast({ kind, wire: 'hasty' })
    admin = cast.office.person('刘芳')
    const { office, chen, wang, li, feng } = cast
    const { db } = office.database
    for (const line of ['/角色 @陈晨 信息员', '/角色 @蒋勇 车管员', '/角色 @孙丽 会务员']) await admin.says(line)
    await giveOut(
      cast,
      '@陈晨 报送平安建设总结 12月7日下班前 来源:会议议定',
      '@冯军 @陈晨 报送名册 12月8日下班前 来源:会议议定',
    )
    await wang.says('/督办 @陈晨 核查线索 12月9日下班前 来源:会议议定 知悉范围:李静')
    await wang.presses('送审')
    await li.presses('同意交办')
    await wang.says('/交办 @陈晨 修好投影仪')
    await chen.says('/交办 @曹颖 交材料')
    await meetingsIn(db).meeting(chen.id, { presider: li.id })
    await meetingsIn(db).ask(await meetingsIn(db).meeting(wang.id, { numberSeq: 32, title: '调度会' }), {
      person: chen.id,
    })
    await fleetIn(db).trip(1, ['2026-12-01T08:30', '2026-12-01T12:00'], {
      state: 'approved',
      applicant: chen.id,
      user: chen.id,
      people: [chen.id],
      phone: '13900000003',
    })
    const driver = await fleetIn(db).driver('陈晨', { person: chen.id })
    const run = await fleetIn(db).run(await fleetIn(db).vehicle('江A00001'), ['2026-12-02T08:30', '2026-12-02T12:00'], {
      driver,
    })
    await fleetIn(db).trip(2, ['2026-12-02T08:30', '2026-12-02T12:00'], {
      state: 'dispatched',
      run,
      applicant: feng.id,
      user: feng.id,
      people: [feng.id],
    })
  }, 180_000)
  afterAll(() => cast.office.close())

  it('在职的,由科室负责人或系统管理员移交;无权的、没有事项的得到说明', async () => {
    const { zhang, feng, cao, wang } = cast
    await zhang.says('/角色 移交 @陈晨 @曹颖')
    expect((await zhang.sees()).words).toContain('移交他人名下事项仅限')
    await admin.says('/角色 移交 @张明')
    expect((await admin.sees()).words).toContain('张明名下没有未办结事项')
    await admin.says('/角色 移交 @陈晨')
    const counted = (await admin.sees()).words
    expect(counted).toContain('督办 3项')
    expect(counted).not.toContain('报送平安建设总结')
    await wang.says('/角色 移交 @陈晨 @曹颖')
    const supervised = await wang.seesCard()
    expect(supervised.words).toContain('报送平安建设总结')
    expect(supervised.words).toContain('设有知悉范围的事项')
    expect(supervised.words).not.toContain('核查线索')
    expect(supervised.words).not.toContain('修好投影仪')
    await feng.says('/角色 移交 @陈晨 @曹颖')
    expect((await feng.sees()).words).toContain('修好投影仪')
    // whoever has read of them is found with whom it was about
    expect(
      await find(
        `select who from events where act = 'handForm' and outcome = 'ok' and data ->> 'of' = '${cast.chen.id}' order by id`,
      ),
    ).toEqual([admin, wang, feng].map(({ id }) => ({ who: id })))
    const answer = await zhang.forges('移交', supervised, { to: cao.id })
    expect(answer.toast?.content).toContain('移交他人名下事项仅限')
    expect(
      await find(`select who, data ->> 'of' as "of" from events where act = 'handOver' and outcome = 'refused'`),
    ).toEqual([{ who: zhang.id, of: cast.chen.id }])
  })

  it('姓名不识、同名的当即说明:原人不明不开表单,接手人不明在表单中选择', async () => {
    const { li, cao } = cast
    for (const [words, answer] of [
      ['查无此人', '未找到“查无此人”,请核对姓名'],
      ['查无此人 陈晨', '未找到“查无此人”,请核对姓名'],
      ['查无此人 @陈晨', '未找到“查无此人”,请核对姓名'],
      ['@查无此人 @陈晨', '未找到“查无此人”,请核对姓名'],
      ['张伟 曹颖', '“张伟”有同名人员,请写明是哪一位:张伟(督查科)、张伟(办公室)'],
      ['张伟(督查科) 曹颖', '张伟名下没有未办结事项'],
    ] as const) {
      await li.says(`/角色 移交 ${words}`)
      expect((await li.sees()).words, words).toContain(answer)
    }
    for (const [words, doubt] of [
      ['陈晨 查无此人', '未找到“查无此人”,请从名单中选择或核对姓名。'],
      ['@陈晨 @查无此人', '未找到“查无此人”,请从名单中选择或核对姓名。'],
      ['陈晨 张伟', '“张伟”有同名人员,请选择具体是哪一位。'],
      ['陈晨 曹颖 冯军', '接手人只能有一位,请选择。'],
      ['陈晨 刘芳', '刘芳是系统管理员或安全审计员,不承办业务,请另选人员。'],
    ] as const) {
      await li.says(`/角色 移交 ${words}`)
      const form = await li.seesCard()
      expect([form.card.title, form.words.includes(doubt)], words).toEqual(['移交 · 陈晨', true])
    }
    await li.says('/角色 移交 陈晨 曹颖')
    const settled = await li.seesCard()
    expect(settled.words).not.toMatch(/未找到|同名|只能有一位/)
    expect(settled.card.inputs.find(({ name }) => name === 'to')?.value).toBe(cao.id)
  })

  it('离任后,上班时一人一张卡片,列明名下事项;当天不再发', async () => {
    const { office, chen, li, wang } = cast
    const before = (await chen.messages()).length
    await office.send('PATCH', `/sim/people/${chen.id}`, { is_resigned: true })
    await office.settled()
    await office.moveTo('2026-11-25T09:00:00+08:00')
    await office.settled()
    await office.moveTo('2026-11-25T09:10:00+08:00')
    await office.settled()
    const cards = async (person: TestPerson) =>
      (await person.messages()).filter(one => one.card?.title === '离任人员 · 待移交')
    const [card, ...more] = await cards(li)
    expect(more).toEqual([])
    expect(card?.words).toMatch(/陈晨\(综治科\)已离任,名下有\d+项未办结事项/)
    expect(card?.words).toContain('督办3项')
    expect((await cards(wang))[0]?.words).toContain('名下有3项')
    expect((await cards(office.person('蒋勇')))[0]?.words).toContain('用车2项')
    expect((await cards(office.person('孙丽')))[0]?.words).toContain('会议2项')
    expect((await chen.messages()).length).toBe(before)
  })

  it('一并移交:各按本来的规则,记入历史,原人不再收到', async () => {
    const { office, chen, cao, li } = cast
    await li.presses('移交陈晨名下事项')
    const form = await li.seesCard()
    expect(form.card.title).toBe('移交 · 陈晨')
    expect((await li.presses('移交', { form: { to: chen.id } })).toast?.content).toBe('接手人不能是本人')
    expect((await li.presses('移交', { form: { to: admin.id } })).toast?.content).toContain('不承办业务')
    await li.presses('移交', { form: { to: cao.id } })
    const done = (await li.messages()).find(({ card }) => card?.title === '移交 · 已完成')?.words
    expect(done).toContain('陈晨名下事项已移交曹颖')
    expect(done).toContain('仍在其名下')
    expect(done).toContain('出车任务(须改派)')

    // whoever takes over is not let in to the third of them
    expect(await find(`select lead, state from tasks order by id`)).toEqual([
      { lead: cao.id, state: 'assigned' },
      { lead: cast.feng.id, state: 'assigned' },
      { lead: chen.id, state: 'assigned' },
    ])
    expect(await find(`select person from task_assists`)).toEqual([{ person: cao.id }])
    expect(await find(`select assignee, state from shares order by assignment`)).toEqual([
      { assignee: cao.id, state: 'assigned' },
      { assignee: cao.id, state: 'assigned' },
    ])
    expect(await count(office.database.db, `assignments where giver = '${cao.id}'`)).toBe(1)
    expect(await find(`select maker, convener, contact, presider from meetings where number_seq = 31`)).toEqual([
      { maker: cao.id, convener: cao.id, contact: cao.id, presider: li.id },
    ])
    expect(await count(office.database.db, 'invitations')).toBe(0)
    expect(await find(`select applicant, rider, phone from trips where number_seq = 1`)).toEqual([
      { applicant: cao.id, rider: cao.id, phone: '' },
    ])
    expect(await count(office.database.db, `held_roles where person = '${chen.id}' and withdrawn_at is null`)).toBe(0)
    expect((await cao.messages()).filter(one => one.words.includes('将陈晨名下的')).length).toBe(1)
    expect(
      await find(
        `select who, data ->> 'to' as "to" from events where feature = 'role' and act = 'handOver' and outcome = 'ok'`,
      ),
    ).toEqual([{ who: li.id, to: cao.id }])
    expect(
      (
        await find<{ reason: string }>(
          `select data ->> 'reason' as reason from events where feature = 'task' and act = 'reassign'`,
        )
      ).map(one => one.reason),
    ).toEqual(['陈晨名下事项移交曹颖', '陈晨名下事项移交曹颖'])
    expect((await office.person('蒋勇').messages()).at(-1)?.words).toContain('请改派')
  })

  it('接手人照常办理;再按一次说明已无事项', async () => {
    const { cao, li, office } = cast
    await cao.says('/待办')
    expect((await cao.sees()).words).toContain('报送平安建设总结')
    await li.says('/角色 移交 @陈晨 @曹颖')
    expect((await li.sees()).words).toContain('用车 1项')
    await office.moveTo('2026-11-26T09:00:00+08:00')
    await office.settled()
    expect((await li.messages()).filter(one => one.card?.title === '离任人员 · 待移交').length).toBe(1)
  })

  it('调岗的:群内定期提醒由同群的人接着提醒,本人的提醒照常;角色不变', async () => {
    const { office, cao, feng } = cast
    const { db } = office.database
    const chat = await office.chatNamed('督查工作群', cast.wang.id)
    for (const { id } of [cao, feng]) await db.insert(members).values({ chat, person: id }).onConflictDoNothing()
    const reminder = {
      ...{ maker: cao.id, owner: cao.id, said: '每周五16:00', saidAt: office.clock.now(), calendarId: '' },
      ...{ urgent: false, nextAt: shanghai('2026-12-25T16:00'), source: '', sourceChat: '', recurring: true },
    }
    await openReminder(db, { ...reminder, text: '报周报', receivers: [], chat })
    await openReminder(db, { ...reminder, text: '他群的事', receivers: [], chat: 'oc_elsewhere' })
    await openReminder(db, { ...reminder, text: '自己的事', receivers: [cao.id], chat: '' })
    const others = { maker: cast.wang.id, owner: cast.wang.id, receivers: [cao.id, feng.id], chat: '' }
    await openReminder(db, { ...reminder, ...others, text: '共同的事' })
    await admin.says('/角色 @曹颖 信息员')
    await admin.says('/角色 移交 @曹颖 @冯军')
    expect((await admin.seesCard()).words).toContain('角色和代理不随移交变动')
    await admin.presses('移交', { form: { to: feng.id } })
    const ended = (await admin.seesCard()).words
    expect(ended).toMatch(/曹颖名下事项已移交冯军.*提醒1项/s)
    // 冯军 does not sit there
    expect(ended).toMatch(/仍在其名下.*群内定期提醒|仍在其名下.*提醒 1项/s)
    expect(await find(`select text, owner, state, to_json(receivers) as receivers from reminders order by id`)).toEqual(
      [
        { text: '报周报', owner: feng.id, state: 'active', receivers: [] },
        { text: '他群的事', owner: cao.id, state: 'active', receivers: [] },
        { text: '自己的事', owner: cao.id, state: 'active', receivers: [cao.id] },
        { text: '共同的事', owner: cast.wang.id, state: 'active', receivers: [cao.id, feng.id] },
      ],
    )
    expect(await count(db, `held_roles where person = '${cao.id}' and withdrawn_at is null`)).toBe(1)
    expect(await count(db, `tasks where lead = '${feng.id}'`)).toBe(2)
  })
})

/** More than one portion of a large hand-over. */
const SCOPED = 60

describe.each(kinds)('知悉范围内的事项移交 on %s', kind => {
  let cast: Cast
  let sun: TestPerson
  const leads = () => rows(cast.office.database.db, 'select lead from tasks order by id')
  const scoped = async (person: TestPerson): Promise<string[]> =>
    (await person.messages()).map(({ words }) => words).filter(words => words.includes('不在知悉范围内'))

  beforeAll(async () => {
    cast = await openCast({ kind, wire: 'hasty' })
    sun = cast.office.person('孙丽')
    await giveOut(
      cast,
      '@陈晨 核查线索 12月9日下班前 来源:会议议定 知悉范围:李静、孙丽',
      '@王强 @陈晨 走访核实 12月9日下班前 来源:会议议定 知悉范围:李静、孙丽',
    )
  }, 180_000)
  afterAll(() => cast.office.close())

  it('不在范围内的不能移交给自己或他人,移交人得到说明,但不知事项', async () => {
    const { feng, cao, chen, wang, zhang } = cast
    for (const [giver, taker] of [
      [feng, feng],
      [feng, cao],
      [zhang, zhang],
    ] as const) {
      if (giver === zhang) await cast.office.person('刘芳').says('/角色 @张明 督办员')
      await giver.says(`/角色 移交 @陈晨 @${taker === feng ? '冯军' : taker === cao ? '曹颖' : '张明'}`)
      const form = await giver.seesCard()
      const { toast } = await giver.presses('移交', { on: form, form: { to: taker.id, of: 'task' } })
      expect(toast).toMatchObject({ type: 'info', content: '没有可以移交的事项' })
      const done = (await giver.seesCard()).words
      expect(done).toContain('设有知悉范围的事项,只移交知悉范围内的人员')
      expect(done).toContain('转办或变更')
      expect(done).not.toContain('已移交')
      expect(await leads()).toEqual([{ lead: chen.id }, { lead: wang.id }])
      await taker.says('/督办 督〔2026〕1号')
      expect((await taker.sees()).words).toContain('未找到')
      for (const person of [giver, taker])
        expect((await person.messages()).filter(({ words }) => /核查线索|走访核实/.test(words))).toEqual([])
    }
    expect(await count(cast.office.database.db, `task_assists where person = '${chen.id}'`)).toBe(1)
  })

  it('知悉范围内可以转办、变更的人得知,范围外的不得知', async () => {
    const { wang, li, zhou } = cast
    for (const person of [wang, li]) {
      const [told] = await scoped(person)
      expect(told).toContain('核查线索:陈晨名下事项移交冯军,其不在知悉范围内,本事项未移交,请转办或变更')
      expect(told).toContain('走访核实')
    }
    for (const person of [zhou, sun]) expect(await scoped(person)).toEqual([])
  })

  it('系统管理员只知项数,也得到说明', async () => {
    const { cao } = cast
    const admin = cast.office.person('刘芳')
    await admin.says('/角色 移交 @陈晨 @曹颖')
    await admin.presses('移交', { form: { to: cao.id } })
    expect((await admin.seesCard()).words).toContain('只移交知悉范围内的人员')
    expect((await admin.messages()).filter(({ words }) => words.includes('核查线索'))).toEqual([])
  })

  it('很多的也不耽搁其余的;范围内的人照常接手', async () => {
    const { office, chen, feng, li, wang } = cast
    const { db } = office.database
    const columns = await rows<{ name: string }>(
      db,
      `select column_name as name from information_schema.columns where table_schema = 'public' and table_name = 'tasks' and column_name <> 'id'
       and is_generated = 'NEVER'`,
    )
    const names = columns.map(({ name }) => `"${name}"`)
    const values = names.map(name => (name === '"number_seq"' ? '1000 + n' : name === '"next_at"' ? 'null' : name))
    await rows(
      db,
      `insert into tasks (${names.join()}) select ${values.join()} from tasks, generate_series(1, ${SCOPED}) n where id = 1`,
    )
    await giveOut(cast, '@陈晨 报送总结 12月7日下班前 来源:会议议定')
    await feng.says('/角色 移交 @陈晨 @冯军')
    await feng.presses('移交', { form: { to: feng.id } })
    expect((await feng.seesCard()).words).toContain('陈晨名下事项已移交冯军:督办1项')
    expect(await count(db, `tasks where lead = '${chen.id}'`)).toBe(SCOPED + 1)
    // into another unit only by the office that supervises
    await wang.says('/角色 移交 @陈晨 @孙丽')
    await wang.presses('移交', { form: { to: sun.id } })
    await office.moveTo('2026-11-24T10:00:00+08:00')
    await office.settled()
    expect(await count(db, `tasks where lead = '${sun.id}'`)).toBe(SCOPED + 1)
    expect(await count(db, `task_assists where person = '${sun.id}'`)).toBe(1)
    await sun.says('/督办 督〔2026〕1号')
    expect((await sun.seesCard()).words).toContain('核查线索')
    expect((await li.messages()).at(-1)?.words).not.toContain('移交孙丽,其不在')
  })
})

describe.each(kinds)('移交给其他单位的人员 on %s', kind => {
  let cast: Cast
  const bearers = () =>
    rows<{ lead: string; unit: string; person: string | null }>(
      cast.office.database.db,
      `select t.lead, t.lead_unit as unit, a.person from tasks t left join task_assists a on a.task = t.id order by t.id`,
    )
  const hands = async (giver: TestPerson, taker: TestPerson) => {
    await giver.says('/角色 移交 @陈晨')
    return giver.presses('移交', { on: await giver.seesCard(), form: { to: taker.id, of: 'task' } })
  }
  const told = async (person: TestPerson): Promise<string[]> =>
    (await person.messages()).map(({ words }) => words).filter(words => words.includes('不属承办单位'))

  beforeAll(async () => {
    cast = await openCast({ kind, wire: 'hasty' })
    await giveOut(
      cast,
      '@陈晨 报送平安建设总结 12月7日下班前 来源:会议议定',
      '@冯军 @陈晨 报送名册 12月8日下班前 来源:会议议定',
    )
    await cast.chen.says('/督办 督〔2026〕1号')
    await cast.chen.presses('签收', { on: await cast.chen.seesCard() })
  }, 180_000)
  afterAll(() => cast.office.close())

  it('科室负责人、系统管理员不能把承办单位改为其他单位;事项不动,移交人和交办一方得知', async () => {
    const { office, chen, feng, li, wang, zhang } = cast
    const before = await bearers()
    for (const giver of [feng, office.person('刘芳')]) {
      expect((await hands(giver, zhang)).toast).toMatchObject({ type: 'info', content: '没有可以移交的事项' })
      const ended = (await giver.messages()).findLast(({ card }) => card?.title === '移交 · 未办理')
      expect(ended?.words).toContain('改由其他单位承办的,须由督办员、办公室主任等移交')
      expect(await bearers()).toEqual(before)
    }
    expect(before.map(({ lead }) => lead)).toEqual([chen.id, feng.id])
    for (const person of [wang, li])
      expect((await told(person))[0]).toMatch(
        /报送平安建设总结:陈晨名下事项移交张明,其不属承办单位,本事项未移交,请转办或变更/,
      )
    expect(await told(chen)).toEqual([])
  })

  it('由督办员移交的,改由接手人及其单位承办', async () => {
    const { wang, zhang, feng } = cast
    expect((await hands(wang, zhang)).toast?.content).toBe('已移交')
    const [unit] = await rows<{ departments: string[] }>(
      cast.office.database.db,
      `select to_json(departments) as departments from people where id = '${zhang.id}'`,
    )
    expect(await bearers()).toEqual([
      { lead: zhang.id, unit: unit?.departments[0], person: null },
      { lead: feng.id, unit: expect.anything(), person: zhang.id },
    ])
  })

  it('本单位的人接手,科室负责人照常移交', async () => {
    const { feng, cao, chen } = cast
    await giveOut(cast, '@陈晨 核对台账 12月7日下班前 来源:会议议定')
    expect((await hands(feng, cao)).toast?.content).toBe('已移交')
    expect(await count(cast.office.database.db, `tasks where lead = '${chen.id}'`)).toBe(0)
    expect(await count(cast.office.database.db, `tasks where lead = '${cao.id}'`)).toBe(1)
  })
})

it('用车不移交给审批过、同意过出车或者不办理用车申请的人', async () => {
  const { office, chen, cao, li, feng } = await openCast({ wire: 'hasty' })
  const { db } = office.database
  const [driver, sun, zheng] = ['陈刚', '孙丽', '郑洁'].map(name => office.person(name)) as TestPerson[]
  if (!driver || !sun || !zheng) throw new Error('nobody')
  await office.person('刘芳').says('/角色 @陈刚 驾驶员')
  const decision = { by: cao.id, inPlaceOf: feng.id, at: office.clock.now().toISOString(), word: '' }
  await fleetIn(db).trip(1, ['2026-12-01T08:30', '2026-12-01T12:00'], {
    ...{ state: 'approved', applicant: chen.id, user: chen.id, people: [chen.id] },
    steps: [{ by: 'KZ', why: [], people: [feng.id], decision }],
    urgent: { consentedBy: sun.id, dueAt: shanghai('2026-12-02T17:30').toISOString() },
  })
  const hands = async (to: TestPerson) => {
    await li.says('/角色 移交 @陈晨')
    return (await li.presses('移交', { on: await li.seesCard(), form: { to: to.id } })).toast?.content
  }
  for (const to of [cao, sun, driver]) {
    expect(await hands(to), to.name).toBe('没有可以移交的事项')
    expect((await li.seesCard()).words).toMatch(/仍在其名下,须另行办理:[\s\S]*用车 /)
  }
  expect(await hands(zheng)).toBe('已移交')
  expect(await rows(db, 'select applicant from trips')).toEqual([{ applicant: zheng.id }])
  await office.close()
})

describe('移交尚未交办的', () => {
  it('拟办和待审批的还不属于承办人,移交时不列出,也不改动', async () => {
    const { office, wang, feng } = await openCast({ wire: 'hasty' })
    await wang.says('/督办 @陈晨 尚未交办的方案 12月9日下班前')
    await wang.presses('送审')
    await feng.says('/角色 移交 @陈晨 @曹颖')
    expect((await feng.sees()).words).toContain('陈晨名下没有')
    expect((await feng.sees()).words).not.toContain('尚未交办的方案')
    await office.close()
  })
})

it('承办人不能移交给自己来确认;在职的原人得知移交', async () => {
  const { office, li, feng } = await openCast({ wire: 'hasty' })
  await feng.says('/交办 @李静 审核材料')
  await feng.says('/交办 @孙丽 印材料')
  await li.presses('完成', { form: { word: '已审核' } })
  await li.says('/角色 移交 @冯军 @李静')
  await li.presses('移交', { form: { to: li.id } })
  const ended = (await li.seesCard()).words
  expect(ended).toContain('冯军名下事项已移交李静:交办1项')
  expect(ended).toMatch(/仍在其名下,须另行办理:[\s\S]*审核材料/)
  expect(ended).toContain('由接手人承办的交办,仍由原交办人确认')
  const { db } = office.database
  expect(await rows(db, 'select title, giver from assignments order by id')).toEqual([
    { title: '审核材料', giver: feng.id },
    { title: '印材料', giver: li.id },
  ])
  expect((await feng.messages()).at(-1)?.words).toContain('李静已将您名下的交办1项移交给李静')
  await office.close()
})
