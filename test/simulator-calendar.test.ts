import type * as lark from '@larksuiteoapi/node-sdk'
import { withUserAccessToken } from '@larksuiteoapi/node-sdk'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { app, type Bench, startBench, until } from '../simulator/bench/bench.ts'
import office from '../simulator/office.json' with { type: 'json' }
import type { CalendarAnswer } from '../simulator/protocol.ts'
import { codeOf, sdkOf } from './harness/sdk.ts'

let bench: Bench
let sdk: lark.Client
let calendar_id: string

const at = (iso: string) => String(Date.parse(`${iso}+08:00`) / 1000)
const when = (iso: string) => ({ timestamp: at(iso), timezone: 'Asia/Shanghai' })
const meeting = (from = '2026-11-27T14:30:00', until = '2026-11-27T16:00:00', more: object = {}) => ({
  summary: '安全生产例会',
  start_time: when(from),
  end_time: when(until),
  ...more,
})
const room = (name: string) => office.rooms.find(one => one.name === name)?.room_id ?? ''

const create = (data: object = meeting(), key?: string) =>
  sdk.calendar.v4.calendarEvent.create({
    path: { calendar_id },
    params: { ...(key && { idempotency_key: key }) },
    data: data as ReturnType<typeof meeting>,
  })
const made = async (data: object = meeting()) => (await create(data)).data?.event?.event_id ?? ''
const invite = (event_id: string, ...attendees: object[]) =>
  sdk.calendar.v4.calendarEventAttendee.create({ path: { calendar_id, event_id }, data: { attendees } })
const attendees = async (event_id: string) =>
  (await sdk.calendar.v4.calendarEventAttendee.list({ path: { calendar_id, event_id } })).data?.items ?? []
const booked = async (event_id: string, status: string) =>
  until(async () => {
    // asked for more often, the platform would refuse to say
    await new Promise(done => setTimeout(done, 50))
    return (await attendees(event_id)).find(one => one.type === 'resource')?.rsvp_status === status
  }, status)
const appointments = async (name: string) =>
  (await bench.ask<CalendarAnswer>('GET', `/calendar?as=${bench.id(name)}`)).body.appointments

async function userToken(name: string): Promise<string> {
  const query = new URLSearchParams({
    client_id: app.appId,
    response_type: 'code',
    redirect_uri: `${bench.bot.url}/cb`,
  })
  const { body } = await bench.ask('POST', '/login', { as: bench.id(name), query: query.toString() })
  const code = new URL(String(body.location)).searchParams.get('code')
  const given = { grant_type: 'authorization_code', client_id: app.appId, client_secret: app.appSecret, code }
  return String((await bench.api('POST', '/authen/v2/oauth/token', given, null)).body.access_token)
}

beforeAll(async () => {
  bench = await startBench()
  sdk = sdkOf(bench)
})
afterAll(() => bench.close())
beforeEach(async () => {
  await bench.ask('POST', '/reset', {})
  bench.bot.received.length = 0
  const primary = await sdk.calendar.v4.calendar.primary({})
  calendar_id = primary.data?.calendars?.[0]?.calendar?.calendar_id ?? ''
})

describe('calendars', () => {
  it('are one of its own for the app, and shared ones that it makes, changes and deletes', async () => {
    expect(calendar_id).toMatch(/^feishu\.cn_\w+@group\.calendar\.feishu\.cn$/)
    const shared = await sdk.calendar.v4.calendar.create({ data: { summary: '会议室' } })
    const path = { calendar_id: shared.data?.calendar?.calendar_id ?? '' }
    await sdk.calendar.v4.calendar.patch({ path, data: { description: '全办公用' } })
    expect((await sdk.calendar.v4.calendar.get({ path })).data).toMatchObject({
      description: '全办公用',
      role: 'owner',
    })
    const listed = await sdk.calendar.v4.calendar.list({ params: { page_size: 50 } })
    expect(listed.data?.calendar_list?.map(one => one.type)).toEqual(['primary', 'shared'])
    expect(await codeOf(sdk.calendar.v4.calendar.list({ params: { page_size: 10 } }))).toBe(190002)
    expect(await codeOf(sdk.calendar.v4.calendar.delete({ path }))).toBe(0)
    expect(await codeOf(sdk.calendar.v4.calendar.get({ path }))).toBe(191003)
    expect(await codeOf(sdk.calendar.v4.calendar.delete({ path: { calendar_id } }))).toBe(191004)
  })

  it('of others only tell when they are busy; the app may not write there', async () => {
    const others = await sdk.calendar.v4.calendar.primarys({ data: { user_ids: [bench.id('李静')] } })
    const theirs = others.data?.calendars?.[0]?.calendar
    expect(theirs?.role).toBe('free_busy_reader')
    const path = { calendar_id: theirs?.calendar_id ?? '' }
    const write = await bench.api('POST', `/calendar/v4/calendars/${path.calendar_id}/events`, meeting())
    expect(write).toMatchObject({ status: 403, code: 191002 })
    expect(await bench.api('GET', '/calendar/v4/calendars/nonsense')).toMatchObject({ status: 400, code: 191001 })
    const none = '/calendar/v4/calendars/feishu.cn_x@group.calendar.feishu.cn'
    expect(await bench.api('GET', none)).toMatchObject({ status: 404, code: 191000 })
  })
})

describe('events', () => {
  it('are made, read, changed, listed and cancelled', async () => {
    const { data } = await create(
      meeting(undefined, undefined, { location: { name: '三楼会议室' }, vchat: { vc_type: 'vc' } }),
    )
    const event_id = data?.event?.event_id ?? ''
    expect(data?.event).toMatchObject({
      summary: '安全生产例会',
      organizer_calendar_id: calendar_id,
      start_time: when('2026-11-27T14:30:00'),
      status: 'confirmed',
      vchat: { meeting_url: expect.stringMatching(/^https:\/\/vc\.feishu\.cn\/j\/\d{9}$/) },
      create_time: expect.stringMatching(/^\d{10}$/),
    })
    const path = { calendar_id, event_id }
    await sdk.calendar.v4.calendarEvent.patch({
      path,
      data: { ...meeting('2026-11-28T09:00:00', '2026-11-28T10:00:00'), description: '带材料' },
    })
    expect((await sdk.calendar.v4.calendarEvent.get({ path })).data?.event).toMatchObject({ description: '带材料' })
    const list = (params: object) => sdk.calendar.v4.calendarEvent.list({ path: { calendar_id }, params })
    const found = await list({ start_time: at('2026-11-28T00:00:00'), end_time: at('2026-11-29T00:00:00') })
    expect(found.data?.items?.map(one => one.event_id)).toEqual([event_id])
    expect(
      (await list({ start_time: at('2026-11-27T00:00:00'), end_time: at('2026-11-28T00:00:00') })).data?.items,
    ).toEqual([])
    const { sync_token = '' } = (await list({})).data ?? {}
    expect(await codeOf(sdk.calendar.v4.calendarEvent.delete({ path, params: { need_notification: 'false' } }))).toBe(0)
    expect((await list({ sync_token })).data?.items).toMatchObject([{ event_id, status: 'cancelled' }])
    expect(await bench.api('GET', `/calendar/v4/calendars/${calendar_id}/events/${event_id}`)).toMatchObject({
      status: 403,
      code: 193003,
    })
  })

  it('are made once for one idempotency_key', async () => {
    const key = 'k'.repeat(32)
    const [one, two] = [await create(meeting(), key), await create(meeting(), key)]
    expect(two.data?.event?.event_id).toBe(one.data?.event?.event_id)
    expect(await codeOf(create(meeting(), 'short'))).toBe(190014)
  })

  it('last whole days by date', async () => {
    const { data } = await create({
      summary: '调研',
      start_time: { date: '2026-12-01' },
      end_time: { date: '2026-12-02' },
    })
    await invite(data?.event?.event_id ?? '', { type: 'user', user_id: bench.id('李静') })
    const [one] = await appointments('李静')
    expect(one).toMatchObject({
      whole_day: true,
      starts_at: Date.parse('2026-12-01T00:00+08:00'),
      ends_at: Date.parse('2026-12-03T00:00+08:00'),
    })
  })

  it.each([
    ['milliseconds', meeting(undefined, undefined, { start_time: { timestamp: '1790000000123' } })],
    ['a number', meeting(undefined, undefined, { start_time: { timestamp: 1_790_000_000 } })],
    [
      'both a date and an instant',
      meeting(undefined, undefined, { start_time: { timestamp: '1', date: '2026-11-27' } }),
    ],
    ['a date with an instant', meeting(undefined, undefined, { end_time: { date: '2026-11-28' } })],
    ['an end before its beginning', meeting('2026-11-27T16:00:00', '2026-11-27T14:00:00')],
    ['no end', { summary: '一', start_time: when('2026-11-27T14:30:00') }],
    ['a summary of 1001 characters', meeting(undefined, undefined, { summary: '会'.repeat(1001) })],
    ['an unknown ability', meeting(undefined, undefined, { attendee_ability: 'everything' })],
    ['reminders that are numbers', meeting(undefined, undefined, { reminders: [5] })],
  ])('do not begin with %s: 190014', async (_, data) => {
    expect(await bench.api('POST', `/calendar/v4/calendars/${calendar_id}/events`, data)).toMatchObject({
      status: 400,
      code: 190014,
    })
  })

  it('know a wrong id, another calendar, hosts that an app may not name, a missing scope', async () => {
    const events = `/calendar/v4/calendars/${calendar_id}/events`
    expect((await bench.api('GET', `${events}/nonsense`)).code).toBe(193000)
    expect(await bench.api('GET', `${events}/00000000-0000-0000-0000-000000000000_0`)).toMatchObject({
      status: 404,
      code: 193001,
    })
    const hosts = { vchat: { vc_type: 'vc', meeting_settings: { assign_hosts: [bench.id('李静')] } } }
    expect(await codeOf(create(meeting(undefined, undefined, hosts)))).toBe(193101)
    await bench.faults({ missing_scopes: ['calendar:calendar', 'calendar:calendar.event:create'] })
    expect(await codeOf(create())).toBe(99991672)
  })
})

describe('attendees', () => {
  it('are people, groups, rooms and addresses; inviting twice changes nothing', async () => {
    const event_id = await made()
    const group = bench.group('督查工作群')
    const answer = await invite(
      event_id,
      { type: 'user', user_id: bench.id('李静') },
      { type: 'chat', chat_id: group },
      { type: 'third_party', third_party_email: 'guest@example.cn' },
    )
    expect(answer.data?.attendees?.map(one => [one.type, one.display_name, one.rsvp_status])).toEqual([
      ['user', '李静', 'needs_action'],
      ['chat', '督查工作群', 'needs_action'],
      ['third_party', 'guest@example.cn', 'needs_action'],
    ])
    await invite(event_id, { type: 'user', user_id: bench.id('李静') })
    expect(await attendees(event_id)).toHaveLength(3)
    const asked = await bench.ask('POST', '/calendar/rsvp', { as: bench.id('王强'), event_id, status: 'decline' })
    expect(asked.status).toBe(200)
    const [, chat] = await attendees(event_id)
    const members = await sdk.calendar.v4.calendarEventAttendeeChatMember.list({
      path: { calendar_id, event_id, attendee_id: chat?.attendee_id ?? '' },
    })
    expect(members.data?.items?.find(one => one.display_name === '王强')?.rsvp_status).toBe('decline')
  })

  it('answer in their own calendar, which the app reads', async () => {
    const event_id = await made()
    await invite(event_id, { type: 'user', user_id: bench.id('李静') })
    expect(await appointments('李静')).toMatchObject([{ event_id, status: 'needs_action', organizer: '回音' }])
    await bench.ask('POST', '/calendar/rsvp', { as: bench.id('李静'), event_id, status: 'accept' })
    expect((await attendees(event_id))[0]?.rsvp_status).toBe('accept')
    const uninvited = { as: bench.id('冯军'), event_id, status: 'accept' }
    expect((await bench.ask('POST', '/calendar/rsvp', uninvited)).status).toBe(403)
    const [one] = await attendees(event_id)
    const path = { calendar_id, event_id }
    await sdk.calendar.v4.calendarEventAttendee.batchDelete({ path, data: { attendee_ids: [one?.attendee_id ?? ''] } })
    expect(await appointments('李静')).toEqual([])
    const again = sdk.calendar.v4.calendarEventAttendee.batchDelete({ path, data: { attendee_ids: ['user_none'] } })
    expect(await codeOf(again)).toBe(194000)
  })

  it('that are rooms answer later: yes to the first, no to who comes second and where approval is needed', async () => {
    const book = async (name: string, data: object = meeting()) => {
      const event_id = await made(data)
      const asked = await invite(event_id, { type: 'resource', room_id: room(name), operate_id: bench.id('赵敏') })
      expect(asked.data?.attendees?.[0]?.rsvp_status).toBe('needs_action')
      return event_id
    }
    const first = await book('三楼会议室')
    await booked(first, 'accept')
    const second = await book('三楼会议室', meeting('2026-11-27T15:30:00', '2026-11-27T17:00:00'))
    await booked(second, 'decline')
    await booked(await book('三楼会议室', meeting('2026-11-27T16:00:00', '2026-11-27T17:00:00')), 'accept')
    await booked(await book('机关礼堂'), 'decline')
    const path = { calendar_id, event_id: second }
    await sdk.calendar.v4.calendarEvent.patch({ path, data: meeting('2026-11-30T15:30:00', '2026-11-30T17:00:00') })
    await booked(second, 'accept')
  })

  it('are refused one by one', async () => {
    const event_id = await made()
    const refused = async (one: object) => {
      const answer = await bench.api('POST', `/calendar/v4/calendars/${calendar_id}/events/${event_id}/attendees`, {
        attendees: [one],
      })
      return [answer.status, answer.code]
    }
    expect(await refused({ type: 'team' })).toEqual([400, 194004])
    expect(await refused({ type: 'user', user_id: 'ou_nobody' })).toEqual([404, 195100])
    expect(await refused({ type: 'user', user_id: bench.id('施文') })).toEqual([404, 195100])
    expect(await refused({ type: 'resource', room_id: room('三楼会议室') })).toEqual([400, 190014])
    expect(await refused({ type: 'third_party', third_party_email: 'nobody' })).toEqual([400, 190002])
    await bench.ask('POST', `/groups/${bench.group('督查工作群')}/bot`, { as: bench.id('吴刚'), in: false })
    expect(await refused({ type: 'chat', chat_id: bench.group('督查工作群') })).toEqual([403, 194002])
  })
})

describe('free and busy', () => {
  const busy = (data: object, time_max = '2026-11-28T00:00:00+08:00') =>
    sdk.calendar.v4.freebusy.list({ data: { time_min: '2026-11-27T00:00:00+08:00', time_max, ...data } })

  it('tells when people and rooms are taken, by what they were invited to and wrote down themselves', async () => {
    const event_id = await made()
    await invite(
      event_id,
      { type: 'user', user_id: bench.id('李静') },
      { type: 'resource', room_id: room('二楼小会议室'), operate_id: bench.id('李静') },
    )
    await booked(event_id, 'accept')
    const own = {
      as: bench.id('李静'),
      summary: '接待',
      starts_at: Date.parse('2026-11-27T09:00+08:00'),
      ends_at: Date.parse('2026-11-27T10:00+08:00'),
    }
    await bench.ask('POST', '/calendar', own)
    const slot = { start_time: '2026-11-27T14:30:00+08:00', end_time: '2026-11-27T16:00:00+08:00' }
    expect((await busy({ user_id: bench.id('李静') })).data?.freebusy_list).toEqual([
      { start_time: '2026-11-27T09:00:00+08:00', end_time: '2026-11-27T10:00:00+08:00' },
      slot,
    ])
    expect((await busy({ room_id: room('二楼小会议室') })).data?.freebusy_list).toEqual([slot])
    const many = await sdk.calendar.v4.freebusy.batch({
      data: {
        time_min: '2026-11-27T12:00:00+08:00',
        time_max: '2026-11-28T00:00:00+08:00',
        user_ids: [bench.id('李静'), bench.id('王强')],
      },
    })
    expect(many.data?.freebusy_lists).toEqual([
      { user_id: bench.id('李静'), freebusy_items: [slot] },
      { user_id: bench.id('王强'), freebusy_items: [] },
    ])
    await bench.ask('POST', '/calendar/rsvp', { as: bench.id('李静'), event_id, status: 'decline' })
    expect((await busy({ user_id: bench.id('李静') })).data?.freebusy_list).toHaveLength(1)
  })

  it('wants one person or one room, times with an offset, and at most 90 days', async () => {
    expect(await codeOf(busy({}))).toBe(190014)
    expect(await codeOf(busy({ user_id: bench.id('李静'), room_id: room('三楼会议室') }))).toBe(190014)
    expect(await codeOf(busy({ user_id: bench.id('李静') }, '2026-11-28 00:00'))).toBe(190014)
    expect(await codeOf(busy({ user_id: bench.id('李静') }, '2027-03-01T00:00:00+08:00'))).toBe(190014)
    expect(await codeOf(busy({ user_id: 'ou_nobody' }))).toBe(195100)
    expect(await codeOf(busy({ room_id: 'omm_none' }))).toBe(190002)
  })
})

describe('rooms', () => {
  it('are listed by pages of at most 100, and searched by people only', async () => {
    const first = await sdk.vc.v1.room.list({ params: { page_size: 2 } })
    expect(first.data).toMatchObject({ has_more: true, rooms: [{ name: '三楼会议室', capacity: 30 }, {}] })
    expect(await codeOf(sdk.vc.v1.room.list({ params: { page_size: 101 } }))).toBe(121003)
    expect((await sdk.vc.v1.room.get({ path: { room_id: room('机关礼堂') } })).data?.room?.name).toBe('机关礼堂')
    expect(await bench.api('GET', '/vc/v1/rooms/omm_none')).toMatchObject({ status: 404, code: 121004 })
    expect(await codeOf(sdk.vc.v1.room.search({ data: { keyword: '会议室' } }))).toBe(99991663)
    const found = await sdk.vc.v1.room.search(
      { data: { keyword: '会议室' } },
      withUserAccessToken(await userToken('赵敏')),
    )
    expect(found.data?.rooms?.map(one => one.name)).toEqual(['三楼会议室', '二楼小会议室'])
  })
})

describe('change notices', () => {
  it('go only to people who subscribed with their own token, and only say that something changed', async () => {
    expect(await codeOf(sdk.calendar.v4.calendarEvent.subscription({ path: { calendar_id } }))).toBe(99991663)
    const token = withUserAccessToken(await userToken('李静'))
    const own = (await sdk.calendar.v4.calendar.primary({}, token)).data?.calendars?.[0]?.calendar?.calendar_id ?? ''
    expect(own).not.toBe(calendar_id)
    expect(await codeOf(sdk.calendar.v4.calendarEvent.subscription({ path: { calendar_id } }, token))).toBe(191002)
    await sdk.calendar.v4.calendarEvent.subscription({ path: { calendar_id: own } }, token)
    const event_id = await made()
    await invite(event_id, { type: 'user', user_id: bench.id('李静') })
    const [notice] = await bench.pushes('calendar.calendar.event.changed_v4')
    expect(notice?.body.event).toEqual({
      calendar_id: own,
      user_id_list: [{ open_id: bench.id('李静'), union_id: expect.stringMatching(/^on_/) }],
    })
    const reply = sdk.calendar.v4.calendarEvent.reply(
      { path: { calendar_id: own, event_id }, data: { rsvp_status: 'accept' } },
      token,
    )
    expect(await codeOf(reply)).toBe(0)
    await bench.pushes('calendar.calendar.event.changed_v4', 2)
    await sdk.calendar.v4.calendarEvent.unsubscription({ path: { calendar_id: own } }, token)
    await sdk.calendar.v4.calendarEvent.delete({ path: { calendar_id, event_id } })
    const last = await bench.ask('POST', '/events', { event_type: 'im.chat.updated_v1', event: {} })
    expect(last.status).toBe(200)
    const types = bench.bot.received.map(one => one.body.header.event_type)
    expect(types.filter(type => type.startsWith('calendar.'))).toHaveLength(2)
  })
})
