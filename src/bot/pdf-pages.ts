import { joinBytes } from '../kit/bytes.ts'
import { Refusal } from '../kit/refusal.ts'
import { isPacked, MOST_UNPACKED, streamsIn, UNKNOWN_PACKING, unpack } from './pdf-streams.ts'
import { eachFound, latin } from './pdf-text.ts'
import { Stint } from './stint.ts'

/** The number of an object that nothing can lead to: who finds it has found more pages than one in the place of one. */
const SEVERAL = -1
/**
 * Where an object begins. What describes a page says so (32000-1, 7.7.3.3); a reader also takes for one what only looks like it: it has
 * contents and is of no kind of its own.
 */
const SIGNS =
  /(?<![0-9])(\d{1,10})\s{1,9}\d{1,5}\s{1,9}obj(?![a-z])|(\/Type\s{0,9}\/Page(?![A-Za-z]))|(\/Contents\s{0,9}(?:\[|\d{1,10}\s{1,9}\d{1,5}\s{1,9}R))|(\/Subtype)/g

/**
 * The numbers of all objects that are pages, wherever they stand in a file: the tree of pages tells how many it has, and a reader
 * believes it, while another shows what it does not count.
 */
export async function pagesIn(bytes: Uint8Array): Promise<Set<number>> {
  const stint = new Stint()
  const found = new Set<number>()
  let seen: Seen | undefined
  await eachFound(bytes, SIGNS, stint, signs => {
    const [, number] = signs
    if (number === undefined) return seen && see(seen, signs)
    if (seen) keep(found, seen)
    seen = { ...NOTHING, number: Number(number) }
  })
  if (seen) keep(found, seen)
  for await (const { dictionary, data } of streamsIn(bytes, stint)) {
    // pages in one that is not packed have been found with the object that it is
    if (!/\/First(?![A-Za-z])/.test(dictionary) || !isPacked(dictionary)) continue
    for (const { number, inside } of await objectsIn(dictionary, data, stint)) {
      const one = { ...NOTHING, number }
      await eachFound(inside, SIGNS, stint, signs => see(one, signs))
      keep(found, one)
    }
  }
  return found
}

/** What is seen of an object. */
interface Seen {
  number: number
  pages: number
  hasContents: boolean
  hasKind: boolean
}
const NOTHING = { pages: 0, hasContents: false, hasKind: false }

function see(seen: Seen, [, , page, contents, kind]: RegExpExecArray): void {
  if (page) seen.pages++
  if (contents) seen.hasContents = true
  if (kind) seen.hasKind = true
}

function keep(found: Set<number>, { number, pages, hasContents, hasKind }: Seen): void {
  const count = pages || (hasContents && !hasKind ? 1 : 0)
  if (count) found.add(count > 1 ? SEVERAL : number)
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
