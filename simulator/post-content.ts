import { z } from 'zod'
import { type Marked, makeMarker } from './mentions.ts'
import type { World } from './world.ts'

const node = z.looseObject({
  tag: z.enum(['text', 'a', 'at', 'img', 'media', 'emotion', 'hr', 'code_block', 'md']),
  text: z.string().optional(),
  user_id: z.string().optional(),
  image_key: z.string().optional(),
})

/** 富文本: one language's title and paragraphs of nodes. */
export const postBody = z.object({ title: z.string().default(''), content: z.array(z.array(node)) })
export type PostBody = z.infer<typeof postBody>

/** What is stored and delivered: no language wrapper, mentions as placeholders. */
export function markPost(world: World, body: PostBody): Marked {
  const marker = makeMarker(world)
  const content = body.content.map(line =>
    line.map(one => {
      if (one.tag !== 'at') return one
      const { mention_name, user_name, ...rest } = one
      const user_id = marker.mark(one.user_id ?? '')
      return { ...rest, user_id: user_id ?? one.user_id, user_name: marker.mentions.at(-1)?.name ?? '' }
    }),
  )
  return { text: JSON.stringify({ title: body.title, content }), mentions: marker.mentions }
}

export const imageKeysOf = (body: PostBody): string[] => body.content.flat().flatMap(one => one.image_key ?? [])

export function postSummary(content: string): string {
  const { title, content: lines } = JSON.parse(content) as PostBody
  const first = lines.find(line => line.some(one => one.text))
  return title || (first ?? []).map(one => one.text ?? '').join('') || '[富文本]'
}
