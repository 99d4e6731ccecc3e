/** A piece of card JSON. It comes from a bot under test, so nothing about it is taken for granted. */
export type Node = Record<string, unknown>

export const nodeOf = (value: unknown): Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {}

export const listOf = (value: unknown): Node[] => (Array.isArray(value) ? value.map(nodeOf) : [])

/** The words of a string, or of a text object. */
export function plain(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  const { content } = nodeOf(value)
  return typeof content === 'string' ? content : ''
}

/** A length as cards write it, "120px", within what a container may have. */
export const pixels = (value: unknown): string | undefined =>
  /^\d{1,4}px$/.test(plain(value)) ? plain(value) : undefined

export const isMarkdown = (value: unknown) => ['lark_md', 'markdown'].includes(plain(nodeOf(value).tag))

export interface Behaviour {
  calls: boolean
  value?: unknown
  link?: string
}

/** What a press does: call the bot, open a page, or both. */
export function behaviourOf(node: Node): Behaviour {
  const behaviours = listOf(node.behaviors)
  const callback = behaviours.find(each => each.type === 'callback')
  const open = behaviours.find(each => each.type === 'open_url')
  return { calls: callback !== undefined, value: callback?.value, link: open && safeLink(open) }
}

/** Only pages may be opened: `javascript:` and its kind are not links. */
export function safeLink(from: unknown): string | undefined {
  const { default_url, pc_url, url } = nodeOf(from)
  const link = typeof from === 'string' ? from : plain(default_url) || plain(pc_url) || plain(url)
  return /^(https?:\/\/|mailto:|tel:)/i.test(link) ? link : undefined
}
