import type { Call } from './call.ts'
import { type Problem, problem } from './problem.ts'

export interface Page<Item> {
  items: Item[]
  has_more: boolean
  page_token?: string
}

interface Limits {
  most: number
  usual: number
  /** Refusals differ from API to API. */
  size: () => Problem
  token: () => Problem
  /** Smaller pages are refused, or made so large. */
  least?: { size: number; refused: boolean }
  /** Pages may hold fewer than asked for although more follow. */
  short?: boolean
}

export const contactPages: Limits = { most: 50, usual: 10, size: () => problem(40011), token: () => problem(40012) }
export const rangePages: Limits = { ...contactPages, most: 100, usual: 50 }
const calendar = { size: () => problem(190002), token: () => problem(190008) }
export const calendarPages: Limits = { ...calendar, most: 1000, usual: 500, least: { size: 50, refused: true } }
export const attendeePages: Limits = { ...calendar, most: 100, usual: 20, least: { size: 10, refused: false } }
const room = { size: () => problem(121003), token: () => problem(121003) }
export const roomPages: Limits = { ...room, most: 100, usual: 10 }
const im = { size: () => problem(230001, 'invalid page_size'), token: () => problem(230001, 'invalid page_token') }
export const messagePages: Limits = { ...im, most: 50, usual: 20 }
export const readerPages: Limits = { ...im, most: 100, usual: 20 }
const chat = { size: () => problem(232001, 'invalid page_size'), token: () => problem(232001, 'invalid page_token') }
export const chatPages: Limits = { ...chat, most: 100, usual: 20 }
export const memberPages: Limits = { ...chatPages, short: true }

/** Cuts one page; the token is opaque but carries where to go on. */
export function pageOf<Item>({ query }: Call, all: readonly Item[], limits: Limits): Page<Item> {
  const size = sizeOf(query.get('page_size'), limits)
  const from = startOf(query.get('page_token') ?? '', all.length, limits)
  const take = limits.short ? Math.max(1, size - 1) : size
  const items = all.slice(from, from + take)
  const has_more = from + take < all.length
  return { items, has_more, ...(has_more && { page_token: Buffer.from(`at:${from + take}`).toString('base64url') }) }
}

function sizeOf(asked: string | null, { usual, most, least, size: refusal }: Limits): number {
  const size = asked === null ? usual : Number(asked)
  if (!Number.isInteger(size) || size < 1 || size > most) throw refusal()
  if (!least || size >= least.size) return size
  if (least.refused) throw refusal()
  return least.size
}

function startOf(token: string, length: number, limits: Limits): number {
  if (token === '') return 0
  const from = Number(/^at:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1] ?? Number.NaN)
  if (!(from <= length)) throw limits.token()
  return from
}
