import { CardFault } from '../card/fault.ts'
import { isObject } from '../card/kinds.ts'
import { type Card, readCard } from '../card/read.ts'
import { knownTo, ownFile } from '../known.ts'
import { type Marked, markMentions } from '../mentions.ts'
import { imageKeysOf, markPost, postBody } from '../post-content.ts'
import type { MessageType } from '../protocol.ts'
import type { Entity } from '../state.ts'
import { fillTemplate } from '../templates.ts'
import type { World } from '../world.ts'
import { parseContent } from './fields.ts'
import { Problem, problem } from './problem.ts'

const TEXT_BYTES = 150 * 1024
const CARD_BYTES = 30 * 1024
const PHONE = /(?<!\d)1[3-9]\d{9}(?!\d)/
const LOCALES = ['zh_cn', 'en_us', 'ja_jp', 'zh_hk', 'zh_tw']

export type SendType = Exclude<MessageType, 'system' | 'merge_forward'>
type Reader = (world: World, content: string) => Marked & { card_id?: string }

/** How each type's `content` is checked and what is stored of it. */
const readers: Record<SendType, Reader> = {
  text: (world, content) => {
    const { text } = parseContent(content)
    if (typeof text !== 'string' || text === '') throw problem(230001, 'message_content_text_tag is empty')
    const marked = markMentions(world, text)
    return { text: JSON.stringify({ text: marked.text }), mentions: marked.mentions }
  },
  post: (world, content) => {
    const wrapped = parseContent(content)
    const locale = LOCALES.find(one => wrapped[one] !== undefined)
    const parsed = postBody.safeParse(locale && wrapped[locale])
    if (!parsed.success)
      throw problem(230001, locale ? 'invalid post content' : 'post content has no language, e.g. zh_cn')
    const lost = imageKeysOf(parsed.data).find(key => !ownFile(world, key))
    if (lost) throw problem(230001, `invalid image_key ${lost}`)
    return markPost(world, parsed.data)
  },
  image: (world, content) => {
    const { image_key } = parseContent(content)
    ownUpload(world, image_key, 'image')
    return { text: JSON.stringify({ image_key }), mentions: [] }
  },
  file: (world, content) => {
    const { file_key } = parseContent(content)
    const { name, file_type } = ownUpload(world, file_key, 'file')
    if (file_type === 'opus' || file_type === 'mp4') throw problem(230055)
    return { text: JSON.stringify({ file_key, file_name: name }), mentions: [] }
  },
  interactive: (world, content) => {
    const { text, card_id } = readSentCard(world, content)
    return { text, mentions: [], ...(card_id && { card_id }) }
  },
}

/** `card_id` when what is sent is an entity. */
type Read = Marked & { msg_type: SendType; card_id?: string }

export function readContent(world: World, msg_type: string, content: string): Read {
  const type = sendType(msg_type)
  const most = type === 'text' ? TEXT_BYTES : CARD_BYTES
  if (Buffer.byteLength(content) > most) throw problem(230025)
  if (world.faults.sensitive_words.some(one => content.includes(one))) throw problem(230022)
  if (world.faults.dlp && PHONE.test(content)) throw problem(230028)
  return { ...readers[type](world, content), msg_type: type }
}

function sendType(msg_type: string): SendType {
  if (Object.hasOwn(readers, msg_type)) return msg_type as SendType
  throw problem(230001, `invalid msg_type ${msg_type}`)
}

interface SentCard {
  card: Card
  /** What is kept: the card as it was written, or what a template or an entity stands for. */
  text: string
  card_id?: string
}

/** A card as the app sends it: card JSON, a published template, or an entity that was not sent yet. */
export function readSentCard(world: World, content: string): SentCard {
  if (Buffer.byteLength(content) > CARD_BYTES) throw problem(230025)
  return asCardProblem(() => {
    const card = readCard(content, knownTo(world))
    if (card.type === 'template') return written(templateOf(world, card))
    if (card.type !== 'card') return { card, text: content }
    const { card_id, ...entity } = unsentEntity(world, card)
    return { ...written(entity.card), card_id }
  })
}

const written = (card: Card): SentCard => ({ card, text: JSON.stringify(card) })

function templateOf(world: World, { data }: Card): Card {
  const given = isObject(data) ? data : {}
  const card = fillTemplate(world, String(given.template_id), given.template_variable)
  if (card) return card
  throw new CardFault(200380, 'template does not exist, please confirm whether this template has been released')
}

function unsentEntity(world: World, { data }: Card): Entity {
  const entity = world.state.entities.get(isObject(data) ? String(data.card_id) : '')
  if (!entity || entity.message_id) throw new CardFault(11310, 'cardid is invalid')
  return entity
}

/** What is wrong with a card reaches the bot as 230099. */
export function asCardProblem<T>(act: () => T): T {
  try {
    return act()
  } catch (cause) {
    if (!(cause instanceof CardFault)) throw cause
    throw new Problem(230099, `Failed to create card content, ext=${cause.message}`)
  }
}

function ownUpload(world: World, key: unknown, kind: 'image' | 'file') {
  const file = world.state.files.get(String(key))
  if (file?.kind !== kind) throw problem(230001, `invalid ${kind}_key`)
  if (file.owner !== 'app') throw problem(230017)
  return file
}
