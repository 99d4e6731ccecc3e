import { Refusal } from '../kit/refusal.ts'
import { Stint } from './stint.ts'

/** Of another encoding than UTF-8 we would see other characters than those who open it. */
const OTHER_ENCODING = /^\s*<\?xml[^>]{0,200}\bencoding\s*=\s*["'](?!utf-8["'])/i

/** A document type is where entities are declared; no workbook has one. */
export function safe(xml: string | undefined): string | undefined {
  if (xml !== undefined && (xml.includes('\0') || OTHER_ENCODING.test(xml)))
    throw new Refusal('文件使用了无法识别的文字编码,请另存后重新发送')
  if (xml?.includes('<!DOCTYPE') || xml?.includes('<!ENTITY')) throw new Refusal('文件含有外部引用,不予读取')
  return xml
}

export interface Tag {
  /** Without a prefix; `/row` closes; '' of a remark. */
  name: string
  attributes: string
  /** It closes itself. */
  empty: boolean
  /** The text before it. */
  text: string
}

/** Tag by tag; a file of a million of them holds nobody up. */
export async function eachTag(xml: string, see: (tag: Tag) => void): Promise<void> {
  const stint = new Stint()
  for (const tag of tagsOf(xml)) {
    if (tag) see(tag)
    if (stint.isOver()) await stint.rest()
  }
}

/** Nothing where the text before a tag goes on, so that others may have their turn. */
export function* tagsOf(xml: string): Generator<Tag | undefined> {
  const endOf = endsIn(xml)
  let text = ''
  for (let from = 0; ; ) {
    const open = xml.indexOf('<', from)
    if (open < 0) return
    text += xml.slice(from, open)
    const { inside, to } = endOf(open)
    if (to < 0) return
    from = to
    if (xml.startsWith(DATA, open)) {
      text += inside.replaceAll('&', '&amp;')
      yield undefined
      continue
    }
    const [, slash = '', name = ''] = /^(\/?)(?:\w{1,20}:)?(\w{1,20})/.exec(inside) ?? []
    yield { name: slash + name, attributes: inside, empty: inside.endsWith('/'), text }
    text = ''
  }
}

const DATA = '<![CDATA['
/** What ends otherwise than with the first `>` outside of quotes. */
const ENDS = [
  [DATA, ']]>'],
  ['<!--', '-->'],
  ['<?', '?>'],
] as const

/** What stands in the tag that opens somewhere, and where it is over; `to` is -1 where it is not. Asked from the front to the back. */
function endsIn(xml: string): (open: number) => { inside: string; to: number } {
  // once a quote is missing to the end, it need not be looked for again
  const lone = { '"': false, "'": false }
  const sign = /[>"']/g
  const closeOf = (open: number): number => {
    sign.lastIndex = open
    while (sign.test(xml)) {
      const at = sign.lastIndex - 1
      const quote = xml[at] as keyof typeof lone | '>'
      if (quote === '>') return at
      const end = lone[quote] ? -1 : xml.indexOf(quote, at + 1)
      if (end < 0) {
        lone[quote] = true
        return xml.indexOf('>', open)
      }
      sign.lastIndex = end + 1
    }
    return -1
  }
  return open => {
    const [start, end] = ENDS.find(([begin]) => xml.startsWith(begin, open)) ?? ['<', '>']
    const from = open + start.length
    const close = end === '>' ? closeOf(open) : xml.indexOf(end, from)
    return { inside: xml.slice(from, close), to: close < 0 ? -1 : close + end.length }
  }
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

export function unescaped(xml: string): string {
  return xml.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));/g, (_, decimal, hex, name) => {
    if (name) return ENTITIES[name] ?? ''
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : ''
  })
}
