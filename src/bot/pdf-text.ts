import type { Stint } from './stint.ts'

/** So much of a file is looked through at a time. */
export const PORTION = 65_536
/** Nothing that is looked for is longer. */
const LONGEST_FOUND = 64

/** Shows all that a pattern finds in a file, names spelt out, from the front to the back. */
export async function eachFound(
  bytes: Uint8Array,
  pattern: RegExp,
  stint: Stint,
  see: (found: RegExpExecArray) => void,
): Promise<void> {
  let [text, from] = ['', 0]
  for (let [at, to] = [0, 0]; at < bytes.length; at = to) {
    to = portionEnd(bytes, at)
    text += speltOut(bytes.subarray(at, to))
    const over = to < bytes.length ? text.length - LONGEST_FOUND : text.length
    pattern.lastIndex = from
    for (let found = pattern.exec(text); found && found.index < over; found = pattern.exec(text)) {
      see(found)
      from = pattern.lastIndex
    }
    // with the sign before it, which a pattern may ask for
    const kept = Math.max(from, over, 1) - 1
    from = Math.max(from, over, 0) - kept
    text = text.slice(kept)
    if (stint.isOver()) await stint.rest()
  }
}

/** Not within a sign that is spelt. */
function portionEnd(bytes: Uint8Array, at: number): number {
  const to = at + PORTION
  if (to >= bytes.length) return bytes.length
  return bytes[to - 1] === HASH ? to - 1 : bytes[to - 2] === HASH ? to - 2 : to
}

const LATIN = new TextDecoder('latin1')
export const latin = (bytes: Uint8Array): string => LATIN.decode(bytes)

const HASH = 0x23
const HEX = Int8Array.from({ length: 256 }, (_, sign) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(sign).toLowerCase()),
)

/** As text: names may spell any sign by its number. */
export function speltOut(bytes: Uint8Array): string {
  if (!bytes.includes(HASH)) return latin(bytes)
  const signs = new Uint8Array(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const [high, low] = bytes[at] === HASH ? [digit(bytes[at + 1]), digit(bytes[at + 2])] : [-1, -1]
    const isSpelt = high >= 0 && low >= 0
    signs[length++] = isSpelt ? high * 16 + low : (bytes[at] as number)
    if (isSpelt) at += 2
  }
  return latin(signs.subarray(0, length))
}

const digit = (sign: number | undefined): number => (sign === undefined ? -1 : (HEX[sign] ?? -1))
