/** A card as plain data. What people wrote is always a plain string here; only the pieces below make markup of it. */
export interface Card {
  title: string
  colour: Colour
  /** A short word beside the title, such as 逾期. */
  tags?: Tag[]
  /** The line in the chat list and in the push; the title when absent. */
  summary?: string
  body: Block[]
  /** It stands for a matter that whoever looks may not see. */
  hidden?: true
}

export type Colour = 'blue' | 'yellow' | 'red' | 'green' | 'grey'
export type Tag = { word: string; colour: Colour }

export type Piece = string | { bold: string } | { person: string } | { tint: Colour; word: string }
export type Rich = string | readonly Piece[]

export type Block =
  | { kind: 'text'; text: Rich }
  | { kind: 'note'; text: Rich }
  | { kind: 'fields'; fields: ReadonlyArray<readonly [label: string, value: Rich]> }
  | { kind: 'divider' }
  | { kind: 'fold'; title: string; body: Block[] }
  | { kind: 'chart'; title: string; lying: boolean; bars: readonly Bar[] }
  | { kind: 'timeline'; title: string; from: number; until: number; lines: readonly string[]; spans: readonly Span[] }
  | { kind: 'table'; heads: readonly string[]; rows: ReadonlyArray<readonly string[]> }
  | { kind: 'seats'; rows: readonly SeatRow[] }
  | { kind: 'buttons'; buttons: Button[] }
  | { kind: 'form'; name: string; fields: Field[]; buttons: Button[] }

/** One bar of a chart: of bars with one `group` those stand side by side that differ by name. */
export interface Bar {
  group: string
  name: string
  value: number
}

/** What takes up a line of a timeline for a time; those of one word have one colour. */
export interface Span {
  line: string
  /** In milliseconds: a card is kept as JSON, which has no dates. */
  from: number
  until: number
  word: string
  colour: Colour
}

/** Seats beside one another; `front`: of those who face the others. */
export interface SeatRow {
  front: boolean
  seats: readonly string[]
}

/** `action` is `feature.move`; `value` comes back with the press and is never believed without a check. */
export interface Button {
  label: string
  action: string
  value?: Value
  style?: 'primary' | 'danger'
  confirm?: { title: string; text: string }
}
export type Value = Record<string, string | number>

export type Field =
  | {
      kind: 'input'
      name: string
      label?: string
      hint?: string
      value?: string
      required?: boolean
      lines?: number
      max: number
    }
  | {
      kind: 'choose'
      name: string
      label?: string
      hint?: string
      options: Option[]
      value?: string
      required?: boolean
    }
  | {
      kind: 'people'
      name: string
      label?: string
      hint?: string
      options: Option[]
      value?: string[]
      required?: boolean
    }
  | { kind: 'moment'; name: string; label?: string; hint?: string; value?: string }
export interface Option {
  value: string
  label: string
}

export const card = (title: string, colour: Colour, ...body: Array<Block | undefined>): Card => ({
  title,
  colour,
  body: body.filter(block => block !== undefined),
})
export const hidden = (title: string, words: string): Card => ({ ...card(title, 'grey', text(words)), hidden: true })
export const text = (...pieces: Piece[]): Block => ({ kind: 'text', text: pieces })
export const note = (...pieces: Piece[]): Block => ({ kind: 'note', text: pieces })
export const fields = (...rows: Array<readonly [string, Rich] | undefined>): Block => ({
  kind: 'fields',
  fields: rows.filter(row => row !== undefined),
})
export const divider: Block = { kind: 'divider' }
export const fold = (title: string, ...body: Block[]): Block => ({ kind: 'fold', title, body })
/** Bars that lie suit long names. */
export const chart = (title: string, lying: boolean, bars: readonly Bar[]): Block => ({
  kind: 'chart',
  title,
  lying,
  bars,
})
/** Lines under one another, the first on top, and what takes them up. */
export const timeline = (
  title: string,
  [from, until]: readonly [number, number],
  lines: readonly string[],
  spans: readonly Span[],
): Block => ({ kind: 'timeline', title, from, until, lines, spans })
/** The first column stays in sight. A table stands at the root of a card, never in a fold or form. */
export const table = (heads: readonly string[], rows: ReadonlyArray<readonly string[]>): Block => ({
  kind: 'table',
  heads,
  rows,
})
export const buttons = (...all: Button[]): Block | undefined =>
  all.length ? { kind: 'buttons', buttons: all } : undefined
export const form = (name: string, inputs: Field[], presses: Button[]): Block => ({
  kind: 'form',
  name,
  fields: inputs,
  buttons: presses,
})
export const bold = (word: string): Piece => ({ bold: word })
export const at = (person: string): Piece => ({ person })
export const tint = (colour: Colour, word: string): Piece => ({ tint: colour, word })

/** Every button of a card, wherever it stands. */
export function pressables(of: Card): Button[] {
  const inside = (blocks: Block[]): Button[] =>
    blocks.flatMap(block => {
      if (block.kind === 'buttons' || block.kind === 'form') return block.buttons
      return block.kind === 'fold' ? inside(block.body) : []
    })
  return inside(of.body)
}
