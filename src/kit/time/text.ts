import { simplified } from '../simplified.ts'

/** The text as the grammar reads it: half-width, simplified, white space folded; `origin` leads back to the original. */
export type Text = { original: string; plain: string; origin: readonly number[] }

export function normalise(original: string): Text {
  const origin: number[] = []
  let plain = ''
  for (let at = 0; at < original.length; at++) {
    const char = plainChar(original.charAt(at))
    if (char === '' || (char === ' ' && plain.endsWith(' '))) continue
    plain += char
    origin.push(at)
  }
  origin.push(original.length)
  return { original, plain, origin }
}

/** What is left when the stretches `[from, to)` of the plain text are cut out of the original. */
export function without(text: Text, cuts: readonly { from: number; to: number }[]): string {
  let rest = ''
  let at = 0
  for (const { from, to } of cuts) {
    const kept = text.original.slice(at, originOf(text, from))
    if (at === 0 || !/^[\s,，、;；。]*$/.test(kept)) rest = joined(rest, kept)
    at = to === 0 ? 0 : originOf(text, to - 1) + 1
  }
  return joined(rest, text.original.slice(at)).trim()
}

const originOf = (text: Text, index: number): number => text.origin[index] ?? text.original.length

function joined(left: string, right: string): string {
  if (left.trim() === '') return left.trim() + right.replace(danglingStart, '')
  if (right.trim() === '' || /\s$/.test(left)) return left + right.trimStart()
  if (/[,，、;；]$/.test(left)) return left + right.replace(danglingStart, '')
  return left + right
}

const danglingStart = /^[\s,，、;；。]+/

function plainChar(char: string): string {
  if (invisible.test(char)) return ''
  if (/\s/.test(char)) return ' '
  if (char >= '！' && char <= '～') return dashes.get(char) ?? String.fromCharCode(char.charCodeAt(0) - fullWidthOffset)
  return dashes.get(char) ?? numerals.get(char) ?? simplified(char)
}

const fullWidthOffset = 0xfee0
const invisible = /[\u200b-\u200d\u2060\ufeff]/

const pairs = (list: string): Map<string, string> =>
  new Map(list.split(' ').map(pair => [pair.charAt(0), pair.charAt(1)]))

const dashes = pairs('—- –- －- ―- ─- −- ‐- ~- 〜- ～- ∼- ∶:')

/** Those of contracts and cheques, and round zeros. */
const numerals = pairs('壹一 貳二 參三 〇零 ○零')
