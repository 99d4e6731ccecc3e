import { type Block, type Button, buttons, type Card, card, form, note, type Piece, text } from '../../kit/card.ts'
import { pageButtons, pagesOf } from '../../kit/pages.ts'

/** One matter in a list, whichever subject it comes from. */
export interface Item {
  line: readonly Piece[]
  buttons: Button[]
  /** An instant in ms by which it should be done; the smaller the more urgent. */
  urgency: number
}

export const MOST_SHOWN = 10

/** A page of `/待办`, the most urgent first; `more`: there may be more than these. */
export function todoCard(items: readonly Item[], more: boolean, page: number): Card {
  const count = `${items.length}项${more ? '以上' : ''}`
  const pages = pagesOf(items.length, MOST_SHOWN)
  const at = Math.min(page, pages)
  const from = (at - 1) * MOST_SHOWN
  const shown = items.slice(from, from + MOST_SHOWN)
  const rest = items.length - from - shown.length
  const drawn = card(
    items.length ? `待办 · ${count}` : '待办',
    items.length ? 'blue' : 'green',
    ...(items.length ? shown.flatMap(rowOf) : [text('目前没有待办事项。')]),
    rest > 0 || more ? note(restOf(rest, more, at < pages)) : undefined,
    pages > 1 ? note(`第${at}页,共${pages}页`) : undefined,
    buttons(...pageButtons(at, pages, 'todo.page')),
  )
  return { ...drawn, summary: items.length ? `待办:${count}` : '待办:目前没有待办事项。' }
}

function restOf(rest: number, more: boolean, hasNext: boolean): string {
  const way = hasNext ? '请按“下一页”查看' : '请办理后再次查看'
  return rest > 0 ? `另有${rest}项${more ? '以上' : ''},${way}` : `另有未列出的事项,${way}`
}

const rowOf = (item: Item): Array<Block | undefined> => [
  { kind: 'text', text: item.line } satisfies Block,
  buttons(...item.buttons),
]

/** `/今日`, `/查`: matters in lines with their buttons, the most urgent first. */
export function itemsCard(title: string, items: readonly Item[], none: string, more: string): Card {
  const shown = items.slice(0, MOST_SHOWN)
  const rows = shown.flatMap(rowOf)
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
