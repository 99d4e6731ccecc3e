import { More } from '../icon.tsx'
import { Popup } from '../popup.tsx'
import { useForm } from './form-context.ts'
import { listOf, type Node, plain, safeLink } from './node.ts'
import { usePress } from './press.ts'

export function Button({ node }: { node: Node }) {
  const form = useForm()
  const { press, locked, pressing } = usePress(node)
  const part = formPart(node)
  const onClick = () => {
    if (form && part === 'reset') return form.reset()
    void press(form && part === 'submit' ? form.collect : undefined)
  }
  const disabled = node.disabled === true
  const tips = plain(disabled ? node.disabled_tips : node.hover_tips)
  const fixed = /^\d{2,3}px$/.test(plain(node.width)) ? { width: plain(node.width) } : undefined
  return (
    <button
      type="button"
      className={`button button-${plain(node.type) || 'default'} button-${plain(node.size) || 'medium'}`}
      data-fill={node.width === 'fill' || undefined}
      style={fixed}
      name={plain(node.name) || undefined}
      title={tips || undefined}
      disabled={disabled || locked}
      aria-busy={pressing || undefined}
      onClick={onClick}
    >
      {pressing && <span className="spinner" aria-hidden="true" />}
      {plain(node.text)}
    </button>
  )
}

/** `form_action_type`, or the older `action_type`: "form_submit", "form_reset". */
function formPart(node: Node): string {
  return plain(node.form_action_type) || plain(node.action_type).replace('form_', '')
}

export function Overflow({ node }: { node: Node }) {
  const { press, locked, pressing } = usePress(node)
  const choose = (option: Node) => {
    const link = safeLink(option.multi_url)
    if (link) window.open(link, '_blank', 'noopener')
    else void press(() => ({ option: plain(option.value) }))
  }
  const face = pressing ? <span className="spinner" aria-hidden="true" /> : <More size={18} />
  return (
    <Popup
      label="更多"
      className="button button-default button-medium"
      face={face}
      disabled={locked}
      name={plain(node.name) || undefined}
    >
      {close => (
        <div className="menu">
          {listOf(node.options).map(option => (
            <button
              key={plain(option.value) || plain(option.text)}
              type="button"
              onClick={() => {
                close()
                choose(option)
              }}
            >
              {plain(option.text)}
            </button>
          ))}
        </div>
      )}
    </Popup>
  )
}
