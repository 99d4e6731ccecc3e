import type { CSSProperties, ReactNode } from 'react'
import { inPlace } from '../in-place.ts'
import { fullDay, isInstant } from '../when.ts'
import { dateBy } from './date-format.ts'
import { TextTag } from './header.tsx'
import { Markdown } from './markdown.tsx'
import { listOf, type Node, nodeOf, pixels, plain } from './node.ts'
import { Pages, TableScroll, usePages } from './pages.tsx'
import { ground, textSize, tint } from './paint.ts'
import { PersonChip } from './people.tsx'

const HEIGHTS: Record<string, number> = { low: 36, middle: 52, high: 84 }

export function Table({ node }: { node: Node }) {
  const columns = listOf(node.columns)
  const pages = usePages(listOf(node.rows), Math.min(Math.max(Number(node.page_size) || 5, 1), 10))
  const height = HEIGHTS[plain(node.row_height)] ?? pixels(node.row_height)
  return (
    <div className="card-table" data-frozen={node.freeze_first_column === true || undefined}>
      <TableScroll>
        <table>
          <thead>
            <tr style={headStyle(nodeOf(node.header_style))}>
              {columns.map(column => (
                <th key={plain(column.name)} scope="col" style={columnStyle(column)}>
                  <span style={headWords(nodeOf(node.header_style))}>
                    {plain(column.display_name) || plain(column.name)}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {inPlace(pages.shown).map(([key, row]) => (
              <tr key={`${pages.at} ${key}`} style={{ height }}>
                {columns.map(column => (
                  <td key={plain(column.name)} style={columnStyle(column)}>
                    <div className="card-cell" style={cellBox(node, height)}>
                      <Cell column={column} value={row[plain(column.name)]} />
                    </div>
                  </td>
                ))}
              </tr>
            ))}
            {pages.shown.length === 0 && (
              <tr>
                <td colSpan={columns.length || 1} className="card-table-empty">
                  暂无数据
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </TableScroll>
      <Pages {...pages} />
    </div>
  )
}

function Cell({ column, value }: { column: Node; value: unknown }): ReactNode {
  switch (column.data_type) {
    case 'lark_md':
    case 'markdown':
      return <Markdown content={plain(value)} />
    case 'number':
      return numberOf(value, nodeOf(column.format))
    case 'options':
      return <Options value={value} />
    case 'persons':
      return (
        <span className="card-people">
          {inPlace(Array.isArray(value) ? value : value ? [value] : []).map(([key, id]) => (
            <PersonChip key={key} id={plain(id)} />
          ))}
        </span>
      )
    case 'date':
      return Number(value) > 0 && isInstant(Number(value)) ? dated(Number(value), plain(column.date_format)) : ''
    default:
      return plain(value)
  }
}

const dated = (at: number, format: string) => (format ? dateBy(format, at) : fullDay(at))

function Options({ value }: { value: unknown }) {
  const options = typeof value === 'string' ? [{ text: value }] : listOf(value)
  return (
    <span className="card-tags">
      {inPlace<Node>(options).map(([key, option]) => (
        <TextTag key={key} colour={option.color} words={plain(option.text)} />
      ))}
    </span>
  )
}

function numberOf(value: unknown, format: Node): string {
  if (typeof value !== 'number') return plain(value)
  const digits = typeof format.precision === 'number' ? Math.min(Math.max(format.precision, 0), 10) : undefined
  const shown = value.toLocaleString('zh-CN', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits ?? 10,
    useGrouping: format.separator === true,
  })
  return `${plain(format.symbol)}${shown}`
}

function columnStyle(column: Node): CSSProperties {
  const width = plain(column.width)
  return {
    textAlign: (['left', 'center', 'right'] as const).find(each => each === column.horizontal_align),
    verticalAlign: { top: 'top', center: 'middle', bottom: 'bottom' }[plain(column.vertical_align)],
    minWidth: pixels(width),
    width: /^(\d{1,3}%|\d{2,3}px)$/.test(width) ? width : undefined,
  }
}

/** A fixed height cuts what is higher; `auto` grows as far as `row_max_height`. */
function cellBox(node: Node, height: number | string | undefined): CSSProperties {
  const most = node.row_height === 'auto' ? pixels(node.row_max_height) : height
  return { maxHeight: most, overflow: most ? 'auto' : undefined }
}

const headStyle = (style: Node): CSSProperties => ({
  background: style.background_style === 'none' ? 'none' : ground(style.background_style),
})

function headWords(style: Node): CSSProperties {
  const lines = Number(style.lines)
  return {
    color: tint(style.text_color),
    fontSize: textSize(style.text_size),
    fontWeight: style.bold === false ? 400 : undefined,
    textAlign: (['left', 'center', 'right'] as const).find(each => each === style.text_align),
    ...(lines > 0 && {
      display: '-webkit-box',
      WebkitBoxOrient: 'vertical',
      WebkitLineClamp: lines,
      overflow: 'hidden',
      whiteSpace: 'normal',
    }),
  }
}
