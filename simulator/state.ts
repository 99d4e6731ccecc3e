import { readFileSync } from 'node:fs'
import type { Chat, Department, Message, Person } from './protocol.ts'
import type { OfficePlan } from './settings.ts'

export interface StoredChat extends Chat {
  owner: string
  created_at: number
  message_ids: string[]
  /** open_id → what this person has not read. */
  unread: Record<string, { count: number; mentioned: boolean }>
  disbanded?: boolean
}

export interface StoredMessage extends Message {
  edits: number
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
  /** Optional scopes that were granted. */
  granted: Set<string>
  /** By the id of their delivery. */
  pending: Map<string, PendingPush>
  /** Lines of the set-up script already said; null when there is nothing left to say. */
  script_line: number | null
}

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

const mapped = ['people', 'departments', 'chats', 'p2p', 'messages', 'files', 'templates', 'uuids', 'pending'] as const

export function stateToJson(state: State): string {
  const plain: Record<string, unknown> = { ...state, granted: [...state.granted] }
  for (const name of mapped) plain[name] = [...state[name].entries()]
  return JSON.stringify(plain)
}

export function stateFromJson(json: string): State {
  const plain = JSON.parse(json)
  for (const name of mapped) plain[name] = new Map(plain[name])
  return { ...plain, granted: new Set(plain.granted) } as State
}

export const readState = (file: string): State => stateFromJson(readFileSync(file, 'utf8'))
