import { type Card, card, form } from '../../kit/card.ts'
import { Refusal } from '../../kit/refusal.ts'
import { halfWidth } from '../../kit/text.ts'

export const REPLY_SETTING = 'meeting.replies'

/** What the house settles about replies and the door. */
export interface ReplySetting {
  /** From how many minutes before the start people sign in. */
  door: number
  /** Whether all who are asked see who comes by name; else they see counts. */
  names: boolean
  /** 催报 of the same people at most once in so many hours. */
  nudge: number
}

const NUMBERS = {
  door: { label: '会前多少分钟起可签到', least: 5, greatest: 240, usual: 30 },
  nudge: { label: '催报回执最短间隔(小时)', least: 1, greatest: 72, usual: 4 },
} as const
type Numbered = keyof typeof NUMBERS

export const withUsual = (some: Partial<ReplySetting> = {}): ReplySetting => ({
  door: NUMBERS.door.usual,
  nudge: NUMBERS.nudge.usual,
  names: false,
  ...some,
})

/** @throws Refusal naming what is out of bounds. */
export function readReplySetting(typed: (name: string) => string): ReplySetting {
  const number = (name: Numbered): number => {
    const { label, least, greatest } = NUMBERS[name]
    const value = Number(halfWidth(typed(name)).trim() || Number.NaN)
    if (!Number.isInteger(value) || value < least || value > greatest)
      throw new Refusal(`${label}请填写${least}至${greatest}之间的整数`)
    return value
  }
  return { door: number('door'), nudge: number('nudge'), names: typed('names') === 'on' }
}

export function replySettingCard(settled: ReplySetting): Card {
  return card(
    '设置 · 会议回执与签到',
    'blue',
    form(
      'replies',
      [
        ...(Object.keys(NUMBERS) as Numbered[]).map(name => ({
          kind: 'input' as const,
          name,
          label: NUMBERS[name].label,
          hint: String(NUMBERS[name].usual),
          value: String(settled[name]),
          max: 4,
        })),
        {
          kind: 'choose',
          name: 'names',
          label: '受邀人员看到的回执情况',
          options: [
            { value: 'off', label: '只显示人数' },
            { value: 'on', label: '显示参加人员姓名' },
          ],
          value: settled.names ? 'on' : 'off',
        },
      ],
      [{ label: '保存', action: 'meeting.keepReplySetting', style: 'primary' }],
    ),
  )
}
