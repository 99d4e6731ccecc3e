import { spokenLocal } from '../when.ts'
import { FieldFrame, labelOf, useField, useRested } from './field.tsx'
import { type Node, plain } from './node.ts'

const TYPES: Record<string, string> = { date_picker: 'date', picker_time: 'time', picker_datetime: 'datetime-local' }
const REST_MS = 700

export function DateField({ node }: { node: Node }) {
  const field = useField(node)
  const rest = useRested(REST_MS, field.send)
  return (
    <FieldFrame node={node} invalid={field.invalid} pressing={field.pressing}>
      <input
        {...field.attributes}
        type={TYPES[plain(node.tag)]}
        className="field field-date"
        data-blank={!field.text || undefined}
        data-shown={field.text ? spokenLocal(field.text) : plain(node.placeholder) || '请选择'}
        aria-label={labelOf(node)}
        aria-invalid={field.invalid || undefined}
        value={field.text}
        max={node.tag === 'picker_time' ? undefined : node.tag === 'date_picker' ? '9999-12-31' : '9999-12-31T23:59'}
        onChange={event => {
          field.keep(event.target.value)
          if (field.alone && event.target.value) rest(event.target.value)
        }}
      />
    </FieldFrame>
  )
}
