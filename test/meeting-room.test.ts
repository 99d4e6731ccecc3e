import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bookingsIn, openBooking, roomNamed, roomsFree } from '../db/meeting-room.ts'
import { officialCalendar } from '../src/kit/time.ts'
import { nextTimes, takenUntil, wantedBy } from '../src/office/meeting/booking.ts'
import { readRoom, roomLine } from '../src/office/meeting/room.ts'
import { kinds } from './harness/databases.ts'
import { untouched } from './harness/fleet.ts'
import type { Seen, TestPerson } from './harness/office.ts'
import { aMeeting, friday, openRooms, type RoomCast } from './harness/rooms.ts'
import { rows } from './harness/traces.ts'

describe('会议室的登记', () => {
  it.each([
    ['三楼会议室 30人', { name: '三楼会议室', seats: 30 }],
    [
      '机关礼堂 300人 投影、音响 位置:主楼一楼 需审批',
      { name: '机关礼堂', seats: 300, equipment: '投影、音响', place: '主楼一楼', approval: true },
    ],
    ['名称:二楼小会议室 容纳人数:10 设备:电话 是否需审批:否', { name: '二楼小会议室', seats: 10, approval: false }],
    ['三楼会议室 30人 飞书会议室:omm_3c6b1f0e9a7d4528', { resource: 'omm_3c6b1f0e9a7d4528' }],
  ])('%s', (line, wish) => {
    const read = readRoom(roomLine(line))
    expect(read.faults).toEqual([])
    expect(read.wish).toMatchObject(wish)
  })

  it.each([
    ['', '请填写名称'],
    ['三楼会议室', '容纳人数'],
    ['三楼会议室 0人', '容纳人数'],
    ['三楼会议室 9999人', '容纳人数'],
    [`${'长'.repeat(31)} 10人`, '名称请控制在30字以内'],
    ['三楼会议室 30人 飞书会议室:abc', 'omm_'],
  ])('%j → %s', (line, fault) => expect(readRoom(roomLine(line)).faults.join(';')).toContain(fault))
})

describe('下一个空闲时段', () => {
  const customs = { calendar: officialCalendar, calendarId: '', hours: '08:30-12:00,14:30-17:30', seasons: [] }
  const span = (from: string, until: string, day?: string) => ({
    startsAt: friday(from, day),
    endsAt: friday(until, day),
  })
  const shown = (spans: Array<{ startsAt: Date; endsAt: Date }>) =>
    spans.map(({ startsAt, endsAt }) => [startsAt, endsAt].map(at => at.toISOString().slice(5, 16)).join('/'))

  it('同长、不占用、在工作时间内,跨过周末', () => {
    const taken = [span('14:30', '16:00'), span('09:00', '10:30', '2026-11-30')]
    expect(shown(nextTimes(taken, span('14:30', '16:00'), 3, customs))).toEqual([
      '11-27T08:00/11-27T09:30',
      '11-30T02:30/11-30T04:00',
      '11-30T06:30/11-30T08:00',
    ])
  })

  it('长于半天的跨过中午,长于一天的没有', () => {
    const [first] = nextTimes([], span('08:30', '17:00'), 3, customs)
    expect(first?.startsAt).toEqual(friday('09:00'))
    expect(nextTimes([], { startsAt: friday('08:30'), endsAt: friday('18:00', '2026-11-28') }, 3, customs)).toEqual([])
  })

  it.each([
    ['draft', false],
    ['submitted', true],
    ['notified', true],
    ['underway', true],
    ['ended', false],
    ['cancelled', false],
  ] as const)('%s 占用会议室:%s', (state, takes) =>
    expect(wantedBy({ ...aMeeting('ou_1', { state, room: 1 }), id: 1 }) !== undefined).toBe(takes),
  )
})

describe('会议结束后会议室占用到何时', () => {
  const span = { startsAt: friday('14:30'), endsAt: friday('16:00') }
  it.each([
    ['提前结束,到结束的那一分钟', '15:00:40', friday('15:00')],
    ['恰好整分', '15:00:00', friday('15:00')],
    ['开始后不足一分钟,不再占用', '14:30:59', undefined],
    ['按时结束', '16:00:20', span.endsAt],
    ['延后结束', '17:10:00', span.endsAt],
  ])('%s', (_, at, until) => expect(takenUntil(span, new Date(`2026-11-27T${at}+08:00`))).toEqual(until))
})

describe.each(kinds)('会议室 on %s', kind => {
  let cast: RoomCast
  beforeAll(async () => {
    cast = await openRooms({ kind })
  })
  afterAll(() => cast.office.close())

  const labels = (seen: Seen) => seen.card?.buttons.map(button => button.label) ?? []
  const db = () => cast.office.database.db

  it('会务员新增,所有人可查看,只有会务员、办公室主任、系统管理员能新增和修改', async () => {
    const { zhao, chen, admin, li } = cast
    await zhao.says('/会议 会议室')
    const empty = await zhao.seesCard()
    expect(empty.words).toContain('还没有登记会议室')
    await zhao.presses('新增会议室')
    const form = await zhao.seesCard()
    await zhao.presses('登记', {
      on: form,
      form: { ...untouched(form, 'room'), name: '三楼会议室', seats: '30', equipment: '投影', place: '三楼东侧' },
    })
    expect((await zhao.seesCard()).words).toContain('三楼会议室')
    await li.says('/会议 会议室 新增\n二楼小会议室 10人 电话\n机关礼堂 300人 音响 需审批')
    expect((await li.sees()).words).toBe('已登记2间会议室:二楼小会议室、机关礼堂。查看请发送 /会议 会议室')
    await admin.says('/会议 新增会议室 四楼会议室')
    expect((await admin.sees()).words).toContain('容纳人数')
    await chen.says('/会议 会议室')
    const seen = await chen.seesCard()
    for (const name of ['三楼会议室', '二楼小会议室', '机关礼堂']) expect(seen.content).toContain(name)
    expect(labels(seen)).not.toContain('新增会议室')
    await chen.says('/会议 新增会议室 五楼会议室 10人')
    expect((await chen.sees()).words).toContain('仅限会务员、办公室主任和系统管理员')
    const forged = await chen.forges('新增会议室', empty)
    expect(forged.toast?.content).toContain('仅限会务员、办公室主任和系统管理员')
  })

  it('同名不重复登记;修改记入变更记录;停用后不能预订,启用后恢复', async () => {
    const { zhao, wu } = cast
    await zhao.says('/会议 会议室 新增 三楼会议室 20人')
    expect((await zhao.sees()).words).toContain('三楼会议室已经登记')
    await zhao.says('/会议 会议室 三楼会议室')
    await zhao.presses('修改')
    const form = await zhao.seesCard()
    await zhao.presses('保存', { on: form, form: { ...untouched(form, 'room'), seats: '28' } })
    const card = await zhao.seesCard()
    expect(card.words).toContain('容纳人数:30人→28人')
    await wu.says('/会议 会议室 三楼会议室 11月30日9:00-10:00 科务会')
    await zhao.presses('停用', { on: card })
    expect((await wu.sees()).words).toContain('三楼会议室已停用')
    expect(await roomNamed(db(), '三楼会议室')).toBeUndefined()
    expect((await zhao.presses('启用', { on: await zhao.seesCard() })).toast?.content).toBe(
      '已启用,已告知1项预订的承办人',
    )
    expect((await wu.sees()).words).toMatch(/三楼会议室已恢复使用,11月30日.*科务会.*的预订仍然有效/)
    await wu.presses('取消占用')
    expect(await roomNamed(db(), '三楼')).toMatchObject({ seats: 28 })
    const outdated = await zhao.presses('保存', { on: form, form: untouched(form, 'room') })
    expect(outdated.toast?.content).toContain('卡片已过期')
  })

  it('占用:非会议用途;冲突说明占用者并给出三个办法;只占用者和管理员能取消', async () => {
    const { wu, chen, zhao } = cast
    await chen.says('/会议 会议室 三楼会议室 11月27日14:30-16:00 座谈')
    expect((await chen.sees()).words).toContain('占用会议室仅限')
    await wu.says('/会议 会议室 三楼会议室 11月27日14:30-16:00 业务培训')
    const taken = await wu.seesCard()
    expect(taken.words).toMatch(/已占用[\s\S]*三楼会议室[\s\S]*11月27日\(周五\)14:30-16:00[\s\S]*业务培训/)
    await zhao.says('/会议 会议室 三楼会议室 11月27日15:00-16:30 采访')
    const refused = (await zhao.sees()).words
    expect(refused).toContain('业务培训')
    expect(refused).toMatch(/1\. .*2\. .*3\. 三楼会议室当日16:00-17:30/)
    const forged = await chen.forges('取消占用', taken)
    expect(forged.toast?.content).toBe('未找到该会议室预订')
    await wu.presses('取消占用', { on: taken })
    const given = (await wu.messages()).find(one => one.message_id === taken.message_id)
    expect(given?.words).toContain('已释放')
    expect(given?.words).not.toContain('可改为')
    await zhao.says('/会议 会议室 三楼会议室 11月27日15:00-16:30 采访')
    expect((await zhao.seesCard()).words).toContain('采访')
    await chen.says('/会议 会议室 三楼会议室')
    expect((await chen.seesCard()).words).toContain('11月27日(周五)15:00-16:30 采访')
  })

  it.each([
    ['', '请写明开始和结束时间'],
    ['业务培训', '请写明开始和结束时间'],
    ['11月27日 业务培训', '请写明开始和结束时间'],
    ['11月27日9:00-9:05 业务培训', '10分钟至3天'],
    ['11月27日9:00-10:00', '请写明用途'],
    ['昨天9:00-10:00 业务培训', '所写时间已过,请写今后的时间'],
  ])('占用写得不全:%j', async (words, says) => {
    const { wu } = cast
    await wu.says(`/会议 会议室 二楼小会议室 ${words}`)
    const seen = await wu.seesCard()
    if (words === '') expect(labels(seen)).toContain('占用')
    else expect(seen.words).toContain(says)
  })

  it('需审批的:管理员得知并同意或不同意;不同意须写理由,申请人得知理由和其他办法', async () => {
    const { wu, zhao, li, chen } = cast
    await wu.says('/会议 会议室 机关礼堂 12月1日9:00-11:00 文艺汇演彩排')
    const own = await wu.seesCard()
    expect(own.words).toContain('待批准')
    const asked = await zhao.seesCard()
    expect(asked.words).toMatch(/待批准[\s\S]*文艺汇演彩排/)
    expect(labels(asked)).toEqual(['同意', '不同意'])
    await zhao.says('/待办')
    expect((await zhao.seesCard()).words).toContain('会议室预订待批准 机关礼堂')
    expect((await chen.forges('同意', asked)).toast?.content).toBe('未找到该会议室预订')
    expect((await wu.forges('同意', asked)).toast?.content).toContain('仅限会议室管理员')
    // it is kept for them meanwhile
    await li.says('/会议 会议室 机关礼堂 12月1日10:00-12:00 表彰会')
    expect((await li.sees()).words).toContain('待批准')
    expect((await zhao.presses('不同意', { on: asked })).toast?.content).toBe('请填写不同意的理由')
    await zhao.presses('不同意', { on: asked, form: { word: '当日检修音响' } })
    const told = await wu.seesCard()
    expect(told.words).toMatch(/未获批准[\s\S]*赵敏 不同意[\s\S]*理由:当日检修音响[\s\S]*可改为:1\. /)
    expect(told.words).not.toContain('已释放')
    expect((await wu.forges('取消占用', own)).toast?.content).toBe('该预订未获批准')
    await wu.says('/会议 会议室 机关礼堂 12月2日9:00-11:00 文艺汇演彩排')
    const again = await li.messages().then(all => all.filter(one => one.words.includes('12月2日')).at(-1) as Seen)
    await li.presses('同意', { on: again })
    const twice = await zhao.messages().then(all => all.filter(one => one.words.includes('12月2日')).at(-1) as Seen)
    expect(twice.words).toContain('李静 已同意')
    expect((await zhao.forges('同意', asked)).toast?.content).toMatch(/不同意/)
    expect((await wu.seesCard()).words).toContain('已占用')
  })

  it('另有管理员的由其本人审批,不再另问办公室', async () => {
    const { zhao, wu, li } = cast
    await zhao.says('/会议 会议室 新增 党校报告厅 200人 需审批 管理员:李静')
    await wu.says('/会议 会议室 党校报告厅 12月3日9:00-11:00 培训')
    const asked = await li.seesCard()
    expect(asked.words).toContain('党校报告厅')
    expect((await zhao.forges('同意', asked)).toast?.content).toBe('未找到该会议室预订')
    await li.presses('同意', { on: asked })
    expect((await wu.seesCard()).words).toContain('已占用')
    await li.says('/会议 会议室 党校报告厅 12月4日9:00-11:00 培训')
    expect((await li.seesCard()).words).toContain('已占用')
  })

  it('系统管理员不能作会议室管理员', async () => {
    await cast.zhao.says('/会议 会议室 新增 档案阅览室 20人 需审批 管理员:刘芳')
    expect((await cast.zhao.seesCard()).words).toContain('刘芳是系统管理员或安全审计员')
    expect(await rows(db(), `select id from rooms where name = '档案阅览室'`)).toEqual([])
  })

  it('停用会议室,告知会议的承办人,而不是当时代为订下会议室的审批人', async () => {
    const { zhao, wu, li, meeting, room } = cast
    const west = await room('西配楼会议室', { seats: 12 })
    const span = { startsAt: friday('09:00', '2026-12-09'), endsAt: friday('10:00', '2026-12-09') }
    const held = await meeting(wu, { room: west.id, place: west.name, ...span })
    await openBooking(db(), {
      ...{ room: west.id, meeting: held.id, state: 'held', bookedBy: li.id, word: '', bookedAt: friday('08:50') },
      ...span,
    })
    const heard = async (who: TestPerson) =>
      (await who.messages()).filter(one => one.words.includes('西配楼会议室已停用')).length
    await zhao.says('/会议 会议室 西配楼会议室')
    expect((await zhao.presses('停用')).toast?.content).toBe('已停用,已告知1项预订的承办人')
    expect([await heard(wu), await heard(li)]).toEqual([1, 0])
  })

  it('空闲的会议室:够坐、没有占用,自己会议的占用不算', async () => {
    const { meeting, wu } = cast
    const own = await meeting(wu)
    const [room] = await roomsFree(db(), friday('09:00', '2026-12-08'), friday('10:00', '2026-12-08'), 25)
    expect(room?.name).toBe('三楼会议室')
    await rows(
      db(),
      `insert into bookings (room, meeting, starts_at, ends_at, state, booked_by, booked_at, word)
      values (${room?.id}, ${own.id}, '2026-12-08T01:00:00Z', '2026-12-08T02:00:00Z', 'held', '', now(), '')`,
    )
    const names = async (mine?: number) =>
      (await roomsFree(db(), friday('09:30', '2026-12-08'), friday('10:30', '2026-12-08'), 25, mine)).map(
        one => one.name,
      )
    expect(await names()).not.toContain('三楼会议室')
    expect(await names(own.id)).toContain('三楼会议室')
    // one may begin when the other ends
    expect(
      (await roomsFree(db(), friday('10:00', '2026-12-08'), friday('11:00', '2026-12-08'), 25)).map(one => one.name),
    ).toContain('三楼会议室')
    expect(
      await bookingsIn(
        db(),
        [room?.id ?? 0],
        { startsAt: friday('08:00', '2026-12-08'), endsAt: friday('09:00', '2026-12-08') },
        9,
      ),
    ).toEqual([])
  })
})
