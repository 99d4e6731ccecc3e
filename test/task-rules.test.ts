import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../src/kit/refusal.ts'
import { drawnUp } from '../src/office/task/assists.ts'
import { taskCard } from '../src/office/task/cards.ts'
import { checkWish, likeness, readLabels } from '../src/office/task/draft.ts'
import { type TaskMove, type TaskState, taskFlow } from '../src/office/task/flow.ts'
import { handedOver } from '../src/office/task/hand-over.ts'
import { LADDER, nextInstant, stepAt, stepDue, stepsAhead } from '../src/office/task/ladder.ts'
import { ledgerCard, rate, readView, totalOf } from '../src/office/task/ledger.ts'
import { lightOf } from '../src/office/task/light.ts'
import { assisted, moved } from '../src/office/task/moves.ts'
import { numberText, readNumber } from '../src/office/task/number.ts'
import { decisionsOn } from '../src/office/task/record.ts'
import { maySee } from '../src/office/task/roles.ts'
import { lastAct, type Task, type TaskPress } from '../src/office/task/task.ts'
import { moveInWords } from '../src/office/task/words.ts'
import { defaultDue, limitFrom, reportDue } from '../src/office/task/worktime.ts'
import { aTask, at, CAST, MAY, mayPress, NOW, ready, settingAt, type Who, WISH, work } from './harness/task.ts'

const moves = Object.keys(taskFlow.moves) as TaskMove[]
const states = Object.keys(taskFlow.states) as TaskState[]
const everyone = Object.keys(CAST) as Who[]

const pressOf = (move: TaskMove, who: Who): TaskPress => ({
  move,
  by: CAST[who],
  seenRev: 1,
  word: '理由',
  until: at('2026-12-10T17:30'),
  archiveNo: '2026-D10-BGS-0001',
  to: { id: 'new', departments: ['unit'] },
  helpers: [{ id: 'helper', departments: ['unit'] }],
  change: { title: '新名称', content: undefined, dueAt: undefined, lead: undefined, add: [], drop: [] },
})

describe('每个按钮 × 每种状态 × 每种角色', () => {
  it.each(moves.flatMap(move => states.map(state => [taskFlow.moves[move].button, state, move] as const)))(
    '%s(%s)',
    (button, state, move) => {
      const twins = moves.filter(
        one => taskFlow.moves[one].button === button && taskFlow.moves[one].from.includes(state),
      )
      for (const who of everyone) {
        const task = ready(move, state)
        const before = JSON.stringify(task)
        const run = () => moved(task, pressOf(move, who), settingAt())
        if (twins.length && mayPress(button, who)) {
          const after = run()
          const ends = twins.map(twin => taskFlow.moves[twin].to ?? state)
          expect(ends, who).toContain(after.state)
          expect(after.rev, who).toBe(task.rev + 1)
        } else expect(run, who).toThrow(Refusal)
        expect(JSON.stringify(task)).toBe(before)
      }
    },
  )

  it('无权者得到说明,已办过的得知由谁何时办理', () => {
    expect(() => moved(aTask('underway'), pressOf('finish', 'GB'), settingAt())).toThrow(
      '此按钮仅限责任人或责任单位联络员使用',
    )
    const done = moved(aTask('submitted'), pressOf('approve', 'BZ'), settingAt())
    expect(() => moved(done, pressOf('approve', 'FG'), settingAt())).toThrow(/^BZ 已同意交办 · 11月24日\(周二\)09:00/)
  })

  it.each(moves.filter(move => 'asks' in taskFlow.moves[move] && taskFlow.moves[move].asks === 'reason'))(
    '%s 须填写理由',
    move => {
      const from = taskFlow.moves[move].from[0] as TaskState
      const who = MAY[taskFlow.moves[move].button]?.[0] as Who
      const task = ready(move, from)
      expect(() => moved(task, { ...pressOf(move, who), word: ' ' }, settingAt())).toThrow(/^请填写/)
    },
  )
})

describe('审批的限制', () => {
  const tell = (task: Task, move: TaskMove, who: Who) => () => moved(task, pressOf(move, who), settingAt())

  it('申请人不审批本人的申请(PERM-01)', () => {
    const byBZ = aTask('submitted', { petition: { by: 'BZ', reason: '', until: undefined } })
    expect(tell(byBZ, 'approve', 'BZ')).toThrow('本人提出的事项须由他人审批')
    expect(tell(byBZ, 'approve', 'FG')().state).toBe('assigned')
    const own = aTask('finished', { lead: 'BZ', finishedBy: 'BZ' })
    expect(tell(own, 'confirm', 'BZ')).toThrow('本人提出的事项须由他人审批')
    expect(tell(aTask('underway', { lead: 'BZ' }), 'suspend', 'BZ')().state).toBe('suspending')
  })

  it('办公室主任只批首次且不超过5个工作日的延期(A1)', () => {
    const longer = aTask('extending', { petition: { by: 'CB', reason: '复杂', until: at('2026-12-15T17:30') } })
    expect(tell(longer, 'grantExtension', 'BZ')).toThrow('须由分管领导或主要领导审批')
    expect(tell(longer, 'grantExtension', 'FG')().dueAt).toEqual(at('2026-12-15T17:30'))
    expect(tell(aTask('extending', { extensions: 1 }), 'grantExtension', 'BZ')).toThrow('再次延期')
    expect(tell(aTask('underway', { extensions: 2 }), 'extend', 'CB')).toThrow('延期最多2次')
  })

  it('领导交办的事项,撤销须经该领导同意(A2)', () => {
    const led = aTask('underway', { leader: 'FG' })
    expect(tell(led, 'annul', 'DB')().state).toBe('cancelling')
    expect(tell(led, 'annul', 'FG')().state).toBe('cancelled')
    expect(tell(aTask('cancelling', { leader: 'FG' }), 'grantAnnulment', 'BZ')).toThrow('该事项由FG交办,撤销须经其同意')
    expect(tell(aTask('cancelling', { leader: 'FG' }), 'grantAnnulment', 'FG')().state).toBe('cancelled')
  })

  it('督办员只作初审(E1),初审后才能审定;没有督办员时可直接审定', () => {
    const fresh = aTask('finished', { checkedBy: undefined })
    expect(tell(fresh, 'confirm', 'BZ')).toThrow('请先由督办员初审')
    const checked = tell(fresh, 'confirm', 'DB')()
    expect(checked).toMatchObject({ state: 'finished', checkedBy: 'DB', lastMove: 'check' })
    expect(moved(checked, pressOf('confirm', 'BZ'), settingAt()).state).toBe('closed')
    expect(moved(fresh, pressOf('confirm', 'BZ'), settingAt(NOW, { checkers: [] })).state).toBe('closed')
  })

  it('初审和审定须是两个人;没有别人可审定的除外', () => {
    const both = {
      id: 'DB',
      departments: [],
      held: ['DB', 'BZ'].map(code => ({ code, unit: undefined })),
    }
    const press = { ...pressOf('confirm', 'BZ'), by: both }
    const checked = moved(aTask('finished', { checkedBy: undefined }), { ...press, move: 'check' }, settingAt())
    expect(checked).toMatchObject({ state: 'finished', checkedBy: 'DB' })
    expect(() => moved(checked, press, settingAt())).toThrow('初审和审定须由两人分别办理')
    const alone = settingAt(NOW, { closers: [{ person: 'DB', unit: undefined }] })
    expect(moved(checked, press, alone).state).toBe('closed')
  })

  it('决定的须是所见的:状态变过的旧卡片不算数', () => {
    const again = aTask('finished', { rev: 9, stateRev: 9 })
    expect(() => moved(again, { ...pressOf('confirm', 'BZ'), seenRev: 5 }, settingAt())).toThrow('卡片已过期')
  })

  it('系统管理员即使另有角色也不参与业务', () => {
    const both = {
      id: 'BZ',
      departments: [],
      held: [
        { code: 'BZ', unit: undefined },
        { code: 'SY', unit: undefined },
      ],
    }
    expect(() => moved(aTask('submitted'), { ...pressOf('approve', 'BZ'), by: both }, settingAt())).toThrow(Refusal)
  })

  it('系统管理员即使另有角色、负责单位或代理他人,也只看到点到本人的事项', () => {
    const held = ['DB', 'KZ', 'SY'].map(code => ({ code, unit: undefined }))
    const both = { id: 'SY', departments: ['unit'], held, standsFor: [{ ...CAST.CB, name: 'CB' }] }
    expect(maySee(aTask(), both, new Map([['unit', 'SY']]))).toBe(false)
    expect(maySee(aTask('underway', { lead: 'SY' }), both, new Map())).toBe(true)
    expect(maySee(aTask(), { ...both, held: held.slice(0, 2) }, new Map())).toBe(true)
  })

  it('别的单位的督办员、科室负责人无权', () => {
    const db = { ...CAST.DB, id: 'other', held: [{ code: 'DB', unit: 'district' }] }
    const kz = { ...CAST.KZ, departments: ['elsewhere'] }
    expect(() => moved(aTask('underway'), { ...pressOf('nudge', 'DB'), by: db }, settingAt())).toThrow(Refusal)
    expect(() => moved(aTask('assigned'), { ...pressOf('accept', 'KZ'), by: kz }, settingAt())).toThrow(Refusal)
  })
})

describe('时限', () => {
  it('退回交办限于签收时限之内', () => {
    expect(() => moved(aTask('assigned'), pressOf('return', 'CB'), settingAt(at('2026-11-25T17:31')))).toThrow(
      '签收时限已过',
    )
  })

  it('到期后申请延期仍受理,但保留逾期标记(DB-10)', () => {
    const late = settingAt(at('2026-12-08T09:00'))
    const asked = moved(aTask('underway'), { ...pressOf('extend', 'CB'), until: at('2026-12-14T17:30') }, late)
    expect(asked).toMatchObject({ state: 'extending', wasLate: true })
    const inTime = moved(aTask('underway'), pressOf('extend', 'CB'), settingAt())
    expect(inTime.wasLate).toBe(false)
  })

  it('申请延期须有进展和更晚的时限', () => {
    expect(() => moved(aTask('underway', { progress: '' }), pressOf('extend', 'CB'), settingAt())).toThrow('目前进展')
    expect(() => moved(aTask(), { ...pressOf('extend', 'CB'), until: undefined }, settingAt())).toThrow('延期至何时')
    expect(() => moved(aTask(), { ...pressOf('extend', 'CB'), until: at('2026-12-07T12:00') }, settingAt())).toThrow(
      '须晚于',
    )
  })

  it('暂缓停表,恢复后时限为恢复当日加剩余工作日', () => {
    const stopped = moved(aTask(), pressOf('suspend', 'BZ'), settingAt())
    expect(stopped).toMatchObject({ state: 'suspended', workdaysLeft: 9, nextAt: undefined })
    const shown = (task: Task) =>
      JSON.stringify(
        taskCard(task, undefined, { history: [], alike: [], previous: undefined, origin: undefined }, settingAt()),
      )
    expect(shown(stopped)).toContain('已暂缓,恢复后剩9个工作日')
    const late = moved(aTask(), pressOf('suspend', 'BZ'), settingAt(at('2026-12-10T10:00')))
    expect(shown(late)).toContain('已暂缓,暂缓时已逾期3个工作日')
    const back = moved(stopped, { ...pressOf('resume', 'BZ'), seenRev: stopped.rev }, settingAt(at('2027-02-22T10:00')))
    expect(back.dueAt).toEqual(at('2027-03-05T17:30'))
  })

  it('协办时限比牵头早2个工作日,随牵头时限变动', () => {
    const given = moved(aTask('draft', { number: undefined }), pressOf('assign', 'BZ'), settingAt())
    expect(given.assists[0]?.dueAt).toEqual(at('2026-12-03T17:30'))
    const later = moved(aTask('extending', { assists: given.assists }), pressOf('grantExtension', 'BZ'), settingAt())
    expect(later.assists[0]?.dueAt).toEqual(at('2026-12-08T17:30'))
  })

  it('写明的协办时限随牵头时限移动,相隔的工作日不变;暂缓后剩余的工作日也不变', () => {
    const own = aTask('extending', { assistDueAt: at('2026-12-04T12:00') })
    const later = moved(own, pressOf('grantExtension', 'BZ'), settingAt())
    expect(later.assistDueAt).toEqual(at('2026-12-09T12:00'))
    expect(later.assists[0]?.dueAt).toEqual(at('2026-12-09T12:00'))
    const stopped = moved({ ...own, state: 'underway' }, pressOf('suspend', 'BZ'), settingAt())
    const back = moved(stopped, { ...pressOf('resume', 'BZ'), seenRev: stopped.rev }, settingAt(at('2027-02-22T10:00')))
    expect(back.assists[0]?.dueAt).toEqual(at('2027-03-04T12:00'))
  })

  it('办理中转办的,由新的承办人在新的签收时限内签收;未签收就转办的,单位的签收时限不变', () => {
    const later = settingAt(at('2026-11-30T09:00'))
    const signed = aTask('underway', { signedAt: NOW, signedBy: 'CB' })
    const anew = { state: 'assigned', lead: 'new', signedAt: undefined, signedBy: undefined }
    expect(moved(signed, pressOf('reassign', 'KZ'), later)).toMatchObject({
      ...anew,
      signDueAt: at('2026-12-01T17:30'),
    })
    expect(moved(aTask('assigned'), pressOf('reassign', 'KZ'), later).signDueAt).toEqual(at('2026-11-25T17:30'))
  })

  it('分办只添协办人,如实写明', () => {
    const shared = moved(aTask(), pressOf('divide', 'KZ'), settingAt())
    expect(shared).toMatchObject({ state: 'underway', lead: 'CB' })
    expect(shared.assists.map(one => one.person)).toEqual(['XB', 'helper'])
    expect(lastAct(shared, settingAt())).toMatch(/^KZ 已分办/)
  })

  it('未写时限的,从交办时按紧急程度起算', () => {
    const guess = aTask('draft', { number: undefined, dueByDefault: true, dueAt: at('2026-12-08T17:30') })
    const given = moved(guess, pressOf('assign', 'BZ'), settingAt(at('2026-11-26T09:00')))
    expect(given.dueAt).toEqual(at('2026-12-10T17:30'))
  })

  it.each([
    ['2026-11-24T09:00', 'top', '2026-11-24T09:30'],
    ['2026-11-24T11:00', 'urgent', '2026-11-24T15:30'],
    ['2026-11-24T15:30', 'pressing', '2026-11-25T10:30'],
    ['2026-11-27T18:00', 'normal', '2026-12-01T17:30'],
    ['2026-11-23T09:00', 'normal', '2026-11-24T17:30'],
    ['2026-09-18T17:00', 'urgent', '2026-09-20T10:00'],
  ] as const)('%s 交办的%s件签收时限为 %s', (from, urgency, until) => {
    const limits = {
      top: { minutes: 30 },
      urgent: { workingMinutes: 120 },
      pressing: { workingMinutes: 240 },
      normal: { workdays: 1 },
    }
    expect(limitFrom(at(from), limits[urgency], work)).toEqual(at(until))
  })

  it.each([
    ['top', '2026-11-25T17:30'],
    ['urgent', '2026-11-27T17:30'],
    ['pressing', '2026-11-27T17:30'],
    ['normal', '2026-12-08T17:30'],
  ] as const)('%s件的推定时限为 %s(落在休息日的提前到工作日)', (urgency, due) => {
    expect(defaultDue(NOW, urgency, work)).toEqual(at(due))
  })

  it('反馈频次按周、半月、月', () => {
    const next = (frequency: 'once' | 'weekly' | 'halfMonthly' | 'monthly') =>
      reportDue(NOW, { urgency: 'normal', frequency, first: true }, work)
    expect(next('once')).toBeUndefined()
    expect(next('weekly')).toEqual(at('2026-12-01T17:30'))
    expect(next('halfMonthly')).toEqual(at('2026-12-09T17:30'))
    expect(next('monthly')).toEqual(at('2026-12-24T17:30'))
    expect(reportDue(at('2027-01-31T09:00'), { urgency: 'normal', frequency: 'monthly', first: false }, work)).toEqual(
      at('2027-02-26T17:30'),
    )
  })
})

describe('预警灯', () => {
  const light = (task: Task, now: Date = NOW) => lightOf(task, now, work)
  it.each([
    ['拟办', aTask('draft'), NOW, 'grey'],
    ['暂缓', aTask('suspended'), at('2027-01-01T09:00'), 'grey'],
    ['撤销', aTask('cancelled'), NOW, 'grey'],
    ['没有时限', aTask('underway', { dueAt: undefined }), NOW, 'grey'],
    ['刚交办', aTask('underway'), NOW, 'green'],
    ['剩余不足20%', aTask('underway'), at('2026-12-04T09:00'), 'yellow'],
    ['剩2个工作日(9个的20%不足2)', aTask('underway'), at('2026-12-03T09:00'), 'green'],
    ['签收超时', aTask('assigned'), at('2026-11-25T17:31'), 'yellow'],
    ['反馈超时', aTask('underway', { reportDueAt: at('2026-11-26T17:30') }), at('2026-11-26T17:31'), 'yellow'],
    ['落后序时进度', aTask('underway', { percent: 10 }), at('2026-11-26T09:00'), 'yellow'],
    ['跟上序时进度', aTask('underway', { percent: 20 }), at('2026-11-26T09:00'), 'green'],
    ['逾期', aTask('underway'), at('2026-12-07T17:31'), 'red'],
    ['逾期但已申请办结', aTask('finished'), at('2026-12-08T09:00'), 'yellow'],
    ['退回重办两次', aTask('underway', { redos: 2 }), NOW, 'red'],
    ['逾期办结', aTask('closed', { finishedAt: at('2026-12-09T09:00') }), at('2026-12-10T09:00'), 'green'],
  ] as const)('%s', (_name, task, now, want) => expect(light(task, now)).toBe(want))

  it('协办逾期不使牵头变红', () => {
    const task = aTask('underway')
    const late = { ...task, assists: task.assists.map(one => ({ ...one, dueAt: at('2026-11-20T17:30') })) }
    expect(light(late)).toBe('green')
  })
})

describe('催办阶梯', () => {
  const days = (due: string) => LADDER.map(step => stepAt(step, at(due), work).toISOString().slice(0, 10))

  it('按工作日计,跳过周末', () => {
    expect(days('2026-12-07T17:30')).toEqual([
      '2026-12-02',
      '2026-12-04',
      '2026-12-07',
      '2026-12-08',
      '2026-12-10',
      '2026-12-14',
    ])
  })

  it('补班日算工作日,放假不算', () => {
    expect(days('2026-10-09T17:30')).toEqual([
      '2026-09-29',
      '2026-10-08',
      '2026-10-09',
      '2026-10-10',
      '2026-10-13',
      '2026-10-15',
    ])
  })

  it('时限落在休息日的,以前一工作日为准', () => {
    expect(days('2026-12-06T17:30').slice(0, 3)).toEqual(['2026-12-01', '2026-12-03', '2026-12-04'])
  })

  it('交办时已过的步骤跳过,错过多步只说最后一步', () => {
    const short = aTask('underway', { dueAt: at('2026-11-25T17:30') })
    expect(stepsAhead(short, work).map(step => step.name)).toEqual(['催办1', '催办2', '催办3', '升级'])
    expect(stepDue(short, at('2026-11-30T10:00'), work)?.name).toBe('催办3')
  })

  it.each(['extending', 'suspended', 'finished', 'returned', 'closed', 'draft'] as const)('%s 时不催办', state =>
    expect(stepsAhead(aTask(state), work)).toEqual([]),
  )

  it.each(['suspending', 'cancelling'] as const)('%s 时尚未同意,照常催办', state =>
    expect(stepsAhead(aTask(state), work)).toHaveLength(LADDER.length),
  )

  it('下一时刻总在以后,办结和撤销后没有', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 * 24 * 60 }), fc.constantFrom(...states), (minutes, state) => {
        const from = new Date(NOW.getTime() + minutes * 60_000)
        const next = nextInstant(aTask(state, { ladderFrom: from, percent: 30 }), work)
        return next === undefined || next > from
      }),
      { numRuns: 500 },
    )
    for (const state of ['closed', 'cancelled', 'suspended', 'draft'] as const)
      expect(nextInstant(aTask(state), work)).toBeUndefined()
  })
})

describe('立项', () => {
  it('读出来源、依据、紧急程度、频次、领导和知悉范围', () => {
    expect(
      readLabels(
        '报送总结 12月7日下班前 来源:会议议定 依据:党组会纪要 加急 反馈:每周 交办领导:张明 知悉范围:张明、李静',
      ),
    ).toMatchObject({
      text: '报送总结 12月7日下班前',
      source: 'HYYD',
      basis: '党组会纪要',
      urgency: 'pressing',
      frequency: 'weekly',
      leader: '张明',
      scope: '张明、李静',
      doubt: undefined,
    })
    expect(readLabels('写材料 来源:听说').doubt).toContain('没有“听说”这一来源')
  })

  it.each(['ZZYJ', 'LDPS'] as const)('%s 不录入内容和依据,并说明原因', source => {
    expect(() => checkWish({ ...WISH, source, content: '原文' }, [], NOW)).toThrow('不录入内容')
    expect(() => checkWish({ ...WISH, source, basis: '某文号' }, [], NOW)).toThrow('不录入内容')
    expect(checkWish({ ...WISH, source }, [], NOW).source).toBe(source)
    const change = {
      ...pressOf('change', 'BZ'),
      change: { title: undefined, content: '原文', dueAt: undefined, lead: undefined, add: [], drop: [] },
    }
    expect(() => moved(aTask('underway', { source }), change, settingAt())).toThrow('不录入内容')
  })

  it('相似的标题能看出来', () => {
    expect(likeness('报送平安建设半年总结', '报送平安建设半年工作总结')).toBeGreaterThan(0.6)
    expect(likeness('报送平安建设半年总结', '检查值班安排')).toBeLessThan(0.2)
  })

  it.each([
    '督〔2026〕12号',
    '督[2026]12号',
    '督(2026)12号',
    '督【2026】12号',
    '督〔2026〕第012号',
    '督〔2026〕12',
    '督〔2026〕12-3号',
  ])('“%s”是一个编号', text => {
    const number = readNumber(text)
    expect(number && numberText(number)).toBe('督〔2026〕12号')
  })

  it('不是编号的不当作编号', () => {
    for (const text of ['督2026', '〔2026〕12号', '督〔26〕1号', '督〔2026〕0号', '报送总结'])
      expect(readNumber(text)).toBeUndefined()
  })
})

/** A 变更 that changes nothing yet. */
const SAME = { title: undefined, content: undefined, dueAt: undefined, lead: undefined, add: [], drop: [] }

describe('变更与协办', () => {
  it('有审批权的直接变更,没有的送审;改牵头须重新签收', () => {
    const proposed = moved(aTask('underway'), pressOf('change', 'DB'), settingAt())
    expect(proposed).toMatchObject({ title: WISH.title, change: { title: '新名称', by: 'DB' } })
    expect(() => moved(proposed, { ...pressOf('grantChange', 'BZ'), seenRev: 1 }, settingAt())).toThrow('卡片已过期')
    const granted = moved(proposed, { ...pressOf('grantChange', 'BZ'), seenRev: proposed.rev }, settingAt())
    expect(granted).toMatchObject({ title: '新名称', change: undefined })
    const lead = { id: 'new', unit: 'other' }
    const handed = moved(aTask('underway'), { ...pressOf('change', 'BZ'), change: { ...SAME, lead } }, settingAt())
    expect(handed).toMatchObject({ lead: 'new', leadUnit: 'other', state: 'assigned', signedAt: undefined })
  })

  const POOL = ['a', 'b', 'c', 'd', 'e']
  const step = fc.record({
    how: fc.constantFrom('reassign' as const, 'divide' as const, 'change' as const, 'edit' as const),
    one: fc.constantFrom(...POOL),
    some: fc.subarray(POOL, { minLength: 1 }),
  })

  it('分项编号从不重复,不论怎样分办、转办、变更、改派', () => {
    const inUnit = (id: string) => ({ id, departments: ['unit'] })
    const after = (task: Task, { how, one, some }: { how: string; one: string; some: string[] }): Task => {
      const assisting = task.assists.map(line => line.person)
      const seenRev = task.rev
      const signed: Task = { ...task, state: 'underway' }
      if (how === 'edit') return { ...task, ...drawnUp(some.map(asMember), task, NOW, task) }
      if (how === 'divide')
        return moved(signed, { ...pressOf('divide', 'KZ'), seenRev, helpers: some.map(inUnit) }, settingAt())
      if (how === 'reassign')
        return one === task.lead
          ? task
          : moved(signed, { ...pressOf('reassign', 'KZ'), seenRev, to: inUnit(one), helpers: [] }, settingAt())
      const add = some.filter(id => id !== task.lead && !assisting.includes(id)).map(asMember)
      const drop = some.filter(id => assisting.includes(id))
      if (!add.length && !drop.length) return task
      return moved(signed, { ...pressOf('change', 'BZ'), seenRev, change: { ...SAME, add, drop } }, settingAt())
    }
    const asMember = (id: string) => ({ id, unit: 'unit' })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), steps => {
        let task = aTask('underway')
        for (const one of steps) {
          const before = task
          task = after(before, one)
          const fresh = task.assists.filter(line => !before.assists.some(({ person }) => person === line.person))
          expect(fresh.map(line => line.place)).toEqual(fresh.map((_, i) => before.parts + i))
          expect(task.parts).toBe(before.parts + fresh.length)
          for (const { person, place } of before.assists)
            expect([undefined, place]).toContain(task.assists.find(line => line.person === person)?.place)
        }
      }),
    )
  })

  const later = (day: string) => ({ ...SAME, dueAt: at(`${day}T17:30`) })
  const changes = (task: Task, who: Who, day: string, now = NOW) =>
    moved(task, { ...pressOf('change', who), change: later(day) }, settingAt(now))

  it('变更推迟时限的,与延期同样审批并计入延期次数(A1、DB-14)', () => {
    expect(changes(aTask(), 'BZ', '2026-12-10')).toMatchObject({ dueAt: at('2026-12-10T17:30'), extensions: 1 })
    for (const [task, day] of [
      [aTask('underway', { extensions: 1 }), '2026-12-10'],
      [aTask(), '2026-12-30'],
    ] as const) {
      const asked = changes(task, 'BZ', day)
      expect(asked).toMatchObject({ dueAt: WISH.dueAt, change: { by: 'BZ' } })
      const press = { ...pressOf('grantChange', 'FG'), seenRev: asked.rev }
      expect(moved(asked, press, settingAt())).toMatchObject({ dueAt: at(`${day}T17:30`), change: undefined })
      const byDB = { ...asked, change: { ...later(day), by: 'DB', reason: '', rev: 1 } }
      expect(() => moved(byDB, { ...press, by: CAST.BZ }, settingAt())).toThrow('须由分管领导或主要领导审批')
    }
    expect(changes(aTask('underway', { lead: 'BZ' }), 'BZ', '2026-12-10').change).toMatchObject({ by: 'BZ' })
    expect(changes(aTask('underway', { extensions: 1 }), 'BZ', '2026-12-01')).toMatchObject({ extensions: 1 })
  })

  it('到期后才变更时限的,保留逾期标记', () => {
    const after = at('2026-12-08T09:00')
    expect(changes(aTask(), 'BZ', '2026-12-10', after)).toMatchObject({ wasLate: true, extensions: 1 })
    expect(changes(aTask(), 'DB', '2026-12-10', after)).toMatchObject({ wasLate: true, extensions: 0 })
    expect(changes(aTask(), 'BZ', '2026-12-10').wasLate).toBe(false)
  })

  it('有待批的变更时,先办当前状态的审批;办结、暂缓、撤销、改派后变更作罢', () => {
    const asked = { ...later('2026-12-10'), by: 'DB', reason: '', rev: 1 }
    expect(decisionsOn(aTask('extending', { change: asked }))).toEqual(['grantExtension', 'denyExtension'])
    expect(decisionsOn(aTask('underway', { change: asked }))).toEqual(['grantChange', 'denyChange'])
    for (const [move, state] of [
      ['confirm', 'finished'],
      ['suspend', 'underway'],
      ['grantSuspension', 'suspending'],
      ['annul', 'underway'],
      ['grantAnnulment', 'cancelling'],
      ['redirect', 'returned'],
    ] as const)
      expect(moved(aTask(state, { change: asked }), pressOf(move, 'BZ'), settingAt()).change, move).toBeUndefined()
  })

  it('催办每天最多一次', () => {
    const once = moved(aTask(), pressOf('nudge', 'DB'), settingAt())
    expect(once.nudges).toBe(1)
    expect(() => moved(once, { ...pressOf('nudge', 'BZ'), seenRev: 2 }, settingAt())).toThrow('今日已催办过')
    expect(moved(once, pressOf('nudge', 'DB'), settingAt(at('2026-11-25T09:00'))).nudges).toBe(2)
  })

  it('协办人各有一行,只能办自己的', () => {
    const done = assisted(aTask(), { move: 'finish', by: 'XB', word: '已提供' }, settingAt())
    expect(done.assists[0]).toMatchObject({ state: 'finished', word: '已提供' })
    expect(done.state).toBe('underway')
    expect(() => assisted(aTask(), { move: 'finish', by: 'GB', word: 'x' }, settingAt())).toThrow(
      '此按钮仅限协办人使用',
    )
    expect(() => assisted(aTask('closed'), { move: 'finish', by: 'XB', word: 'x' }, settingAt())).toThrow(Refusal)
    expect(() => assisted(aTask(), { move: 'finish', by: 'XB', word: ' ' }, settingAt())).toThrow('请填写完成的内容')
  })
})

describe('知悉范围', () => {
  it('设定后只有参与者和列名者可见', () => {
    const open = aTask()
    const closed = aTask('underway', { scope: ['GB'] })
    const sees = (task: Task) => everyone.filter(who => maySee(task, CAST[who], new Map()))
    expect(sees(open)).toEqual(['LD', 'FG', 'BZ', 'DB', 'KZ', 'QX', 'CB', 'XB'])
    expect(sees(closed)).toEqual(['BZ', 'DB', 'CB', 'XB', 'GB'])
  })
})

describe('回复即办理', () => {
  it.each([
    ['收到', aTask('assigned'), 'accept', ''],
    ['收到,马上办', aTask('assigned'), 'accept', '马上办'],
    ['收到,已联系各区', aTask(), 'update', '收到,已联系各区'],
    ['同意', aTask('submitted'), 'approve', ''],
    ['同意', aTask('extending'), 'grantExtension', ''],
    ['不同意 请按期完成', aTask('extending'), 'denyExtension', '请按期完成'],
    ['退回 不属本单位职责', aTask('assigned'), 'return', '不属本单位职责'],
    ['退回:缺少附件', aTask('finished'), 'redo', '缺少附件'],
    ['已完成 总结已报', aTask(), 'finish', '总结已报'],
    ['申请办结,总结已报', aTask(), 'finish', '总结已报'],
    ['知道了', aTask('closed'), 'acknowledge', ''],
    ['收到了三个区的材料', aTask(), 'update', '收到了三个区的材料'],
    ['完成了一半', aTask(), 'update', '完成了一半'],
  ] as const)('“%s”', (said, task, move, word) => {
    expect(moveInWords(said, task, undefined)).toEqual({ kind: 'move', move, word })
  })
})

it('协办人未签收时回复“收到”并附言,即签收', () => {
  const said = (line: 'assigned' | 'underway') => moveInWords('收到,明天提供', aTask(), line)
  expect(said('assigned')).toEqual({ kind: 'assist', move: 'accept', word: '明天提供' })
  expect(said('underway')).toEqual({ kind: 'assist', move: 'update', word: '收到,明天提供' })
})

describe('统计', () => {
  const period = { from: at('2026-11-01T00:00'), until: at('2026-12-31T00:00') }
  it('按口径计数', () => {
    const tasks = [
      aTask('closed', { signedAt: NOW }),
      aTask('closed', { finishedAt: at('2026-12-09T09:00'), closedAt: at('2026-12-09T10:00'), redos: 1 }),
      aTask('underway'),
      aTask('suspended'),
    ]
    expect(totalOf(tasks, period, { work })).toMatchObject({
      all: 4,
      closed: 2,
      suspended: 1,
      due: 3,
      closedInTime: 1,
      lateOpen: 1,
      signedInTime: 1,
      closedAtOnce: 1,
    })
  })

  it.each([
    [
      '到期后才申请办结的,期末仍是逾期未办结',
      {},
      '2026-12-20',
      '2026-12-21',
      { due: 1, closed: 0, closedInTime: 0, lateOpen: 1 },
    ],
    [
      '期末已申请办结而期后获同意的,按时',
      {},
      '2026-12-07',
      '2027-01-04',
      { due: 1, closed: 0, closedInTime: 1, lateOpen: 0 },
    ],
    [
      '到期前的月份里已办结的,计入到期件而不计入应办件',
      {},
      '2026-11-25',
      '2026-11-26',
      { all: 0, due: 1, closed: 0, closedInTime: 1 },
    ],
    [
      '到期后申请过延期的,不算按时(DB-10)',
      { wasLate: true },
      '2026-12-07',
      '2026-12-08',
      { due: 1, closed: 1, closedInTime: 0 },
    ],
  ] as const)('往期:%s', (_, some, finished, closed, want) => {
    const december = { from: at('2026-12-01T00:00'), until: at('2026-12-20T00:00') }
    const task = aTask('closed', { ...some, finishedAt: at(`${finished}T09:00`), closedAt: at(`${closed}T10:00`) })
    expect(totalOf([task], december, { work })).toMatchObject(want)
  })

  it('期后才暂缓的,期末不算暂缓', () => {
    const december = { from: at('2026-12-01T00:00'), until: at('2026-12-20T00:00') }
    const paused = (day: string) =>
      totalOf([aTask('suspended', { suspendedAt: at(`${day}T09:00`) })], december, { work })
    expect(paused('2026-12-21')).toMatchObject({ suspended: 0, due: 1, lateOpen: 1 })
    expect(paused('2026-12-19')).toMatchObject({ suspended: 1, due: 0, lateOpen: 0 })
  })

  it('分母为零显示横线,比率旁有件数', () => {
    expect(rate(0, 0)).toBe('—(0/0)')
    expect(rate(27, 32)).toBe('84.4%(27/32)')
  })
})

describe('台账的页', () => {
  const rows = Array.from({ length: 10 }, (_, i) => aTask('underway', { id: 50 - i }))
  const shown = (total: number, page: number, some = rows) =>
    JSON.stringify(ledgerCard(some, total, { ...readView({}, {}), page }, [], settingAt()))

  it.each([
    ['只有一页', 10, 0, rows, ['督办台账 · 10项', '第1页,共1页'], ['下一页', '上一页']],
    ['第一页', 11, 0, rows, ['共2页', '下一页', '"before":41'], ['上一页']],
    ['最后一页', 11, 1, rows.slice(0, 1), ['第2页,共2页', '上一页', '"after":50'], ['下一页']],
    ['数到一千为止', 1_000, 3, rows, ['督办台账 · 1000项"', '第4页,共100页', '下一页', '上一页'], []],
    ['再多就不再数', 1_001, 300, rows, ['督办台账 · 1000项以上', '第301页"', '下一页'], ['共']],
    ['数不完的最后一页', 1_001, 300, rows.slice(1), ['上一页'], ['下一页']],
  ] as const)('%s', (_, total, page, some, has, hasNot) => {
    const card = shown(total, page, [...some])
    for (const words of has) expect(card).toContain(words)
    for (const words of hasNot) expect(card).not.toContain(words)
  })
})

describe('移交', () => {
  const person = (id: Who) => ({
    id,
    name: id,
    departments: [...CAST[id].departments],
    leader: undefined,
    active: true,
  })
  const givenOut: TaskState[] = ['underway', 'extending', 'finished', 'suspending', 'suspended', 'cancelling']

  it.each(givenOut)('%s:原牵头人签收过的、在知悉范围内的,移交后不再看到;接手人看到', state => {
    const task = { ...aTask(state), lead: 'CB', signedBy: 'CB', scope: ['CB', 'XB'] }
    const after = handedOver(task, { from: person('CB'), to: person('GB'), by: 'KZ' }, settingAt())
    expect(maySee(after, CAST.CB, new Map())).toBe(false)
    expect(maySee(after, CAST.GB, new Map())).toBe(true)
    expect(after.scope).toEqual(['GB', 'XB'])
    // whoever signed in their place still may
    const signed = handedOver(
      { ...task, signedBy: 'GB' },
      { from: person('CB'), to: person('XB'), by: 'KZ' },
      settingAt(),
    )
    expect(maySee(signed, CAST.GB, new Map())).toBe(state !== 'underway')
  })
})
