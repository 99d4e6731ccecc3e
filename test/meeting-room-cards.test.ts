import { describe, expect, it } from 'vitest'
import { features } from '../handlers/index.ts'
import { validateCard } from '../simulator/card/validate.ts'
import { fits, printCard } from '../src/feishu/card.ts'
import { type Card, pressables } from '../src/kit/card.ts'
import type { Booking, Room } from '../src/office/meeting/meeting.ts'
import { BLANK_ROOM, ROOM_LIMITS } from '../src/office/meeting/room.ts'
import { bookingCard, ROOMS_PAGE, roomCard, roomForm, roomsCard, takeForm } from '../src/office/meeting/room-cards.ts'
import { aRoom, friday } from './harness/rooms.ts'

/** Law 6: every button leads to a registered action, and Feishu accepts every card as printed. */

const NOW = friday('09:00', '2026-11-24')
const heavy = (length: number): string => '<at id=all></at>**[链](http://a.b)**\n字'.repeat(40).slice(0, length)
const aHeavyRoom = (id: number): Room => ({
  ...aRoom(`${id}${heavy(ROOM_LIMITS.name - 2)}`, {
    seats: ROOM_LIMITS.seats,
    equipment: heavy(ROOM_LIMITS.equipment),
    place: heavy(ROOM_LIMITS.place),
    resource: `omm_${'0'.repeat(60)}`,
    remark: heavy(ROOM_LIMITS.remark),
    approval: true,
    keeper: 'ou_1',
  }),
  id,
})
const aBooking = (id: number, state: Booking['state'] = 'held'): Booking => ({
  ...{ id, room: 1 + (id % ROOMS_PAGE), meeting: undefined, state, bookedBy: 'ou_1', bookedAt: NOW, word: heavy(60) },
  startsAt: new Date(friday('00:00', '2026-11-23').getTime() + id * 1_800_000),
  endsAt: new Date(friday('00:00', '2026-11-23').getTime() + (id + 1) * 1_800_000),
})
const rooms = Array.from({ length: ROOMS_PAGE }, (_, i) => aHeavyRoom(i + 1))
const taken = Array.from({ length: 300 }, (_, i) => aBooking(i, i % 3 ? 'held' : 'asked'))
const told = taken.map(booking => ({ booking, words: heavy(120) }))
const history = Array.from({ length: 30 }, () => ({
  at: NOW,
  who: '欧阳明明',
  what: '修改',
  changes: [['备注', heavy(200), heavy(200)] as [string, string, string]],
}))
const options = Array.from({ length: 40 }, (_, i) => ({ value: `ou_${i}`, label: `人员${i}(${'部门'.repeat(20)})` }))
const facts = { keeper: '欧阳明明', told, history, keeps: true, takes: true }
const [room] = rooms as [Room]
const decided = Array.from({ length: 4 }, () => heavy(260))

const cards: Array<readonly [string, Card]> = [
  ['没有会议室', roomsCard([], { all: 0, closed: 0 }, [], { day: '2026-11-24', page: 0 }, true, NOW)],
  ['会议室列表', roomsCard(rooms, { all: 99, closed: 3 }, taken, { day: '2026-11-24', page: 3 }, true, NOW)],
  ['会议室', roomCard(room, facts, '2026-11-24', NOW)],
  ['停用的会议室', roomCard({ ...room, state: 'closed' }, facts, '2026-11-24', NOW)],
  ['没有占用', roomCard(room, { ...facts, told: [], history: [], keeps: false }, '2026-11-24', NOW)],
  ['新增', roomForm(BLANK_ROOM, undefined, options, heavy(200))],
  ['修改', roomForm(room, room, options)],
  ['占用', takeForm(room, { when: heavy(60), word: heavy(60) }, heavy(100))],
  ...(['asked', 'held', 'void'] as const).map(
    state =>
      [
        `预订 ${state}`,
        bookingCard(
          { ...aBooking(200, state), endsAt: friday('18:00') },
          room,
          {
            ...{ words: heavy(120), decided, decides: true, frees: true, refused: state === 'void' },
            ways: [heavy(80), heavy(80), heavy(80)],
          },
          NOW,
        ),
      ] as const,
  ),
]

describe.each(cards)('会议室卡片 %s', (_name, drawn) => {
  it('每个按钮都有去处', () => {
    const actions = features.find(({ name }) => name === 'meeting')?.actions ?? {}
    for (const { action } of pressables(drawn))
      expect(Object.keys(actions), action).toContain(action.replace(/^meeting\./, ''))
  })

  it('飞书接受', () => {
    const printed = printCard(drawn)
    expect(fits(printed)).toBe(true)
    expect(() => validateCard(printed, { person: () => false, image: () => false, audio: () => false })).not.toThrow()
    for (const content of marked(printed)) expect(content).not.toMatch(/<at|\]\(http|\*\*\[/)
  })
})

/** Every text that is read as markup. */
const marked = (part: unknown): string[] => {
  if (typeof part !== 'object' || part === null) return []
  const { tag, content } = part as { tag?: unknown; content?: unknown }
  const own = tag === 'markdown' || tag === 'lark_md' ? [String(content)] : []
  return [...own, ...Object.values(part).flatMap(marked)]
}
