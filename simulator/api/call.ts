import type { Person } from '../protocol.ts'
import type { World } from '../world.ts'

/** One call of the bot, parsed. */
export interface Call {
  world: World
  params: Record<string, string>
  query: URLSearchParams
  /** JSON body; {} when there was none. */
  body: Record<string, unknown>
  form?: FormData
  /** Whose user token it bears; left out for the app itself. */
  user?: Person
}

/** Success: usually `data`; old APIs put their fields beside `code`; files are answered as they are. */
export type Answer = { data: unknown } | { top: Record<string, unknown> } | Response

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below /open-apis, as in the documentation; also the name of its rate limit. */
  path: string
  /** Any of these scopes is enough. */
  scopes?: readonly string[]
  /** Success is "success" with some APIs and "ok" with others. */
  msg: 'success' | 'ok'
  open?: boolean
  /** Whose token it takes; left out: the app's. */
  identity?: 'app' | 'user' | 'either'
  /** Its own frequency limit where it is not 50/s and 1000/min. */
  perSecond?: number
  handle(call: Call): Answer | Promise<Answer>
}

type Method = Route['method']

/** One line of a table of routes: method and path as the documentation writes them. */
export function route(
  line: `${Method} /${string}`,
  scopes: readonly string[] | undefined,
  handle: Route['handle'],
  more: Partial<Route> = {},
): Route {
  const [method, path = ''] = line.split(' ')
  return { method: method as Method, path, ...(scopes && { scopes }), msg: 'success', handle, ...more }
}
