import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Desk } from '../src/bot/desk.ts'
import { meetingFlow } from '../src/office/meeting/flow.ts'
import { isWorthAsking, MOST_ASKED, type Unanswered } from '../src/office/meeting/unread.ts'
import { shanghai } from './harness/cars.ts'
import { kinds } from './harness/databases.ts'
import { clicks, meetingsIn, showMatter } from './harness/meetings.ts'
import { MORNING, TestOffice, TestPerson } from './harness/office.ts'
import { count, rows } from './harness/traces.ts'

const OFFICE = 'od-3966f0940e95f74626eab9e9d7074b0f'
const GROUP = '办公室工作群'
const SCOPES = ['im:message', 'im:message:readonly', 'im:message:basic']
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

describe.each(kinds)('查看未读 on %s', kind => {
  let office: TestOffice
  const who = (name: string): TestPerson => office.person(name)
  beforeAll(async () => {
    office = await TestOffice.open({ kind, wire: 'hasty' })
    // what the platform dates, and one lists by, goes by the office's time in all of these
    await office.inStep()
    for (const line of ['/角色 @周正 主要领导', '/角色 @赵敏 会务员']) await who('刘芳').says(line)
  })
  afterAll(() => office.close())
  beforeEach(() => office.clock.set(new Date(MORNING)))

  /** A meeting of 赵敏 whose card she has before her; everybody named was sent their notice, and has not opened it. */
  async function meetingOf(...names: string[]): Promise<{ meeting: number; ids: Map<string, number> }> {
    const put = meetingsIn(office.database.db)
    const meeting = await put.meeting(who('赵敏').id, {
      ...{ numberSeq: null, numberYear: null, unit: OFFICE, convener: who('周正').id, presider: who('周正').id },
    })
    const ids = new Map<string, number>()
    for (const name of names) {
      const id = await put.ask(meeting, { person: who(name).id, unit: OFFICE })
      ids.set(name, id)
      await showMatter(office, `${meeting}/i${id}`, who(name))
    }
    await showMatter(office, String(meeting), who('赵敏'))
    return { meeting, ids }
  }
  async function showInGroup(matter: string): Promise<void> {
    const { house } = office.bot
    const chat = await office.chatNamed(GROUP, who('赵敏').id)
    await house.office.db.transaction(async tx => {
      const desk = new Desk(house.office, tx, office.clock.now(), { who: '', chat: '', delivery: `group-${matter}` })
      desk.beat().send({ to: { chat }, body: { matter: { feature: 'meeting', id: matter } } })
      await desk.close('')
    })
    office.bot.drainer.wake()
    await office.settled()
  }
  const opens = async (name: string) =>
    office.send('POST', `/sim/chats/${await who(name).privateChat()}/read`, { as: who(name).id })
  /** Questions to Feishu: on a busy machine one call may be made twice. */
  const asks = () => count(office.database.db, `outbox where api = 'readers'`)
  const kept = () => rows<{ invitation: string; seen: string | null }>(office.database.db, 'select * from notice_reads')
  const later = (ms: number) => office.clock.set(new Date(office.clock.now().getTime() + ms))

  it('点了才查,只问未回执的人;未读的列姓名和部门,已读未回的不列', async () => {
    const { meeting, ids } = await meetingOf('陈晨', '王强', '郑洁')
    await opens('王强')
    await who('郑洁').presses('参加')
    const before = await asks()
    expect(await kept()).toEqual([])
    const zhao = who('赵敏')
    expect((await zhao.presses('查看未读')).toast?.content).toBe('正在查询2人')
    const { words, card } = await zhao.seesCard()
    expect((await asks()) - before).toBe(2)
    expect(words).toContain('未回2人,其中未读1人(截至11月24日(周二)09:00)')
    expect(words).toContain('办公室:陈晨')
    expect(words).not.toContain('王强')
    expect(words).not.toContain('郑洁')
    expect(words).toContain('不对外公布')
    expect(card.buttons.map(({ label }) => label)).toEqual(['催报回执', '再次查询'])
    // the card of the meeting itself says nothing of it, to nobody
    await zhao.says(`/查 安全生产例会`)
    await showMatter(office, String(meeting), who('周正'), zhao)
    for (const name of ['周正', '赵敏']) expect((await who(name).seesCard()).words).not.toMatch(/已读|未读/)
    expect(ids.size).toBe(3)
  })

  it('重复点击不重复询问;隔几分钟再查,读过的不再问;卡片自动更新', async () => {
    const { meeting } = await meetingOf('陈晨', '王强')
    const zhao = who('赵敏')
    await opens('王强')
    const before = await asks()
    await zhao.presses('查看未读')
    const first = await zhao.seesCard()
    expect((await asks()) - before).toBe(2)
    expect((await zhao.presses('再次查询', { on: first })).toast?.content).toBe('刚查询过,或没有可查询的通知')
    expect((await asks()) - before).toBe(2)
    await opens('陈晨')
    later(6 * MINUTE_MS)
    await zhao.presses('再次查询', { on: first })
    expect((await asks()) - before).toBe(3)
    const after = await zhao.seesCard()
    expect(after.message_id).toBe(first.message_id)
    expect(after.words).toContain('未回2人,其中未读0人')
    // a press that comes twice asks once
    await Promise.all([1, 2].map(() => clicks(office, zhao, 'unread', { id: meeting, again: 1 })))
    expect((await asks()) - before).toBe(3)
  })

  it('催报后以最近的一张为准;催报按钮照旧', async () => {
    await meetingOf('陈晨')
    const zhao = who('赵敏')
    await opens('陈晨')
    await zhao.presses('查看未读')
    expect((await zhao.seesCard()).words).toContain('其中未读0人')
    const card = await zhao.seesCard()
    expect((await zhao.presses('催报回执')).toast?.content).toBe('已提醒1人报送回执')
    await zhao.presses('再次查询', { on: card })
    expect((await zhao.seesCard()).words).toContain('其中未读1人')
  })

  it('其他人点不了,看不到;群里只在私聊里回答,群里的卡片没有这个按钮', async () => {
    const { meeting } = await meetingOf('陈晨')
    const before = await asks()
    for (const name of ['陈晨', '周正', '刘芳']) {
      await who(name).says('/帮助')
      expect(await clicks(office, who(name), 'unread', { id: meeting })).toMatch(
        name === '周正' ? /此按钮仅限会议承办人使用/ : /^未找到该会议$/,
      )
      await showMatter(office, `${meeting}/unread`, who(name))
      expect((await who(name).seesCard()).words).toContain('无权查看')
    }
    expect(await asks()).toBe(before)
    const zhao = who('赵敏')
    await showInGroup(String(meeting))
    await showInGroup(`${meeting}/unread`)
    const inGroup = await zhao.seesCard(GROUP)
    expect(inGroup.words).toContain('无权查看')
    const value = { id: meeting, action: 'meeting.unread' }
    for (const again of [{}, { again: 1 }])
      await office.send('POST', '/sim/raw-click', {
        ...{ as: zhao.id, message_id: inGroup.message_id },
        action: { tag: 'button', value: { ...value, ...again } },
      })
    await office.settled()
    expect((await zhao.seesCard()).words).toContain('未回1人,其中未读0人')
    for (const { words, card } of await zhao.messages(GROUP)) {
      expect(words).not.toMatch(/已读|未读/)
      expect(card?.buttons.map(({ label }) => label) ?? []).not.toContain('查看未读')
    }
  })

  it('未送达的不算未读;没有卡片的、单位,都说明', async () => {
    const { meeting } = await meetingOf('陈晨')
    const put = meetingsIn(office.database.db)
    await put.ask(meeting, { person: who('杨帆').id, unit: OFFICE })
    await put.ask(meeting, { person: null, unit: OFFICE, places: 2 })
    const gone = { id: 'ou_00000000000000000000000000000000', name: '调离人员' }
    const undelivered = await put.ask(meeting, { person: gone.id, name: gone.name, unit: OFFICE })
    await showMatter(office, `${meeting}/i${undelivered}`, new TestPerson(office, gone.id, gone.name))
    const zhao = who('赵敏')
    await showMatter(office, String(meeting), zhao)
    await zhao.presses('查看未读')
    const { words } = await zhao.seesCard()
    expect(words).toContain('未回3人,其中未读1人')
    expect(words).toContain('未送达1人,请用其他方式通知。\n办公室:调离人员')
    expect(words).toContain('1人没有可以查询的通知卡片')
    expect(words).toContain('另有1个单位尚未报名')
  })

  it('回执名单注明未送达的,已代录回执的不再注明', async () => {
    const { meeting } = await meetingOf('陈晨')
    const gone = { id: 'ou_00000000000000000000000000000001', name: '停用人员' }
    const unreached = await meetingsIn(office.database.db).ask(meeting, {
      person: gone.id,
      name: gone.name,
      unit: OFFICE,
    })
    await showMatter(office, `${meeting}/i${unreached}`, new TestPerson(office, gone.id, gone.name))
    const zhao = who('赵敏')
    await showMatter(office, String(meeting), zhao)
    const listed = async (): Promise<string[]> => {
      await zhao.presses('回执名单', { on: await zhao.seesCard() })
      const { words } = await zhao.seesCard()
      await showMatter(office, String(meeting), zhao)
      return words.split('\n').filter(line => /陈晨|停用人员/.test(line))
    }
    expect(await listed()).toEqual(['未回执 陈晨(办公室)', '未回执 停用人员(办公室) 未送达'])
    await office.database.db.execute(sql`update invitations set state = 'excused' where id = ${unreached}`)
    expect(await listed()).toEqual(['未回执 陈晨(办公室)', '请假 停用人员(办公室)'])
  })

  it('没有权限的说明开通什么,开通后立即可查', async () => {
    await meetingOf('陈晨')
    const zhao = who('赵敏')
    await office.faults({ missing_scopes: SCOPES })
    const [told, before] = [(await who('刘芳').messages()).length, await asks()]
    await zhao.presses('查看未读')
    expect((await zhao.seesCard()).words).toContain('im:message:readonly')
    expect((await zhao.seesCard()).words).not.toContain('其中未读')
    expect((await asks()) - before).toBe(1)
    expect((await who('刘芳').messages()).length).toBe(told)
    await office.faults({ missing_scopes: [] })
    await zhao.presses('再次查询')
    expect((await zhao.seesCard()).words).toContain('其中未读1人')
    expect((await zhao.seesCard()).words).not.toContain('im:message:readonly')
  })

  it('已回执的随即忘记;会议结束一天后全部清除,卡片上也不再有', async () => {
    const { meeting, ids } = await meetingOf('陈晨', '王强')
    const zhao = who('赵敏')
    await zhao.presses('查看未读')
    const of = async () => (await kept()).filter(one => [...ids.values()].includes(Number(one.invitation))).length
    expect(await of()).toBe(2)
    await who('王强').presses('参加')
    await office.moveTo('2026-11-24T09:01:00+08:00')
    expect(await of()).toBe(1)
    expect((await zhao.seesCard()).words).toContain('陈晨')
    await rows(
      office.database.db,
      `update meetings set state = 'ended', ended_at = '2026-11-24T10:00:00+08:00', next_at = null where id = ${meeting}`,
    )
    await office.moveTo('2026-11-25T09:59:00+08:00')
    expect(await of()).toBe(1)
    await office.moveTo('2026-11-25T10:00:00+08:00')
    await office.settled()
    expect(await of()).toBe(0)
    expect((await zhao.seesCard()).words).toContain('未读情况不再显示')
    expect((await zhao.seesCard()).words).not.toContain('陈晨')
    expect(await clicks(office, zhao, 'unread', { id: meeting })).toContain('会议不在收集回执')
  })

  it('二百零一人的,先查二百人,再点查其余', async () => {
    const { meeting } = await meetingOf()
    await rows(
      office.database.db,
      `with asked as (insert into invitations (rev, meeting, person, unit, part, via, places, name, title, phone, state, word,
          companions, plate, decision, notice_rev, last_move)
        select 1, ${meeting}, 'ou_u' || i, '', 'attend', '', 1, '人员' || i, '', '', 'pending', '', '', '', '', 3, ''
        from generate_series(1, ${MOST_ASKED + 1}) i returning id, person)
      insert into copies (feature, matter, viewer, lane, message)
      select 'meeting', '${meeting}/i' || id, person, person, 'om_none' || id from asked`,
    )
    const zhao = who('赵敏')
    await showMatter(office, String(meeting), zhao)
    const before = await asks()
    const { toast } = await zhao.presses('查看未读')
    expect(toast?.content).toBe('正在查询200人,其余1人请再次点击查询')
    expect((await asks()) - before).toBe(MOST_ASKED)
    expect((await zhao.seesCard()).words).toContain('还有1人尚未查询,每次最多查询200人')
    await zhao.presses('继续查询')
    expect((await asks()) - before).toBe(MOST_ASKED + 1)
    // these messages are no more
    expect((await zhao.seesCard()).words).toContain('201人没有可以查询的通知卡片')
    const left = await rows(office.database.db, `select id from outbox where api = 'readers' and state <> 'sent'`)
    expect(left).toEqual([])
  }, 120_000)

  it('超过7天的通知,飞书不再提供,照说', async () => {
    await office.inStep()
    const { meeting } = await meetingOf('陈晨')
    await rows(
      office.database.db,
      `update meetings set starts_at = starts_at + interval '20 days', ends_at = ends_at + interval '20 days' where id = ${meeting}`,
    )
    later(8 * DAY_MS)
    await office.inStep()
    const zhao = who('赵敏')
    await showMatter(office, String(meeting), zhao)
    await zhao.presses('查看未读')
    const { words } = await zhao.seesCard()
    expect(words).toContain('1人的通知已超过7天')
    expect(words).not.toContain('其中未读')
    const before = await asks()
    later(DAY_MS)
    await zhao.presses('再次查询')
    expect(await asks()).toBe(before)
  })
})

describe('谁值得问', () => {
  const now = shanghai('2026-11-24T10:00')
  const ago = (minutes: number) => new Date(now.getTime() - minutes * MINUTE_MS)
  const one = (some: Partial<Unanswered>): Unanswered => ({
    ...{ invitation: 1, person: 'ou_1', name: '王强', unit: '', notice: 'sent', message: 'om_1' },
    ...{ asked: { message: 'om_1', at: ago(61) }, seen: undefined, seenAt: undefined },
    ...some,
  })

  it.each<[string, Partial<Unanswered>, boolean]>([
    ['没有收到通知的', { message: undefined, asked: undefined }, false],
    ['没有问过的', { asked: undefined }, true],
    ['刚问、还没有答复的', { asked: { message: 'om_1', at: ago(59) } }, false],
    ['问了一小时没有答复的', { asked: { message: 'om_1', at: ago(60) } }, true],
    ['刚答复未读的', { seen: 'unread', seenAt: ago(4) }, false],
    ['五分钟前答复未读的', { seen: 'unread', seenAt: ago(5) }, true],
    ['已读的', { seen: 'read', seenAt: ago(600) }, false],
    ['已读、此后又发过一次的', { seen: 'read', seenAt: ago(1), message: 'om_2' }, true],
    ['超过7天的', { seen: 'old', seenAt: ago(600) }, false],
    ['消息已不存在的', { seen: 'gone', seenAt: ago(600) }, false],
    ['没有权限的', { seen: 'denied', seenAt: ago(0) }, true],
  ])('%s', (_, some, worth) => expect(isWorthAsking(one(some), now)).toBe(worth))

  it('不是会议的流转动作:办理过程里不出现', () => {
    expect(Object.hasOwn(meetingFlow.moves, 'unread')).toBe(false)
  })
})
