import { Inflate } from 'fflate'
import { Refusal } from '../kit/refusal.ts'
import { eachFound, latin, PORTION, speltOut } from './pdf-text.ts'
import { Stint } from './stint.ts'
import { TOO_MUCH, UNREADABLE_TEXT } from './unread.ts'

export const UNKNOWN_PACKING = '该 PDF 的内容以不常用的方式压缩或加密,无法进行保密检查。请重新导出为普通 PDF 后发送'

/** What may come out of all streams together; pictures, which nobody unpacks later, may be larger. */
export const MOST_UNPACKED = { text: 24 * 1_048_576, picture: 128 * 1_048_576 }
/** So much is unpacked at a time; a thousand times as much may come out of it. */
const STEP = 1_024
/** So far back the description of a stream is looked for. */
const LONGEST_DICTIONARY = 8_192
/** No file of the size that may be sent has so many. */
const MOST_STREAMS = 20_000

/**
 * Refuses a PDF out of which more comes than may be read, before its reader unpacks it: that one knows no measure. A stream is told
 * by its keyword, wherever it stands, since a reader may be led to any of them; one that is packed otherwise than usual is refused.
 */
export async function refuseBombs(bytes: Uint8Array): Promise<void> {
  const stint = new Stint()
  const left = { ...MOST_UNPACKED }
  let unread = bytes.length
  for await (const { dictionary, data } of streamsIn(bytes, stint)) {
    const kind = PICTURE.test(dictionary) ? 'picture' : 'text'
    if (!isPackedAsUsual(dictionary, kind)) throw new Refusal(UNKNOWN_PACKING)
    if (!isPacked(dictionary)) continue
    const { read, length } = await unpack(data, left[kind], () => {}, stint)
    left[kind] -= length
    unread -= Math.max(0, read - STEP)
    // no two streams share what is packed
    if (unread < 0) throw new Refusal(UNKNOWN_PACKING)
  }
}

const PICTURE = /\/Subtype\s*\/Image\b/

/** Whether it holds any: a picture is a stream of its own, described in clear. */
export async function hasPictures(bytes: Uint8Array): Promise<boolean> {
  for await (const { dictionary } of streamsIn(bytes, new Stint())) if (PICTURE.test(dictionary)) return true
  return false
}

/** Every stream: what describes it, names spelt out, and the file from its data on. */
export async function* streamsIn(
  bytes: Uint8Array,
  stint: Stint,
): AsyncGenerator<{ dictionary: string; data: Uint8Array }> {
  let streams = 0
  let [undescribed, line] = [2 * bytes.length, 0]
  for (const keyword of keywordsIn(bytes)) {
    if (keyword) {
      const { at, end } = keyword
      if (++streams > MOST_STREAMS) throw new Refusal(TOO_MUCH)
      const dictionary = dictionaryBefore(bytes, end)
      undescribed -= dictionary.length
      // nor what describes them
      if (undescribed < 0) throw new Refusal(UNKNOWN_PACKING)
      if (line < at + WORD.length) line = lineEnd(bytes, at + WORD.length)
      yield { dictionary, data: bytes.subarray(bytes[line] === CR && bytes[line + 1] === LF ? line + 2 : line + 1) }
    }
    if (stint.isOver()) await stint.rest()
  }
}

const WORD = new TextEncoder().encode('stream')
const [CR, LF, CLOSE, PERCENT] = [0x0d, 0x0a, 0x3e, 0x25]
const isSpace = (sign: number): boolean =>
  sign === 0x20 || sign === 0 || (sign >= 0x09 && sign <= 0x0d) || sign === 0xa0

/**
 * Where the keyword of a stream stands, and where a description ends that has nothing but space and remarks between; nothing once in a
 * while, so that others may have their turn. A reader may be led into a remark, and another over it: either description counts.
 */
function* keywordsIn(bytes: Uint8Array): Generator<{ at: number; end: number } | undefined> {
  let ends: number[] = []
  let beforeRemark: number[] = []
  for (let at = 0; at < bytes.length; at++) {
    if (at % PORTION === 0) yield undefined
    const sign = bytes[at] as number
    if (sign === CLOSE && bytes[at - 1] === CLOSE) ends = [at - 1]
    else if ((sign === CR || sign === LF) && beforeRemark.length) {
      ends = [...beforeRemark, ...ends]
      beforeRemark = []
    } else if (ends.length && !isSpace(sign)) {
      if (sign === PERCENT && beforeRemark.push(...ends) > MOST_REMARKS) throw new Refusal(UNKNOWN_PACKING)
      if (WORD.every((letter, i) => bytes[at + i] === letter)) for (const end of ends) yield { at, end }
      ends = []
    }
  }
}

/** So many descriptions and remarks in one line nobody writes. */
const MOST_REMARKS = 100

/** What describes a stream, names spelt out. */
function dictionaryBefore(bytes: Uint8Array, end: number): string {
  const before = bytes.subarray(Math.max(0, end - LONGEST_DICTIONARY), end)
  const said = latin(before)
  const start = said.lastIndexOf(' obj')
  // what describes it at such length nobody writes
  if (start < 0 || !isDescription(said.slice(start))) throw new Refusal(UNKNOWN_PACKING)
  return speltOut(before.subarray(start))
}

/** Not one that only begins within some words of the real one: these end behind it, with a bracket that nothing has opened. */
function isDescription(said: string): boolean {
  let depth = 0
  for (let i = 0; i < said.length; i++) {
    const sign = said.charAt(i)
    if (depth === 0 && (sign === '\\' || sign === '%')) return false
    if (sign === '\\') i++
    else if (sign === '(') depth++
    else if (sign === ')' && --depth < 0) return false
  }
  return depth === 0 && /^ obj\s*<</.test(said)
}

function lineEnd(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && bytes[at] !== CR && bytes[at] !== LF) at++
  return at
}

const SHORT: Record<string, string> = {
  Fl: 'FlateDecode',
  DCT: 'DCTDecode',
  CCF: 'CCITTFaxDecode',
  A85: 'ASCII85Decode',
}

/** How a stream is packed, the outermost first; undefined: it does not say so itself. */
function packingsIn(dictionary: string): string[] | undefined {
  const said = [...dictionary.matchAll(/\/(?:Filter|F)(?![\w.-])\s*(\[[^[\]]{0,500}\]|\/[A-Za-z0-9]{1,20})?/g)]
  if (said.some(([, value]) => value === undefined || /\d\s+R\b/.test(value))) return undefined
  return said.flatMap(([, value = '']) => value.match(/[A-Za-z][A-Za-z0-9]{0,19}/g) ?? []).map(one => SHORT[one] ?? one)
}

export const isPacked = (dictionary: string): boolean => packingsIn(dictionary)?.at(-1) === 'FlateDecode'

const PICTURES = ['DCTDecode', 'JPXDecode', 'JBIG2Decode', 'CCITTFaxDecode']

function isPackedAsUsual(dictionary: string, kind: 'text' | 'picture'): boolean {
  const packings = packingsIn(dictionary)
  if (!packings) return false
  const [last = 'FlateDecode', ...others] = packings.toReversed()
  if (kind === 'picture' && PICTURES.includes(last)) return others.every(one => /^(Flate|ASCII85)Decode$/.test(one))
  return last === 'FlateDecode' && !others.length
}

const ZLIB_HEAD = 2

/** How much is read and comes out, at most so much: what is packed ends where it ends by itself, not where the file says that it ends. */
export async function unpack(
  data: Uint8Array,
  most: number,
  take: (chunk: Uint8Array) => void,
  stint: Stint,
): Promise<{ read: number; length: number }> {
  let [read, length] = [ZLIB_HEAD, 0]
  const inflate = new Inflate(chunk => {
    length += chunk.length
    if (length > most) throw new Refusal(TOO_MUCH)
    take(chunk)
  })
  for (; read < data.length && !isDone(inflate); read += STEP) {
    inflate.push(data.subarray(read, read + STEP))
    if (stint.isOver()) await stint.rest()
  }
  return { read, length }
}

/** Its state tells that the last block is over; in words it tells so to nobody, and empty blocks give as little as none. */
function isDone(inflate: Inflate): boolean {
  const { f: isLast, l: inside } = (inflate as unknown as { s: { f?: number; l?: unknown } }).s
  return isLast === 1 && !inside
}

/** Whether a PDF says that it is encrypted, so that what is in its streams cannot be told before. */
export async function refuseEncrypted(bytes: Uint8Array): Promise<void> {
  await eachFound(bytes, /\/Encrypt(?![A-Za-z])/g, new Stint(), () => {
    throw new Refusal(UNREADABLE_TEXT)
  })
}
