import { inflateSync } from 'node:zlib'
import { encode } from 'uqr'
import { describe, expect, it } from 'vitest'
import { features } from '../handlers/index.ts'
import { validateCard } from '../simulator/card/validate.ts'
import { drawCode } from '../src/bot/code.ts'
import { fits, printCard } from '../src/feishu/card.ts'
import { type Card, pressables } from '../src/kit/card.ts'
import { unanswered } from '../src/office/meeting/asked.ts'
import { DOOR_PAGE, doorCard, doorHintCard, myDoorsCard, type Page, repliesCard } from '../src/office/meeting/door.ts'
import { type ReplyState, replyFlow } from '../src/office/meeting/flow.ts'
import { leavesCard } from '../src/office/meeting/leave-cards.ts'
import { type Invitation, LIMITS } from '../src/office/meeting/meeting.ts'
import {
  groupNoticeCard,
  invitationCard,
  recordedCard,
  releasedCard,
  remarkCard,
  withdrawnCard,
} from '../src/office/meeting/reply-cards.ts'
import type { FullInvitation } from '../src/office/meeting/reply-roles.ts'
import { replySettingCard, withUsual } from '../src/office/meeting/reply-setting.ts'
import { aMeeting, at, CAST, NOW, settingAt } from './harness/meeting.ts'

/** Law 6: every button leads to a registered action, and Feishu accepts every card as printed. */

const heavy = (length: number): string => '<at id=all></at>**[链](http://a.b)**\n字'.repeat(40).slice(0, length)
const setting = settingAt()
const meeting = aMeeting('notified', {
  ...{ title: heavy(LIMITS.title), place: heavy(LIMITS.place), remark: heavy(LIMITS.words), scope: 'system' },
  ...{ materials: heavy(LIMITS.words), discipline: heavy(LIMITS.words), startsAt: at('2026-11-24T09:20') },
})
const tally = {
  invited: 3_000,
  attending: 999,
  excused: 99,
  proxied: 9,
  asking: 9,
  denied: 9,
  pending: 999,
  present: 9,
}
const options = Array.from({ length: 100 }, (_, i) => ({
  value: `ou_${i.toString(16).padStart(32, '0')}`,
  label: `人员${i}(${'部门'.repeat(10)})`,
}))
const door = { opensAt: at('2026-11-24T08:50'), closesAt: at('2026-11-24T16:00') }

const anInvitation = (some: Partial<Invitation>): Invitation => ({
  ...unanswered(meeting, { person: 'GB', unit: 'office', part: 'attend', via: '', places: 1 }),
  id: 5,
  ...{ word: heavy(500), companions: heavy(LIMITS.words), plate: heavy(LIMITS.words), repliedAt: NOW, repliedBy: 'BZ' },
  ...{ decidedBy: 'FG', decidedFor: 'LD', decidedAt: NOW, decision: heavy(500), checkedInAt: NOW, checkedInBy: 'BZ' },
  ...some,
})

function aFull(some: Partial<Invitation>): FullInvitation {
  const other = anInvitation({ id: 6, person: 'MK', state: 'attending', standsInFor: 5 })
  const named = Array.from({ length: 50 }, (_, i) =>
    anInvitation({ id: 10 + i, person: undefined, places: 0, name: '欧阳明明', title: heavy(60), namedBy: 5 }),
  )
  return {
    ...{ invitation: anInvitation(some), meeting, granters: ['LD', 'BZ'], contacts: ['GB'], door, showsNames: true },
    ...{ named: some.places ? named : [], substitute: other, principal: anInvitation({ id: 4, person: 'LD' }) },
  }
}

const states = Object.keys(replyFlow.states) as ReplyState[]
const viewers = [undefined, CAST.GB, CAST.BZ, CAST.LD, { ...CAST.MK, standsFor: [{ ...CAST.GB, name: 'GB' }] }]
const beside = { offer: options, coming: Array.from({ length: 500 }, () => '欧阳明明') }
const shown = (name: string, some: Partial<Invitation>): Array<readonly [string, Card]> =>
  viewers.map(
    viewer => [`${name} ${viewer?.id ?? '无人'}`, invitationCard(aFull(some), viewer, beside, setting)] as const,
  )
const page: Page = {
  ...{ meeting, page: 2, total: 3_000, words: '陈', tally, door },
  rows: Array.from({ length: DOOR_PAGE }, (_, i) => ({
    invitation: anInvitation({ id: i + 1, state: 'attending' }),
    name: heavy(60),
    unit: heavy(60),
    isUnreached: true,
  })),
}

const cards: Array<readonly [string, Card]> = [
  ...states.flatMap(state => [
    ...shown(state, { state }),
    ...shown(`${state} 改回执`, { state, lastMove: 'reconsider' }),
    ...shown(`单位 ${state}`, { state, person: undefined, places: 50 }),
  ]),
  ['群', groupNoticeCard(meeting, tally, setting)],
  ['签到表', doorCard(page, setting)],
  ['签到表,无人', doorCard({ ...page, rows: [], total: 0 }, setting)],
  ['回执名单', repliesCard(page, setting)],
  ['二维码', doorHintCard(meeting, door, setting)],
  [
    '我的签到',
    myDoorsCard(
      Array.from({ length: 10 }, () => aFull({ state: 'attending' })),
      setting,
    ),
  ],
  [
    '请假待批',
    leavesCard(
      meeting,
      Array.from({ length: 120 }, (_, i) => anInvitation({ id: i + 1, state: 'asking', word: heavy(500) })),
      setting,
    ),
  ],
  ['没有请假', leavesCard(meeting, [], setting)],
  ['撤销', withdrawnCard()],
  ['不再代会', releasedCard(meeting, heavy(60), true, setting)],
  ['代录', recordedCard({ state: 'attending' }, meeting, heavy(60), setting)],
  ['说明', remarkCard(meeting, heavy(60), heavy(500), setting)],
  ['设置', replySettingCard(withUsual())],
]

describe.each(cards)('回执卡片 %s', (_name, drawn) => {
  it('每个按钮都有去处,合乎飞书的限制', () => {
    for (const { action } of pressables(drawn)) {
      const [name = '', move = ''] = action.split('.')
      expect(Object.keys(features.find(one => one.name === name)?.actions ?? {}), action).toContain(move)
    }
    const printed = printCard(drawn)
    expect(fits(printed)).toBe(true)
    expect(() => validateCard(printed, { person: () => true, image: () => false, audio: () => false })).not.toThrow()
    for (const [, content] of JSON.stringify(printed).matchAll(/"tag":"markdown","content":"((?:[^"\\]|\\.)*)"/g))
      expect(content).not.toMatch(/<at id=all|\]\(http/)
  })
})

it('二维码图片逐点就是链接的二维码,四周留白', () => {
  const link = 'https://applink.feishu.cn/client/bot/open?appId=cli_a1b2c3d4e5f60718'
  const png = Buffer.from(drawCode(link))
  const side = png.readUInt32BE(16)
  const length = png.readUInt32BE(33)
  expect(png.toString('latin1', 37, 41)).toBe('IDAT')
  const pixels = inflateSync(png.subarray(41, 41 + length))
  const row = 1 + Math.ceil(side / 8)
  const { data, size } = encode(link, { ecc: 'Q', border: 4 })
  const square = side / size
  const isDark = (x: number, y: number) => {
    const [px, py] = [x * square + square / 2, y * square + square / 2]
    return ((pixels[py * row + 1 + (px >> 3)] ?? 0) & (0x80 >> (px & 7))) === 0
  }
  expect(Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => isDark(x, y)))).toEqual(data)
})
