import { type Block, type Button, buttons, type Card, card, note, text } from '../../kit/card.ts'
import { pageButtons, pagesOf } from '../../kit/pages.ts'
import { listLine } from './cards.ts'
import type { Meeting, Setting } from './meeting.ts'

export const PAGE = 10

/** What a list shows: those to come, or all. */
export type Span = 'coming' | 'all'

/** Meetings that somebody may see, a page of them; `total` counts all. */
export function listCard(
  some: readonly Meeting[],
  { page, total, span }: { page: number; total: number; span: Span },
  setting: Setting,
): Card {
  const pages = pagesOf(total, PAGE)
  const rows = some.flatMap(
    (meeting): Array<Block | undefined> => [
      { kind: 'text', text: listLine(meeting, setting) },
      buttons(showButton(meeting)),
    ],
  )
  const title = span === 'coming' ? '近期会议' : '全部会议'
  const drawn = card(
    total ? `${title} · ${total}场` : title,
    'blue',
    ...(some.length
      ? rows
      : [text(span === 'coming' ? '近期没有会议。' : '没有会议。'), note('发送 /会议 可拟定会议通知。')]),
    pages > 1 ? note(`第${page}页,共${pages}页`) : undefined,
    buttons(
      ...pageButtons(page, pages, 'meeting.list', { span }),
      span === 'coming' ? { label: '全部会议', action: 'meeting.list', value: { page: 1, span: 'all' } } : back,
    ),
  )
  return { ...drawn, summary: `${title}:${total}场` }
}

const back: Button = { label: '近期会议', action: 'meeting.list', value: { page: 1, span: 'coming' } }

export const showButton = ({ id }: Pick<Meeting, 'id'>): Button => ({
  label: '查看',
  action: 'meeting.show',
  value: { id },
})
