/** Something that came from outside, and where it stood. */
export interface Examined {
  text: string
  /** Of a picture the text is the key by which the platform knows it: what it shows nobody can look through. */
  place: 'text' | 'form' | 'name' | 'attachment' | 'picture'
  /** Of a form: the feature to which it belongs. */
  subject?: string | undefined
}

/** What is done about it, the mildest first. */
export const MEASURES = ['pass', 'warn', 'mask', 'return', 'block'] as const
export type Measure = (typeof MEASURES)[number]

export interface Verdict {
  hits: ReadonlyArray<{ rule: string; action: Measure }>
  /** The gravest of the hits. */
  action: Measure
  /** The text with what has to be hidden hidden, of the same length. */
  masked: string
  /** What its sender should know, in their words. */
  hints: readonly string[]
}

/** All that is kept of what was stopped: never a word of it. */
export interface Caught {
  sender: string
  chat: string
  message: string
  place: Examined['place']
  action: 'return' | 'block'
  rules: readonly string[]
  hints: readonly string[]
  fingerprints: readonly string[]
}
