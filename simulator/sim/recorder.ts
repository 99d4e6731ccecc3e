import { z } from 'zod'
import type { RecorderAnswer, WalkAct } from '../dev-protocol.ts'
import { MOST_STEPS } from '../recorder.ts'
import { replay, StepFault } from '../replay.ts'
import { requestOf } from '../walk-notes.ts'
import type { World } from '../world.ts'
import { type Ask, bodyAs, type SimRoutes } from './ask.ts'
import { Refused } from './refused.ts'

/** `acts` are the routes that a walk consists of. */
export const recorderRoutes = (acts: SimRoutes): SimRoutes => ({
  'GET /recorder': ({ world }) => stateOf(world),
  'POST /recorder': switchOn,
  'GET /recorder/walk': ({ world }) => world.recorder.walk(),
  'POST /recorder/play': ask => play(ask, acts),
  'POST /recorder/stop': ({ world }) => {
    world.recorder.playing = undefined
    return stateOf(world)
  },
})

function stateOf({ recorder }: World): RecorderAnswer {
  const { on, playing } = recorder
  return { recording: on, steps: recorder.walk().steps.length, ...(playing && { playing }) }
}

function switchOn(ask: Ask): RecorderAnswer {
  const { on } = bodyAs(ask, z.object({ on: z.boolean() }))
  if (on) ask.world.recorder.start()
  else ask.world.recorder.stop()
  return stateOf(ask.world)
}

const words = z.string().max(500)
const chatRef = z.union([z.strictObject({ group: words }), z.strictObject({ p2p: words })])
const nth = z.number().int().min(0)
const step = z.strictObject({
  after_ms: z.number().min(0),
  do: z.enum(Object.keys(requestOf) as [WalkAct, ...WalkAct[]]),
  chat: chatRef.optional(),
  message: z.strictObject({ chat: chatRef, sender: words, line: words, nth }).optional(),
  part: z.strictObject({ tag: words, name: words.optional(), label: words.optional(), nth }).optional(),
  body: z.record(z.string(), z.unknown()),
})
const playing = z.object({
  walk: z.strictObject({
    huiyin_walk: z.literal(1, '不是录制文件'),
    recorded_at: words,
    steps: z.array(step).max(MOST_STEPS),
  }),
  pace: z.enum(['quick', 'recorded']).optional(),
})

/** Answers when the last step is done, or says which one could not be. */
async function play(ask: Ask, acts: SimRoutes): Promise<{ played: number }> {
  const { world, query } = ask
  if (world.recorder.playing) throw new Refused(409, '正在重放，请等它结束')
  const request = bodyAs(ask, playing)
  let at = 0
  try {
    const played = await replay(world, request, (step, params, body) => {
      at += 1
      return acts[requestOf[step.do]]?.({ world, params, query, body })
    })
    return { played }
  } catch (cause) {
    if (cause instanceof StepFault) throw new Refused(409, `第 ${at + 1} 步未能重放：${cause.message}`)
    if (cause instanceof Refused) throw new Refused(cause.status, `第 ${at} 步未能重放：${cause.message}`)
    throw cause
  }
}
