import { simplified } from './simplified.ts'

/** Full-width letters, digits, signs and spaces become their plain form; length in UTF-16 units is kept. */
export function halfWidth(text: string): string {
  return text.replace(/[\uff01-\uff5e\u3000]/g, char =>
    char === '\u3000' ? ' ' : String.fromCharCode(char.charCodeAt(0) - 0xfee0),
  )
}

/** A text half-width and in simplified characters, in which its words are looked for; length in UTF-16 units is kept. */
export const standard = (text: string): string => Array.from(halfWidth(text), simplified).join('')

/** The plain form in which command words, sub-commands and names are compared: half-width, simplified, lower case. */
export const plain = (text: string): string => standard(text).toLowerCase()

/** A mention that was typed instead of chosen, and the name in it. */
export const TYPED_MENTION = /[@\uff20]\s{0,3}([^\s,\uff0c、;\uff1b:\uff1a@\uff20]{1,20})/g

/** A sentence, whether or not it has its full stop already. */
export const sentence = (words: string): string => words.replace(/。?$/, '。')

/**
 * Text from outside made fit to be kept: no NUL and no lone surrogates (Postgres refuses both), no control characters
 * but line breaks, no characters that turn the reading direction, at most `limit` UTF-16 units.
 */
export function tidy(text: string, limit = Number.POSITIVE_INFINITY): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/(?![\n\t])[\p{Cc}\p{Cf}]/gu, '')
    .slice(0, limit)
    .toWellFormed()
}

/** At most `limit` characters, with an ellipsis where something was cut. */
export function shorten(text: string, limit: number): string {
  const chars = Array.from(text.replace(/\s+/g, ' ').trim())
  return chars.length <= limit ? chars.join('') : `${chars.slice(0, limit - 1).join('')}…`
}

/** Splits off the first word; the rest keeps its inner spaces. */
export function firstWord(text: string): [word: string, rest: string] {
  const [before = '', word = ''] = /^\s*(\S*)\s*/.exec(text) ?? []
  return [word, text.slice(before.length).trimEnd()]
}

/** What is left of a text something was taken out of, without the signs and spaces that parted it from that; a full stop stays. */
export const trimmed = (text: string): string =>
  text.replace(/^[\s,\uff0c。、;\uff1b:\uff1a]+|[\s,\uff0c、;\uff1b:\uff1a]+$/g, '')

/** A clause that a deadline leaves behind: `报送总结,12月7日前完成!`. */
const DONE = /(?:^|[,\uff0c;\uff1b。])\s*(?:务必|必须|须|请)?(?:全部|按时)?(?:完成|办结|办好|办完)[!\uff01。]*$/

/** What is left of a title whose deadline was taken out; one sentence needs no full stop. */
export const bareTitle = (text: string): string =>
  trimmed(trimmed(text).replace(DONE, '')).replace(/^([^。]*)。$/, '$1')

/**
 * What was said, parted behind its first word, at most six characters of Chinese that a sign, a space or the end follows: `同意,请抓紧` is
 * 同意 and 请抓紧, `完成不了` one word of its own, that in standard form. Where it begins with no such word, both are ''. Thanks are no word.
 */
export function opening(text: string): { head: string; word: string } {
  const [, head = '', word = ''] =
    /^\s*([一-鿿]{1,6})(?:[\s,\uff0c。.:\uff1a;\uff1b!\uff01、]+([\s\S]*))?$/.exec(text) ?? []
  return { head: standard(head), word: THANKS.test(standard(word)) ? '' : word.trim() }
}

/** What is polite to add, and says nothing of the matter. */
const THANKS = /^(?:谢谢|多谢|感谢|辛苦)(?:了|啦|你|您|提醒|领导)?[\s,\uff0c。!\uff01~]*$/

/** A reason without the word for it, which some write before it. */
export const reason = (word: string): string => word.replace(/^(?:理由|原因)[:\uff1a\s]*/, '')

/** How many single-character edits lie between two short words. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
