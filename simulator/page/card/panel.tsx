import { type CSSProperties, useState } from 'react'
import { Down } from '../icon.tsx'
import { Elements } from './element.tsx'
import { hasIcon, Icon } from './glyph.tsx'
import { edge } from './layout.tsx'
import { Markdown } from './markdown.tsx'
import { isMarkdown, type Node, nodeOf, plain } from './node.ts'
import { flowStyle, ground, lengths, widthOf } from './paint.ts'

export function Panel({ node }: { node: Node }) {
  const [open, setOpen] = useState(node.expanded === true)
  const header = nodeOf(node.header)
  const border = nodeOf(node.border)
  const style = {
    borderColor: edge(border.color),
    borderWidth: node.border ? undefined : 0,
    borderRadius: lengths(border.corner_radius),
    background: ground(node.background_color),
  }
  return (
    <details
      className="card-panel"
      data-header={header.position === 'bottom' ? 'bottom' : undefined}
      open={open}
      style={style}
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary data-icon={plain(header.icon_position) || 'right'} style={headStyle(header, open)}>
        <span className="card-panel-title">
          {isMarkdown(header.title) ? <Markdown content={plain(header.title)} /> : plain(header.title)}
        </span>
        <span className="card-panel-icon" style={{ rotate: open ? `${turned(header)}deg` : undefined }}>
          {hasIcon(header) ? <Icon of={header.icon} /> : <Down size={16} />}
        </span>
      </summary>
      <div className="card-flow card-panel-body" style={flowStyle(node)}>
        <Elements of={node.elements} />
      </div>
    </details>
  )
}

/** How far the icon turns when the panel opens; ours points the other way unless the card says otherwise. */
function turned(header: Node): number {
  const angle = Number(header.icon_expanded_angle)
  return header.icon_expanded_angle === undefined || Number.isNaN(angle) ? 180 : angle
}

function headStyle(header: Node, open: boolean): CSSProperties {
  const auto = header.width === 'auto' || (header.width === 'auto_when_fold' && !open)
  return {
    background: ground(header.background_color),
    padding: lengths(header.padding),
    alignItems: { top: 'flex-start', center: 'center', bottom: 'flex-end' }[plain(header.vertical_align)],
    ...(auto ? { width: 'fit-content' } : widthOf(header.width)),
  }
}
