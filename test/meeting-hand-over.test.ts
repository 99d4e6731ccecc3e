import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { cardTitled, openMeetingCast } from './harness/meeting-cast.ts'
import { rows } from './harness/traces.ts'

describe.each(kinds)('会议的移交 on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openMeetingCast({ kind, now: '2026-11-24T09:00:00+08:00' })
  }, 180_000)
  afterAll(() => cast.office.close())

  const makersOf = (title: string) =>
    rows<{ maker: string }>(cast.office.database.db, `select maker from meetings where title = '${title}'`)

  it('待审批的不移交给其审批人,仍列在名下;移交他人的照常审批', async () => {
    const { li, cao, chen, feng } = cast
    await cao.says('/会议 12月7日14:30-15:30 五楼会议室 研判会 @陈晨')
    await cao.presses('送审', { on: await cardTitled(cao, '会议 · 拟定') })
    const asked = await cardTitled(li, '会议 · 待审批')
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

  it('调岗而在职的仍受邀参会,只有离任的移出名单', async () => {
    const { office, li, cao, feng, chen } = cast
    const invited = () =>
      rows<{ state: string }>(
        office.database.db,
        `select i.state from invitations i join meetings m on m.id = i.meeting where m.title = '培训会' and i.person = '${feng.id}'`,
      )
    await li.says('/会议 12月8日14:30-15:30 五楼会议室 培训会 @冯军')
    await li.presses('发布', { on: await cardTitled(li, '会议 · 拟定') })
    await feng.presses('参加', { on: await cardTitled(feng, '会议通知') })
    await li.says('/角色 移交 @冯军 @陈晨')
    expect((await li.seesCard()).words).toContain('冯军名下没有未办结事项')
    await feng.says('/会议 12月9日14:30-15:30 三楼会议室 通气会 @陈晨')
    await li.says('/角色 移交 @冯军 @陈晨')
    const form = await li.seesCard()
    expect(form.words).toContain('会议 通气会')
    expect(form.words).not.toContain('参会')
    await li.presses('移交', { form: { to: chen.id, names: '', of: 'meeting' } })
    expect((await li.seesCard()).words).toContain('冯军名下事项已移交陈晨:会议1项')
    expect(await invited()).toEqual([{ state: 'attending' }])
    await office.send('PATCH', `/sim/people/${feng.id}`, { is_resigned: true })
    await office.settled()
    await li.says('/角色 移交 @冯军 @曹颖')
    expect((await li.seesCard()).words).toContain('参会(移交时移出名单) 培训会')
    await li.presses('移交', { form: { to: cao.id, names: '', of: 'meeting' } })
    expect(await invited()).toEqual([])
  })
})

describe.each(kinds)('主持他人定期会议的移交 on %s', kind => {
  it('列明须另定主持,不移交;终止后不再列出', async () => {
    const { office, li, zhang, zhou } = await openMeetingCast({ kind, now: '2026-11-24T09:00:00+08:00' })
    await li.says('/会议 每周一9:00-10:00 三楼会议室 调度例会 @陈晨 三类会议')
    const draft = (await li.messages()).filter(one => one.card?.title.startsWith('会议 · 拟定')).at(-1)
    if (!draft) throw new Error('there is no draft')
    await li.presses('发布', { on: draft })
    await rows(office.database.db, `update meetings set presider = '${zhang.id}', convener = '${zhang.id}'`)
    await office.moveTo('2026-11-30T12:00:00+08:00')
    await office.settled()
    await li.says('/角色 移交 @张明 @周正')
    expect((await li.seesCard()).words).toMatch(/会议 1项[\s\S]*主持或召集的定期会议\(须另设\) 调度例会/)
    const { toast } = await li.presses('移交', { form: { to: zhou.id, names: '', of: 'meeting' } })
    expect(toast?.content).toBe('没有可以移交的事项')
    expect(await rows(office.database.db, 'select presider, convener from meetings')).toEqual([
      { presider: zhang.id, convener: zhang.id },
    ])
    await li.says('/会议 定期')
    await li.presses('查看')
    await li.presses('终止')
    await li.says('/角色 移交 @张明 @周正')
    expect((await li.seesCard()).words).toContain('张明名下没有未办结事项')
    await office.close()
  })
})
