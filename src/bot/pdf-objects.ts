import { joinBytes } from '../kit/bytes.ts'
import { Refusal } from '../kit/refusal.ts'
import { isPacked, MOST_UNPACKED, streamsIn, UNKNOWN_PACKING, unpack } from './pdf-streams.ts'
import { eachFound, latin } from './pdf-text.ts'
import { Stint } from './stint.ts'

/** Where an object begins, with its number, for the patterns of `eachObject`. */
export const OBJECT = String.raw`(?<![0-9])(\d{1,10})\s{1,9}\d{1,5}\s{1,9}obj(?![a-z])`

/**
 * What a pattern finds in each object, wherever it stands in a file, names spelt out. `signs` begins with `OBJECT`; `end` is told the
 * number of an object and what was seen of it.
 */
export async function eachObject<Seen>(
  bytes: Uint8Array,
  signs: RegExp,
  begin: () => Seen,
  see: (seen: Seen, found: RegExpExecArray) => void,
  end: (number: number, seen: Seen) => void,
): Promise<void> {
  const stint = new Stint()
  let open: { number: number; seen: Seen } | undefined
  await eachFound(bytes, signs, stint, found => {
    const [, number] = found
    if (number === undefined) return open && see(open.seen, found)
    if (open) end(open.number, open.seen)
    open = { number: Number(number), seen: begin() }
  })
  if (open) end(open.number, open.seen)
  for await (const { dictionary, data } of streamsIn(bytes, stint)) {
    // objects in one that is not packed have been found with the object that it is
    if (!/\/First(?![A-Za-z])/.test(dictionary) || !isPacked(dictionary)) continue
    for (const { number, inside } of await objectsIn(dictionary, data, stint)) {
      const seen = begin()
      await eachFound(inside, signs, stint, found => see(seen, found))
      end(number, seen)
    }
  }
}

/** No stream of objects begins with so long a list of them. */
const LONGEST_LIST = 400_000

/** The objects in a stream of objects: first their numbers and where each begins, then they themselves. */
async function objectsIn(
  dictionary: string,
  data: Uint8Array,
  stint: Stint,
): Promise<Array<{ number: number; inside: Uint8Array }>> {
  const first = Number(/\/First\s{0,9}(\d{1,8})(?!\d|\s{1,9}\d{1,5}\s{1,9}R)/.exec(dictionary)?.[1] ?? Number.NaN)
  if (!(first <= LONGEST_LIST) || /\/Predictor/.test(dictionary)) throw new Refusal(UNKNOWN_PACKING)
  const chunks: Uint8Array[] = []
  await unpack(data, MOST_UNPACKED.text, chunk => chunks.push(chunk), stint)
  const bytes = joinBytes(chunks)
  const said = (latin(bytes.subarray(0, first)).match(/\d{1,10}/g) ?? []).map(Number)
  const [numbers, places] = [0, 1].map(odd => said.filter((_, i) => i % 2 === odd)) as [number[], number[]]
  if (places.some((place, i) => place < (places[i - 1] ?? 0))) throw new Refusal(UNKNOWN_PACKING)
  const ends = [...places.slice(1), bytes.length - first]
  return numbers
    .map((number, i) => ({ number, inside: bytes.subarray(first + (places[i] ?? 0), first + (ends[i] ?? 0)) }))
    .filter(({ inside }) => inside.length)
}
