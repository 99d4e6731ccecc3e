import { type Block, type Button, buttons, type Card, card, note, text } from '../../kit/card.ts'
import { pageButtons, pagesOf } from '../../kit/pages.ts'
import { listLine } from './cards.ts'
import type { Setting, Trip } from './trip.ts'

export const PAGE = 10

/** One's own trips, a page of them; `total` counts all. */
export function mineCard(trips: readonly Trip[], page: number, total: number, setting: Setting): Card {
  const pages = pagesOf(total, PAGE)
  const rows = trips.flatMap(
    (trip): Array<Block | undefined> => [{ kind: 'text', text: listLine(trip, setting) }, buttons(showButton(trip))],
  )
  const drawn = card(
    total ? `我的用车 · ${total}件` : '我的用车',
    'blue',
    ...(trips.length ? rows : [text('没有用车申请。发送 /用车 可提出申请。')]),
    pages > 1 ? note(`第${page}页,共${pages}页`) : undefined,
    buttons(...pageButtons(page, pages, 'car.mine')),
  )
  return { ...drawn, summary: `我的用车:${total}件` }
}

export const showButton = ({ id }: Pick<Trip, 'id'>): Button => ({ label: '查看', action: 'car.show', value: { id } })
