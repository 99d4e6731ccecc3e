import { Refusal } from '../kit/refusal.ts'

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
  /** Without a prefix; `/row` closes. */
  name: string
  attributes: string
  /** It closes itself. */
  empty: boolean
  /** The text before it. */
  text: string
}

export function* tagsOf(xml: string): Generator<Tag> {
  for (let from = 0; ; ) {
    const open = xml.indexOf('<', from)
    const close = open < 0 ? -1 : xml.indexOf('>', open)
    if (close < 0) return
    const inside = xml.slice(open + 1, close)
    const [, slash = '', name = ''] = /^(\/?)(?:\w{1,20}:)?(\w{1,20})/.exec(inside) ?? []
    yield { name: slash + name, attributes: inside, empty: inside.endsWith('/'), text: xml.slice(from, open) }
    from = close + 1
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
