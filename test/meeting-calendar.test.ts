import { eq } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { holdMeeting, invitations, saveMeeting } from '../db/meeting.ts'
import { enqueueAppointment, outbox } from '../db/outbox.ts'
import { meetPeople } from '../db/people.ts'
import { calendarFollows, guestsFollow } from '../handlers/meeting/calendar.ts'
import plan from '../simulator/office.json' with { type: 'json' }
import type { Turn } from '../src/bot/feature.ts'
import { escaped, folded, inviteFile } from '../src/office/meeting/ics.ts'
import type { Meeting } from '../src/office/meeting/meeting.ts'
import { kinds } from './harness/databases.ts'
import { filesOf } from './harness/files.ts'
import type { Seen, TestPerson } from './harness/office.ts'
import { friday, openRooms, type RoomCast } from './harness/rooms.ts'
import { count, rows } from './harness/traces.ts'

/** What a reader of RFC 5545 makes of a file: lines put together, values without their escapes. */
function readFile(file: string): Array<[name: string, value: string]> {
  expect(file.endsWith('\r\n')).toBe(true)
  for (const line of file.slice(0, -2).split('\r\n')) {
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
    expect(line).not.toMatch(/[\r\n\ufffd]/)
  }
  return file
    .replaceAll('\r\n ', '')
    .split('\r\n')
    .filter(line => line !== '')
    .map(line => {
      const [, name = '', value = ''] = /^((?:[^:"]|"[^"]*")+):(.*)$/s.exec(line) ?? []
      return [name, value.replace(/\\([\\;,nN])/g, (_, sign: string) => (/n/i.test(sign) ? '\n' : sign))]
    })
}

describe('日历文件', () => {
  const meeting = {
    id: 12,
    rev: 5,
    state: 'notified' as const,
    title: '安全生产例会;第一次,含\\演练',
    place: '办公楼三楼会议室',
    startsAt: friday('14:30'),
    endsAt: friday('16:00'),
    createdAt: friday('08:40', '2026-11-24'),
  }
  const invite = {
    meeting,
    description: '编号:会〔2026〕31号\n联系人:李静',
    organiser: '李静',
    guest: '张"明',
    now: friday('09:00'),
  }
  const valueIn = (file: string, name: string) => readFile(file).find(([one]) => one.split(';')[0] === name)?.[1]

  it('按 RFC 5545 写明时间(UTC)、事由、地点、稳定的 UID 和递增的 SEQUENCE', () => {
    const file = inviteFile(invite)
    const told = (name: string) => valueIn(file, name)
    expect(told('METHOD')).toBe('REQUEST')
    expect(told('DTSTART')).toBe('20261127T063000Z')
    expect(told('DTEND')).toBe('20261127T080000Z')
    expect(told('SUMMARY')).toBe(meeting.title)
    expect(told('LOCATION')).toBe(meeting.place)
    expect(told('DESCRIPTION')).toBe(invite.description)
    expect(told('STATUS')).toBe('CONFIRMED')
    expect(readFile(file).filter(([name]) => name === 'BEGIN').length).toBe(2)
    expect(file).toContain('CN="张 明"')
    const later = inviteFile({ ...invite, meeting: { ...meeting, rev: 6, startsAt: friday('15:00') } })
    expect(valueIn(later, 'UID')).toBe(told('UID'))
    expect(Number(valueIn(later, 'SEQUENCE'))).toBeGreaterThan(Number(told('SEQUENCE')))
    expect(told('UID')).not.toBe(valueIn(inviteFile({ ...invite, meeting: { ...meeting, id: 13 } }), 'UID'))
  })

  it('取消的写明 CANCEL', () => {
    const file = inviteFile({ ...invite, meeting: { ...meeting, rev: 7, state: 'cancelled' } })
    expect(valueIn(file, 'METHOD')).toBe('CANCEL')
    expect(valueIn(file, 'STATUS')).toBe('CANCELLED')
  })

  it('任何文字都不破坏格式:每行不超过75个字节,不截断汉字,读回不变', () => {
    const words = fc.string({ unit: 'binary', maxLength: 200 })
    fc.assert(
      fc.property(words, words, (title, place) => {
        const file = inviteFile({ ...invite, organiser: place, guest: title, meeting: { ...meeting, title, place } })
        const kept = (text: string) =>
          text
            .toWellFormed()
            .replace(/\r\n?/g, '\n')
            .replace(/(?![\n\t])\p{Cc}/gu, '')
        expect(valueIn(file, 'SUMMARY')).toBe(kept(title))
        expect(valueIn(file, 'LOCATION')).toBe(kept(place))
        expect(readFile(file).map(([name]) => name.split(';')[0])).toHaveLength(20)
      }),
    )
  })

  it('折行可逆', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), text => {
        const line = `SUMMARY:${escaped(text)}`
        expect(folded(line).replaceAll('\r\n ', '')).toBe(line)
      }),
    )
  })
})

const STRANGER = 'ou_ffffffffffffffffffffffffffffffff'

describe.each(kinds)('飞书日历 on %s', kind => {
  let cast: RoomCast
  let zhang: TestPerson
  beforeAll(async () => {
    cast = await openRooms({ kind })
    zhang = cast.office.person('张明')
  })
  afterAll(() => cast.office.close())
  beforeEach(async () => {
    await cast.office.faults({ missing_scopes: [], api_5xx: 0, api_5xx_after: 0, api_reset_after: 0 })
    await db().execute(`delete from pauses where api = 'calendar'`)
  })

  const db = () => cast.office.database.db

  /** A meeting's turn as its act would run it. */
  async function moves(id: number, change: Partial<Meeting>): Promise<void> {
    await db().transaction(async tx => {
      const before = await holdMeeting(tx, id)
      const after = { ...before, ...change, rev: before.rev + 1 }
      await saveMeeting(tx, before, after)
      calendarFollows(scheduling(tx), before, after)
    })
    await delivered()
  }

  const labels = (seen: Seen) => seen.card?.buttons.map(button => button.label) ?? []

  const pending: Array<Promise<void>> = []
  const scheduling = (on: ReturnType<typeof db>) =>
    ({
      schedule: (feature: string, matter: string) => {
        pending.push(enqueueAppointment(on, { feature, matter }, cast.office.clock.wire()))
      },
    }) as unknown as Turn

  async function delivered(): Promise<void> {
    await Promise.all(pending.splice(0))
    cast.office.bot.house.office.wake()
    await cast.office.settled()
  }

  const asked = (meeting: number, ...people: string[]) =>
    db()
      .insert(invitations)
      .values(
        people.map(person => ({
          ...{ rev: 1, meeting, person, unit: '', part: 'attend' as const, via: '', places: 1, name: '', title: '' },
          ...{ phone: '', state: 'pending' as const, word: '', companions: '', plate: '', decision: '', noticeRev: 1 },
          lastMove: '' as const,
        })),
      )

  const eventsCalled = (title: string) =>
    [...cast.office.sim.state.events.values()].filter(one => one.summary === title)
  const eventCalled = (title: string) => {
    const [event, ...others] = eventsCalled(title).filter(one => one.status === 'confirmed')
    expect(others).toEqual([])
    return event
  }
  const guestsOf = (title: string) =>
    (eventCalled(title)?.attendees ?? []).map(({ user_id, room_id }) => user_id ?? room_id ?? '').sort()

  it('通知发出后建日程,写明时间、地点、参会人和会议室;变更、增减人员、取消都跟随', async () => {
    const { wu, chen, office, li } = cast
    const known = plan.rooms.find(one => one.name === '三楼会议室')
    const room = await cast.room('三楼会议室', { resource: known?.room_id ?? '' })
    const { id } = await cast.meeting(wu, {
      state: 'draft',
      notifiedAt: undefined,
      title: '例会一',
      room: room.id,
      place: '三楼会议室',
    })
    await asked(id, zhang.id, chen.id)
    await moves(id, { state: 'notified', notifiedAt: office.clock.now() })
    expect(eventCalled('例会一')).toMatchObject({
      start_time: { timestamp: String(friday('14:30').getTime() / 1_000) },
      end_time: { timestamp: String(friday('16:00').getTime() / 1_000) },
      location: { name: '三楼会议室' },
    })
    expect(eventCalled('例会一')?.description).toContain('回执、请假请在“回音”的会议通知上办理')
    expect(guestsOf('例会一')).toEqual([zhang.id, chen.id, known?.room_id ?? ''].sort())
    expect(eventCalled('例会一')?.attendees.find(one => one.room_id)?.operate_id).toBe(wu.id)

    await moves(id, { startsAt: friday('15:00'), endsAt: friday('17:00'), place: '二楼小会议室', room: undefined })
    expect(eventCalled('例会一')).toMatchObject({
      start_time: { timestamp: String(friday('15:00').getTime() / 1_000) },
      location: { name: '二楼小会议室' },
    })
    expect(guestsOf('例会一')).toEqual([zhang.id, chen.id].sort())

    await asked(id, li.id)
    await db().execute(`update invitations set state = 'excused' where meeting = ${id} and person = '${chen.id}'`)
    guestsFollow(scheduling(db()), id)
    await delivered()
    expect(guestsOf('例会一')).toEqual([zhang.id, li.id].sort())

    await moves(id, { state: 'cancelled' })
    expect(eventsCalled('例会一').map(one => one.status)).toEqual(['cancelled'])
    expect(await count(db(), `appointments where matter = '${id}'`)).toBe(0)
    // nobody is told by the calendar: our own notices tell
    for (const call of (await office.calls()).filter(one => one.path.includes('/events') && one.method !== 'DELETE'))
      expect((call.body as { need_notification?: boolean }).need_notification).toBe(false)
  })

  it('没有通知的会议不进日历;已结束的不补建', async () => {
    const { wu } = cast
    const draft = await cast.meeting(wu, { state: 'draft', notifiedAt: undefined, title: '例会二' })
    await moves(draft.id, { state: 'submitted' })
    expect(eventsCalled('例会二')).toEqual([])
    const over = await cast.meeting(wu, {
      title: '例会三',
      startsAt: friday('09:00', '2026-11-23'),
      endsAt: friday('10:00', '2026-11-23'),
    })
    await moves(over.id, { state: 'ended' })
    expect(eventsCalled('例会三')).toEqual([])
    // a change that waits for approval leaves what was notified where it stands
    const changing = await cast.meeting(wu, { title: '例会四' })
    await moves(changing.id, { state: 'notified' })
    await moves(changing.id, { state: 'submitted' })
    expect(eventCalled('例会四')?.status).toBe('confirmed')
  })

  it('应答丢失、服务器出错时重试,不重复建日程', async () => {
    const { office, wu } = cast
    const { id } = await cast.meeting(wu, { title: '例会五' })
    await asked(id, zhang.id)
    await office.faults({ api_5xx_after: 0.5, api_reset_after: 0.2, api_5xx: 0.2 })
    await moves(id, { state: 'notified' })
    await office.faults({ api_5xx_after: 0, api_reset_after: 0, api_5xx: 0 })
    for (let i = 0; i < 40 && guestsOf('例会五').length < 1; i++) {
      await new Promise(done => setTimeout(done, 250))
      await delivered()
    }
    expect(eventsCalled('例会五')).toHaveLength(1)
    expect(guestsOf('例会五')).toEqual([zhang.id])
  })

  it('由建日程之前的备份恢复后,不再建一个', async () => {
    const { wu } = cast
    const { id } = await cast.meeting(wu, { title: '例会备份' })
    await asked(id, zhang.id)
    await enqueueAppointment(db(), { feature: 'meeting', matter: String(id) }, cast.office.clock.wire())
    const [wish] = await rows<{ id: string }>(db(), `select id from outbox where lane = 'meeting:${id}'`)
    await delivered()
    expect(guestsOf('例会备份')).toEqual([zhang.id])
    // as the backup has it: wished for, and nothing known of an event
    await db().execute(`delete from appointment_guests where matter = '${id}'`)
    await db().execute(`delete from appointments where matter = '${id}'`)
    await db()
      .update(outbox)
      .set({ state: 'waiting', claimedUntilMs: 0, doneMs: null })
      .where(eq(outbox.id, Number(wish?.id)))
    await delivered()
    expect(eventsCalled('例会备份')).toHaveLength(1)
    expect(guestsOf('例会备份')).toEqual([zhang.id])
  })

  it('没有日历权限:会议照常,承办人的卡片和安装检查各说一次,一小时试一次;开通后补建', async () => {
    const { office, wu, admin } = cast
    const SCOPES = ['calendar:calendar', 'calendar:calendar.event:create', 'calendar:calendar.event:update']
    await office.faults({ missing_scopes: SCOPES })
    const since = (await office.calls()).length
    const [first, second] = [await cast.meeting(wu, { title: '例会六' }), await cast.meeting(wu, { title: '例会七' })]
    await moves(first.id, { rev: 9 })
    await moves(second.id, {})
    const tried = (await office.calls())
      .slice(since)
      .filter(call => call.path.endsWith('/events') && call.code === 99991672)
    expect(tried).toHaveLength(1)
    expect(await rows(db(), `select fault from appointments where matter = '${first.id}'`)).toEqual([
      { fault: '应用未开通日历权限' },
    ])
    expect(await count(db(), `outbox where state = 'failed' and api = 'calendar'`)).toBe(0)
    await admin.says('/初始化')
    expect((await admin.sees()).words).toContain('请开通日历权限 calendar:calendar')
    await office.faults({ missing_scopes: [] })
    await db().execute(`update pauses set until_ms = 0 where api = 'calendar'`)
    await db().execute(`update outbox set due_ms = 0 where state = 'waiting' and api = 'calendar'`)
    await delivered()
    expect([eventCalled('例会六'), eventCalled('例会七')].every(Boolean)).toBe(true)
    expect(await rows(db(), `select fault from appointments where matter = '${first.id}'`)).toEqual([{ fault: '' }])
    await admin.says('/初始化')
    expect((await admin.sees()).words).toContain('可写入会议日程')
  })

  it('有人从日历里删掉了日程:下次变更时重建;不被接受的人员不妨碍其他人', async () => {
    const { office, wu, chen, li } = cast
    const { id } = await cast.meeting(wu, { title: '例会八' })
    await asked(id, zhang.id, STRANGER, chen.id, li.id)
    await meetPeople(db(), [{ id: STRANGER, name: '无名' }])
    await moves(id, { state: 'notified' })
    expect(guestsOf('例会八')).toEqual([zhang.id, chen.id, li.id].sort())
    expect(
      await rows(db(), `select guest from appointment_guests where matter = '${id}' and state = 'refused'`),
    ).toEqual([{ guest: STRANGER }])
    const event = eventCalled('例会八')
    if (event) event.status = 'cancelled'
    await moves(id, { place: '四楼会议室' })
    expect(eventCalled('例会八')?.location).toEqual({ name: '四楼会议室' })
    expect(guestsOf('例会八')).toEqual([zhang.id, chen.id, li.id].sort())
    expect(office.log.some(line => line.includes('无名'))).toBe(false)
  })

  it('从发布到取消:日程和会议室随会议而动;会议室被占时不能发布,给出三个办法,日程也不建', async () => {
    const { office, wu, li, chen } = cast
    await office.moveTo('2026-11-24T09:00:00+08:00')
    await cast.room('五楼会议室')
    await li.says('/会议 11月27日9:00-10:30 五楼会议室 名称:工作例会甲 @陈晨')
    await li.presses('发布')
    expect(guestsOf('工作例会甲')).toContain(chen.id)
    expect(labels(await li.seesCard())).toContain('日历文件')
    expect((await chen.messages()).some(one => labels(one).includes('日历文件'))).toBe(true)
    await wu.says('/会议 会议室 五楼会议室 11月27日10:00-11:00 座谈')
    const refused = (await wu.sees()).words
    expect(refused).toMatch(/已被占用:11月27日\(周五\)9:00|已被占用:11月27日\(周五\)09:00-10:30 会〔2026〕\d+号/)
    expect(refused).toMatch(/1\. .*2\. .*3\. /)
    expect(refused).not.toContain('工作例会甲')
    await li.presses('取消会议')
    await li.presses('确认取消会议', { form: { word: '另行通知' } })
    expect(eventsCalled('工作例会甲').map(one => one.status)).toEqual(['cancelled'])
    await wu.says('/会议 会议室 五楼会议室 11月27日10:00-11:00 座谈')
    expect((await wu.seesCard()).words).toContain('座谈')
  })

  it('日历文件:受邀人和承办人各得一份,写着自己的名字;他人、未发布的会议得不到', async () => {
    const { office, wu, chen, zhao } = cast
    const { id } = await cast.meeting(wu, { title: '例会九' })
    await asked(id, chen.id)
    const draft = await cast.meeting(wu, { state: 'draft', notifiedAt: undefined })
    const outsider = office.person('许诺')
    for (const person of [wu, chen, outsider]) await person.says('/会议 会议室')
    const press = async (person: TestPerson, meeting: unknown) =>
      office.send<{ toast?: { content: string } }>('POST', '/sim/raw-click', {
        as: person.id,
        message_id: (await person.seesCard()).message_id,
        action: { tag: 'button', value: { action: 'meeting.calendarFile', id: meeting } },
      })
    expect((await press(chen, id)).toast?.content).toBe('日历文件将发送到私聊')
    await office.settled()
    const [file] = await filesOf(office, chen)
    expect(file?.name).toMatch(/^会〔2026〕\d+号\.ics$/)
    const read = new Map(readFile(file?.bytes.toString('utf8') ?? ''))
    expect(read.get('SUMMARY')).toBe('例会九')
    expect([...read.keys()].join()).toContain('CN="陈晨"')
    expect(file?.bytes.toString('utf8')).not.toContain(zhao.name)
    for (const [person, meeting, says] of [
      [outsider, id, '未找到该会议'],
      [chen, draft.id, '未找到该会议'],
      [wu, draft.id, '会议通知尚未发布'],
      [wu, 999_999, '未找到该会议'],
      [wu, "1' or 1=1", '未找到该会议'],
    ] as const)
      expect((await press(person, meeting)).toast?.content, `${person.name} ${meeting}`).toContain(says)
    await office.settled()
    expect(await filesOf(office, outsider)).toEqual([])
  })
})
