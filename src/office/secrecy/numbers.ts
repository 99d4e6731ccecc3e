/** A stretch of a text; `to` is behind its last character. */
export interface Span {
  from: number
  to: number
}

/** Numbers of personal identity (SEC-14): with a valid date and check digit. */
export const identityNumbers = (text: string): Span[] => numbersOf(text, [18], isIdentity)

/** Numbers of bank cards (SEC-16): 16–19 digits that pass Luhn's test and begin like a card of a bank. */
export const cardNumbers = (text: string): Span[] => numbersOf(text, [16, 17, 18, 19], isCard)

/** Mobile numbers, also with the code of the country. */
export const mobileNumbers = (text: string): Span[] => numbersOf(text, [11, 13, 15], isMobile)

/** Passports and passes to Hong Kong, Macao and Taiwan (SEC-14), where the text calls them so. */
export const passNumbers = (text: string): Span[] =>
  spans(text, PASS).filter(({ from, to }) => CALLED.test(text.slice(Math.max(0, from - 24), to + 12)))

const PASS = /(?<![a-z0-9])(?:[degsp][ ·]?[a-z]?|[chmw])\d(?:[ ·]?\d){6,9}(?![a-z0-9])/g
const CALLED = /护照|通行证/

/** Where a pattern is found. */
export const spans = (text: string, pattern: RegExp): Span[] =>
  Array.from(text.matchAll(pattern), match => ({ from: match.index, to: match.index + match[0].length }))

/** Digits as they are written in one number: a space or a sign stands between their groups at most. */
const RUN = /(?<![a-z0-9])\d(?:[ ·]?\d){10,}x?(?![a-z])/g

/** Whether the digits from a place on, so many, are such a number. Looked at in place: a hostile text has a candidate at each digit. */
type Check = (digits: string, from: number, length: number) => boolean

/** Numbers of such lengths, of whole groups of digits; none is part of two. */
function numbersOf(text: string, lengths: readonly number[], isOne: Check): Span[] {
  const found: Span[] = []
  for (const { 0: run, index } of text.matchAll(RUN)) {
    const digits = run.replace(/[ ·]/g, '')
    const places = placesOf(run)
    const isBorder = (i: number) => i === 0 || i === digits.length || (places[i] ?? 0) > (places[i - 1] ?? 0) + 1
    for (let first = 0; first < digits.length; first++) {
      if (!isBorder(first)) continue
      const length = lengths.find(one => isBorder(first + one) && isOne(digits, first, one))
      if (!length) continue
      const last = first + length - 1
      found.push({ from: index + (places[first] ?? 0), to: index + (places[last] ?? 0) + 1 })
      first = last
    }
  }
  return found
}

/** Where each digit of a run stands in it. */
function placesOf(run: string): number[] {
  const places: number[] = []
  for (let i = 0; i < run.length; i++) if (run[i] !== ' ' && run[i] !== '·') places.push(i)
  return places
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const ZERO = 48
const digitAt = (digits: string, i: number): number => digits.charCodeAt(i) - ZERO

/** GB 11643: a date of birth, and ISO 7064 MOD 11-2 over the first seventeen digits. */
function isIdentity(digits: string, from: number): boolean {
  const century = digitAt(digits, from + 6) * 10 + digitAt(digits, from + 7)
  if (century !== 19 && century !== 20) return false
  let sum = 0
  for (const [i, weight] of WEIGHTS.entries()) sum += weight * digitAt(digits, from + i)
  return (
    '10x98765432'[sum % 11] === digits[from + 17] &&
    /^[1-9].{9}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/.test(digits.slice(from, from + 18))
  )
}

/** Luhn's test. */
function isCard(digits: string, from: number, length: number): boolean {
  const first = digitAt(digits, from)
  if (first < 3 || first > 9 || first === 7 || first === 8) return false
  let sum = 0
  for (let i = 1; i <= length; i++) {
    const digit = digitAt(digits, from + length - i)
    sum += i % 2 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2
  }
  return sum % 10 === 0 && !/^(\d)\1*$/.test(digits.slice(from, from + length))
}

const isMobile = (digits: string, from: number, length: number): boolean =>
  digits[from + length - 11] === '1' && /^(?:(?:00)?86)?1[3-9]\d{9}$/.test(digits.slice(from, from + length))
