import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepSetting } from '../db/settings.ts'
import { addDays, dayIn, officialCalendar } from '../src/kit/time.ts'
import { mondayOf } from '../src/office/meeting/meter.ts'
import { RULE_SETTING } from '../src/office/meeting/rule-setting.ts'
import { nextOf, passed, readSeries, reckoned, USUAL_AHEAD } from '../src/office/meeting/series.ts'
import type { Cast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { cardTitled, openMeetingCast } from './harness/meeting-cast.ts'
import type { Seen } from './harness/office.ts'
import { rows } from './harness/traces.ts'

const CUSTOMS = { calendar: officialCalendar, calendarId: '', hours: '08:30-12:00,14:30-17:30', seasons: [] }
const NOW = new Date('2026-11-24T09:00:00+08:00')
const shanghai = (at: Date | undefined) =>
  at ? new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ') : ''

describe('定期会议的识别', () => {
  it.each([
    ['每周一9:00-10:00 三楼会议室 办公例会', '2026-11-30 09:00', 5, '2026年11月30日09:00-10:00', '三楼会议室 办公例会'],
    ['每周五下午3点至4点半 综治例会', '2026-11-27 15:00', 5, '2026年11月27日15:00', '综治例会'],
    ['每月15号10点 遇节假日顺延 提前7天通知 月度调度会', '2026-12-15 10:00', 7, '2026年12月15日10:00', '月度调度会'],
    ['每个工作日8:45 碰头会', '2026-11-25 08:45', 5, '2026年11月25日08:45', '碰头会'],
  ])('%s', (text, first, ahead, moment, rest) => {
    const found = readSeries(text, NOW, CUSTOMS)
    expect(shanghai(found?.startsAt)).toBe(first)
    expect(found?.aheadDays).toBe(ahead)
    expect(found?.line.startsWith(moment)).toBe(true)
    expect(found?.line).toContain(rest)
    expect(found?.line).not.toContain('每')
  })

  it.each([
    [
      '12月25日下午3点 三楼会议室 每周五例会 @王强',
      '2026-12-25 15:00',
      '2026年12月25日15:00 三楼会议室 例会 @王强',
      '每周五',
    ],
    [
      '12月25日15:00-16:30 例会 @王强 每周五 遇节假日顺延',
      '2026-12-25 15:00',
      '2026年12月25日15:00-16:30 例会 @王强',
      '遇节假日顺延',
    ],
    ['每周五 12月25日下午3点 例会', '2026-12-25 15:00', '2026年12月25日15:00 例会', '每周五'],
    ['12月25日 例会 每周五下午3点 提前7天通知', '2026-12-25 15:00', '2026年12月25日15:00 例会', '每周五下午3点'],
    ['12月15日10点 调度会 每月15号', '2026-12-15 10:00', '2026年12月15日10:00 调度会', '每月15号'],
  ])('时间和周期分开写而相符的,从该日起定期:%s', (text, first, line, cycle) => {
    const found = readSeries(text, NOW, CUSTOMS)
    expect(shanghai(found?.startsAt)).toBe(first)
    expect(found?.line).toBe(line)
    expect(found?.said).toContain(cycle)
    expect(found && shanghai(nextOf({ ...found, saidAt: NOW }, found.startsAt, CUSTOMS).nextAt)).toMatch(
      cycle === '每月15号' ? /^2027-01-15 10:00/ : cycle === '遇节假日顺延' ? /^2027-01-04 15:00/ : /^2027-01-01 15:00/,
    )
  })

  it.each([
    '12月25日下午3点 例会 每周一',
    '12月25日下午3点 例会 每周五9点',
    '11月27日14:30 三楼会议室 每周调度会 @王强',
    '每月调度会 11月27日14:30-16:00',
  ])('两者不符,或周期可能只是名称的,不当作定期会议:%s', text => expect(readSeries(text, NOW, CUSTOMS)).toBeUndefined())

  it('一次性的会议不是定期会议', () =>
    expect(readSeries('11月27日14:30-16:00 三楼会议室 安全生产例会', NOW, CUSTOMS)).toBeUndefined())

  it('遇节假日顺延:元旦假期的周五顺延到假后第一个工作日', () => {
    const said = { said: '每周五9:00 遇节假日顺延', saidAt: NOW, aheadDays: 5 }
    const next = nextOf(said, new Date('2026-12-25T09:00:00+08:00'), CUSTOMS)
    expect(shanghai(next.nextAt)).toBe('2027-01-04 09:00')
    expect(shanghai(next.dueAt)).toBe('2026-12-30 08:30')
    // five days before is a Sunday
    const after = nextOf(said, new Date('2027-01-04T09:00:00+08:00'), CUSTOMS)
    expect([after.nextAt, after.dueAt].map(shanghai)).toEqual(['2027-01-08 09:00', '2026-12-31 08:30'])
  })
})

describe('节假日安排屡次调整的', () => {
  const DAY_MS = 86_400_000
  const BEGINS = new Date('2026-03-02T08:00:00+08:00')
  const weekOf = (at: Date) => mondayOf(dayIn(at))
  const monthOf = (at: Date) => dayIn(at).slice(0, 7)
  const DAYS = 120
  const days = Array.from({ length: DAYS * 2 }, (_, n) => addDays(dayIn(BEGINS), n))
  /**
   * On some day it is settled anew which of the others are off: never so many that a cycle leaves its week or month, or that its day
   * moves to before the one on which it was to be made.
   */
  const ruling = (free: (day: string) => boolean) =>
    fc.record({ on: fc.integer({ min: 0, max: DAYS - 1 }), off: fc.subarray(days.filter(free)) })

  it.each([
    ['每周一9:00 遇节假日顺延', weekOf, (day: string) => new Date(day).getUTCDay() <= 3],
    ['每周五9:00 遇节假日提前', weekOf, (day: string) => new Date(day).getUTCDay() >= 3],
    ['每周第一个工作日9:00', weekOf, (day: string) => new Date(day).getUTCDay() <= 3],
    ['每月15日9:00 遇节假日顺延', monthOf, (day: string) => /1[56]$/.test(day)],
    ['每月最后一个工作日9:00', monthOf, (day: string) => Number(day.slice(8)) >= 29],
    ['每月第一个工作日9:00', monthOf, (day: string) => Number(day.slice(8)) <= 4],
  ] as const)('%s:每个周期一次,不多不少', (said, cycleOf, free) => {
    fc.assert(
      fc.property(fc.array(ruling(free), { maxLength: 6 }), rulings => {
        const made: Date[] = []
        const customsOf = (off: readonly string[]) => ({
          ...CUSTOMS,
          calendar: { 2026: { holidays: off.map(day => ({ name: '', from: day, to: day })), workdays: [] } },
        })
        let customs = customsOf([])
        const base = { said, saidAt: BEGINS, aheadDays: USUAL_AHEAD, lastAt: BEGINS }
        let series = { ...base, ...nextOf(base, BEGINS, customs) }
        for (let n = 0; n < DAYS; n++) {
          const now = new Date(BEGINS.getTime() + n * DAY_MS + DAY_MS / 24)
          for (const { off } of rulings.filter(({ on }) => on === n)) {
            customs = customsOf(off)
            series = { ...series, ...reckoned(series, now, customs) }
          }
          while (series.dueAt && series.dueAt <= now) {
            if (series.nextAt) made.push(series.nextAt)
            series = { ...series, ...passed(series, now, customs) }
          }
        }
        const cycles = made.map(cycleOf)
        const all = [...new Set(days.map(day => cycleOf(new Date(`${day}T09:00:00+08:00`))))]
        const begins = all.indexOf(cycles[0] ?? '')
        expect(begins).toBeLessThan(2)
        expect(cycles).toEqual(all.slice(begins, begins + cycles.length))
        expect(cycles.length).toBeGreaterThan(2)
      }),
      { numRuns: 40 },
    )
  })
})

describe.each(kinds)('定期会议 on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openMeetingCast({ kind, now: '2026-11-24T09:00:00+08:00' })
  })
  afterAll(() => cast.office.close())

  const labels = (seen: Seen) => seen.card?.buttons.map(button => button.label) ?? []
  const meetings = () =>
    rows<{ title: string; state: string; starts: string; series: string | null }>(
      cast.office.database.db,
      `select title, state, to_char(starts_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI') as starts, series from meetings order by id`,
    )
  const booked = async () =>
    (
      await rows<{ starts: string }>(
        cast.office.database.db,
        `select to_char(starts_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI') as starts from bookings where state <> 'void' order by starts_at`,
      )
    ).map(({ starts }) => starts)
  it('一句话:首次会议照常拟定,发布后定期生效', async () => {
    const { li, chen } = cast
    await li.says('/会议 每周一9:00-10:00 三楼会议室 办公例会 @陈晨 三类会议 遇节假日顺延')
    const series = await cardTitled(li, '会议 · 定期会议')
    expect(series.words).toContain('首次会议的通知发出后生效')
    expect(series.words).toMatch(/周期 每周一9:00-10:00 遇节假日顺延$/m)
    const draft = await cardTitled(li, '会议 · 拟定')
    expect(draft.words).toContain('办公例会')
    expect(draft.words).toContain('会议费参考:三类会议,1人、1天,会议费不超过550元(550元/人·天)')
    expect((await meetings()).at(-1)).toMatchObject({ state: 'draft', starts: '11-30 09:00' })
    await li.presses('发布', { on: draft })
    expect((await meetings()).at(-1)).toMatchObject({ state: 'notified' })
    await chen.says('/会议 定期')
    expect((await chen.seesCard()).words).toContain('没有您承办的定期会议')
  })

  it('提前若干天自动发出下一次,不重复;单次可变更', async () => {
    const { office, li, chen } = cast
    await office.moveTo('2026-12-02T08:31:00+08:00')
    await office.settled()
    expect((await meetings()).map(({ starts, state }) => `${starts} ${state}`)).toEqual([
      '11-30 09:00 ended',
      '12-07 09:00 notified',
    ])
    expect(await booked()).toEqual(['11-30 09:00', '12-07 09:00'])
    await office.moveTo('2026-12-02T09:31:00+08:00')
    expect(await meetings()).toHaveLength(2)
    expect((await chen.messages()).filter(one => one.words.includes('12月7日'))).not.toHaveLength(0)
    expect((await cardTitled(li, '会议 · 已通知')).words).toMatch(/12月7日\(周一\)09:00[\s\S]*应到1人/)
    await li.says('/会议 定期')
    await li.presses('查看', { on: await cardTitled(li, '会议 · 定期会议') })
    const card = await cardTitled(li, '会议 · 定期会议 · 进行中')
    expect(card.words).toContain('12月7日(周一)09:00')
    expect(card.words).toContain('下一次')
    expect(card.words).toContain('12月14日(周一)09:00')
    expect(labels(card)).toEqual(['暂停', '终止'])
    expect((await chen.forges('暂停', card)).toast?.content).toBe('未找到该定期会议')
  })

  it('假期调整后重新计算并告知;暂停、恢复、终止', async () => {
    const { office, li } = cast
    await office.person('刘芳').says('/假期 调整 12月14日 休息')
    await office.moveTo('2026-12-02T09:33:00+08:00')
    await office.settled()
    expect((await li.messages()).some(one => one.words.includes('调整为12月15日(周二)09:00'))).toBe(true)
    await li.presses('暂停', { on: await cardTitled(li, '会议 · 定期会议 · 进行中') })
    await office.moveTo('2026-12-20T10:00:00+08:00')
    expect(await meetings()).toHaveLength(2)
    await li.presses('恢复', { on: await cardTitled(li, '会议 · 定期会议 · 已暂停') })
    await office.moveTo('2026-12-20T10:02:00+08:00')
    await office.settled()
    const after = await meetings()
    expect(after.at(-1)).toMatchObject({ starts: '12-21 09:00', state: 'notified' })
    await li.presses('终止', { on: await cardTitled(li, '会议 · 定期会议 · 进行中') })
    await office.moveTo('2027-01-10T10:00:00+08:00')
    expect(await meetings()).toHaveLength(after.length)
  })

  it('会议室已被占用的,留作草稿并告知承办人', async () => {
    const { office, li, chen } = cast
    await li.says('/会议 每周三10:00-11:00 五楼会议室 调度例会 @陈晨')
    await li.presses('发布', { on: await cardTitled(li, '会议 · 拟定') })
    const [room] = await rows<{ id: string }>(office.database.db, `select id from rooms where name = '五楼会议室'`)
    const [last] = await rows<{ starts: string }>(
      office.database.db,
      `select (starts_at + interval '7 days')::text as starts from meetings where title = '调度例会'`,
    )
    await office.database.db.execute(
      `insert into bookings (room, starts_at, ends_at, state, booked_by, booked_at, word) values (${room?.id}, '${last?.starts}', '${last?.starts}'::timestamptz + interval '1 hour', 'held', '${chen.id}', now(), '接待')`,
    )
    await office.moveTo('2027-01-16T10:00:00+08:00')
    await office.settled()
    const all = (await meetings()).filter(({ title }) => title === '调度例会')
    expect(all.map(({ state }) => state)).toEqual(['ended', 'draft'])
    await office.moveTo('2027-01-18T09:00:00+08:00')
    await office.settled()
    expect((await li.messages()).some(one => one.words.includes('未自动发出:五楼会议室已被占用或停用'))).toBe(true)
  })

  it('首次会议没有的报批事由,不随定期会议放过:留作草稿并告知', async () => {
    const { office, li } = cast
    const { db } = office.database
    await li.says('/会议 每周四10:00-11:00 第二会议室 研判例会 @陈晨')
    await li.presses('发布', { on: await cardTitled(li, '会议 · 拟定') })
    await keepSetting(db, RULE_SETTING, { quiet: [{ weekday: 4 }] }, new Date('2027-01-18T09:00:00+08:00'))
    await office.moveTo('2027-01-25T09:00:00+08:00')
    await office.settled()
    const all = (await meetings()).filter(({ title }) => title === '研判例会')
    expect(all.map(({ state }) => state)).toEqual(['ended', 'draft'])
    expect((await li.messages()).some(one => one.words.includes('未自动发出:会议安排在本单位的无会日'))).toBe(true)
  })

  it('已发出的会议可设为定期;周期看不懂、无权的说明', async () => {
    const { office, li, chen } = cast
    const [number] = await rows<{ n: string }>(
      office.database.db,
      'select number_seq as n from meetings where series is not null and number_seq is not null order by id desc limit 1',
    )
    await li.says(`/会议 定期 会〔2026〕${number?.n}号 尽快`)
    const refused = (await li.sees()).words
    expect(refused).toContain('未能识别会议周期')
    expect(refused, '以该会议自己的编号为例').toContain(`/会议 定期 会〔2026〕${number?.n}号 每周一9:00`)
    await chen.says(`/会议 定期 会〔2026〕${number?.n}号 每周一9:00`)
    expect((await chen.sees()).words).toContain('未找到您能查看的')
    await li.says(`/会议 定期 会〔2026〕${number?.n}号 每周一9:00`)
    expect((await li.sees()).words).toContain('该会议已设为定期会议')
  })
})

describe.each(kinds)('节假日安排调整的定期会议 on %s', kind => {
  it('已通知的一次,其日后来调整为休息的,同一周期不再另发一次', async () => {
    const { office, li } = await openMeetingCast({ kind, now: '2026-11-24T09:00:00+08:00' })
    const starts = async () =>
      (
        await rows<{ starts: string }>(
          office.database.db,
          `select to_char(starts_at at time zone 'Asia/Shanghai', 'MM-DD') as starts from meetings order by starts_at`,
        )
      ).map(one => one.starts)
    await li.says('/会议 每周一9:00-10:00 三楼会议室 办公例会 @陈晨 三类会议 遇节假日顺延')
    const draft = (await li.messages()).filter(one => one.card?.title.startsWith('会议 · 拟定')).at(-1)
    if (!draft) throw new Error('there is no draft')
    await li.presses('发布', { on: draft })
    await office.moveTo('2026-12-02T10:00:00+08:00')
    await office.settled()
    expect(await starts()).toEqual(['11-30', '12-07'])
    await office.person('刘芳').says('/假期 调整 12月7日 休息')
    await office.moveTo('2026-12-03T10:00:00+08:00')
    await office.settled()
    expect(await starts()).toEqual(['11-30', '12-07'])
    expect((await li.messages()).filter(({ words }) => words.includes('的下一次由'))).toEqual([])
    await office.moveTo('2026-12-09T10:00:00+08:00')
    await office.settled()
    expect(await starts()).toEqual(['11-30', '12-07', '12-14'])
    await office.close()
  })
})

describe.each(kinds)('移交的定期会议 on %s', kind => {
  it('以后各次由接手人承办,由其查看和终止;没有移交的,办公室主任得知', async () => {
    const cast = await openMeetingCast({ kind, now: '2026-11-24T09:00:00+08:00' })
    const { office, li, cao } = cast
    const admin = office.person('刘芳')
    const { db } = office.database
    const coming = () =>
      rows<{ maker: string; state: string }>(db, 'select maker, state from meetings order by starts_at desc limit 1')
    await li.says('/会议 每周一9:00-10:00 三楼会议室 办公例会 @陈晨 三类会议')
    const draft = (await li.messages()).filter(one => one.card?.title.startsWith('会议 · 拟定')).at(-1)
    if (!draft) throw new Error('there is no draft')
    await li.presses('发布', { on: draft })
    expect(await coming()).toEqual([{ maker: li.id, state: 'notified' }])
    // the number is hers, and not of whoever has the series after her
    await rows(db, `update meetings set contact = '${li.id}', phone = '13800000001' where maker = '${li.id}'`)
    await office.moveTo('2026-11-30T12:00:00+08:00')
    await admin.says('/角色 移交 @李静 @曹颖')
    await admin.presses('移交', { form: { to: cao.id, names: '', of: 'whole' } })
    await office.moveTo('2026-12-02T10:00:00+08:00')
    await office.settled()
    expect(await coming()).toEqual([{ maker: cao.id, state: 'notified' }])
    expect(await rows(db, 'select contact, phone from meetings order by starts_at desc limit 1')).toEqual([
      { contact: cao.id, phone: '' },
    ])
    await cao.says('/会议 定期')
    expect((await cao.seesCard()).words).toContain('办公例会')
    await office.send('PATCH', `/sim/people/${cao.id}`, { is_resigned: true })
    await office.settled()
    await office.moveTo('2026-12-09T10:00:00+08:00')
    await office.settled()
    expect((await li.messages()).some(one => one.words.includes('未自动发出:承办人已离任。请办理移交'))).toBe(true)
    await office.close()
  })
})

describe.each(kinds)('主持人离任的定期会议 on %s', kind => {
  it('以后各次不再以其名义发出,留待承办人另定', async () => {
    const cast = await openMeetingCast({ kind, now: '2026-11-24T09:00:00+08:00' })
    const { office, li, zhang } = cast
    const { db } = office.database
    await li.says('/会议 每周一9:00-10:00 三楼会议室 调度例会 @陈晨 三类会议')
    const draft = (await li.messages()).filter(one => one.card?.title.startsWith('会议 · 拟定')).at(-1)
    if (!draft) throw new Error('there is no draft')
    await li.presses('发布', { on: draft })
    await rows(db, `update meetings set presider = '${zhang.id}', convener = '${zhang.id}'`)
    await office.send('PATCH', `/sim/people/${zhang.id}`, { is_resigned: true })
    await office.settled()
    await office.moveTo('2026-12-02T10:00:00+08:00')
    await office.settled()
    const [last] = await rows(db, 'select state, presider, convener from meetings order by starts_at desc limit 1')
    expect(last).toEqual({ state: 'draft', presider: '', convener: '' })
    const told = (await li.messages()).filter(one => one.words.includes('未自动发出:张明已离任,请另定主持人、召集人'))
    expect(told.length).toBe(1)
    await office.close()
  })
})

describe.each(kinds)('须经审批的定期会议 on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openMeetingCast({ kind, now: '2026-11-24T09:00:00+08:00' })
  })
  afterAll(() => cast.office.close())

  const called = (title: string) =>
    rows<{ state: string }>(
      cast.office.database.db,
      `select state from meetings where title = '${title}' order by starts_at`,
    ).then(some => some.map(({ state }) => state))
  it('送审前已设为定期的,审批人看到周期,其后各次自动发出', async () => {
    const { office, cao, li } = cast
    await cao.says('/会议 每周一9:00-10:00 三楼会议室 办公例会 @陈晨')
    await cao.presses('送审', { on: await cardTitled(cao, '会议 · 拟定') })
    const asked = await cardTitled(li, '会议 · 待审批')
    expect(asked.words).toContain('定期会议(每周一9:00-10:00)')
    await li.presses('同意', { on: asked })
    await office.moveTo('2026-12-02T10:00:00+08:00')
    await office.settled()
    expect(await called('办公例会')).toEqual(['ended', 'notified'])
    expect((await cardTitled(cao, '会议 · 已通知')).words).not.toContain('不再逐次审批')
  })

  it('审批通过后才设为定期的,其后各次不自动发出,留待送审', async () => {
    const { office, cao, li } = cast
    await cao.says('/会议 12月7日14:30-15:30 五楼会议室 调度例会 @陈晨')
    await cao.presses('送审', { on: await cardTitled(cao, '会议 · 拟定') })
    const asked = await cardTitled(li, '会议 · 待审批')
    expect(asked.words).not.toContain('定期会议')
    await li.presses('同意', { on: asked })
    const [{ n } = { n: '' }] = await rows<{ n: string }>(
      office.database.db,
      `select number_seq as n from meetings where title = '调度例会'`,
    )
    await cao.says(`/会议 定期 会〔2026〕${n}号 每周一14:30-15:30`)
    expect((await cardTitled(cao, '会议 · 定期会议')).words).toContain('其后各次须经审批的,留作草稿,请逐次送审')
    await office.moveTo('2026-12-09T10:00:00+08:00')
    await office.settled()
    expect(await called('调度例会')).toEqual(['ended', 'draft'])
    const told = (await cao.messages()).filter(({ words }) => words.includes('未自动发出:须经审批'))
    expect(told.map(({ words }) => words).join()).toContain('请在 /待办 中修改后发布或送审')
    await cao.says('/待办')
    expect((await cao.sees()).words).toContain('调度例会')
  })

  it('不须审批的承办人事后设为定期的,照常自动发出', async () => {
    const { office, li } = cast
    await li.says('/会议 12月16日14:30-15:30 五楼会议室 主任例会 @陈晨')
    await li.presses('发布', { on: await cardTitled(li, '会议 · 拟定') })
    const [{ n } = { n: '' }] = await rows<{ n: string }>(
      office.database.db,
      `select number_seq as n from meetings where title = '主任例会'`,
    )
    await li.says(`/会议 定期 会〔2026〕${n}号 每周三14:30-15:30`)
    await office.moveTo('2026-12-18T10:00:00+08:00')
    await office.settled()
    expect(await called('主任例会')).toEqual(['ended', 'notified'])
  })
})

describe.each(kinds)('首次会议还须填写的 on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openMeetingCast({ kind })
  }, 180_000)
  afterAll(() => cast.office.close())

  it('照所说的周期提示如何设为定期,不借他会的编号', async () => {
    const { li } = cast
    for (const [line, cycle] of [
      ['每周一9:00-10:00 三楼会议室 遇节假日顺延', '每周一9:00-10:00 遇节假日顺延'],
      ['每周二14:30 三楼会议室 提前7天发布', '每周二14:30 提前7天'],
    ]) {
      await li.says(`/会议 ${line}`)
      const words = (await li.messages()).map(one => one.words)
      expect(words).toContain(
        `请先填写首次会议;发出通知后,发送“/会议 定期 会议编号 ${cycle}”设为定期会议(会议编号见通知)。`,
      )
      expect(words.join()).not.toContain('31号')
    }
  })
})

describe.each(kinds)('一句话里时间和周期分开写的 on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openMeetingCast({ kind })
  })
  afterAll(() => cast.office.close())

  it('时间和周期分开写的:相符的从该日起定期,不符的用原话问清,名称里不留周期', async () => {
    const { li } = cast
    await li.says('/会议 12月25日下午3点-4点 五楼会议室 研判会 @王强 每周五')
    const made = (await li.messages()).slice(-2)
    expect(made.map(one => one.card?.title)).toEqual(['会议 · 拟定', '会议 · 定期会议 · 进行中'])
    expect(made[0]?.words).toMatch(/研判会[\s\S]*12月25日\(周五\)15:00至16:00/)
    expect(made.map(({ words }) => words).join()).not.toMatch(/研判会 ?每周五/)
    for (const line of [
      '12月25日下午3点-4点 五楼会议室 研判会 @王强 每周一',
      '12月25日下午3点-4点 五楼会议室 每月研判会 @王强',
    ]) {
      await li.says(`/会议 ${line}`)
      const asked = await li.seesCard()
      expect(asked.words).toMatch(/所写时间既有“12月25日下午3点-4点”又有“每(周一|月)”/)
      const value = (name: string) => asked.card.inputs.find(one => one.name === name)?.value
      expect(value('title')).toBe('研判会')
      expect(value('starts')).toBe('2026-12-25 15:00')
    }
  })
})
