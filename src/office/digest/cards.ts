import {
  type Block,
  type Button,
  bold,
  buttons,
  type Card,
  card,
  form,
  note,
  type Piece,
  text,
} from '../../kit/card.ts'
import { shorten } from '../../kit/text.ts'
import { type Calendar, formatDue, formatShort } from '../../kit/time.ts'

export interface Part {
  title: string
  count: number
  more?: boolean
  see?: string
  /** What becomes of the rows beyond those that are here, all of which are shown. */
  rest?: string
  rows: ReadonlyArray<{ line: readonly Piece[]; buttons: Button[] }>
}

export const MOST_ROWS = 10
/** What was held back in the night has no buttons and stands nowhere else: all of it in one card, but for what would not fit. */
export const MOST_HELD = 50
/** More rows with buttons do not fit onto one card. */
const MOST_WITH_BUTTONS = 12

export const isEmpty = (parts: readonly Part[]): boolean => parts.every(part => part.count === 0)

/** One card for the day: what there is, how much of it, and what can be done at once. */
export function digestCard(title: string, day: string, parts: readonly Part[], now: Date): Card {
  const told = parts.filter(part => part.count > 0)
  let room = MOST_WITH_BUTTONS
  const blocks = told.flatMap((part): Block[] => {
    const most = part.rest ? part.rows.length : MOST_ROWS
    const rows = part.rows.slice(0, most).flatMap(row => {
      const pressable = room-- > 0 ? buttons(...row.buttons) : undefined
      return [{ kind: 'text' as const, text: row.line }, ...(pressable ? [pressable] : [])]
    })
    const more = part.count - Math.min(part.rows.length, most)
    const over = part.more ? '以上' : ''
    const see = part.see ? `,请发送 ${part.see} 查看` : part.rest ? `,${part.rest}` : ''
    return [
      text(bold(`${part.title} ${part.count}项${over}`)),
      ...rows,
      ...(more > 0 ? [note(`另有${more}项${over}${see}`)] : []),
    ]
  })
  const counts = told.map(part => `${part.title}${part.count}项`).join('、')
  return {
    ...card(
      `${title} · ${formatShort(day, now)}`,
      told.length ? 'blue' : 'green',
      ...(told.length ? blocks : [text('目前没有需要提示的事项。')]),
    ),
    summary: shorten(`${title}:${counts || '无事项'}`, 60),
  }
}

/** A group's digest as it was ordered. */
export function broadcastCard(next: Date | undefined, by: string, now: Date, calendar: Calendar): Card {
  return {
    ...card(
      '播报 · 已设置',
      'green',
      text('下一次播报:', bold(next ? formatDue(next, now, calendar) : '无')),
      note(`由${by || '未知人员'}设置。内容为本群当日到期、逾期的事项和提醒;没有事项时不发送。`),
      buttons({
        label: '关闭播报',
        action: 'digest.close',
        confirm: { title: '关闭播报', text: '关闭后不再向本群发送每日播报,确定关闭吗?' },
      }),
    ),
    summary: '播报已设置',
  }
}

export const closedCard = (by: string): Card =>
  card('播报 · 已关闭', 'grey', text(`${by || '未知人员'}已关闭本群播报。`))

/** When nothing was said about the time. */
export function broadcastForm(says: string, when: string): Card {
  return card(
    '播报 · 填写',
    'grey',
    text(says),
    form(
      'digest',
      [
        {
          kind: 'input',
          name: 'when',
          label: '什么时候',
          hint: '如:每个工作日 8:30',
          value: when,
          required: true,
          max: 60,
        },
      ],
      [{ label: '设置播报', action: 'digest.order', style: 'primary' }],
    ),
  )
}
