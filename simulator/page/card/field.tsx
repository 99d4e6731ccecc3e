import { type ReactNode, useState } from 'react'
import { initialOf, type Raw, yielded } from './fields.ts'
import { useForm } from './form-context.ts'
import { type Node, pixels, plain } from './node.ts'
import { useCard, usePress } from './press.ts'

/** One field, in a form (which keeps its value) or alone (where a change calls the bot at once). */
export function useField(node: Node) {
  const form = useForm()
  const { locked } = useCard()
  const { press, pressing } = usePress(node)
  const alone = useKept(node)
  const name = plain(node.name)
  const raw = form ? (form.values[name] ?? initialOf(node)) : alone.raw
  return {
    raw,
    text: typeof raw === 'string' ? raw : '',
    alone: !form,
    pressing,
    invalid: form?.missing.includes(name) ?? false,
    attributes: { name: name || undefined, disabled: locked || node.disabled === true },
    keep: (next: Raw) => (form ? form.set(name, next) : alone.keep(next)),
    send: (next: Raw) => {
      if (!form) void press(() => yielded(node, next))
    },
  }
}

/** A typed value that starts anew when the card says something else. */
function useKept(node: Node) {
  const origin = JSON.stringify(initialOf(node))
  const [kept, setKept] = useState<{ origin: string; raw: Raw }>()
  return {
    raw: kept?.origin === origin ? kept.raw : initialOf(node),
    keep: (raw: Raw) => setKept({ origin, raw }),
  }
}

export const labelOf = (node: Node) => plain(node.label) || plain(node.placeholder) || plain(node.name)

interface Props {
  node: Node
  invalid: boolean
  pressing: boolean
  children: ReactNode
}

export function FieldFrame({ node, invalid, pressing, children }: Props) {
  const label = plain(node.label)
  return (
    <div
      className={`card-field ${node.label_position === 'left' ? 'card-field-left' : ''}`}
      style={{ width: pixels(node.width) }}
    >
      {label && (
        <span className="card-label" aria-hidden="true">
          {label}
          {node.required === true && <i>*</i>}
        </span>
      )}
      <div className="card-control" data-required={(!label && node.required === true) || undefined}>
        {children}
        {pressing && <span className="spinner" role="status" aria-label="正在提交" />}
      </div>
      {invalid && (
        <span className="card-missing" role="alert">
          请填写此项
        </span>
      )}
    </div>
  )
}
