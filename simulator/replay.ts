import { pressOf } from './card/parts.ts'
import type { PlayRequest, WalkStep } from './dev-protocol.ts'
import { chatNamed, messageNamed } from './walk-refs.ts'
import type { World } from './world.ts'

const FOUND_WITHIN_MS = 15_000
const SETTLED_WITHIN_MS = 10_000
const QUIET_MS = 250
const LOOK_MS = 25
const LONGEST_PAUSE_MS = 60_000

type Act = (step: WalkStep, params: Record<string, string>, body: Record<string, unknown>) => unknown

/** Why a replay ended early: the step, counted from one, and what was wrong. */
export class StepFault extends Error {}

/** Does the steps again. Each waits for what it refers to, and in a quick replay for the bot to have said all it wanted to say. */
export async function replay(world: World, { walk, pace = 'quick' }: PlayRequest, act: Act): Promise<number> {
  const { steps } = walk
  const { recorder } = world
  try {
    for (const [at, step] of steps.entries()) {
      recorder.playing = { step: at + 1, of: steps.length }
      if (pace === 'recorded') await pause(Math.min(step.after_ms, LONGEST_PAUSE_MS))
      await actAgain(world, step, act)
      if (pace === 'quick') await settled(world)
    }
    await settled(world)
    return steps.length
  } finally {
    recorder.playing = undefined
  }
}

async function actAgain(world: World, step: WalkStep, act: Act) {
  const found = await until(world, () => actual(world, step), FOUND_WITHIN_MS)
  if (!found) throw new StepFault(`没有找到${missing(step)}`)
  await act(step, found.params, found.body)
}

function missing({ message, part, chat }: WalkStep): string {
  if (part) return `按钮“${part.label ?? part.name ?? part.tag}”（卡片“${message?.line ?? ''}”）`
  if (message) return `消息“${message.line}”`
  return `会话“${chat && 'group' in chat ? chat.group : '与机器人的单聊'}”`
}

/** The step with today's ids; undefined as long as something it refers to is not there. */
function actual(world: World, { do: act, chat, message, part, body }: WalkStep) {
  const place = chat && chatNamed(world, chat)
  const card = message && messageNamed(world, message)
  if ((chat && !place) || (message && !card)) return undefined
  const press = part && pressOf(JSON.parse(card?.content ?? '{}'), part)
  if (part && (!press || world.busy.has(card?.message_id ?? ''))) return undefined
  const ids = {
    ...(place && { chat_id: place.chat_id }),
    ...(card && { [act === 'say' ? 'parent_id' : 'message_id']: card.message_id }),
  }
  const action = press && { action: { ...(body.action as object), ...press } }
  return { params: ids as Record<string, string>, body: { ...body, ...ids, ...action } }
}

/** Every push was answered, and the bot has been silent for a while. */
async function settled(world: World) {
  let heard = -1
  let since = Date.now()
  await until(
    world,
    () => {
      const calls = world.calls.count()
      if (calls !== heard || world.deliveries.all().some(one => one.state === 'pending' && !one.next_at))
        since = Date.now()
      heard = calls
      return Date.now() - since >= QUIET_MS || undefined
    },
    SETTLED_WITHIN_MS,
  )
}

async function until<Found>(
  world: World,
  look: () => Found | undefined,
  within_ms: number,
): Promise<Found | undefined> {
  const end = Date.now() + within_ms
  for (;;) {
    if (!world.recorder.playing || world.closed) throw new StepFault('重放已停止')
    const found = look()
    if (found !== undefined || Date.now() > end) return found
    await pause(LOOK_MS)
  }
}

const pause = (ms: number) => new Promise<void>(done => setTimeout(done, ms))
