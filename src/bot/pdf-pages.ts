import { Refusal } from '../kit/refusal.ts'
import { isPacked, MOST_UNPACKED, streamsIn, UNKNOWN_PACKING, unpack } from './pdf-streams.ts'

/** The number of an object that nothing can lead to: who finds it has found more pages than one in the place of one. */
const SEVERAL = -1
const HEADER = /(?<![0-9])(\d{1,10})\s{1,9}\d{1,5}\s{1,9}obj(?![a-z])/g
/** What describes a page says so (32000-1, 7.7.3.3); a reader also takes for one what only looks like it. */
const PAGE = /\/Type\s{0,9}\/Page(?![A-Za-z])/g
const LIKE_A_PAGE = /\/Contents\s{0,9}(?:\[|\d{1,10}\s{1,9}\d{1,5}\s{1,9}R)/

/**
 * The numbers of all objects that are pages, wherever they stand in a file: the tree of pages tells how many it has, and a reader
 * believes it, while another shows what it does not count.
 */
export async function pagesIn(bytes: Uint8Array): Promise<Set<number>> {
  const found = new Set<number>()
  const look = (number: number, text: string) => {
    const pages = text.match(PAGE)?.length ?? (LIKE_A_PAGE.test(text) && !text.includes('/Subtype') ? 1 : 0)
    if (pages) found.add(pages > 1 ? SEVERAL : number)
  }
  const text = latin(bytes)
  let from: { number: number; at: number } | undefined
  for (const { 0: header, 1: number, index } of text.matchAll(HEADER)) {
    if (from) look(from.number, unescaped(text.slice(from.at, index)))
    from = { number: Number(number), at: index + header.length }
  }
  if (from) look(from.number, unescaped(text.slice(from.at)))
  for (const { dictionary, data } of streamsIn(bytes)) {
    // pages in one that is not packed have been found with the object that it is
    if (!/\/First(?![A-Za-z])/.test(dictionary) || !isPacked(dictionary)) continue
    for (const { number, text } of objectsIn(dictionary, data)) look(number, text)
    // between two streams others have their turn
    await new Promise(done => setTimeout(done, 0))
  }
  return found
}

/** The objects in a stream of objects: first their numbers and where each begins, then they themselves. */
function objectsIn(dictionary: string, data: Uint8Array): Array<{ number: number; text: string }> {
  const first = Number(/\/First\s{0,9}(\d{1,8})(?!\d|\s{1,9}\d{1,5}\s{1,9}R)/.exec(dictionary)?.[1] ?? Number.NaN)
  if (Number.isNaN(first) || /\/Predictor/.test(dictionary)) throw new Refusal(UNKNOWN_PACKING)
  const text = unpacked(data)
  const said = (text.slice(0, first).match(/\d{1,10}/g) ?? []).map(Number)
  const [numbers, places] = [0, 1].map(odd => said.filter((_, i) => i % 2 === odd)) as [number[], number[]]
  if (places.some((place, i) => place < (places[i - 1] ?? 0))) throw new Refusal(UNKNOWN_PACKING)
  return numbers.map((number, i) => {
    const [from = 0, to = text.length - first] = places.slice(i, i + 2)
    return { number, text: unescaped(text.slice(first + from, first + to)) }
  })
}

function unpacked(data: Uint8Array): string {
  let text = ''
  unpack(data, MOST_UNPACKED.text, chunk => {
    text += latin(chunk)
  })
  return text
}

const latin = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes)

/** Names may spell any sign by its number. */
const unescaped = (text: string): string =>
  text.replace(/#([0-9a-fA-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
