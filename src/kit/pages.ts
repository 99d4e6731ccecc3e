import type { Button } from './card.ts'

/** A page from outside, the first being 1: anything but a small whole number is the first. */
export const readPage = (value: unknown): number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 1_000 ? value : 1

export const pagesOf = (total: number, size: number): number => Math.max(1, Math.ceil(total / size))

/** The page, or the last where there are fewer by now. */
export const pageAmong = (page: number, total: number, size: number): number => Math.min(page, pagesOf(total, size))

/** To the pages before and after one; `value` goes with either. */
export const pageButtons = (page: number, pages: number, action: string, value: Button['value'] = {}): Button[] => [
  ...(page > 1 ? [{ label: '上一页', action, value: { ...value, page: page - 1 } }] : []),
  ...(page < pages ? [{ label: '下一页', action, value: { ...value, page: page + 1 } }] : []),
]
