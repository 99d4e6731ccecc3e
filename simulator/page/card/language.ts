import { type Node, nodeOf } from './node.ts'

export type Language = 'zh_cn' | 'en_us'

/** What a press sends back, and what a chart is made of: no words of Feishu's. */
const NOT_WORDS = new Set(['behaviors', 'value', 'chart_spec'])
const TRANSLATION = /^i18n_/

/** The card in one language: `i18n_content` and its like take the place of what they translate, unless `config.locales` leaves that language out. */
export function inLanguage(card: Node, language: Language): Node {
  const { locales } = nodeOf(card.config)
  const spoken = !Array.isArray(locales) || locales.length === 0 || locales.includes(language)
  return translated(card, spoken ? language : undefined)
}

function translated(node: Node, language: Language | undefined): Node {
  const kept = Object.entries(node).filter(([name]) => !TRANSLATION.test(name))
  const own = kept.map(([name, value]) => [name, NOT_WORDS.has(name) ? value : within(value, language)])
  return { ...Object.fromEntries(own), ...(language && translationsIn(node, language)) }
}

function within(value: unknown, language: Language | undefined): unknown {
  if (Array.isArray(value)) return value.map(one => within(one, language))
  return typeof value === 'object' && value !== null ? translated(nodeOf(value), language) : value
}

const translationsIn = (node: Node, language: Language): Node =>
  Object.fromEntries(
    Object.entries(node)
      .filter(([name, value]) => TRANSLATION.test(name) && nodeOf(value)[language] !== undefined)
      .map(([name, value]) => [name.replace(TRANSLATION, ''), nodeOf(value)[language]]),
  )
