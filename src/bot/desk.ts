import { type Change, takeChange, watchChanges } from '../../db/changes.ts'
import type { Db } from '../../db/client.ts'
import {
  addCopies,
  addCopy,
  type Copy,
  copyOfMessage,
  REPLACED,
  rebindCopy,
  replaceOlder,
  viewerOf,
} from '../../db/copies.ts'
import { type NewEvent, recordAll } from '../../db/events.ts'
import { withMemory } from '../../db/memory.ts'
import {
  assureRedraw,
  BEHIND,
  busyLane,
  enqueue,
  enqueueAll,
  enqueueAppointments,
  enqueueRedraw,
  enqueueRedraws,
  enqueueRedrawsOfAll,
  LATER,
  type NewParcel,
  type Parcel,
} from '../../db/outbox.ts'
import { MOST_AT_ONCE } from '../feishu/busy.ts'
import type { Place } from '../feishu/incoming.ts'
import { type Card, card, text } from '../kit/card.ts'
import type { HeldRole } from '../kit/person.ts'
import { stateHash } from '../kit/state.ts'
import type { Body, Heartbeat, Letter, Turn } from './feature.ts'
import type { Office } from './office.ts'

const ANSWER = 0
const NOTICE = 1
/** By then an answer has reached its reader, or never will: the platform waits 3 s. */
const ANSWERED_WITHIN_MS = 10_000

type Standing = Pick<Turn, 'roles' | 'standsFor'>

interface Noted {
  event: NewEvent
  /** What became of the matter that it is about. */
  change: Change | undefined
}

/** Where a message answers, or goes: the chat or the person, and the message that it replies to. */
export interface Address {
  lane: string
  viewer: string
  replyTo: string
  to: { chat: string } | { person: string }
}

/** Collects what a turn records and sends, and writes it in the turn's own transaction. */
export class Desk {
  readonly #office: Office
  readonly #db: Db
  readonly #now: Date
  readonly #origin: { who: string; chat: string; delivery: string }
  readonly #events: Noted[] = []
  readonly #letters: Letter[] = []
  readonly #files: Array<NonNullable<Parcel['fetch']>> = []
  readonly #redraws = new Map<string, { feature: string; matter: string; calmly: boolean }>()
  readonly #busy: Array<NonNullable<Parcel['busy']>> = []
  readonly #asks: Array<NonNullable<Parcel['asks']>> = []
  readonly #crowds: Array<{ feature: string; prefix: string }> = []
  readonly #scheduled = new Map<string, { feature: string; matter: string }>()
  #person: Standing = { roles: [], standsFor: [] }
  #leaves = false

  constructor(office: Office, db: Db, now: Date, origin: { who: string; chat: string; delivery: string }) {
    this.#office = office
    this.#db = db
    this.#now = now
    this.#origin = origin
    watchChanges(db)
  }

  /** Whether anything was put where it waits to leave, but for what was assured. Asked once all is written. */
  get leaves(): boolean {
    return this.#leaves
  }

  beat(): Omit<Heartbeat, 'take'> {
    return {
      db: this.#db,
      now: this.#now,
      office: this.#office.facts,
      record: event => this.#note({ outcome: 'ok', data: {}, ...event }),
      goOn: by => this.#goOn(by),
      send: letter => this.#letters.push(letter),
      fetch: ({ message, key, name }, feature, matter, purpose) =>
        this.#files.push({
          ...{ message, key, feature, matter, chat: this.#origin.chat },
          ...(purpose === 'pass' ? { passAs: name } : purpose === 'look' ? { lookAs: name } : {}),
        }),
      redraw: (feature, matter, pace) => {
        const key = `${feature} ${matter}`
        const calmly = pace === 'calmly' && this.#redraws.get(key)?.calmly !== false
        this.#redraws.set(key, { feature, matter, calmly })
      },
      readCalendars: (people, { from, until }, of) => {
        const span = { from: from.toISOString(), until: until.toISOString() }
        for (let i = 0; i < people.length; i += MOST_AT_ONCE)
          this.#busy.push({ ...of, ...span, people: people.slice(i, i + MOST_AT_ONCE) })
      },
      askReaders: (notices, feature) => this.#asks.push(...notices.map(notice => ({ ...notice, feature }))),
      redrawAll: (feature, prefix) => this.#crowds.push({ feature, prefix }),
      schedule: (feature, matter) => this.#scheduled.set(`${feature} ${matter}`, { feature, matter }),
    }
  }

  turn(person: Pick<Turn, 'who' | 'roles' | 'standsFor' | 'chat'>): Turn {
    this.#person = person
    return Object.assign(this.beat(), person)
  }

  #goOn({ who, roles }: Pick<Turn, 'who' | 'roles'>): Turn {
    const person = { roles, standsFor: [] }
    return {
      ...this.beat(),
      ...{ who, ...person, chat: { id: '', kind: 'private' } },
      record: event => this.#note({ outcome: 'ok', data: {}, ...event }, who.id, person),
    }
  }

  #note(
    event: Omit<NewEvent, 'at' | 'who' | 'chat' | 'delivery'>,
    who = this.#origin.who,
    person = this.#person,
  ): void {
    const roles = this.#rolesFor(event.actingFor, who, person)
    this.#events.push({
      event: { ...event, at: this.#now, ...this.#origin, who, roles },
      change: this.#changeOf(event),
    })
  }

  #changeOf({ feature, matter }: Pick<NewEvent, 'feature' | 'matter'>): Change | undefined {
    return takeChange(this.#db, feature, matter ?? '')
  }

  /** What was saved after it had been noted belongs to the last note of its matter. */
  #withLateChanges(): Noted[] {
    return this.#events
      .toReversed()
      .map(({ event, change }) => {
        const late = this.#changeOf(event)
        return { event, change: change && late ? { before: change.before, after: late.after } : (change ?? late) }
      })
      .toReversed()
  }

  /** See `events.roles`. */
  #rolesFor(
    actingFor: string | null | undefined,
    who = this.#origin.who,
    { roles, standsFor }: Standing = this.#person,
  ): string | null {
    if (!who) return null
    const own = [...(this.#office.facts.admins.includes(who) ? [ADMINISTRATOR] : []), ...codesOf(roles)]
    const principal = standsFor.find(({ id }) => id === actingFor)
    return [...new Set(own)].join(',') + (principal ? `/${codesOf(principal.held).join(',')}` : '')
  }

  /**
   * Notes what was asked for, so that reading and being refused leave their trace too. `about`: the matter, where it is known. What
   * was only read is no part of the matter's history.
   */
  asked(feature: string, act: string, outcome: 'ok' | 'refused', about?: string): void {
    const told = this.#events.some(({ event }) => event.feature === feature && event.outcome === 'ok')
    if (!told) this.#note({ feature, act, outcome, data: about === undefined ? {} : { of: about } })
  }

  /**
   * Writes everything in one go: statements that do not wait for each other share a round trip. Only letters come after the
   * answer, which keeps its place before them. `pressed`: the message that its own answer redraws.
   */
  async close(pressed: string, answer?: { body: Body; address: Address }): Promise<void> {
    const noted = this.#withLateChanges().map(withHashes)
    this.#leaves ||= this.#collected > 0
    const answered = answer ? this.post(answer.body, answer.address) : Promise.resolve()
    const letters = this.#letters.length ? answered.then(() => this.#postLetters()) : answered
    await Promise.all([
      recordAll(this.#db, noted),
      letters,
      ...this.#files.map(file => this.#fetch(file)),
      enqueueAll(
        this.#db,
        this.#busy.map(busy => this.#readingOf(busy)),
      ),
      enqueueAll(
        this.#db,
        this.#asks.map(asks => this.#askingOf(asks)),
      ),
      this.#redrawThem(pressed),
      ...this.#crowds.map(crowd =>
        enqueueRedraws(this.#db, crowd, NOTICE, this.#origin.who, this.#office.clock.wire()),
      ),
      enqueueAppointments(this.#db, [...this.#scheduled.values()], this.#office.clock.wire()),
    ])
  }

  /** How many messages, readings and the like, but for single cards that are drawn anew. */
  get #collected(): number {
    const told = this.#letters.length + this.#files.length + this.#scheduled.size
    return told + this.#busy.length + this.#asks.length + this.#crowds.length
  }

  /** Two statements for all of them: a heartbeat may have hundreds. */
  async #postLetters(): Promise<void> {
    const isBehind = this.#measured()
    const posts = this.#letters.map(letter => {
      const { body, to, urgent, replyTo = '', plain, from } = letter
      const address = { ...addressOf(to), replyTo }
      const priority = isBehind(letter) ? BEHIND : urgent ? ANSWER : NOTICE
      const parcel = { ...this.#parcelOf(body, address, priority), ...(from ? { sender: from } : {}) }
      const together = plain !== undefined && 'person' in to && !replyTo
      return { body, address, parcel: together ? { ...parcel, parcel: { ...parcel.parcel, plain } } : parcel }
    })
    const shown = posts.flatMap(({ body, address }) => ('matter' in body ? [copyFor(body.matter, address)] : []))
    const copies = (await addCopies(this.#db, shown)).values()
    await this.#replaceOlder(shown)
    await enqueueAll(
      this.#db,
      posts.map(({ body, parcel }) => ('matter' in body ? { ...parcel, copy: copies.next().value } : parcel)),
    )
  }

  /** Whether a letter is beyond what goes in its turn for whoever asks for it now, or had asked for it. Asked letter by letter. */
  #measured(): (letter: Letter) => boolean {
    const askerOf = ({ asker }: Letter): string => this.#origin.who || asker || ''
    const counts = new Map<string, number>()
    for (const letter of this.#letters) counts.set(askerOf(letter), (counts.get(askerOf(letter)) ?? 0) + 1)
    counts.delete('')
    const wireMs = this.#office.clock.wire()
    const left = new Map([...counts].map(([asker, n]) => [asker, this.#office.throttle.ahead(asker, wireMs, n)]))
    return letter => {
      const room = left.get(askerOf(letter))
      if (room === undefined) return false
      left.set(askerOf(letter), room - 1)
      return room <= 0
    }
  }

  /** Puts one message into the outbox. */
  async post(body: Body, address: Address, priority: number = ANSWER): Promise<void> {
    this.#leaves = true
    if (!('matter' in body)) return enqueue(this.#db, this.#parcelOf(body, address, priority))
    const shown = copyFor(body.matter, address)
    const copy = await addCopy(this.#db, shown)
    await Promise.all([
      enqueue(this.#db, { ...this.#parcelOf(body, address, priority), copy }),
      this.#replaceOlder([shown]),
    ])
  }

  /** Whoever asks for a card again and again has no more of them drawn anew than anybody needs. */
  async #replaceOlder(shown: ReadonlyArray<ReturnType<typeof copyFor>>): Promise<void> {
    const { who } = this.#origin
    const [replaced, queuedMs] = [who ? await replaceOlder(this.#db, shown) : [], this.#office.clock.wire()]
    for (const copy of replaced) await enqueueRedraw(this.#db, copy, BEHIND, who, queuedMs)
  }

  #parcelOf(body: Body, address: Address, priority: number): NewParcel {
    const parcel: Parcel = Object.assign({}, address.to, contentOf(body))
    if (address.replyTo) parcel.replyTo = address.replyTo
    const isFile = 'file' in body && !('key' in body.file)
    return {
      // making and uploading a file holds up nothing else that goes there
      lane: isFile ? `file:${address.lane}` : address.lane,
      api: isFile ? 'upload' : address.replyTo ? 'reply' : 'create',
      priority,
      parcel,
      sender: this.#origin.who,
      queuedMs: this.#office.clock.wire(),
    }
  }

  /** The event and the parcel of a turn that only answers, and shows no matter; else undefined, and `close` is to be used. */
  papers(asked: Pick<NewEvent, 'feature' | 'act' | 'outcome'>, body: Body, address: Address) {
    if (this.#events.length + this.#redraws.size + this.#collected || 'matter' in body) return undefined
    const event = { at: this.#now, roles: this.#rolesFor(null), data: {} }
    return { event: Object.assign(event, this.#origin, asked), parcel: this.#parcelOf(body, address, ANSWER) }
  }

  /** Makes the pressed message show a matter from now on. */
  async rebind(message: string, matter: { feature: string; id: string }, address: Address): Promise<Copy> {
    const copy = {
      feature: matter.feature,
      matter: matter.id,
      viewer: address.viewer,
      lane: address.lane,
      message,
      sentMs: this.#office.clock.wire(),
    }
    return { ...copy, id: await rebindCopy(this.#db, copy), origin: '' }
  }

  /** Has a card drawn anew in a while, unless its reader gets the answer that shows it before. */
  async assure(copy: number): Promise<{ copy: number; dueMs: number; sinceMs: number }> {
    const queuedMs = this.#office.clock.wire()
    const dueMs = queuedMs + ANSWERED_WITHIN_MS
    await assureRedraw(this.#db, { copy, sender: this.#origin.who, queuedMs, dueMs })
    return { copy, dueMs, sinceMs: queuedMs }
  }

  async #redrawThem(pressed: string): Promise<void> {
    const wanted = [...this.#redraws.values()].map(({ feature, matter, calmly }) => ({
      ...{ feature, matter },
      priority: calmly ? LATER : ANSWER,
    }))
    const [sender, queuedMs] = [this.#origin.who, this.#office.clock.wire()]
    if (await enqueueRedrawsOfAll(this.#db, wanted, { pressed, sender, queuedMs })) this.#leaves = true
  }

  /** One after another for one person, so that nobody's files keep others waiting. */
  async #fetch(fetch: NonNullable<Parcel['fetch']>): Promise<void> {
    const { who } = this.#origin
    const queuedMs = this.#office.clock.wire()
    await enqueue(this.#db, {
      lane: `file:${who}`,
      api: 'file',
      priority: NOTICE,
      parcel: { fetch },
      sender: who,
      queuedMs,
    })
  }

  #readingOf(busy: NonNullable<Parcel['busy']>): NewParcel {
    const queuedMs = this.#office.clock.wire()
    return { lane: busyLane(busy.matter), api: 'busy', priority: NOTICE, parcel: { busy }, sender: '', queuedMs }
  }

  /** Each by itself, after all that somebody waits for. */
  #askingOf(asks: NonNullable<Parcel['asks']>): NewParcel {
    const queuedMs = this.#office.clock.wire()
    return { lane: `readers:${asks.message}`, api: 'readers', priority: LATER, parcel: { asks }, sender: '', queuedMs }
  }

  /** Asks Feishu, through the outbox, who someone is. */
  async learn(person: string): Promise<void> {
    this.#leaves = true
    await enqueue(this.#db, {
      lane: `person:${person}`,
      api: 'contact',
      priority: NOTICE,
      parcel: { learn: { person } },
      sender: '',
      queuedMs: this.#office.clock.wire(),
    })
  }

  /** Asks Feishu, through the outbox, who sits in a group. */
  async learnGroup(chat: string): Promise<void> {
    this.#leaves = true
    await enqueue(this.#db, {
      lane: `chat:${chat}`,
      api: 'members',
      priority: NOTICE,
      parcel: { learn: { chat } },
      sender: '',
      queuedMs: this.#office.clock.wire(),
    })
  }
}

/** A record of a change bears the hash of what was and of what is (domain.md 9.4), null where there was or is nothing. */
function withHashes({ event, change }: Noted): NewEvent {
  if (!change) return event
  const hashes = { before: hashOf(change.before), after: hashOf(change.after) }
  return { ...event, data: { ...event.data, hashes } }
}

const hashOf = (state: unknown): string | null => (state === undefined ? null : stateHash(state))

/** Whoever is 系统管理员 by configuration holds that too. */
const ADMINISTRATOR = 'SY'

const codesOf = (held: readonly HeldRole[]): string[] => [...new Set(held.map(({ code }) => code))]

export function addressOf(to: { person: string } | { chat: string }): Address {
  return 'person' in to
    ? { lane: to.person, viewer: to.person, replyTo: '', to }
    : { lane: to.chat, viewer: '', replyTo: '', to }
}

/** Where an answer goes: under the question; or, from a group, to the person alone when it concerns nobody else. */
export function answerAddress(chat: Place, who: string, message: string, privately: boolean): Address {
  if (chat.kind === 'group' && privately) return addressOf({ person: who })
  const to = { chat: chat.id }
  if (chat.kind === 'group') return { lane: chat.id, viewer: '', replyTo: message, to }
  // to the person, not the chat: a press counts as private wherever we do not know the card and the chat
  return message ? { lane: who, viewer: who, replyTo: message, to } : addressOf({ person: who })
}

const copyFor = ({ feature, id }: { feature: string; id: string }, { lane, viewer, replyTo }: Address) => ({
  feature,
  matter: id,
  viewer,
  lane,
  origin: replyTo,
})

function contentOf(body: Body): Pick<Parcel, 'card' | 'text' | 'file'> {
  return 'matter' in body ? {} : body
}

/** Draws one message anew from the database, if it is a card that we keep. */
export async function redrawMessage(office: Office, message: string): Promise<void> {
  const copy = await copyOfMessage(office.db, message)
  if (copy) await enqueueRedraw(office.db, copy.id, ANSWER, '', office.clock.wire())
}

/** A matter's card as the holder of a copy sees it. */
export async function drawCopy(office: Office, db: Db, copy: Drawn, now: Date): Promise<Card | undefined> {
  if (copy.feature === REPLACED) return replacedCard(featureOf(office, { ...copy, feature: copy.matter })?.title ?? '')
  return featureOf(office, copy)?.draw?.(
    { db: withMemory(db), now, office: office.facts },
    copy.matter,
    viewerOf(copy as Copy),
  )
}

const replacedCard = (title: string): Card =>
  card(title, 'grey', text('本卡片已由之后发送的卡片代替,请以最新卡片为准。'))

export type Drawn = Pick<Copy, 'feature' | 'matter' | 'viewer'>

export const featureOf = ({ features }: Office, { feature }: Drawn) => features.find(({ name }) => name === feature)
