/** What a check found: `bad` fails the examination, `note` is worth knowing. */
export interface Finding {
  state: 'good' | 'bad' | 'note'
  what: string
  says: string
  /** What to do about it. */
  todo?: string
  /** It has to be mended before anything else in the house can be looked at. */
  first?: true
}

export const good = (what: string, says: string): Finding => ({ state: 'good', what, says })
export const bad = (what: string, says: string, todo: string): Finding => ({ state: 'bad', what, says, todo })
export const fatal = (what: string, says: string, todo: string): Finding => ({ ...bad(what, says, todo), first: true })
export const note = (what: string, says: string, todo?: string): Finding => ({
  state: 'note',
  what,
  says,
  ...(todo && { todo }),
})

const MARKS: Record<Finding['state'], string> = { good: '✓', bad: '✗', note: '·' }
const WIDTH = 14

export const line = ({ state, what, says, todo }: Finding): string =>
  `${MARKS[state]} ${what.padEnd(WIDTH)} ${says}${todo ? ` → ${todo}` : ''}`
