import type { ClockAnswer } from './protocol.ts'
import { beijingIso } from './workdays.ts'
import { changed, nowOf, type World } from './world.ts'

/** Running through days of work may take the bot a while. */
const PATIENCE_MS = 300_000
const PROBE_MS = 10_000

/**
 * Moves the bot's clock and, with it, the simulator's. The simulator goes first, so that what the bot says while it catches up
 * bears the new time; it goes back when the bot refuses.
 */
export async function moveClock(world: World, to: number): Promise<ClockAnswer> {
  const before = world.state.offset_ms
  setOffset(world, to - Date.now())
  try {
    await tellBot(world, to, PATIENCE_MS)
  } catch (cause) {
    setOffset(world, before)
    throw cause
  }
  world.clockMovable = true
  return { now: beijingIso(nowOf(world)), offset_ms: world.state.offset_ms }
}

function setOffset(world: World, offset_ms: number) {
  world.state.offset_ms = offset_ms
  changed(world, () => ({ kind: 'clock', offset_ms }))
}

async function tellBot(world: World, to: number, patience_ms: number) {
  const answer = await fetch(`${world.settings.botUrl}/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ now: beijingIso(to) }),
    signal: AbortSignal.timeout(patience_ms),
  })
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
}

/** At the start: can the clock be moved, and does the bot agree with what the last run left? */
export async function checkClock(world: World) {
  try {
    await tellBot(world, nowOf(world), PROBE_MS)
    world.clockMovable = true
  } catch {
    world.clockMovable = false
  }
  changed(world, () => ({ kind: 'clock', offset_ms: world.state.offset_ms }))
}
