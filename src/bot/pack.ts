import type { Part } from '../kit/package.ts'

type Bytes = Uint8Array<ArrayBuffer>

/**
 * Packs parts into a zip. What is long comes in pieces, and between two of them others have their turn: compressing is done
 * beside the event loop.
 */
export async function pack(parts: Iterable<Part>): Promise<Bytes> {
  const files: Bytes[] = []
  const directory: Bytes[] = []
  let offset = 0
  for (const part of parts) {
    const entry = await compressed(part)
    const local = [headerOf(entry), entry.name, ...entry.packed]
    files.push(...local)
    directory.push(listed(entry, offset), entry.name)
    offset += sizeOf(local)
  }
  return joined([...files, ...directory, closing(directory.length / 2, sizeOf(directory), offset)])
}

interface Entry {
  name: Bytes
  packed: Bytes[]
  crc: number
  packedSize: number
  size: number
}

async function compressed({ path, text }: Part): Promise<Entry> {
  const encoder = new TextEncoder()
  const stream = new CompressionStream('deflate-raw')
  const writer = stream.writable.getWriter()
  const reading = collect(stream.readable)
  let crc = 0
  let size = 0
  for await (const piece of text) {
    const bytes = encoder.encode(piece)
    crc = crc32(bytes, crc)
    size += bytes.length
    await writer.write(bytes)
  }
  await writer.close()
  const packed = await reading
  return { name: encoder.encode(path), packed, crc, packedSize: sizeOf(packed), size }
}

async function collect(stream: ReadableStream<Bytes>): Promise<Bytes[]> {
  const chunks: Bytes[] = []
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return chunks
    chunks.push(value)
  }
}

const sizeOf = (chunks: Bytes[]): number => chunks.reduce((sum, chunk) => sum + chunk.length, 0)

function joined(chunks: Bytes[]): Bytes {
  const all = new Uint8Array(sizeOf(chunks))
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}

const VERSION = 20
const DEFLATED = 8
/** 1 January 1980: the same content makes the same file. */
const DAY = 0x21

const headerOf = ({ name, crc, packedSize, size }: Entry): Bytes =>
  record(0x04034b50, [
    [VERSION, 0, DEFLATED, 0, DAY],
    [crc, packedSize, size],
    [name.length, 0],
  ])

const listed = ({ name, crc, packedSize, size }: Entry, offset: number): Bytes =>
  record(0x02014b50, [
    [VERSION, VERSION, 0, DEFLATED, 0, DAY],
    [crc, packedSize, size],
    [name.length, 0, 0, 0, 0],
    [0, offset],
  ])

const closing = (count: number, size: number, offset: number): Bytes =>
  record(0x06054b50, [[0, 0, count, count], [size, offset], [0]])

/** A record of the zip format: groups of 16-bit and 32-bit numbers take turns, the first are 16 bits wide. */
function record(signature: number, groups: number[][]): Bytes {
  const numbers = [[signature, 4], ...groups.flatMap((group, i) => group.map(value => [value, i % 2 ? 4 : 2]))]
  const view = new DataView(new ArrayBuffer(numbers.reduce((sum, [, width = 0]) => sum + width, 0)))
  let at = 0
  for (const [value = 0, width = 0] of numbers) {
    if (width === 2) view.setUint16(at, value, true)
    else view.setUint32(at, value, true)
    at += width
  }
  return new Uint8Array(view.buffer)
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})

function crc32(bytes: Bytes, before: number): number {
  let crc = ~before
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
  return ~crc >>> 0
}
