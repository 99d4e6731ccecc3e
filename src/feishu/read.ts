import { z } from 'zod'
import { idOrNone, ids, idText, nameText } from './ids.ts'
import type { Incoming } from './incoming.ts'
import { readMessage } from './message.ts'
import { readPress } from './press.ts'
import type { Envelope } from './verify.ts'

const chatSchema = z.object({
  chat_id: idText,
  operator_id: z.object({ open_id: idOrNone }).optional(),
  name: nameText,
  external: z.boolean().default(false),
})
const enteredSchema = z.object({ chat_id: idText, operator_id: ids })
const membersSchema = z.object({
  chat_id: idText,
  users: z.array(z.object({ name: nameText, tenant_key: z.string().optional(), user_id: ids })).max(1_000),
  external: z.boolean().optional(),
})
const personSchema = z.object({
  object: z.looseObject({
    open_id: idText,
    status: z
      .object({
        is_frozen: z.boolean().default(false),
        is_resigned: z.boolean().default(false),
        is_exited: z.boolean().default(false),
      })
      .optional(),
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

function readRecall({ event }: Envelope): Incoming | undefined {
  const read = z.object({ message_id: idText }).safeParse(event)
  return read.success ? { kind: 'recalled', key: `message:${read.data.message_id}` } : undefined
}

function readEntered({ id, event }: Envelope): Incoming | undefined {
  const read = enteredSchema.safeParse(event)
  return read.success
    ? { kind: 'entered', key: id, who: read.data.operator_id.open_id, chat: read.data.chat_id }
    : undefined
}

function readChat({ id, event }: Envelope, kind: 'joined' | 'left'): Incoming | undefined {
  const read = chatSchema.safeParse(event)
  if (!read.success) return undefined
  const { operator_id, chat_id: chat, name, external } = read.data
  const known = { key: id, who: operator_id?.open_id ?? '', chat, name }
  return kind === 'joined' ? { kind, ...known, external } : { kind, ...known }
}

function readMembers({ id, event, tenant }: Envelope, change: 'added' | 'gone'): Incoming | undefined {
  const read = membersSchema.safeParse(event)
  if (!read.success) return undefined
  const { users, external } = read.data
  const ours = users.filter(user => (user.tenant_key ?? tenant) === tenant)
  // outsiders are noted, but are nobody whom something could be handed to
  const isForeign = change === 'added' && ours.length < users.length
  const some = (change === 'added' ? ours : users).map(user => ({ id: user.user_id.open_id, name: user.name }))
  return {
    kind: 'members',
    key: id,
    chat: read.data.chat_id,
    external: isForeign || external,
    added: change === 'added' ? some : [],
    gone: change === 'gone' ? some.map(one => one.id) : [],
  }
}

function readPerson({ id, event }: Envelope, gone: boolean): Incoming | undefined {
  const read = personSchema.safeParse(event)
  if (!read.success) return undefined
  const { open_id, status } = read.data.object
  const shut = status !== undefined && (status.is_frozen || status.is_resigned || status.is_exited)
  return { kind: 'moved', key: id, person: open_id, gone: gone || shut }
}
