import { crc32, deflateSync } from 'node:zlib'

const WIDTH = 480
const HEIGHT = 270

type Colour = readonly [number, number, number]

/** A PNG of hills before a sky that fades from one colour into another. */
export function picture(top: Colour, bottom: Colour): Uint8Array {
  const rows = Buffer.alloc((WIDTH * 3 + 1) * HEIGHT)
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) rows.set(pixel(x, y, top, bottom), y * (WIDTH * 3 + 1) + 1 + x * 3)
  const size = Buffer.alloc(13)
  size.writeUInt32BE(WIDTH, 0)
  size.writeUInt32BE(HEIGHT, 4)
  size.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', size),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function pixel(x: number, y: number, top: Colour, bottom: Colour): number[] {
  const hill = HEIGHT * (0.62 + 0.12 * Math.sin(x / 53) + 0.06 * Math.sin(x / 17))
  const sun = (x - WIDTH * 0.76) ** 2 + (y - HEIGHT * 0.26) ** 2 < (HEIGHT * 0.11) ** 2
  const share = y > hill ? 1 : (y / HEIGHT) * 0.6
  return top.map((from, at) => {
    const to = bottom[at] ?? 0
    return sun ? 255 : Math.round(from + (to - from) * share)
  })
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const frame = Buffer.alloc(body.length + 8)
  frame.writeUInt32BE(data.length, 0)
  frame.set(body, 4)
  frame.writeUInt32BE(crc32(body), body.length + 4)
  return frame
}
