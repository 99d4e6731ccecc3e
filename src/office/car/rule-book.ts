import type { Finding } from '../../kit/finding.ts'
import {
  findingBy,
  findingsBy,
  isRuleOn,
  type RuleBook,
  type Rule as RuleOf,
  type Switched,
  type Verdict,
} from '../../kit/rules.ts'

/** When a rule is looked at. */
export const POINTS = {
  request: '申请',
  dispatch: '派车',
  return: '出车回场',
  holiday: '节前',
  cost: '费用',
  repair: '维修',
  month: '每月',
} as const
export type Point = keyof typeof POINTS

export interface Rule extends RuleOf {
  at: readonly Point[]
}

const MEASURES = '《党政机关公务用车管理办法》'
const AFFAIRS = '《机关事务管理条例》'
const THRIFT = '《党政机关厉行节约反对浪费条例》'

/**
 * The rules CAR-01 … CAR-41 (domain.md 4.5), words as there. No basis is shown of what other cities settled, of commentary, and for
 * CAR-40, whose source speaks of other messengers.
 */
export const RULES = {
  'CAR-01': {
    title: '公车私用',
    at: ['request'],
    severity: ['F'],
    words: '该事由不属于公务,不得使用公务用车。',
    basis: `${MEASURES};《中国共产党纪律处分条例》第一百一十七条`,
  },
  'CAR-02': { title: '上下班通勤', at: ['request'], severity: ['F'], words: '公务用车不得用于上下班通勤。' },
  'CAR-03': {
    title: '外出培训、考试',
    at: ['request'],
    severity: ['F', 'A'],
    words:
      '外出培训一般不符合公务用车使用要求,请选择公共交通并按差旅费规定报销;确需集体乘车的,请附组织通知并报领导批准。',
    adds: 'FG',
  },
  'CAR-04': {
    title: '事由不明确',
    at: ['request'],
    severity: ['F'],
    words: '请写明公务内容、地点和时间。',
    basis: `${AFFAIRS}第二十六条`,
  },
  'CAR-05': {
    title: '信息不完整',
    at: ['request'],
    severity: ['F'],
    words: '用车信息不完整,不能提交。',
    basis: `${AFFAIRS}第二十六条`,
  },
  'CAR-06': { title: '自行审批', at: ['request'], severity: ['A'], words: '申请人不得自行审批,已转上一级审批。' },
  'CAR-07': { title: '未经审批派车', at: ['dispatch'], severity: ['F'], words: '未经审批不得派车。' },
  'CAR-08': {
    title: '应急用车补办',
    at: ['request', 'dispatch'],
    severity: ['W'],
    words: '应急用车请于下一工作日下班前补办手续。',
  },
  'CAR-09': {
    title: '补贴区域内普通出行',
    at: ['request'],
    severity: ['F', 'A'],
    words: '您已享受公务交通补贴,补贴区域内普通公务出行请自行解决;符合保障范围的请选择事由。',
    basis: MEASURES,
    adds: 'LD',
  },
  'CAR-10': {
    title: '机要通信用车专用',
    at: ['request', 'dispatch'],
    severity: ['F'],
    words: '机要通信用车专车专用,不得挪作他用。',
    basis: `${MEASURES}第三条`,
  },
  'CAR-11': {
    title: '执法执勤用车专用',
    at: ['request', 'dispatch'],
    severity: ['F'],
    words: '执法执勤用车只用于一线执法执勤公务。',
    basis: `${MEASURES}第三条`,
  },
  'CAR-12': {
    title: '特种专业技术用车专用',
    at: ['request', 'dispatch'],
    severity: ['F'],
    words: '特种专业技术用车不得用于一般公务。',
    basis: `${MEASURES}第三条`,
  },
  'CAR-13': {
    title: '应急保障用车用于一般公务',
    at: ['request'],
    severity: ['A'],
    words: '一般公务原则上不使用应急保障用车,请说明理由。',
    adds: 'FG',
  },
  'CAR-14': {
    title: '占用其他单位车辆',
    at: ['dispatch'],
    severity: ['F'],
    words: '不得换用、借用、占用下属单位或其他单位和个人的车辆。',
    basis: `${AFFAIRS}第二十五条`,
  },
  'CAR-15': {
    title: '固定给个人使用',
    at: ['month'],
    severity: ['W'],
    words: '疑似固定给个人使用,请核实。',
    basis: MEASURES,
  },
  'CAR-16': {
    title: '非工作时间用车',
    at: ['request'],
    severity: ['A'],
    words: '非工作时间用车,请写明原因并报分管领导批准。',
    adds: 'FG',
  },
  'CAR-17': {
    title: '节假日用车',
    at: ['request', 'dispatch'],
    severity: ['F', 'A'],
    words: '节假日期间除工作需要外公务用车封存停驶。',
    adds: 'FG',
  },
  'CAR-18': {
    title: '节前封存',
    at: ['holiday'],
    severity: ['W'],
    words: '请于放假前完成车辆封存,登记停放地点并收缴钥匙。',
  },
  'CAR-19': { title: '出市', at: ['request'], severity: ['A'], words: '出市用车须经分管领导批准。', adds: 'FG' },
  'CAR-20': {
    title: '出省',
    at: ['request'],
    severity: ['A'],
    words: '出省用车须经主要领导批准,并优先选择公共交通。',
    adds: 'LD',
  },
  'CAR-21': { title: '提前申请', at: ['request'], severity: ['W'], words: '请尽量提前申请(长途提前1天)。' },
  'CAR-22': { title: '驾驶员资格', at: ['dispatch'], severity: ['F'], words: '驾驶员资格不符,不能派出。' },
  'CAR-23': { title: '车辆状态', at: ['dispatch'], severity: ['F'], words: '车辆状态不可用。' },
  'CAR-24': {
    title: '连续驾驶',
    at: ['dispatch'],
    severity: ['A', 'W'],
    words: '连续驾驶不得超过4小时,请安排休息或增派驾驶员。',
    basis: '《中华人民共和国道路交通安全法实施条例》第六十二条第(七)项',
    adds: 'BZ',
  },
  'CAR-25': {
    title: '自驾',
    at: ['request'],
    severity: ['A'],
    words: '自驾公务用车须单独批准并具备驾驶资格。',
    adds: 'FG',
  },
  'CAR-26': {
    title: '超员',
    at: ['request', 'dispatch'],
    severity: ['F'],
    words: '乘车人数超过核定载客人数。',
    basis: '《中华人民共和国道路交通安全法》第四十九条',
  },
  'CAR-27': { title: '重复派车', at: ['dispatch'], severity: ['F'], words: '该车辆(驾驶员)在所选时段已有任务。' },
  'CAR-28': {
    title: '合并乘车',
    at: ['request', 'dispatch'],
    severity: ['W'],
    words: '有同方向任务,建议合并乘车。',
    basis: `${AFFAIRS}第二十六条`,
  },
  'CAR-29': {
    title: '旅游、娱乐场所',
    at: ['request'],
    severity: ['A'],
    words: '目的地为旅游或娱乐场所,请附公务依据。',
    adds: 'FG',
  },
  'CAR-30': {
    title: '外单位人员乘车',
    at: ['request'],
    severity: ['A'],
    words: '请注明外单位人员身份及公务关系;家属不得搭乘。',
    adds: 'BZ',
  },
  'CAR-31': {
    title: '接待用车',
    at: ['request'],
    severity: ['F'],
    words: '无公函的公务活动不予接待,不能安排接待用车。',
    basis: `${THRIFT}第二十二条`,
  },
  'CAR-32': {
    title: '迎送和接送站',
    at: ['request'],
    severity: ['F', 'A'],
    words: '不得在机场、车站、码头和辖区边界组织迎送;协助用车按标准收取交通费。',
    basis: THRIFT,
    adds: 'BZ',
  },
  'CAR-33': { title: '超时未归', at: ['return'], severity: ['W'], words: '车辆超时未归,请报告原因。' },
  'CAR-34': { title: '定点停放', at: ['return'], severity: ['W'], words: '车辆须回单位或指定地点停放。' },
  'CAR-35': { title: '里程异常', at: ['return'], severity: ['W'], words: '里程异常,请核对。' },
  'CAR-36': { title: '油耗异常', at: ['cost'], severity: ['W'], words: '油耗异常,请核对。' },
  'CAR-37': { title: '一车一卡、定点加油', at: ['cost'], severity: ['F', 'W'], words: '一车一卡、定点加油。' },
  'CAR-38': {
    title: '维修审批和定点维修',
    at: ['repair', 'cost'],
    severity: ['A'],
    words: '维修须事前审批并定点维修。',
    adds: 'BZ',
  },
  'CAR-39': {
    title: '费用与车辆不符',
    at: ['cost'],
    severity: ['F'],
    words: '费用与本单位车辆不符,不得列支。',
    basis: MEASURES,
  },
  'CAR-40': {
    title: '涉密和办案细节',
    at: ['request'],
    severity: ['F'],
    words: '请勿填写涉密或办案细节,事由写“机要件取送”或“执行任务”,详情线下登记。',
  },
  'CAR-41': { title: '按月公示', at: ['month'], severity: ['W'], words: '请公示上月公务用车使用情况。' },
} as const satisfies Record<string, Rule>

export type RuleId = keyof typeof RULES

export const ruleOf = (id: RuleId): Rule => RULES[id]

/** Rules that cannot be switched off: the database or the flow holds them anyway, or nothing could be stored without. */
export const FIRM: readonly RuleId[] = ['CAR-05', 'CAR-06', 'CAR-07', 'CAR-27']

const BOOK: RuleBook<RuleId> = { rules: RULES, firm: FIRM }

export const isOn = (id: RuleId, setting: Switched): boolean => isRuleOn(BOOK, id, setting)

export const finding = (id: RuleId, severity: Finding['severity']): Finding => findingBy(BOOK, id, severity)

/** What the rules of a point say, those that forbid first; those switched off are silent. */
export const findingsOf = (verdicts: Partial<Record<RuleId, () => Verdict>>, setting: Switched): Finding[] =>
  findingsBy(BOOK, verdicts, setting)
