import { More } from '../icon.tsx'
import { inPlace } from '../in-place.ts'
import { useToast } from '../toast.tsx'
import { useForm } from './form-context.ts'
import { Icon } from './glyph.tsx'
import { listOf, type Node, pixels, plain, safeLink } from './node.ts'
import { Picker } from './picker.tsx'
import { usePress } from './press.ts'

export function Button({ node }: { node: Node }) {
  const form = useForm()
  const toast = useToast()
  const { press, locked, pressing } = usePress(node)
  const part = formPart(node)
  const disabled = node.disabled === true
  const tips = plain(disabled ? node.disabled_tips : node.hover_tips)
  const onClick = () => {
    if (disabled) return tips ? toast('info', tips) : undefined
    if (form && part === 'reset') return form.reset()
    void press(form && part === 'submit' ? form.collect : undefined)
  }
  return (
    <button
      type="button"
      className={`button button-${plain(node.type) || 'default'} button-${plain(node.size) || 'medium'}`}
      data-fill={node.width === 'fill' || undefined}
      style={pixels(node.width) ? { width: pixels(node.width) } : undefined}
      name={plain(node.name) || undefined}
      title={tips || undefined}
      // What is off but can say why stays within reach of the keyboard.
      aria-disabled={(disabled && tips !== '') || undefined}
      disabled={locked || (disabled && tips === '')}
      aria-busy={pressing || undefined}
      aria-label={plain(node.text) ? undefined : plain(node.name) || '按钮'}
      onClick={onClick}
    >
      {pressing ? <span className="spinner" aria-hidden="true" /> : <Icon of={node.icon} />}
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
    const link = safeLink(option.multi_url) ?? safeLink(option.url)
    if (link) window.open(link, '_blank', 'noopener')
    if (!link || plain(option.value)) void press(() => ({ option: plain(option.value) }))
  }
  return (
    <Picker
      kind="menu"
      label="更多"
      className="button button-default button-medium"
      face={pressing ? <span className="spinner" aria-hidden="true" /> : <More size={18} />}
      disabled={locked || node.disabled === true}
      name={plain(node.name) || undefined}
    >
      {close => (
        <div className="menu" role="menu" aria-label="更多">
          {inPlace(listOf(node.options)).map(([key, option]) => (
            <button
              key={key}
              type="button"
              role="menuitem"
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
    </Picker>
  )
}
