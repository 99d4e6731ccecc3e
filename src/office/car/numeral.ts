/** A number as people write it in words, up to 二百九十九; for patterns. */
export const NUMERAL = '[一二两三四五六七八九十百零]{1,5}'

const DIGITS = '零一二三四五六七八九'
const digit = (word: string | undefined): number => (word === '两' ? 2 : DIGITS.indexOf(word ?? '零'))
const NUMBER = /^(?:([一二两])百)?(零)?(?:([一二三四五六七八九])?(十))?([一二两三四五六七八九])?$/

/** `12`, `十二`, `两百`, `一百零五`; NaN for what is no such number. */
export function countOf(word: string): number {
  if (/^\d+$/.test(word)) return Number(word)
  const [said, hundreds, zero, tens, ten, ones] = NUMBER.exec(word) ?? []
  if (!said) return Number.NaN
  const last = digit(ones)
  // 一百二 is 120
  const isShort = hundreds !== undefined && !ten && !zero
  return digit(hundreds) * 100 + (ten ? (tens ? digit(tens) : 1) * 10 : 0) + (isShort ? last * 10 : last)
}
