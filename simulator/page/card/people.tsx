import { Face } from '../avatar.tsx'
import { useSeat } from '../office.tsx'
import { listOf, type Node, plain } from './node.ts'

const SIZES: Record<string, number> = { extra_small: 18, small: 22, medium: 28, large: 36 }

export function PersonElement({ node }: { node: Node }) {
  return (
    <PersonChip
      id={plain(node.user_id)}
      size={node.size}
      face={node.show_avatar !== false}
      name={node.show_name !== false}
    />
  )
}

export function PersonList({ node }: { node: Node }) {
  return (
    <div className="card-people">
      {listOf(node.persons).map(person => (
        <PersonChip
          key={plain(person.id)}
          id={plain(person.id)}
          size={node.size}
          face={node.show_avatar !== false}
          name={node.show_name !== false}
        />
      ))}
    </div>
  )
}

export function PersonChip({
  id,
  size,
  face = true,
  name = true,
}: {
  id: string
  size?: unknown
  face?: boolean
  name?: boolean
}) {
  const { nameOf } = useSeat()
  return (
    <span className="person-chip" title={nameOf(id)}>
      {face && <Face id={id} size={SIZES[plain(size)] ?? 22} />}
      {name && nameOf(id)}
    </span>
  )
}
