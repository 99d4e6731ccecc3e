import { type Switched, usualFigures } from '../../kit/rules.ts'

/** Figures of the rules that an office may settle, with what they are where it has settled nothing. */
export const THRESHOLDS = {
  purpose: { rule: 'CAR-04', label: '事由最少字数', usual: 6, least: 4, greatest: 20 },
  fixed: { rule: 'CAR-15', label: '同一人使用同一车辆占工作日比例(%)', usual: 80, least: 50, greatest: 100 },
  aheadFar: { rule: 'CAR-21', label: '长途提前申请(小时)', usual: 24, least: 0, greatest: 240 },
  aheadTown: { rule: 'CAR-21', label: '市内提前申请(小时)', usual: 12, least: 0, greatest: 240 },
  trainedUntil: { rule: 'CAR-22', label: '上年度培训沿用至(月)', usual: 3, least: 0, greatest: 12 },
  unbroken: { rule: 'CAR-24', label: '连续驾驶上限(小时)', usual: 4, least: 1, greatest: 4 },
  daily: { rule: 'CAR-24', label: '每人每日驾驶上限(小时)', usual: 8, least: 1, greatest: 12 },
  combine: { rule: 'CAR-28', label: '同方向合乘间隔(分钟)', usual: 60, least: 0, greatest: 240 },
  late: { rule: 'CAR-33', label: '超时未归(小时)', usual: 2, least: 1, greatest: 24 },
  mileage: { rule: 'CAR-35', label: '里程超出路线(%)', usual: 130, least: 105, greatest: 300 },
  consumption: { rule: 'CAR-36', label: '油耗超出均值(%)', usual: 120, least: 105, greatest: 300 },
  publishBy: { rule: 'CAR-41', label: '公示上月情况的截止日', usual: 10, least: 1, greatest: 28 },
} as const
export type Threshold = keyof typeof THRESHOLDS

/** Under which name it is kept. */
export const RULE_SETTING = 'car.rules'

/** What an office has settled about the rules of its cars. */
export interface RuleSetting extends Switched {
  thresholds: Readonly<Record<Threshold, number>>
  /** Whether those who work here get 公务交通补贴 (CAR-09). */
  subsidised: boolean
  /** 本省, 本市 as people write them; '' = not settled. */
  province: string
  city: string
  /** Names of districts, counties and places that lie within the city. */
  towns: readonly string[]
  /** 定点加油站 and 定点维修单位; empty = not settled, and nothing is held against it. */
  stations: readonly string[]
  workshops: readonly string[]
}

export const USUAL: RuleSetting = {
  off: [],
  thresholds: usualFigures(THRESHOLDS),
  subsidised: true,
  province: '',
  city: '',
  towns: [],
  stations: [],
  workshops: [],
}

/** What is kept, filled up with what is usual: a threshold that came later has its usual figure. */
export const withUsual = (kept: Partial<RuleSetting> | undefined): RuleSetting => ({
  ...USUAL,
  ...kept,
  thresholds: { ...USUAL.thresholds, ...kept?.thresholds },
})
