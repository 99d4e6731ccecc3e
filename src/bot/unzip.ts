import { Inflate } from 'fflate'
import { Refusal } from '../kit/refusal.ts'
import { Stint } from './stint.ts'
import { TOO_MUCH } from './unread.ts'

/** What usually may come out of one archive, all parts together: a bomb is left off as soon as it goes beyond. */
const MOST_BYTES = 8 * 1_048_576
const MOST_ENTRIES = 2_000
/** So much is fed to the inflater at a time; a bomb yields at most a thousand times as much before it is noticed. */
const STEP = 1_024

export interface Archive {
  names: readonly string[]
  /** A part as text. */
  part(name: string): Promise<string | undefined>
  /** By what a part begins. */
  head(name: string): Promise<Uint8Array>
}

/**
 * The parts of a zip archive as text, each inflated only when it is asked for; names are looked up and never used as paths.
 * @throws Refusal when it is no archive (`unreadable`), is encrypted, or holds too much. Broken data throws what the inflater throws.
 */
export function openArchive(bytes: Uint8Array, most = MOST_BYTES, unreadable = UNREADABLE): Archive {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries = new Map<string, Entry>()
  for (const entry of entriesOf(view, bytes, unreadable)) {
    // of two parts of one name each program may read another
    if (entries.has(entry.name)) throw new Refusal(unreadable)
    entries.set(entry.name, entry)
  }
  const stint = new Stint()
  const budget = { left: most }
  // each part is read once, and no two share what is packed
  let unread = bytes.length
  const chunks = (entry: Entry) => {
    const stored = storedOf(entry, view, bytes)
    unread -= stored.length
    if (unread < 0) throw new Refusal(unreadable)
    return chunksOf(entry, stored, budget)
  }
  return {
    names: [...entries.keys()],
    async part(name) {
      const entry = entries.get(name)
      return entry && textOf(chunks(entry), stint)
    },
    async head(name) {
      const entry = entries.get(name)
      return entry ? headOf(chunks(entry), stint) : new Uint8Array()
    },
  }
}

interface Entry {
  name: string
  packed: boolean
  size: number
  at: number
}

const END = 0x06054b50
const LISTED = 0x02014b50
const END_BYTES = 22
/** The ways of packing that office programs know. */
const STORED = 0
const DEFLATED = 8
const LONGEST_COMMENT = 65_535

function* entriesOf(view: DataView, bytes: Uint8Array, unreadable: string): Generator<Entry> {
  const end = endOf(view, unreadable)
  const count = view.getUint16(end + 10, true)
  if (count > MOST_ENTRIES) throw new Refusal('文件结构过于复杂,请另存为普通文件后重新发送')
  for (let i = 0, at = view.getUint32(end + 16, true); i < count; i++) {
    if (view.getUint32(at, true) !== LISTED) throw new Refusal(unreadable)
    if (view.getUint16(at + 8, true) & 1) throw new Refusal('文件已加密,请取消密码后重新发送')
    const method = view.getUint16(at + 10, true)
    if (method !== STORED && method !== DEFLATED) throw new Refusal(unreadable)
    const length = view.getUint16(at + 28, true)
    yield {
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + length)),
      packed: method === DEFLATED,
      size: view.getUint32(at + 20, true),
      at: view.getUint32(at + 42, true),
    }
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
}

export const UNREADABLE = '文件已损坏,或不是有效的 .xlsx 工作簿'

function endOf(view: DataView, unreadable: string): number {
  const first = Math.max(view.byteLength - END_BYTES - LONGEST_COMMENT, 0)
  for (let at = view.byteLength - END_BYTES; at >= first; at--) if (view.getUint32(at, true) === END) return at
  throw new Refusal(unreadable)
}

/** As it is packed. */
function storedOf({ size, at }: Entry, view: DataView, bytes: Uint8Array): Uint8Array {
  const start = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true)
  return bytes.subarray(start, start + size)
}

type Budget = { left: number }

/** Chunk by chunk, so that it is held once, as text. */
async function textOf(chunks: Iterable<Uint8Array>, stint: Stint): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for (const chunk of chunks) {
    text += decoder.decode(chunk, STREAM)
    if (stint.isOver()) await stint.rest()
  }
  return text + decoder.decode()
}

const STREAM = { stream: true }

async function headOf(chunks: Iterable<Uint8Array>, stint: Stint): Promise<Uint8Array> {
  for (const chunk of chunks) {
    if (chunk.length) return chunk.subarray(0, 64)
    if (stint.isOver()) await stint.rest()
  }
  return new Uint8Array()
}

function* chunksOf({ packed }: Entry, stored: Uint8Array, budget: Budget): Generator<Uint8Array> {
  if (!packed) return yield counted(stored, budget)
  const chunks: Uint8Array[] = []
  const inflate = new Inflate(chunk => chunks.push(counted(chunk, budget)))
  for (let at = 0; at < stored.length; at += STEP) {
    inflate.push(stored.subarray(at, at + STEP), at + STEP >= stored.length)
    yield* chunks.splice(0)
  }
}

function counted(chunk: Uint8Array, budget: Budget): Uint8Array {
  budget.left -= chunk.length
  if (budget.left < 0) throw new Refusal(TOO_MUCH)
  return chunk
}
