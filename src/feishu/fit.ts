import type { Block, Button, Card, Field, Piece, Rich } from '../kit/card.ts'
import { shorten } from '../kit/text.ts'

/** How long texts may be, and how many may be chosen from, the more generous first; more than the first of each fits no card. */
const LENGTHS = [10_000, 400, 150, 60, 20]
const CHOICES = [200, 100, 70, 30, 10]
const LOOKED_THROUGH = 70
/** What names something is not shortened below that. */
const SHORTEST_NAME = 60

const CUT: Block = { kind: 'note', text: '内容较多,未全部显示' }

/**
 * Less and less of a card: fewer to choose from where choices are more than `holds` allows, shorter texts, no notes, fewer choices
 * still; then the last of its texts go, and at the very last what is pressed.
 */
export function* everShorter(card: Card, holds: (cut: Card) => boolean): Generator<Card> {
  const pressed = { ...card, body: card.body.filter(block => !isText(block)) }
  const enough = CHOICES.findIndex(most =>
    holds(shortest(withFewerChoices(most > LOOKED_THROUGH ? card : pressed, most))),
  )
  for (const most of CHOICES.slice(enough)) {
    let less = withFewerChoices(card, most)
    for (const length of LENGTHS) {
      less = shortened(less, length)
      yield less
    }
    yield withoutNotes(less)
    // so many are a list that somebody looks through: none of them goes before the last of the texts
    if (most <= LOOKED_THROUGH) yield* withFewerBlocks(withoutNotes(less), [isText])
  }
  yield* withFewerBlocks(shortest(withFewerChoices(card, Math.min(...CHOICES))), [isText, () => true])
}

const shortest = (card: Card): Card => withoutNotes(shortened(card, Math.min(...LENGTHS)))
const withoutNotes = (card: Card): Card => ({
  ...card,
  body: card.body.filter(({ kind }) => kind !== 'note'),
})

function* withFewerBlocks(card: Card, parts: Array<(block: Block) => boolean>): Generator<Card> {
  let body = card.body
  for (const goes of parts)
    for (let last = body.findLastIndex(goes); last !== -1; last = body.findLastIndex(goes)) {
      body = body.toSpliced(last, 1)
      yield { ...card, body: [...body, CUT] }
    }
}

const isText = ({ kind }: Block): boolean => kind !== 'buttons' && kind !== 'form'

function withFewerChoices(card: Card, most: number): Card {
  return { ...card, body: card.body.map(block => choosing(block, most)) }
}

function choosing(block: Block, most: number): Block {
  if (block.kind === 'fold') return { ...block, body: block.body.map(one => choosing(one, most)) }
  return block.kind === 'form'
    ? {
        ...block,
        fields: block.fields.map(field => firstChoices(field, most)),
      }
    : block
}

/** What is chosen stays among them, and the label says how many there are. */
function firstChoices(field: Field, most: number): Field {
  if ((field.kind !== 'choose' && field.kind !== 'people') || field.options.length <= most) return field
  const chosen = new Set([field.value ?? []].flat().slice(0, most))
  const kept = field.options.filter(({ value }) => chosen.has(value))
  const others = field.options.filter(({ value }) => !chosen.has(value)).slice(0, most - kept.length)
  const shown = new Set([...kept, ...others])
  const label = `${field.label ?? ''}(共${field.options.length}项,列出${shown.size}项)`
  const fewer = {
    label,
    options: field.options.filter(option => shown.has(option)),
  }
  if (field.kind === 'choose') return { ...field, ...fewer }
  return {
    ...field,
    ...fewer,
    ...(field.value ? { value: field.value.slice(0, most) } : {}),
  }
}

function shortened(card: Card, length: number): Card {
  const name = (words: string) => cut(words, Math.max(length, SHORTEST_NAME))
  return {
    ...card,
    title: name(card.title),
    ...(card.tags ? { tags: card.tags.map(tag => ({ ...tag, word: name(tag.word) })) } : {}),
    body: card.body.map(block => cutBlock(block, { length, name })),
  }
}

/** What is far too long is not read to its end. */
const cut = (words: string, length: number): string =>
  shorten(words.length > 8 * length ? `${words.slice(0, 8 * length)}…` : words, length)

interface Cut {
  length: number
  name: (words: string) => string
}

type Cutters = {
  [Kind in Block['kind']]: (block: Extract<Block, { kind: Kind }>, cut: Cut) => Block
}

const CUTTERS: Cutters = {
  text: (block, { length }) => ({
    ...block,
    text: cutRich(block.text, length),
  }),
  note: (block, { length }) => ({
    ...block,
    text: cutRich(block.text, length),
  }),
  fields: (block, { length, name }) => ({
    ...block,
    fields: block.fields.map(([label, value]) => [name(label), cutRich(value, length)] as const),
  }),
  divider: block => block,
  fold: (block, cut) => ({
    ...block,
    title: cut.name(block.title),
    body: block.body.map(one => cutBlock(one, cut)),
  }),
  chart: (block, { name }) => ({
    ...block,
    title: name(block.title),
    bars: block.bars.map(bar => ({
      ...bar,
      group: name(bar.group),
      name: name(bar.name),
    })),
  }),
  timeline: (block, { name }) => ({
    ...block,
    title: name(block.title),
    lines: block.lines.map(name),
    spans: block.spans.map(span => ({
      ...span,
      line: name(span.line),
      word: name(span.word),
    })),
  }),
  table: (block, { length, name }) => ({
    ...block,
    heads: block.heads.map(name),
    rows: block.rows.map(cells => cells.map(cell => cut(cell, length))),
  }),
  seats: (block, { length }) => ({
    ...block,
    rows: block.rows.map(row => ({
      ...row,
      seats: row.seats.map(seat => cut(seat, length)),
    })),
  }),
  buttons: (block, cut) => ({
    ...block,
    buttons: block.buttons.map(button => cutButton(button, cut)),
  }),
  form: (block, cut) => ({
    ...block,
    fields: block.fields.map(field => (field.label ? { ...field, label: cut.name(field.label) } : field)),
    buttons: block.buttons.map(button => cutButton(button, cut)),
  }),
}

function cutBlock(block: Block, cut: Cut): Block {
  const cutter = CUTTERS[block.kind] as (block: Block, cut: Cut) => Block
  return cutter(block, cut)
}

function cutButton(button: Button, { name }: Cut): Button {
  const { confirm } = button
  return confirm
    ? {
        ...button,
        confirm: { title: name(confirm.title), text: name(confirm.text) },
      }
    : button
}

const cutRich = (rich: Rich, length: number): Rich =>
  typeof rich === 'string' ? cut(rich, length) : rich.map(piece => cutPiece(piece, length))

function cutPiece(piece: Piece, length: number): Piece {
  if (typeof piece === 'string') return shortenKeepingEdges(piece, length)
  if ('bold' in piece) return { bold: cut(piece.bold, length) }
  return 'tint' in piece ? { ...piece, word: cut(piece.word, length) } : piece
}

/** A piece between others keeps the space that parts it from them. */
function shortenKeepingEdges(piece: string, length: number): string {
  return piece.length <= length
    ? piece
    : `${/^\s/.test(piece) ? ' ' : ''}${cut(piece, length)}${/\s$/.test(piece) ? ' ' : ''}`
}
