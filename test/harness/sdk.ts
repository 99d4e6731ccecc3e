import * as lark from '@larksuiteoapi/node-sdk'
import { app, type Bench } from '../../simulator/bench/bench.ts'

const silence = () => {}
export const quiet = { error: silence, warn: silence, info: silence, debug: silence, trace: silence }

/** The official SDK before a simulator, with tokens of its own: by default all clients of one app share them. */
export function sdkOf(bench: Bench): lark.Client {
  const kept = new Map<string, unknown>()
  const cache: lark.Cache = {
    get: async key => kept.get(String(key)),
    set: async (key, value) => {
      kept.set(String(key), value)
      return true
    },
  }
  return new lark.Client({
    appId: app.appId,
    appSecret: app.appSecret,
    domain: bench.sim.url,
    logger: quiet,
    cache,
  })
}

/** The code of a refusal that the SDK throws. */
export async function codeOf(call: Promise<unknown>): Promise<number> {
  try {
    const answer = (await call) as { code?: number } | null
    return answer?.code ?? 0
  } catch (cause) {
    return (cause as { response?: { data?: { code?: number } } }).response?.data?.code ?? -1
  }
}
