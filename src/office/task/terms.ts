import { standard } from '../../kit/text.ts'

/** Sources of a task and what may be written about it here (domain.md 2.2): of a reference only number, neutral title, units and deadline. */
export const SOURCES = {
  ZZYJ: { word: '政治要件', referenceOnly: true },
  SJBS: { word: '上级决策部署', referenceOnly: false },
  LDPS: { word: '领导批示', referenceOnly: true },
  LDJB: { word: '领导交办', referenceOnly: false },
  HYYD: { word: '会议议定', referenceOnly: false },
  ZDGZ: { word: '年度重点工作', referenceOnly: false },
  JYTA: { word: '建议提案', referenceOnly: false },
  XFJB: { word: '信访交办', referenceOnly: false },
  RDYQ: { word: '网络舆情', referenceOnly: false },
  QT: { word: '其他', referenceOnly: false },
} as const
export type Source = keyof typeof SOURCES

const ALSO_SOURCE: Record<string, Source> = {
  会议议定事项: 'HYYD',
  会议: 'HYYD',
  上级部署: 'SJBS',
  批示: 'LDPS',
  批示件: 'LDPS',
  重点工作: 'ZDGZ',
  人大建议: 'JYTA',
  政协提案: 'JYTA',
  信访: 'XFJB',
  领导包案: 'XFJB',
  舆情: 'RDYQ',
  '12345': 'RDYQ',
}

export function sourceNamed(word: string): Source | undefined {
  const said = standard(word)
  const found = (Object.keys(SOURCES) as Source[]).find(code => SOURCES[code].word === said || code === said)
  return found ?? ALSO_SOURCE[said]
}

/** Why a form takes no body for such a source. */
export const REFERENCE_ONLY = '政治要件和领导批示只登记编号、中性标题、单位和时限,不录入内容;原文留在涉密或内部系统。'

type Limit = { minutes: number } | { workingMinutes: number } | { workdays: number }

/**
 * Urgency with its limits (domain.md 2.6, conventions of the product): when it is to be signed for, first reported on, and done
 * where no deadline was named. `always`: also outside office hours.
 */
export const URGENCIES: Record<
  'top' | 'urgent' | 'pressing' | 'normal',
  {
    word: string
    sign: Limit
    report: Limit | undefined
    done: { days: number } | { workdays: number }
    always: boolean
  }
> = {
  top: { word: '特提', sign: { minutes: 30 }, report: { minutes: 240 }, done: { days: 1 }, always: true },
  urgent: { word: '特急', sign: { workingMinutes: 120 }, report: { workdays: 1 }, done: { days: 3 }, always: true },
  pressing: { word: '加急', sign: { workingMinutes: 240 }, report: { workdays: 2 }, done: { days: 5 }, always: false },
  normal: { word: '平急', sign: { workdays: 1 }, report: undefined, done: { workdays: 10 }, always: false },
}
export type Urgency = keyof typeof URGENCIES
export type { Limit }

export function urgencyNamed(word: string): Urgency | undefined {
  if (word === '一般') return 'normal'
  return (Object.keys(URGENCIES) as Urgency[]).find(code => URGENCIES[code].word === standard(word))
}

/** How often progress is to be reported; a month is counted by the calendar. */
export const FREQUENCIES = {
  once: { word: '一次性' },
  weekly: { word: '每周', days: 7 },
  halfMonthly: { word: '每半月', days: 15 },
  monthly: { word: '每月', months: 1 },
} as const
export type Frequency = keyof typeof FREQUENCIES

export const frequencyNamed = (word: string): Frequency | undefined =>
  (Object.keys(FREQUENCIES) as Frequency[]).find(code => FREQUENCIES[code].word === standard(word))

/** How a leader gave a decision that somebody enters for them (ORG-04). */
export const WAYS = {
  inPerson: { word: '当面' },
  phone: { word: '电话' },
  paper: { word: '纸质批示' },
} as const
export type Way = keyof typeof WAYS
