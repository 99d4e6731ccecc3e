import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTrip } from '../db/car.ts'
import type { ClickAnswer } from '../simulator/protocol.ts'
import type { Step } from '../src/kit/chain.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { tripCard } from '../src/office/car/cards.ts'
import { chainAfterEdit } from '../src/office/car/chain.ts'
import { type TripMove, type TripState, tripFlow } from '../src/office/car/flow.ts'
import { moved, type TripPress } from '../src/office/car/moves.ts'
import { orderDocument } from '../src/office/car/order.ts'
import { knowsPurpose, maySee, movesOpen } from '../src/office/car/roles.ts'
import { isEndorsementOwed } from '../src/office/car/steps.ts'
import type { Actor, Trip } from '../src/office/car/trip.ts'
import { type Cast, openCast } from './harness/cast.ts'
import type { TestPerson } from './harness/office.ts'
import { rows } from './harness/traces.ts'
import { aTrip, at, CAST, mayPress, ready, settingAt, stepBy, URGENT, type Who, WISH } from './harness/trip.ts'

const moves = Object.keys(tripFlow.moves) as TripMove[]
const states = Object.keys(tripFlow.states) as TripState[]
const everyone = Object.keys(CAST) as Who[]
/** 综治科 of the demo office. */
const FENG_UNIT = 'od-2838becd0aa98f6741eb8d4da3a9fbf5'

const pressOf = (move: TripMove, who: Who): TripPress => ({
  move,
  by: CAST[who],
  seenRev: 1,
  word: '理由',
  plan: { findings: [], steps: [stepBy('KZ'), stepBy('BZ')] },
  wish: WISH,
})

describe('每个按钮 × 每种状态 × 每种角色', () => {
  it.each(moves.flatMap(move => states.map(state => [tripFlow.moves[move].button, state, move] as const)))(
    '%s(%s)',
    (_button, state, move) => {
      const isFrom = tripFlow.moves[move].from.includes(state)
      for (const who of everyone) {
        const trip = ready(move, state)
        const before = JSON.stringify(trip)
        const run = () => moved(trip, pressOf(move, who), settingAt())
        if (isFrom && mayPress(move, state, who)) {
          const { to, or = [] } = tripFlow.moves[move]
          const after = run()
          expect([to ?? state, ...or, ...(move === 'edit' ? ['draft'] : [])], who).toContain(after.state)
          expect(after.rev, who).toBe(trip.rev + 1)
        } else expect(run, who).toThrow(Refusal)
        expect(JSON.stringify(trip)).toBe(before)
      }
    },
  )

  it.each(states)('卡片上只有本人此时能按的按钮:%s', state => {
    for (const who of everyone) {
      const trip = aTrip(state)
      const shown = JSON.stringify(tripCard(trip, CAST[who], { history: [], more: [] }, settingAt()))
      for (const move of moves)
        expect(shown.includes(`"car.${move}"`), `${who} ${move}`).toBe(
          movesOpen(trip, CAST[who], settingAt()).includes(move),
        )
    }
  })

  it('无权者得到说明,已办过的得知由谁何时办理', () => {
    expect(() => moved(aTrip('section'), pressOf('approve', 'GB'), settingAt())).toThrow('此按钮仅限当前审批人使用')
    const done = moved(aTrip('leader'), pressOf('approve', 'FG'), settingAt())
    expect(done.state).toBe('approved')
    expect(() => moved(done, pressOf('approve', 'FG'), settingAt())).toThrow(/^FG 已同意 · 11月24日\(周二\)09:00/)
  })

  it.each(moves.filter(move => tripFlow.moves[move].asks === 'reason'))('%s 须填写理由', move => {
    const state = tripFlow.moves[move].from[0] as TripState
    const who = everyone.find(one => mayPress(move, state, one)) as Who
    expect(() => moved(ready(move, state), { ...pressOf(move, who), word: ' ' }, settingAt())).toThrow(/^请填写/)
  })
})

describe('审批的限制', () => {
  const both = (code: string, id = 'AP'): Actor => ({ ...CAST.AP, id, held: [{ code, unit: undefined }] })

  it('申请人、用车人不审批本人的申请(CAR-06),其代理人也不', () => {
    expect(() => moved(aTrip('section'), { ...pressOf('approve', 'KZ'), by: both('KZ') }, settingAt())).toThrow(
      '不得审批本人',
    )
    const forUser = aTrip('office', { user: 'BZ' })
    expect(() => moved(forUser, pressOf('approve', 'BZ'), settingAt())).toThrow('不得审批本人')
    const deputy: Actor = { ...CAST.AP, standsFor: [{ ...CAST.KZ, name: 'KZ' }] }
    expect(() => moved(aTrip('section'), { ...pressOf('approve', 'KZ'), by: deputy }, settingAt())).toThrow(
      '不得审批本人',
    )
  })

  it('代理人代为审批,记明代谁', () => {
    const deputy: Actor = { ...CAST.GB, standsFor: [{ ...CAST.KZ, name: 'KZ' }] }
    const after = moved(aTrip('section'), { ...pressOf('approve', 'KZ'), by: deputy }, settingAt())
    expect(after).toMatchObject({ state: 'office', movedBy: 'GB', movedFor: 'KZ' })
    expect(after.steps[0]?.decision).toMatchObject({ by: 'GB', inPlaceOf: 'KZ' })
  })

  it('别的科室的负责人、别的单位的办公室主任无权;系统管理员即使另有角色也无权', () => {
    const kz = { ...CAST.KZ, departments: ['elsewhere'] }
    const bz = { ...CAST.BZ, id: 'other', held: [{ code: 'BZ', unit: 'district' }] }
    const sy = { ...CAST.KZ, held: ['KZ', 'SY'].map(code => ({ code, unit: undefined })) }
    expect(() => moved(aTrip('section'), { ...pressOf('approve', 'KZ'), by: kz }, settingAt())).toThrow(Refusal)
    expect(() => moved(aTrip('office'), { ...pressOf('approve', 'BZ'), by: bz }, settingAt())).toThrow(Refusal)
    expect(() => moved(aTrip('section'), { ...pressOf('approve', 'KZ'), by: sy }, settingAt())).toThrow(Refusal)
    const through = { ...CAST.SY, standsFor: [{ ...CAST.KZ, name: 'KZ' }] }
    expect(() => moved(aTrip('section'), { ...pressOf('approve', 'KZ'), by: through }, settingAt())).toThrow(Refusal)
  })

  it('上级单位所设、列在流程里的负责人可以审批', () => {
    const above = { ...CAST.BZ, held: [{ code: 'BZ', unit: 'above' }] }
    const trip = aTrip('office')
    expect(moved(trip, { ...pressOf('approve', 'BZ'), by: above }, settingAt()).state).toBe('leader')
    const unnamed = { ...trip, steps: trip.steps.map(step => ({ ...step, people: [] })) }
    expect(() => moved(unnamed, { ...pressOf('approve', 'BZ'), by: above }, settingAt())).toThrow(Refusal)
  })

  it('列在流程里的人还在任的,同一职务的其他人不能代办;都已离任的,由在任的办理', () => {
    const other = { ...CAST.BZ, id: 'other' }
    const press = { ...pressOf('approve', 'BZ'), by: other }
    expect(() => moved(aTrip('office'), press, settingAt())).toThrow('此按钮仅限当前审批人使用')
    expect(movesOpen(aTrip('office'), other, settingAt())).not.toContain('approve')
    const left = settingAt(undefined, { serving: new Map() })
    expect(moved(aTrip('office'), press, left).state).toBe('leader')
    const without = settingAt(undefined, { serving: new Map([['BZ', []]]) })
    expect(moved(aTrip('office'), press, without).state).toBe('leader')
  })

  it('决定的须是所见的:退回过审批的旧卡片不算数', () => {
    const again = aTrip('section', { rev: 9, stateRev: 9 })
    expect(() => moved(again, { ...pressOf('approve', 'KZ'), seenRev: 5 }, settingAt())).toThrow('卡片已过期')
  })

  it('用车时间已过的不能再同意,不能再提交', () => {
    const late = settingAt(at('2026-11-26T17:01'))
    expect(() => moved(aTrip('section'), pressOf('approve', 'KZ'), late)).toThrow('用车时间已过')
    expect(() => moved(aTrip('draft'), pressOf('submit', 'AP'), settingAt(at('2026-11-26T08:31')))).toThrow(
      '出发时间已过',
    )
  })

  it('规定不允许的不能提交', () => {
    const words = '公务用车不得用于上下班通勤。'
    const plan = {
      steps: [stepBy('KZ')],
      findings: [{ rule: 'CAR-02', severity: 'F' as const, words, basis: undefined, adds: undefined }],
    }
    expect(() => moved(aTrip('draft'), { ...pressOf('submit', 'AP'), plan }, settingAt())).toThrow(words)
    const shown = JSON.stringify(tripCard(aTrip('draft', plan), CAST.AP, { history: [], more: [] }, settingAt()))
    expect(shown).not.toContain('car.submit')
    expect(shown).toContain('car.edit')
  })

  it('车管员不提交一般申请,可以登记特别紧急的', () => {
    const own = aTrip('draft', { applicant: 'CD', user: 'CD' })
    expect(() => moved(own, pressOf('submit', 'CD'), settingAt())).toThrow('请由所在科室提出')
    const after = moved(own, { ...pressOf('submit', 'CD'), urgent: URGENT }, settingAt())
    expect(after).toMatchObject({ state: 'approved', urgent: URGENT })
  })
})

describe('修改退回到涉及的步骤', () => {
  const edited = (state: TripState, wish: Partial<Trip>, steps = aTrip(state).steps) =>
    moved(
      aTrip(state),
      { ...pressOf('edit', 'AP'), wish: { ...WISH, ...wish }, plan: { findings: [], steps } },
      settingAt(),
    )

  it('流程仍然完整的,不重新审批;车辆仍适用的,不另派车', () => {
    expect(edited('dispatched', { remark: '请从东门接' })).toMatchObject({ state: 'dispatched', run: 3 })
    expect(edited('dispatched', { headcount: 2 })).toMatchObject({ state: 'dispatched', run: 3 })
    expect(edited('dispatched', { headcount: 6 })).toMatchObject({ state: 'approved', run: undefined })
    expect(edited('dispatched', { endsAt: at('2026-11-26T17:30') })).toMatchObject({
      state: 'approved',
      run: undefined,
    })
  })

  it('须重新审批的,交回车辆', () => {
    const steps = [stepBy('KZ', 'KZ'), stepBy('BZ')]
    expect(edited('dispatched', { category: 'emergency' }, steps)).toMatchObject({
      state: 'office',
      run: undefined,
      approvedAt: undefined,
    })
  })
})

describe('特别紧急', () => {
  const urgent = aTrip('approved', { urgent: URGENT, steps: [stepBy('KZ'), stepBy('BZ')] })

  it('逐级补办,全部同意后办结;状态不变', () => {
    const first = moved(urgent, pressOf('endorse', 'KZ'), settingAt())
    expect(first).toMatchObject({ state: 'approved', lastMove: 'endorse' })
    const second = moved(
      { ...first, state: 'underway' },
      { ...pressOf('endorse', 'BZ'), seenRev: first.rev },
      settingAt(),
    )
    expect(second).toMatchObject({ state: 'underway', nextAt: undefined })
    expect(() => moved(second, pressOf('endorse', 'BZ'), settingAt())).toThrow(/已同意补办/)
  })

  it('不同意补办的记录在案,不再等待', () => {
    const after = moved(urgent, pressOf('object', 'KZ'), settingAt())
    expect(after.steps[0]?.decision).toMatchObject({ by: 'KZ', against: true, word: '理由' })
    expect(movesOpen(after, CAST.BZ, settingAt())).not.toContain('endorse')
    expect(JSON.stringify(tripCard(after, CAST.BZ, { history: [], more: [] }, settingAt()))).toContain('补办未获同意')
  })
})

describe('特别紧急的用车,改动之后', () => {
  const LET_OUT = { urgent: URGENT, nextAt: URGENT.dueAt }
  const edited = (trip: Trip, wish: Partial<Trip>, steps: Trip['steps'] = trip.steps) =>
    moved(trip, { ...pressOf('edit', 'AP'), wish: { ...WISH, ...wish }, plan: { findings: [], steps } }, settingAt())
  const fresh = [stepBy('KZ'), stepBy('BZ')]

  it.each([
    [{ endsAt: at('2026-11-29T17:00') }],
    [{ destination: '省高院', reach: 'province' }],
    [{ passengers: [] }],
    [{ selfDrive: true }],
  ] as const)('口头同意不及于改动后的行程,须重新审批,车辆交回:%o', wish => {
    for (const state of ['approved', 'dispatched'] as const)
      expect(edited(aTrip(state, { ...LET_OUT, steps: fresh }), wish, fresh)).toMatchObject({
        state: 'section',
        urgent: undefined,
        run: undefined,
        // no more for 补办, but for whoever is asked now
        nextAt: at('2026-11-25T16:30'),
        approvedAt: undefined,
      })
  })

  it.each(['approved', 'dispatched'] as const)('只改电话、备注的,补办照旧,不重新提出(%s)', state => {
    const steps = [stepBy('KZ', 'KZ'), stepBy('BZ')]
    const trip = aTrip(state, { ...LET_OUT, steps })
    const after = edited(trip, { phone: '13900000009', remark: '走东门' }, fresh)
    expect(after).toMatchObject({ state, steps, run: trip.run, ...LET_OUT, remark: '走东门' })
  })

  it('不同意补办的意见不因修改而当作同意', () => {
    const steps = [against(stepBy('KZ', 'KZ')), stepBy('BZ')]
    const trip = aTrip('approved', { ...LET_OUT, steps })
    expect(edited(trip, { remark: '走东门' }, fresh).steps).toEqual(steps)
    const chain = chainAfterEdit(trip, { ...WISH, endsAt: at('2026-11-26T18:00') }, fresh)
    expect(chain.map(({ decision }) => decision)).toEqual([undefined, undefined])
  })

  it('补办未获同意的不能出车,派车单如实打印', () => {
    const trip = aTrip('dispatched', { ...LET_OUT, steps: [against(stepBy('KZ', 'KZ')), stepBy('BZ')] })
    expect(() => moved(trip, pressOf('depart', 'JS'), settingAt())).toThrow('补办未获同意,不能出车')
    const printed = JSON.stringify(orderDocument(trip, undefined, { phones: false, purpose: true }, settingAt()))
    expect(printed).toMatch(/KZ 不同意补办 [^"]*理由：无此任务/)
  })

  it.each(states)('补办只为仍要成行或已成行的等待:%s', state => {
    const trip = aTrip(state, { ...LET_OUT, steps: fresh })
    expect(isEndorsementOwed(trip)).toBe(!['draft', 'cancelled', 'missed'].includes(state))
    expect(isEndorsementOwed({ ...trip, steps: [against(stepBy('KZ', 'KZ')), stepBy('BZ')] })).toBe(false)
  })
})

function against(step: Step): Step {
  return { ...step, decision: step.decision && { ...step.decision, against: true, word: '无此任务' } }
}

describe('谁看得到', () => {
  const seeing = (trip: Trip): Who[] => everyone.filter(who => maySee(trip, CAST[who], settingAt()))

  it('草稿只有申请人;提交后有关人员和审批、调度人员;无关人员和系统管理员看不到', () => {
    expect(seeing(aTrip('draft'))).toEqual(['AP'])
    expect(seeing(aTrip('section'))).toEqual(['LD', 'FG', 'BZ', 'KZ', 'CD', 'AP', 'PA'])
    expect(seeing(aTrip('dispatched'))).toEqual(['LD', 'FG', 'BZ', 'KZ', 'CD', 'JS', 'AP', 'PA'])
    expect(seeing(aTrip('cancelled', { submittedAt: undefined }))).toEqual(['AP'])
  })

  it.each([{ category: 'confidential' }, { ground: 'duty' }] as const)(
    '机要、办案用车的事由只有申请和审批的人知道:%o',
    some => {
      const trip = aTrip('dispatched', { ...some, purpose: '参加专项工作会商' })
      const knowing = everyone.filter(
        who => maySee(trip, CAST[who], settingAt()) && knowsPurpose(trip, CAST[who], settingAt()),
      )
      expect(knowing).toEqual(['LD', 'FG', 'BZ', 'KZ', 'AP'])
      for (const who of everyone) {
        const shown = JSON.stringify(tripCard(trip, CAST[who], { history: [], more: [] }, settingAt()))
        expect(shown.includes('专项工作会商'), who).toBe(knowing.includes(who))
      }
    },
  )

  it('群里的卡片没有电话', () => {
    const shown = (viewer: Actor | undefined) =>
      JSON.stringify(tripCard(aTrip('dispatched'), viewer, { history: [], more: [] }, settingAt()))
    expect(shown(undefined)).not.toMatch(/139\d{8}/)
    expect(shown(CAST.PA)).toContain('13900000020')
  })
})

/** Presses that nobody was offered, as an attacker would send them: each is refused in words and changes nothing. */
describe('用车的按钮,无权或不合时宜地按下', () => {
  let cast: Cast
  let message: string
  let actors: Array<[Who, TestPerson]>
  const ids = new Map<string, number>()
  beforeAll(async () => {
    cast = await openCast()
    const { wang, li, feng, chen, office } = cast
    actors = [
      ['BZ', li],
      ['KZ', feng],
      ['AP', chen],
      ['GB', wang],
    ]
    await chen.says('/用车 我的')
    message = (await chen.seesCard()).message_id
    for (const state of states)
      for (const move of ['approve', 'endorse'] as const) {
        const { id } = await openTrip(office.database.db, real(ready(move, state)))
        ids.set(`${state} ${move}`, id)
      }
  })
  afterAll(() => cast.office.close())

  /** The rules' example with people of this office. */
  function real(trip: Trip): Trip {
    const { li, feng, chen, zhang } = cast
    const ids: Record<string, string> = { BZ: li.id, KZ: feng.id, AP: chen.id, FG: zhang.id }
    return {
      ...trip,
      run: undefined,
      applicant: chen.id,
      user: chen.id,
      passengers: [],
      unit: FENG_UNIT,
      movedBy: chen.id,
      steps: trip.steps.map(step => ({
        ...step,
        people: step.people.map(person => ids[person] ?? person),
        decision: step.decision && { ...step.decision, by: ids[step.decision.by] ?? step.decision.by },
      })),
    }
  }

  const presses = (person: TestPerson, move: TripMove, id: number): Promise<ClickAnswer> =>
    cast.office.send('POST', '/sim/raw-click', {
      as: person.id,
      message_id: message,
      action: {
        tag: 'button',
        name: 'forged',
        value: { action: `car.${move}`, id, rev: 1 },
        form_value: { word: '理由', purpose: '参加调研座谈会', destination: '区法院' },
      },
    })

  const kept = () => rows(cast.office.database.db, 'select t::text from trips t order by id')

  it.each(moves)('%s', async move => {
    const before = await kept()
    for (const state of states)
      for (const [who, person] of actors) {
        if (tripFlow.moves[move].from.includes(state) && mayPress(move, state, who)) continue
        const isUrgent = move === 'endorse' || move === 'object'
        const answer = await presses(person, move, ids.get(`${state} ${isUrgent ? 'endorse' : 'approve'}`) ?? 0)
        expect(answer.toast?.type, `${who} ${state} ${answer.toast?.content}`).toMatch(/^(error|info)$/)
        expect(answer.toast?.content, `${who} ${state}`).toMatch(/未找到该用车申请|仅限|须|请|不能|过期|陈晨 已拟单/)
      }
    await cast.office.settled()
    expect(await kept()).toEqual(before)
  })

  it.each(['', 0, -1, 1.5, '7x', null, 'NaN', 1e300])('编号为 %s 的申请不存在', async id => {
    const answer = await presses(cast.li, 'approve', id as number)
    expect(answer.toast).toMatchObject({ type: 'error', content: '未找到该用车申请' })
  })
})
