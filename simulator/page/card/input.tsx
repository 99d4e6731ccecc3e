import type { KeyboardEvent } from 'react'
import { Check } from '../icon.tsx'
import { FieldFrame, labelOf, useField } from './field.tsx'
import { initialOf } from './fields.ts'
import { type Node, plain } from './node.ts'

export function Input({ node }: { node: Node }) {
  const field = useField(node)
  const multiline = node.input_type === 'multiline_text'
  const shared = {
    ...field.attributes,
    className: 'field',
    'aria-label': labelOf(node),
    'aria-invalid': field.invalid || undefined,
    'aria-required': node.required === true || undefined,
    placeholder: plain(node.placeholder) || undefined,
    maxLength: Number(node.max_length) || 1000,
    value: field.text,
    onKeyDown: (event: KeyboardEvent) => {
      const ends =
        event.key === 'Enter' && !event.nativeEvent.isComposing && (!multiline || event.ctrlKey || event.metaKey)
      if (ends && field.alone) field.send(field.text)
    },
  }
  const grows = node.auto_resize === true
  const changed = field.alone && field.text !== initialOf(node)
  return (
    <FieldFrame node={node} invalid={field.invalid} pressing={field.pressing}>
      {multiline ? (
        <textarea
          {...shared}
          rows={Math.min(Number(node.rows) || 5, 20)}
          data-grows={grows || undefined}
          style={grows ? { maxHeight: `${(Number(node.max_rows) || 20) * 22 + 12}px` } : undefined}
          onChange={event => field.keep(event.target.value)}
        />
      ) : (
        <input
          {...shared}
          type={node.input_type === 'password' ? 'password' : 'text'}
          onChange={event => field.keep(event.target.value)}
        />
      )}
      {changed && (
        <button
          type="button"
          className="field-done"
          aria-label="确认输入"
          disabled={shared.disabled}
          onClick={() => field.send(field.text)}
        >
          <Check size={18} />
        </button>
      )}
    </FieldFrame>
  )
}
