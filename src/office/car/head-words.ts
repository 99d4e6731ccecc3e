import { countOf, NUMERAL } from './numeral.ts'

/** How many ride, as a word says it: all of them (共5人), some beside others (领导3人), or with the driver among them. */
export interface Heads {
  all?: number
  some?: number
  withDriver?: number
}

const N = `(?:\\d{1,3}|${NUMERAL})`
const COUNT = `(?:${N}(?:-|~|–|—|到|至))?(${N})(?:个|名|位)?`
const WHO =
  '领导|干部|干警|民警|辅警|警力|法官|法警|检察官|书记员|队员|工作人员|同志|人员|随行|陪同|专家|代表|记者|嘉宾|客人|外单位|本单位|本科室'
const SHAPES: ReadonlyArray<readonly [keyof Heads, RegExp]> = [
  ['all', new RegExp(`^(?:共计?|总共|合计|一共|约|大约|同行|乘车)?(?:乘车)?人数?:?共?${COUNT}人?$`)],
  ['all', new RegExp(`^(?:共计?|总共|合计|一共)${COUNT}人(?:乘车|同行|左右)?$`)],
  ['withDriver', new RegExp(`^(?:含|包括|连)(?:驾驶员|司机)(?:共|在内)?${COUNT}人$`)],
  ['withDriver', new RegExp(`^(?:共)?${COUNT}人[(\uff08]?(?:含|包括)(?:驾驶员|司机)[)\uff09]?$`)],
  ['some', new RegExp(`^(?:约|大约|同行|乘车|${WHO})?${COUNT}人(?:乘车|同行|左右)?$`)],
]

export function headsIn(word: string): Heads | undefined {
  for (const [kind, shape] of SHAPES) {
    const count = countOf(shape.exec(word)?.[1] ?? '')
    if (count > 0) return { [kind]: count }
  }
  return undefined
}

/** What is settled of how many ride, and what is to be asked. A driver of the house is not counted among them. */
export function headcountOf(
  heads: readonly Heads[],
  left: string,
): { headcount: number | undefined; doubt: string | undefined } {
  const sum = heads.reduce((total, { some = 0 }) => total + some, 0)
  const all = heads.find(one => one.all !== undefined)?.all ?? (sum || undefined)
  // 人数:若干
  if (all === 0) return { headcount: undefined, doubt: UNKNOWN }
  const withDriver = heads.find(one => one.withDriver !== undefined)?.withDriver
  if (withDriver !== undefined && all === undefined)
    return { headcount: Math.max(1, withDriver - 1), doubt: '乘车人数不含驾驶员,请核对。' }
  const isOpen = all === undefined && UNHEARD.test(left)
  return { headcount: all, doubt: isOpen ? UNKNOWN : undefined }
}

const UNKNOWN = '请填写乘车人数。'
const UNHEARD = /(?:\d|[一二两三四五六七八九十百])(?:个|名|位)?人(?!民|大)|人数/
