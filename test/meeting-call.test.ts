import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { departments, people } from '../db/people.ts'
import { tick } from '../src/bot/tick.ts'
import type { Cast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { openMeetingCast } from './harness/meeting-cast.ts'
import type { Seen, TestPerson } from './harness/office.ts'
import { count, rows } from './harness/traces.ts'

/** Friday; it is Tuesday, 24 November 2026, 09:00. */
const LINE = '11月27日(周五)14:30-16:00 三楼会议室 安全生产例会'

const labels = (seen: Seen): string[] => seen.card?.buttons.map(({ label }) => label) ?? []
const field = (seen: Seen, name: string): unknown => seen.card?.inputs.find(one => one.name === name)?.value
const notices = async (person: TestPerson): Promise<Seen[]> =>
  (await person.messages()).filter(({ words }) => words.includes('安全生产例会'))

/** The latest card of a meeting that somebody has. */
async function meetingOf(person: TestPerson): Promise<Seen> {
  const seen = (await person.messages()).filter(({ card }) => card?.title.startsWith('会议 · ')).at(-1)
  if (!seen) throw new Error(`${person.name} sees no meeting`)
  return seen
}

describe.each(kinds)('会议 on %s: 一行拟定', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openMeetingCast({ kind })
  })
  afterAll(() => cast.office.close())

  it('时间、会议室、名称、人员、部门都说了的,直接成为草稿,并把理解的结果全部列出', async () => {
    const { cao } = cast
    await cao.says(`/会议 ${LINE} @王强 @督查科 主持:张明 议题:1.通报情况(综治科汇报,10分钟);2.部署工作 紧急`)
    const card = await cao.seesCard()
    expect(card.card.title).toBe('会议 · 拟定')
    for (const words of [
      '11月27日(周五)14:30至16:00,会期约1小时30分钟',
      '地点 三楼会议室',
      '张明召集并主持',
      '督查科、王强',
      '1. 通报情况(综治科汇报,10分钟)',
      '2. 部署工作',
      '请于11月26日(周四)12:00前报送回执',
      '联系人 曹颖',
      '办公室主任 李静',
    ])
      expect(card.words).toContain(words)
    expect(card.card.tags).toContain('紧急')
    expect(labels(card)).toEqual(expect.arrayContaining(['送审', '修改', '取消会议']))
    expect(labels(card)).not.toContain('发布')
  })

  it('只写了会议类别的,以此为名称', async () => {
    const { cao } = cast
    await cao.says('/会议 11月27日9点-10点 三楼会议室 专题会 @王强')
    const { words } = await cao.seesCard()
    expect(words).toMatch(/^会议 · 拟定\n[\s\S]*专题会[\s\S]*地点 三楼会议室/)
  })

  it('全体也包括不在任何科室的领导', async () => {
    const { cao } = cast
    await cao.says('/会议 11月27日14:30-16:00 三楼会议室 年度总结会 全体')
    const { words } = await cao.seesCard()
    expect(words).toContain('督查科')
    expect(words).toMatch(/参会 .*张明/)
  })

  it.each([
    ['名称在地点之前', '11月27日14:30-16:00 安全生产例会 三楼会议室 @王强', '安全生产例会', '三楼会议室'],
    ['会议室以外的地点', '11月27日14:30-16:00 市委大礼堂 党风廉政教育会 @王强', '党风廉政教育会', '市委大礼堂'],
    ['标签写明', '11月27日14:30 会期1小时 名称:三楼消防演练部署 地点:一楼门厅 @王强', '三楼消防演练部署', '一楼门厅'],
  ])('%s', async (_what, line, title, place) => {
    const { cao } = cast
    await cao.says(`/会议 ${line}`)
    const { words } = await cao.seesCard()
    expect(words).toContain(`会议 · 拟定\n${title}\n`)
    expect(words).toContain(`地点 ${place}`)
  })

  it.each([
    '@王强 主持 @张明',
    '主持人 @张明 @王强',
    '@王强 @张明 主持',
    '@王强 由@张明主持',
    '参会 @王强 主持 @张明',
    '@王强 主持:@张明',
  ])('主持人不写冒号也一样:%s', async who => {
    const { cao } = cast
    await cao.says(`/会议 11月27日14:30-16:00 三楼会议室 安全生产例会 ${who}`)
    const { words } = await cao.seesCard()
    expect(words).toContain('会议 · 拟定\n安全生产例会\n')
    expect(words).toContain('张明召集并主持')
    expect(words).toMatch(/参会 王强\n/)
  })

  it.each([
    ['主持人培训会', '主持人培训会'],
    ['参加国庆活动部署会', '参加国庆活动部署会'],
  ])('名称里的这些字照旧:%s', async (words, title) => {
    const { cao } = cast
    await cao.says(`/会议 11月27日14:30-16:00 三楼会议室 ${words} @王强`)
    expect((await cao.seesCard()).words).toContain(`会议 · 拟定\n${title}\n`)
  })

  it('缺什么问什么,已说的都填好', async () => {
    const { cao } = cast
    await cao.says('/会议 明天下午3点 安全生产例会')
    const card = await cao.seesCard()
    expect(card.card.title).toBe('会议 · 填写')
    expect(card.words).toContain('请填写地点、参会人员。')
    expect(field(card, 'title')).toBe('安全生产例会')
    expect(field(card, 'starts')).toContain('2026-11-25 15:00')
    const answer = await cao.presses('保存', {
      form: {
        ...{ title: '安全生产例会', starts: '2026-11-25 15:00 +0800', ends: '2026-11-25 16:00 +0800' },
        ...{ room: 'elsewhere', place: '一楼接待室', names: '王强、督查科' },
      },
    })
    expect(answer.toast?.content).toBe('已保存,请核对后发出')
    const saved = await cao.seesCard()
    expect(saved.words).toContain('地点 一楼接待室')
    expect(saved.words).toContain('参会 督查科、王强')
  })

  it('过去的时间、不存在的人说得明白', async () => {
    const { cao } = cast
    await cao.says('/会议 11月20日14:30-16:00 三楼会议室 例会 @王强')
    expect((await cao.seesCard()).words).toContain('已经过去')
    await cao.says('/会议 11月27日14:30-16:00 三楼会议室 例会 @欧阳无名')
    expect((await cao.seesCard()).words).toContain('未找到“欧阳无名”')
  })

  it('无权的人被告知找谁;领导的会交会务员拟办,领导为召集人', async () => {
    const { cao, chen, zhou } = cast
    await chen.says(`/会议 ${LINE} @王强`)
    expect((await chen.sees()).words).toContain('您的角色不办理会议通知')
    await zhou.says(`/会议 ${LINE} @王强`)
    expect((await zhou.sees()).words).toContain('交曹颖拟办')
    const draft = await cao.seesCard()
    expect(draft.card.title).toBe('会议 · 拟定')
    expect(draft.words).toContain('周正召集并主持')
    expect(draft.words).toContain('联系人 曹颖')
  })

  it('在群里发起而未写人员的,通知本群', async () => {
    const { wang, li } = cast
    await li.says(`@回音 /会议 ${LINE}`, { to: '督查工作群' })
    expect((await li.seesCard()).words).toContain('“督查工作群”群成员')
    expect((await li.seesCard()).words).toContain('无需审批')
    expect((await li.sees('督查工作群')).words).toBe('会议草稿已发送到您的私聊')
    expect((await wang.messages()).some(({ words }) => words.includes('安全生产例会'))).toBe(false)
  })
})

describe.each(kinds)('会议 on %s: 从拟定到结束', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openMeetingCast({ kind })
  })
  afterAll(() => cast.office.close())

  it('办公室主任自己发布,确认人数,每个受邀人和群收到通知,编号依次', async () => {
    const { li, wang, feng } = cast
    await li.says(`/会议 ${LINE} @王强 @冯军`)
    const button = (await li.seesCard()).card.buttons.find(({ label }) => label === '发布')
    expect(button?.confirm).toBe(true)
    await li.presses('发布')
    const card = await li.seesCard()
    expect(card.card.title).toBe('会议 · 已通知')
    expect(card.words).toContain('会〔2026〕1号')
    for (const person of [wang, feng]) {
      const notice = (await notices(person)).at(-1)
      expect(notice?.words).toContain('【会议通知】')
      expect(labels(notice as Seen)).toEqual(expect.arrayContaining(['参加', '请假']))
    }
  })

  it('变更时间:新旧并列,全体得知,重新回执', async () => {
    const { li, wang } = cast
    await wang.presses('参加')
    await li.presses('变更')
    const form = await li.seesCard()
    expect(form.card.title).toBe('会议 · 变更')
    expect(form.content).toMatch(/确认后将通知\d+人\(按现有参会范围\)/)
    await li.presses('确认变更', {
      form: {
        ...valuesOf(form),
        ...{ starts: '2026-11-27 16:00 +0800', ends: '2026-11-27 17:00 +0800' },
      },
    })
    const notice = (await notices(wang)).at(-1) as Seen
    expect(notice.words).toContain('【变更】')
    expect(notice.words).toContain('16:00至17:00')
    expect(notice.words).toContain('原为11月27日(周五)14:30至16:00')
    expect(labels(notice)).toContain('参加')
    expect((await li.seesCard()).words).toContain('会〔2026〕1号')
  })

  it('会前提醒各一次;到时开始,结束后可录入议定事项', async () => {
    const { li, wang, office } = cast
    await wang.presses('参加')
    await office.moveTo('2026-11-26T16:00:00+08:00')
    await office.settled()
    const day = (await wang.sees()).words
    expect(day).toContain('会议提醒')
    expect(day).toContain('三楼会议室')
    await office.moveTo('2026-11-27T15:00:00+08:00')
    await office.settled()
    expect((await wang.messages()).filter(({ words }) => words.startsWith('会议提醒')).length).toBe(2)
    await office.moveTo('2026-11-27T16:05:00+08:00')
    await office.settled()
    const underway = await meetingOf(li)
    expect(underway.card?.title).toBe('会议 · 进行中')
    await li.presses('结束会议', { on: underway })
    expect((await meetingOf(li)).card?.title).toBe('会议 · 已结束')
  })

  it('没人结束的,由时钟结束', async () => {
    const { li, office } = cast
    await li.says('/会议 11月30日9:00-10:00 五楼会议室 周例会 @王强')
    await li.presses('发布')
    await office.moveTo('2026-11-30T10:30:00+08:00')
    await office.settled()
    expect((await meetingOf(li)).words).toContain('系统 已结束会议')
  })

  it('取消先问:说明通知多少人;取消后会议室让出,人人得知', async () => {
    const { li, wang, office } = cast
    await li.says('/会议 12月3日9:00-10:00 五楼会议室 工作调度会 @王强 @冯军')
    await li.presses('发布')
    await li.presses('取消会议')
    const asks = await li.seesCard()
    expect(asks.words).toContain('取消后将立即通知2人')
    await li.presses('确认取消会议', { form: { word: '与市里会议冲突' } })
    expect((await li.seesCard()).card.title).toBe('会议 · 已取消')
    const told = (await wang.sees()).words
    expect(told).toContain('原定2026年12月3日(星期四)09:00召开的工作调度会因故取消(与市里会议冲突)')
    const [booking] = await rows<{ state: string }>(
      office.database.db,
      `select state from bookings order by id desc limit 1`,
    )
    expect(booking?.state).toBe('void')
  })

  it('下班后发布的,次日上班发出;紧急的不等', async () => {
    const { li, wang, office } = cast
    await office.moveTo('2026-11-30T19:00:00+08:00')
    await li.says('/会议 12月4日9:00-10:00 五楼会议室 夜间拟定的会 @王强')
    const { toast } = await li.presses('发布')
    expect(toast?.content).toContain('通知将于12月1日(周二)08:30发出')
    const got = async (title: string) => (await wang.messages()).some(({ words }) => words.includes(title))
    expect(await got('关于召开夜间拟定的会的通知')).toBe(false)
    await li.says('/会议 12月4日11:00-12:00 五楼会议室 紧急的会 @王强 紧急')
    await li.presses('发布')
    expect(await got('关于召开紧急的会的通知')).toBe(true)
    await office.moveTo('2026-12-01T08:30:00+08:00')
    await office.settled()
    expect(await got('关于召开夜间拟定的会的通知')).toBe(true)
  })

  it('列表、编号、查找、今日,只有可见的', async () => {
    const { li, wang, chen } = cast
    await li.says('/会议 列表')
    expect((await li.seesCard()).words).toContain('夜间拟定的会')
    await wang.says('/会议 会〔2026〕4号')
    expect((await wang.seesCard()).words).toContain('夜间拟定的会')
    await chen.says('/会议 会〔2026〕4号')
    expect((await chen.sees()).words).toContain('未找到该会议')
    await wang.says('/查 夜间拟定')
    expect((await wang.seesCard()).words).toContain('夜间拟定的会')
    await chen.says('/查 夜间拟定')
    expect((await chen.sees()).words).not.toContain('夜间拟定的会')
  })

  it('人数众多的,随后一分钟内陆续发出,发布人不必等', async () => {
    const { li, office } = cast
    const { db } = office.database
    await db.insert(departments).values({ id: 'od-crowd', name: '系统干警', parent: '0', leader: null })
    const crowd = Array.from({ length: 201 }, (_, i) => `ou_${i.toString(16).padStart(32, '0')}`)
    await db.insert(people).values(
      crowd.map(id => ({
        id,
        name: `干警${id}`,
        departments: ['od-crowd'],
        leader: null,
        title: null,
        active: true,
      })),
    )
    await li.says('/会议 12月7日14:00-15:00 五楼会议室 政法系统大会 @系统干警')
    const { toast } = await li.presses('发布')
    expect(toast?.content).toBe('已发布,通知将陆续发出')
    const asked = () => count(db, `invitations i join meetings m on m.id = i.meeting where m.title = '政法系统大会'`)
    expect(await asked()).toBe(0)
    await tick(office.bot.house.office)
    expect(await asked()).toBe(201)
    expect(await count(db, `copies where matter like '%/i%' and viewer in ('${crowd.join("','")}')`)).toBe(201)
  })
})

/** What a form was opened with, as a client would send it. */
const valuesOf = (seen: Seen): Record<string, unknown> =>
  Object.fromEntries(
    (seen.card?.inputs ?? [])
      .filter(({ value }) => value !== undefined && value !== '')
      .map(({ name, value }) => [name, value]),
  )
