import type { Incoming, Piece } from '../feishu/incoming.ts'
import { firstWord, halfWidth, plain } from '../kit/text.ts'
import type { Command, Feature, Said } from './feature.ts'

type SaidIn = Extract<Incoming, { kind: 'said' }>

/**
 * What a message asks for. `addressed`: it was meant for us (private, or with our name); `signed`: it begins like a command.
 * `unknown` is answered only when it was addressed.
 */
export type Asked =
  | { kind: 'command'; feature: Feature; sub: string; command: Command; said: Said }
  | { kind: 'unknown'; word: string; said: Said; addressed: boolean; signed: boolean }

const SIGN = /^[/、\\]\s*/

/** Finds the command in a message: after leading mentions and white space, with a sign, or bare where it is addressed to us. */
export function readCommand(incoming: SaidIn, features: readonly Feature[], self: string): Asked {
  const isSelf = (piece: Piece) => typeof piece !== 'string' && (self ? piece.id === self : piece.kind === 'bot')
  const addressed = incoming.chat.kind === 'private' || incoming.pieces.some(isSelf)
  const pieces = incoming.pieces.filter(piece => !isSelf(piece))
  const start = pieces.findIndex(piece => typeof piece === 'string' && piece.trim() !== '')
  const head = halfWidth(String(pieces[start] ?? '')).trimStart()
  const signed = SIGN.test(head)
  const [word] = firstWord(head.replace(SIGN, ''))
  const found = signed || addressed ? findWord(features, word, signed) : undefined
  if (!found) return { kind: 'unknown', word, said: saidOf(incoming, pieces), addressed, signed }
  const original = String(pieces[start]).trimStart()
  const rest = original
    .slice(original.length - head.length + head.indexOf(word) + found.length)
    .replace(/^[\s:\uff1a]+/, '')
  const args = [
    ...pieces.slice(0, start).filter(piece => typeof piece !== 'string'),
    ...(rest ? [rest] : []),
    ...pieces.slice(start + 1),
  ]
  return withSub(found.feature, saidOf(incoming, args))
}

function withSub(feature: Feature, said: Said): Asked {
  const first = said.pieces[0]
  const [word, rest] = typeof first === 'string' ? firstWord(first) : ['', '']
  const wanted = plain(word)
  const sub = Object.keys(feature.commands).find(name => name !== '' && plain(name) === wanted) ?? ''
  const command = feature.commands[sub] ?? feature.commands['']
  if (!command) throw new Error(`${feature.name} has no bare command`)
  if (!sub) return { kind: 'command', feature, sub, command, said }
  const pieces = [...(rest ? [rest] : []), ...said.pieces.slice(1)]
  return { kind: 'command', feature, sub, command, said: { ...said, pieces, text: textOf(pieces) } }
}

/** A whole first word, as far as a colon; or, behind a sign, a Chinese command word with its argument glued to it (`/交办李静…`). */
function findWord(
  features: readonly Feature[],
  word: string,
  signed: boolean,
): { feature: Feature; length: number } | undefined {
  const wanted = plain(word)
  const [whole = ''] = wanted.split(':')
  const exact = wordsOf(features).get(whole)
  if (exact) return { feature: exact, length: whole.length }
  if (!signed) return undefined
  const glued = features
    .flatMap(feature =>
      feature.words
        .filter(one => /^[一-鿿]+$/.test(one) && wanted.startsWith(one))
        .map(one => ({ feature, length: one.length })),
    )
    .sort((a, b) => b.length - a.length)
  return glued[0]
}

const known = new WeakMap<readonly Feature[], Map<string, Feature>>()

/** Every command word in its plain form; made once, for this is asked at each message. */
function wordsOf(features: readonly Feature[]): Map<string, Feature> {
  const words =
    known.get(features) ??
    new Map(features.flatMap(feature => feature.words.map(one => [plain(one), feature] as const)).reverse())
  known.set(features, words)
  return words
}

export function saidOf(incoming: SaidIn, pieces: Piece[]): Said {
  return {
    pieces,
    text: textOf(pieces),
    attachments: incoming.attachments,
    message: incoming.message,
    parent: incoming.parent,
  }
}

function textOf(pieces: Piece[]): string {
  return pieces
    .map(piece => (typeof piece === 'string' ? piece : `@${piece.name}`))
    .join('')
    .trim()
}
