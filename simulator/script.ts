import { ensureP2p } from './chats.ts'
import { checkClock } from './clock.ts'
import { say } from './say.ts'
import type { World } from './world.ts'

const BETWEEN_MS = 1000
const ANSWER_MS = 5000

/** What waits for the bot to be ready: its clock, then, at the very first start, the administrator's set-up lines. */
export async function afterReady(world: World) {
  if (!world.settings.clockCheck && !scriptLeft(world)) return
  while (!world.closed && !(await isReady(world))) await pause(500)
  if (world.settings.clockCheck && !world.closed) await checkClock(world)
  while (!world.closed && scriptLeft(world)) await nextLine(world)
}

const scriptLeft = ({ settings, state }: World) => settings.script && state.script_line !== null

async function isReady(world: World): Promise<boolean> {
  try {
    return (await fetch(`${world.settings.botUrl}/readyz`, { signal: AbortSignal.timeout(2000) })).ok
  } catch {
    return false
  }
}

/** One line a second, after the previous answer came. Done lines are remembered, also across restarts. */
async function nextLine(world: World) {
  const { as, lines } = world.settings.office.script
  const at = world.state.script_line ?? 0
  const line = lines[at]
  world.state.script_line = at + 1 < lines.length ? at + 1 : null
  world.store.touch()
  if (line === undefined) return
  const chat = ensureP2p(world, as)
  const said = chat.message_ids.length
  say(world, chat, { as, text: line })
  await pause(BETWEEN_MS)
  const until = Date.now() + ANSWER_MS
  while (!world.closed && Date.now() < until && !answered(world, chat.message_ids.slice(said))) await pause(200)
}

const answered = (world: World, ids: string[]) => ids.some(id => world.state.messages.get(id)?.sender === 'bot')

const pause = (ms: number) => new Promise<void>(done => setTimeout(done, ms).unref())
