import { useState } from 'react'
import { Face } from '../avatar.tsx'
import { Check, Down } from '../icon.tsx'
import { FieldFrame, labelOf, useField } from './field.tsx'
import { Icon } from './glyph.tsx'
import { type Node, plain } from './node.ts'
import { type Option, SEARCH_FROM, sought, useOptions } from './options.ts'
import { Picker } from './picker.tsx'

export function Select({ node }: { node: Node }) {
  const field = useField(node)
  const options = useOptions(node)
  const chosen = options.find(each => each.value === field.text)
  const choose = (value: string) => {
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
            label={labelOf(node)}
            options={options}
            value={field.text}
            clears={!field.alone && node.required !== true}
            choose={value => {
              close()
              choose(value)
            }}
          />
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

interface ChoicesProps {
  label: string
  options: Option[]
  value: string
  clears: boolean
  choose: (value: string) => void
}

function Choices({ label, options, value, clears, choose }: ChoicesProps) {
  const [words, setWords] = useState('')
  const found = sought(options, words)
  return (
    <div className="choices">
      {options.length >= SEARCH_FROM && (
        <input
          type="search"
          className="field"
          placeholder="搜索"
          aria-label="搜索"
          value={words}
          onChange={event => setWords(event.target.value)}
        />
      )}
      <div className="tick-list" role="listbox" aria-label={label || '选项'}>
        {found.map(option => (
          <button
            key={option.value}
            type="button"
            role="option"
            aria-selected={option.value === value}
            className="choice"
            onClick={() => choose(option.value)}
          >
            {option.person && <Face id={option.person} size={24} />}
            <Icon of={option.icon} />
            <span className="choice-words">
              {option.text} <small>{option.note}</small>
            </span>
            {option.value === value && <Check size={16} />}
          </button>
        ))}
      </div>
      {found.length === 0 && <p className="empty">没有可选项</p>}
      {clears && value && (
        <button type="button" className="link" onClick={() => choose('')}>
          清除
        </button>
      )}
    </div>
  )
}
