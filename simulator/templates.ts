import { isObject } from './card/kinds.ts'
import type { Card } from './card/read.ts'
import type { World } from './world.ts'

/** A published template with ${name} in its texts filled in. */
export function fillTemplate(world: World, id: string, variables: unknown): Card | undefined {
  const card = world.state.templates.get(id)
  return card && (fill(card, isObject(variables) ? variables : {}) as Card)
}

function fill(value: unknown, variables: Record<string, unknown>): unknown {
  if (typeof value === 'string')
    return value.replace(/\$\{(\w+)\}/g, (whole, name: string) => String(variables[name] ?? whole))
  if (Array.isArray(value)) return value.map(one => fill(one, variables))
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, fill(field, variables)]))
  return value
}
