import { simplified } from '../../kit/simplified.ts'

/** A text in the form in which it is searched, and where each of its characters stands in the original. */
export interface Normal {
  text: string
  /** The place in the original of a span of the normal form: `to` is behind its last character. */
  span(from: number, to: number): { from: number; to: number }
}

/** What may stand between the characters of a word that is to be found nevertheless; bounded, for runs have been made one. */
export const GAP = '[ ·:,()\\[\\]"★*%《》\\n]{0,12}'

/**
 * Half-width, simplified, lower case and without invisible characters; all kinds of a sign are one (`:` `,` `(` `[` `"` `《` `★`),
 * every other sign is `·`, and a run of white space or of one sign is a single one. Linear in the length of the text.
 */
export function normalise(original: string): Normal {
  let text = ''
  let filled = 0
  walk(original, one => {
    if (filled === CHUNK) {
      text += String.fromCharCode(...chunk)
      filled = 0
    }
    chunk[filled++] = one
  })
  let places: Uint32Array | undefined
  return {
    text: text + String.fromCharCode(...chunk.subarray(0, filled)),
    span(from, to) {
      places ??= placesOf(original)
      const last = places[to - 1] ?? 0
      return { from: places[from] ?? 0, to: last + ((original.codePointAt(last) ?? 0) > 0xffff ? 2 : 1) }
    },
  }
}

/** What is being put together: most texts are examined and forgotten. */
const CHUNK = 4_096
const chunk = new Uint16Array(CHUNK)

/** Where in the original each character of its normal form stands; asked for only where something is found. */
function placesOf(original: string): Uint32Array {
  const places = new Uint32Array(original.length * LONGEST)
  let length = 0
  walk(original, (_, place) => {
    places[length++] = place
  })
  return places
}

/** Each character of the normal form, with its place in the original. */
function walk(original: string, add: (one: number, place: number) => void): void {
  let last = 0
  const meet = (one: number, place: number): void => {
    if (one === DROPPED || isRepeated(one, last)) return
    last = one
    add(one, place)
  }
  for (let place = 0; place < original.length; place++) {
    const plain = plainOf(original.charCodeAt(place))
    if (plain !== SEVERAL) meet(plain, place)
    else {
      const char = String.fromCodePoint(original.codePointAt(place) ?? 0)
      for (const part of formOf(char)) meet(code(part), place)
      place += char.length - 1
    }
  }
}

/** A character becomes so many at most: longer compatibility forms are signs. */
const LONGEST = 4

const code = (char: string): number => char.charCodeAt(0)
const [SPACE, DOT, ASTERISK] = [code(' '), code('·'), code('*')]

/** White space and `·` run together; of the other signs each with itself, but `**` is markdown's. */
const isRepeated = (one: number, last: number): boolean =>
  one === SPACE || one === DOT ? last === SPACE || last === DOT : one === last && one !== ASTERISK && isSign(one)

const SIGNS = new Set(Array.from('\n:,()[]"★%《》', code))
const isSign = (one: number): boolean => SIGNS.has(one)

/** None of these is a character that a text can have in its plain form. */
const [UNKNOWN, SEVERAL, DROPPED] = [0, 0xfffe, 0xffff]

/** The plain form of each character of the basic plane once it has been met. */
const met = new Uint16Array(0x10000)

function plainOf(one: number): number {
  const known = met[one] ?? UNKNOWN
  if (known !== UNKNOWN) return known
  const form = isHalf(one) ? '  ' : folded(String.fromCharCode(one))
  const plain = form === '' ? DROPPED : form.length > 1 ? SEVERAL : code(form)
  met[one] = plain
  return plain
}

/** The first half of a character beyond the basic plane. */
const isHalf = (one: number): boolean => one >= 0xd800 && one <= 0xdbff

/** What becomes several characters, or lies beyond the basic plane and may be a letter, a digit or a sign in disguise. */
const forms = new Map<string, string>()

function formOf(char: string): string {
  const point = char.codePointAt(0) ?? 0
  if (point >= 0xe0000) return ''
  if (point > 0xffff && !isDisguise(point)) return BEYOND
  const known = forms.get(char)
  if (known !== undefined) return known
  const form = folded(char)
  forms.set(char, form)
  return form
}

/** Mathematical letters and digits, pictures, ideographs for compatibility. */
const isDisguise = (point: number): boolean =>
  (point >= 0x1d400 && point < 0x1fc00) || (point >= 0x2f800 && point < 0x2fa20)

/** Stands for letters that no rule knows. */
const BEYOND = '〓'

/** The plain form of one character: '' where it cannot be seen. */
function folded(char: string): string {
  const sign = SAME_SIGNS.get(char)
  if (sign) return sign
  if (/^[\p{Cf}\p{Mn}\p{Me}\p{Co}\p{Cs}\u115f\u1160\u3164\uffa0]$/u.test(char)) return ''
  const plain = Array.from(/[\u00c0-\u024f\u1e00-\u1eff]/.test(char) ? char.normalize('NFKD') : char.normalize('NFKC'))
  const parts = plain.map(part => SAME_SIGNS.get(part) ?? classed(simplified(part.toLowerCase())))
  const form = parts.join('')
  return form.length > LONGEST ? '·' : form
}

function classed(part: string): string {
  if (/^[\n\r\v\f\u0085\u2028\u2029]$/.test(part)) return '\n'
  if (/^\s$/.test(part)) return ' '
  if (/^[\p{Cc}\p{Mn}]$/u.test(part)) return ''
  if (!/^[\p{L}\p{N}]$/u.test(part)) return '·'
  return part.length > 1 ? BEYOND : part
}

/** All forms of a sign that a rule looks at. */
const SAME_SIGNS = new Map(
  Object.entries({
    ':': ':=∶︰꞉',
    ',': ',，、。.;；!！?？…︐︑︒﹑',
    '(': '(（﹙❨⦅',
    ')': ')）﹚❩⦆',
    '[': '[［【〔〖﹝⟦{｛',
    ']': ']］】〕〗﹞⟧}｝',
    '《': '《〈<⟨',
    '》': '》〉>⟩',
    '"': '"“”„‟＂「」『』﹁﹂‘’\'`´〝〞',
    '★': '★☆✩✪✫✬✭✮✯✰⭐⋆🌟⚝✶✷✴※\uf0ab\uf0b5\uf0b6',
    '*': '*＊﹡∗⁎✱',
    '%': '%％',
  }).flatMap(([sign, forms]) => Array.from(forms, form => [form, sign] as const)),
)
