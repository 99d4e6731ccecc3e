/** What stands in the composer: words, and which stretches of them are mentions and not mere words. */
export interface Draft {
  text: string
  mentions: Mentioned[]
}

export interface Mentioned {
  start: number
  end: number
  id: string
}

export const emptyDraft: Draft = { text: '', mentions: [] }

/** The draft after one edit of its text that left the caret where it is: what stands behind the caret was there before. */
export function edited(draft: Draft, text: string, caret: number): Draft {
  const before = draft.text
  const behind = text.slice(caret)
  const tail = before.endsWith(behind) ? behind.length : 0
  const limit = Math.min(before.length, text.length) - tail
  let head = 0
  while (head < limit && before[head] === text[head]) head++
  return replaced(draft, head, before.length - tail, text.slice(head, text.length - tail))
}

/** Mentions before the replaced stretch stay, those behind it move, those it touches become words. */
function replaced({ text, mentions }: Draft, from: number, to: number, words: string): Draft {
  const shift = from + words.length - to
  return {
    text: text.slice(0, from) + words + text.slice(to),
    mentions: mentions.flatMap(each => {
      if (each.end <= from) return [each]
      return each.start >= to ? [{ ...each, start: each.start + shift, end: each.end + shift }] : []
    }),
  }
}

export interface Written {
  draft: Draft
  caret: number
}

/** Puts a mention in place of what stands between `from` and `to`; answers the draft and where the caret belongs. */
export function mentioning(draft: Draft, from: number, to: number, id: string, name: string): Written {
  const words = `@${name}`
  const end = from + words.length
  const next = replaced(draft, from, to, `${words} `)
  return { draft: { ...next, mentions: [...next.mentions, { start: from, end, id }] }, caret: end + 1 }
}

/** Backspace right behind a mention takes the whole of it. */
export function withoutMentionAt(draft: Draft, caret: number): Written | undefined {
  const last = draft.mentions.find(each => each.end === caret)
  return last && { draft: replaced(draft, last.start, caret, ''), caret: last.start }
}

/** The `@…` being typed before the caret, if there is one. */
export function mentionSought(draft: Draft, caret: number): { from: number; words: string } | undefined {
  const found = /(?:^|[^A-Za-z0-9])@([^\s@]{0,12})$/.exec(draft.text.slice(0, caret))
  if (!found) return undefined
  const words = found[1] ?? ''
  const from = caret - words.length - 1
  return draft.mentions.some(each => each.start <= from && from < each.end) ? undefined : { from, words }
}

/** The text as the simulator takes it, with `<at id="…">` for each mention. */
export function spelled(draft: Draft): string {
  let out = ''
  let done = 0
  for (const { start, end, id } of [...draft.mentions].sort((a, b) => a.start - b.start)) {
    out += `${draft.text.slice(done, start)}<at id="${id}">${draft.text.slice(start + 1, end)}</at>`
    done = end
  }
  return (out + draft.text.slice(done)).trim()
}

/** In a group the bot hears only what mentions it: a command without the mention, or with its mere name, wants one. */
export function wantsBot(draft: Draft, name: string): boolean {
  const named = draft.text.trimStart().startsWith(`@${name}`)
  return !draft.mentions.some(each => each.id === 'bot') && (named || /^\s*[/／、\\]\s*[^\s/]/.test(draft.text))
}

/** The draft with the bot mentioned in front, in place of its mere name if that stood there. */
export function addressed(draft: Draft, name: string): Written {
  const words = draft.text.trimStart()
  const rest = words.startsWith(`@${name}`) ? words.slice(name.length + 1).trimStart() : words
  const { draft: next } = mentioning(draft, 0, draft.text.length - rest.length, 'bot', name)
  return { draft: next, caret: next.text.length }
}
