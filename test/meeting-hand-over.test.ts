import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { openMeetingCast } from './harness/meeting-cast.ts'
import type { Seen, TestPerson } from './harness/office.ts'
import { rows } from './harness/traces.ts'

describe.each(kinds)('会议的移交 on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openMeetingCast({ kind, now: '2026-11-24T09:00:00+08:00' })
  }, 180_000)
  afterAll(() => cast.office.close())

  const cardOf = async (person: TestPerson, title: string): Promise<Seen> => {
    const found = (await person.messages()).filter(one => one.card?.title.startsWith(title)).at(-1)
    if (!found) throw new Error(`${person.name} has no card ${title}`)
    return found
  }
  const makersOf = (title: string) =>
    rows<{ maker: string }>(cast.office.database.db, `select maker from meetings where title = '${title}'`)

  it('待审批的不移交给其审批人,仍列在名下;移交他人的照常审批', async () => {
    const { li, cao, chen, feng } = cast
    await cao.says('/会议 12月7日14:30-15:30 五楼会议室 研判会 @陈晨')
    await cao.presses('送审', { on: await cardOf(cao, '会议 · 拟定') })
    const asked = await cardOf(li, '会议 · 待审批')
    await li.says('/角色 移交 @曹颖 @李静')
    const { toast } = await li.presses('移交', { form: { to: li.id, names: '', of: 'meeting' } })
    expect(toast?.content).toBe('没有可以移交的事项')
    expect((await li.seesCard()).words).toMatch(/仍在其名下,须另行办理:[\s\S]*会议 研判会/)
    expect(await makersOf('研判会')).toEqual([{ maker: cao.id }])
    await li.says('/角色 移交 @曹颖 @冯军')
    await li.presses('移交', { form: { to: feng.id, names: '', of: 'meeting' } })
    expect(await makersOf('研判会')).toEqual([{ maker: feng.id }])
    await li.presses('同意', { on: asked })
    expect((await chen.messages()).some(({ words }) => words.includes('研判会'))).toBe(true)
    // it is out, and whoever had agreed to it may look after it
    await li.says('/角色 移交 @冯军 @李静')
    await li.presses('移交', { form: { to: li.id, names: '', of: 'meeting' } })
    expect(await makersOf('研判会')).toEqual([{ maker: li.id }])
  })
})
