import { Inflate } from 'fflate'
import { joinBytes } from '../kit/bytes.ts'
import { Refusal } from '../kit/refusal.ts'

/** What usually may come out of one archive, all parts together: a bomb is left off as soon as it goes beyond. */
const MOST_BYTES = 8 * 1_048_576
const MOST_ENTRIES = 2_000
/** So much is fed to the inflater at a time; a bomb yields at most a thousand times as much before it is noticed. */
const STEP = 4_096

export interface Archive {
  names: readonly string[]
  /** A part as text. */
  part(name: string): string | undefined
}

/**
 * The parts of a zip archive as text, each inflated only when it is asked for; names are looked up and never used as paths.
 * @throws Refusal when it is no archive, is encrypted, or holds too much. Broken data throws what the inflater throws.
 */
export function openArchive(bytes: Uint8Array, most = MOST_BYTES): Archive {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries = new Map<string, Entry>()
  for (const entry of entriesOf(view, bytes)) entries.set(entry.name, entry)
  const budget = { left: most }
  return {
    names: [...entries.keys()],
    part(name) {
      const entry = entries.get(name)
      return entry && new TextDecoder().decode(contentOf(entry, view, bytes, budget))
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
const LONGEST_COMMENT = 65_535

function* entriesOf(view: DataView, bytes: Uint8Array): Generator<Entry> {
  const end = endOf(view)
  const count = view.getUint16(end + 10, true)
  if (count > MOST_ENTRIES) throw new Refusal('文件结构过于复杂,请另存为普通的 .xlsx 工作簿')
  for (let i = 0, at = view.getUint32(end + 16, true); i < count; i++) {
    if (view.getUint32(at, true) !== LISTED) throw new Refusal(UNREADABLE)
    if (view.getUint16(at + 8, true) & 1) throw new Refusal('文件已加密,请取消密码后重新发送')
    const length = view.getUint16(at + 28, true)
    yield {
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + length)),
      packed: view.getUint16(at + 10, true) !== 0,
      size: view.getUint32(at + 20, true),
      at: view.getUint32(at + 42, true),
    }
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
}

export const UNREADABLE = '文件已损坏,或不是有效的 .xlsx 工作簿'

function endOf(view: DataView): number {
  const first = Math.max(view.byteLength - END_BYTES - LONGEST_COMMENT, 0)
  for (let at = view.byteLength - END_BYTES; at >= first; at--) if (view.getUint32(at, true) === END) return at
  throw new Refusal(UNREADABLE)
}

function contentOf(
  { packed, size, at }: Entry,
  view: DataView,
  bytes: Uint8Array,
  budget: { left: number },
): Uint8Array {
  const start = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true)
  const stored = bytes.subarray(start, start + size)
  return packed ? inflated(stored, budget) : counted(stored, budget)
}

function counted(chunk: Uint8Array, budget: { left: number }): Uint8Array {
  budget.left -= chunk.length
  if (budget.left < 0) throw new Refusal('表格过大,请拆分后重新发送')
  return chunk
}

function inflated(stored: Uint8Array, budget: { left: number }): Uint8Array {
  const chunks: Uint8Array[] = []
  const inflate = new Inflate(chunk => chunks.push(counted(chunk, budget)))
  for (let at = 0; at < stored.length; at += STEP)
    inflate.push(stored.subarray(at, at + STEP), at + STEP >= stored.length)
  return joinBytes(chunks)
}
