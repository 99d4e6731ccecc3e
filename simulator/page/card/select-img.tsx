import { inPlace } from '../in-place.ts'
import { FieldFrame, labelOf, useField } from './field.tsx'
import { Glyph } from './glyph.tsx'
import { listOf, type Node, plain } from './node.ts'
import { Picture } from './picture.tsx'

/** Pictures to choose from: one, or several where `multi_select` allows it. */
export function SelectImg({ node }: { node: Node }) {
  const field = useField(node)
  const many = node.multi_select === true
  const chosen = Array.isArray(field.raw) ? field.raw : [field.text]
  const choose = (value: string) => {
    const next = many ? (chosen.includes(value) ? chosen.filter(each => each !== value) : [...chosen, value]) : value
    field.keep(next)
    field.send(next)
  }
  const { name, disabled } = field.attributes
  return (
    <FieldFrame node={node} invalid={field.invalid} pressing={field.pressing}>
      <fieldset
        className={`card-pictures card-pictures-${plain(node.layout) || 'bisect'}`}
        aria-label={labelOf(node) || '选择图片'}
        style={{ '--ratio': plain(node.aspect_ratio).replace(':', ' / ') || '16 / 9' } as React.CSSProperties}
      >
        {inPlace(listOf(node.options)).map(([key, option]) => {
          const value = plain(option.value)
          const off = option.disabled === true
          return (
            <label
              key={key}
              className="card-picture"
              data-chosen={chosen.includes(value) || undefined}
              title={plain(off ? option.disabled_tips : option.hover_tips) || undefined}
            >
              <input
                type={many ? 'checkbox' : 'radio'}
                name={name}
                aria-label={`图片${Number(key) + 1}`}
                disabled={disabled || off}
                checked={chosen.includes(value)}
                onChange={() => choose(value)}
              />
              <Picture imageKey={plain(option.img_key)} words={`图片${Number(key) + 1}`} />
              <span className="card-picture-mark" aria-hidden="true">
                <Glyph token="done" size={14} />
              </span>
            </label>
          )
        })}
      </fieldset>
    </FieldFrame>
  )
}
