import { GAP } from './normal.ts'
import { type Span, spans } from './numbers.ts'

/**
 * A pattern in which signs and white space may stand between the characters of a word; `~` says so where the words of a pattern meet.
 * White space in it is for reading.
 */
export function loosely(parts: TemplateStringsArray, ...words: readonly string[]): RegExp {
  const source = String.raw(parts, ...words).replace(/(\[[^\]]*\])|\s+/g, '$1')
  const spread = source.replace(/\[[^\]]*\]|([一-鿿])(?=[一-鿿])/g, (whole, char?: string) =>
    char ? `${char}~` : whole,
  )
  return new RegExp(spread.replaceAll('~', GAP), 'gm')
}

/** What a pattern finds, without what is part of something harmless. */
export const matching = (words: RegExp, harmless?: RegExp) =>
  function* (text: string): Iterable<Span> {
    let free: Span[] | undefined
    let next = 0
    for (const { index: from, 0: found } of text.matchAll(words)) {
      free ??= harmless ? spans(text, harmless) : []
      const to = from + found.length
      while (next < free.length && (free[next]?.to ?? 0) <= from) next++
      if ((free[next]?.from ?? Number.POSITIVE_INFINITY) >= to) yield { from, to }
    }
  }
