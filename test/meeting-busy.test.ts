import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { BUSY_DENIED, calendarBusy, calendarReads, keepCalendarBusy } from '../db/calendar-busy.ts'
import { outbox } from '../db/outbox.ts'
import { settings } from '../db/settings.ts'
import demo from '../simulator/office.json' with { type: 'json' }
import { Desk, drawCopy } from '../src/bot/desk.ts'
import { shanghai } from './harness/cars.ts'
import type { Cast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { openMeetingCast } from './harness/meeting-cast.ts'
import type { TestPerson } from './harness/office.ts'
import { count, emptied, rows } from './harness/traces.ts'

/** Friday; it is Tuesday, 24 November 2026, 09:00. */
const LINE = '11月27日(周五)14:30-16:00 三楼会议室 安全生产例会'

describe.each(kinds)('飞书日历的忙闲 on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openMeetingCast({ kind })
  })
  afterAll(() => cast.office.close())
  const db = () => cast.office.database.db
  beforeEach(async () => {
    await db().delete(calendarBusy)
    await db().delete(calendarReads)
  })

  /** How many people each call asked about. */
  const reads = async () =>
    (await cast.office.calls())
      .filter(({ path }) => path.endsWith('/freebusy/batch'))
      .map(({ body }) => (body as { user_ids: string[] }).user_ids.length)
  const busy = (who: TestPerson, from: string, until: string) =>
    cast.office.send('POST', '/sim/calendar', {
      ...{ as: who.id, summary: '不应外泄的私事' },
      ...{ starts_at: shanghai(`2026-${from}`).getTime(), ends_at: shanghai(`2026-${until}`).getTime() },
    })

  async function readsCalendars(people: string[], span: { from: Date; until: Date }): Promise<void> {
    const { cao, office } = cast
    await office.bot.house.office.db.transaction(async tx => {
      const desk = new Desk(office.bot.house.office, tx, office.clock.now(), { who: cao.id, chat: '', delivery: 'x' })
      desk.beat().readCalendars(people, span, { feature: 'meeting', matter: '1' })
      await desk.close('')
    })
    office.bot.drainer.wake()
    await office.settled()
  }

  it('草稿先出,日历读到后自动补上冲突和可改的时间,只说有安排', async () => {
    const { cao, office } = cast
    const wang = office.person('王强')
    await busy(wang, '11-27T15:00', '11-27T17:30')
    await busy(wang, '11-30T08:00', '11-30T11:00')
    await cao.says(`/会议 ${LINE} @王强`)
    const { words, card } = await cao.seesCard()
    expect(words).toContain('与1人日程冲突')
    expect(words).toContain('王强:11月27日(周五)15:00-17:30 日历已有安排')
    expect(words).not.toContain('不应外泄')
    expect(words).not.toContain('尚未读到')
    expect(card.buttons.map(({ label }) => label)).toContain('改为11月30日(周一)14:30-16:00 三楼会议室')
    const kept = JSON.stringify([
      await db().select().from(calendarBusy),
      await db().select({ parcel: outbox.parcel }).from(outbox),
    ])
    expect(kept).not.toContain('不应外泄')
  })

  it('刚读过的不再读;改了时间,超出范围的再读', async () => {
    const { cao } = cast
    await cao.says(`/会议 ${LINE} @王强`)
    const once = (await reads()).length
    await cao.says(`/会议 ${LINE} @王强`)
    expect((await reads()).length).toBe(once)
    await cao.says('/会议 12月28日14:30-16:00 三楼会议室 年终总结会 @王强')
    expect((await reads()).length).toBe(once + 1)
  })

  it('十人一次', async () => {
    const { cao, office } = cast
    const last = (await office.calls()).at(-1)?.n ?? 0
    await cao.says(`/会议 ${LINE} @综治科 @督查科 @办公室 @车队`)
    const people = (await db().select().from(calendarReads)).length
    expect(people).toBeGreaterThan(10)
    const asked = (await office.calls()).filter(({ n, path }) => n > last && path.endsWith('/freebusy/batch'))
    const sizes = asked.map(({ body }) => (body as { user_ids: string[] }).user_ids.length)
    expect(Math.max(...sizes)).toBe(10)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(people)
  })

  it('本系统的会议也在飞书日历里,只计一次', async () => {
    const { cao, li, office } = cast
    const wang = office.person('王强')
    await li.says('/会议 12月8日14:30-16:00 五楼会议室 平安建设例会 @王强')
    await li.presses('发布')
    await office.settled()
    await db().delete(calendarReads)
    await cao.says('/会议 12月8日14:30-16:00 三楼会议室 安全生产例会 @王强')
    const { words } = await cao.seesCard()
    expect((await db().select().from(calendarBusy)).filter(({ person }) => person === wang.id)).not.toEqual([])
    expect(words).toContain('王强:12月8日(周二)14:30-16:00 会议会〔2026〕1号')
    expect(words).not.toContain('日历已有安排')
  })

  it('一个人读不到,其他人照读;不再为此重试', async () => {
    const { office } = cast
    const wang = office.person('王强')
    await busy(wang, '12-03T09:00', '12-03T10:00')
    await db().delete(calendarReads)
    const people = [wang.id, 'ou_00000000000000000000000000000000']
    const span = { from: shanghai('2026-12-02T00:00'), until: shanghai('2026-12-04T00:00') }
    await readsCalendars(people, span)
    expect((await db().select().from(calendarReads)).map(({ person }) => person).sort()).toEqual(people.sort())
    expect((await db().select().from(calendarBusy)).map(({ person }) => person)).toContain(wang.id)
    expect((await db().select().from(outbox)).filter(({ api, state }) => api === 'busy' && state !== 'sent')).toEqual(
      [],
    )
  })

  it('十人中一个人读不到,对半分着找,不逐人去问', async () => {
    const known = demo.people.slice(0, 9).map(({ open_id }) => open_id)
    const people = [...known, 'ou_00000000000000000000000000000000']
    const span = { from: shanghai('2026-12-05T00:00'), until: shanghai('2026-12-06T00:00') }
    const before = (await reads()).length
    await readsCalendars(people, span)
    expect((await db().select().from(calendarReads)).map(({ person }) => person).sort()).toEqual(people.sort())
    // all at once, then two halves of each that has the unknown one in it: 10, 5 and 5, 3 and 2, 1 and 1
    expect((await reads()).length - before).toBeLessThanOrEqual(9)
  })

  it('没有权限时照常拟定并说明,不告知他人,也不一再去问', async () => {
    const { cao, office } = cast
    await office.faults({
      missing_scopes: [
        'calendar:calendar',
        'calendar:calendar:readonly',
        'calendar:calendar:read',
        'calendar:calendar.free_busy:read',
      ],
    })
    const told = (await cao.messages()).length
    await cao.says(`/会议 ${LINE} @王强`)
    const { words } = await cao.seesCard()
    expect(words).toContain('会议 · 拟定')
    expect(words).toContain('未开通读取日历忙闲的权限,未核对飞书日历')
    // the question and the draft, nothing of what failed
    expect((await cao.messages()).length).toBe(told + 2)
    const once = (await reads()).length
    await cao.says(`/会议 ${LINE} @王强`)
    expect((await reads()).length).toBe(once)
    await office.faults({ missing_scopes: [] })
    await db().delete(settings).where(eq(settings.name, BUSY_DENIED))
    await cao.says(`/会议 ${LINE} @王强`)
    expect((await cao.seesCard()).words).not.toContain('未开通')
  })

  const LAPSED = '未核对参会人员的飞书日历'
  /** What was read was read half a day ago. */
  const lapse = () =>
    db()
      .update(calendarReads)
      .set({ readAt: new Date(cast.office.clock.now().getTime() - 13 * 3_600_000) })

  async function lastDraft() {
    const [copy] = await rows<{ feature: string; matter: string; viewer: string }>(
      db(),
      `select feature, matter, viewer from copies where feature = 'meeting' order by id desc limit 1`,
    )
    if (!copy) throw new Error('there is no draft')
    return copy
  }

  /** Has the calendars read for a draft; answers how its card looks while that is still to be done. */
  async function askedFor(copy: { feature: string; matter: string; viewer: string }): Promise<string> {
    const { office } = cast.office.bot.house
    const span = { from: shanghai('2026-11-26T00:00'), until: shanghai('2026-12-20T00:00') }
    const wang = cast.office.person('王强')
    return office.db.transaction(async tx => {
      const desk = new Desk(office, tx, office.clock.now(), { who: '', chat: '', delivery: 'x' })
      desk.beat().readCalendars([wang.id], span, { feature: 'meeting', matter: copy.matter })
      await desk.close('')
      return JSON.stringify(await drawCopy(office, tx, copy, office.clock.now()))
    })
  }

  it('读取已失效的草稿如实说明未核对,正在读取的才说会更新;重新打开即再读', async () => {
    const { cao, office } = cast
    await cao.says(`/会议 ${LINE} @王强`)
    expect((await cao.seesCard()).words).not.toContain(LAPSED)
    await lapse()
    const copy = await lastDraft()
    const house = office.bot.house.office
    const drawn = JSON.stringify(await drawCopy(house, db(), copy, office.clock.now()))
    expect(drawn).toContain(LAPSED)
    expect(drawn).not.toContain('自动更新')
    expect(await askedFor(copy)).toContain('正在读取参会人员的飞书日历,读到后自动更新')
    office.bot.drainer.wake()
    await office.settled()
    await lapse()
    const once = (await reads()).length
    await cao.says('/待办')
    await cao.presses('查看')
    await office.settled()
    expect((await reads()).length).toBeGreaterThan(once)
    expect((await cao.seesCard()).words).not.toContain(LAPSED)
  })

  it('为另一个时间的会议读同一人,不影响先前的草稿', async () => {
    const { cao, office } = cast
    const zhao = office.person('赵敏')
    await busy(zhao, '11-27T14:00', '11-27T15:00')
    await cao.says(`/会议 ${LINE} @赵敏`)
    expect((await cao.seesCard()).words).toContain('赵敏:11月27日(周五)14:00-15:00 日历已有安排')
    const copy = await lastDraft()
    await cao.says('/会议 12月29日14:30-16:00 三楼会议室 年终总结会 @赵敏')
    expect((await cao.seesCard()).words).not.toContain(LAPSED)
    const drawn = JSON.stringify(await drawCopy(office.bot.house.office, db(), copy, office.clock.now()))
    expect(drawn).toContain('14:00-15:00 日历已有安排')
    expect(drawn).not.toContain(LAPSED)
  })

  it('终究没有读到的,草稿随之说明', async () => {
    const { cao, office } = cast
    await cao.says(`/会议 ${LINE} @王强`)
    await lapse()
    const given = () => count(db(), `outbox where api = 'busy' and state = 'failed'`)
    const before = await given()
    await office.faults({ api_5xx: 1 })
    await askedFor(await lastDraft())
    await rows(db(), `update outbox set queued_ms = queued_ms - 90000000 where api = 'busy' and state = 'waiting'`)
    office.bot.drainer.wake()
    await vi.waitFor(async () => expect(await given()).toBe(before + 1), { timeout: 20_000, interval: 50 })
    await office.faults({ api_5xx: 0 })
    await emptied(office)
    expect((await cao.seesCard()).words).toContain(LAPSED)
  })

  it('同时读同一人不留下重复;过去的清掉', async () => {
    const at = (clock: string) => shanghai(`2026-12-01T${clock}`)
    const span = { from: at('00:00'), until: at('23:00') }
    const spans = [{ person: 'ou_a', startsAt: at('09:00'), endsAt: at('10:00') }]
    await db()
      .insert(calendarBusy)
      .values({ person: 'ou_b', startsAt: at('00:00'), endsAt: at('01:00') })
    await Promise.all(
      [1, 2, 3].map(() => db().transaction(tx => keepCalendarBusy(tx, ['ou_a', 'ou_c'], span, spans, at('08:00')))),
    )
    expect(await db().select().from(calendarBusy)).toEqual(spans)
  })
})
