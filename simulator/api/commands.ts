import { isObject } from '../card/kinds.ts'
import { newCommandId } from '../ids.ts'
import { ownFile } from '../known.ts'
import type { SlashCommand } from '../protocol.ts'
import { chatsChanged } from '../world.ts'
import type { Answer, Call } from './call.ts'
import { invalidFields, problem } from './problem.ts'

const MOST = 100

/** Commands that `/` offers in the chat with the bot; choosing one only writes its name. */
export function addCommand(call: Call): Answer {
  const { world, body } = call
  const { commands } = world.state
  const command = nameOf(body.command)
  if ([...commands.values()].some(one => one.command === command)) throw problem(40000000)
  if (commands.size >= MOST) throw problem(40000000, `at most ${MOST} commands`)
  const description = descriptionOf(body.description)
  if (!description) throw wrong('description', 'description is required')
  const made: SlashCommand = { command_id: newCommandId(), command, description, ...iconOf(call) }
  commands.set(made.command_id, made)
  chatsChanged(world)
  return { data: { command: made } }
}

export const listCommands = ({ world }: Call): Answer => ({
  data: { commands: [...world.state.commands.values()], has_more: false },
})

/** Its name stays what it is. */
export function patchCommand(call: Call): Answer {
  const { world, body } = call
  const known = pathCommand(call)
  if (body.command !== undefined) throw wrong('command', 'command can not be changed')
  const description = descriptionOf(body.description)
  Object.assign(known, { ...(description && { description }), ...iconOf(call) })
  chatsChanged(world)
  return { data: { command: known } }
}

export function removeCommand(call: Call): Answer {
  call.world.state.commands.delete(pathCommand(call).command_id)
  chatsChanged(call.world)
  return { data: {} }
}

function pathCommand({ world, params }: Call): SlashCommand {
  const known = world.state.commands.get(params.command_id ?? '')
  if (!known) throw problem(40000404)
  return known
}

function nameOf(command: unknown): string {
  if (typeof command === 'string' && /^[^\s/]{1,32}$/.test(command)) return command
  throw wrong('command', 'command must be 1 to 32 characters without a slash or blanks')
}

function descriptionOf(given: unknown): SlashCommand['description'] | undefined {
  if (given === undefined) return undefined
  if (!isObject(given) || typeof given.default_value !== 'string' || !given.default_value)
    throw wrong('description.default_value', 'description.default_value is required')
  if (given.icon !== undefined) throw wrong('description.icon', 'icon stands beside description')
  return { default_value: given.default_value, ...(isObject(given.i18n) && { i18n: texts(given.i18n) }) }
}

const texts = (given: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(given).map(([locale, value]) => [locale, String(value)]))

function iconOf({ world, body }: Call): Pick<SlashCommand, 'icon'> {
  if (body.icon === undefined) return {}
  const icon_key = isObject(body.icon) ? String(body.icon.icon_key) : ''
  if (ownFile(world, icon_key)?.kind !== 'image') throw problem(40000031)
  return { icon: { icon_key } }
}

const wrong = (field: string, description: string) => invalidFields({ field, value: '', description })
