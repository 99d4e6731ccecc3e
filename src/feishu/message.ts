import { z } from 'zod'
import { tidy } from '../kit/text.ts'
import { idOrNone, ids, idText, nameText } from './ids.ts'
import type { Attachment, Incoming, Mention, Piece } from './incoming.ts'
import { parseJson } from './json.ts'
import type { Envelope } from './verify.ts'

const MOST_MENTIONS = 50
const LONGEST_NAME = 120
/** One more is read, so that too many are seen to be so. */
export const MOST_IMAGES = 20

const messageSchema = z.object({
  sender: z.object({ sender_id: ids, sender_type: z.string(), tenant_key: z.string().optional() }),
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
          name: nameText,
          mentioned_type: z.string().default('user'),
        }),
      )
      .max(500)
      .default([]),
  }),
})

export function readMessage({ event, tenant }: Envelope): Incoming | undefined {
  const read = messageSchema.safeParse(event)
  if (!read.success) return undefined
  const { sender, message } = read.data
  const key = `message:${message.message_id}`
  if (sender.sender_type !== 'user') return { kind: 'ignored', key, why: `sender ${sender.sender_type}` }
  if ((sender.tenant_key ?? tenant) !== tenant) {
    if (message.chat_type === 'p2p') return { kind: 'ignored', key, why: 'sender of another tenant' }
    // nothing that they say counts; that they sit there does, also where their coming was not told
    return { kind: 'members', key, chat: message.chat_id, external: true, added: [], gone: [] }
  }
  const mentions = new Map(
    message.mentions.slice(0, MOST_MENTIONS).map(one => [
      one.key,
      {
        id: one.id.open_id,
        name: one.name,
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
    pieces: withMentions(tidy(content?.text ?? ''), mentions),
    attachments: content?.attachments ?? [],
    unheard: content ? content.unheard : allIn(message.content),
    form: content?.form ?? 'other',
  }
}

// built once: zod compiles a schema at its first use, which costs ten times as much as reading with it
const textSchema = z.object({ text: z.string() })
const imageSchema = z.object({ image_key: idText })
const fileSchema = z.object({ file_key: idText, file_name: z.string().default('') })

type Said = Extract<Incoming, { kind: 'said' }>
type Content = Pick<Said, 'attachments' | 'unheard'> & { text: string; form: 'text' | 'file' }

const CONTENTS: Record<string, (content: string, message: string) => Content | undefined> = {
  text: content => {
    const read = textSchema.safeParse(parseJson(content))
    return read.success ? { text: read.data.text, attachments: [], unheard: [], form: 'text' } : undefined
  },
  post: (content, message) => {
    const read = postSchema.safeParse(parseJson(content))
    return read.success ? readPost(read.data, message) : undefined
  },
  image: (content, message) => {
    const read = imageSchema.safeParse(parseJson(content))
    return read.success ? attached({ kind: 'image', name: '图片', key: read.data.image_key, message }) : undefined
  },
  file: (content, message) => {
    const read = fileSchema.safeParse(parseJson(content))
    return read.success ? readFile(read.data, message) : undefined
  },
}

const postSchema = z.object({
  title: z.string().default(''),
  content: z.array(
    z.array(
      z.looseObject({
        tag: z.string(),
        text: z.string().optional(),
        user_id: z.string().optional(),
        image_key: z.string().optional(),
      }),
    ),
  ),
})

function readPost({ title, content }: z.infer<typeof postSchema>, message: string): Content {
  const nodes = content.flatMap((line, i) => [...(i ? [{ tag: 'text', text: '\n' }] : []), ...line])
  const said = nodes.map(node => (node.tag === 'at' ? (node.user_id ?? '') : (node.text ?? ''))).join('')
  const images = content
    .flat()
    .flatMap(node => (node.tag === 'img' && idText.safeParse(node.image_key).success ? [String(node.image_key)] : []))
  return {
    text: title ? `${title}\n${said}` : said,
    attachments: images.slice(0, MOST_IMAGES + 1).map(key => ({ kind: 'image', name: '图片', key, message })),
    unheard: [],
    form: 'text',
  }
}

function readFile({ file_key: key, file_name }: z.infer<typeof fileSchema>, message: string): Content {
  const whole = tidy(file_name).replace(/[/\\\n\t]/g, '_')
  const name = shortName(whole)
  const unheard = name === whole ? [] : [{ text: whole, place: 'name' as const }]
  return { ...attached({ kind: 'file', name: name || '文件', key, message }), unheard }
}

/** Cut before its ending, which tells what it is. */
function shortName(name: string): string {
  if (name.length <= LONGEST_NAME) return name
  const [ending = ''] = /\.[a-z0-9]{1,10}$/i.exec(name) ?? []
  return tidy(name, LONGEST_NAME - ending.length) + ending
}

const attached = (attachment: Attachment): Content => ({
  text: '',
  attachments: [attachment],
  unheard: [],
  form: 'file',
})

/** Named so are the platform's own words. */
const IDS = /(^|_)(ids?|key|token)$/

/** All that stands in a content of any kind, in its order. It may be nested to any depth. */
function allIn(content: string): Said['unheard'] {
  const words: string[] = []
  const names: string[] = []
  const rest: Array<[name: string, value: unknown]> = [['', parseJson(content) ?? content]]
  for (let next = rest.pop(); next; next = rest.pop()) {
    const [name, value] = next
    if (IDS.test(name)) continue
    if (typeof value === 'string') (name === 'file_name' ? names : words).push(value)
    else if (typeof value === 'object' && value !== null)
      for (const one of Object.entries(value).reverse()) rest.push(one)
  }
  return [{ text: words.join('\n'), place: 'text' }, ...names.map(text => ({ text, place: 'name' as const }))]
}

/** Splits a text at its placeholders (`@_user_1`, `@_all`), longest number first, by key and never by name. */
function withMentions(text: string, mentions: Map<string, Mention>): Piece[] {
  return text
    .split(/(@_user_\d+|@_all)/)
    .filter(part => part !== '')
    .map(part => mentions.get(part) ?? (part === '@_all' ? { id: '', name: '所有人', kind: 'all' } : part))
}
