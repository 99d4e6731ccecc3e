import type { Person } from './person.ts'
import { plain } from './text.ts'

/** A piece of what was said: text, or a mention of somebody. */
export type Said = string | { id: string; name: string }

export interface Request {
  /** Ids of those mentioned, and names as typed, in the order in which they stand. */
  named: Named[]
  /** What is left: the matter, still with its time. */
  text: string
}
export type Named =
  | { kind: 'mention'; id: string; name: string }
  | { kind: 'name'; name: string; candidates: Person[] }
  | { kind: 'unknown'; name: string }

const JOINT = /^[\s,\uff0c、;\uff1b]*(?:(?:和|与|及|跟|以及)(?=[\s@\uff20]))?[\s,\uff0c、;\uff1b]*/
/** 请 and the like before a name. */
const LEAD = /^[\s,\uff0c、]*(?:(?:请|让|由|给|交给|麻烦)(?=[\s@\uff20]))?\s*/
/** The same behind the words before a mention. */
const CALL = /(^|[\s,\uff0c、。;\uff1b:\uff1a])(?:请|让|由|麻烦)\s*$/

/**
 * Reads who is meant out of a request: the first unbroken run of mentions and names. A name counts when it stands first, after
 * an @ or another name; a mention behind what follows them belongs to the matter ("@李静 把材料交给 @王强") and stays as a word.
 * @param directory people whose names occur somewhere in the text.
 */
export function readRequest(pieces: readonly Said[], directory: readonly Person[]): Request {
  const explicit = pieces.some(piece => typeof piece !== 'string' || /[@\uff20]/.test(piece))
  const mentioned = pieces.some(piece => typeof piece !== 'string')
  const reading: Reading = { named: [], kept: [], open: true, explicit, mentioned }
  for (const piece of pieces) {
    if (typeof piece === 'string') readText(reading, piece, directory)
    else readMention(reading, piece)
  }
  return {
    named: unique(reading.named),
    text: reading.kept
      .join('')
      .replace(/[ \t]+/g, ' ')
      .trim(),
  }
}

/**
 * `open`: names still count as people; closed by the first text after a name. `explicit`: somebody is mentioned or written
 * with an @, so that a bare name counts only when it stands by itself ("张明主任要的材料 @李静" is for 李静).
 */
interface Reading {
  named: Named[]
  kept: string[]
  open: boolean
  explicit: boolean
  /** Somebody is chosen further on: a typed @ in the matter is none. */
  mentioned: boolean
}

function readMention(reading: Reading, mention: { id: string; name: string }): void {
  if (reading.open || !reading.named.length) {
    if (!reading.named.length) reading.kept = reading.kept.map(kept => kept.replace(CALL, '$1'))
    reading.named.push({ kind: 'mention', ...mention })
    reading.open = true
  } else reading.kept.push(mention.name)
}

function readText(reading: Reading, text: string, directory: readonly Person[]): void {
  let rest = text
  while (reading.open) {
    const lead = (reading.named.length ? JOINT : LEAD).exec(rest)?.[0] ?? ''
    const found = nameAt(rest.slice(lead.length), directory, reading.explicit)
    if (!found) break
    reading.named.push(found.named)
    rest = rest.slice(lead.length + found.length)
  }
  if (reading.named.length) rest = rest.replace(JOINT, ' ')
  if (!rest.trim()) return
  reading.open = false
  const at = reading.named.length || reading.mentioned ? -1 : typedMention(rest, directory)
  if (at < 0) return void reading.kept.push(rest)
  reading.kept.push(rest.slice(0, at).replace(CALL, '$1'))
  reading.open = true
  readText(reading, rest.slice(at), directory)
}

/** Where somebody we know is first written with an @ further back: as good as a mention while nobody is named. */
function typedMention(text: string, directory: readonly Person[]): number {
  if (!directory.length) return -1
  const signs = [...text.matchAll(/[@\uff20]/g)].map(({ index }) => index)
  return signs.find(at => nameAt(text.slice(at), directory, true)?.named.kind === 'name') ?? -1
}

function nameAt(
  text: string,
  directory: readonly Person[],
  explicit: boolean,
): { named: Named; length: number } | undefined {
  const sign = /^[@\uff20]\s*/.exec(text)?.[0] ?? ''
  const after = text.slice(sign.length)
  const read = plain(after.slice(0, LONGEST_NAME))
  const longest = directory
    .map(person => person.name)
    .filter(
      name =>
        name && read.startsWith(plain(name)) && (sign || !explicit || STANDS_ALONE.test(after.slice(name.length))),
    )
    .sort((a, b) => b.length - a.length)[0]
  if (longest) {
    const candidates = directory.filter(person => person.name === longest)
    return { named: { kind: 'name', name: longest, candidates }, length: sign.length + longest.length }
  }
  const unknown = sign ? /^[^\s,\uff0c、@\uff20]{1,20}/.exec(after)?.[0] : undefined
  return unknown ? { named: { kind: 'unknown', name: unknown }, length: sign.length + unknown.length } : undefined
}

/** Names are kept to this many characters; looking further would make a long row of names slow. */
const LONGEST_NAME = 100

const STANDS_ALONE = /^(?:$|[\s,\uff0c、;\uff1b@\uff20和与及跟])/

function unique(named: Named[]): Named[] {
  const seen = new Set<string>()
  return named.filter(one => {
    const key =
      one.kind === 'mention'
        ? one.id
        : one.kind === 'name' && one.candidates.length === 1
          ? (one.candidates[0]?.id ?? '')
          : one.name
    return !seen.has(key) && seen.add(key)
  })
}
