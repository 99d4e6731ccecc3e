import { inPlace } from '../in-place.ts'
import { Elements } from './element.tsx'
import { Icon } from './glyph.tsx'
import { Markdown } from './markdown.tsx'
import { isMarkdown, listOf, type Node, nodeOf, plain } from './node.ts'
import { textStyle, widthOf } from './paint.ts'
import { useTyped } from './typing.ts'

export function MarkdownElement({ node }: { node: Node }) {
  const typed = useTyped(plain(node))
  return (
    <div className="card-text" style={textStyle(node)}>
      <Icon of={node.icon} />
      <Markdown content={typed} />
    </div>
  )
}

export function Div({ node }: { node: Node }) {
  const fields = listOf(node.fields)
  return (
    <div className="card-text" style={widthOf(node.width)}>
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
      {node.extra !== undefined && <Elements of={[node.extra]} />}
    </div>
  )
}

export function PlainText({ node }: { node: Node }) {
  return <Text of={node} />
}

export function Text({ of }: { of: Node }) {
  const typed = useTyped(plain(of))
  const lines = Number(of.lines)
  const clamp = lines > 0 ? { WebkitLineClamp: lines } : undefined
  return (
    <div className={clamp ? 'card-clamp' : 'card-plain'} style={{ ...textStyle(of), ...clamp }}>
      {isMarkdown(of) ? <Markdown content={typed} /> : typed}
    </div>
  )
}
