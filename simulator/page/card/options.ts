import { dutyOf, personOf, useSeat } from '../office.tsx'
import { useMembers } from '../talk/members.ts'
import { listOf, type Node, plain } from './node.ts'

export interface Option {
  value: string
  text: string
  note?: string
  icon?: unknown
  /** Open id of whom it stands for. */
  person?: string
}

/** A person select without options offers the members of its chat. */
export function useOptions(node: Node): Option[] {
  const { office, nameOf } = useSeat()
  const members = useMembers()
  const given = listOf(node.options)
  if (!plain(node.tag).includes('person'))
    return given.map(each => ({ value: plain(each.value), text: plain(each.text), icon: each.icon }))
  const known = given.map(each => plain(each.value)).filter(id => personOf(office, id))
  const ids = known.length > 0 ? known.map(id => personOf(office, id)?.open_id ?? id) : members
  const named = ids.map(id => ({ value: id, text: nameOf(id), person: personOf(office, id) }))
  const twice = (name: string) => named.filter(each => each.text === name).length > 1
  return named.map(({ value, text, person }) => {
    const note = person && dutyOf(office, person)
    const told = twice(text) && note
    return { value, text: told ? `${text}（${note}）` : text, note: told ? undefined : note, person: value }
  })
}

export const sought = (options: Option[], words: string) =>
  options.filter(each => each.text.includes(words) || each.note?.includes(words))

/** From so many options on one may search among them. */
export const SEARCH_FROM = 9
