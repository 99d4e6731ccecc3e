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

/** The draft after its text was changed to `text` by one edit: mentions before the edit stay, those behind it move, those in it become words. */
export function edited(draft: Draft, text: string): Draft {
  const before = draft.text
  const limit = Math.min(before.length, text.length)
  let head = 0
  while (head < limit && before[head] === text[head]) head++
  let tail = 0
  while (tail < limit - head && before[before.length - 1 - tail] === text[text.length - 1 - tail]) tail++
  const shift = text.length - before.length
  const mentions = draft.mentions.flatMap(each => {
    if (each.end <= head) return [each]
    if (each.start >= before.length - tail) return [{ ...each, start: each.start + shift, end: each.end + shift }]
    return []
  })
  return { text, mentions }
}

/** Puts a mention in place of what stands between `from` and `to`; answers the draft and where the caret belongs. */
export function mentioning(
  draft: Draft,
  from: number,
  to: number,
  id: string,
  name: string,
): { draft: Draft; caret: number } {
  const words = `@${name}`
  const end = from + words.length
  const next = edited(draft, `${draft.text.slice(0, from)}${words} ${draft.text.slice(to)}`)
  return { draft: { ...next, mentions: [...next.mentions, { start: from, end, id }] }, caret: end + 1 }
}

/** Backspace right behind a mention takes the whole of it. */
export function withoutMentionAt(draft: Draft, caret: number): { draft: Draft; caret: number } | undefined {
  const last = draft.mentions.find(each => each.end === caret)
  if (!last) return undefined
  return { draft: edited(draft, draft.text.slice(0, last.start) + draft.text.slice(caret)), caret: last.start }
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

/** A command, as the bot knows it by its first sign. */
export const startsCommand = (draft: Draft) => /^\s*[/／、\\]\s*[^\s/]/.test(draft.text)
