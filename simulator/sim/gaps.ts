import type { GapsAnswer } from '../dev-protocol.ts'
import type { World } from '../world.ts'
import type { SimRoutes } from './ask.ts'

const UNKNOWN_PATH = 99991201

export const gapRoutes: SimRoutes = { 'GET /gaps': ({ world }) => gapsOf(world) }

/** Paths that were called and do not exist here, the latest first. */
function gapsOf({ calls }: World): GapsAnswer {
  const gaps = new Map<string, GapsAnswer['gaps'][number]>()
  for (const { method, path, at, code } of calls.since(0)) {
    if (code !== UNKNOWN_PATH) continue
    const count = (gaps.get(`${method} ${path}`)?.count ?? 0) + 1
    gaps.set(`${method} ${path}`, { method, path, count, lastAt: at })
  }
  return { gaps: [...gaps.values()].sort((one, other) => other.lastAt - one.lastAt) }
}
