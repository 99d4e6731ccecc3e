import { useRef, useState } from 'react'
import { Elements } from './element.tsx'
import { fieldsIn, formAction, initialValues, missingIn, type Raw, type Values } from './fields.ts'
import { type FormAtHand, FormContext } from './form-context.ts'
import { type Node, plain } from './node.ts'
import { flowStyle } from './paint.ts'
import { useCard } from './press.ts'

interface State {
  origin: string
  values: Values
  missing: string[]
}

export function Form({ node }: { node: Node }) {
  const box = useRef<HTMLFormElement>(null)
  const form = useFormState(node, name => {
    const field = box.current?.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`)
    field?.focus()
  })
  return (
    <FormContext value={form}>
      <form
        ref={box}
        className="card-flow card-form"
        style={flowStyle(node)}
        noValidate
        autoComplete="off"
        onSubmit={event => event.preventDefault()}
      >
        <Elements of={node.elements} />
      </form>
    </FormContext>
  )
}

/** Half-filled fields outlive a fresh copy of the same form, and start anew when the bot sends another one. */
function useFormState(node: Node, focus: (name: string) => void): FormAtHand {
  const { refuse } = useCard()
  const origin = JSON.stringify(node)
  const [kept, setKept] = useState<State>()
  const state: State = kept?.origin === origin ? kept : { origin, values: initialValues(node), missing: [] }
  return {
    values: state.values,
    missing: state.missing,
    set: (name: string, raw: Raw) =>
      setKept(was => {
        const { values, missing } = was?.origin === origin ? was : state
        return { origin, values: { ...values, [name]: raw }, missing: missing.filter(each => each !== name) }
      }),
    reset: () => setKept(undefined),
    collect: () => {
      if (fieldsIn(node).some(each => !plain(each.name))) {
        refuse('200530：表单中有组件缺少 name')
        return undefined
      }
      const missing = missingIn(node, state.values)
      setKept({ ...state, missing })
      if (missing[0] === undefined) return formAction(node, state.values)
      focus(missing[0])
      return undefined
    },
  }
}
