import type { World } from './world.ts'

const OPTIONAL_SCOPES = new Set([
  'im:message.group_msg',
  'im:message.group_at_msg.include_bot:readonly',
  'contact:user.employee_id:readonly',
  'contact:user.phone:readonly',
  'contact:user.email:readonly',
  'im:user_agent:read',
])

/** Sensitive scopes must be granted (POST /sim/scopes); the others are there unless a fault takes them away. */
export function hasScope(world: World, scope: string): boolean {
  if (world.faults.missing_scopes.includes(scope)) return false
  return !OPTIONAL_SCOPES.has(scope) || world.state.granted.has(scope)
}
