import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fleetIn } from './harness/cars.ts'
import { type Cast, giveOut, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { openMeetingCast } from './harness/meeting-cast.ts'
import type { Seen, TestPerson } from './harness/office.ts'
import { watchTurns } from './harness/statements.ts'
import { count, multiply, rows } from './harness/traces.ts'

/** More than one portion of a large hand-over. */
const MANY = 60

/** The cards by which somebody is told of who has left. */
const told = async (person: TestPerson): Promise<Seen[]> =>
  (await person.messages()).filter(one => one.card?.title.startsWith('离任人员'))

async function setResigned({ office }: Cast, { id }: TestPerson, is_resigned: boolean): Promise<void> {
  await office.send('PATCH', `/sim/people/${id}`, { is_resigned })
  await office.settled()
}

/** A trip that is ahead on every day of these tests. */
const approvedTrip = ({ office }: Cast, n: number, id: string): Promise<number> =>
  fleetIn(office.database.db).trip(n, ['2026-12-30T08:30', '2026-12-30T12:00'], {
    ...{ state: 'approved', applicant: id, user: id, people: [id] },
  })

describe.each(kinds)('离任人员的卡片 on %s', kind => {
  let cast: Cast
  let admin: TestPerson
  let sun: TestPerson
  let jiang: TestPerson
  const find = async <T>(query: string) => rows<T>(cast.office.database.db, query)
  const card = async (person: TestPerson): Promise<Seen> => {
    const [one, ...more] = await told(person)
    if (!one || more.length) throw new Error(`${person.name} has ${more.length + (one ? 1 : 0)} cards of leavers`)
    return one
  }
  const labels = (seen: Seen): string[] => (seen.card?.buttons ?? []).map(({ label }) => label)
  const resigns = (who: TestPerson, isGone: boolean) => setResigned(cast, who, isGone)
  const opening = async (day: number): Promise<void> => {
    await cast.office.moveTo(`2026-11-${day}T09:00:00+08:00`)
    await cast.office.settled()
  }
  const handsOver = async (giver: TestPerson, leaver: TestPerson, to: TestPerson): Promise<void> => {
    await giver.presses(`移交${leaver.name}名下事项`, { on: await card(giver) })
    await giver.presses('移交', { form: { to: to.id } })
    await cast.office.settled()
  }
  const trip = (n: number, { id }: TestPerson) => approvedTrip(cast, n, id)

  beforeAll(async () => {
    cast = await openCast({ kind, wire: 'hasty' })
    const { office, chen, cao, wang } = cast
    admin = office.person('刘芳')
    sun = office.person('孙丽')
    jiang = office.person('蒋勇')
    for (const line of ['/角色 @蒋勇 车管员', '/角色 @周涛 车管员 至 2026-11-25']) await admin.says(line)
    await giveOut(cast, '@陈晨 报送总结 12月7日下班前 来源:会议议定')
    await wang.says('/交办 @陈晨 修好投影仪')
    await trip(1, chen)
    await trip(2, cao)
    await resigns(chen, true)
    await resigns(cao, true)
    await opening(25)
  }, 180_000)
  afterAll(() => cast.office.close())

  it('督办员移交督办后,各人的卡片随即更新:自己的写明已移交,他人的只列尚余的', async () => {
    const { chen, li, wang, feng } = cast
    expect(labels(await card(li))).toEqual(['移交陈晨名下事项', '移交曹颖名下事项'])
    expect(labels(await card(wang))).toEqual(['移交陈晨名下事项'])
    const copy = await card(wang)
    await handsOver(wang, chen, sun)

    const own = await card(wang)
    expect(own.card?.title).toBe('离任人员 · 已移交')
    expect(own.words).toContain('陈晨(综治科)名下已没有需要您移交的事项:督办已由王强移交孙丽')
    expect(labels(own)).toEqual([])
    for (const person of [li, feng]) {
      const seen = await card(person)
      expect(seen.card?.title).toBe('离任人员 · 待移交')
      expect(seen.words).toContain('名下有2项未办结事项:用车1项、交办1项')
      expect(seen.words).toContain('督办已由王强移交孙丽')
    }
    const cars = await card(jiang)
    expect(labels(cars)).toEqual(['移交陈晨名下事项', '移交曹颖名下事项'])
    expect(cars.words).not.toMatch(/督办|王强|交办/)

    const before = (await wang.messages()).length
    const [button] = copy.card?.buttons ?? []
    if (!button) throw new Error('no button')
    const { toast } = await wang.clicks(copy.message_id, button)
    await cast.office.settled()
    expect(toast).toMatchObject({
      type: 'info',
      content: '陈晨名下已没有需要您移交的事项:督办已由王强移交孙丽',
    })
    expect((await wang.messages()).length).toBe(before)
  })

  it('审计中写明按下的是谁名下的事项', async () => {
    const { wang, chen } = cast
    expect(
      await find(`select who, feature, data ->> 'of' as "of" from events where act = 'handForm' order by id`),
    ).toEqual([
      { who: wang.id, feature: 'role', of: chen.id },
      { who: wang.id, feature: 'role', of: chen.id },
    ])
  })

  it('不再担任的,卡片写明由他人办理,不说他人名下有什么;再按得到说明', async () => {
    const { chen } = cast
    const copy = await card(jiang)
    const zhou = cast.office.person('周涛')
    expect(labels(await card(zhou))).toEqual(labels(copy))
    await admin.says('/角色 撤销 @蒋勇 车管员')
    const seen = await card(jiang)
    expect(seen.card).toMatchObject({ title: '离任人员 · 由他人移交', colour: 'grey', buttons: [] })
    expect(seen.words).toContain('陈晨(综治科)名下事项的移交已不由您负责,由现任负责人员办理')
    expect(seen.words).not.toMatch(/用车|\d项|王强|孙丽|没有/)
    expect((await jiang.forges('移交陈晨名下事项', copy)).toast?.content).toContain('移交他人名下事项仅限')
    expect(
      await find(
        `select data ->> 'of' as "of" from events where act = 'handForm' and outcome = 'refused' and who = '${jiang.id}'`,
      ),
    ).toEqual([{ of: chen.id }])
    await opening(26)
    for (const person of [jiang, zhou]) expect((await card(person)).card?.title).toBe('离任人员 · 由他人移交')
    await admin.says('/角色 @蒋勇 车管员')
    expect(labels(await card(jiang))).toEqual(labels(copy))
    await admin.says('/角色 撤销 @蒋勇 车管员')
  })

  it('一人移交了其余的,他人的卡片也写明;名下另有人的照旧', async () => {
    const { chen, li, feng } = cast
    await handsOver(li, chen, sun)
    for (const person of [li, feng]) {
      const seen = await card(person)
      expect(labels(seen)).toEqual(['移交曹颖名下事项'])
      expect(seen.words).toContain(
        '陈晨(综治科)名下已没有需要您移交的事项:督办已由王强移交孙丽,用车、交办已由李静移交孙丽',
      )
    }
  })

  it('复职的不再待移交:按下即说明,此后卡片也写明;再离任的重新告知', async () => {
    const { cao, li, feng } = cast
    await resigns(cao, false)
    const { toast } = await li.presses('移交曹颖名下事项', { on: await card(li) })
    expect(toast?.content).toContain('曹颖已恢复在职,无需移交')
    for (const person of [li, feng]) {
      const seen = await card(person)
      expect(seen.card?.title).toBe('离任人员 · 已移交')
      expect(seen.words).toContain('曹颖(综治科)已恢复在职,无需移交')
      expect(labels(seen)).toEqual([])
    }
    await opening(27)
    expect((await told(feng)).length).toBe(1)
    await resigns(cao, true)
    await opening(30)
    const [before, anew] = await told(feng)
    for (const seen of [before, anew]) expect(seen && labels(seen)).toEqual(['移交曹颖名下事项'])
    expect(anew?.words).not.toContain('陈晨')
  })

  it('事项另行了结的,次日卡片写明;移交人本人离任的,其卡片不再列事项', async () => {
    const { cao, li, feng } = cast
    await resigns(feng, true)
    await find(`update trips set state = 'cancelled' where applicant = '${cao.id}'`)
    await cast.office.moveTo('2026-12-01T09:00:00+08:00')
    await cast.office.settled()
    const [first, second, ofFeng] = await told(li)
    for (const seen of [first, second]) {
      expect(seen?.card).toMatchObject({ title: '离任人员 · 已移交', buttons: [] })
      expect(seen?.words).toContain('曹颖(综治科)名下已没有需要您移交的事项')
    }
    expect(ofFeng && labels(ofFeng)).toEqual(['移交冯军名下事项'])
    for (const seen of await told(feng))
      expect(seen.card).toMatchObject({ title: '离任人员 · 由他人移交', buttons: [] })
  })

  it('分批移交期间写明正在移交,全部移交后写明已移交', async () => {
    const { office, wang, li, zhang } = cast
    const leaver = office.person('郑洁')
    await giveOut(cast, '@郑洁 报送名册 12月8日下班前 来源:会议议定')
    await multiply(office.database.db, 'tasks', MANY, { number_seq: '3000 + n', next_at: 'null' })
    await resigns(leaver, true)
    await office.moveTo('2026-12-02T09:00:00+08:00')
    await office.settled()
    const seen = async (person: TestPerson) => (await told(person)).filter(({ words }) => words.includes('郑洁')).at(-1)
    expect((await seen(wang))?.words).toContain(`督办${MANY + 1}项`)
    await li.says('/角色 移交 @郑洁 @张明')
    await li.presses('移交', { form: { to: zhang.id } })
    const going = await seen(wang)
    expect(going?.words).toMatch(/郑洁(.+)名下事项正在分批移交/)
    expect(going?.card?.buttons).toEqual([])
    await office.moveTo('2026-12-02T09:01:00+08:00')
    await office.settled()
    for (const person of [wang, li]) {
      expect((await seen(person))?.card?.title).toBe('离任人员 · 已移交')
      expect((await seen(person))?.words).toContain('督办已由李静移交张明')
    }
  })

  it('移交人中途离任的,其余仍待移交,各人的卡片写明已移交的和尚余的', async () => {
    const { office, wang, li, zhang } = cast
    const leaver = office.person('赵敏')
    await giveOut(cast, '@赵敏 报送台账 12月8日下班前 来源:会议议定')
    await multiply(office.database.db, 'tasks', MANY, { number_seq: '4000 + n', next_at: 'null' })
    await resigns(leaver, true)
    await office.moveTo('2026-12-03T09:00:00+08:00')
    await office.settled()
    const seen = async () => (await told(li)).filter(({ words }) => words.includes('赵敏')).at(-1)
    expect((await seen())?.words).toContain(`督办${MANY + 1}项`)
    await wang.says('/角色 移交 @赵敏 @张明')
    await wang.presses('移交', { form: { to: zhang.id } })
    expect((await seen())?.words).toContain('正在分批移交')
    await resigns(wang, true)
    await office.moveTo('2026-12-03T09:01:00+08:00')
    await office.settled()
    expect((await seen())?.words).toMatch(/督办已由王强移交张明,督办另有未能移交的/)
    expect((await seen())?.card?.buttons.map(({ label }) => label)).toContain('移交赵敏名下事项')
  })

  it('满一年后,谁得知谁离任的记录随卡片清除', async () => {
    const those = `name like 'role.left/%'`
    await find(`update settings set at = at - interval '366 days' where ${those}`)
    const old = `settings where ${those} and at < '2026-01-01'`
    expect(await count(cast.office.database.db, old)).toBeGreaterThan(4)
    await cast.office.moveTo('2026-12-04T09:00:00+08:00')
    await cast.office.settled()
    expect(await count(cast.office.database.db, old)).toBe(0)
  })
})

describe.each(kinds)('离任人员的旧卡片 on %s', kind => {
  let cast: Cast
  let admin: TestPerson
  let sun: TestPerson
  let jiang: TestPerson
  let zhou: TestPerson
  /** How many cards of leavers these have been sent so far. */
  const counts = (...people: TestPerson[]): Promise<number[]> =>
    Promise.all(people.map(async person => (await told(person)).length))
  const last = async (person: TestPerson, words = '离任人员'): Promise<Seen> => {
    const seen = (await person.messages()).filter(one => one.card && one.words.includes(words)).at(-1)
    if (!seen) throw new Error(`${person.name} has no card of ${words}`)
    return seen
  }
  const opens = async (giver: TestPerson, leaver: TestPerson): Promise<Seen> => {
    await giver.presses(`移交${leaver.name}名下事项`, { on: await last(giver, `${leaver.name}(`) })
    return last(giver, `移交 · ${leaver.name}`)
  }
  const handsOver = async (giver: TestPerson, leaver: TestPerson, to: TestPerson) =>
    giver.presses('移交', { on: await opens(giver, leaver), form: { to: to.id } })
  const resigns = (who: TestPerson, isGone: boolean) => setResigned(cast, who, isGone)
  const opening = async (day: string): Promise<void> => {
    await cast.office.send('POST', '/sim/clock', { now: `2026-${day}T09:00:00+08:00` })
    await cast.office.settled()
  }
  const trip = (n: number, { id }: TestPerson) => approvedTrip(cast, n, id)

  beforeAll(async () => {
    cast = await openCast({ kind, wire: 'hasty' })
    const { office, chen, cao, wang, li } = cast
    admin = office.person('刘芳')
    sun = office.person('孙丽')
    jiang = office.person('蒋勇')
    zhou = office.person('周涛')
    await office.inStep()
    await office.settled()
    for (const line of ['/角色 @蒋勇 车管员', '/角色 @周涛 车管员 至 2026-12-10']) await admin.says(line)
    await wang.says('/交办 @陈晨 修好投影仪')
    await trip(1, cao)
    await resigns(chen, true)
    await opening('11-25')
    await handsOver(li, chen, sun)
    await resigns(cao, true)
    await opening('11-26')
    expect(await counts(li, cast.feng, jiang, zhou, sun)).toEqual([2, 2, 1, 1, 0])
    await opening('12-10')
  }, 180_000)
  afterAll(() => cast.office.close())

  it('已办结的、与本人无关的,角色变动和每日核对都不再发送;所涉的只发本人', async () => {
    const { li, feng } = cast
    expect(await counts(li, feng, jiang, zhou, sun)).toEqual([2, 2, 1, 1, 0])
    await admin.says('/角色 @李静 督办员')
    await cast.office.settled()
    expect(await counts(li, feng, jiang, zhou, sun)).toEqual([2, 2, 1, 1, 0])
    await admin.says('/角色 撤销 @蒋勇 车管员')
    await cast.office.settled()
    expect(await counts(li, feng, jiang, zhou, sun)).toEqual([2, 2, 2, 1, 0])
    expect((await last(jiang)).card?.title).toBe('离任人员 · 由他人移交')
    await opening('12-11')
    expect(await counts(li, feng, jiang, zhou, sun)).toEqual([2, 2, 2, 2, 0])
    expect((await last(zhou)).card?.title).toBe('离任人员 · 由他人移交')
  })

  it('新任的次日得知尚待移交的,其余的人不再收到', async () => {
    const { li, feng } = cast
    await admin.says('/角色 @孙丽 车管员')
    await opening('12-14')
    await opening('12-15')
    expect(await counts(li, feng, jiang, zhou, sun)).toEqual([2, 2, 2, 2, 1])
    expect((await last(sun)).card?.buttons.map(({ label }) => label)).toEqual(['移交曹颖名下事项'])
  })

  it('几个科室的人在一张卡片上;两人同时移交一人名下不同的事项,各人的卡片都写明', async () => {
    const { office, wang, li, zhang } = cast
    const [zheng, zhao] = [office.person('郑洁'), office.person('赵敏')]
    await giveOut(cast, '@郑洁 报送总结 12月30日下班前 来源:会议议定')
    for (const [i, person] of [zheng, zhao].entries()) await trip(10 + i, person)
    for (const person of [zheng, zhao]) await resigns(person, true)
    await opening('12-16')
    const units = [...(await last(li, '郑洁(')).words.matchAll(/\(([^)]+)\)已离任/g)].map(([, unit]) => unit)
    expect([units.length, new Set(units).size]).toEqual([2, 2])
    const givers = [wang, sun]
    const forms = await Promise.all(givers.map(async giver => ({ giver, on: await opens(giver, zheng) })))
    await Promise.all(forms.map(({ giver, on }) => giver.presses('移交', { on, form: { to: zhang.id } })))
    for (const giver of givers) expect((await last(giver, '郑洁(')).words).toMatch(/郑洁.+已没有需要您移交的事项/)
    const { words } = await last(li, '郑洁(')
    for (const way of ['督办已由王强移交张明', '用车已由孙丽移交张明']) expect(words).toContain(way)
  })

  it('表单打开后事项已另行了结的,说明已没有,各人的卡片也写明', async () => {
    const { office, li } = cast
    const zhao = office.person('赵敏')
    const on = await opens(li, zhao)
    await rows(office.database.db, `update trips set state = 'cancelled' where applicant = '${zhao.id}'`)
    const { toast } = await li.presses('移交', { on, form: { to: sun.id } })
    expect(toast).toMatchObject({ type: 'info', content: '赵敏名下已没有需要您移交的事项' })
    expect((await last(sun, '赵敏(')).words).toMatch(/赵敏.+已没有需要您移交的事项/)
  })

  it('表单打开后复职的,不再移交,各人的卡片也写明', async () => {
    const { office, li, feng } = cast
    const zhao = office.person('赵敏')
    await trip(20, zhao)
    await li.says('/角色 移交 @赵敏')
    const on = await last(li, '移交 · 赵敏')
    await resigns(zhao, false)
    const { toast } = await li.presses('移交', { on, form: { to: feng.id } })
    expect(toast?.content).toContain('赵敏已恢复在职,无需移交')
    expect(await count(office.database.db, `trips where applicant = '${zhao.id}'`)).toBe(2)
    expect((await last(sun, '赵敏(')).words).toContain('已恢复在职,无需移交')
  })
})

describe('很多人同时离任', () => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openCast({ wire: 'hasty' })
  }, 180_000)
  afterAll(() => cast.office.close())

  const leave = async (day: string, ids: readonly string[]): Promise<void> => {
    const { office, chen } = cast
    const { db } = office.database
    for (const [i, id] of ids.entries()) {
      await rows(
        db,
        `insert into people (id, name, departments, active) select '${id}', '离任${id.slice(3)}', departments, false from people where id = '${chen.id}'`,
      )
      await approvedTrip(cast, Number(id.slice(3)) * 10 + i, id)
    }
    await office.moveTo(`${day}T09:00:00+08:00`)
    await office.settled()
  }

  /** How many statements each press takes whose card tells of somebody who left. */
  async function cost(on: Seen | undefined, label: string): Promise<number> {
    const watched = watchTurns(cast.office.database.db)
    await cast.li.presses(label, on ? { on } : {})
    watched.stop()
    return watched.turns.find(asked => asked.some(text => text.includes('insert into "events"')))?.length ?? 0
  }

  it('每张卡片至多十人;按一次读取多少,不随离任的人数增加', async () => {
    await leave('2026-11-25', ['ou_100'])
    const [first] = await told(cast.li)
    const alone = await cost(first, '移交离任100名下事项')
    expect(alone).toBeGreaterThan(10)
    await leave(
      '2026-11-26',
      Array.from({ length: 34 }, (_, i) => `ou_${200 + i}`),
    )
    const cards = (await told(cast.li)).slice(1)
    expect(cards.map(({ card }) => card?.buttons.length)).toEqual([10, 10, 10, 4])
    const [among] = cards
    expect(await cost(among, among?.card?.buttons[0]?.label ?? '')).toBeLessThanOrEqual(alone)
  })

  it('当日未及告知的,次日接着告知', async () => {
    const { db } = cast.office.database
    const ahead = `jsonb_build_array('ou_900')`
    await rows(
      db,
      `update settings set value = value || jsonb_build_object('people', value -> 'people' || ${ahead}, 'ahead', ${ahead}) where name = 'role.leavers'`,
    )
    await cast.office.moveTo('2026-11-26T18:00:00+08:00')
    await leave('2026-11-27', ['ou_900'])
    expect((await told(cast.li)).at(-1)?.words).toContain('离任900')
  })

  it('新任的次日得知所有尚待移交的', async () => {
    await cast.office.person('刘芳').says('/角色 @周涛 车管员')
    await cast.office.moveTo('2026-11-30T09:00:00+08:00')
    await cast.office.settled()
    const cards = await told(cast.office.person('周涛'))
    expect(cards.map(({ card }) => card?.buttons.length)).toEqual([10, 10, 10, 6])
    expect(new Set(cards.flatMap(({ card }) => card?.buttons.map(({ label }) => label))).size).toBe(36)
  })
})

describe.each(kinds)('一直没有发出的会议 on %s', kind => {
  it('过了时间不再算在名下,离任人员的信息不因此留着', async () => {
    const { office, cao, chen } = await openMeetingCast({ kind, now: '2026-11-24T09:00:00+08:00' })
    const admin = office.person('刘芳')
    await cao.says('/会议 11月26日9:00-10:00 三楼会议室 座谈会 @王强')
    await rows(office.database.db, `update meetings set presider = '${chen.id}'`)
    const inHand = async () => {
      await admin.says('/角色 移交 @陈晨 @李静')
      return (await admin.seesCard()).words
    }
    expect(await inHand()).toContain('会议 1项')
    await office.moveTo('2026-11-26T10:00:00+08:00')
    expect(await inHand()).toContain('名下没有未办结事项')
    await office.close()
  })
})
