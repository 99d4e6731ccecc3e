import type { Attachment, Incoming, Piece } from '../feishu/incoming.ts'
import { TYPED_MENTION } from '../kit/text.ts'
import type { Gate } from './feature.ts'
import { type Caught, type Examined, MEASURES, type Measure, type Verdict } from './gate.ts'
import type { Office } from './office.ts'

/** What the gate finds in something, and the same with what has to be hidden hidden. */
export interface Screened<T> {
  action: Measure
  /** Whether something in it has to be hidden, though something graver was found, too. */
  hides: boolean
  /** Where the gravest of it stood. */
  place: Examined['place']
  rules: string[]
  hints: string[]
  /** The contents that must not be kept. */
  stopped: string[]
  passes: T
}

export type Found = Omit<Screened<unknown>, 'passes'>
type From = Pick<Caught, 'sender' | 'chat' | 'message'>

/** All that may be kept of it where it is to be stopped; undefined: it passes, or was released. */
export async function caughtIn(
  office: Pick<Office, 'gate' | 'db' | 'facts'>,
  found: Found,
  from: From,
): Promise<Caught | undefined> {
  const caught = await keptOf(office, found, from)
  return caught && (await office.gate.isReleased(office.db, caught.fingerprints)) ? undefined : caught
}

/** The same of what no release lets pass. */
export async function keptOf(
  { gate, facts }: Pick<Office, 'gate' | 'facts'>,
  { action, place, rules, hints, stopped }: Found,
  from: From,
): Promise<Caught | undefined> {
  if (!isStopping(action)) return undefined
  const fingerprints = await Promise.all(stopped.map(text => facts.keys.fingerprint(gate.normalise(text))))
  return { ...from, action, place, rules, hints, fingerprints }
}

/** What is said, pressed or named, looked through before anything is done with it. */
export function screen<I extends Incoming>(gate: Gate, incoming: I): Screened<I> {
  const findings = new Findings(gate)
  return findings.of(passing(findings, incoming) as I)
}

/** One text from outside. */
export function screenText(gate: Gate, piece: Examined): Screened<string> {
  const findings = new Findings(gate)
  return findings.of(findings.look(piece))
}

/** The pictures among what is handed in as material of a matter. */
export function screenPictures(gate: Gate, attachments: readonly Attachment[]): Found {
  return unseen(
    gate,
    attachments.filter(isPicture).map(({ key }) => key),
  )
}

/** A file that shows what it shows in pictures. */
export const screenScan = (gate: Gate, key: string): Found => unseen(gate, [key])

function unseen(gate: Gate, keys: readonly string[]): Found {
  const findings = new Findings(gate)
  for (const key of keys) findings.verdict({ text: key, place: 'picture' })
  const { passes: _, ...found } = findings.of(undefined)
  return found
}

const isPicture = ({ kind, name }: Attachment): boolean =>
  kind === 'image' || /\.(jpe?g|png|gif|bmp|tiff?|webp|heic)$/i.test(name)

/** So much of a file is looked through at a time, with so much of what came before it. */
const PORTION = 20_000
const OVERLAP = 400

/** The text of a file. */
export async function screenFile(gate: Gate, text: string): Promise<Found> {
  const findings = new Findings(gate)
  await eachPortion(text, portion => findings.verdict({ text: portion, place: 'attachment' }))
  const { passes: _, ...found } = findings.of(undefined)
  // the whole of it is told again, not the portion
  return { ...found, stopped: isStopping(found.action) ? [text] : [] }
}

/** A text may be long: between two portions of it others have their turn. */
export async function eachPortion(text: string, see: (portion: string) => void): Promise<void> {
  for (let from = 0; from < text.length; from += PORTION) {
    see(text.slice(Math.max(0, from - OVERLAP), from + PORTION))
    await new Promise(done => setTimeout(done, 0))
  }
}

function passing(findings: Findings, incoming: Incoming): Incoming {
  if (incoming.kind === 'said') {
    const pieces = lookThrough(findings, incoming.pieces)
    const attachments = incoming.attachments.map(one => ({
      ...one,
      name: findings.look({ text: one.name, place: 'name' }),
    }))
    for (const one of incoming.unheard) findings.stop(one)
    return { ...incoming, pieces, attachments }
  }
  if (incoming.kind === 'pressed') {
    if (incoming.unheard) findings.stop({ text: incoming.unheard, place: 'form', subject: subjectOf(incoming) })
    return { ...incoming, form: shown(findings, incoming), value: told(findings, incoming.value) }
  }
  if (incoming.kind !== 'joined' && incoming.kind !== 'left') return incoming
  return { ...incoming, name: findings.look({ text: incoming.name, place: 'name' }) }
}

/** Read as one text, so that a name between its halves hides nothing. What is hidden keeps its length. */
function lookThrough(findings: Findings, pieces: readonly Piece[]): Piece[] {
  const words = pieces.map(piece => (typeof piece === 'string' ? piece : `@${piece.name}`))
  const whole = words.join('')
  const verdict = findings.verdict({ text: whole, place: 'text' })
  const { masked } = verdict
  // a command stands behind however many mentions, and white space
  const first = pieces.findIndex(piece => typeof piece === 'string' && piece.trim() !== '')
  const command = first < 0 ? '' : words.slice(first).join('').trimStart()
  // a mention in the middle is taken out, and what stands around it becomes one text
  const bare = pieces.map(piece => (typeof piece === 'string' ? piece.replace(TYPED_MENTION, ' ') : ' ')).join('')
  if (!isStopping(verdict.action))
    for (const text of new Set([command, bare])) if (text !== whole) findings.stop({ text, place: 'text' })
  let start = 0
  return pieces.map((piece, i) => {
    const from = start
    start += words[i]?.length ?? 0
    return typeof piece === 'string' ? masked.slice(from, start) : piece
  })
}

/** Ids of people, groups and messages are the platform's words. */
const ID = /^[a-z]{2}_[0-9a-f]{32}$/

type Pressed = Extract<Incoming, { kind: 'pressed' }>

const subjectOf = ({ action }: Pick<Pressed, 'action'>): string | undefined => action.split('.')[0]

function shown(findings: Findings, pressed: Pick<Pressed, 'form' | 'action'>): Record<string, unknown> {
  const { form } = pressed
  const subject = subjectOf(pressed)
  const looked = (one: unknown) =>
    typeof one === 'string' && !ID.test(one) ? findings.look({ text: one, place: 'form', subject }) : one
  return Object.fromEntries(
    Object.entries(form).map(([name, value]) => [name, Array.isArray(value) ? value.map(looked) : looked(value)]),
  )
}

/** What a button bears was let pass before, unless it is forged: it is stopped or left as it is. */
function told(findings: Findings, value: Record<string, unknown>): Record<string, unknown> {
  for (const text of Object.values(value)) if (typeof text === 'string') findings.stop({ text, place: 'text' })
  // a button that says a command
  const { word, rest } = value
  if (typeof word === 'string' && typeof rest === 'string') findings.stop({ text: `/${word} ${rest}`, place: 'text' })
  return value
}

export class Findings {
  readonly #gate: Gate
  #action: Measure = 'pass'
  #hides = false
  #place: Examined['place'] = 'text'
  readonly #rules = new Set<string>()
  readonly #hints = new Set<string>()
  readonly #stopped: string[] = []

  constructor(gate: Gate) {
    this.#gate = gate
  }

  verdict(piece: Examined): Verdict {
    const verdict = this.#gate.examine(piece)
    if (verdict.action === 'pass') return verdict
    for (const { rule, action } of verdict.hits) {
      this.#rules.add(rule)
      if (action === 'mask') this.#hides = true
    }
    for (const hint of verdict.hints) this.#hints.add(hint)
    if (isStopping(verdict.action)) this.#stopped.push(piece.text)
    if (MEASURES.indexOf(verdict.action) > MEASURES.indexOf(this.#action)) {
      this.#action = verdict.action
      this.#place = piece.place
    }
    return verdict
  }

  /** Takes note only of what must not be kept. */
  stop(piece: Examined): void {
    if (isStopping(this.#gate.examine(piece).action)) this.verdict(piece)
  }

  /** The text as it may be kept. */
  look(piece: Examined): string {
    return this.verdict(piece).masked
  }

  of<T>(passes: T): Screened<T> {
    return {
      action: this.#action,
      hides: this.#hides,
      place: this.#place,
      rules: [...this.#rules].sort(),
      hints: [...this.#hints],
      stopped: this.#stopped,
      passes,
    }
  }
}

export const isStopping = (action: Measure): action is 'return' | 'block' => action === 'return' || action === 'block'

/** Its sender is told of it, though it passes. */
export const isAdvised = ({ action, hides }: Pick<Found, 'action' | 'hides'>): boolean => hides || action === 'warn'
