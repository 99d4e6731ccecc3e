import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getMeeting } from '../db/meeting.ts'
import { expectedIn } from '../db/meeting-day.ts'
import { invitationsOf } from '../db/meeting-invitation.ts'
import { askInvitationsAnew, tallyOf } from '../db/meeting-reply.ts'
import { countsOf } from '../db/meeting-stats.ts'
import { sendNotice } from '../handlers/meeting/follow.ts'
import { invite } from '../handlers/meeting/invite.ts'
import { Desk } from '../src/bot/desk.ts'
import { seated } from '../src/office/meeting/expected.ts'
import type { Meeting } from '../src/office/meeting/meeting.ts'
import { signLines } from '../src/office/meeting/sign-sheet.ts'
import { kinds } from './harness/databases.ts'
import { clicks, meetingsIn, showMatter } from './harness/meetings.ts'
import { MORNING, TestOffice, type TestPerson } from './harness/office.ts'
import { count, rows } from './harness/traces.ts'

const ROLES = [
  '/角色 @周正 主要领导',
  '/角色 @张明 分管领导',
  '/角色 @李静 办公室主任',
  '/角色 @赵敏 会务员',
  '/角色 @杨帆 区县联络员 东湖区委政法委',
]
const DONGHU = 'od-6aa494a0fe488a87ec443fe555f20c8e'
const OFFICE = 'od-3966f0940e95f74626eab9e9d7074b0f'
const ZONGZHI = 'od-2838becd0aa98f6741eb8d4da3a9fbf5'

describe.each(kinds)('会议回执 on %s', kind => {
  let office: TestOffice
  let put: ReturnType<typeof meetingsIn>
  const who = (name: string): TestPerson => office.person(name)
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
    for (const line of ROLES) await who('刘芳').says(line)
    put = meetingsIn(office.database.db)
  })
  afterAll(() => office.close())

  /** A meeting that 赵敏 organises, 张明 presides over and 周正 convenes, with one who is asked and has their card. */
  async function asked(name: string, also: Parameters<typeof put.meeting>[1] = {}) {
    const meeting = await put.meeting(who('赵敏').id, {
      ...{ numberSeq: null, numberYear: null, unit: OFFICE, convener: who('周正').id, presider: who('张明').id },
      ...also,
    })
    const id = await put.ask(meeting, { person: who(name).id, unit: ZONGZHI })
    await showMatter(office, `${meeting}/i${id}`, who(name))
    return { meeting, id, matter: `${meeting}/i${id}` }
  }
  const stateOf = async (id: number) =>
    (await rows<{ state: string }>(office.database.db, `select state from invitations where id = ${id}`))[0]?.state
  const factsOf = async (matter: string) =>
    rows<{ act: string; who: string; acting_for: string | null; data: Record<string, unknown> }>(
      office.database.db,
      `select act, who, acting_for, data from events where feature = 'meeting' and matter = '${matter}' order by id`,
    )

  it('参加一按即成,改回执后可改请假,原回执在重新答复前仍然有效', async () => {
    const { id } = await asked('陈晨')
    const chen = who('陈晨')
    expect((await chen.sees()).words).toContain('未回执')
    expect((await chen.presses('参加', { form: { word: '带两份材料' } })).toast?.content).toContain('已回执:参加')
    const card = await chen.seesCard()
    expect(card.words).toContain('参加')
    expect(card.words).toContain('带两份材料')
    expect(card.card.buttons.map(one => one.label)).toEqual(['改回执', '日历文件'])
    await chen.presses('改回执')
    expect(await stateOf(id)).toBe('attending')
    expect((await chen.seesCard()).card.buttons.map(one => one.label)).toEqual(['参加', '请假', '日历文件'])
    expect((await chen.presses('请假')).toast?.content).toContain('请填写请假的理由')
    await chen.presses('请假', { form: { word: '出差' } })
    expect(await stateOf(id)).toBe('asking')
    expect(await count(office.database.db, `events where data::text like '%出差%'`)).toBe(0)
  })

  it('参加后可补报车号和随行人员,备注不丢', async () => {
    const { id } = await asked('陈晨', { scope: 'system' })
    const chen = who('陈晨')
    await chen.presses('参加', { form: { word: '带两份材料', companions: '', plate: '' } })
    await chen.presses('改回执')
    const { inputs } = (await chen.seesCard()).card
    expect(inputs.map(({ value }) => value)).toContain('带两份材料')
    const form = { word: '带两份材料', companions: '司机1名', plate: '江A12345' }
    expect((await chen.presses('参加', { form })).toast?.content).toContain('已回执:参加')
    const { words, card } = await chen.seesCard()
    for (const word of ['带两份材料', '司机1名', '江A12345']) expect(words).toContain(word)
    expect(card.buttons.map(one => one.label)).toEqual(['改回执', '日历文件'])
    expect(await stateOf(id)).toBe('attending')
  })

  it('群里按请假的,得知到私聊中填写理由', async () => {
    const { meeting } = await asked('陈晨')
    expect(await clicks(office, who('陈晨'), 'mine', { meeting })).toBe('请在私聊中填写请假理由')
    expect((await who('陈晨').seesCard()).card.title).toBe('会议通知 · 未回执')
  })

  it('请假由主持人批准,科室人员的请假办公室主任也可批准;不同意须填理由;本人不能自批', async () => {
    const { id } = await asked('陈晨')
    const [chen, zhang, li, zhou] = [who('陈晨'), who('张明'), who('李静'), who('周正')]
    await chen.presses('请假', { form: { word: '下乡调研' } })
    const asking = await zhang.seesCard()
    expect(asking.words).toContain('下乡调研')
    expect((await li.seesCard()).card.buttons.map(one => one.label)).toContain('同意请假')
    expect((await li.seesCard()).words).not.toContain('您正在代录回执')
    expect((await zhou.messages()).filter(one => one.words.includes('下乡调研'))).toEqual([])
    expect((await chen.forges('同意请假', asking, {})).toast?.content).toContain('此按钮仅限召集人或主持人使用')
    expect((await who('王强').forges('同意请假', asking, {})).toast?.content).toBe('您不在本次会议的参会名单中')
    expect((await zhang.presses('不同意请假')).toast?.content).toContain('请填写不同意请假的理由')
    await zhang.presses('不同意请假', { form: { opinion: '议题由其汇报' } })
    expect(await stateOf(id)).toBe('denied')
    expect((await chen.sees()).words).toContain('议题由其汇报')
    expect((await li.forges('同意请假', asking, {})).toast?.content).toContain('未准假')
    await chen.presses('请假', { form: { word: '已安排他人汇报' } })
    await li.presses('同意请假')
    expect(await stateOf(id)).toBe('excused')
    expect((await chen.sees()).words).toContain('李静 已同意请假')
  })

  it('未准假前不能委托代会;准假后委托,代会人收到通知;本人改为参加,代会人得知不再代会', async () => {
    const { id, meeting } = await asked('冯军')
    const [feng, zhang, chu] = [who('冯军'), who('张明'), who('褚燕')]
    const before = await feng.seesCard()
    expect(before.card.buttons.map(one => one.label)).not.toContain('委托代会')
    await feng.presses('请假', { form: { word: '参加市里会议' } })
    expect((await who('李静').messages()).some(one => one.words.includes('参加市里会议'))).toBe(false)
    await zhang.presses('同意请假', { form: { opinion: '请派人代会' } })
    expect((await feng.presses('委托代会', { form: { name: '张明明' } })).toast?.content).toContain('未找到')
    await feng.presses('委托代会', { form: { substitute: chu.id } })
    expect(await stateOf(id)).toBe('proxied')
    const told = await chu.seesCard()
    expect(told.words).toContain('受冯军委托代会,批准人张明')
    expect(told.words).toContain('不能代会的,请及时告知冯军,由其另行委托。')
    const [{ act, data } = { act: '', data: {} }] = await rows<{ act: string; data: Record<string, unknown> }>(
      office.database.db,
      `select act, data from events where act = 'proxy' order by id desc limit 1`,
    )
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/)
    const parts = { principal: feng.id, substitute: chu.id, approvedBy: zhang.id }
    expect([act, data]).toEqual(['proxy', { ...parts, hashes: { before: null, after: hash } }])
    expect((await feng.sees()).words).toContain('代会人员 褚燕')
    await feng.presses('改回执')
    await feng.presses('参加')
    expect(await stateOf(id)).toBe('attending')
    expect((await chu.sees()).words).toContain('冯军将本人参加,您不再代会')
    expect(
      await rows(office.database.db, `select id from invitations where meeting = ${meeting} and person = '${chu.id}'`),
    ).toEqual([])
  })

  it('已在名单中的人不能再作代会人', async () => {
    const { meeting } = await asked('冯军')
    await put.ask(meeting, { person: who('褚燕').id, unit: ZONGZHI })
    await who('冯军').presses('请假', { form: { word: '出差' } })
    await who('张明').presses('同意请假')
    expect((await who('冯军').presses('委托代会', { form: { substitute: who('褚燕').id } })).toast?.content).toContain(
      '褚燕已在参会名单中',
    )
  })

  it('代会人有同名的,说明各在哪个部门;写明部门的即是其人', async () => {
    await asked('冯军')
    const feng = who('冯军')
    await feng.presses('请假', { form: { word: '出差' } })
    await who('张明').presses('同意请假')
    const doubt = (await feng.presses('委托代会', { form: { name: '张伟' } })).toast?.content
    expect(doubt).toContain('“张伟”有同名人员,请写明是哪一位')
    expect(doubt).toContain('张伟(办公室)')
    expect(doubt).toContain('张伟(督查科)')
    const elsewhere = await feng.presses('委托代会', { form: { name: '张伟(综治科)' } })
    expect(elsewhere.toast?.content).toContain('有同名人员')
    expect((await feng.presses('委托代会', { form: { name: '张伟(督查科)' } })).toast?.content).toBe(
      '已委托张伟代会,已通知本人',
    )
    const [{ unit } = { unit: '' }] = await rows<{ unit: string }>(
      office.database.db,
      `select unit from invitations where stands_in_for is not null order by id desc limit 1`,
    )
    const [{ name } = { name: '' }] = await rows<{ name: string }>(
      office.database.db,
      `select name from departments where id = '${unit}'`,
    )
    expect(name).toBe('督查科')
  })

  it('主持人本人请假由召集人批准,两者同为一人时报上一级', async () => {
    const { id, meeting } = await asked('张明', { convener: who('张明').id })
    await who('张明').presses('请假', { form: { word: '省里培训' } })
    expect((await who('周正').sees()).words).toContain('省里培训')
    const card = await who('周正').seesCard()
    expect((await who('张明').forges('同意请假', card)).toast?.content).toContain('此按钮仅限')
    await who('周正').presses('同意请假')
    expect(await stateOf(id)).toBe('excused')
    expect(meeting).toBeGreaterThan(0)
  })

  it('召集主持的人无请假审批权的,科室人员的请假由办公室主任批准,负责人的报上一级,其在待办中可见', async () => {
    const hosts = { convener: who('赵敏').id, presider: who('赵敏').id }
    const { id, matter } = await asked('陈晨', hosts)
    await showMatter(office, matter, who('赵敏'))
    await who('陈晨').presses('请假', { form: { word: '家中急事' } })
    const seen = await who('李静').seesCard()
    expect(seen.words).toContain('家中急事')
    expect((await who('赵敏').forges('同意请假', seen, {})).toast?.content).toContain('此按钮仅限')
    expect(await stateOf(id)).toBe('asking')
    await who('李静').presses('同意请假')
    expect(await stateOf(id)).toBe('excused')
    const { id: head } = await asked('冯军', hosts)
    await who('冯军').presses('请假', { form: { word: '到省里汇报' } })
    const asks = await who('张明').seesCard()
    expect(asks.words).toContain('到省里汇报')
    await who('张明').says('/待办')
    expect((await who('张明').sees()).words).toContain('冯军请假待批准')
    expect((await who('李静').forges('同意请假', asks, {})).toast?.content).toContain('此按钮仅限')
    await clicks(office, who('张明'), 'grantLeave', { id: head })
    expect(await stateOf(head)).toBe('excused')
  })

  it('时间变更后重新回执:原代会人仍在名单中,本人参加则不再代会,再请假仍由其代会不重复通知;日历随之调整', async () => {
    const { id, meeting } = await asked('冯军')
    const [feng, zhang, chu] = [who('冯军'), who('张明'), who('褚燕')]
    const scheduled = () => count(office.database.db, `appointments where matter = '${meeting}'`)
    await feng.presses('请假', { form: { word: '出差' } })
    expect(await scheduled()).toBe(0)
    await zhang.presses('同意请假')
    expect(await scheduled()).toBe(1)
    await feng.presses('委托代会', { form: { substitute: chu.id } })
    const { db } = office.database
    const anew = async (noticeRev: number) => {
      await askInvitationsAnew(db, { ...(await getMeeting(db, meeting)), noticeRev })
      await showMatter(office, `${meeting}/i${id}`, feng)
    }
    const substitutes = () => rows<{ person: string }>(db, `select person from invitations where stands_in_for = ${id}`)
    await anew(4)
    await feng.presses('请假', { form: { word: '仍在外地' } })
    await zhang.presses('同意请假')
    const before = (await chu.messages()).filter(one => one.words.includes('不再代会')).length
    await feng.presses('委托代会', { form: { substitute: chu.id } })
    expect(await substitutes()).toEqual([{ person: chu.id }])
    expect((await chu.messages()).filter(one => one.words.includes('不再代会')).length).toBe(before)
    await anew(5)
    await feng.presses('参加')
    expect(await stateOf(id)).toBe('attending')
    expect(await substitutes()).toEqual([])
    expect((await chu.sees()).words).toContain('冯军将本人参加,您不再代会')
  })

  it('单位报名后变更时间的,原报名人员计入单位名额,应到不重复计', async () => {
    const meeting = await put.meeting(who('赵敏').id, { numberSeq: null, numberYear: null, unit: OFFICE })
    const id = await put.ask(meeting, { unit: DONGHU, places: 3, state: 'named' })
    await put.ask(meeting, { unit: DONGHU, person: who('秦岚').id, namedBy: id, state: 'attending' })
    await put.ask(meeting, { unit: DONGHU, name: '李大山', places: 0, namedBy: id, state: 'attending' })
    await put.ask(meeting, { person: who('冯军').id, state: 'proxied' })
    const { db } = office.database
    const [principal] = await rows<{ id: number }>(db, `select max(id) id from invitations where meeting = ${meeting}`)
    await put.ask(meeting, { person: who('褚燕').id, standsInFor: Number(principal?.id), state: 'attending' })
    expect(await tallyOf(db, { id: meeting })).toMatchObject({ invited: 3, attending: 2, proxied: 1, pending: 0 })
    // the ledger and the minutes count as the card does
    expect((await countsOf(db, [meeting])).get(meeting)).toMatchObject({ asked: 3, coming: 3, excused: 0 })
    await askInvitationsAnew(db, { ...(await getMeeting(db, meeting)), noticeRev: 4 })
    expect(await tallyOf(db, { id: meeting })).toMatchObject({ invited: 4, attending: 0, proxied: 0, pending: 4 })
  })

  it('代会人员与本人都到会的,一席计一人:应到、参加、实到、座次、签到表都不重复', async () => {
    const { db } = office.database
    const { meeting, id } = await asked('冯军')
    const [feng, zhao, chu] = [who('冯军'), who('赵敏'), who('褚燕')]
    await feng.presses('请假', { form: { word: '出差' } })
    await who('张明').presses('同意请假')
    await feng.presses('委托代会', { form: { substitute: chu.id } })
    const [proxy] = await rows<{ id: number }>(db, `select id from invitations where stands_in_for = ${id}`)
    office.clock.set(new Date('2026-11-27T14:20:00+08:00'))
    await clicks(office, chu, 'checkIn', { id: Number(proxy?.id) })
    expect(await tallyOf(db, { id: meeting })).toMatchObject({ invited: 1, proxied: 1, present: 1 })
    await clicks(office, zhao, 'signIn', { id, page: 1, words: '' })
    expect(await stateOf(id)).toBe('present')
    expect(await tallyOf(db, { id: meeting })).toMatchObject({ invited: 1, attending: 1, proxied: 0, present: 1 })
    expect((await countsOf(db, [meeting])).get(meeting)).toMatchObject({ asked: 1, coming: 1, present: 1 })
    const all = await expectedIn(db, meeting, 10)
    expect(seated(all).map(({ name }) => name)).toEqual(['冯军'])
    expect(signLines(all).map(({ name }) => name)).toEqual(['冯军'])
    office.clock.set(new Date(MORNING))
  })

  it('变更后重新回执期间,座次和签到表仍只列代会人员一席', async () => {
    const { db } = office.database
    const meeting = await put.meeting(who('赵敏').id, { numberSeq: null, numberYear: null, unit: OFFICE })
    const id = await put.ask(meeting, { person: who('冯军').id, state: 'pending', rev: 2 })
    await put.ask(meeting, { person: who('褚燕').id, standsInFor: id, state: 'attending' })
    const all = await expectedIn(db, meeting, 10)
    expect(seated(all).map(({ name }) => name)).toEqual(['褚燕'])
    expect(signLines(all).map(({ name }) => name)).toEqual(['褚燕\n(代冯军)'])
  })

  it('不再邀请的,其代会人员和单位所报人员一并移出;单位所报的外来人员不另发通知', async () => {
    const { db } = office.database
    const guests = { people: [], departments: [], chats: [], units: [], listeners: [] }
    const units = [{ unit: DONGHU, places: 2 }]
    const id = await put.meeting(who('赵敏').id, {
      ...{ numberSeq: null, numberYear: null, unit: OFFICE, presider: '' },
      guests: { ...guests, people: [who('冯军').id], units },
    })
    const feng = await put.ask(id, { person: who('冯军').id, unit: ZONGZHI, state: 'proxied' })
    await put.ask(id, { person: who('褚燕').id, unit: ZONGZHI, standsInFor: feng, state: 'attending' })
    const unit = await put.ask(id, { unit: DONGHU, places: 2, state: 'named' })
    await put.ask(id, { unit: DONGHU, name: '李大山', places: 0, namedBy: unit, state: 'attending' })
    const before = (await who('杨帆').messages()).length
    await office.bot.house.office.db.transaction(async tx => {
      const desk = new Desk(office.bot.house.office, tx, office.clock.now(), { who: '', chat: '', delivery: `n${id}` })
      const all = await invitationsOf(tx, id, 100)
      await sendNotice(
        desk.beat(),
        await getMeeting(tx, id),
        all.filter(one => one.unit === DONGHU),
      )
      await desk.close('')
    })
    office.bot.drainer.wake()
    await office.settled()
    expect((await who('杨帆').messages()).length).toBe(before + 1)
    const meeting = await getMeeting(db, id)
    const asks = (guests: Partial<Meeting['guests']>) =>
      invite({ db, now: office.clock.now() }, { ...meeting, guests: { ...meeting.guests, ...guests } })
    const { added, dropped } = await asks({ people: [who('褚燕').id] })
    expect(dropped.map(({ person }) => person)).toEqual([who('冯军').id])
    expect(added.map(({ person }) => person)).toEqual([who('褚燕').id])
    expect((await asks({ people: [who('褚燕').id], units: [] })).dropped).toHaveLength(2)
    expect((await invitationsOf(db, id, 100)).map(({ person }) => person)).toEqual([who('褚燕').id])
  })

  it('会务员代录领导回执,须选方式,领导随即得知', async () => {
    const { id, meeting, matter } = await asked('周正')
    await showMatter(office, matter, who('赵敏'))
    expect((await who('赵敏').presses('参加')).toast?.content).toContain('请选择本人答复的方式')
    await who('赵敏').presses('参加', { form: { way: 'phone' } })
    expect(await stateOf(id)).toBe('attending')
    expect((await who('周正').sees()).words).toContain('赵敏已代录您的回执:参加')
    const [event] = (await factsOf(matter)).filter(({ act }) => act === 'attend')
    expect(event).toMatchObject({ who: who('赵敏').id, acting_for: who('周正').id, data: { way: 'phone' } })
    expect((await who('王强').forges('改回执', await who('赵敏').seesCard())).toast?.content).toBe(
      '您不在本次会议的参会名单中',
    )
    expect(meeting).toBeGreaterThan(0)
  })

  it('在通知下回复 参加、请假 理由、同意、不同意 理由,与按钮同效;其他说明转告承办人', async () => {
    const { id } = await asked('褚燕')
    const [chu, zhang] = [who('褚燕'), who('张明')]
    await chu.says('参加', { replyTo: await chu.seesCard() })
    expect(await stateOf(id)).toBe('attending')
    await chu.says('请假\uff0c理由\uff1a家中有事', { replyTo: await chu.seesCard() })
    expect(await stateOf(id)).toBe('asking')
    await zhang.says('不同意 理由:请安排好家事后参会', { replyTo: await zhang.seesCard() })
    expect(await stateOf(id)).toBe('denied')
    await chu.says('需要投影吗', { replyTo: await chu.seesCard() })
    expect((await who('赵敏').sees()).words).toContain('需要投影吗')
  })

  it('单位报名:联络员填报本单位人员和其他人员,名额有限,改报名后原人员得知', async () => {
    const meeting = await put.meeting(who('赵敏').id, {
      numberSeq: null,
      numberYear: null,
      unit: OFFICE,
      scope: 'system',
    })
    const id = await put.ask(meeting, { unit: DONGHU, places: 2 })
    const [yang, zhu, qin] = [who('杨帆'), who('朱琳'), who('秦岚')]
    await showMatter(office, `${meeting}/i${id}`, yang, zhu)
    const form = {
      people: [qin.id],
      others: '李大山 副书记 13700000001\n周小川 主任',
      companions: '',
      plate: '江A12345',
      word: '',
    }
    expect((await yang.presses('报名', { form })).toast?.content).toContain('可报2人,现填报3人')
    await yang.presses('报名', { form: { ...form, others: '李大山 副书记 13700000001' } })
    expect(await stateOf(id)).toBe('named')
    expect((await yang.sees()).words).toContain('秦岚、李大山(副书记)')
    expect((await qin.sees()).words).toContain('安全生产例会')
    await zhu.presses('改报名', { form: { ...form, people: [], others: '李大山 副书记 13700000001\n朱琳' } })
    expect((await qin.sees()).words).toContain('您不再参会')
    const named = await rows<{ person: string | null; name: string }>(
      office.database.db,
      `select person, name from invitations where named_by = ${id} order by id`,
    )
    expect(named).toEqual([
      { person: null, name: '李大山' },
      { person: zhu.id, name: '' },
    ])
    expect((await who('秦岚').forges('改报名', await yang.seesCard(), form)).toast?.content).toBe(
      '您不在本次会议的参会名单中',
    )
  })

  it('催报只发给未回执的,几小时内同一人只催一次,告知人数', async () => {
    const { meeting } = await asked('陈晨')
    const chu = who('褚燕')
    await put.ask(meeting, { person: chu.id, unit: ZONGZHI })
    await put.ask(meeting, { person: who('王强').id, unit: ZONGZHI, state: 'attending' })
    await put.ask(meeting, { unit: DONGHU, places: 2 })
    const before = (await who('王强').messages()).length
    expect(await clicks(office, chu, 'nudge', { id: meeting })).toBe('未找到该会议')
    expect(await clicks(office, who('赵敏'), 'nudge', { id: meeting })).toBe('已提醒2人、1个单位报送回执')
    expect((await chu.sees()).words).toContain('安全生产例会')
    expect((await who('杨帆').sees()).words).toContain('东湖区委政法委(可报2人)')
    expect((await who('王强').messages()).length).toBe(before)
    expect(await clicks(office, who('赵敏'), 'nudge', { id: meeting })).toContain('小时内已催报')
    await chu.presses('参加')
    office.clock.set(new Date('2026-11-24T15:00:00+08:00'))
    expect(await clicks(office, who('赵敏'), 'nudge', { id: meeting })).toBe('已提醒1人、1个单位报送回执')
    office.clock.set(new Date(MORNING))
  })

  it('他人的卡片、旧卡片、编造的编号都不起作用', async () => {
    const { id } = await asked('陈晨')
    const card = await who('陈晨').seesCard()
    expect((await who('王强').forges('参加', card)).toast?.content).toBe('您不在本次会议的参会名单中')
    await who('陈晨').presses('参加')
    expect((await who('陈晨').forges('参加', card)).toast?.content).toContain('参加')
    expect(await stateOf(id)).toBe('attending')
    const sent = await office.send<{ toast?: { content: string } }>('POST', '/sim/raw-click', {
      as: who('陈晨').id,
      message_id: card.message_id,
      action: { tag: 'button', value: { ...(card.card.buttons[0]?.value as object), id: 999_999 } },
    })
    expect(sent.toast?.content).toBeTruthy()
  })
})
