import { Elements } from './element.tsx'
import { useField } from './field.tsx'
import { Markdown } from './markdown.tsx'
import { behaviourOf, isMarkdown, type Node, nodeOf, plain } from './node.ts'

export function Checker({ node }: { node: Node }) {
  const field = useField(node)
  const checked = field.raw === true
  const struck = nodeOf(node.checked_style).show_strikethrough === true && checked
  const area = nodeOf(node.button_area)
  return (
    <div className="card-checker" data-invalid={field.invalid || undefined}>
      <label className="tick">
        <input
          {...field.attributes}
          type="checkbox"
          checked={checked}
          onChange={event => {
            field.keep(event.target.checked)
            if (behaviourOf(node).calls) field.send(event.target.checked)
          }}
        />
        <span className={struck ? 'struck' : undefined}>
          {isMarkdown(node.text) ? <Markdown content={plain(node.text)} /> : plain(node.text)}
        </span>
      </label>
      {field.pressing && <span className="spinner" role="status" aria-label="正在提交" />}
      <Elements of={area.buttons ?? area.elements} />
    </div>
  )
}
