import type { MiddlewareHandler } from 'hono'
import type { World } from './world.ts'

const ANSWER_KEPT = 20_000

/** Writes down what the Open Platform answered, and how long that took. Files, and answers that never left, have no words. */
export const noteAnswers =
  (world: World): MiddlewareHandler =>
  async (c, next) => {
    const started = performance.now()
    await next()
    const log_id = c.res.headers.get('x-tt-logid')
    if (!log_id) return
    const worded = c.res.body !== null && /json|text/.test(c.res.headers.get('content-type') ?? '')
    const text = worded ? await c.res.text() : ''
    if (worded) c.res = new Response(text, c.res)
    world.calls.answered(log_id, Math.round(performance.now() - started), text.slice(0, ANSWER_KEPT))
  }
