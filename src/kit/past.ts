import { type Block, fold, note } from './card.ts'
import { formatShort } from './time.ts'

/** One field, as it was and as it is. */
export type Change = [label: string, from: string, to: string]

/** What differs between two rows of fields in words, one as it was and one as it is. */
export function changesBetween(
  was: ReadonlyArray<readonly [label: string, value: string]>,
  is: ReadonlyArray<readonly [label: string, value: string]>,
): Change[] {
  return was.flatMap(([label, from], i): Change[] => {
    const to = is[i]?.[1] ?? ''
    return from === to ? [] : [[label, from || '未填', to || '未填']]
  })
}

/** One line of a history: who did what when. */
export interface Past {
  at: Date
  who: string
  what: string
  changes: readonly Change[]
}

const MOST_PAST = 20

/** The latest first. */
export function historyBlocks(history: readonly Past[], { now }: { now: Date }): Block[] {
  if (!history.length) return []
  const lines = [...history]
    .reverse()
    .slice(0, MOST_PAST)
    .map(({ at, who, what, changes }) => {
      const told = changes.map(([label, from, to]) => `${label}:${from}→${to}`).join(';')
      return note(`${formatShort(at, now)} ${who} ${what}${told ? `:${told}` : ''}`)
    })
  return [fold(`变更记录 · ${history.length}项`, ...lines)]
}
