import type { Finding } from '../../kit/finding.ts'
import { findingsBy, type Rule, type RuleBook, type Switched, type Verdict } from '../../kit/rules.ts'

const BURDEN = '《整治形式主义为基层减负若干规定》'
const SECRECY = '《中华人民共和国保守国家秘密法》第三十八条、《中华人民共和国保守国家秘密法实施条例》第四十五条'

/**
 * The rules of domain.md 3.3 and 3.5, and its caps of 3.4 as MT-34. A basis is shown only where the handbook marks it as confirmed:
 * not of what other cities settled (MT-02, MT-28 … MT-30), nor of what is our own convention (MT-09, MT-10).
 */
export const RULES = {
  'MT-01': { title: '涉密会议', severity: ['F'], words: '请按涉密会议管理要求线下组织', basis: SECRECY },
  'MT-02': {
    title: '替会须经批准',
    severity: ['W'],
    words: '通知中不宜预先允许替会:确需请假的,请履行请假手续并报明代会人员,未经批准不得替会。',
  },
  'MT-09': {
    title: '时间冲突',
    severity: ['W'],
    words:
      '参会人员或会议室时间冲突,请协调;确需同时召开的,按上级会议、法定会议、党组会和办公会、专题会、业务会的顺序保障。',
  },
  'MT-10': {
    title: '提前通知',
    severity: ['W'],
    words: '会议通知一般应提前发出;确属紧急的,请标明紧急会议,并逐一电话确认。',
  },
  'MT-20': {
    title: '本系统综合性工作会议次数',
    severity: ['A'],
    words: '本年度已召开过本系统综合性工作会议,每年不得超过规定次数,再次召开须经主要领导批准。',
    basis: `${BURDEN}第4条`,
    adds: 'LD',
  },
  'MT-21': {
    title: '已发文部署的事项',
    severity: ['W'],
    words: '已印发文件部署的事项,原则上不再开会部署。',
    basis: `${BURDEN}第4条`,
  },
  'MT-22': {
    title: '要求主要负责同志参会',
    severity: ['W'],
    words: '由分管负责同志召集的会议,不要求下级单位主要负责同志参会。',
    basis: `${BURDEN}第5条`,
  },
  'MT-23': {
    title: '下级党委、政府负责同志参会',
    severity: ['A'],
    words: '部门召开会议要求下级党委、政府负责同志参会的,须经同级党委同意。',
    basis: `${BURDEN}第5条`,
    adds: 'LD',
  },
  'MT-24': {
    title: '直达基层的会议',
    severity: ['A'],
    words: '直达基层的会议(含视频会议)须经同级党委主要负责同志批准;会后不再层层开会。',
    basis: `${BURDEN}第4条`,
    adds: 'LD',
  },
  'MT-25': {
    title: '讲话时长',
    severity: ['W'],
    words: '主要讲话、报告时间应予控制,不安排两位主要领导同时讲话。',
    basis: `${BURDEN}第6条`,
  },
  'MT-26': {
    title: '会期',
    severity: ['A', 'W'],
    words: '会期超过要求:安排分组讨论的一般不超过1天半,其他会议一般不超过半天。',
    basis: `${BURDEN}第6条`,
    adds: 'FG',
  },
  'MT-27': {
    title: '参会单位过多',
    severity: ['W'],
    words: '参会单位较多,请只安排密切相关的单位参会,不搞层层陪会。',
    basis: `${BURDEN}第5条`,
  },
  'MT-28': {
    title: '无会日',
    severity: ['A'],
    words: '会议安排在本单位的无会日,须经分管领导批准。',
    adds: 'FG',
  },
  'MT-29': {
    title: '会议计划',
    severity: ['A', 'W'],
    words: '会议未列入年度会议计划的,须经分管领导批准;计划内会议请提前发出通知。',
    adds: 'FG',
  },
  'MT-30': { title: '全市性会议', severity: ['W'], words: '全市性会议请控制时长,不安排表态发言。' },
  'MT-31': {
    title: '文稿字数',
    severity: ['W'],
    words: '所要求的文稿篇幅过长,请压减字数。',
    basis: `${BURDEN}第2条`,
  },
  'MT-32': {
    title: '变通发文',
    severity: ['W'],
    words: '不得以“白头”件、便笺、合并发文等形式变通发文。',
    basis: `${BURDEN}第1条`,
  },
  'MT-33': {
    title: '报送落实情况',
    severity: ['W'],
    words: '不随会普遍要求报送贯彻落实情况或制定配套文件;确需反馈的,请说明理由。',
    basis: `${BURDEN}第3条`,
  },
  'MT-34': {
    title: '会议规模',
    severity: ['A'],
    words: '参会人数或会期超过该类会议的标准,须经分管领导批准。',
    adds: 'FG',
  },
} as const satisfies Record<string, Rule>

export type RuleId = keyof typeof RULES

/** What cannot be switched off: a 涉密会议 is never run here. */
export const FIRM: readonly RuleId[] = ['MT-01']

export const BOOK: RuleBook<RuleId> = { rules: RULES, firm: FIRM }

/** What the rules say, those that forbid first; those switched off are silent. */
export const findingsOf = (verdicts: Partial<Record<RuleId, () => Verdict>>, setting: Switched): Finding[] =>
  findingsBy(BOOK, verdicts, setting)
