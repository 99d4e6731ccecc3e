import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTask } from '../db/task.ts'
import type { ClickAnswer } from '../simulator/protocol.ts'
import { type TaskMove, type TaskState, taskFlow } from '../src/office/task/flow.ts'
import type { Task } from '../src/office/task/task.ts'
import { type Cast, openCast } from './harness/cast.ts'
import type { TestPerson } from './harness/office.ts'
import { MAY, ready, type Who } from './harness/task.ts'
import { rows } from './harness/traces.ts'

const moves = Object.keys(taskFlow.moves) as TaskMove[]
const states = Object.keys(taskFlow.states) as TaskState[]

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
        const { id } = await openTask(cast.office.database.db, real(ready(move, state)))
        ids.set(`${state} ${move === 'grantChange'}`, id)
      }
  })
  afterAll(() => cast.office.close())

  /** The rules' example with people of this office. */
  function real(task: Task): Task {
    const { wang, li, chen, cao } = cast
    const person = (id: string | undefined) => ({ DB: wang.id, BZ: li.id, CB: chen.id, XB: cao.id })[id ?? ''] ?? id
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
      change: task.change && { ...task.change, by: wang.id },
      assists: task.assists.map(one => ({ ...one, person: cao.id })),
    }
  }

  const presses = (person: TestPerson, move: TaskMove, id: number): Promise<ClickAnswer> =>
    cast.office.send('POST', '/sim/raw-click', {
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
          to: cast.cao.id,
        },
      },
    })

  const kept = () => rows(cast.office.database.db, 'select t::text from tasks t order by id')

  it.each(moves)('%s', async move => {
    const { button } = taskFlow.moves[move]
    const changing = move === 'grantChange' || move === 'denyChange'
    const before = await kept()
    for (const state of states) {
      const open = moves.some(
        twin => taskFlow.moves[twin].button === button && taskFlow.moves[twin].from.includes(state),
      )
      for (const [who, person] of actors) {
        if (open && (MAY[button]?.includes(who) || (who === 'DB' && button === '同意办结'))) continue
        const answer = await presses(person, move, ids.get(`${state} ${changing}`) ?? 0)
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
