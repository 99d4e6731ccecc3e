import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kinds } from './harness/databases.ts'
import { filesOf } from './harness/files.ts'
import { clicks, meetingsIn, showMatter } from './harness/meetings.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { multiply, rows } from './harness/traces.ts'

const OFFICE = 'od-3966f0940e95f74626eab9e9d7074b0f'

describe.each(kinds)('会议签到 on %s', kind => {
  let office: TestOffice
  let put: ReturnType<typeof meetingsIn>
  const who = (name: string): TestPerson => office.person(name)
  beforeAll(async () => {
    office = await TestOffice.open({ kind, now: '2026-11-27T09:00:00+08:00' })
    await who('刘芳').says('/角色 @赵敏 会务员')
    put = meetingsIn(office.database.db)
  })
  afterAll(() => office.close())

  const at = (clock: string) => office.clock.set(new Date(`2026-11-27T${clock}:00+08:00`))
  const stateOf = async (id: number) =>
    (await rows<{ state: string }>(office.database.db, `select state from invitations where id = ${id}`))[0]?.state
  const meetingOf = (also: Parameters<typeof put.meeting>[1] = {}) =>
    put.meeting(who('赵敏').id, { numberSeq: null, numberYear: null, unit: OFFICE, ...also })

  it('会前30分钟起至结束可签到,发送 会议 签到 或按卡片上的按钮,签到后回执不再变', async () => {
    const meeting = await meetingOf()
    const id = await put.ask(meeting, { person: who('陈晨').id })
    const chen = who('陈晨')
    at('13:59')
    await chen.says('/会议 签到')
    expect((await chen.sees()).words).toContain('签到时间为')
    expect(await stateOf(id)).toBe('pending')
    at('14:00')
    await chen.says('/会议 签到')
    expect((await chen.sees()).words).toBe('安全生产例会:已签到 14:00')
    expect(await stateOf(id)).toBe('present')
    await chen.says('/会议 签到')
    expect((await chen.sees()).words).toBe('安全生产例会:已签到 14:00')
    await showMatter(office, `${meeting}/i${id}`, chen)
    expect((await chen.seesCard()).card.buttons.map(one => one.label)).toEqual(['日历文件'])
    at('16:01')
    await who('褚燕').says('/会议 签到')
    expect((await who('褚燕').sees()).words).toContain('目前没有您可签到的会议')
  })

  it('超过预定时间仍在进行中的,结束前照常签到', async () => {
    const meeting = await meetingOf({ title: '延长的会', state: 'underway' })
    const [late, other, after] = [
      await put.ask(meeting, { person: who('孙丽').id }),
      await put.ask(meeting, { person: who('冯军').id }),
      await put.ask(meeting, { person: who('曹颖').id }),
    ]
    at('16:05')
    await who('孙丽').says('/会议 签到')
    expect((await who('孙丽').sees()).words).toBe('延长的会:已签到 16:05')
    await showMatter(office, String(meeting), who('赵敏'))
    await who('赵敏').presses('签到表')
    expect((await who('赵敏').seesCard()).words).not.toContain('现不在签到时间内')
    expect(await clicks(office, who('赵敏'), 'signIn', { id: other })).toBe('已签到 16:05')
    await showMatter(office, String(meeting), who('赵敏'))
    await who('赵敏').presses('结束会议')
    await who('曹颖').says('/会议 签到')
    expect((await who('曹颖').sees()).words).toContain('目前没有您可签到的会议')
    expect([await stateOf(late), await stateOf(other), await stateOf(after)]).toEqual(['present', 'present', 'pending'])
  })

  it('同时有多个会议的,列出选择;卡片上的签到按钮只对本人有效', async () => {
    at('14:10')
    const [one, other] = [await meetingOf({ title: '甲会' }), await meetingOf({ title: '乙会' })]
    const id = await put.ask(one, { person: who('王强').id, state: 'attending' })
    await put.ask(other, { person: who('王强').id })
    await who('王强').says('/会议 签到')
    const list = await who('王强').seesCard()
    expect(list.words).toContain('甲会')
    expect(list.words).toContain('乙会')
    expect((await who('褚燕').forges('签到', list)).toast?.content).toBe('您不在本次会议的参会名单中')
    await who('王强').presses('签到')
    expect(await stateOf(id)).toBe('present')
  })

  it('会务员在签到表上为他人签到,按姓名查找,翻页,名单只给承办人看', async () => {
    at('14:20')
    const meeting = await meetingOf({ title: '全体大会' })
    const some = ['陈晨', '褚燕', '曹颖', '王强', '郑洁', '施文', '周涛', '孙丽', '蒋勇', '陈刚', '沈亮', '冯军']
    const ids = []
    for (const name of some) ids.push(await put.ask(meeting, { person: who(name).id }))
    const zhao = who('赵敏')
    await showMatter(office, `${meeting}/i${ids[0]}`, zhao, who('褚燕'))
    expect(await clicks(office, who('褚燕'), 'sheet', { id: meeting })).toContain('未找到该会议')
    await clicks(office, zhao, 'sheet', { id: meeting })
    const list = await zhao.seesCard()
    expect(list.words).toContain('应到12人')
    expect(list.words).toContain('第1页,共2页')
    expect(list.card.buttons.filter(({ label }) => label === '签到').length).toBe(10)
    await zhao.presses('下一页')
    expect((await zhao.seesCard()).words).toContain('冯军')
    // where there are fewer by now it is the last page
    await rows(office.database.db, `delete from invitations where id in (${ids.slice(10)})`)
    await zhao.presses('下一页', { on: list })
    expect((await zhao.seesCard()).words).toContain('陈晨')
    expect((await zhao.seesCard()).words).not.toContain('页,共')
    await zhao.presses('查找', { form: { words: '陈' } })
    expect((await zhao.seesCard()).card.buttons.filter(({ label }) => label === '签到').length).toBe(2)
    const answer = await zhao.presses('签到', { nth: 1 })
    expect(answer.toast?.content).toBe('已签到 14:20')
    expect(await stateOf(ids[9] as number)).toBe('present')
    const [kept] = await rows<{ checked_in_by: string }>(
      office.database.db,
      `select checked_in_by from invitations where id = ${ids[9]}`,
    )
    expect(kept?.checked_in_by).toBe(zhao.id)
    expect((await zhao.seesCard()).words).toContain('已签到1人')
    // signing in oneself brings no list along
    expect(await clicks(office, who('褚燕'), 'signIn', { id: ids[1] as number, words: '陈' })).toBe('已签到 14:20')
    expect((await who('褚燕').messages()).some(({ words }) => words.includes('应到12人'))).toBe(false)
  })

  it('近期会议同时开始的,各在一页;翻页时已不足一页的,翻到最后一页', async () => {
    at('09:00')
    const [xu, { db }] = [who('许诺'), office.database]
    await put.meeting(xu.id, { numberSeq: null, numberYear: null, title: '同时的会0号' })
    await multiply(db, 'meetings', 11, { title: `'同时的会' || n || '号'` })
    await xu.says('/会议 列表')
    const first = await xu.seesCard()
    expect(first.card.title).toBe('近期会议 · 12场')
    expect(first.words).toContain('第1页,共2页')
    await xu.presses('下一页')
    const second = await xu.seesCard()
    const titles = [first, second].flatMap(({ words }) => words.match(/同时的会\d+号/g) ?? [])
    expect(new Set(titles).size).toBe(12)
    expect(titles).toHaveLength(12)
    await rows(db, `update meetings set state = 'cancelled' where title in ('同时的会3号', '同时的会4号')`)
    await xu.presses('下一页', { on: first })
    const last = await xu.seesCard()
    expect(last.card.title).toBe('近期会议 · 10场')
    expect(last.words.match(/同时的会\d+号/g)).toHaveLength(10)
    expect(last.card.buttons.map(({ label }) => label)).not.toContain('上一页')
  })

  it('未送审的会议,督办员也看不到其议定事项', async () => {
    await who('刘芳').says('/角色 @王强 督办员')
    const draft = await meetingOf({ title: '未送审的会', state: 'draft', notifiedAt: null })
    expect(await clicks(office, who('王强'), 'decisions', { id: draft })).toContain('未找到')
    const sent = await meetingOf({ title: '已通知的会' })
    expect(await clicks(office, who('王强'), 'decisions', { id: sent })).toBe('已发送到私聊')
  })

  it('承办人在看的名单、在填的表单,不因他人回执而变回会议卡片;名单上的按钮按过后名单仍在', async () => {
    at('14:00')
    const meeting = await meetingOf({ title: '调度会' })
    const id = await put.ask(meeting, { person: who('陈晨').id })
    const zhao = who('赵敏')
    await showMatter(office, `${meeting}/i${id}`, who('陈晨'))
    await showMatter(office, String(meeting), zhao)
    for (const [label, title] of [
      ['回执名单', '会议 · 回执名单'],
      ['签到表', '会议 · 签到表'],
      ['变更', '会议 · 变更'],
      ['取消会议', '会议 · 取消'],
    ] as const) {
      const [own] = (await zhao.messages()).filter(({ card }) => card?.title === '会议 · 已通知').slice(-1)
      await zhao.presses(label, { on: own })
      const opened = await zhao.seesCard()
      expect(opened.card.title, label).toContain(title)
      await who('陈晨').presses(label === '回执名单' || label === '变更' ? '参加' : '改回执')
      await office.settled()
      const now = (await zhao.messages()).find(({ message_id }) => message_id === opened.message_id)
      expect(now?.card?.title, label).toBe(opened.card.title)
      if (label !== '签到表') continue
      await zhao.presses('签到二维码', { on: opened })
      expect((await zhao.messages()).find(one => one.message_id === opened.message_id)?.card?.title).toBe(title)
    }
  })

  it('签到二维码是可打印的图片,扫码打开与回音的私聊', async () => {
    const meeting = await meetingOf({ title: '年终/总结会' })
    const zhao = who('赵敏')
    await clicks(office, zhao, 'code', { id: meeting })
    const [file] = (await filesOf(office, zhao)).slice(-1)
    expect(file?.name).toBe('签到二维码 年终 总结会.png')
    expect(file?.bytes.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a')
    expect((await zhao.messages()).some(one => one.words.includes('会议 签到'))).toBe(true)
  })

  it('扫码打开私聊的,在签到时间内迎面就是签到按钮,每次会议一次;签到后不再出现', async () => {
    at('13:40')
    const meeting = await meetingOf({ title: '党课' })
    const id = await put.ask(meeting, { person: who('李静').id, state: 'attending' })
    const sun = who('李静')
    const enters = async () => {
      await office.send('POST', '/sim/p2p', { as: sun.id })
      await office.settled()
    }
    const doors = async () => (await sun.messages()).filter(({ words }) => words.startsWith('会议 · 签到')).length
    await enters()
    expect(await doors()).toBe(0)
    at('14:05')
    await enters()
    const card = await sun.seesCard()
    expect(card.words).toContain('党课')
    expect(card.card.buttons.map(({ label }) => label)).toEqual(['签到'])
    await enters()
    expect(await doors()).toBe(1)
    expect((await sun.presses('签到')).toast?.content).toBe('已签到 14:05')
    expect(await stateOf(id)).toBe('present')
    expect((await sun.messages()).at(-1)?.words).toContain('会议 · 已签到')
    await enters()
    expect(await doors()).toBe(0)
  })

  it('委托人本人到会签到的,代会人得知不再代会', async () => {
    at('14:05')
    const meeting = await meetingOf({ title: '专题会' })
    const id = await put.ask(meeting, { person: who('冯军').id, state: 'proxied', decidedBy: who('赵敏').id })
    await put.ask(meeting, { person: who('曹颖').id, state: 'attending', standsInFor: id })
    await who('冯军').says('/会议 签到')
    if ((await stateOf(id)) !== 'present') await clicks(office, who('冯军'), 'checkIn', { id })
    expect(await stateOf(id)).toBe('present')
    expect((await who('曹颖').sees()).words).toContain('冯军将本人参加,您不再代会')
  })
})
