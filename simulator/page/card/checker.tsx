import { useToast } from '../toast.tsx'
import { Elements } from './element.tsx'
import { useField } from './field.tsx'
import { Markdown } from './markdown.tsx'
import { behaviourOf, isMarkdown, type Node, nodeOf, plain } from './node.ts'
import { lengths, textStyle } from './paint.ts'

export function Checker({ node }: { node: Node }) {
  const field = useField(node)
  const toast = useToast()
  const checked = field.raw === true
  const area = nodeOf(node.button_area)
  const disabled = node.disabled === true
  const tips = plain(disabled ? node.disabled_tips : node.hover_tips)
  const tick = (next: boolean) => {
    field.keep(next)
    if (behaviourOf(node).calls) field.send(next)
  }
  const words = (
    <span style={{ ...textStyle(nodeOf(node.text)), ...textStyle(node), ...(checked && checkedStyle(node)) }}>
      {isMarkdown(node.text) ? <Markdown content={plain(node.text)} /> : plain(node.text)}
    </span>
  )
  // Only the box is the switch unless the whole line may be pressed.
  const whole = node.overall_checkable !== false
  const Line = whole ? 'label' : 'div'
  return (
    <div
      className="card-checker"
      data-invalid={field.invalid || undefined}
      data-buttons={plain(area.pc_display_rule) || undefined}
      style={{ padding: lengths(node.padding) }}
    >
      <Line className="tick" title={tips || undefined} onClickCapture={() => disabled && tips && toast('info', tips)}>
        <input
          {...field.attributes}
          type="checkbox"
          aria-label={whole ? undefined : plain(node.text)}
          checked={checked}
          onChange={event => tick(event.target.checked)}
        />
        {words}
      </Line>
      {field.pressing && <span className="spinner" role="status" aria-label="正在提交" />}
      <Elements of={area.buttons ?? area.elements} />
    </div>
  )
}

function checkedStyle(node: Node) {
  const { show_strikethrough, opacity } = nodeOf(node.checked_style)
  return {
    opacity: typeof opacity === 'number' ? opacity : undefined,
    textDecoration: show_strikethrough === true ? 'line-through' : undefined,
    color: show_strikethrough === true ? 'var(--text-faint)' : undefined,
  }
}
