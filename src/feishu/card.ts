import type { Block, Button, Card, Colour, Piece, Rich, SeatRow } from '../kit/card.ts'
import { shorten } from '../kit/text.ts'
import { printBars, printTimeline } from './chart.ts'
import { type Json, plainText, printField } from './field.ts'
import { everShorter } from './fit.ts'
import { literal } from './literal.ts'

/** What Feishu accepts of one card (JSON 2.0); beyond it the whole send is refused. */
export const CARD_LIMITS = { bytes: 30_000, elements: 200, buttonText: 100, tags: 3 } as const

/** Our card as Feishu's JSON 2.0, cut to what Feishu accepts, whatever it holds. */
export function printCard(card: Card): Json {
  let printed = print(card)
  if (fits(printed)) return printed
  for (const less of everShorter(card, cut => hasRoom(print(cut)))) {
    printed = print(less)
    if (fits(printed)) break
  }
  return printed
}

export function fits(printed: Json): boolean {
  const size = new TextEncoder().encode(JSON.stringify(printed)).length
  return size <= CARD_LIMITS.bytes && hasRoom(printed)
}

const hasRoom = (printed: Json): boolean => countElements(printed) <= CARD_LIMITS.elements

/** Components and text objects alike count as elements. */
function countElements(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + countElements(one), 0)
  if (typeof value !== 'object' || !value) return 0
  const own = 'tag' in value ? 1 : 0
  return Object.values(value).reduce((sum: number, one) => sum + countElements(one), own)
}

function print(card: Card): Json {
  return {
    schema: '2.0',
    config: {
      update_multi: true,
      width_mode: 'default',
      summary: { content: shorten(card.summary ?? card.title, 60) },
    },
    header: {
      title: plainText(card.title),
      template: card.colour,
      ...(card.tags?.length
        ? {
            text_tag_list: card.tags
              .slice(0, CARD_LIMITS.tags)
              .map(tag => ({ tag: 'text_tag', text: plainText(tag.word), color: TAG_COLOURS[tag.colour] })),
          }
        : {}),
    },
    body: {
      direction: 'vertical',
      padding: '12px',
      vertical_spacing: 'medium',
      elements: [...card.body, ...(card.body.some(({ kind }) => kind === 'form') ? [FORM_NOTICE] : [])].flatMap(
        printBlock,
      ),
    },
  }
}

/** Under whatever is filled in (domain.md 9.3). */
const FORM_NOTICE: Block = { kind: 'note', text: '本平台禁止处理涉密信息' }

const TAG_COLOURS: Record<Colour, string> = {
  blue: 'blue',
  yellow: 'yellow',
  red: 'red',
  green: 'green',
  grey: 'neutral',
}

type Printers = { [Kind in Block['kind']]: (block: Extract<Block, { kind: Kind }>) => Json[] }

const PRINTERS: Printers = {
  text: block => [
    isPlain(block.text)
      ? { tag: 'div', text: plainText(joined(block.text)) }
      : { tag: 'markdown', content: markdown(block.text) },
  ],
  note: block => [
    isPlain(block.text)
      ? { tag: 'div', text: { ...plainText(joined(block.text)), text_size: 'notation', text_color: 'grey' } }
      : { tag: 'markdown', content: markdown(block.text), text_size: 'notation' },
  ],
  fields: block => [
    {
      tag: 'markdown',
      content: block.fields
        .map(([label, value]) => `<font color='grey'>${literal(label)}</font> ${markdown(value)}`)
        .join('\n'),
    },
  ],
  divider: () => [{ tag: 'hr' }],
  fold: block => [
    {
      tag: 'collapsible_panel',
      expanded: false,
      header: { title: plainText(block.title) },
      elements: block.body.flatMap(printBlock),
    },
  ],
  chart: block => [printBars(block)],
  timeline: block => [printTimeline(block)],
  table: block => [printTable(block)],
  seats: block => block.rows.map(printSeats),
  buttons: block => [inRow(block.buttons.map(button => printButton(button, {})))],
  form: block => [
    {
      tag: 'form',
      // names are unique in a card, and a field often has its form's
      name: `form_${block.name}`,
      vertical_spacing: 'medium',
      elements: [
        ...block.fields.flatMap(printField),
        inRow(
          block.buttons.map(button =>
            printButton(button, {
              form_action_type: 'submit',
              name: `${block.name}_${button.action.replaceAll('.', '_')}`,
            }),
          ),
        ),
      ],
    },
  ],
}

function printBlock(block: Block): Json[] {
  const printer = PRINTERS[block.kind] as (block: Block) => Json[]
  return printer(block)
}

/** More columns than that are scrolled through, each as wide as its words need. */
const SIDE_BY_SIDE = 4

/** Cells are plain text: nothing in them is read as markup. */
function printTable({ heads, rows }: Extract<Block, { kind: 'table' }>): Json {
  return {
    tag: 'table',
    columns: heads.map((head, i) => ({
      name: `c${i}`,
      display_name: head,
      data_type: 'text',
      width: heads.length > SIDE_BY_SIDE ? '106px' : 'auto',
    })),
    rows: rows.map(cells => Object.fromEntries(heads.map((_, i) => [`c${i}`, cells[i] ?? '']))),
    page_size: 10,
    row_height: 'auto',
    freeze_first_column: true,
    header_style: { text_size: 'notation', bold: true, lines: 2 },
  }
}

/** A box for each seat, all as wide. */
function printSeats({ front, seats }: SeatRow): Json {
  return {
    tag: 'column_set',
    flex_mode: 'none',
    horizontal_spacing: '4px',
    columns: seats.map(seat => ({
      tag: 'column',
      width: 'weighted',
      weight: 1,
      background_style: front ? 'blue-100' : 'grey-100',
      padding: '4px 0px 4px 0px',
      elements: [{ tag: 'div', text: { ...plainText(seat), text_size: 'notation', text_align: 'center' } }],
    })),
  }
}

function inRow(elements: Json[]): Json {
  return {
    tag: 'column_set',
    flex_mode: 'flow',
    horizontal_spacing: 'medium',
    columns: elements.map(element => ({ tag: 'column', width: 'auto', elements: [element] })),
  }
}

const BUTTON_TYPES = { plain: 'default', primary: 'primary_filled', danger: 'danger' } as const

function printButton({ label, action, value, style, confirm }: Button, form: Json): Json {
  return {
    tag: 'button',
    text: plainText(shorten(label, CARD_LIMITS.buttonText)),
    type: BUTTON_TYPES[style ?? 'plain'],
    ...form,
    ...(confirm ? { confirm: { title: plainText(confirm.title), text: plainText(confirm.text) } } : {}),
    behaviors: [{ type: 'callback', value: { ...value, action } }],
  }
}

const isPlain = (rich: Rich): boolean => typeof rich === 'string' || rich.every(piece => typeof piece === 'string')
const joined = (rich: Rich): string =>
  typeof rich === 'string' ? rich : rich.map(piece => (typeof piece === 'string' ? piece : '')).join('')

function markdown(rich: Rich): string {
  return typeof rich === 'string' ? literal(rich) : rich.map(printPiece).join('')
}

const FONT_COLOURS: Record<Colour, string> = {
  blue: 'blue',
  yellow: 'orange',
  red: 'red',
  green: 'green',
  grey: 'grey',
}

function printPiece(piece: Piece): string {
  if (typeof piece === 'string') return literal(piece)
  if ('bold' in piece) return `**${literal(piece.bold)}**`
  if ('tint' in piece) return `<font color='${FONT_COLOURS[piece.tint]}'>${literal(piece.word)}</font>`
  return `<at id=${piece.person.replace(/[^\w-]/g, '')}></at>`
}
