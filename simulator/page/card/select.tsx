import { Face } from '../avatar.tsx'
import { Check, Down } from '../icon.tsx'
import { Choices, OptionFace } from './choices.tsx'
import { FieldFrame, labelOf, useField } from './field.tsx'
import { Icon } from './glyph.tsx'
import { type Node, plain } from './node.ts'
import { type Option, useOptions } from './options.ts'
import { Picker } from './picker.tsx'

export function Select({ node }: { node: Node }) {
  const field = useField(node)
  const options = useOptions(node)
  const chosen = options.find(each => each.value === field.text)
  const choose = (value: string, close: () => void) => {
    close()
    field.keep(value)
    if (value) field.send(value)
  }
  return (
    <FieldFrame node={node} invalid={field.invalid} pressing={field.pressing}>
      <Picker
        kind="listbox"
        label={faceLabel(node, chosen?.text)}
        className={node.type === 'text' ? 'field field-choice field-bare' : 'field field-choice'}
        face={<Chosen option={chosen} placeholder={plain(node.placeholder)} />}
        invalid={field.invalid}
        required={node.required === true}
        {...field.attributes}
      >
        {close => (
          <Choices
            options={options}
            listbox={labelOf(node) || '选项'}
            one={option => (
              <button
                key={option.value}
                type="button"
                role="option"
                aria-selected={option === chosen}
                className="choice"
                onClick={() => choose(option.value, close)}
              >
                <OptionFace option={option} />
                {option === chosen && <Check size={16} />}
              </button>
            )}
          >
            {!field.alone && node.required !== true && field.text && (
              <button type="button" className="link" onClick={() => choose('', close)}>
                清除
              </button>
            )}
          </Choices>
        )}
      </Picker>
    </FieldFrame>
  )
}

/** What the field is, and what it holds. */
export const faceLabel = (node: Node, holds: string | undefined) => {
  const label = labelOf(node) || '请选择'
  return holds ? `${label}：${holds}` : label
}

function Chosen({ option, placeholder }: { option: Option | undefined; placeholder: string }) {
  return (
    <>
      {option?.person && <Face id={option.person} size={20} />}
      <Icon of={option?.icon} />
      <span className={option ? 'chosen-words' : 'chosen-words chosen-none'}>
        {option?.text ?? (placeholder || '请选择')}
      </span>
      <Down size={16} />
    </>
  )
}
