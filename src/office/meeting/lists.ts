import { type Block, type Button, buttons, type Card, card, note, text } from '../../kit/card.ts'
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
  const pages = Math.max(1, Math.ceil(total / PAGE))
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
      ...turns(page, pages, span),
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

const turns = (page: number, pages: number, span: Span): Button[] => [
  ...(page > 1 ? [{ label: '上一页', action: 'meeting.list', value: { page: page - 1, span } }] : []),
  ...(page < pages ? [{ label: '下一页', action: 'meeting.list', value: { page: page + 1, span } }] : []),
]

/** A page from outside: anything but a small whole number is the first. */
export const readPage = (value: unknown): number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 1_000 ? value : 1
