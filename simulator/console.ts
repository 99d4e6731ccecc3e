import { push } from './delivery.ts'
import { newEventId, newMessageId } from './ids.ts'
import { isActive } from './people.ts'
import type { Delivery, Person } from './protocol.ts'
import type { World } from './world.ts'

const includes = (list: string[] | null, one: string) => list === null || list.includes(one)

export const subscribed = (world: World, event_type: string) => includes(world.state.console.live.events, event_type)

export const callsBack = (world: World) => includes(world.state.console.live.callbacks, 'card.action.trigger')

/** 应用可用范围: who may use the app and be written to by it. */
export function isAvailable(world: World, person: Person | undefined): boolean {
  if (!person || !isActive(person)) return false
  const range = world.state.console.live.availability
  if (range === null || range.includes(person.open_id)) return true
  return person.department_ids.some(id => departmentIn(world, range, id))
}

function departmentIn(world: World, range: string[], id: string): boolean {
  if (range.includes(id)) return true
  const parent = world.state.departments.get(id)?.parent_department_id
  return parent !== undefined && departmentIn(world, range, parent)
}

const TWIN_AFTER_MS = 50

/** Pushes an event, if the app subscribed to it. */
export function tell(world: World, event_type: string, event: object): Delivery | undefined {
  if (!subscribed(world, event_type)) return undefined
  const delivery = push(world, event_type, event)
  if (world.faults.new_message_id && 'message' in event) twin(world, event_type, event)
  return delivery
}

/** The same words come once more as another message, which can be replied to like any. */
function twin(world: World, event_type: string, event: object) {
  const { message } = event as { message: { message_id: string } }
  const known = world.state.messages.get(message.message_id)
  const message_id = newMessageId()
  if (known) world.state.messages.set(message_id, { ...known, message_id })
  const again = { ...event, message: { ...message, message_id } }
  setTimeout(push, TWIN_AFTER_MS, world, event_type, again, { event_id: newEventId() }).unref()
}
