import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openTask } from '../db/task.ts'
import type { ClickAnswer } from '../simulator/protocol.ts'
import { type TaskMove, type TaskState, taskFlow } from '../src/office/task/flow.ts'
import type { Task } from '../src/office/task/task.ts'
import { type Cast, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import type { TestPerson } from './harness/office.ts'
import { MAY, ready, type Who } from './harness/task.ts'
import { rows } from './harness/traces.ts'

const moves = Object.keys(taskFlow.moves) as TaskMove[]
const states = Object.keys(taskFlow.states) as TaskState[]

/** The rules' example with people of an office. */
function real({ wang, li, chen, cao }: Cast, task: Task): Task {
  const people: Record<string, string> = { DB: wang.id, BZ: li.id, CB: chen.id, XB: cao.id }
  const person = (id: string | undefined) => people[id ?? ''] ?? id
  return {
    ...task,
    number: undefined,
    maker: wang.id,
    lead: chen.id,
    leadUnit: '',
    movedBy: wang.id,
    givenBy: person(task.givenBy),
    finishedBy: person(task.finishedBy),
    checkedBy: person(task.checkedBy),
    petition: task.petition && { ...task.petition, by: person(task.petition.by) ?? '' },
    change: task.change && { ...task.change, by: person(task.change.by) ?? '' },
    assists: task.assists.map(one => ({ ...one, person: cao.id })),
  }
}

/** What a client would send that had the button before it; not so fast that it is the measure that refuses it. */
const presses = (
  { office, cao }: Cast,
  message: string,
  person: TestPerson,
  move: TaskMove,
  id: number,
): Promise<ClickAnswer> => {
  vi.spyOn(office.bot.house.office.throttle, 'weigh').mockReturnValue('fine')
  return office.send('POST', '/sim/raw-click', {
    as: person.id,
    message_id: message,
    action: {
      tag: 'button',
      name: 'forged',
      value: { action: `task.${move}`, id, rev: 99, asked: 1 },
      form_value: {
        word_own: '理由',
        word_office: '理由',
        title: '新名称',
        until: '12月10日下班前',
        to: cao.id,
      },
    },
  })
}

const isFrom = (button: string, state: TaskState): boolean =>
  moves.some(twin => taskFlow.moves[twin].button === button && taskFlow.moves[twin].from.includes(state))

/** Presses that nobody was offered, as an attacker would send them: each is refused in words and changes nothing. */
describe('督办的按钮,无权或不合时宜地按下', () => {
  let cast: Cast
  let message: string
  let actors: Array<[Who, TestPerson]>
  const ids = new Map<string, number>()
  beforeAll(async () => {
    cast = await openCast()
    const { wang, chen, cao } = cast
    actors = [
      ['DB', wang],
      ['CB', chen],
      ['XB', cao],
    ]
    await wang.says('/督办 @陈晨 样本 12月8日下班前')
    message = (await wang.seesCard()).message_id
    for (const state of states)
      for (const move of ['accept', 'grantChange'] as const) {
        const { id } = await openTask(cast.office.database.db, real(cast, ready(move, state)))
        ids.set(`${state} ${move === 'grantChange'}`, id)
      }
  })
  afterAll(() => cast.office.close())

  const kept = () => rows(cast.office.database.db, 'select t::text from tasks t order by id')

  it.each(moves)('%s', async move => {
    const { button } = taskFlow.moves[move]
    const changing = move === 'grantChange' || move === 'denyChange'
    const before = await kept()
    for (const state of states) {
      const open = isFrom(button, state)
      for (const [who, person] of actors) {
        if (open && (MAY[button]?.includes(who) || (who === 'DB' && button === '同意办结'))) continue
        const answer = await presses(cast, message, person, move, ids.get(`${state} ${changing}`) ?? 0)
        expect(answer.toast?.type, `${who} ${state} ${answer.toast?.content}`).toMatch(/^(error|info)$/)
        // 再交办 asks first who may put a matter on file
        const hidden = who !== 'DB' && move !== 'again' && ['draft', 'submitted', 'cancelled'].includes(state)
        expect(answer.toast?.content, `${who} ${state}`).toMatch(
          hidden ? /^未找到该督办事项$/ : /仅限|须|请|不能|过期|王强 已拟办/,
        )
      }
    }
    await cast.office.settled()
    expect(await kept()).toEqual(before)
  })
})

/** From 25 to 27 November 褚燕, who holds no role, acts in the place of 李静 (办公室主任). */
describe.each(kinds)('办公室主任的代理人按下每个按钮 on %s', kind => {
  let cast: Cast
  let chu: TestPerson
  let message: string
  beforeAll(async () => {
    cast = await openCast({ kind })
    chu = cast.office.person('褚燕')
    await cast.li.says('/角色 代理 @褚燕 11月25日至11月27日')
    await chu.says('/帮助')
    message = (await chu.seesCard()).message_id
  })
  afterAll(() => cast.office.close())

  type Samples = (move: TaskMove, state: TaskState) => number

  /** One task in each state, and one with a 变更 that waits for consent. */
  async function samples(some: Partial<Task> = {}): Promise<Samples> {
    const ids = new Map<string, number>()
    for (const state of states)
      for (const move of ['accept', 'grantChange'] as const)
        ids.set(`${state} ${move}`, await sample(move, state, some))
    const changing = (move: TaskMove) => move === 'grantChange' || move === 'denyChange'
    return (move, state) => ids.get(`${state} ${changing(move) ? 'grantChange' : 'accept'}`) ?? 0
  }

  const sample = async (move: TaskMove, state: TaskState, some: Partial<Task> = {}): Promise<number> =>
    (await openTask(cast.office.database.db, { ...real(cast, ready(move, state)), ...some })).id

  const press = (person: TestPerson, move: TaskMove, id: number) => presses(cast, message, person, move, id)
  const kept = () => rows(cast.office.database.db, 'select t::text from tasks t order by id')

  /** Presses that are answered in words and change nothing. */
  async function refused(
    attempts: Array<[person: TestPerson, move: TaskMove, id: number]>,
    why: RegExp,
  ): Promise<void> {
    const before = await kept()
    for (const [person, move, id] of attempts) {
      const { toast } = await press(person, move, id)
      expect(toast?.type, `${person.name} ${move} ${toast?.content}`).toMatch(/^(error|info)$/)
      expect(toast?.content, `${person.name} ${move}`).toMatch(why)
    }
    expect(await kept()).toEqual(before)
  }

  const OUTSIDE = /仅限|未找到该督办事项|须|不能/
  const onesOpen = moves.flatMap(move =>
    MAY[taskFlow.moves[move].button]?.includes('BZ')
      ? taskFlow.moves[move].from.map(state => [move, state] as const)
      : [],
  )
  const allOpen = (of: Samples) =>
    onesOpen.map(([move, state]): [TestPerson, TaskMove, number] => [chu, move, of(move, state)])
  let plain: Samples

  it('代理期间未到,什么也不能办', async () => {
    plain = await samples()
    await refused(allOpen(plain), OUTSIDE)
  })

  it('代理期间:主任能办的都能办,并记为代办', async () => {
    await cast.office.moveTo('2026-11-25T09:00:00+08:00')
    for (const [move, state] of onesOpen) {
      const id = await sample(move, state)
      expect((await press(chu, move, id)).toast, `${move} ${state}`).toMatchObject({ type: 'success' })
      const [row] = await rows(cast.office.database.db, `select moved_by, moved_for from tasks where id = ${id}`)
      // 再交办 opens a form and moves nothing
      if (move !== 'again') expect(row, `${move} ${state}`).toMatchObject({ moved_by: chu.id, moved_for: cast.li.id })
    }
  })

  it.each(moves)('代理期间:主任不能办的也不能办(%s)', async move => {
    const { button } = taskFlow.moves[move]
    const closed = states.filter(state => !(MAY[button]?.includes('BZ') && isFrom(button, state)))
    await refused(
      closed.map(state => [chu, move, plain(move, state)]),
      /./,
    )
  })

  it.each([
    ['approve', 'submitted'],
    ['grantExtension', 'extending'],
    ['grantSuspension', 'suspending'],
    ['grantAnnulment', 'cancelling'],
    ['confirm', 'finished'],
    ['grantChange', 'underway'],
  ] as const)('%s:本人、被代理人和代为提出的,代理人和被代理人都不能批', async (move, state) => {
    const { li } = cast
    const askedBy = (by: string, inPlaceOf?: string): Promise<number> => {
      const { petition, change } = real(cast, ready(move, state))
      return sample(move, state, {
        petition: petition && { ...petition, by, inPlaceOf },
        change: change && { ...change, by, inPlaceOf },
        ...(state === 'finished' ? { finishedBy: by, finishedFor: inPlaceOf } : {}),
      })
    }
    const ours = await askedBy(chu.id, li.id)
    await refused(
      [
        [chu, move, await askedBy(chu.id)],
        [chu, move, await askedBy(li.id)],
        [chu, move, ours],
        [li, move, ours],
      ],
      /本人提出的事项须由他人审批/,
    )
  })

  it('有知悉范围的,代理人看不到也办不了', async () => {
    await refused(allOpen(await samples({ scope: [cast.chen.id] })), OUTSIDE)
  })

  it('代理期满,什么也不能办', async () => {
    await cast.office.moveTo('2026-11-28T09:00:00+08:00')
    await refused(allOpen(plain), OUTSIDE)
  })
})
