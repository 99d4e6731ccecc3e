import { useState } from 'react'
import { Down } from '../icon.tsx'
import { dutyOf, personOf, useSeat } from '../office.tsx'
import { Popup } from '../popup.tsx'
import { useMembers } from '../talk/members.ts'
import { FieldFrame, labelOf, useField } from './field.tsx'
import { listOf, type Node, plain } from './node.ts'

const SEARCH_FROM = 9

interface Option {
  value: string
  text: string
  note?: string
}

export function Select({ node }: { node: Node }) {
  const field = useField(node)
  const options = useOptions(node)
  return (
    <FieldFrame node={node} invalid={field.invalid} pressing={field.pressing}>
      <select
        {...field.attributes}
        className="field"
        data-blank={!field.text || undefined}
        aria-label={labelOf(node)}
        aria-invalid={field.invalid || undefined}
        value={field.text}
        onChange={event => {
          field.keep(event.target.value)
          if (event.target.value) field.send(event.target.value)
        }}
      >
        <option value="">{plain(node.placeholder) || '请选择'}</option>
        {options.map(option => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </FieldFrame>
  )
}

export function MultiSelect({ node }: { node: Node }) {
  const field = useField(node)
  const options = useOptions(node)
  const chosen = Array.isArray(field.raw) ? field.raw : []
  const toggle = (value: string) =>
    field.keep(chosen.includes(value) ? chosen.filter(each => each !== value) : [...chosen, value])
  const names = chosen.map(value => options.find(each => each.value === value)?.text ?? value)
  const face = (
    <>
      <span className="chosen">
        {names.length === 0 && <span className="chosen-none">{plain(node.placeholder) || '请选择'}</span>}
        {names.map(name => (
          <span key={name} className="text-tag chosen-one">
            {name}
          </span>
        ))}
      </span>
      <Down size={16} />
    </>
  )
  return (
    <FieldFrame node={node} invalid={field.invalid} pressing={field.pressing}>
      <Popup
        label={labelOf(node)}
        className="field field-many"
        face={face}
        invalid={field.invalid}
        {...field.attributes}
      >
        {close => <Choices options={options} chosen={chosen} toggle={toggle} close={close} />}
      </Popup>
    </FieldFrame>
  )
}

interface ChoicesProps {
  options: Option[]
  chosen: string[]
  toggle: (value: string) => void
  close: () => void
}

function Choices({ options, chosen, toggle, close }: ChoicesProps) {
  const [sought, setSought] = useState('')
  const found = options.filter(each => each.text.includes(sought) || each.note?.includes(sought))
  return (
    <div className="choices">
      {options.length >= SEARCH_FROM && (
        <input
          type="search"
          className="field"
          placeholder="搜索"
          value={sought}
          onChange={event => setSought(event.target.value)}
        />
      )}
      <div className="tick-list">
        {found.map(option => (
          <label key={option.value} className="tick">
            <input type="checkbox" checked={chosen.includes(option.value)} onChange={() => toggle(option.value)} />
            {option.text} <small>{option.note}</small>
          </label>
        ))}
        {found.length === 0 && <p className="empty">没有可选项</p>}
      </div>
      <button type="button" className="button button-primary_filled" onClick={close}>
        完成（{chosen.length}）
      </button>
    </div>
  )
}

/** A person select without options offers the members of its chat. */
function useOptions(node: Node): Option[] {
  const { office, nameOf } = useSeat()
  const members = useMembers()
  const given = listOf(node.options)
  if (!plain(node.tag).includes('person'))
    return given.map(each => ({ value: plain(each.value), text: plain(each.text) }))
  const ids = given.length > 0 ? given.map(each => plain(each.value)) : members
  const named = ids.map(id => ({ value: id, text: nameOf(id), person: personOf(office, id) }))
  const twice = (name: string) => named.filter(each => each.text === name).length > 1
  return named.map(({ value, text, person }) => {
    const note = person && dutyOf(office, person)
    return { value, text: twice(text) && note ? `${text}（${note}）` : text, note }
  })
}
