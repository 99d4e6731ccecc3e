import { useToast } from '../toast.tsx'
import { Elements } from './element.tsx'
import { edge, wordsIn } from './layout.tsx'
import { type Node, pixels, plain } from './node.ts'
import { flowStyle, ground, lengths, widthOf } from './paint.ts'
import { usePress } from './press.ts'

/** A container that is pressed as a whole: a button lies under what can be pressed in it, so that the inner press wins. */
export function InteractiveContainer({ node }: { node: Node }) {
  const { press, locked, pressing } = usePress(node)
  const toast = useToast()
  const disabled = node.disabled === true
  const style = {
    ...flowStyle(node),
    ...widthOf(node.width),
    height: pixels(node.height),
    background: ground(node.background_style),
    borderColor: edge(node.border_color),
    borderWidth: node.has_border === true ? 1 : 0,
    borderRadius: lengths(node.corner_radius),
  }
  const tips = plain(disabled ? node.disabled_tips : node.hover_tips)
  return (
    <div className="card-flow card-pressable" data-off={disabled || locked || undefined} style={style}>
      <button
        type="button"
        className="card-cover"
        name={plain(node.name) || undefined}
        aria-label={wordsIn(node) || '可点击区域'}
        aria-busy={pressing || undefined}
        aria-disabled={disabled || undefined}
        disabled={locked}
        title={tips || undefined}
        onClick={() => {
          if (!disabled) void press()
          else if (tips) toast('info', tips)
        }}
      />
      <Elements of={node.elements} />
      {pressing && <span className="spinner card-pressable-wait" role="status" aria-label="正在提交" />}
    </div>
  )
}
