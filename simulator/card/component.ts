import type { Props } from './kinds.ts'
import type { Spot } from './spot.ts'

/** What the validator knows of one tag. */
export interface Component {
  props: Props
  required?: readonly string[]
  /** 'root': only directly in the body; 'form': only inside a form; left out: anywhere. */
  only?: 'root' | 'form'
  /** Needs a name inside a form, unique in the card. */
  interactive?: boolean
  container?: boolean
  /** What the tables above cannot say. */
  also?(value: Record<string, unknown>, spot: Spot): void
}
