import { Face } from '../avatar.tsx'
import { inPlace } from '../in-place.ts'
import { personOf, useSeat } from '../office.tsx'
import { Icon } from './glyph.tsx'
import { listOf, type Node, plain } from './node.ts'

const SIZES: Record<string, number> = { extra_small: 18, small: 24, medium: 32, large: 48 }

export function PersonElement({ node }: { node: Node }) {
  return (
    <PersonChip
      id={plain(node.user_id)}
      size={node.size ?? 'medium'}
      face={node.show_avatar !== false}
      name={node.show_name !== false}
      capsule={node.style === 'capsule'}
    />
  )
}

/** With `drop_invalid_user_id` whoever does not exist is left out. */
export function PersonList({ node }: { node: Node }) {
  const { office } = useSeat()
  const ids = listOf(node.persons).map(person => plain(person.id))
  const shown = node.drop_invalid_user_id === true ? ids.filter(id => personOf(office, id)) : ids
  const lines = Number(node.lines)
  const name = node.show_name !== false
  return (
    <div className="card-people-line">
      <Icon of={node.icon} />
      <div
        className={name ? 'card-people' : 'card-people card-people-faces'}
        style={lines > 0 ? { maxHeight: lines * ((SIZES[plain(node.size)] ?? 24) + 6), overflow: 'hidden' } : undefined}
      >
        {inPlace(shown).map(([key, id]) => (
          <PersonChip key={key} id={id} size={node.size} face={node.show_avatar !== false} name={name} />
        ))}
      </div>
    </div>
  )
}

interface ChipProps {
  id: string
  size?: unknown
  face?: boolean
  name?: boolean
  capsule?: boolean
}

export function PersonChip({ id, size, face = true, name = true, capsule }: ChipProps) {
  const { nameOf } = useSeat()
  return (
    <span className={capsule ? 'person-chip person-capsule' : 'person-chip'} title={nameOf(id)}>
      {face && <Face id={id} size={SIZES[plain(size)] ?? 22} />}
      {name ? nameOf(id) : <span className="unseen">{nameOf(id)}</span>}
    </span>
  )
}
