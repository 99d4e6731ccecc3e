import {
  type Block,
  type Button,
  buttons,
  type Card,
  type Colour,
  card,
  type Field,
  fields,
  form,
  note,
  type Option,
  type Span as Shown,
  table,
  text,
  timeline,
  tint,
} from '../../kit/card.ts'
import { historyBlocks, type Past } from '../../kit/past.ts'
import { addDays, clockOf, dayIn, formatShort, toInstant } from '../../kit/time.ts'
import { REFUSED, type Span, spanWords, TAKING, waysOutWords } from './booking.ts'
import type { Booking, Room } from './meeting.ts'
import { ROOM_LIMITS, type RoomWish, roomWord, roomWords } from './room.ts'
import { BOOKING_STATES, type BookingState, ROOM_STATES } from './terms.ts'

export const ROOMS_PAGE = 8
const DAY_MS = 86_400_000
const MOST_TOLD = 12

/** A booking with what may be told of it. */
export interface Told {
  booking: Booking
  words: string
}

/** How rooms are looked at; comes back with each press. */
export interface RoomView {
  /** A day of the week that is shown. */
  day: string
  page: number
}

/** What a press asked for; anything unknown reads as this week, the first page. */
export const readRoomView = (value: Record<string, unknown>, now: Date): RoomView => ({
  day: isDay(value.day) ? value.day : dayIn(now),
  page: typeof value.page === 'number' && Number.isSafeInteger(value.page) && value.page > 0 ? value.page : 0,
})

const isDay = (day: unknown): day is string =>
  typeof day === 'string' &&
  /^20\d\d-\d\d-\d\d$/.test(day) &&
  new Date(`${day}T00:00:00Z`).toJSON()?.slice(0, 10) === day

/** The week of a day, Monday first. */
export function weekOf(day: string): Span & { first: string } {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
  const first = addDays(day, -weekday)
  const startsAt = new Date(toInstant(first, '00:00'))
  return { first, startsAt, endsAt: new Date(startsAt.getTime() + 7 * DAY_MS) }
}

const COLOURS: Record<BookingState, Colour> = { held: 'blue', asked: 'yellow', void: 'grey' }
const press = (label: string, move: string, value: Button['value'] = {}, more: Partial<Button> = {}): Button => ({
  label,
  action: `meeting.${move}`,
  value,
  ...more,
})

/** `/会议 会议室`: all rooms × the days of a week, as a picture and as a table. */
export function roomsCard(
  rooms: readonly Room[],
  of: { all: number; closed: number },
  taken: readonly Booking[],
  view: RoomView,
  keeps: boolean,
  now: Date,
): Card {
  const week = weekOf(view.day)
  const lines = rooms.map(({ name }, i) => (name.length > LINE ? `${name.slice(0, LINE - 2)}…${i + 1}` : name))
  const spans = rooms.flatMap(({ id }, i) => {
    const own = taken.filter(({ room }) => room === id)
    return ofHalfDays(own, week).map(({ from, until, state }) => shownAs({ state }, lines[i] ?? '', from, until))
  })
  const untilWhen = (room: Room): string => {
    const one = taken.find(({ room: id, startsAt, endsAt }) => id === room.id && startsAt <= now && now < endsAt)
    return one ? `占用至${clockOf(one.endsAt)}` : '空闲'
  }
  return {
    ...card(
      '会议 · 会议室',
      'blue',
      text(
        of.all
          ? `共${of.all}间可用会议室${of.closed ? `,另有${of.closed}间停用` : ''}。以下为${weekWords(week, now)}的占用情况。`
          : '还没有登记会议室。',
      ),
      spans.length ? timeline('会议室占用', [week.startsAt.getTime(), week.endsAt.getTime()], lines, spans) : undefined,
      rooms.length
        ? table(
            ['会议室', '此刻', '容纳', '位置', '设备', '审批'],
            rooms.map(room => [
              room.name,
              untilWhen(room),
              `${room.seats}人`,
              room.place || '—',
              room.equipment || '—',
              room.approval ? '需审批' : '不需',
            ]),
          )
        : undefined,
      rooms.length ? chooser(rooms, view) : undefined,
      buttons(
        ...(rooms.length ? [press('上一周', 'rooms', { ...view, day: addDays(week.first, -7) })] : []),
        ...(rooms.length ? [press('下一周', 'rooms', { ...view, day: addDays(week.first, 7) })] : []),
        ...(view.page > 0 ? [press('上一页', 'rooms', { ...view, page: view.page - 1 })] : []),
        ...((view.page + 1) * ROOMS_PAGE < of.all ? [press('下一页', 'rooms', { ...view, page: view.page + 1 })] : []),
        ...(keeps ? [press('新增会议室', 'roomNew', {}, { style: 'primary' })] : []),
      ),
      note(`截至${clockOf(now)}。占用会议室开会请发送 /会议,其他用途请打开会议室卡片后按“占用”。`),
    ),
    summary: '[会议] 会议室',
  }
}

const chooser = (rooms: readonly Room[], { day }: RoomView): Block =>
  form(
    'rooms',
    [
      {
        kind: 'choose',
        name: 'room',
        label: '会议室',
        options: rooms.map(room => ({ value: String(room.id), label: roomWord(room).slice(0, 60) })),
        value: String(rooms[0]?.id ?? ''),
      },
    ],
    [press('查看', 'roomShow', { day })],
  )

/** Of a name so much stands beside the picture. */
const LINE = 10
const HALVES_MS = [0, 12, 18, 24].map(hour => hour * 3_600_000)

/** In the picture of a week what takes a room in one forenoon, afternoon or evening is one span: more could not be told apart. */
function ofHalfDays(own: readonly Booking[], { startsAt }: Span) {
  const parts = DAYS.flatMap((_, day) =>
    HALVES_MS.slice(1).map((until, i) => {
      const base = startsAt.getTime() + day * DAY_MS
      return { opens: base + (HALVES_MS[i] ?? 0), closes: base + until }
    }),
  )
  return parts.flatMap(({ opens, closes }) => {
    const some = own.filter(one => one.startsAt.getTime() < closes && one.endsAt.getTime() > opens)
    if (!some.length) return []
    const from = Math.max(opens, Math.min(...some.map(one => one.startsAt.getTime())))
    const until = Math.min(closes, Math.max(...some.map(one => one.endsAt.getTime())))
    const state: BookingState = some.every(one => one.state === 'asked') ? 'asked' : 'held'
    return [{ from, until, state }]
  })
}

const shownAs = ({ state }: Pick<Booking, 'state'>, line: string, from: number, until: number): Shown => ({
  line,
  from,
  until,
  word: BOOKING_STATES[state],
  colour: COLOURS[state],
})

const weekWords = ({ first }: { first: string }, now: Date): string =>
  `${formatShort(first, now)}至${formatShort(addDays(first, 6), now)}`

export interface RoomFacts {
  keeper: string
  /** What takes it in the week that is shown. */
  told: readonly Told[]
  history: readonly Past[]
  /** Whether the viewer may change it, and take it for something that is no meeting. */
  keeps: boolean
  takes: boolean
}

const DAYS = ['周一', '周二', '周三', '周四', '周五', '周六', '周日']
const OPENS_MS = 7 * 3_600_000
const CLOSES_MS = 22 * 3_600_000

/** A room: what it has, and its week, a line for each day. */
export function roomCard(room: Room, facts: RoomFacts, day: string, now: Date): Card {
  const week = weekOf(day)
  const { id, rev, name } = room
  const isOpen = room.state === 'available'
  const hidden = facts.keeps ? ['名称'] : ['名称', '飞书会议室']
  const shown = roomWords(room, facts.keeper).filter(([label, value]) => value !== '' && !hidden.includes(label))
  const told = facts.told.slice(0, MOST_TOLD)
  return {
    ...card(
      `会议室 · ${name}`,
      isOpen ? 'blue' : 'grey',
      fields(['状态', [tint(isOpen ? 'green' : 'grey', ROOM_STATES[room.state])]], ...shown),
      timelineOf(week, facts.told),
      text(`${weekWords(week, now)}${told.length ? '占用:' : '没有占用。'}`),
      ...told.map(({ booking, words }) => note(`· ${spanWords(booking, now)} ${words}`)),
      facts.told.length > told.length ? note(`另有${facts.told.length - told.length}项。`) : undefined,
      ...historyBlocks(facts.history, { now }),
      buttons(
        press('上一周', 'roomShow', { id, day: addDays(week.first, -7) }),
        press('下一周', 'roomShow', { id, day: addDays(week.first, 7) }),
        ...(isOpen && facts.takes ? [press('占用', 'roomTake', { id }, { style: 'primary' })] : []),
      ),
      facts.keeps
        ? buttons(
            press('修改', 'roomEdit', { id, rev }),
            isOpen
              ? press(
                  '停用',
                  'roomState',
                  { id, rev, to: 'closed' },
                  {
                    style: 'danger',
                    confirm: {
                      title: '停用会议室',
                      text: `${name}停用后不能预订,已有预订的承办人将收到通知。确定停用吗?`,
                    },
                  },
                )
              : press('启用', 'roomState', { id, rev, to: 'available' }),
          )
        : undefined,
    ),
    summary: `[会议] 会议室 ${name}`,
  }
}

/** Each day is a line of one and the same day's hours. */
function timelineOf({ first, startsAt }: Span & { first: string }, told: readonly Told[]): Block | undefined {
  const lines = DAYS.map((word, i) => `${word} ${Number(addDays(first, i).slice(8))}日`)
  const base = startsAt.getTime()
  const spans = told.flatMap(({ booking }) =>
    lines.flatMap((line, i): Shown[] => {
      const [opens, closes] = [base + i * DAY_MS, base + (i + 1) * DAY_MS]
      const from = Math.max(booking.startsAt.getTime(), opens)
      const until = Math.min(booking.endsAt.getTime(), closes)
      return from < until ? [shownAs(booking, line, from - i * DAY_MS, until - i * DAY_MS)] : []
    }),
  )
  if (!spans.length) return undefined
  const hours: [number, number] = [
    Math.min(base + OPENS_MS, ...spans.map(({ from }) => from)),
    Math.max(base + CLOSES_MS, ...spans.map(({ until }) => until)),
  ]
  return timeline('本周占用', hours, lines, spans)
}

/** The form for a new room (`of` undefined) or a known one; its names are those of `ROOM_COLUMNS`. */
export function roomForm(
  wish: RoomWish,
  of: Pick<Room, 'id' | 'rev'> | undefined,
  keepers: readonly Option[],
  says?: string,
): Card {
  const input = (
    name: 'name' | 'seats' | 'equipment' | 'place' | 'resource' | 'remark',
    label: string,
    hint: string,
    required = false,
  ): Field => ({
    kind: 'input',
    name,
    label,
    hint,
    value: name === 'seats' ? (wish.seats ? String(wish.seats) : '') : wish[name],
    max: name === 'seats' ? 5 : ROOM_LIMITS[name],
    ...(required ? { required } : {}),
  })
  return {
    ...card(
      of ? `会议室 · 修改 · ${wish.name}` : '会议室 · 新增',
      'grey',
      says ? text(tint('red', says)) : undefined,
      form(
        'room',
        [
          input('name', '名称', '如:三楼会议室', true),
          input('seats', '容纳人数', '如:30', true),
          input('equipment', '设备(可不填)', '如:投影、视频会议'),
          input('place', '位置(可不填)', '如:办公楼三楼东侧'),
          {
            kind: 'choose',
            name: 'approval',
            label: '是否需审批',
            options: [
              { value: '否', label: '不需审批' },
              { value: '是', label: '需审批' },
            ],
            value: wish.approval ? '是' : '否',
          },
          {
            kind: 'choose',
            name: 'keeper',
            label: '管理员(审批预订)',
            options: [{ value: OFFICE_VALUE, label: '办公室主任、会务员' }, ...keepers],
            value: wish.keeper || OFFICE_VALUE,
          },
          input('resource', '飞书会议室编号(可不填)', 'omm_ 开头,填写后会议日程同时预订'),
          input('remark', '备注(可不填)', ''),
        ],
        [
          press(of ? '保存' : '登记', of ? 'roomEdit' : 'roomAdd', of ? { id: of.id, rev: of.rev } : {}, {
            style: 'primary',
          }),
        ],
      ),
    ),
    summary: '[会议] 请填写会议室信息',
  }
}

export const OFFICE_VALUE = 'office'

/** Taking a room for something that is no meeting of ours. */
export const takeForm = (room: Room, filled: { when: string; word: string }, says?: string): Card => ({
  ...card(
    `占用会议室 · ${room.name}`,
    'grey',
    says ? text(tint('red', says)) : undefined,
    form(
      'take',
      [
        {
          kind: 'input',
          name: 'when',
          label: '时间',
          hint: '如:11月27日14:30-16:00',
          value: filled.when,
          max: 60,
          required: true,
        },
        {
          kind: 'input',
          name: 'word',
          label: '用途',
          hint: '如:业务培训',
          value: filled.word,
          max: TAKING.word,
          required: true,
        },
      ],
      [press('占用', 'roomTake', { id: room.id }, { style: 'primary' })],
    ),
    note(room.approval ? '该会议室需审批,提交后由管理员批准。' : '通知人员参会请用 /会议,会议室随会议一并预订。'),
  ),
  summary: '[会议] 请填写占用时间和用途',
})

export interface BookingFacts {
  words: string
  /** What was decided, by whom, in words. */
  decided: readonly string[]
  /** Whether the viewer decides on it, and whether they may give it up. */
  decides: boolean
  frees: boolean
  /** Whether it was refused, and not given back. */
  refused: boolean
  /** Where it was refused or taken back by somebody else: what else is free. */
  ways: readonly string[]
}

/** One booking: whoever keeps the room decides on it. */
export function bookingCard(booking: Booking, room: Room, facts: BookingFacts, now: Date): Card {
  const { id, state } = booking
  const isOver = booking.endsAt <= now
  const isOpen = state === 'asked' && !isOver
  const word = facts.refused ? REFUSED : BOOKING_STATES[state]
  const colour = facts.refused ? 'red' : COLOURS[state]
  const head: Colour = state === 'held' ? 'green' : colour
  return {
    ...card(
      `会议室预订 · ${room.name}`,
      isOver ? 'grey' : head,
      fields(
        ['状态', [tint(colour === 'blue' ? 'green' : colour, word)]],
        ['会议室', roomWord(room)],
        ['时间', spanWords(booking, now)],
        ['用途', facts.words],
      ),
      ...facts.decided.map(line => text(line)),
      state === 'void' && !isOver && facts.ways.length ? text(waysOutWords(facts.ways)) : undefined,
      isOpen && facts.decides
        ? form(
            'decision',
            [
              {
                kind: 'input',
                name: 'word',
                label: '意见(不同意时必填)',
                hint: '如:当日维修,请改用其他会议室',
                max: ROOM_LIMITS.remark,
              },
            ],
            [press('同意', 'bookingGrant', { id }, { style: 'primary' }), press('不同意', 'bookingDeny', { id })],
          )
        : undefined,
      state !== 'void' && !isOver && facts.frees
        ? buttons(
            press(
              '取消占用',
              'bookingFree',
              { id },
              { confirm: { title: '取消占用', text: `取消后${room.name}可由他人预订,确定取消吗?` } },
            ),
          )
        : undefined,
    ),
    tags: [{ word, colour }],
    summary: `[会议] ${room.name}预订 ${word}`,
  }
}
