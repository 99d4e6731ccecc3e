import { Marked, type Token, type TokenizerAndRendererExtension } from 'marked'
import { emojiOf } from '../emoji.ts'

/** One of Feishu's own tags inside markdown. */
export interface FeishuTag {
  type: 'feishu'
  raw: string
  tag: string
  attributes: Record<string, string>
  tokens: Token[]
}

const NAMES = 'font|text_tag|number_tag|person|local_datetime|link|at|raw|audio|a'
const OPENING = new RegExp(`^<(${NAMES})(\\s[^<>]*?)?\\s*(/?)>`)
const SINGLE = /^<(at|person|local_datetime|audio|br|hr)(\s[^<>]*?)?\s*\/?>/

const feishuTag: TokenizerAndRendererExtension = {
  name: 'feishu',
  level: 'inline',
  start: source => source.indexOf('<'),
  tokenizer(source) {
    const [raw, tag, attributes = '', inner] = paired(source) ?? SINGLE.exec(source) ?? []
    if (!raw || !tag) return undefined
    return {
      type: 'feishu',
      raw,
      tag,
      attributes: attributesIn(attributes),
      tokens:
        tag === 'raw'
          ? [{ type: 'escape', raw: inner ?? '', text: inner ?? '' }]
          : this.lexer.inlineTokens(inner ?? ''),
    }
  },
}

/** An opening tag up to the closing one that belongs to it: tags may stand in tags of their own name. */
function paired(source: string): string[] | undefined {
  const [opening, tag = '', attributes = '', ends] = OPENING.exec(source) ?? []
  if (!opening || ends) return undefined
  const same = new RegExp(`<${tag}(?=[\\s>])[^<>]*>|</${tag}\\s*>`, 'g')
  let depth = 0
  for (const found of source.matchAll(same)) {
    depth += found[0].startsWith('</') ? -1 : 1
    const end = found.index + found[0].length
    if (depth === 0) return [source.slice(0, end), tag, attributes, source.slice(opening.length, found.index)]
  }
  return undefined
}

const emojiSign: TokenizerAndRendererExtension = {
  name: 'emoji',
  level: 'inline',
  start: source => source.search(/:[A-Za-z]{2,}:/),
  tokenizer(source) {
    const [raw, type = ''] = /^:([A-Za-z]{2,}):/.exec(source) ?? []
    return raw && emojiOf(type) ? { type: 'emoji', raw, text: type } : undefined
  },
}

const reader = new Marked({ gfm: true, breaks: true, extensions: [feishuTag, emojiSign] })
// Feishu knows no HTML: what is not one of its tags stays plain words, and no token of ours ever holds markup.
reader.use({ tokenizer: { html: () => undefined, tag: () => undefined } })

export const readMarkdown = (source: string): Token[] => (isTangle(source) ? asWords(source) : reader.lexer(source))

const MOST_MARKS = 600
const MARK = /[*_]+|~+|\[|</g

/**
 * Reading takes the square of the marks that stand in one paragraph, and more: 28 KB of `*a_` kept a page busy for 20 s. No text for people
 * has so many.
 */
const isTangle = (source: string): boolean =>
  source.split(/\n[ \t]*\n/).some(block => (block.match(MARK)?.length ?? 0) > MOST_MARKS)

const asWords = (source: string): Token[] =>
  source.split('\n').map(line => ({ type: 'paragraph', raw: line, tokens: [{ type: 'text', raw: line, text: line }] }))

function attributesIn(source: string): Record<string, string> {
  const found = source.matchAll(/([a-z_]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g)
  return Object.fromEntries(
    [...found].map(([, name, double, single, bare]) => [name, unescaped(double ?? single ?? bare ?? '')]),
  )
}

const NAMED: Record<string, string> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  sim: '∼',
  ast: '*',
}

/** `&#60;` is how a bot writes a `<` that is only a sign. Read last, so that it can never become markup. */
export function unescaped(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name) return NAMED[name] ?? whole
      const code = decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16)
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
    },
  )
}
