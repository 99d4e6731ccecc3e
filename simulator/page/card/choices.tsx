import { type ReactNode, useState } from 'react'
import { Face } from '../avatar.tsx'
import { Icon } from './glyph.tsx'
import { type Option, SEARCH_FROM, sought } from './options.ts'

interface Props {
  options: Option[]
  /** Of a list of which one is chosen. */
  listbox?: string
  one: (option: Option) => ReactNode
  /** What stands below the list. */
  children: ReactNode
}

/** Options to choose from, and a search where they are many. */
export function Choices({ options, listbox, one, children }: Props) {
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
      <div className="tick-list" {...(listbox && { role: 'listbox', 'aria-label': listbox })}>
        {found.map(one)}
      </div>
      {found.length === 0 && <p className="empty">没有可选项</p>}
      {children}
    </div>
  )
}

export function OptionFace({ option }: { option: Option }) {
  return (
    <>
      {option.person && <Face id={option.person} size={24} />}
      <Icon of={option.icon} />
      <span className="choice-words">
        {option.text} <small>{option.note}</small>
      </span>
    </>
  )
}
