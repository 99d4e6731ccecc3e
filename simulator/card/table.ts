import type { Component } from './component.ts'
import { CardFault, unreadable } from './fault.ts'
import { bool, either, filled, int, isObject, listOf, matching, object, oneOf, px, shape, string } from './kinds.ts'
import { readMarkdown } from './markdown.ts'
import { countTables, type Spot } from './spot.ts'
import { align, color, i18n, textSize, verticalAlign } from './texts.ts'

type Column = { name: string; data_type?: string }

const column = shape(
  {
    name: filled,
    display_name: string,
    i18n_display_name: i18n,
    width: either(oneOf('auto'), px(80, 600), matching('a percentage', /^(100|[1-9]?\d)%$/)),
    vertical_align: verticalAlign,
    horizontal_align: align,
    data_type: oneOf('text', 'lark_md', 'options', 'number', 'persons', 'date', 'markdown'),
    format: shape({ precision: int(0, 10), symbol: string, separator: bool }),
    date_format: string,
  },
  ['name'],
)

export const table: Component = {
  only: 'root',
  props: {
    columns: listOf(column, 50),
    rows: listOf(object),
    page_size: int(1, 10),
    row_height: either(oneOf('low', 'middle', 'high', 'auto'), px(32, 124)),
    row_max_height: px(32, 999),
    freeze_first_column: bool,
    header_style: shape({
      text_align: align,
      text_size: textSize,
      background_style: color,
      text_color: color,
      bold: bool,
      lines: int(1, 99),
    }),
  },
  required: ['columns', 'rows'],
  also: ({ columns, rows }, spot) => {
    countTables(spot)
    const declared = new Map((columns as Column[]).map(one => [one.name, one.data_type ?? 'text']))
    if (declared.size < (columns as Column[]).length) throw unreadable(spot.path, 'duplicate column name')
    for (const [at, row] of (rows as Array<Record<string, unknown>>).entries()) checkRow(row, declared, at, spot)
  },
}

function checkRow(row: Record<string, unknown>, declared: Map<string, string>, at: number, spot: Spot) {
  for (const [name, cell] of Object.entries(row)) {
    const type = declared.get(name)
    if (!type) throw new CardFault(200915, 'table column name is not declared', { path: spot.path, value: name })
    if (cell !== null && !cellKinds[type]?.(cell, spot)) {
      throw new CardFault(200914, 'table rows is invalid', {
        path: spot.path,
        value: `rows[${at}].${name} is not of type ${type}`,
      })
    }
  }
}

const isText = (cell: unknown) => typeof cell === 'string'
const isMarkdown = (cell: unknown, spot: Spot) => {
  if (typeof cell !== 'string') return false
  readMarkdown(cell, spot)
  return true
}

const cellKinds: Record<string, (cell: unknown, spot: Spot) => boolean> = {
  text: isText,
  lark_md: isMarkdown,
  markdown: isMarkdown,
  number: cell => typeof cell === 'number',
  date: cell => typeof cell === 'number',
  options: cell =>
    isText(cell) || (Array.isArray(cell) && cell.every(one => isObject(one) && typeof one.text === 'string')),
  persons: (cell, { census }) => {
    const ids = typeof cell === 'string' ? [cell] : cell
    if (!Array.isArray(ids) || !ids.every(isText)) return false
    census.people.push(...ids)
    return true
  },
}
