import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../src/kit/finding.ts'
import { covers, isBorrowed } from '../src/office/car/fitness.ts'
import { groundOf, kindOf } from '../src/office/car/purpose.ts'
import { reachOf } from '../src/office/car/reach.ts'
import { FIRM, RULES, type RuleId, ruleOf } from '../src/office/car/rule-book.ts'
import type { Cost, CostFacts, DispatchFacts, RequestFacts, ReturnFacts } from '../src/office/car/rule-facts.ts'
import { USUAL } from '../src/office/car/rule-setting.ts'
import { checkCost, checkDispatch, checkRequest, checkReturn } from '../src/office/car/rules.ts'
import { checkEndorsement, checkFixedUse, checkPublication, checkSeal } from '../src/office/car/rules-watch.ts'
import { CATEGORIES, type Category, GROUNDS, type Ground } from '../src/office/car/terms.ts'
import type { Run, Trip, TripWish } from '../src/office/car/trip.ts'
import { endorseBy } from '../src/office/car/urgent.ts'
import { OFFICIAL, OFFICIAL_LATER, PRIVATE, PRIVATE_LATER } from './car-heard.ts'
import { FORBIDDEN, FURTHER, LEGITIMATE, REFUSED } from './car-reasons.ts'
import {
  aCost,
  aDriver,
  aRun,
  aTrip,
  at,
  aVehicle,
  aWish,
  chainFacts,
  costFacts,
  customs,
  decisionBy,
  dispatchFacts,
  requestFacts,
  returnFacts,
  settled,
} from './harness/car-rules.ts'

const said = (findings: Finding[]): string => findings.map(({ rule, severity }) => `${rule} ${severity}`).join(', ')
const heard = (wish: Partial<TripWish>, facts: Partial<RequestFacts> = {}) =>
  said(checkRequest(aWish(wish), requestFacts(facts)))

type RequestRow = [title: string, wish: Partial<TripWish>, said: string, facts?: Partial<RequestFacts>]
const TRAINING = '参加省厅业务培训班学习'
const SATURDAY = { startsAt: at('11-28T09:00'), endsAt: at('11-28T11:30') }

describe('申请时的规则', () => {
  it.each<RequestRow>([
    ['没有可说的', {}, ''],
    [
      'product.md 6 所举的例子,是周六,须加签',
      { ...span('11-28T08:30', '11-28T17:00'), destination: '区法院', purpose: '调研座谈', headcount: 3 },
      'CAR-17 A',
    ],
    ['CAR-01 私用', { purpose: '接孩子放学回家休息' }, 'CAR-01 F'],
    ['CAR-01 公伤送医不算', { purpose: '送因公负伤民警就医' }, ''],
    ['CAR-02 通勤', { purpose: '每天早上接李主任上班' }, 'CAR-02 F'],
    ['CAR-02 疏导不算', { purpose: '上下班高峰交通秩序疏导' }, ''],
    ['CAR-03 外出培训', { purpose: TRAINING }, 'CAR-03 F'],
    ['CAR-03 授课不算', { purpose: '到党校为干警授课培训' }, ''],
    ['CAR-03 统一组织10人', { purpose: TRAINING, ground: 'group', headcount: 10, cars: 2 }, 'CAR-03 A'],
    ['CAR-03 统一组织9人', { purpose: TRAINING, ground: 'group', headcount: 9, cars: 2 }, 'CAR-03 F'],
    ['CAR-03 公共交通不便', { purpose: TRAINING, ground: 'remote' }, 'CAR-03 A'],
    ['CAR-04 笼统', { purpose: '外出办公务' }, 'CAR-04 F'],
    ['CAR-04 太短', { purpose: '送文件' }, 'CAR-04 F'],
    ['CAR-04 短但地点清楚', { purpose: '调研座谈' }, ''],
    ['CAR-04 短而地点也短', { purpose: '调研座谈', destination: '局' }, 'CAR-04 F'],
    ['CAR-04 字数可设', { purpose: '送案卷材料' }, 'CAR-04 F', { setting: withThreshold('purpose', 9) }],
    ['CAR-05 无地点', { destination: ' ' }, 'CAR-05 F'],
    ['CAR-05 无乘车人', { headcount: 0 }, 'CAR-05 F'],
    ['CAR-05 返回不晚于出发', { endsAt: at('11-26T09:00') }, 'CAR-05 F'],
    ['CAR-06 科长自己申请', { user: 'KZ' }, 'CAR-06 A', { chain: chainFacts({ applicant: 'KZ' }) }],
    ['CAR-06 为科长申请', { user: 'KZ' }, 'CAR-06 A'],
    ['CAR-08 特别紧急', {}, 'CAR-08 W', { urgent: true }],
    ['CAR-09 市内普通出行', { ground: 'ordinary' }, 'CAR-09 F'],
    ['CAR-09 经主要领导批准', { ground: 'approved' }, 'CAR-09 A'],
    ['CAR-09 未享受补贴', { ground: 'ordinary' }, '', { setting: settled({ subsidised: false }) }],
    ['CAR-09 出市不在补贴区域', { ground: 'ordinary', reach: 'beyond' }, 'CAR-19 A'],
    ['CAR-10 机要车送人', { category: 'confidential' }, 'CAR-10 F'],
    ['CAR-10 机要车取送机要件', { category: 'confidential', purpose: '机要件取送', ground: 'urgent' }, ''],
    ['CAR-11 执法车开会', { category: 'enforcement', purpose: '参加全市工作会议' }, 'CAR-11 F'],
    ['CAR-11 执法车执法', { category: 'enforcement', purpose: '外出执行任务', ground: 'duty' }, ''],
    ['CAR-12 特种车送文件', { category: 'special', purpose: '到市委报送请示材料' }, 'CAR-12 F'],
    ['CAR-12 特种车勘查', { category: 'special', purpose: '事故现场勘查取样', ground: 'duty' }, ''],
    ['CAR-13 一般公务用应急车', { category: 'emergency', ground: 'ordinary', reach: 'beyond' }, 'CAR-13 A, CAR-19 A'],
    ['CAR-13 有保障事由', { category: 'emergency' }, ''],
    ['CAR-16 八点出发', { startsAt: at('11-26T08:00') }, 'CAR-16 A'],
    ['CAR-16 上班时出发、下班时返回', { startsAt: at('11-26T08:30'), endsAt: at('11-26T17:30') }, ''],
    ['CAR-16 下班后返回', { endsAt: at('11-26T17:31') }, 'CAR-16 A'],
    ['CAR-16 午间', { startsAt: at('11-26T12:30'), endsAt: at('11-26T14:00') }, ''],
    [
      'CAR-16 按季节作息',
      { endsAt: at('11-26T18:00') },
      '',
      { customs: { ...customs, seasons: [{ from: '11-01', to: '11-30', hours: '08:00-12:00,14:00-18:00' }] } },
    ],
    ['CAR-17 周六、保障范围内', SATURDAY, 'CAR-17 A'],
    ['CAR-17 周六、范围外', { ...SATURDAY, ground: 'ordinary', reach: 'beyond' }, 'CAR-17 F, CAR-19 A'],
    ['CAR-17 周六有依据', { ...SATURDAY, basis: '江政法办〔2026〕9号会议通知' }, 'CAR-17 A'],
    ['CAR-17 应急车只作非工作时间', { ...SATURDAY, category: 'emergency' }, 'CAR-16 A'],
    ['CAR-17 跨周末', { startsAt: at('11-27T09:00'), endsAt: at('11-30T11:00') }, 'CAR-17 A'],
    ['CAR-17 补班的周六', { startsAt: at('10-10T09:00'), endsAt: at('10-10T11:00') }, '', { now: at('09-20T09:00') }],
    [
      'CAR-17 国庆的周四',
      { startsAt: at('10-01T09:00'), endsAt: at('10-01T11:00') },
      'CAR-17 F',
      { now: at('09-20T09:00') },
    ],
    [
      'CAR-17 国庆有依据',
      { startsAt: at('10-01T09:00'), endsAt: at('10-01T11:00'), basis: '江政法办〔2026〕7号会议通知' },
      'CAR-17 A',
      { now: at('09-20T09:00') },
    ],
    [
      'CAR-17 国庆执行任务',
      { startsAt: at('10-01T09:00'), endsAt: at('10-01T11:00'), ground: 'duty', purpose: '外出执行任务' },
      'CAR-17 A',
      { now: at('09-20T09:00') },
    ],
    ['CAR-19 出市', { reach: 'beyond' }, 'CAR-19 A'],
    ['CAR-20 出省', { reach: 'province' }, 'CAR-19 A, CAR-20 A'],
    [
      'CAR-20 说市内而地点在外省',
      { destination: '武汉市中院' },
      'CAR-19 A, CAR-20 A',
      { setting: settled({ province: '湖南', city: '长沙' }) },
    ],
    ['CAR-21 市内不足半天', {}, 'CAR-21 W', { now: at('11-25T21:01') }],
    ['CAR-21 市内提前半天', {}, '', { now: at('11-25T21:00') }],
    ['CAR-21 长途不足一天', { reach: 'beyond' }, 'CAR-19 A, CAR-21 W', { now: at('11-25T09:01') }],
    ['CAR-21 长途提前一天', { reach: 'beyond' }, 'CAR-19 A', { now: at('11-25T09:00') }],
    ['CAR-21 特别紧急不提示', {}, 'CAR-08 W', { now: at('11-26T08:50'), urgent: true }],
    ['CAR-25 自驾', { selfDrive: true }, 'CAR-25 A'],
    ['CAR-26 七座车坐七人加司机', { headcount: 7 }, 'CAR-26 F'],
    ['CAR-26 七座车坐六人加司机', { headcount: 6 }, ''],
    ['CAR-26 自驾坐七人', { headcount: 7, selfDrive: true }, 'CAR-25 A'],
    ['CAR-26 两辆', { headcount: 12, cars: 2 }, ''],
    ['CAR-26 尚无车辆', { headcount: 50 }, '', { mostSeats: undefined }],
    ['CAR-28 60分钟内同方向', {}, 'CAR-28 W', { neighbours: [neighbour('11-26T10:00', '东湖区法院')] }],
    ['CAR-28 61分钟', {}, '', { neighbours: [neighbour('11-26T10:01', '区法院')] }],
    ['CAR-28 另一方向', {}, '', { neighbours: [neighbour('11-26T09:10', '市医院')] }],
    [
      'CAR-28 同一区县',
      { destination: '东湖区法院' },
      'CAR-28 W',
      { neighbours: [neighbour('11-26T09:30', '东湖区检察院')], setting: settled({ towns: ['东湖区'] }) },
    ],
    ['CAR-29 景区', { destination: '西山风景区' }, 'CAR-29 A'],
    ['CAR-29 有依据', { destination: '西山风景区', basis: '江办函〔2026〕3号' }, ''],
    ['CAR-29 景区派出所', { destination: '西山景区派出所' }, ''],
    ['CAR-30 外单位人员', { guests: '省高院王某,评审专家' }, 'CAR-30 A'],
    ['CAR-31 接待无公函', { purpose: '接待省厅来访考察组' }, 'CAR-31 F'],
    ['CAR-31 有公函', { purpose: '接待省厅来访考察组', basis: '湘司函〔2026〕12号' }, ''],
    ['CAR-31 接访', { purpose: '信访接待日接待群众' }, ''],
    ['CAR-32 迎送', { purpose: '到机场迎送上级领导' }, 'CAR-32 F'],
    ['CAR-32 接站', { purpose: '接送外地专家到车站' }, 'CAR-32 A'],
    ['CAR-32 目的地是车站', { purpose: '接评审专家一行', destination: '江州高铁站' }, 'CAR-32 A'],
    ['CAR-32 车站执勤', { purpose: '春运期间安保巡查', destination: '江州高铁站' }, ''],
    ['CAR-40 机要件名称', { category: 'confidential', purpose: '送机要件《某规定》' }, 'CAR-40 F'],
    ['CAR-40 办案写对象', { ground: 'duty', purpose: '到王某某家中搜查取证' }, 'CAR-40 F'],
    ['CAR-40 备注里的案号', { remark: '(2026)江01民初5号' }, 'CAR-40 F'],
    ['CAR-40 执法检查不是办案', { ground: 'joint', purpose: '参加《信访工作条例》贯彻执行情况执法检查' }, ''],
    ['CAR-40 法规名称不涉密', { ground: 'duty', purpose: '外出执行任务并宣讲《反有组织犯罪法》' }, ''],
    ['CAR-40 其他文件名称', { ground: 'duty', purpose: '外出执行任务并送《某方案》' }, 'CAR-40 F'],
    ['CAR-40 执行任务', { ground: 'duty', purpose: '外出执行任务' }, ''],
    ['CAR-40 依据可写任务编号', { ground: 'duty', purpose: '外出执行任务', basis: '任务〔2026〕15号' }, ''],
  ])('%s', (_, wish, words, facts) => expect(heard(wish, facts)).toBe(words))

  it('禁止的在前,说法与依据照 domain.md 4.5', () => {
    const [first] = checkRequest(aWish({ ...SATURDAY, guests: '某教授', purpose: '去学校接孩子放学' }), requestFacts())
    expect(first).toEqual({
      rule: 'CAR-01',
      severity: 'F',
      words: '该事由不属于公务,不得使用公务用车。',
      basis: '《党政机关公务用车管理办法》;《中国共产党纪律处分条例》第一百一十七条',
      adds: undefined,
    })
  })
})

describe('事由的措辞', () => {
  const ofWords = ['CAR-01', 'CAR-02', 'CAR-03', 'CAR-04', 'CAR-31', 'CAR-32', 'CAR-40']
  const told = (purpose: string) =>
    checkRequest(aWish({ purpose, destination: '市区' }), requestFacts()).filter(({ rule }) => ofWords.includes(rule))
  const forbids = (purpose: string) => told(purpose).filter(({ severity }) => severity === 'F')

  it(`${LEGITIMATE.length}条公务事由没有一条被拒`, () =>
    expect(LEGITIMATE.filter(reason => forbids(reason).length > 0)).toEqual([]))
  it(`${REFUSED.length}条非公务或不清楚的事由没有一条放过`, () =>
    expect(REFUSED.filter(reason => forbids(reason).length === 0)).toEqual([]))
  it('第一次听到的公务事由没有一条被拒,私事没有一条放过', () => {
    expect([...OFFICIAL, ...OFFICIAL_LATER].filter(reason => forbids(reason).length > 0)).toEqual([])
    expect([...PRIVATE, ...PRIVATE_LATER].filter(reason => forbids(reason).length === 0)).toEqual([])
  })
  it.each(FORBIDDEN)('%s 拒绝“%s”', (rule, reason) => expect(forbids(reason).map(one => one.rule)).toContain(rule))
  it.each(FURTHER)('%s 加签“%s”', (rule, reason) => expect(told(reason)).toMatchObject([{ rule, severity: 'A' }]))

  it('两百字的重复字样也当即答得出', () => {
    for (const word of ['用车', '事情', '一下', '公务'])
      expect(
        forbids(`${word.repeat(100)}`).map(one => one.rule),
        word,
      ).toContain('CAR-04')
    for (const word of ['用车', '事情', '一下', '公务']) expect(forbids(`${word.repeat(99)}研判`), word).toEqual([])
  })

  it.each([
    ['到机要交换站取送机要件', 'urgent'],
    ['抗洪抢险现场指挥', 'urgent'],
    ['外出执行任务', 'duty'],
    ['联合督查扫黑除恶常态化工作', 'joint'],
    ['单位统一组织义务植树', 'group'],
    ['区法院调研座谈', 'survey'],
    ['参加全市政法工作会议', 'important'],
    ['送报表', undefined],
    ['参加《信访工作条例》贯彻执行情况执法检查', 'joint'],
    ['参加执法培训座谈', 'survey'],
    ['陪同省委督导组到各县区督导', 'important'],
    ['到机场接省委督查组', 'important'],
    ['送检物证', 'duty'],
    ['护送来访人员回家', 'duty'],
    ['案件听证', 'duty'],
    ['接回刑满释放人员', 'duty'],
    ['送材料', undefined],
    ['参加办案质量评议', undefined],
  ])('%s 建议事由 %s', (purpose, ground) => expect(groundOf(purpose)).toBe(ground))
})

describe('机要、办案由事由确定', () => {
  it.each([
    ['机要件取送', '', '', 'urgent', 'confidential'],
    ['机要件取送', 'ordinary', 'other', 'ordinary', 'confidential'],
    ['机要件取送', 'ordinary', 'emergency', 'ordinary', 'confidential'],
    ['外出办案', 'survey', 'other', 'duty', 'other'],
    ['办案质量评查座谈', '', '', 'survey', 'other'],
    ['抗洪抢险现场指挥', '', '', 'urgent', 'emergency'],
    ['抗洪抢险现场指挥', '', 'other', 'urgent', 'other'],
    ['送报表', '', '', 'ordinary', 'other'],
    ['送报表', 'remote', 'special', 'remote', 'special'],
  ] as const)('%s,事由类别“%s”、用车类别“%s”', (purpose, ground, category, settledGround, settledCategory) =>
    expect(kindOf({ purpose, ground, category })).toEqual({ ground: settledGround, category: settledCategory }),
  )
})

type DispatchRow = [title: string, said: string, facts: Partial<DispatchFacts>, trip?: Partial<Trip>]
const OPEN_STEP = { by: 'BZ' as const, why: [], people: ['BZ'], decision: undefined }
const OBJECTED = { ...OPEN_STEP, decision: { ...decisionBy('KZ'), against: true as const } }
const URGENT = { consentedBy: 'BZ', way: 'phone' as const, consentedAt: at('11-24T09:00'), dueAt: at('11-25T17:30') }

describe('派车时的规则', () => {
  it.each<DispatchRow>([
    ['没有可说的', '', {}],
    ['CAR-07 未批完', 'CAR-07 F', {}, { steps: [OPEN_STEP] }],
    ['CAR-08 特别紧急', 'CAR-08 W', {}, { steps: [OPEN_STEP], urgent: URGENT }],
    ['CAR-08 已补办', '', {}, { urgent: URGENT }],
    [
      'CAR-07 不同意补办',
      'CAR-07 F',
      {},
      { steps: [{ ...OPEN_STEP, decision: { ...decisionBy('BZ'), against: true } }], urgent: URGENT },
    ],
    ['CAR-10 派机要车', 'CAR-10 F', { vehicle: aVehicle({ category: 'confidential' }) }],
    ['CAR-11 派执法车', 'CAR-11 F', { vehicle: aVehicle({ category: 'enforcement' }) }],
    ['CAR-12 派特种车', 'CAR-12 F', { vehicle: aVehicle({ category: 'special' }) }],
    ['CAR-14 下属单位的车', 'CAR-14 F', { borrowed: true }],
    ['CAR-17 周六派普通车', 'CAR-17 F', SATURDAY],
    ['CAR-17 周六派值班车', '', { ...SATURDAY, vehicle: aVehicle({ onDuty: true }) }],
    ['CAR-17 周六派应急车', '', { ...SATURDAY, vehicle: aVehicle({ category: 'emergency' }) }],
    ['CAR-17 已批准的', '', SATURDAY, { findings: [{ ...ruleA('CAR-17'), severity: 'A' }] }],
    ['CAR-22 请假', 'CAR-22 F', { driver: aDriver({ state: 'away' }) }],
    ['CAR-22 驾驶证前一天到期', 'CAR-22 F', { driver: aDriver({ licenceUntil: '2026-11-25' }) }],
    ['CAR-22 驾驶证当天到期', '', { driver: aDriver({ licenceUntil: '2026-11-26' }) }],
    ['CAR-22 准驾不符', 'CAR-22 F', { driver: aDriver({ licence: 'C1' }), vehicle: aVehicle({ licence: 'B1' }) }],
    ['CAR-22 上年培训', 'CAR-22 F', { driver: aDriver({ trainedOn: '2025-12-31' }) }],
    ['CAR-22 未培训', 'CAR-22 F', { driver: aDriver({ trainedOn: undefined }) }],
    ['CAR-23 维修', 'CAR-23 F', { vehicle: aVehicle({ state: 'repair' }) }],
    ['CAR-23 年检前一天到期', 'CAR-23 F', { vehicle: aVehicle({ inspectionOn: '2026-11-25' }) }],
    ['CAR-23 保险当天到期', '', { vehicle: aVehicle({ insuranceOn: '2026-11-26' }) }],
    ['CAR-24 单程四小时以上', 'CAR-24 W', { kilometres: 482, ...span('11-26T09:00', '11-27T17:00') }],
    ['CAR-24 单程四小时', '', { kilometres: 480, ...span('11-26T09:00', '11-27T17:00') }],
    ['CAR-24 当天已开六小时', 'CAR-24 A', { kilometres: 130, drivenMinutes: 360 }],
    ['CAR-24 出省当日往返', 'CAR-24 A', span('11-26T08:00', '11-26T20:00'), { reach: 'province' }],
    ['CAR-24 出市一天', '', span('11-26T08:00', '11-26T18:00'), { reach: 'beyond' }],
    ['CAR-26 五座车五人加司机', 'CAR-26 F', { riders: 5 }],
    ['CAR-26 五座车四人加司机', '', { riders: 4 }],
    ['CAR-26 五座车自驾五人', '', { riders: 5, driver: undefined }],
    ['CAR-07 补办未获同意', 'CAR-07 F', {}, { urgent: URGENT, steps: [OBJECTED, OPEN_STEP] }],
    ['CAR-27 撞车', 'CAR-27 F', { clashes: ['派〔2026〕85号'] }],
    ['CAR-28 可合乘', 'CAR-28 W', { neighbours: [neighbour('11-26T08:00', '区法院')] }],
  ])('%s', (_, words, facts, trip) => expect(said(checkDispatch(aTrip(trip), dispatchFacts(facts)))).toBe(words))

  it.each([
    ['A1', 'C2', true],
    ['A2', 'A1', false],
    ['A1', 'A2', false],
    ['B2', 'B1', false],
    ['C1', 'C2', true],
    ['C2', 'C1', false],
  ] as const)('准驾车型 %s 能否开 %s 的车:%s', (held, asked, can) => expect(covers(held, asked)).toBe(can))

  it('一季度沿用上年培训', () => {
    const facts = (day: string) =>
      dispatchFacts({ driver: aDriver({ trainedOn: '2025-05-01' }), ...span(`${day}T09:00`, `${day}T11:00`) })
    expect(said(checkDispatch(aTrip(), facts('03-31')))).toBe('')
    expect(said(checkDispatch(aTrip(), facts('04-01')))).toBe('CAR-22 F')
  })

  it('科室之间不算借用,下属单位的算', () => {
    const [office, unit, district] = [unitOf('办公室'), unitOf('综治科'), unitOf('东湖区委政法委')]
    expect(isBorrowed([office], [unit])).toBe(false)
    expect(isBorrowed([], [unit])).toBe(false)
    expect(isBorrowed([district], [unit])).toBe(true)
    expect(isBorrowed([district], [unitOf('执法监督科'), district])).toBe(false)
  })
})

describe('出车、回场和费用的规则', () => {
  it.each<[title: string, said: string, run: Partial<Run>, facts: Partial<ReturnFacts>]>([
    ['CAR-33 超两小时', 'CAR-33 W', {}, { now: at('11-26T13:30') }],
    ['CAR-33 未到两小时', '', {}, { now: at('11-26T13:29') }],
    ['CAR-33 已回场', '', { state: 'back' }, { now: at('11-26T20:00') }],
    ['CAR-34 停在小区', 'CAR-34 W', { parkedAt: '阳光小区' }, {}],
    ['CAR-34 停在固定地点', '', { parkedAt: '地下车库' }, {}],
    ['CAR-34 批准过夜', '', { parkedAt: '宾馆停车场' }, { overnight: true }],
    ['CAR-35 超出路线三成', 'CAR-35 W', { odometerIn: 10_131 }, { kilometres: 100 }],
    ['CAR-35 恰好三成', '', { odometerIn: 10_130 }, { kilometres: 100 }],
    ['CAR-35 低于上次读数', 'CAR-35 W', {}, { readingBefore: 10_001 }],
    ['CAR-35 回场低于出车', 'CAR-35 W', { odometerIn: 9_999 }, {}],
    ['CAR-35 高于后一次读数', 'CAR-35 W', { odometerIn: 10_050 }, { readingAfter: 10_049 }],
    ['CAR-35 与前后一致', '', { odometerIn: 10_050 }, { readingBefore: 10_000, readingAfter: 10_050 }],
  ])('%s', (_, words, run, facts) => expect(said(checkReturn(aRun(run), returnFacts(facts)))).toBe(words))

  const STATIONS = settled({ stations: ['城南加油站'], workshops: ['江州汽修厂'] })
  it.each<[title: string, said: string, cost: Partial<Cost>, facts: Partial<CostFacts>]>([
    ['CAR-36 高于均值两成', 'CAR-36 W', {}, { consumption: 9.7, usualConsumption: 8 }],
    ['CAR-36 恰好两成', '', {}, { consumption: 9.6, usualConsumption: 8 }],
    ['CAR-37 别车的油卡', 'CAR-37 F', { fuelCard: '8001' }, { vehicle: { id: 1, fuelCard: '8002' } }],
    ['CAR-37 本车的油卡', '', { fuelCard: '8002' }, { vehicle: { id: 1, fuelCard: '8002' } }],
    ['CAR-37 现金', 'CAR-37 W', { cash: true }, {}],
    ['CAR-37 非定点', 'CAR-37 W', { place: '路边加油站' }, { setting: STATIONS }],
    ['CAR-37 定点', '', {}, { setting: STATIONS }],
    ['CAR-38 未批的维修', 'CAR-38 A', { kind: 'repair', place: '江州汽修厂' }, {}],
    ['CAR-38 已批、非定点', 'CAR-38 A', { kind: 'repair', place: '路边店' }, { approved: true, setting: STATIONS }],
    ['CAR-38 已批、定点', '', { kind: 'repair', place: '江州汽修厂' }, { approved: true, setting: STATIONS }],
    ['CAR-39 不是本单位的车', 'CAR-39 F', { kind: 'toll' }, { vehicle: undefined }],
    ['CAR-39 别车的行程', 'CAR-39 F', { kind: 'toll', run: 7 }, { runVehicle: 2 }],
    ['CAR-39 本车的行程', '', { kind: 'toll', run: 7 }, { runVehicle: 1 }],
  ])('%s', (_, words, cost, facts) => expect(said(checkCost(aCost(cost), costFacts(facts)))).toBe(words))
})

describe('随时间而来的规则', () => {
  it('CAR-08 补办到下一工作日下班', () => {
    expect(endorseBy(at('11-27T20:00'), customs)).toEqual(at('11-30T17:30'))
    expect(endorseBy(at('11-28T10:00'), customs)).toEqual(at('11-30T17:30'))
    const check = (now: string, steps: Trip['steps']) =>
      said(checkEndorsement(aTrip({ urgent: URGENT, steps }), { now: at(now), setting: USUAL }))
    expect(check('11-25T17:30', [OPEN_STEP])).toBe('')
    expect(check('11-25T17:31', [OPEN_STEP])).toBe('CAR-08 W')
    expect(check('11-25T17:31', [{ ...OPEN_STEP, decision: decisionBy('BZ') }])).toBe('')
  })

  it('CAR-15 满八成工作日', () => {
    expect(said(checkFixedUse({ days: 16, workdays: 20 }, USUAL))).toBe('CAR-15 W')
    expect(said(checkFixedUse({ days: 15, workdays: 20 }, USUAL))).toBe('')
    expect(said(checkFixedUse({ days: 0, workdays: 0 }, USUAL))).toBe('')
  })

  it.each([
    ['2026-09-30', 'CAR-18 W'],
    ['2026-09-29', ''],
    ['2026-11-27', ''],
    ['2026-10-01', ''],
    ['2026-02-14', 'CAR-18 W'],
  ])('CAR-18 %s:“%s”', (day, words) => {
    const check = (some: { onDuty: boolean; isSealed: boolean }) =>
      said(checkSeal(day, some, { customs, setting: USUAL }))
    expect(check({ onDuty: false, isSealed: false })).toBe(words)
    expect(check({ onDuty: true, isSealed: false })).toBe('')
    expect(check({ onDuty: false, isSealed: true })).toBe('')
  })

  it('CAR-41 过了10日', () => {
    expect(said(checkPublication('2026-11-10', { isPublished: false }, USUAL))).toBe('')
    expect(said(checkPublication('2026-11-11', { isPublished: false }, USUAL))).toBe('CAR-41 W')
    expect(said(checkPublication('2026-11-11', { isPublished: true }, USUAL))).toBe('')
  })
})

describe('规则表', () => {
  const ids = Object.keys(RULES) as RuleId[]

  it('CAR-01 至 CAR-41 各一条', () =>
    expect(ids).toEqual(Array.from({ length: 41 }, (_, at) => `CAR-${String(at + 1).padStart(2, '0')}`)))

  it('加签的写明由谁审批,自行审批的由审批链上移', () => {
    const without = ids.filter(id => ruleOf(id).severity.includes('A') && ruleOf(id).adds === undefined)
    expect(without).toEqual(['CAR-06'])
  })

  it('关闭的规则不再提示,不可关闭的照旧', () => {
    const off = settled({ off: ids })
    expect(heard({ ...SATURDAY, ground: 'ordinary', purpose: '接孩子' }, { setting: off })).toBe('')
    expect(heard({ destination: '' }, { setting: off })).toBe('CAR-05 F')
    expect(said(checkDispatch(aTrip({ steps: [OPEN_STEP] }), dispatchFacts({ clashes: ['x'], setting: off })))).toBe(
      'CAR-07 F, CAR-27 F',
    )
    expect(FIRM).toEqual(['CAR-05', 'CAR-06', 'CAR-07', 'CAR-27'])
  })
})

describe('无论怎样填写', () => {
  const words = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc
      .array(fc.constantFrom(...LEGITIMATE, ...REFUSED, ',', '、', '(', '〔2026〕'))
      .map(some => some.join('').slice(0, 200)),
  )
  const wishes = fc
    .record({
      ...{ purpose: words, destination: words, basis: words, guests: words, remark: words },
      category: fc.constantFrom(...(Object.keys(CATEGORIES) as Category[])),
      ground: fc.constantFrom(...(Object.keys(GROUNDS) as Ground[])),
      headcount: fc.integer({ min: 0, max: 200 }),
      urgent: fc.boolean(),
    })
    .map(({ urgent, ...wish }) => ({ wish: aWish(wish), urgent }))

  it('都有答复:禁止在先,每条至多一次,只有加签的指明由谁审批', () =>
    fc.assert(
      fc.property(wishes, ({ wish, urgent }) => {
        const found = checkRequest(wish, requestFacts({ urgent }))
        expect(found.map(({ severity }) => 'FAW'.indexOf(severity))).toEqual(
          found.map(({ severity }) => 'FAW'.indexOf(severity)).toSorted((a, b) => a - b),
        )
        expect(new Set(found.map(({ rule }) => rule)).size).toBe(found.length)
        for (const { severity, adds } of found) if (severity !== 'A') expect(adds).toBeUndefined()
      }),
      { numRuns: 500 },
    ))

  it('在事由后另写一句公务,不会使私用放行', () =>
    fc.assert(
      fc.property(fc.constantFrom(...FORBIDDEN.filter(([rule]) => rule === 'CAR-01')), ([, reason]) => {
        expect(forbidsIn(`${reason},到区法院调研座谈`)).toContain('CAR-01')
        expect(forbidsIn(`到区法院调研座谈;${reason}`)).toContain('CAR-01')
      }),
    ))
})

function forbidsIn(purpose: string): string[] {
  return checkRequest(aWish({ purpose }), requestFacts()).map(({ rule }) => rule)
}

describe('目的地远近', () => {
  const CHANGSHA = { province: '湖南省', city: '长沙市', towns: ['望城', '浏阳'] }
  const NOWHERE = { province: '', city: '', towns: [] }
  it.each([
    ['长沙市中院', 'town', 'province'],
    ['望城区检察院', 'town', undefined],
    ['株洲', 'beyond', 'province'],
    ['湘西州吉首市', 'beyond', 'province'],
    ['武汉', 'province', 'province'],
    ['湖北省高院', 'province', 'province'],
    ['北京', 'province', 'province'],
    ['最高人民法院', 'province', 'province'],
    ['株洲、武汉', 'province', 'province'],
    ['省委政法委', 'town', 'beyond'],
    ['区法院', 'town', 'town'],
    ['市中级人民法院', 'town', 'town'],
    ['北京路派出所', undefined, undefined],
    ['南京东路社区', undefined, undefined],
    ['上海大酒店', undefined, undefined],
    ['中山路小学', undefined, undefined],
    ['安康医院', undefined, undefined],
    ['朝阳街道', undefined, undefined],
    ['中山市', 'province', 'province'],
    ['海南', 'province', 'province'],
    ['某某镇', undefined, undefined],
    ['外省某市', 'province', 'province'],
  ])('%s:在长沙为 %s,未设置时为 %s', (place, there, nowhere) => {
    expect(reachOf(place, CHANGSHA)).toBe(there)
    expect(reachOf(place, NOWHERE)).toBe(nowhere)
  })

  it('在直辖市,本市就是本省;在省内他市,省直机关在市外', () => {
    expect(reachOf('上海高院', { province: '上海', city: '上海', towns: [] })).toBe('town')
    expect(reachOf('省委政法委', { province: '湖南', city: '株洲', towns: [] })).toBe('beyond')
    expect(reachOf('长沙', { province: '湖南', city: '株洲', towns: [] })).toBe('beyond')
    expect(reachOf('公安部', { province: '北京', city: '北京', towns: [] })).toBe('town')
  })
})

function withThreshold(name: keyof typeof USUAL.thresholds, value: number) {
  return settled({ thresholds: { ...USUAL.thresholds, [name]: value } })
}
function neighbour(startsAt: string, destination: string) {
  return { id: 9, number: { year: 2026, seq: 9 }, startsAt: at(startsAt), destination }
}
function span(from: string, to: string) {
  return { startsAt: at(from), endsAt: at(to) }
}
function ruleA(rule: RuleId): Finding {
  return { rule, severity: 'A', words: ruleOf(rule).words, basis: undefined, adds: 'FG' }
}
function unitOf(name: string) {
  return { id: name, name }
}
