import { mentionedIn } from './markdown.ts'

/** Everybody a card mentions in its texts, 'all' included; forms the unread mark of those people. */
export function cardMentions(content: string): string[] {
  const ids = new Set<string>()
  JSON.parse(content, (_, value: unknown) => {
    if (typeof value === 'string') for (const id of mentionedIn(value)) ids.add(id)
    return value
  })
  return [...ids]
}
