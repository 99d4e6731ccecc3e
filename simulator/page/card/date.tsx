import { spokenLocal } from '../when.ts'
import { FieldFrame, useField } from './field.tsx'
import { Glyph } from './glyph.tsx'
import { Moment } from './moment.tsx'
import { type Node, plain } from './node.ts'
import { Picker } from './picker.tsx'
import { faceLabel } from './select.tsx'

export function DateField({ node }: { node: Node }) {
  const field = useField(node)
  const shown = field.text ? spokenLocal(field.text) : ''
  const take = (value: string) => {
    field.keep(value)
    if (value) field.send(value)
  }
  return (
    <FieldFrame node={node} invalid={field.invalid} pressing={field.pressing}>
      <Picker
        kind="dialog"
        label={faceLabel(node, shown)}
        className="field field-choice"
        face={
          <>
            <span className={shown ? 'chosen-words' : 'chosen-words chosen-none'}>
              {shown || plain(node.placeholder) || '请选择'}
            </span>
            <Glyph token={node.tag === 'picker_time' ? 'time' : 'calendar'} />
          </>
        }
        invalid={field.invalid}
        required={node.required === true}
        {...field.attributes}
      >
        {close => (
          <Moment
            of={plain(node.tag)}
            value={field.text}
            clears={!field.alone && node.required !== true}
            take={value => {
              close()
              take(value)
            }}
          />
        )}
      </Picker>
    </FieldFrame>
  )
}
