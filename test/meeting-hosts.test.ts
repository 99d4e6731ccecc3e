import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { filesOf } from './harness/files.ts'
import { openMeetingCast } from './harness/meeting-cast.ts'
import { clicks, showMatter } from './harness/meetings.ts'
import { MORNING, type Seen, type TestPerson } from './harness/office.ts'
import { rows } from './harness/traces.ts'
import { unescaped, unzip } from './harness/zip.ts'

interface Kept {
  id: number
  name: string
  state: string
}

/** Whoever presides over a meeting or convenes it comes by their office (domain.md 3.3, MT-02 asks leave of them). */
describe.each(kinds)('主持人、召集人 on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openMeetingCast({ kind })
  })
  afterAll(() => cast.office.close())

  const listOf = async (title: string) =>
    rows<Kept>(
      cast.office.database.db,
      `select i.id, p.name, i.state from invitations i join people p on p.id = i.person join meetings m on m.id = i.meeting
      where m.title = '${title}' order by i.id`,
    )
  const statesOf = async (title: string) => (await listOf(title)).map(({ name, state }) => `${name} ${state}`)
  const idOf = async (title: string) =>
    (await rows<{ id: number }>(cast.office.database.db, `select id from meetings where title = '${title}'`))[0]?.id ??
    0
  const about = async (person: TestPerson, title: string): Promise<Seen[]> =>
    (await person.messages()).filter(({ words }) => words.includes(title))
  /** 曹颖, 会务员, calls it and 李静 lets it out. */
  async function called(line: string, title: string): Promise<number> {
    const { cao, li } = cast
    await cao.says(`/会议 ${line}`)
    await cao.presses('送审')
    await li.presses('同意', { on: (await about(li, title)).at(-1) as Seen })
    return idOf(title)
  }

  it('主持人、召集人在受邀科室的,计入应到和参加,不问回执,只收到一张通知', async () => {
    const { cao, feng, chen } = cast
    const meeting = await called('11月27日14:30-16:00 三楼会议室 平安创建会 综治科 主持:冯军 召集:陈晨', '平安创建会')
    expect(await statesOf('平安创建会')).toContain('冯军 attending')
    expect(await statesOf('平安创建会')).toContain('陈晨 attending')
    const cards = await about(feng, '平安创建会')
    expect(cards).toHaveLength(1)
    expect(cards[0]?.words).toContain('主持人 冯军')
    expect(cards[0]?.words).toContain('回执 参加(主持人、召集人无需回执)')
    expect(cards[0]?.words).toContain('您主持本次会议,已计入参加人员')
    expect(cards[0]?.words).not.toMatch(/报送回执|回执截止/)
    expect(cards[0]?.words).toContain('请提前10分钟入场,手机静音。本会议为非涉密会议。')
    expect((await about(chen, '平安创建会')).at(-1)?.words).not.toContain('报送回执')
    expect((await about(cast.office.person('褚燕'), '平安创建会')).at(-1)?.words).toContain('前报送回执')
    expect(cards[0]?.card?.buttons.map(({ label }) => label)).toEqual(['改回执', '日历文件'])
    expect((await about(chen, '平安创建会')).at(-1)?.words).toContain('召集人 陈晨')
    await feng.says('/待办')
    expect((await feng.sees()).words).not.toContain('平安创建会')
    await showMatter(cast.office, String(meeting), cao)
    expect((await cao.seesCard()).words).toContain('应到4人 · 参加2人 · 请假0人 · 代会0人 · 未回2人')
    expect(await clicks(cast.office, cao, 'nudge', { id: meeting })).toBe('已提醒2人报送回执')
    expect(await about(feng, '平安创建会')).toHaveLength(1)
  })

  it('不在受邀范围的主持人也在名单中,可签到;召集人不参会的不列入', async () => {
    const { zhang, wang, office } = cast
    const meeting = await called('11月27日9:00-10:00 五楼会议室 督查调度会 @王强 主持:张明 召集:周正', '督查调度会')
    expect(await statesOf('督查调度会')).toEqual(['张明 attending', '王强 pending'])
    expect((await about(cast.zhou, '督查调度会')).at(-1)?.card?.title).toBe('会议 · 已通知')
    expect((await about(zhang, '督查调度会')).map(({ card }) => card?.title)).toEqual(['会议通知 · 参加'])
    office.clock.set(new Date('2026-11-27T08:50:00+08:00'))
    const [host] = await listOf('督查调度会')
    expect(await clicks(office, zhang, 'checkIn', { id: Number(host?.id) })).toContain('已签到')
    expect(await clicks(office, wang, 'attend', { meeting })).toContain('已回执:参加')
    office.clock.set(new Date(MORNING))
  })

  it('主持人不能到会的照常请假;时间变更后仍不问回执,已请假的重新确认', async () => {
    const { cao, zhang, zhou } = cast
    const meeting = await called('11月30日9:00-10:00 五楼会议室 信访工作会 @王强 主持:张明 召集:周正', '信访工作会')
    const moved = async (starts: string, ends: string) => {
      await showMatter(cast.office, String(meeting), cao)
      await cao.presses('变更')
      const { card } = await cao.seesCard()
      const values = Object.fromEntries(card.inputs.map(one => [one.name, one.value as string]))
      await cao.presses('确认变更', { form: { ...values, starts, ends } })
    }
    await moved('2026-11-30 15:00 +0800', '2026-11-30 16:00 +0800')
    expect(await statesOf('信访工作会')).toEqual(['张明 attending', '王强 pending'])
    expect((await about(zhang, '信访工作会')).at(-1)?.words).toContain('【变更】信访工作会')
    expect((await about(zhang, '信访工作会')).at(-1)?.words).not.toMatch(/报送回执|重新确认/)
    const own = (await about(zhang, '信访工作会')).at(-1) as Seen
    await zhang.presses('改回执', { on: own })
    await zhang.presses('请假', { on: (await about(zhang, '信访工作会')).at(-1) as Seen, form: { word: '赴省里汇报' } })
    expect((await about(zhou, '信访工作会')).at(-1)?.words).toContain('赴省里汇报')
    await zhou.presses('同意请假', { on: (await about(zhou, '信访工作会')).at(-1) as Seen })
    expect(await statesOf('信访工作会')).toContain('张明 excused')
    await moved('2026-12-01 15:00 +0800', '2026-12-01 16:00 +0800')
    expect(await statesOf('信访工作会')).toEqual(['张明 pending', '王强 pending'])
  })

  it('更换主持人:新主持人无需回执,原主持人仍受邀的须回执', async () => {
    const { cao, chen, feng } = cast
    const meeting = await called('12月2日9:00-10:00 五楼会议室 网格工作会 综治科 主持:冯军', '网格工作会')
    await showMatter(cast.office, String(meeting), cao)
    await cao.presses('变更')
    const { card } = await cao.seesCard()
    const values = Object.fromEntries(card.inputs.map(one => [one.name, one.value as string]))
    await cao.presses('确认变更', { form: { ...values, presider: chen.id, convener: chen.id } })
    const states = await statesOf('网格工作会')
    expect(states).toContain('陈晨 attending')
    expect(states).toContain('冯军 pending')
    expect((await about(feng, '网格工作会')).at(-1)?.card?.buttons.map(({ label }) => label)).toContain('参加')
  })

  it('全体会议:名单、签到表、座次、桌签都按职务、科室顺序、姓氏笔画排列,每次相同(MT-05)', async () => {
    const { cao, office } = cast
    const meeting = await called('12月3日9:00-10:00 五楼会议室 年度总结会 全体 主持:周正', '年度总结会')
    const order = (await listOf('年度总结会')).map(({ name }) => name)
    const ranks = ['周正 张明', '李静 朱琳 许诺', '吴刚 冯军 蒋勇']
    // the others: section by section as the directory lists them, each by the strokes of the name
    const units = [
      '刘芳 孙丽 张伟 周涛 赵敏',
      '王强 张伟 郑洁',
      '陈晨 曹颖 褚燕',
      '沈亮 陈刚',
      '杨帆 秦岚',
      '尤佳 何平',
    ]
    expect(order.join(' ')).toBe([...ranks, ...units].join(' '))
    await showMatter(office, String(meeting), cao)
    await cao.presses('回执名单')
    const listed = (await cao.seesCard()).words
    const places = order.slice(0, 8).map(name => listed.indexOf(` ${name}`))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places[0]).toBeGreaterThan(0)
    const paper = async (name: string) => {
      await clicks(office, cao, 'paper', { id: meeting, paper: name })
      const [file] = (await filesOf(office, cao)).slice(-1)
      return unescaped(unzip(file?.bytes ?? Buffer.alloc(0)).get('word/document.xml') ?? '')
    }
    const tents = async () =>
      [...(await paper('cards')).matchAll(/rotation:0"[^>]*><v:textpath [^>]*string="([^"]*)"/g)].map(([, name = '']) =>
        name.replace('　', ''),
      )
    expect(await tents()).toEqual(order)
    expect(await tents()).toEqual(order)
    const signs = await paper('sign')
    const lines = [...signs.matchAll(/<w:t[^>]*>([^<]*)<\/w:t>/g)].map(([, word = '']) => word)
    const signed = lines.filter(word => order.includes(word))
    expect(signed).toEqual(order)
    const seats = [...(await paper('seats')).matchAll(/<w:t[^>]*>([^<]*)<\/w:t>/g)].map(([, word = '']) => word)
    // on the 主席台 no. 1 has no. 2 at the left hand, which is the right of who looks
    expect(seats.indexOf('张明')).toBe(seats.indexOf('周正') + 2)
  })
})
