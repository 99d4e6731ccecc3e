import type { Draft } from './draft.ts'

/** Behind the text area lies the same text in transparent letters, with its mentions marked. */
export function Shine({ draft }: { draft: Draft }) {
  if (draft.mentions.length === 0) return null
  const pieces: Array<{ at: number; text: string; mention: boolean }> = []
  let done = 0
  for (const { start, end } of [...draft.mentions].sort((a, b) => a.start - b.start)) {
    pieces.push({ at: done, text: draft.text.slice(done, start), mention: false })
    pieces.push({ at: start, text: draft.text.slice(start, end), mention: true })
    done = end
  }
  pieces.push({ at: done, text: draft.text.slice(done), mention: false })
  return (
    <div className="composer-shine" aria-hidden="true">
      {pieces.map(piece => (piece.mention ? <mark key={piece.at}>{piece.text}</mark> : piece.text))}{' '}
    </div>
  )
}
