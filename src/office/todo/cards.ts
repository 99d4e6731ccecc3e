import { type Block, type Button, buttons, type Card, card, form, note, type Piece, text } from '../../kit/card.ts'

/** One matter in a list, whichever subject it comes from. */
export interface Item {
  line: readonly Piece[]
  buttons: Button[]
  /** An instant in ms by which it should be done; the smaller the more urgent. */
  urgency: number
}

export const MOST_SHOWN = 10

/** `/待办`, `/今日`, `/查`: matters in lines with their buttons, the most urgent first. */
export function itemsCard(title: string, items: readonly Item[], none: string, more: string): Card {
  const shown = items.slice(0, MOST_SHOWN)
  const rows = shown.flatMap(item => [{ kind: 'text', text: item.line } satisfies Block, buttons(...item.buttons)])
  const rest = items.length - shown.length
  const drawn = card(
    items.length ? `${title} · ${items.length}项` : title,
    items.length ? 'blue' : 'green',
    ...(items.length ? rows : [text(none)]),
    rest > 0 ? note(`另有${rest}项,${more}`) : undefined,
  )
  return { ...drawn, summary: items.length ? `${title}:${items.length}项` : `${title}:${none}` }
}

/** Asks what is looked for, where nothing was said. */
export function findForm(longest: number): Card {
  return card(
    '查 · 填写',
    'blue',
    form(
      'find',
      [{ kind: 'input', name: 'words', hint: '编号或关键词,例如:投影仪', max: longest }],
      [{ label: '查找', action: 'find.search', style: 'primary' }],
    ),
  )
}

export const byUrgency = <T extends { urgency: number }>(items: readonly T[]): T[] =>
  [...items].sort((a, b) => a.urgency - b.urgency)
