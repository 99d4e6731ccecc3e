import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../src/kit/finding.ts'
import { Refusal } from '../src/kit/refusal.ts'
import type { AgendaItem, MeetingWish } from '../src/office/meeting/meeting.ts'
import { isQuiet, quietText, readQuiet } from '../src/office/meeting/quiet.ts'
import { BOOK, FIRM, RULES, type RuleId } from '../src/office/meeting/rule-book.ts'
import { DESK } from '../src/office/meeting/rule-cards.ts'
import type { MeetingFacts } from '../src/office/meeting/rule-facts.ts'
import { type RuleSetting, THRESHOLDS, USUAL } from '../src/office/meeting/rule-setting.ts'
import { checkMeeting, halfDays, refuseSecret } from '../src/office/meeting/rules.ts'
import { isSecret } from '../src/office/meeting/secret.ts'
import { CLASSES, KINDS, SCOPES } from '../src/office/meeting/terms.ts'
import { at, customs, NOW } from './harness/car-rules.ts'
import { aWish, meetingFacts, nobody } from './harness/meeting-rules.ts'
import { OPEN_TITLES, SECRET_TITLES } from './meeting-titles.ts'

const said = (findings: Finding[]): string => findings.map(({ rule, severity }) => `${rule} ${severity}`).join(', ')
const heard = (wish: Partial<MeetingWish>, facts: Partial<MeetingFacts> = {}) =>
  said(checkMeeting(aWish(wish), meetingFacts(facts)))
const settled = (some: Partial<RuleSetting>): Partial<MeetingFacts> => ({ setting: { ...USUAL, ...some } })
const measured = (some: Partial<RuleSetting['thresholds']>) => settled({ thresholds: { ...USUAL.thresholds, ...some } })

const span = (from: string, until: string) => ({ startsAt: at(from), endsAt: at(until) })
const item = (topic: string, minutes = 0, reporter = ''): AgendaItem => ({ topic, minutes, reporter })
const units = (...ids: string[]) => ({ ...nobody, units: ids.map(unit => ({ unit, places: 2 })) })
/** One that calls other units and stands in the year's plan, a week ahead. */
const CITY = { scope: 'city' as const, planned: true, ...span('12-02T14:30', '12-02T16:00') }
const SYSTEM = { ...CITY, scope: 'system' as const, title: '全市政法工作会议' }

type Row = [title: string, wish: Partial<MeetingWish>, said: string, facts?: Partial<MeetingFacts>]

describe('会议规则', () => {
  it.each<Row>([
    ['没有可说的', {}, ''],
    ['product.md 5 所举的例子', { ...span('11-27T14:30', '11-27T16:00'), guests: { ...nobody, people: ['WQ'] } }, ''],
    ['MT-01 涉密', { title: '涉密会议' }, 'MT-01 F'],
    ['MT-01 议程涉密', { agenda: [item('传达涉密文件')] }, 'MT-01 F'],
    ['MT-01 备注标密', { remark: '密级:机密' }, 'MT-01 F'],
    ['MT-01 保密工作不算', { title: '保密工作会议', discipline: '会上不得谈论涉密内容' }, ''],
    ['MT-02 允许替会', { remark: '不能参会的可委派他人参加' }, 'MT-02 W'],
    ['MT-02 可派员代会', { discipline: '确有事的,可派人员代会' }, 'MT-02 W'],
    ['MT-02 经批准后代会不算', { remark: '确需请假的,经批准后可委派人员代会' }, ''],
    ['MT-02 不得替会不算', { discipline: '手机静音,不得替会' }, ''],
    ['MT-09 有冲突', {}, 'MT-09 W', { clashes: 1 }],
    ['MT-10 提前1个工作日', span('11-25T14:30', '11-25T16:00'), 'MT-10 W'],
    ['MT-10 提前2个工作日', span('11-26T08:30', '11-26T10:00'), ''],
    ['MT-10 周末不计', span('11-30T08:30', '11-30T10:00'), 'MT-10 W', { now: at('11-27T09:00') }],
    ['MT-10 紧急会议提示电话确认', { ...span('11-24T15:00', '11-24T16:00'), urgent: true }, 'MT-10 W'],
    ['MT-10 阈值可调', span('11-25T14:30', '11-25T16:00'), '', measured({ ahead: 1 })],
    ['MT-20 当年第二次', SYSTEM, 'MT-20 A', { comprehensive: 1 }],
    ['MT-20 当年第一次', SYSTEM, '', { comprehensive: 0 }],
    ['MT-20 专题会议不算', { ...SYSTEM, title: '全市政法系统保密工作会议' }, '', { comprehensive: 1 }],
    ['MT-20 推进会不算', { ...SYSTEM, title: '平安建设推进会' }, '', { comprehensive: 1 }],
    ['MT-20 本单位不算', { title: '年度工作会议' }, '', { comprehensive: 1 }],
    ['MT-20 阈值可调', SYSTEM, '', { comprehensive: 1, ...measured({ yearly: 2 }) }],
    ['MT-21 再部署已发文事项', { agenda: [item('部署落实《平安建设实施方案》')] }, 'MT-21 W'],
    ['MT-21 凭文号', { remark: '就江政法〔2026〕12号文件作动员部署' }, 'MT-21 W'],
    ['MT-21 审议稿不算', { agenda: [item('审议并部署《平安建设实施方案》')] }, ''],
    ['MT-21 学习法律不算', { agenda: [item('学习《保守国家秘密法》')] }, ''],
    ['MT-22 分管召集、要求主要负责同志', { ...CITY, level: '各单位主要负责同志' }, 'MT-22 W', deputy()],
    ['MT-22 主要领导召集不算', { ...CITY, level: '各单位主要负责同志' }, ''],
    ['MT-22 分管负责同志不算', { ...CITY, level: '各单位分管负责同志' }, '', deputy()],
    ['MT-22 本单位科室不算', { level: '各科室主要负责同志' }, '', deputy()],
    ['MT-22 明确不要求不算', { ...CITY, level: '不要求主要负责同志参会' }, '', deputy()],
    [
      'MT-22 本单位会议请下级单位',
      { guests: units('A'), level: '单位一把手', planned: true, ...SOON() },
      'MT-22 W',
      deputy(),
    ],
    ['MT-23 县区党委负责同志', { ...CITY, level: '各县区党委负责同志' }, 'MT-23 A'],
    ['MT-23 县区政府分管', { ...CITY, level: '各区政府分管负责同志' }, 'MT-23 A'],
    ['MT-23 县长', { ...CITY, level: '各县长、区长' }, 'MT-23 A'],
    ['MT-23 政府办公室不算', { ...CITY, level: '各区政府办公室负责同志' }, ''],
    ['MT-23 政法委不算', { ...CITY, level: '各区委政法委书记' }, ''],
    ['MT-24 直达基层', { ...CITY, scope: 'grassroots' }, 'MT-24 A'],
    ['MT-24 视频开到乡镇', { ...CITY, branches: '视频会议开到各乡镇' }, 'MT-24 A'],
    ['MT-24 不延伸不算', { ...CITY, branches: '不延伸至乡镇' }, ''],
    ['MT-24 基层调研不算', { title: '基层治理调研座谈会' }, ''],
    ['MT-25 讲话61分钟', { agenda: [item('领导讲话', 61)] }, 'MT-25 W'],
    ['MT-25 讲话60分钟', { agenda: [item('领导讲话', 60)] }, ''],
    ['MT-25 议题讨论不算', { agenda: [item('讨论方案', 90)] }, ''],
    ['MT-25 通知写明的讲话', { speech: 90 }, 'MT-25 W'],
    ['MT-25 阈值可调', { speech: 90 }, '', measured({ speech: 90 })],
    ['MT-25 两位主要领导讲话', { agenda: [item('讲话', 20, '赵国栋书记'), item('讲话', 20, '钱卫民院长')] }, 'MT-25 W'],
    ['MT-25 同一位不算', { agenda: [item('讲话', 20, '赵国栋书记'), item('总结讲话', 20, '赵国栋书记')] }, ''],
    ['MT-25 另一位只汇报不算', { agenda: [item('讲话', 20, '赵国栋'), item('情况汇报', 20, '钱卫民')] }, ''],
    ['MT-26 半天', span('11-27T08:30', '11-27T12:30'), ''],
    ['MT-26 一天', span('11-27T08:30', '11-27T17:30'), 'MT-26 W'],
    ['MT-26 一天、分组讨论', { ...span('11-27T08:30', '11-27T17:30'), agenda: [item('分组讨论')] }, ''],
    ['MT-26 一天半、分组讨论', { ...span('11-26T08:30', '11-27T12:00'), agenda: [item('分组讨论')] }, ''],
    ['MT-26 一天半、不分组', span('11-26T08:30', '11-27T12:00'), 'MT-26 W'],
    ['MT-26 晚间', span('11-27T19:00', '11-27T21:00'), ''],
    ['MT-26 两天', { ...span('11-26T08:30', '11-27T17:30'), agenda: [item('分组讨论')] }, 'MT-26 A'],
    ['MT-26 不安排分组不算', { ...span('11-27T08:30', '11-27T17:30'), remark: '不安排分组讨论' }, 'MT-26 W'],
    ['MT-26 阈值可调', span('11-27T08:30', '11-27T17:30'), '', measured({ plain: 2 })],
    ['MT-27 21个单位', {}, 'MT-27 W', { units: 21 }],
    ['MT-27 20个单位', {}, '', { units: 20 }],
    ['MT-27 阈值可调', {}, 'MT-27 W', { units: 6, ...measured({ units: 5 }) }],
    ['MT-28 每周五', {}, 'MT-28 A', settled({ quiet: [{ every: 'week', weekday: 5 }] })],
    ['MT-28 每周四', {}, '', settled({ quiet: [{ every: 'week', weekday: 4 }] })],
    ['MT-28 第四周', {}, 'MT-28 A', settled({ quiet: [{ every: 'month', week: 4 }] })],
    ['MT-28 第三周', {}, '', settled({ quiet: [{ every: 'month', week: 3 }] })],
    ['MT-28 当日', {}, 'MT-28 A', settled({ quiet: [{ from: '2026-11-27', to: '2026-11-27' }] })],
    ['MT-28 次日', {}, '', settled({ quiet: [{ from: '2026-11-28', to: '2026-11-30' }] })],
    ['MT-29 计划外', { ...CITY, planned: false }, 'MT-29 A'],
    ['MT-29 计划内提前6个工作日', CITY, ''],
    ['MT-29 计划内提前4个工作日', { ...CITY, ...span('11-30T14:30', '11-30T16:00') }, 'MT-29 W'],
    ['MT-29 提前5个工作日', { ...CITY, ...span('12-01T14:30', '12-01T16:00') }, ''],
    ['MT-29 阈值可调', { ...CITY, ...span('11-30T14:30', '11-30T16:00') }, '', measured({ planAhead: 4 })],
    ['MT-29 本单位例会不算', { scope: 'house' }, ''],
    ['MT-29 上级会议不算', { ...CITY, planned: false, kind: 'superior' }, ''],
    ['MT-30 2小时30分', { ...CITY, ...span('12-02T14:30', '12-02T17:00') }, 'MT-30 W'],
    ['MT-30 2小时', { ...CITY, ...span('12-02T14:30', '12-02T16:30') }, ''],
    ['MT-30 表态发言', { ...CITY, agenda: [item('单位表态发言')] }, 'MT-30 W'],
    ['MT-30 不安排表态不算', { ...CITY, remark: '不安排表态发言' }, ''],
    ['MT-30 本单位不算', { agenda: [item('表态发言')] }, ''],
    ['MT-30 阈值可调', { ...CITY, ...span('12-02T14:30', '12-02T17:00') }, '', measured({ cityHours: 3 })],
    ['MT-31 专项4001字', { materials: '请准备专项汇报材料4001字' }, 'MT-31 W'],
    ['MT-31 专项4000字', { materials: '请准备专项汇报材料4000字' }, ''],
    ['MT-31 综合5000字', { materials: '年度工作总结5000字以内' }, ''],
    ['MT-31 综合六千字', { materials: '年度工作总结六千字' }, 'MT-31 W'],
    ['MT-31 1万字', { materials: '调研报告1万字左右' }, 'MT-31 W'],
    ['MT-31 阈值可调', { materials: '汇报材料2500字' }, 'MT-31 W', measured({ special: 2_000 })],
    ['MT-32 白头件', { materials: '会议要求以白头文件形式印发各单位' }, 'MT-32 W'],
    ['MT-32 合并发文', { remark: '两项通知合并印发' }, 'MT-32 W'],
    ['MT-32 禁止性要求不算', { remark: '不得以白头件形式印发' }, ''],
    ['MT-33 报送落实情况', { remark: '各单位于12月底前报送会议贯彻落实情况' }, 'MT-33 W'],
    ['MT-33 配套文件', { remark: '会后一周内制定配套文件' }, 'MT-33 W'],
    ['MT-33 说明理由不算', { remark: '因年底考核需要,请报送贯彻落实情况' }, ''],
    ['MT-33 报送参会名单不算', { remark: '请报送参会人员名单' }, ''],
    ['MT-34 四类51人', { class: 'fourth' }, 'MT-34 A', { heads: 51 }],
    ['MT-34 四类50人', { class: 'fourth' }, '', { heads: 50 }],
    ['MT-34 未定类不算', {}, '', { heads: 500 }],
    ['MT-34 一类据实', { class: 'first' }, '', { heads: 500 }],
    [
      'MT-34 三天',
      { class: 'third', ...span('12-01T08:30', '12-03T17:30'), agenda: [item('分组讨论')] },
      'MT-34 A, MT-26 A',
    ],
    [
      'MT-34 标准可调',
      { class: 'fourth' },
      'MT-34 A',
      { heads: 31, ...settled({ caps: { ...USUAL.caps, fourth: { heads: 30, days: 2, fee: 550 } } }) },
    ],
    ['先禁止,后加签', { title: '涉密会议', ...CITY, planned: false, speech: 90 }, 'MT-01 F, MT-29 A, MT-25 W'],
  ])('%s', (_title, wish, expected, facts) => {
    expect(heard(wish, facts)).toBe(expected)
  })

  it('关闭的规则不作声,涉密会议除外', () => {
    expect(heard({ speech: 90 }, settled({ off: ['MT-25'] }))).toBe('')
    expect(heard({ title: '涉密会议' }, settled({ off: ['MT-01'] }))).toBe('MT-01 F')
  })

  it('涉密会议按原文拒绝', () => {
    expect(() => refuseSecret('召开涉密会议')).toThrow(new Refusal('请按涉密会议管理要求线下组织'))
    expect(() => refuseSecret('召开保密工作会议')).not.toThrow()
  })

  it('紧急会议提示电话确认', () => {
    const [only] = checkMeeting(aWish({ ...span('11-24T15:00', '11-24T16:00'), urgent: true }), meetingFacts())
    expect(only?.words).toBe('紧急会议,请逐一电话确认参会情况。')
  })
})

function deputy(): Partial<MeetingFacts> {
  return { isDeputyConvening: true }
}

function SOON() {
  return span('12-02T14:30', '12-02T16:00')
}

describe('涉密会议的措辞', () => {
  it.each(SECRET_TITLES)('是:%s', title => expect(isSecret(title)).toBe(true))
  it.each(OPEN_TITLES)('不是:%s', title => expect(isSecret(title)).toBe(false))
  it('两类都有足够的例子', () => {
    expect(SECRET_TITLES.length + OPEN_TITLES.length).toBeGreaterThanOrEqual(60)
    expect(new Set([...SECRET_TITLES, ...OPEN_TITLES]).size).toBe(SECRET_TITLES.length + OPEN_TITLES.length)
  })
  it('插入空格和间隔符也认得出', () => {
    const marks = fc.constantFrom('', ' ', '\u3000', '·', '\u200b', '-')
    fc.assert(
      fc.property(
        fc.constantFrom(...SECRET_TITLES.slice(0, 12)),
        fc.array(marks, { maxLength: 12 }),
        (title, between) => isSecret(Array.from(title, (char, i) => char + (between[i] ?? '')).join('')),
      ),
    )
  })
})

describe('无会日', () => {
  it.each([
    ['每周一', '2026-11-30', true],
    ['每周一', '2026-12-01', false],
    ['周日', '2026-11-29', true],
    ['每月第二周', '2026-12-14', true],
    ['每月第二周', '2026-12-13', false],
    // the week of 30 November belongs to November
    ['每月第一周', '2026-12-01', false],
    ['每月第五周', '2026-12-01', true],
    ['12月1日', '2026-12-01', true],
    ['12月1日至12月5日', '2026-12-05', true],
    ['12月1日至5日', '2026-12-05', true],
    ['12月1日至5日', '2026-12-06', false],
    ['2026-12-01至2026-12-05', '2026-12-03', true],
    // of a date without a year the next one is meant
    ['1月5日', '2027-01-05', true],
    ['12月30日至1月2日', '2027-01-01', true],
  ])('%s,%s:%s', (typed, day, expected) => {
    expect(isQuiet(day, readQuiet(typed, NOW))).toBe(expected)
  })

  it.each(['每周八', '每月第六周', '2月30日', '12月5日至12月1日2026', '周末'])('不认识的会指出:%s', typed => {
    expect(() => readQuiet(typed, NOW)).toThrow(`无会日无法识别“${typed}”`)
  })

  it('写出来再读回去还是一样', () => {
    const all = readQuiet('每周一、每周日、每月第二周、12月1日、12月1日至12月5日', NOW)
    expect(all).toHaveLength(5)
    expect(readQuiet(all.map(quietText).join('、'), NOW)).toEqual(all)
  })
})

describe('规则表', () => {
  const ids = Object.keys(RULES) as RuleId[]

  it('每条都在设置卡片上,且只一次', () => {
    expect(DESK.groups.flatMap(group => group.ids).sort()).toEqual(ids.toSorted())
  })

  it('阈值属于存在的规则,常用值在范围内', () => {
    for (const { rule, usual, least, greatest } of Object.values(THRESHOLDS)) {
      expect(ids).toContain(rule)
      expect(usual).toBeGreaterThanOrEqual(least)
      expect(usual).toBeLessThanOrEqual(greatest)
    }
  })

  it('只有有据可查的列依据;加签的说明由谁审批', () => {
    const based = ids.filter(id => BOOK.rules[id].basis !== undefined)
    expect(based).toEqual(
      ['01', '20', '21', '22', '23', '24', '25', '26', '27', '31', '32', '33'].map(number => `MT-${number}`),
    )
    for (const id of ids) {
      const { severity, adds, words } = BOOK.rules[id]
      expect(adds !== undefined, id).toBe(severity.includes('A'))
      expect(words, id).not.toMatch(/按规定|[!!]/)
    }
    expect(FIRM).toEqual(['MT-01'])
  })
})

describe('无论怎样填写', () => {
  const text = fc.oneof(fc.string({ maxLength: 60 }), fc.constantFrom(...SECRET_TITLES, ...OPEN_TITLES))
  const wish = fc.record({
    title: text,
    kind: fc.constantFrom(...(Object.keys(KINDS) as Array<keyof typeof KINDS>)),
    class: fc.constantFrom('' as const, ...(Object.keys(CLASSES) as Array<keyof typeof CLASSES>)),
    scope: fc.constantFrom(...(Object.keys(SCOPES) as Array<keyof typeof SCOPES>)),
    level: text,
    materials: text,
    remark: text,
    planned: fc.boolean(),
    urgent: fc.boolean(),
    hours: fc.integer({ min: 1, max: 72 }),
  })

  it('都有答复:禁止在先,每条至多一次,涉密的一定禁止', () => {
    fc.assert(
      fc.property(wish, fc.integer({ min: 0, max: 3_000 }), ({ hours, ...some }, heads) => {
        const startsAt = at('11-27T08:30')
        const asked = aWish({ ...some, startsAt, endsAt: new Date(startsAt.getTime() + hours * 3_600_000) })
        const found = checkMeeting(asked, meetingFacts({ heads }))
        const order = found.map(({ severity }) => 'FAW'.indexOf(severity))
        expect(order).toEqual(order.toSorted())
        expect(new Set(found.map(({ rule }) => rule)).size).toBe(found.length)
        for (const { severity, adds } of found) expect(adds !== undefined).toBe(severity === 'A')
        const isRefused = found.some(({ rule }) => rule === 'MT-01')
        expect(isRefused).toBe([some.title, some.level, some.materials, some.remark].some(isSecret))
      }),
    )
  })

  it('会期以半天计,不因跨日而少', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 96 }), fc.integer({ min: 1, max: 48 }), (hours, more) => {
        const startsAt = at('11-27T08:30')
        const of = (length: number) =>
          halfDays({ startsAt, endsAt: new Date(startsAt.getTime() + length * 1_800_000) }, customs)
        expect(of(hours + more)).toBeGreaterThanOrEqual(of(hours))
      }),
    )
  })
})
