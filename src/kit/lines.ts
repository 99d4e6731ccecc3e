type Mention = { name: string }

/** What a numbered line begins with: 1. 2、 (三) 四、 */
export const MARK =
  /^[ \t]*(?:\d{1,3}[.．、)）](?!\d)|[(\uff08]\d{1,3}[)\uff09]|[(\uff08][一二三四五六七八九十百]{1,5}[)\uff09]|[一二三四五六七八九十百]{1,5}[、.．])[ \t]*/

/**
 * Several tasks in one message: lines that begin with a number (1. 2、 (三) 四、), each with what follows it until the next. What
 * stands before the first counts for all. Undefined when there are not two of them.
 */
export function numberedLines<Piece extends string | Mention>(
  pieces: readonly Piece[],
): { before: Piece[]; lines: Piece[][] } | undefined {
  const before: Piece[] = []
  const lines: Piece[][] = []
  let fresh = true
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      ;(lines.at(-1) ?? before).push(piece)
      fresh = false
      continue
    }
    piece.split('\n').forEach((text, i) => {
      const begins = i > 0 || fresh
      const mark = begins ? MARK.exec(text)?.[0] : undefined
      if (mark !== undefined) lines.push([])
      const rest = mark === undefined ? text : text.slice(mark.length)
      if (rest.trim()) (lines.at(-1) ?? before).push((i > 0 && mark === undefined ? ` ${rest.trim()}` : rest) as Piece)
    })
    fresh = piece.endsWith('\n')
  }
  return lines.length > 1 ? { before, lines } : undefined
}
