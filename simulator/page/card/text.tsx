import { Dot } from '../icon.tsx'
import { inPlace } from '../in-place.ts'
import { Markdown } from './markdown.tsx'
import { isMarkdown, listOf, type Node, nodeOf, plain } from './node.ts'
import { paint, textStyle } from './paint.ts'

export function MarkdownElement({ node }: { node: Node }) {
  return (
    <div className="card-text" style={textStyle(node)}>
      <Icon of={node.icon} />
      <Markdown content={plain(node)} />
    </div>
  )
}

export function Div({ node }: { node: Node }) {
  const fields = listOf(node.fields)
  return (
    <div className="card-text">
      <Icon of={node.icon} />
      {node.text !== undefined && <Text of={nodeOf(node.text)} />}
      {fields.length > 0 && (
        <div className="card-fields">
          {inPlace(fields).map(([key, field]) => (
            <div key={key} className={field.is_short ? 'card-field-short' : 'card-field-long'}>
              <Text of={nodeOf(field.text)} />
            </div>
          ))}
        </div>
      )}
    </div>
  )
}

export function PlainText({ node }: { node: Node }) {
  return <Text of={node} />
}

export function Text({ of }: { of: Node }) {
  const lines = Number(of.lines)
  const clamp = lines > 0 ? { WebkitLineClamp: lines } : undefined
  return (
    <div className={clamp ? 'card-clamp' : 'card-plain'} style={{ ...textStyle(of), ...clamp }}>
      {isMarkdown(of) ? <Markdown content={plain(of)} /> : plain(of)}
    </div>
  )
}

/** Feishu's icons are not ours to ship: a dot in the right colour stands for each. */
function Icon({ of }: { of: unknown }) {
  const icon = nodeOf(of)
  if (!icon.tag) return null
  return (
    <span className="card-icon" style={{ color: paint(icon.color) }} title={plain(icon.token)}>
      <Dot size={16} />
    </span>
  )
}
