import { nowOf, type World } from '../world.ts'
import type { Route } from './call.ts'
import { problem } from './problem.ts'

/** Tokens, events and the directory cost nothing. */
const FREE = /^\/(auth|authen|event|contact)\//

/** Free tenants have so many calls a month over all their apps; counted always, refused by switch. */
export function chargeQuota(world: World, { path }: Route) {
  if (FREE.test(path)) return
  const { quota } = world.state
  const month = new Date(nowOf(world) + 8 * 3_600_000).toISOString().slice(0, 7)
  if (quota.month !== month) Object.assign(quota, { month, used: 0 })
  const { monthly_quota } = world.faults
  if (monthly_quota !== null && quota.used >= monthly_quota) throw problem(99991403)
  quota.used += 1
}
