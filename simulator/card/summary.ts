import { isObject } from './kinds.ts'
import type { Card } from './read.ts'

/** What the chat list says of a card: config.summary, else the title, else the first text. */
export function cardSummary(content: string): string {
  const card = JSON.parse(content) as Card
  const config = isObject(card.config) ? card.config : {}
  const header = isObject(card.header) ? card.header : {}
  return contentOf(config.summary) || contentOf(header.title) || firstText(card.body ?? card.elements) || '[卡片消息]'
}

export const cardTitle = (card: Card) => contentOf(isObject(card.header) ? card.header.title : undefined)

/** In Chinese, where it has several languages. */
function contentOf(text: unknown): string {
  if (!isObject(text)) return ''
  const chinese = isObject(text.i18n_content) ? text.i18n_content.zh_cn : undefined
  return [chinese, text.content].find(one => typeof one === 'string') ?? ''
}

function firstText(value: unknown): string {
  if (Array.isArray(value)) return firstOf(value)
  if (!isObject(value)) return ''
  return (value.tag !== undefined && contentOf(value)) || firstOf(Object.values(value))
}

function firstOf(values: unknown[]): string {
  for (const one of values) {
    const text = firstText(one)
    if (text) return text
  }
  return ''
}
