import { type ReactNode, useState } from 'react'
import { inPlace } from '../in-place.ts'
import { fullDay } from '../when.ts'
import { TextTag } from './header.tsx'
import { Markdown } from './markdown.tsx'
import { listOf, type Node, nodeOf, plain } from './node.ts'
import { PersonChip } from './people.tsx'

export function Table({ node }: { node: Node }) {
  const [page, setPage] = useState(0)
  const rows = listOf(node.rows)
  const columns = listOf(node.columns)
  const size = Math.min(Math.max(Number(node.page_size) || 5, 1), 10)
  const pages = Math.max(1, Math.ceil(rows.length / size))
  const at = Math.min(page, pages - 1)
  return (
    <div className="card-table">
      <div className="table-scroll">
        <table>
          <thead>
            <tr>
              {columns.map(column => (
                <th key={plain(column.name)} style={alignOf(column)}>
                  {plain(column.display_name) || plain(column.name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {inPlace(rows.slice(at * size, at * size + size)).map(([key, row]) => (
              <tr key={`${at} ${key}`}>
                {columns.map(column => (
                  <td key={plain(column.name)} style={alignOf(column)}>
                    <Cell column={column} value={row[plain(column.name)]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 && (
        <div className="table-pages">
          <button type="button" className="link" disabled={at === 0} onClick={() => setPage(at - 1)}>
            上一页
          </button>
          <span>
            {at + 1} / {pages}
          </span>
          <button type="button" className="link" disabled={at === pages - 1} onClick={() => setPage(at + 1)}>
            下一页
          </button>
        </div>
      )}
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
      return listOf(value).map(option => (
        <TextTag key={plain(option.text)} colour={option.color} words={plain(option.text)} />
      ))
    case 'persons':
      return (Array.isArray(value) ? value : [value]).map(id => <PersonChip key={plain(id)} id={plain(id)} />)
    case 'date':
      return Number(value) > 0 ? fullDay(Number(value)) : ''
    default:
      return plain(value)
  }
}

function numberOf(value: unknown, format: Node): string {
  if (typeof value !== 'number') return plain(value)
  const digits = typeof format.precision === 'number' ? format.precision : undefined
  const shown = value.toLocaleString('zh-CN', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits ?? 10,
    useGrouping: format.separator === true,
  })
  return `${plain(format.symbol)}${shown}`
}

const alignOf = (column: Node) => ({
  textAlign: (['left', 'center', 'right'] as const).find(each => each === column.horizontal_align),
  minWidth: /^\d{2,3}px$/.test(plain(column.width)) ? plain(column.width) : undefined,
})
