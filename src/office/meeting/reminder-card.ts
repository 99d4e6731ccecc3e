import { type Card, card, form, note } from '../../kit/card.ts'
import { halfWidth } from '../../kit/text.ts'
import type { ReminderSetting } from './schedule.ts'

const NEVER = '不提醒'
const MOST_MINUTES = 240

/** When those who are expected are reminded of a meeting; read by `readReminders`. */
export const reminderCard = ({ dayBefore, minutesBefore }: ReminderSetting): Card =>
  card(
    '设置 · 会议提醒',
    'blue',
    form(
      'reminders',
      [
        {
          ...{ kind: 'input', name: 'dayBefore', label: '会前一个工作日提醒时间', hint: '16:00,或“不提醒”' },
          ...{ value: dayBefore || NEVER, max: 5 },
        },
        {
          ...{ kind: 'input', name: 'minutesBefore', label: '会前提醒(分钟)', hint: '60;0为不提醒' },
          ...{ value: String(minutesBefore), max: 3 },
        },
      ],
      [{ label: '保存', action: 'meeting.settleReminders', style: 'primary' }],
    ),
    note('提醒在工作时间发送,不打扰已静音人员;已准假和已委托代会的不提醒。'),
  )

/** Undefined where something else was typed. */
export function readReminders(values: Record<string, unknown>): ReminderSetting | undefined {
  const typed = (name: string) => (typeof values[name] === 'string' ? halfWidth(values[name]).trim() : '')
  const [clock, minutes] = [typed('dayBefore'), Number(typed('minutesBefore') || Number.NaN)]
  const isClock = /^([01]\d|2[0-3]):[0-5]\d$/.test(clock)
  if (!isClock && clock !== NEVER && clock !== '') return undefined
  if (!Number.isInteger(minutes) || minutes < 0 || minutes > MOST_MINUTES) return undefined
  return { dayBefore: isClock ? clock : '', minutesBefore: minutes }
}
