import { describe, expect, it } from 'vitest'
import { pressables } from '../src/kit/card.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { meetingCard } from '../src/office/meeting/cards.ts'
import { type MeetingMove, type MeetingState, meetingFlow } from '../src/office/meeting/flow.ts'
import type { Actor, Meeting } from '../src/office/meeting/meeting.ts'
import { type MeetingPress, moved } from '../src/office/meeting/moves.ts'
import { maySee, movesOpen } from '../src/office/meeting/roles.ts'
import { aMeeting, at, CAST, MAY, ready, settingAt, stepBy, type Who, WISH } from './harness/meeting.ts'

const moves = Object.keys(meetingFlow.moves) as MeetingMove[]
const states = Object.keys(meetingFlow.states) as MeetingState[]
const everyone = Object.keys(CAST) as Who[]
const setting = settingAt()

const pressOf = (move: MeetingMove, by: Actor, some: Partial<MeetingPress> = {}): MeetingPress => ({
  move,
  by,
  seenRev: 1,
  word: '理由',
  plan: { findings: [], steps: move === 'publish' ? [] : [stepBy('BZ')] },
  wish: WISH,
  ...some,
})

/** Whether a press is let through, and what then stands. */
function tried(meeting: Meeting, press: MeetingPress): Meeting | string {
  try {
    return moved(meeting, press, setting)
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}

describe('每个按钮 × 每种状态 × 每种角色', () => {
  it.each(moves.flatMap(move => states.map(state => [meetingFlow.moves[move].button, state, move] as const)))(
    '%s(%s)',
    (_button, state, move) => {
      for (const who of everyone) {
        const meeting = ready(move, state)
        const before = JSON.stringify(meeting)
        const may = MAY[move].includes(who) && meetingFlow.moves[move].from.includes(state)
        const after = tried(meeting, pressOf(move, CAST[who]))
        expect(typeof after === 'object', `${who}: ${String(after)}`).toBe(may)
        expect(movesOpen(meeting, CAST[who], setting).includes(move), who).toBe(may)
        expect(JSON.stringify(meeting), '原事项不变').toBe(before)
        if (typeof after === 'object')
          expect([meetingFlow.moves[move].to ?? state, ...(meetingFlow.moves[move].or ?? [])]).toContain(after.state)
      }
    },
  )
})

describe('审批', () => {
  const asked = (steps = [stepBy('BZ')]) => aMeeting('submitted', { steps })

  it('承办人不审批自己提出的会议(PERM-01),代理其职务的也不', () => {
    const own = { ...asked(), maker: 'BZ' }
    expect(tried(own, pressOf('approve', CAST.BZ))).toContain('承办人不得审批')
    const deputy: Actor = { ...CAST.GB, standsFor: [{ ...CAST.BZ, name: 'BZ' }] }
    expect(tried({ ...asked(), maker: 'GB' }, pressOf('approve', deputy))).toContain('承办人不得审批')
  })

  it('代理人代为同意,记明代谁', () => {
    const deputy: Actor = { ...CAST.GB, standsFor: [{ ...CAST.BZ, name: 'BZ' }] }
    expect(tried(asked(), pressOf('approve', deputy))).toMatchObject({
      state: 'notified',
      movedBy: 'GB',
      movedFor: 'BZ',
    })
  })

  it('还有下一步的,仍待审批;主要领导只审批须由其审批的', () => {
    const two = tried(asked([stepBy('BZ'), stepBy('LD')]), pressOf('approve', CAST.BZ))
    expect(two).toMatchObject({ state: 'submitted' })
    expect(tried(two as Meeting, pressOf('approve', CAST.BZ, { seenRev: undefined }))).toContain('已同意')
    expect(tried(two as Meeting, pressOf('approve', CAST.LD, { seenRev: undefined }))).toMatchObject({
      state: 'notified',
    })
    expect(typeof tried(asked(), pressOf('approve', CAST.LD))).toBe('string')
  })

  it('退回须写理由;旧卡片上的决定不算', () => {
    expect(tried(asked(), pressOf('revise', CAST.BZ, { word: ' ' }))).toBe('请填写退回修改的理由')
    expect(tried(aMeeting('submitted', { stateRev: 3 }), pressOf('approve', CAST.BZ))).toContain('卡片已过期')
  })

  it('兼系统管理员的,什么也不能办(PERM-02)', () => {
    const keeper: Actor = { ...CAST.BZ, held: [...CAST.BZ.held, ...CAST.SY.held] }
    expect(movesOpen(asked(), keeper, setting)).toEqual([])
  })
})

describe('变更', () => {
  const later = { ...WISH, startsAt: at('2026-11-27T16:00'), endsAt: at('2026-11-27T17:00') }

  it('审批过的理由不再审批,原时间并列,提醒重来', () => {
    const after = tried(
      aMeeting('notified', { reminded: ['notice', 'day'] }),
      pressOf('change', CAST.MK, { wish: later }),
    )
    expect(after).toMatchObject({
      state: 'notified',
      startsAt: later.startsAt,
      was: { startsAt: WISH.startsAt, place: '三楼会议室' },
      reminded: ['notice'],
      noticeRev: 2,
    })
  })

  it('需要新的审批的,批准前按原通知;退回后照旧', () => {
    const plan = { findings: [], steps: [stepBy('BZ'), stepBy('LD')] }
    const asking = tried(aMeeting('notified'), pressOf('change', CAST.MK, { wish: later, plan })) as Meeting
    expect(asking).toMatchObject({ state: 'submitted', startsAt: WISH.startsAt, change: later })
    expect(movesOpen(asking, CAST.MK, setting)).toEqual(['cancel'])
    const granted = tried(asking, pressOf('approve', CAST.LD, { seenRev: undefined }))
    expect(granted).toMatchObject({ state: 'notified', startsAt: later.startsAt, change: undefined })
    const denied = tried(asking, pressOf('revise', CAST.LD, { seenRev: undefined }))
    expect(denied).toMatchObject({ state: 'notified', startsAt: WISH.startsAt, change: undefined })
  })

  it('通知还没发出的,不算变更;审批中取消的,变更随之作废', () => {
    const unheard = aMeeting('notified', { reminded: [] })
    expect(tried(unheard, pressOf('change', CAST.MK, { wish: later }))).toMatchObject({ was: undefined })
    const asking = aMeeting('submitted', { change: later, notifiedAt: WISH.startsAt })
    expect(tried(asking, pressOf('cancel', CAST.MK))).toMatchObject({ state: 'cancelled', change: undefined })
  })

  it.each([
    ['尚未到的照旧', '2026-11-26T11:00', '2026-11-26T12:00'],
    ['审批中已过的,改为会前一小时', '2026-11-26T14:00', '2026-11-27T13:30'],
    ['来不及的,不再要求回执', '2026-11-27T13:40', undefined],
  ])('发出时的回执截止:%s', (_what, now, expected) => {
    const meeting = aMeeting('submitted')
    const after = moved(meeting, pressOf('approve', CAST.BZ), settingAt(at(now)))
    expect(after.replyBy).toEqual(expected && at(expected))
  })

  it('只改议程的,不要求重新回执', () => {
    const wish = { ...WISH, agenda: [{ topic: '部署工作', reporter: '', minutes: 0 }] }
    expect(tried(aMeeting('notified'), pressOf('change', CAST.MK, { wish }))).toMatchObject({
      noticeRev: 1,
      was: undefined,
    })
  })
})

describe('谁看得到', () => {
  it('草稿只有承办人、召集人和会务看得到;发出后领导也看得到,其他人看不到', () => {
    const seers = (meeting: Meeting) => everyone.filter(who => maySee(meeting, CAST[who], setting))
    expect(seers(aMeeting('draft'))).toEqual(['BZ', 'HW', 'MK', 'PR'])
    expect(seers(aMeeting('notified'))).toEqual(['LD', 'FG', 'BZ', 'KZ', 'HW', 'MK', 'PR'])
  })

  it('群里的卡片没有电话,也没有发布、修改、变更', () => {
    for (const state of states) {
      const card = meetingCard(aMeeting(state), undefined, { history: [], more: [] }, setting)
      expect(JSON.stringify(card)).not.toContain('13900000001')
      for (const { label } of pressables(card)) expect(['发布', '送审', '修改', '变更']).not.toContain(label)
    }
  })
})
