import { z } from 'zod'
import { tidy } from '../kit/text.ts'
import { parseJson } from './json.ts'
import type { Envelope } from './verify.ts'

export interface Mention {
  id: string
  name: string
  kind: 'person' | 'bot' | 'all'
}
export type Piece = string | Mention
export interface Attachment {
  kind: 'file' | 'image'
  name: string
  key: string
  message: string
}
export interface Place {
  id: string
  kind: 'group' | 'private'
}

/** What was said, pressed or learned, without a word of Feishu's. `key` is what a repeat of the delivery has in common with it. */
export type Incoming =
  | {
      kind: 'said'
      key: string
      who: string
      chat: Place
      message: string
      parent: string
      root: string
      pieces: Piece[]
      attachments: Attachment[]
      form: 'text' | 'file' | 'other'
    }
  | {
      kind: 'pressed'
      key: string
      who: string
      chat: string
      message: string
      action: string
      value: Record<string, unknown>
      form: Record<string, unknown>
    }
  | { kind: 'entered'; key: string; who: string; chat: string }
  | { kind: 'joined'; key: string; who: string; chat: string; name: string }
  | { kind: 'left'; key: string; who: string; chat: string; name: string }
  | { kind: 'members'; key: string; chat: string; added: Array<{ id: string; name: string }>; gone: string[] }
  | { kind: 'moved'; key: string; person: string; gone: boolean }
  | { kind: 'reorganised'; key: string }
  /** Taken back by its sender; shares the key of the message, so that one still on its way has no effect. */
  | { kind: 'recalled'; key: string }
  | { kind: 'ignored'; key: string; why: string }

/** Longest text that is looked at; what lies behind it is cut off. */
const LONGEST = 5_000
const MOST_MENTIONS = 50

/** Feishu's ids are plain printable characters; anything else (NUL above all) could not even be kept. */
const idText = z.string().regex(/^[\x21-\x7e]{1,200}$/)
const idOrNone = z.union([idText, z.literal('')]).default('')
const ids = z.object({ open_id: idText })
const word = z.string().max(200).default('')

const messageSchema = z.object({
  sender: z.object({ sender_id: ids, sender_type: z.string() }),
  message: z.object({
    message_id: idText,
    root_id: idOrNone,
    parent_id: idOrNone,
    chat_id: idText,
    chat_type: z.string(),
    message_type: z.string(),
    content: z.string().max(400_000),
    mentions: z
      .array(
        z.object({
          key: z.string().max(50),
          id: z.object({ open_id: idOrNone }),
          name: z.string().max(200),
          mentioned_type: z.string().default('user'),
        }),
      )
      .max(500)
      .default([]),
  }),
})

const pressSchema = z.object({
  operator: ids,
  action: z.looseObject({
    tag: z.string(),
    value: z.union([z.record(z.string(), z.unknown()), z.string()]).optional(),
    form_value: z.record(z.string(), z.unknown()).optional(),
  }),
  context: z.object({ open_message_id: idText, open_chat_id: idText }),
})

const chatSchema = z.object({
  chat_id: idText,
  operator_id: z.object({ open_id: idOrNone }).optional(),
  name: word,
})
const enteredSchema = z.object({ chat_id: idText, operator_id: ids })
const membersSchema = z.object({
  chat_id: idText,
  users: z.array(z.object({ name: word, user_id: ids })).max(1_000),
})
const personSchema = z.object({
  object: z.looseObject({
    open_id: idText,
    status: z.object({ is_resigned: z.boolean().default(false) }).optional(),
  }),
})

type Reader = (envelope: Envelope) => Incoming | undefined

/** Events we take up, by Feishu's name; whatever is not here is acknowledged, counted and ignored. */
const READERS: Record<string, Reader> = {
  'im.message.receive_v1': readMessage,
  'im.message.recalled_v1': readRecall,
  'card.action.trigger': readPress,
  'im.chat.access_event.bot_p2p_chat_entered_v1': readEntered,
  'im.chat.member.bot.added_v1': envelope => readChat(envelope, 'joined'),
  'im.chat.member.bot.deleted_v1': envelope => readChat(envelope, 'left'),
  'im.chat.disbanded_v1': envelope => readChat(envelope, 'left'),
  'im.chat.member.user.added_v1': envelope => readMembers(envelope, 'added'),
  'im.chat.member.user.deleted_v1': envelope => readMembers(envelope, 'gone'),
  'im.chat.member.user.withdrawn_v1': envelope => readMembers(envelope, 'gone'),
  'contact.user.created_v3': envelope => readPerson(envelope, false),
  'contact.user.updated_v3': envelope => readPerson(envelope, false),
  'contact.user.deleted_v3': envelope => readPerson(envelope, true),
  'contact.department.created_v3': envelope => ({ kind: 'reorganised', key: envelope.id }),
  'contact.department.updated_v3': envelope => ({ kind: 'reorganised', key: envelope.id }),
  'contact.department.deleted_v3': envelope => ({ kind: 'reorganised', key: envelope.id }),
  'contact.scope.updated_v3': envelope => ({ kind: 'reorganised', key: envelope.id }),
}

/** `undefined`: of a kind that we take up, but not of its shape. */
export function readIncoming(envelope: Envelope): Incoming | undefined {
  const reader = Object.hasOwn(READERS, envelope.type) ? READERS[envelope.type] : undefined
  return reader ? reader(envelope) : { kind: 'ignored', key: envelope.id, why: envelope.type }
}

function readMessage({ event }: Envelope): Incoming | undefined {
  const read = messageSchema.safeParse(event)
  if (!read.success) return undefined
  const { sender, message } = read.data
  const key = `message:${message.message_id}`
  if (sender.sender_type !== 'user') return { kind: 'ignored', key, why: `sender ${sender.sender_type}` }
  const mentions = new Map(
    message.mentions.slice(0, MOST_MENTIONS).map(one => [
      one.key,
      {
        id: one.id.open_id,
        name: tidy(one.name, 100),
        kind: one.id.open_id ? (one.mentioned_type === 'bot' ? 'bot' : 'person') : 'all',
      } satisfies Mention,
    ]),
  )
  const reader = Object.hasOwn(CONTENTS, message.message_type) ? CONTENTS[message.message_type] : undefined
  const content = reader?.(message.content, message.message_id)
  return {
    kind: 'said',
    key,
    who: sender.sender_id.open_id,
    chat: { id: message.chat_id, kind: message.chat_type === 'p2p' ? 'private' : 'group' },
    message: message.message_id,
    parent: message.parent_id,
    root: message.root_id,
    pieces: withMentions(tidy(content?.text ?? '', LONGEST), mentions),
    attachments: content?.attachments ?? [],
    form: content?.form ?? 'other',
  }
}

type Content = { text: string; attachments: Attachment[]; form: 'text' | 'file' }

const CONTENTS: Record<string, (content: string, message: string) => Content | undefined> = {
  text: content => {
    const read = z.object({ text: z.string() }).safeParse(parseJson(content))
    return read.success ? { text: read.data.text, attachments: [], form: 'text' } : undefined
  },
  post: (content, message) => {
    const read = postSchema.safeParse(parseJson(content))
    return read.success ? readPost(read.data, message) : undefined
  },
  image: (content, message) => {
    const read = z.object({ image_key: idText }).safeParse(parseJson(content))
    return read.success ? attached({ kind: 'image', name: '图片', key: read.data.image_key, message }) : undefined
  },
  file: (content, message) => {
    const read = z.object({ file_key: idText, file_name: z.string().default('') }).safeParse(parseJson(content))
    return read.success
      ? attached({
          kind: 'file',
          name: tidy(read.data.file_name, 120).replace(/[/\\\n]/g, '_') || '文件',
          key: read.data.file_key,
          message,
        })
      : undefined
  },
}

const postSchema = z.object({
  title: z.string().default(''),
  content: z
    .array(
      z
        .array(
          z.looseObject({
            tag: z.string(),
            text: z.string().optional(),
            user_id: z.string().optional(),
            image_key: z.string().optional(),
          }),
        )
        .max(500),
    )
    .max(500),
})

function readPost({ title, content }: z.infer<typeof postSchema>, message: string): Content {
  const nodes = content.flatMap((line, i) => [...(i ? [{ tag: 'text', text: '\n' }] : []), ...line])
  const said = nodes.map(node => (node.tag === 'at' ? (node.user_id ?? '') : (node.text ?? ''))).join('')
  const images = content
    .flat()
    .flatMap(node => (node.tag === 'img' && idText.safeParse(node.image_key).success ? [String(node.image_key)] : []))
  return {
    text: title ? `${title}\n${said}` : said,
    attachments: images.slice(0, 20).map(key => ({ kind: 'image', name: '图片', key: key.slice(0, 200), message })),
    form: 'text',
  }
}

const attached = (attachment: Attachment): Content => ({ text: '', attachments: [attachment], form: 'file' })

/** Splits a text at its placeholders (`@_user_1`, `@_all`), longest number first, by key and never by name. */
function withMentions(text: string, mentions: Map<string, Mention>): Piece[] {
  return text
    .split(/(@_user_\d+|@_all)/)
    .filter(part => part !== '')
    .map(part => mentions.get(part) ?? (part === '@_all' ? { id: '', name: '所有人', kind: 'all' } : part))
}

function readRecall({ event }: Envelope): Incoming | undefined {
  const read = z.object({ message_id: idText }).safeParse(event)
  return read.success ? { kind: 'recalled', key: `message:${read.data.message_id}` } : undefined
}

function readPress({ id, event }: Envelope): Incoming | undefined {
  const read = pressSchema.safeParse(event)
  if (!read.success) return undefined
  const { operator, action, context } = read.data
  const value = typeof action.value === 'object' ? action.value : {}
  const { action: name, ...rest } = value
  return {
    kind: 'pressed',
    key: id,
    who: operator.open_id,
    chat: context.open_chat_id,
    message: context.open_message_id,
    action: typeof name === 'string' ? name.slice(0, 100) : '',
    value: tidyValues({ ...rest, ...(typeof action.option === 'string' ? { option: action.option } : {}) }),
    form: tidyValues(action.form_value ?? {}),
  }
}

/** What a press brings, made fit to be kept: whatever is no text, list of texts, number or yes/no is left out. */
function tidyValues(values: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(values)
    .slice(0, 60)
    .map(([name, value]) => [tidy(name, 100), tidyValue(value)] as const)
    .filter(([, value]) => value !== undefined)
  return Object.fromEntries(kept)
}

function tidyValue(value: unknown): unknown {
  if (typeof value === 'string') return tidy(value, 2_000)
  if (Array.isArray(value)) return value.slice(0, 200).flatMap(one => (typeof one === 'string' ? [tidy(one, 200)] : []))
  return typeof value === 'boolean' || typeof value === 'number' ? value : undefined
}

function readEntered({ id, event }: Envelope): Incoming | undefined {
  const read = enteredSchema.safeParse(event)
  return read.success
    ? { kind: 'entered', key: id, who: read.data.operator_id.open_id, chat: read.data.chat_id }
    : undefined
}

function readChat({ id, event }: Envelope, kind: 'joined' | 'left'): Incoming | undefined {
  const read = chatSchema.safeParse(event)
  return read.success
    ? {
        kind,
        key: id,
        who: read.data.operator_id?.open_id ?? '',
        chat: read.data.chat_id,
        name: tidy(read.data.name, 100),
      }
    : undefined
}

function readMembers({ id, event }: Envelope, change: 'added' | 'gone'): Incoming | undefined {
  const read = membersSchema.safeParse(event)
  if (!read.success) return undefined
  const some = read.data.users.map(user => ({ id: user.user_id.open_id, name: tidy(user.name, 100) }))
  return {
    kind: 'members',
    key: id,
    chat: read.data.chat_id,
    added: change === 'added' ? some : [],
    gone: change === 'gone' ? some.map(one => one.id) : [],
  }
}

function readPerson({ id, event }: Envelope, gone: boolean): Incoming | undefined {
  const read = personSchema.safeParse(event)
  return read.success
    ? {
        kind: 'moved',
        key: id,
        person: read.data.object.open_id,
        gone: gone || read.data.object.status?.is_resigned === true,
      }
    : undefined
}
