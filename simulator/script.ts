import { ensureP2p } from './chats.ts'
import { checkClock } from './clock.ts'
import { say } from './say.ts'
import type { World } from './world.ts'

const BETWEEN_MS = 1000
const ANSWER_MS = 5000

/** What waits for the bot to be ready: its clock, then, if wanted, the administrator's set-up lines. */
export async function afterReady(world: World) {
  const { clockCheck, script } = world.settings
  if (clockCheck) {
    await botReady(world)
    if (!world.closed) await checkClock(world)
  }
  if (script) await runScript(world)
}

/** Says what is left of the set-up lines, at the very first start after a line of the caller's (such as `/初始化 code`). */
export async function runScript(world: World, first?: string) {
  if (world.scripted || world.state.script_line === null) return
  world.scripted = true
  await botReady(world)
  if (first && world.state.script_line === 0 && !world.closed) await sayLine(world, first)
  while (!world.closed && world.state.script_line !== null) await nextLine(world)
  world.scripted = false
}

async function botReady(world: World) {
  while (!world.closed && !(await isReady(world))) await pause(500)
}

async function isReady(world: World): Promise<boolean> {
  try {
    return (await fetch(`${world.settings.botUrl}/readyz`, { signal: AbortSignal.timeout(2000) })).ok
  } catch {
    return false
  }
}

/** Lines said are remembered, also across restarts. */
async function nextLine(world: World) {
  const { lines } = world.settings.office.script
  const at = world.state.script_line ?? 0
  const line = lines[at]
  world.state.script_line = at + 1 < lines.length ? at + 1 : null
  world.store.touch()
  if (line !== undefined) await sayLine(world, line)
}

/** One line a second, after the previous answer came. */
async function sayLine(world: World, line: string) {
  const { as } = world.settings.office.script
  const chat = ensureP2p(world, as)
  const said = chat.message_ids.length
  say(world, chat, { as, text: line })
  await pause(BETWEEN_MS)
  const until = Date.now() + ANSWER_MS
  while (!world.closed && Date.now() < until && !answered(world, chat.message_ids.slice(said))) await pause(200)
}

const answered = (world: World, ids: string[]) => ids.some(id => world.state.messages.get(id)?.sender === 'bot')

const pause = (ms: number) => new Promise<void>(done => setTimeout(done, ms).unref())
