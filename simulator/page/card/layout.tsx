import type { CSSProperties, MouseEvent } from 'react'
import { Down } from '../icon.tsx'
import { inPlace } from '../in-place.ts'
import { Elements } from './element.tsx'
import { Markdown } from './markdown.tsx'
import { isMarkdown, listOf, type Node, nodeOf, plain, safeLink } from './node.ts'
import { flowStyle, ground, lengths, paint, space } from './paint.ts'
import { usePress } from './press.ts'

export function Hr() {
  return <hr className="card-hr" />
}

export function ColumnSet({ node }: { node: Node }) {
  const mode = plain(node.flex_mode) || 'none'
  const link = safeLink(nodeOf(node.action).multi_url)
  const background = ground(node.background_style)
  const style = { columnGap: space(node.horizontal_spacing), background, padding: background && '8px 12px' }
  return (
    <div className={`card-columns card-columns-${mode}`} style={style}>
      {inPlace(listOf(node.columns)).map(([key, column]) => (
        <Column key={key} node={column} />
      ))}
      {link && (
        <a className="card-cover" href={link} target="_blank" rel="noreferrer">
          打开链接
        </a>
      )}
    </div>
  )
}

function Column({ node }: { node: Node }) {
  const background = ground(node.background_style)
  const style = { ...columnWidth(node), ...flowStyle(node), background }
  return (
    <div className="card-flow card-column" style={style}>
      <Elements of={node.elements} />
    </div>
  )
}

function columnWidth(node: Node): CSSProperties {
  const width = plain(node.width)
  if (/^\d+px$/.test(width)) return { flex: `0 1 ${width}` }
  if (width === 'weighted') return { flex: `${Number(node.weight) || 1} 1 0` }
  return { flex: '0 1 auto' }
}

export function Panel({ node }: { node: Node }) {
  const header = nodeOf(node.header)
  const border = nodeOf(node.border)
  const style = {
    borderColor: edge(border.color),
    borderWidth: node.border ? undefined : 0,
    borderRadius: lengths(border.corner_radius),
    background: ground(node.background_color),
  }
  return (
    <details className="card-panel" open={node.expanded === true} style={style}>
      <summary style={{ background: ground(header.background_color), padding: lengths(header.padding) }}>
        <span>{isMarkdown(header.title) ? <Markdown content={plain(header.title)} /> : plain(header.title)}</span>
        <Down size={16} />
      </summary>
      <div className="card-flow card-panel-body" style={flowStyle(node)}>
        <Elements of={node.elements} />
      </div>
    </details>
  )
}

/** Grey-100 would not be seen as a line. */
const edge = (colour: unknown) => (colour === 'grey' ? undefined : paint(colour, 100))

const INNER = 'a, button, input, select, textarea, label, summary, [role="button"]'

/** A container that is pressed as a whole; a press on something inside belongs to that thing. */
export function InteractiveContainer({ node }: { node: Node }) {
  const { press, locked, pressing } = usePress(node)
  const off = locked || node.disabled === true
  const style = {
    ...flowStyle(node),
    background: ground(node.background_style),
    borderColor: edge(node.border_color),
    borderWidth: node.has_border === true ? 1 : 0,
    borderRadius: lengths(node.corner_radius),
  }
  const onClick = (event: MouseEvent<HTMLElement>) => {
    const inner = (event.target as HTMLElement).closest(INNER)
    if (!off && inner === event.currentTarget) void press()
  }
  return (
    // A <button> may not hold buttons and fields, which this container may.
    // biome-ignore lint/a11y/useSemanticElements: see above
    <div
      role="button"
      tabIndex={off ? -1 : 0}
      aria-disabled={off}
      className="card-flow card-pressable"
      style={style}
      aria-label={wordsIn(node)}
      title={plain(node.hover_tips) || undefined}
      onClick={onClick}
      onKeyDown={event => {
        if (event.key === 'Enter' && event.target === event.currentTarget && !off) void press()
      }}
    >
      <Elements of={node.elements} />
      {pressing && <span className="spinner card-pressable-wait" role="status" aria-label="正在提交" />}
    </div>
  )
}

/** What a container says, without the words of the buttons in it: those have names of their own. */
function wordsIn(node: Node): string {
  const own = ['markdown', 'div'].includes(plain(node.tag)) ? plain(node) || plain(node.text) : ''
  const inner = [...listOf(node.elements), ...listOf(node.columns)].map(wordsIn)
  return [own.replace(/<[^>]*>|[*_~#]/g, ''), ...inner].filter(Boolean).join(' ')
}
