import type { Decider } from './chain.ts'

/** What a rule says of something that is asked for. F = forbidden, A = a further approval, W = a warning. */
export interface Finding {
  rule: string
  severity: 'F' | 'A' | 'W'
  words: string
  /** Where it is confirmed. */
  basis: string | undefined
  /** Whose approval an A asks for. */
  adds: Decider | undefined
}
