import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTask } from '../db/task.ts'
import { takeNumber } from '../db/task-number.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { type Cast, openCast } from './harness/cast.ts'
import { hasPostgres } from './harness/databases.ts'
import type { Seen, TestPerson } from './harness/office.ts'
import { aTask } from './harness/task.ts'
import { count, rows, until } from './harness/traces.ts'

/** The buttons of one card on another that somebody has been sent themselves. */
async function own(person: TestPerson, seen: Seen): Promise<Seen> {
  await person.says('/帮助')
  return { ...seen, message_id: (await person.seesCard()).message_id }
}

describe.runIf(hasPostgres)('督办的并发 on Postgres', () => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openCast({ kind: 'Postgres' })
  })
  afterAll(() => cast.office.close())

  it('五十件同时交办,编号连续不重复;失败的不占号', async () => {
    const { li, chen, office } = cast
    const { db } = office.database
    await db
      .transaction(async tx => {
        await takeNumber(tx, '', '督', 2026)
        throw new Refusal('undone')
      })
      .catch(() => undefined)
    const drafts = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        openTask(db, {
          ...aTask('draft'),
          title: `事项${i}`,
          maker: li.id,
          lead: chen.id,
          assists: [],
          number: undefined,
        }),
      ),
    )
    await li.says('/督办 @陈晨 样本 12月8日下班前')
    const sample = await li.seesCard()
    const button = sample.card.buttons.find(one => one.label === '交办')
    if (!button) throw new Error('no button')
    await Promise.all(
      drafts.map(({ id }) => li.clicks(sample.message_id, { ...button, value: { ...button.value, id, rev: 1 } })),
    )
    await until(async () => (await count(db, `tasks where state = 'assigned'`)) === 50, 60_000)
    await office.settled()
    const given = await rows<{ n: number }>(
      db,
      'select number_seq as n from tasks where number_seq is not null order by 1',
    )
    expect(given.map(({ n }) => Number(n))).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
  })

  it('两人同时审批,一人办成,另一人得知由谁何时办理', async () => {
    const { wang, li, zhang, office } = cast
    await wang.says('/督办 @陈晨 同批一件 12月8日下班前')
    await wang.presses('送审')
    const seen = await li.seesCard()
    const button = seen.card.buttons.find(one => one.label === '同意交办')
    if (!button) throw new Error('no button')
    const before = await count(office.database.db, 'task_numbers')
    const both = await Promise.all([
      li.clicks(seen.message_id, button),
      zhang.forges('同意交办', await own(zhang, seen)),
    ])
    await office.settled()
    const words = both.map(answer => String(answer.toast?.content)).sort()
    expect(words.filter(word => word === '已同意交办')).toHaveLength(1)
    expect(words.filter(word => /^(李静|张明) 已同意交办 · 11月24日\(周二\)09:0/.test(word))).toHaveLength(1)
    expect(await count(office.database.db, 'task_numbers')).toBe(before)
    const id = String(button.value.id)
    expect(
      await count(
        office.database.db,
        `events where feature = 'task' and matter = '${id}' and act = 'approve' and outcome = 'ok'`,
      ),
    ).toBe(1)
  })

  it('领导和代理人同时审批,一人办成,另一人得知是谁;批量拟办同时按两次,只拟办一次', async () => {
    const { wang, zhang, feng, office } = cast
    await zhang.says('/角色 代理 @冯军 11月24日至11月27日')
    await wang.says('/督办 @陈晨 代批一件 12月8日下班前')
    await wang.presses('送审')
    const seen = await cast.li.seesCard()
    const [hers, his] = [await own(feng, seen), await own(zhang, seen)]
    const both = await Promise.all([feng.forges('同意交办', hers), zhang.forges('同意交办', his)])
    const words = both.map(answer => String(answer.toast?.content))
    expect(words.filter(word => word === '已同意交办')).toHaveLength(1)
    expect(
      words.filter(word => /^(冯军 代 张明 同意交办|张明 已同意交办) · 11月24日\(周二\)09:0/.test(word)),
    ).toHaveLength(1)

    await wang.says('/督办\n1. @陈晨 甲事项 12月7日下班前\n2. @曹颖 乙事项 12月8日下班前')
    const batch = await wang.seesCard()
    const before = await count(office.database.db, 'tasks')
    const twice = await Promise.all([wang.forges('全部拟办(2项)', batch), wang.forges('全部拟办(2项)', batch)])
    expect(twice.map(answer => answer.toast?.type).sort()).toEqual(['info', 'success'])
    expect(await count(office.database.db, 'tasks')).toBe(before + 2)
  })

  it('两次同时设代理,只成一次', async () => {
    const { li, office } = cast
    await Promise.all([li.says('/角色 代理 @陈晨 12月1日至12月4日'), li.says('/角色 代理 @冯军 12月2日至12月5日')])
    expect(await count(office.database.db, `deputies where principal = '${li.id}' and ended_at is null`)).toBe(1)
  })
})
