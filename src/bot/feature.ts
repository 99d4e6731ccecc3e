import type { Db } from '../../db/client.ts'
import type { Copy } from '../../db/copies.ts'
import type { NewEvent } from '../../db/events.ts'
import type { FileOrder, ReadyFile } from '../../db/outbox.ts'
import type { Attachment, Piece, Place } from '../feishu/incoming.ts'
import type { Called } from '../kit/aside.ts'
import type { Card, Piece as CardPiece, Value } from '../kit/card.ts'
import type { Part } from '../kit/package.ts'
import type { HeldRole, Person, Principal, Viewer } from '../kit/person.ts'
import type { Seen } from '../kit/seen.ts'
import type { Caught, Examined, Verdict } from './gate.ts'
import type { Keys } from './keys.ts'

/** What stands in the calendar of everybody concerned. */
export interface Appointment {
  title: string
  description: string
  startsAt: Date
  endsAt: Date
  place: string
  /** People, at most 2,999 of them. */
  guests: readonly string[]
  /** A room that the platform knows, and on whose behalf it is booked. */
  room: { id: string; by: string } | undefined
}

/** A subject of the house: what can be typed, what can be pressed, and how its matters look. Nothing registers itself. */
export interface Feature {
  name: string
  title: string
  /** Command words without the sign; the first is the one shown. */
  words: readonly string[]
  /** One line for /帮助. */
  about: string
  /** Shown in help only to 系统管理员. */
  forAdmins?: true
  /** Shown in help only to whoever holds one of these roles. */
  forRoles?: readonly string[]
  /** Sub-command → what it does; '' is the bare command. */
  commands: Record<string, Command>
  actions: Record<string, Action>
  /** Actions that cost as much as a command that is `heavy`. */
  heavy?: readonly string[]
  /** Actions about whoever their button names, though its card shows several: that person stands in the record of a press. */
  aboutPerson?: readonly string[]
  /** The command that a button says for whoever presses it: it is noted as if it had been typed, a refusal too. */
  says?: (turn: Turn, press: Press) => { feature: string; act: string } | undefined
  /** A matter of this feature as somebody sees it now. */
  draw?: (look: Look, matter: string, viewer: Viewer) => Promise<Card>
  /** A file as it was ordered, made when it leaves; a second attempt makes it anew. */
  print?: (look: Look, order: Value) => Promise<Printed>
  /** How a matter is to stand in the platform's calendar now; undefined = not at all. */
  appointment?: (look: Look, matter: string) => Promise<Appointment | undefined>
  /** Something said in reply to one of this feature's cards. */
  heard?: (turn: Turn, matter: string, said: Said) => Promise<Answer>
  /** Files sent to us in private that answer nothing. */
  files?: FileDesk
  /** What came of looking through a file; after a crash it may be handed over once more. */
  looked?: (beat: Beat, matter: string, looked: Looked) => Promise<void>
  /** What was learnt of somebody who was asked about (`turn.askReaders`); after a crash it may be handed over once more. */
  seen?: (beat: Beat, notice: Notice, came: Seen) => Promise<void>
  /** What waits for the person, for /待办; `urgency` is an instant in ms, the smaller the more urgent. */
  todo?: (turn: Look & { who: Person }) => Promise<Waiting>
  /** What else the person's day holds, for /今日. */
  today?: (turn: Look & { who: Person }) => Promise<TodoItem[]>
  /** What somebody is met with who opens the private chat just now, where something waits for them at this very time. */
  greets?: (turn: Turn) => Promise<Body | undefined>
  /** Matters that the person may see, by words or number, for /查. */
  find?: (turn: Look & { who: Person }, words: string) => Promise<TodoItem[]>
  /** What has fallen due by `now`, at each heartbeat: one after another, and whatever becomes of one, the others are done. */
  due?: readonly Due[]
  /**
   * Looks at how the house itself is, once all that was due is done, in a transaction of its own; answers what it found wrong that
   * it had not found before, for the log.
   */
  watch?: (beat: Beat, pulse: Pulse) => Promise<readonly string[]>
  /** The next instant at which `due` has something to do. */
  nextDue?: (look: Look) => Promise<Date | undefined>
  /**
   * Reckons anew what was reckoned by days or hours that have changed since (/假期, /设置), and tells those concerned what moved.
   * Runs before any `due`, in a transaction of its own; 'more' as there.
   */
  recalibrate?: (turn: Beat) => Promise<'more' | undefined>
  /** Whether `recalibrate` has something to do. */
  uncalibrated?: (look: Look) => Promise<boolean>
  /** What it has to say in a digest: in somebody's own morning card, or before a whole group. */
  digest?: (look: Look, reader: Reader) => Promise<Section[]>
  /** People to whom it may have something to say this morning. */
  awaited?: (look: Look) => Promise<string[]>
  withheld?: Withheld
  /** What of this subject somebody still has in hand, in a line each, for whoever hands it over when they leave (移交). */
  held?: (look: Look, person: string) => Promise<string[]>
  /**
   * Gives that to somebody else by the subject's own rules, `most` of it at once; what nobody can take over ends. Answers how many it
   * was: fewer than `most` = that was all.
   */
  handOver?: (turn: Turn, from: Person, to: Person, most: number) => Promise<number>
}

/** The parts of an office program's file, or a picture whose QR code opens the private chat with us. */
export type Printed = Part[] | { opens: 'chat' }

/** What was kept from people because of the hour, their wish for quiet or the daily measure, until a card at opening tells it. */
export interface Withheld {
  people(look: Look): Promise<string[]>
  /** Its part of that card where the house sends no morning cards. */
  sections(look: Look, person: string): Promise<Section[]>
  /** They have been told, be it in their morning cards. */
  told(look: Look, persons: string[]): Promise<void>
}

/** What a feature does with a table that somebody sent: it is fetched and read between two turns. */
export interface FileDesk {
  /** Files whose name says that they are for this feature, so that it is asked before the others. */
  claims?: (name: string) => boolean
  /** Undefined: not for this feature. What it wants it has fetched (`turn.fetch`). */
  received(turn: Turn, said: Said): Promise<Answer | undefined>
  /** What came of it; after a crash it may be handed over once more. */
  read?(beat: Beat, matter: string, table: Table): Promise<void>
  /** The same for a file that is sent on as it is. */
  passed?(beat: Beat, matter: string, passed: Passed): Promise<void>
}
/** A message that one person was sent, and the matter that it shows. */
export interface Notice {
  message: string
  person: string
  matter: string
}

/** The key by which a file can be sent, or why it could not be handed in, in words for whoever sent it. */
export type Passed = { key: string } | { fault: string }
/** A file that was looked through for whoever sent it, and why nothing may be done with it, in words for them; `caught`: by the gate. */
export type Looked = { file: Attachment; by: string } & ({ fine: true } | { fault: string; caught: boolean })
/** The rows of a table, or why they could not be read, in words for whoever sent it. */
export type Table = { rows: string[][] } | { fault: string }

/** So much of one subject is read of what waits for somebody, the most urgent first. */
export const MOST_READ = 500

/** What of a subject waits for somebody. */
export interface Waiting {
  items: TodoItem[]
  /** There may be more than was read, all of it less urgent. */
  more: boolean
}

/** Who reads a digest. */
export type Reader = { person: string } | Group

/** It reads what belongs to it and, of what concerns its members, what `by` may see: whoever ordered it, while they sit there. */
export interface Group {
  group: string
  by: string | undefined
}

/** One subject's part of a digest. Before a group nobody is named for being late. */
export interface Section {
  title: string
  /** How many there are, also where fewer rows are handed over. */
  count: number
  /** There may be more than are counted. */
  more?: boolean
  /** What to send to see those that are not shown. */
  see?: string
  /** What becomes of those that are not shown. */
  rest?: string
  rows: Array<Pick<TodoItem, 'line' | 'buttons'>>
}

export interface Command {
  /** An example that works, shown in help and refusals. */
  usage: string
  about: string
  /**
   * It reads or makes very much (a file, figures, a check, a search): one person has one such thing at a time, and so many a minute.
   * Whatever makes a file is heavy.
   */
  heavy?: true
  run: (turn: Turn, said: Said) => Promise<Answer>
}

/** `press.value` and `press.form` come from outside: what they name is looked up and checked, never believed. */
export type Action = (turn: Turn, press: Press) => Promise<Answer>

export interface Press {
  value: Record<string, unknown>
  form: Record<string, unknown>
  /** The pressed card, when we keep it. */
  copy: Copy | undefined
  message: string
}

export interface Said {
  /** Without the command word and the leading mentions. */
  pieces: Piece[]
  /** The same as plain text, mentions as their names. */
  text: string
  attachments: Attachment[]
  message: string
  /** The message that it answers; '' = none. */
  parent: string
}

/** What reading needs. */
export interface Look {
  db: Db
  now: Date
  office: OfficeFacts
}

/** What a person's turn has at hand. Everything it records or sends is written together with its changes. */
export interface Turn extends Look {
  who: Person
  roles: readonly HeldRole[]
  /** Those in whose place they may act today (代理); what they do so is recorded as `actingFor`. */
  standsFor: readonly Principal[]
  chat: Place
  /** Adds to the append-only history; `act` is a move or a verb. */
  record(
    event: Pick<NewEvent, 'feature' | 'act'> & Partial<Pick<NewEvent, 'matter' | 'data' | 'actingFor' | 'outcome'>>,
  ): void
  /** Puts something in the outbox beside the answer. */
  send(letter: Letter): void
  /**
   * Has a file fetched and read for a matter of a feature, once this turn is committed. 'pass': it is not read but handed in anew,
   * byte for byte, so that the feature may send it on. 'look': it is only looked through, so that the feature may keep where it is.
   */
  fetch(file: Attachment, feature: string, matter: string, purpose?: 'pass' | 'look'): void
  /** Has every other copy of a matter's card drawn anew; 'calmly': each at most once a second, where many move it at once. */
  redraw(feature: string, matter: string, pace?: 'calmly'): void
  /** The same for all matters whose ids begin so, a crowd of them: their cards follow after what somebody waits for. */
  redrawAll(feature: string, prefix: string): void
  /** Has people's calendars read, once this turn is committed, and then the matter drawn anew that waits for it. */
  readCalendars(
    people: readonly string[],
    span: { from: Date; until: Date },
    of: { feature: string; matter: string },
  ): void
  /** Has it asked, once this turn is committed and nothing more urgent waits, who of these has read what they were sent. */
  askReaders(notices: readonly Notice[], feature: string): void
  /** Has a matter's event in the calendar brought up to date with `appointment`, once this turn is committed. */
  schedule(feature: string, matter: string): void
}

/** The heartbeat's turn: nobody asked. */
export type Beat = Look &
  Pick<Turn, 'record' | 'send' | 'fetch' | 'redraw' | 'redrawAll' | 'schedule' | 'readCalendars' | 'askReaders'>

export type Heartbeat = Beat & {
  /** The turn of somebody whose press the heartbeat goes on with: what it records is theirs. */
  goOn(by: Pick<Turn, 'who' | 'roles'>): Turn
  /**
   * Takes of the matters that are due so many at most, so that one that fails does not undo the others for ever: it is found, set aside
   * and tried again later. A duty takes of one kind, and no other of its feature takes of that.
   * `read`: the first so many of them; `again`: which were set aside and are to be tried once more. It changes nothing.
   */
  take<T extends { id: number | string }>(
    kind: string,
    most: number,
    read: (most: number, again: readonly string[]) => Promise<readonly T[]>,
    called: (one: T) => Called,
  ): Promise<T[]>
}

/** Runs in a transaction of its own. 'more' = some was left for another, which follows at once: what is committed already leaves meanwhile. */
export type Due = (beat: Heartbeat) => Promise<'more' | undefined>

/** What the heartbeat knows of itself. */
export interface Pulse {
  /** When it began, by the office's clock and in wire time. */
  at: Date
  wireMs: number
  /** When the one before had done what was due, in wire time; undefined = there was none. */
  lastMs: number | undefined
  /** Duties that failed just now. */
  failed: readonly Duty[]
}

/** What the heartbeat does, for a feature or for the whole house. */
export interface Duty {
  what: 'calibration' | 'recalibrate' | 'due' | 'heartbeat' | 'upkeep' | 'retention' | 'directory' | 'watch'
  feature?: string
}

/** What of the house a feature may know. */
export interface OfficeFacts {
  features: readonly Feature[]
  officeHours: string
  admins: readonly string[]
  keys: Keys
}

export type Body =
  | { card: Card }
  /** `open`: it tells nothing of the office's business, so that it may be said before people of another house. */
  | { text: string; open?: true }
  | { matter: { feature: string; id: string } }
  | { file: FileOrder | ReadyFile }
/**
 * `replyTo`: the message under which it is put, in the chat where that stands. `plain`: the whole of it in words, by which it may
 * go to a crowd at once; such a message has no buttons and is never drawn anew.
 */
export type Letter = {
  to: { person: string } | { chat: string }
  body: Body
  urgent?: true
  replyTo?: string
  /** Who had asked for it, of what the heartbeat sends: it takes part in the measure of their letters. */
  asker?: string
  plain?: string
  /** Who is told when it cannot be delivered, where that is not whoever acts. */
  from?: string
}

/**
 * What somebody gets back. `say`: shown where it was said, or to the person alone when it concerns nobody else.
 * `toast`: the short word over a pressed card. `fresh`: what the pressed card becomes; absent = it is drawn anew.
 */
export interface Answer {
  say?: Body
  privately?: boolean
  toast?: { kind: 'success' | 'info' | 'error'; words: string }
  fresh?: Body
}

export interface TodoItem {
  feature: string
  matter: string
  urgency: number
  /** Somebody else waits for what the reader decides. */
  awaitsDecision?: boolean
  line: readonly CardPiece[]
  buttons: Array<{ label: string; action: string; value: Value; style?: 'primary' | 'danger' }>
}

/** Who speaks when no command was meant. */
export interface Host {
  /** Something addressed to us that is no command. */
  unknown(turn: Turn, said: Said, word: string): Promise<Answer>
  /** Files that no subject takes: they were sent all the same, and are looked through. */
  unheard(turn: Turn, attachments: Said['attachments']): void
  /** Somebody opened the private chat. */
  entered(turn: Turn): Promise<Answer | undefined>
  /** We were added to a group. */
  joined(turn: Turn): Promise<Answer | undefined>
}

/** What stands before everything that would be kept, shown or passed on (domain.md 9). The loop knows only this much of it. */
export interface Gate {
  examine(piece: Examined): Verdict
  /** The form in which a content is told again. */
  normalise(text: string): string
  /** Whether each of these contents was found to be harmless by whoever decides on it. */
  isReleased(db: Db, fingerprints: readonly string[]): Promise<boolean>
  /** Notes what was stopped, and tells who decides on it. */
  stopped(beat: Beat, caught: Caught): Promise<void>
  /** What its sender is told, line by line. */
  replyTo(caught: Caught): string[]
  /** Notes what was let pass masked or with a warning, and answers what the sender is told. */
  passed(beat: Beat, found: { hides: boolean; rules: readonly string[]; hints: readonly string[] }): string
}
