/** What travels over a long connection: Feishu's protobuf message `Frame`, as far as anybody fills it in. */
export interface Frame {
  seq_id: bigint
  log_id: bigint
  service: number
  method: number
  headers: Record<string, string>
  payload: Buffer
}

export const CONTROL = 0
export const DATA = 1

/** Fields of protobuf that hold a number, or so many bytes. */
const VARINT = 0
const BYTES = 2

export function writeFrame({ seq_id, log_id, service, method, headers, payload }: Frame): Buffer {
  return Buffer.concat([
    number(1, seq_id),
    number(2, log_id),
    number(3, BigInt(service)),
    number(4, BigInt(method)),
    ...Object.entries(headers).map(([key, value]) =>
      bytes(5, Buffer.concat([bytes(1, Buffer.from(key)), bytes(2, Buffer.from(value))])),
    ),
    bytes(8, payload),
  ])
}

/** @throws RangeError when the bytes are no frame. */
export function readFrame(from: Buffer): Frame {
  const frame: Frame = { seq_id: 0n, log_id: 0n, service: 0, method: -1, headers: {}, payload: Buffer.alloc(0) }
  for (const { field, value } of fields(from)) {
    if (field === 1) frame.seq_id = BigInt(numberOf(value))
    if (field === 2) frame.log_id = BigInt(numberOf(value))
    if (field === 3) frame.service = Number(numberOf(value))
    if (field === 4) frame.method = Number(numberOf(value))
    if (field === 5) Object.assign(frame.headers, header(bytesOf(value)))
    if (field === 8) frame.payload = bytesOf(value)
  }
  return frame
}

function header(from: Buffer): Record<string, string> {
  const parts = new Map(fields(from).map(({ field, value }) => [field, bytesOf(value).toString('utf8')]))
  return { [parts.get(1) ?? '']: parts.get(2) ?? '' }
}

type Value = bigint | Buffer

const bytesOf = (value: Value): Buffer => (typeof value === 'bigint' ? Buffer.alloc(0) : value)
const numberOf = (value: Value): bigint => (typeof value === 'bigint' ? value : 0n)

function fields(from: Buffer): Array<{ field: number; value: Value }> {
  const found: Array<{ field: number; value: Value }> = []
  for (let at = 0; at < from.length; ) {
    const tag = readVarint(from, at)
    const first = readVarint(from, tag.end)
    const kind = Number(tag.value & 7n)
    if (kind !== VARINT && kind !== BYTES) throw new RangeError(`a field of kind ${kind}`)
    at = kind === BYTES ? first.end + Number(first.value) : first.end
    if (at > from.length) throw new RangeError('the frame ends too early')
    found.push({ field: Number(tag.value >> 3n), value: kind === BYTES ? from.subarray(first.end, at) : first.value })
  }
  return found
}

function readVarint(from: Buffer, start: number): { value: bigint; end: number } {
  let value = 0n
  for (let at = start; at < from.length && at < start + 10; at++) {
    const byte = from[at] ?? 0
    value |= BigInt(byte & 0x7f) << BigInt(7 * (at - start))
    if (byte < 0x80) return { value, end: at + 1 }
  }
  throw new RangeError('a number without an end')
}

function varint(value: bigint): Buffer {
  const out: number[] = []
  let rest = BigInt.asUintN(64, value)
  for (; rest > 0x7fn; rest >>= 7n) out.push(Number(rest & 0x7fn) | 0x80)
  return Buffer.from([...out, Number(rest)])
}

const number = (field: number, value: bigint) => Buffer.concat([varint(BigInt(field * 8 + VARINT)), varint(value)])
const bytes = (field: number, value: Buffer) =>
  Buffer.concat([varint(BigInt(field * 8 + BYTES)), varint(BigInt(value.length)), value])
