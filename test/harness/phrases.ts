import type { Parsed } from '../../src/kit/time.ts'

export type Row = { now: string; text: string; meaning: string; rest: string }

/**
 * Rows of a table of phrases, `text => meaning | rest` each, several in a line parted by ` ; `: what they mean at the moment after
 * `@`. The year 2026 is left out; `by` is a deadline, `..` a range, `every` the next three fires of a series.
 */
export const rowsOf = (table: string, from: string): Row[] => {
  let now = from
  return table.split('\n').flatMap(line => {
    if (line.startsWith('@ ')) now = line.slice(2)
    if (line.startsWith('@ ') || line === '') return []
    return line.split(' ; ').map((row): Row => {
      const [text = '', said = ''] = row.split(' => ')
      const [meaning = '', rest = ''] = said.split(' | ')
      return { now, text, meaning, rest }
    })
  })
}

const brief = (at: string): string =>
  at
    .replace(':00+08:00', '')
    .replace(/^2026-/, '')
    .replace('T', ' ')

export function meaningOf(parsed: Parsed): string {
  switch (parsed.kind) {
    case 'instant':
    case 'date':
      return brief(parsed.start)
    case 'range':
      return `${brief(parsed.start)} .. ${brief(parsed.end)}`
    case 'deadline':
      return `by ${brief(parsed.end)}`
    case 'recurrence':
      return `every ${parsed.next3.map(brief).join(', ')}`
    default:
      return parsed.kind
  }
}
