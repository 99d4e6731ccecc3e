import { Inflate } from 'fflate'
import { Refusal } from '../kit/refusal.ts'
import { TOO_MUCH, UNREADABLE_TEXT } from './unread.ts'

export const UNKNOWN_PACKING = '该 PDF 的内容以不常用的方式压缩或加密,无法进行保密检查。请重新导出为普通 PDF 后发送'

/** What may come out of all streams together; pictures, which nobody unpacks later, may be larger. */
export const MOST_UNPACKED = { text: 24 * 1_048_576, picture: 128 * 1_048_576 }
const STEP = 4_096
/** No part of packed data is so long without anything coming out of it: what is packed has ended. */
const SILENT_STEPS = 3
/** So far back the description of a stream is looked for. */
const LONGEST_DICTIONARY = 8_192

/**
 * Refuses a PDF out of which more comes than may be read, before its reader unpacks it: that one knows no measure. A stream is told
 * by its keyword, wherever it stands, since a reader may be led to any of them; one that is packed otherwise than usual is refused.
 */
export async function refuseBombs(bytes: Uint8Array): Promise<void> {
  const left = { ...MOST_UNPACKED }
  for (const { dictionary, data } of streamsIn(bytes)) {
    const kind = PICTURE.test(dictionary) ? 'picture' : 'text'
    if (!isPackedAsUsual(dictionary, kind)) throw new Refusal(UNKNOWN_PACKING)
    if (isPacked(dictionary)) left[kind] -= unpack(data, left[kind], () => {})
    // between two streams others have their turn
    await new Promise(done => setTimeout(done, 0))
  }
}

const PICTURE = /\/Subtype\s*\/Image\b/

/** Whether it holds any: a picture is a stream of its own, described in clear. */
export function hasPictures(bytes: Uint8Array): boolean {
  for (const { dictionary } of streamsIn(bytes)) if (PICTURE.test(dictionary)) return true
  return false
}

/** Every stream: what describes it, names spelt out, and the file from its data on. */
export function* streamsIn(bytes: Uint8Array): Generator<{ dictionary: string; data: Uint8Array }> {
  for (let at = nextStream(bytes, 0); at >= 0; at = nextStream(bytes, at + WORD.length)) {
    const dictionary = dictionaryBefore(bytes, at)
    if (dictionary !== undefined) yield { dictionary, data: bytes.subarray(dataAfter(bytes, at)) }
  }
}

const WORD = new TextEncoder().encode('stream')

function nextStream(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0x73, from); at >= 0; at = bytes.indexOf(0x73, at + 1))
    if (WORD.every((sign, i) => bytes[at + i] === sign) && bytes[at - 1] !== 0x64) return at
  return -1
}

const latin = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes)

/** The description before the keyword, names spelt out; undefined: the word stands in a text. */
function dictionaryBefore(bytes: Uint8Array, at: number): string | undefined {
  const before = latin(bytes.subarray(Math.max(0, at - LONGEST_DICTIONARY), at))
  const end = before.lastIndexOf('>>')
  const between = before.slice(end + 2).replace(/%[^\r\n]{0,500}[\r\n]/g, '')
  if (end < 0 || between.trim() !== '') return undefined
  const start = before.lastIndexOf(' obj', end)
  // what describes it at such length nobody writes
  if (start < 0) throw new Refusal(UNKNOWN_PACKING)
  return before
    .slice(start, end)
    .replace(/#([0-9a-fA-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
}

const SHORT: Record<string, string> = {
  Fl: 'FlateDecode',
  DCT: 'DCTDecode',
  CCF: 'CCITTFaxDecode',
  A85: 'ASCII85Decode',
}

/** How a stream is packed, the outermost first; undefined: it does not say so itself. */
function packingsIn(dictionary: string): string[] | undefined {
  const said = [...dictionary.matchAll(/\/(?:Filter|F)(?![\w.-])\s*(\[[^\]]{0,500}\]|\/[A-Za-z0-9]{1,20})?/g)]
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

/** Behind the line of the keyword. */
function dataAfter(bytes: Uint8Array, at: number): number {
  let from = at + WORD.length
  while (from < bytes.length && bytes[from] !== 0x0a && bytes[from] !== 0x0d) from++
  return bytes[from] === 0x0d && bytes[from + 1] === 0x0a ? from + 2 : from + 1
}

const ZLIB_HEAD = 2

/** How much comes out, at most so much: what is packed ends where it ends by itself, not where the file says that it ends. */
export function unpack(data: Uint8Array, most: number, take: (chunk: Uint8Array) => void): number {
  let length = 0
  let silent = 0
  const inflate = new Inflate(chunk => {
    silent = chunk.length ? 0 : silent + 1
    length += chunk.length
    if (length > most) throw new Refusal(TOO_MUCH)
    take(chunk)
  })
  for (let at = ZLIB_HEAD; at < data.length && silent < SILENT_STEPS; at += STEP)
    inflate.push(data.subarray(at, at + STEP))
  return length
}

/** Whether a PDF says that it is encrypted, so that what is in its streams cannot be told before. */
export function refuseEncrypted(bytes: Uint8Array): void {
  for (let at = bytes.indexOf(SLASH); at >= 0; at = bytes.indexOf(SLASH, at + 1))
    if (ENCRYPT.every((sign, i) => bytes[at + i] === sign) && !isLetter(bytes[at + ENCRYPT.length] ?? 0))
      throw new Refusal(UNREADABLE_TEXT)
}

const SLASH = 0x2f
const ENCRYPT = new TextEncoder().encode('/Encrypt')
const isLetter = (sign: number): boolean => (sign | 0x20) >= 0x61 && (sign | 0x20) <= 0x7a
