import { Refusal } from '../../kit/refusal.ts'
import { halfWidth } from '../../kit/text.ts'

/** One thing to be prepared for a meeting. */
export interface Duty {
  id: number
  meeting: number
  place: number
  what: string
  owner: string
  /** It is due so long before the meeting. */
  minutes: number
  doneAt: Date | undefined
  doneBy: string | undefined
}

/** What a list begins with: so long before the meeting. */
export interface Item {
  what: string
  minutes: number
}

export const PREPARATION = 'meeting.preparation'
export const DUTIES = { most: 15, what: 30, text: 1_000 } as const

const UNITS = { 分钟: 1, 小时: 60, 天: 1_440 } as const
type Unit = keyof typeof UNITS

export const USUAL: readonly Item[] = [
  { what: '收齐回执,核定参会名单', minutes: 1_440 },
  { what: '会议材料定稿、印制、装袋', minutes: 1_440 },
  { what: '座次图、桌签和签到表', minutes: 240 },
  { what: '会标、会场布置,话筒、投影和视频线路调试', minutes: 120 },
  { what: '茶水、纸笔和会场保障', minutes: 60 },
  { what: '签到和引导', minutes: 30 },
]

const EXAMPLE = '会场布置 会前2小时'
const LINE = /^(.+?)[\s,;]+会前\s*(\d{1,4})\s*(分钟|小时|天)$/

/** `会场布置 会前2小时`, a line each. @throws Refusal naming the line that is not understood. */
export function readTemplate(text: string): Item[] {
  const lines = linesIn(text)
  if (lines.length > DUTIES.most) throw new Refusal(`清单最多${DUTIES.most}项`)
  return lines.map(readItem)
}

const linesIn = (text: string): string[] =>
  halfWidth(text)
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')

function readItem(line: string): Item {
  const [, what = '', count = '', unit = ''] = LINE.exec(line) ?? []
  const minutes = Number(count) * (UNITS[unit as Unit] ?? 0)
  if (!what) throw new Refusal(`未能识别“${line.slice(0, 30)}”,请按事项和会前多久填写`, EXAMPLE)
  if (what.length > DUTIES.what) throw new Refusal(`事项请控制在${DUTIES.what}字以内`, EXAMPLE)
  if (minutes > UNITS.天 * 90) throw new Refusal('时限最早为会前90天', EXAMPLE)
  return { what, minutes }
}

export const itemLine = ({ what, minutes }: Item): string => `${what} ${aheadWords(minutes)}`

/** `会前2小时`, in the largest unit that says it wholly. */
export function aheadWords(minutes: number): string {
  const unit = (['天', '小时'] as const).find(one => minutes > 0 && minutes % UNITS[one] === 0) ?? '分钟'
  return `会前${minutes / UNITS[unit]}${unit}`
}

/** An item with whoever sees to it. */
export interface Charge extends Item {
  /** By name; '' = whoever organises the meeting. */
  owner: string
}

/** `会场布置 会前2小时 @王强`, a line each. */
export const readCharges = (text: string): Charge[] => {
  const lines = linesIn(text)
  if (lines.length > DUTIES.most) throw new Refusal(`清单最多${DUTIES.most}项`)
  return lines.map(line => {
    const [, rest = line, owner = ''] = /^(.*?)[\s,;]*@\s*(\S+)$/.exec(line) ?? []
    return { ...readItem(rest.trim()), owner }
  })
}

export const chargeLine = (item: Item, owner: string): string => `${itemLine(item)} @${owner}`
