import { hasScope } from '../scopes.ts'
import type { Answer, Call } from './call.ts'

/** Which of the app's rights the tenant has granted (1), and which it has not (2). */
export function listScopes({ world }: Call, names: string[]): Answer {
  const scopes = [...new Set(names)]
    .sort()
    .map(name => ({ scope_name: name, grant_status: hasScope(world, name) ? 1 : 2, scope_type: 'tenant' }))
  return { data: { scopes } }
}
