import { Down } from '../icon.tsx'
import { Choices, OptionFace } from './choices.tsx'
import { FieldFrame, useField } from './field.tsx'
import { type Node, plain } from './node.ts'
import { useOptions } from './options.ts'
import { Picker } from './picker.tsx'
import { faceLabel } from './select.tsx'

export function MultiSelect({ node }: { node: Node }) {
  const field = useField(node)
  const options = useOptions(node)
  const chosen = Array.isArray(field.raw) ? field.raw : []
  const toggle = (value: string) =>
    field.keep(chosen.includes(value) ? chosen.filter(each => each !== value) : [...chosen, value])
  const names = chosen.map(value => options.find(each => each.value === value)?.text ?? value)
  return (
    <FieldFrame node={node} invalid={field.invalid} pressing={field.pressing}>
      <Picker
        kind="dialog"
        label={faceLabel(node, names.join(' '))}
        className={node.type === 'text' ? 'field field-many field-bare' : 'field field-many'}
        face={<ChosenMany names={names} placeholder={plain(node.placeholder)} />}
        invalid={field.invalid}
        required={node.required === true}
        {...field.attributes}
      >
        {close => (
          <Choices
            options={options}
            one={option => (
              <label key={option.value} className="tick">
                <input type="checkbox" checked={chosen.includes(option.value)} onChange={() => toggle(option.value)} />
                <OptionFace option={option} />
              </label>
            )}
          >
            <button type="button" className="button button-primary_filled" onClick={close}>
              完成（{chosen.length}）
            </button>
          </Choices>
        )}
      </Picker>
    </FieldFrame>
  )
}

function ChosenMany({ names, placeholder }: { names: string[]; placeholder: string }) {
  return (
    <>
      <span className="chosen">
        {names.length === 0 && <span className="chosen-none">{placeholder || '请选择'}</span>}
        {names.map(name => (
          <span key={name} className="text-tag chosen-one">
            {name}
          </span>
        ))}
      </span>
      <Down size={16} />
    </>
  )
}
