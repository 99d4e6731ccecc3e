import { readFileSync } from 'node:fs'
import type { Calendar, CalendarEvent } from './calendar/kept.ts'
import type { Card } from './card/read.ts'
import type { Chat, Console, ConsoleConfig, Department, Message, Person, SlashCommand } from './protocol.ts'
import type { OfficePlan } from './settings.ts'

export interface StoredChat extends Chat {
  /** A person's open_id, or 'bot'. */
  owner: string
  /** Managers beside the owner; 'bot' may be one. */
  managers?: string[]
  /** Made by the app, which may therefore disband it. */
  by_app?: boolean
  description?: string
  announcement?: { content: string; revision: number; create_time: number; update_time: number }
  created_at: number
  message_ids: string[]
  /** open_id → what this person has not read. */
  unread: Record<string, { count: number; mentioned: boolean }>
  disbanded?: boolean
}

export interface StoredMessage extends Message {
  edits: number
  /** The entity that this card shows. */
  card_id?: string
  /** The batch that it came with. */
  batch_id?: string
  /** What a merged forward holds. */
  merged?: string[]
  upper_message_id?: string
  /** reaction_id → when. */
  reacted_at?: Record<string, number>
  /** A deleted message is gone for everybody, other than a recalled one, which leaves a line. */
  deleted?: boolean
}

/** What a file or image key stands for; bytes are kept beside the state. */
export interface StoredFile {
  key: string
  kind: 'image' | 'file'
  /** As given at the upload: opus, mp4, pdf, doc, xls, ppt, stream; '' for what people sent. */
  file_type: string
  name: string
  size: number
  owner: 'app' | 'person'
}

/** An event not yet acknowledged, so that a restart goes on with its redeliveries. */
export interface PendingPush {
  event_id: string
  event_type: string
  create_time: string
  /** What a test wants otherwise in the header. */
  header: Record<string, unknown>
  event: unknown
  tried: number
  next_at: number
}

/** One call of the batch API: who has it and who still has to get it. */
export interface Batch {
  batch_id: string
  at: number
  msg_type: Message['msg_type']
  content: string
  mentions: Message['mentions']
  people: string[]
  left: string[]
  sent: Record<string, string>
  recalled?: boolean
}

/** A card entity (CardKit). */
export interface Entity {
  card_id: string
  card: Card
  sequence: number
  uuids: string[]
  created_at: number
  /** Where it was sent; once only. */
  message_id?: string
  streaming_since?: number
}

export interface Pin {
  message_id: string
  chat_id: string
  operator: string
  create_time: number
}

/** Everything that survives a restart. */
export interface State {
  offset_ms: number
  version: number
  people: Map<string, Person>
  departments: Map<string, Department>
  chats: Map<string, StoredChat>
  /** open_id → the chat_id of the private chat with the bot. */
  p2p: Map<string, string>
  messages: Map<string, StoredMessage>
  files: Map<string, StoredFile>
  templates: Map<string, Record<string, unknown>>
  /** uuid of a create or reply → the message it made and when. */
  uuids: Map<string, { message_id: string; at: number }>
  /** uuid and owner of a group made by the API → the group. */
  chat_uuids: Map<string, { chat_id: string; at: number }>
  pins: Map<string, Pin>
  batches: Map<string, Batch>
  entities: Map<string, Entity>
  calendars: Map<string, Calendar>
  events: Map<string, CalendarEvent>
  /** idempotency_key of a calendar event → the event. */
  event_keys: Map<string, string>
  commands: Map<string, SlashCommand>
  console: Console
  quota: { month: string; used: number }
  /** Whose private chat with the bot stands on top of their list. */
  pressing: Set<string>
  /** Optional scopes that were granted. */
  granted: Set<string>
  /** By the id of their delivery. */
  pending: Map<string, PendingPush>
  /** Lines of the set-up script already said; null when there is nothing left to say. */
  script_line: number | null
}

/** Everything subscribed, everybody in range: how the demo begins. */
const allOpen = (): ConsoleConfig => ({ events: null, callbacks: null, availability: null, redirect_urls: null })

export function freshState(plan: OfficePlan, now: number): State {
  return {
    offset_ms: 0,
    version: 1,
    people: new Map(plan.people.map(person => [person.open_id, { ...person }])),
    departments: new Map(plan.departments.map(one => [one.open_department_id, { ...one }])),
    chats: new Map(plan.groups.map(group => [group.chat_id, chatOf(group, now)])),
    p2p: new Map(),
    messages: new Map(),
    files: new Map(),
    templates: new Map(),
    uuids: new Map(),
    chat_uuids: new Map(),
    pins: new Map(),
    batches: new Map(),
    entities: new Map(),
    calendars: new Map(),
    events: new Map(),
    event_keys: new Map(),
    commands: new Map(),
    console: { draft: allOpen(), live: allOpen(), version: '1.0.0', published_at: now },
    quota: { month: '', used: 0 },
    pressing: new Set(),
    granted: new Set(),
    pending: new Map(),
    script_line: 0,
  }
}

const chatOf = (group: OfficePlan['groups'][number], now: number): StoredChat => ({
  chat_id: group.chat_id,
  chat_type: 'group',
  name: group.name,
  members: [...group.members],
  bot: group.bot,
  owner: group.owner,
  created_at: now,
  message_ids: [],
  unread: {},
})

const mapped = [
  'people',
  'departments',
  'chats',
  'p2p',
  'messages',
  'files',
  'templates',
  'uuids',
  'chat_uuids',
  'pins',
  'batches',
  'entities',
  'calendars',
  'events',
  'event_keys',
  'commands',
  'pending',
] as const

export function stateToJson(state: State): string {
  const plain: Record<string, unknown> = { ...state, granted: [...state.granted], pressing: [...state.pressing] }
  for (const name of mapped) plain[name] = [...state[name].entries()]
  return JSON.stringify(plain)
}

export function stateFromJson(json: string): State {
  const plain = JSON.parse(json)
  for (const name of mapped) plain[name] = new Map(plain[name])
  return { ...newer(), ...plain, granted: new Set(plain.granted), pressing: new Set(plain.pressing) } as State
}

/** What files of older versions do not have. */
const newer = (): Pick<State, 'console' | 'quota'> => ({
  console: { draft: allOpen(), live: allOpen(), version: '1.0.0', published_at: 0 },
  quota: { month: '', used: 0 },
})

export const readState = (file: string): State => stateFromJson(readFileSync(file, 'utf8'))
