import { zlibSync } from 'fflate'
import { encode } from 'uqr'
import { joinBytes } from '../kit/bytes.ts'

/** Pixels of one square, so that a print of a hand's width stays sharp. */
const SQUARE = 12
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** One bit a pixel, grey: 0 is black. */
const FORMAT = [1, 0, 0, 0, 0]

/** What is read from a code, as a PNG with its quiet zone. Errors are corrected up to a quarter: prints at doors get worn. */
export function drawCode(text: string): Uint8Array<ArrayBuffer> {
  const { data, size } = encode(text, { ecc: 'Q', border: 4 })
  const side = size * SQUARE
  const rows = data.flatMap(row => {
    const line = new Uint8Array(1 + Math.ceil(side / 8)).fill(0xff, 1)
    for (const [x, isDark] of row.entries())
      if (isDark)
        for (let at = x * SQUARE; at < (x + 1) * SQUARE; at++)
          line[1 + (at >> 3)] = (line[1 + (at >> 3)] ?? 0) & ~(0x80 >> (at & 7))
    return Array.from({ length: SQUARE }, () => line)
  })
  return joinBytes([
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', Uint8Array.from([...wide(side), ...wide(side), ...FORMAT])),
    chunk('IDAT', zlibSync(joinBytes(rows))),
    chunk('IEND', new Uint8Array()),
  ])
}

const wide = (value: number): number[] => [24, 16, 8, 0].map(shift => (value >>> shift) & 0xff)

function chunk(name: string, body: Uint8Array): Uint8Array {
  const named = joinBytes([new TextEncoder().encode(name), body])
  return joinBytes([Uint8Array.from(wide(body.length)), named, Uint8Array.from(wide(crc32(named)))])
}

/** The checksum of PNG (ISO 3309). */
function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return ~sum >>> 0
}
