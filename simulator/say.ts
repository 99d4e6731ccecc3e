import { pushMessage } from './events.ts'
import { sentByPerson } from './files.ts'
import { markMentions } from './mentions.ts'
import { addMessage, type Draft } from './messages.ts'
import { markPost, type PostBody } from './post-content.ts'
import type { SayAnswer } from './protocol.ts'
import { readUp } from './reading.ts'
import type { StoredChat, StoredMessage } from './state.ts'
import type { World } from './world.ts'

export interface Saying {
  as: string
  text?: string | undefined
  post?: PostBody | undefined
  file?: { name: string; size: number; image?: boolean | undefined; data?: string | undefined } | undefined
  parent?: StoredMessage | undefined
}

/** A person says something; the bot hears of it if it may. Reading one's own chat goes without saying. */
export function say(world: World, chat: StoredChat, saying: Saying): SayAnswer {
  const message = addMessage(world, chat, {
    sender: saying.as,
    ...contentOf(world, saying),
    ...(saying.parent && { parent: saying.parent }),
  })
  readUp(world, chat, saying.as)
  const delivery = pushMessage(world, chat, message)
  return { message_id: message.message_id, ...(delivery && { delivery_id: delivery.id }) }
}

function contentOf(
  world: World,
  { text, post, file }: Saying,
): Pick<Draft, 'msg_type' | 'content' | 'mentions' | 'file'> {
  if (file) return fileContent(world, file)
  if (post) {
    const marked = markPost(world, post)
    return { msg_type: 'post', content: marked.text, mentions: marked.mentions }
  }
  const marked = markMentions(world, text ?? '')
  return { msg_type: 'text', content: JSON.stringify({ text: marked.text }), mentions: marked.mentions }
}

function fileContent(world: World, given: NonNullable<Saying['file']>) {
  const { key, kind, name, size } = sentByPerson(
    world,
    given,
    given.data ? Buffer.from(given.data, 'base64') : undefined,
  )
  const content = kind === 'image' ? { image_key: key } : { file_key: key, file_name: name }
  return { msg_type: kind, content: JSON.stringify(content), mentions: [], file: { key, name, size } }
}
