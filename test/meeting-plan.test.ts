import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getMeeting, meetings } from '../db/meeting.ts'
import { outbox } from '../db/outbox.ts'
import { shanghai } from './harness/cars.ts'
import type { Cast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { openMeetingCast } from './harness/meeting-cast.ts'
import { clicks, meetingsIn } from './harness/meetings.ts'

/** Friday; it is Tuesday, 24 November 2026, 09:00. */
const LINE = '11月27日(周五)14:30-16:00 三楼会议室 安全生产例会'
const SECRET = '请按涉密会议管理要求线下组织'

describe.each(kinds)('会议 on %s: 发出之前', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openMeetingCast({ kind })
  })
  afterAll(() => cast.office.close())
  const db = () => cast.office.database.db
  const last = async () =>
    getMeeting(db(), Math.max(...(await db().select({ id: meetings.id }).from(meetings)).map(({ id }) => id)))

  it.each([
    ['11月27日14:30-16:00 三楼会议室 涉密工作会议 @王强', SECRET],
    // without a time a form would be shown, with what was said in it
    ['涉密会议', SECRET],
    ['11月27日14:30-16:00 三楼会议室 例会 @王强 议题:1.传达机密文件', '检测到疑似涉密或不宜公开内容'],
  ])('涉密会议一句也不留:%s', async (line, words) => {
    const { cao } = cast
    await cao.says(`/会议 ${line}`)
    const told = await cao.sees()
    expect(told.words).toContain(words)
    expect(await db().select({ id: meetings.id }).from(meetings)).toEqual([])
    const left = JSON.stringify((await db().select({ parcel: outbox.parcel }).from(outbox)).map(({ parcel }) => parcel))
    for (const said of ['涉密工作会议', '机密文件']) expect(left).not.toContain(said)
  })

  it('保密工作会议照常拟定,没有冲突也写明', async () => {
    const { cao } = cast
    await cao.says('/会议 11月26日9:00-10:00 五楼会议室 保密工作会议 @王强')
    const { words } = await cao.seesCard()
    expect(words).toContain('会议 · 拟定')
    expect(words).toContain('精文减会 本周尚无全体会议;无日程冲突')
    expect(words).not.toContain('时间冲突')
  })

  it('冲突的人、占用的会议室和可改的时间都在草稿上,一按即改', async () => {
    const { cao, office } = cast
    const wang = office.person('王强')
    const { meeting, ask } = meetingsIn(db())
    const other = await meeting(cao.id, {
      ...{ title: '不应外泄的会议名称', startsAt: shanghai('2026-11-27T15:30'), endsAt: shanghai('2026-11-27T17:30') },
      ...{
        presider: office.person('张明').id,
        convener: office.person('张明').id,
        kind: 'superior',
        place: '市委大礼堂',
      },
    })
    await ask(other, { person: wang.id })
    await cao.says(`/会议 ${LINE} @王强`)
    const card = await cao.seesCard()
    expect(card.words).toContain('精文减会 本周已有1个全体会议;与1人日程冲突')
    expect(card.words).toContain('王强:11月27日(周五)15:30-17:30 会议会〔2026〕31号(上级会议优先)')
    expect(card.words).not.toContain('不应外泄')
    const draft = await last()
    const label = '改为11月30日(周一)08:30-10:00 三楼会议室'
    const button = card.card.buttons.find(one => one.label === label)
    expect(button).toBeDefined()

    const slot = { id: draft.id, rev: draft.rev, from: shanghai('2026-11-30T08:30').getTime() }
    const until = shanghai('2026-11-30T10:00').getTime()
    await wang.says('/帮助')
    expect(await clicks(office, wang, 'takeSlot', { ...slot, until, room: 1 })).toBe('未找到该会议')
    expect(await clicks(office, cao, 'takeSlot', { ...slot, until: until + 1, room: 1 })).toContain('不再空闲')
    expect(await clicks(office, cao, 'takeSlot', { ...slot, until, room: 2 })).toContain('不再空闲')
    expect(await clicks(office, cao, 'takeSlot', { ...slot, rev: draft.rev - 1, until, room: 1 })).toContain(
      '卡片已过期',
    )
    expect((await last()).startsAt).toEqual(shanghai('2026-11-27T14:30'))

    expect((await cao.presses(label, { on: card })).toast?.content).toBe('已调整时间,请核对后发出')
    expect(await last()).toMatchObject({
      startsAt: shanghai('2026-11-30T08:30'),
      endsAt: shanghai('2026-11-30T10:00'),
      room: 1,
    })
    const redrawn = await cao.seesCard()
    expect(redrawn.words).toContain('下周尚无全体会议;无日程冲突')
    // the same press once more
    expect((await cao.presses(label, { on: card })).toast?.content).toContain('卡片已过期')
  })
})
