import type { Waiting } from '../../db/outbox.ts'
import type { Card } from '../kit/card.ts'
import type { Answer } from './feature.ts'

/** How a turn ended, and for a press what its answer shows. */
export type Outcome =
  | {
      kind: 'done' | 'refused'
      toast: Answer['toast']
      card: Card | undefined
      /** Something of it stands in the answer alone: a page, a form, a word of advice. */
      isFleeting?: boolean
      assured?: Assured | undefined
      /** Nothing of it waits to leave, but for what was assured. */
      isQuiet?: boolean
      /** An answer that was claimed as it was written, and is to be carried. */
      taken?: Waiting | undefined
    }
  | { kind: 'repeated' | 'ignored' }
  /** Too many wait: nothing has been done, and nothing will be. */
  | { kind: 'busy' }
  | { kind: 'failed'; id: string }

/** The redraw that shows a pressed card as it is, should the answer that does so not reach its reader. */
export interface Assured {
  copy: number
  dueMs: number
  /** When it was drawn, or a moment before or after. */
  sinceMs: number
}
