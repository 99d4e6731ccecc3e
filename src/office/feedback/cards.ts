import { type Card, card, form, note, text } from '../../kit/card.ts'
import { shorten } from '../../kit/text.ts'
import { formatShort } from '../../kit/time.ts'

export const LONGEST = 500

/** Asks what is meant, where nothing was said. */
export function feedbackForm(): Card {
  return card(
    '意见 · 填写',
    'blue',
    form(
      'feedback',
      [
        {
          kind: 'input',
          name: 'text',
          hint: '意见、建议或投诉,将连同您的姓名发送给系统管理员',
          lines: 4,
          max: LONGEST,
        },
      ],
      [{ label: '发送', action: 'feedback.send', style: 'primary' }],
    ),
  )
}

/** What an administrator gets. */
export function feedbackCard(said: string, sender: string, now: Date): Card {
  return {
    ...card('意见', 'blue', text(said), note(`${sender} · ${formatShort(now, now)}`)),
    summary: `意见:${shorten(said, 30)}`,
  }
}

/** What the sender is left with. */
export const sentCard = (said: string, receivers: number): Card =>
  card('意见 · 已发送', 'green', text(said), note(receiptOf(receivers)))

export const receiptOf = (receivers: number): string => `您的意见已发送给系统管理员(${receivers}人)。`
