import { type ComponentType, createContext, use } from 'react'
import { inPlace } from '../in-place.ts'
import { listOf, type Node, plain } from './node.ts'
import { lengths } from './paint.ts'

export type Registry = Record<string, ComponentType<{ node: Node }>>
export const RegistryContext = createContext<Registry>({})

export function Elements({ of }: { of: unknown }) {
  return inPlace(listOf(of)).map(([key, node]) => (
    <Element key={`${key} ${plain(node.tag)} ${plain(node.name)}`} node={node} />
  ))
}

function Element({ node }: { node: Node }) {
  const registry = use(RegistryContext)
  const tag = plain(node.tag)
  const Component = Object.hasOwn(registry, tag) ? registry[tag] : undefined
  if (!Component) return <div className="card-unsupported">不支持的组件: {tag || '（无 tag）'}</div>
  const margin = lengths(node.margin)
  return margin && margin !== '0px' ? (
    <div className="card-margin" style={{ margin }}>
      <Component node={node} />
    </div>
  ) : (
    <Component node={node} />
  )
}
