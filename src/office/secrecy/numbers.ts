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

/** Digits as they are written in one number: a space or a sign stands between two of them at most. */
interface Run {
  digits: number[]
  /** Where each of them stands. */
  places: number[]
}

const [ZERO, NINE, SPACE, DOT, A, X, Z] = Array.from('09 ·axz', char => char.charCodeAt(0)) as Seven
type Seven = [number, number, number, number, number, number, number]
const isDigit = (code: number): boolean => code >= ZERO && code <= NINE
const isPart = (code: number): boolean => isDigit(code) || (code >= A && code <= Z)
/** The last sign of some numbers of identity. */
const TEN = 10

/** By hand: a pattern would keep a way back for each of a hundred thousand digits. */
function* runsOf(text: string): Iterable<Run> {
  let run: Run = { digits: [], places: [] }
  let last = -2
  for (let i = 0; i <= text.length; i++) {
    const code = text.charCodeAt(i)
    const isNext = i === last + 1
    if (isDigit(code) || (code === X && isNext)) {
      run.digits.push(code === X ? TEN : code - ZERO)
      run.places.push(i)
      last = i
      if (code !== X) continue
    } else if (isNext && (code === SPACE || code === DOT)) continue
    if (run.digits.length >= SHORTEST) yield run
    if (run.digits.length) run = { digits: [], places: [] }
    last = -2
  }
}

const SHORTEST = 11

/** Whether the digits from a place on, so many, are such a number. */
type Check = (digits: readonly number[], from: number, length: number) => boolean

/** Numbers of such lengths, of whole groups of digits; none is part of two. */
function numbersOf(text: string, lengths: readonly number[], isOne: Check): Span[] {
  const found: Span[] = []
  for (const run of runsOf(text)) {
    for (let first = 0; first < run.digits.length; first++) {
      const length = lengthAt(text, run, first, lengths, isOne)
      if (!length) continue
      found.push({ from: run.places[first] ?? 0, to: (run.places[first + length - 1] ?? 0) + 1 })
      first += length - 1
    }
  }
  return found
}

/** The length of the number that begins there; 0 where none does. */
function lengthAt(
  text: string,
  { digits, places }: Run,
  first: number,
  lengths: readonly number[],
  isOne: Check,
): number {
  if (isPart(text.charCodeAt((places[first] ?? 0) - 1))) return 0
  for (const length of lengths) {
    const last = places[first + length - 1]
    if (last !== undefined && !isPart(text.charCodeAt(last + 1)) && isOne(digits, first, length)) return length
  }
  return 0
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
/** By the remainder of the sum. */
const CHECKS = [1, 0, TEN, 9, 8, 7, 6, 5, 4, 3, 2]

/** GB 11643: a date of birth, and ISO 7064 MOD 11-2 over the first seventeen digits. */
function isIdentity(digits: readonly number[], from: number): boolean {
  if (digits[from] === 0 || !isBirth(digits, from + 6)) return false
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * (digits[from + i] ?? 0), 0)
  return CHECKS[sum % CHECKS.length] === digits[from + WEIGHTS.length]
}

function isBirth(digits: readonly number[], from: number): boolean {
  const two = (i: number) => (digits[from + i] ?? 0) * 10 + (digits[from + i + 1] ?? 0)
  return (two(0) === 19 || two(0) === 20) && two(4) >= 1 && two(4) <= 12 && two(6) >= 1 && two(6) <= 31
}

/** Luhn's test. */
function isCard(digits: readonly number[], from: number, length: number): boolean {
  const first = digits[from] ?? 0
  if (first < 3 || first === 7 || first === 8) return false
  let sum = 0
  let isOneDigit = true
  for (let i = 1; i <= length; i++) {
    const digit = digits[from + length - i] ?? 0
    sum += i % 2 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2
    isOneDigit &&= digit === first
  }
  return sum % 10 === 0 && !isOneDigit && digits[from + length - 1] !== TEN
}

const CODES: Record<number, readonly number[]> = { 11: [], 13: [8, 6], 15: [0, 0, 8, 6] }

function isMobile(digits: readonly number[], from: number, length: number): boolean {
  const code = CODES[length] ?? []
  const second = digits[from + code.length + 1] ?? 0
  return digits[from + code.length] === 1 && second >= 3 && code.every((digit, i) => digits[from + i] === digit)
}
