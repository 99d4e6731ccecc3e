import { z } from 'zod'
import { tell } from '../console.ts'
import { userId } from '../people.ts'
import type { CommandsAnswer, Console, GapsAnswer } from '../protocol.ts'
import { hasScope } from '../scopes.ts'
import { chatsChanged, nowOf } from '../world.ts'
import { type Ask, actor, bodyAs, type SimRoutes } from './ask.ts'
import { Refused } from './refused.ts'

/** The developer console of the one app. */
export const consoleRoutes: SimRoutes = {
  'GET /console': ({ world }): Console => world.state.console,
  'PATCH /console': draft,
  'POST /console/publish': publish,
  'GET /commands': ({ world }): CommandsAnswer => ({ commands: [...world.state.commands.values()] }),
  'GET /gaps': ({ world }): GapsAnswer => ({ gaps: world.gaps.all() }),
  'POST /menu': pressMenu,
}

const list = z.array(z.string().min(1).max(300)).max(300).nullable()
const config = z.strictObject({ events: list, callbacks: list, availability: list, redirect_urls: list }).partial()

function draft(ask: Ask): Console {
  const { state, store } = ask.world
  Object.assign(state.console.draft, bodyAs(ask, config))
  store.touch()
  return state.console
}

/** A version number has to rise; without one the last part is counted up. */
function publish(ask: Ask): Console {
  const { world } = ask
  const { console } = world.state
  const { version = raised(console.version) } = bodyAs(ask, z.object({ version: z.string().optional() }))
  if (!/^\d{1,6}(\.\d{1,6}){0,2}$/.test(version)) throw new Refused(400, '版本号应形如 1.2.0')
  if (compare(version, console.version) <= 0) throw new Refused(400, `版本号必须大于当前版本 ${console.version}`)
  Object.assign(console, { live: structuredClone(console.draft), version, published_at: nowOf(world) })
  chatsChanged(world)
  return console
}

const parts = (version: string) => [...version.split('.').map(Number), 0, 0].slice(0, 3)

const raised = (version: string) =>
  parts(version)
    .map((part, at) => (at === 2 ? part + 1 : part))
    .join('.')

function compare(one: string, other: string): number {
  const theirs = parts(other)
  return parts(one).reduce((found, part, at) => found || part - (theirs[at] ?? 0), 0)
}

/** A menu item that pushes an event: no chat and no message go with it. */
function pressMenu(ask: Ask) {
  const { world } = ask
  const { as, event_key } = bodyAs(ask, z.object({ as: z.string(), event_key: z.string().min(1).max(30) }))
  const person = actor(world, as)
  const named = hasScope(world, 'application:application.bot.operator_name:readonly')
  const delivery = tell(world, 'application.bot.menu_v6', {
    operator: { ...(named && { operator_name: person.name }), operator_id: userId(world, as) },
    event_key,
    timestamp: Math.floor(nowOf(world) / 1000),
  })
  return delivery ? { delivery_id: delivery.id } : {}
}
