import { CallbackFault, type Effect, readCallback } from './callback-answer.ts'
import type { Card } from './card/read.ts'
import { giveCardToken } from './card-tokens.ts'
import { callsBack } from './console.ts'
import { withEmpties } from './form-values.ts'
import { newEventId } from './ids.ts'
import { knownTo } from './known.ts'
import { chatOf, replaceContent } from './messages.ts'
import { userId } from './people.ts'
import type { ClickAnswer } from './protocol.ts'
import type { StoredMessage } from './state.ts'
import { fillTemplate } from './templates.ts'
import { ask } from './wire.ts'
import { ageOf, changed, nowOf, type World } from './world.ts'

const FOURTEEN_DAYS_MS = 14 * 24 * 3_600_000

/** What of a message its callback tells. */
type Pressed = Pick<StoredMessage, 'message_id' | 'chat_id' | 'content'>

export interface Click {
  as: string
  action: Record<string, unknown>
  /** Overrides for attack tests. */
  chat_id?: string | undefined
  operator?: Record<string, unknown> | undefined
}

/** Sends card.action.trigger, waits for the answer at most 3 s and applies it for all viewers. */
export async function click(world: World, message: StoredMessage, given: Click): Promise<ClickAnswer> {
  if (ageOf(world, message.create_time) > FOURTEEN_DAYS_MS) return { error: errorOf(new CallbackFault(200750)) }
  if (!callsBack(world)) return { error: errorOf(new CallbackFault(200340)) }
  const token = giveCardToken(world, message.message_id)
  hold(world, message, 1)
  try {
    const outcome = await ask(world, '/feishu/cards', 'card.action.trigger', callback(world, message, given, token))
    const effect = readCallback(outcome, cardOf(message), knownTo(world), (id, variables) =>
      fillTemplate(world, id, variables),
    )
    return apply(world, message, effect)
  } catch (cause) {
    if (cause instanceof CallbackFault) return { error: errorOf(cause) }
    throw cause
  } finally {
    const known = world.cardTokens.get(token)
    if (known) known.answered = true
    hold(world, message, -1)
  }
}

const errorOf = ({ code, message }: CallbackFault) => ({ code, message })
const cardOf = (message: Pressed): Card => JSON.parse(message.content)

function apply(world: World, message: StoredMessage, { toast, card }: Effect): ClickAnswer {
  if (card && !message.recalled) replaceContent(world, message, JSON.stringify(card))
  return toast ? { toast } : {}
}

/** While a click is in flight other updates of the card are refused. */
function hold(world: World, message: StoredMessage, by: 1 | -1) {
  const { message_id } = message
  const held = (world.busy.get(message_id) ?? 0) + by
  if (held > 0) world.busy.set(message_id, held)
  else world.busy.delete(message_id)
  changed(world, () => ({ kind: 'busy', message_id, busy: held > 0 }), chatOf(world, message).members)
}

/** Unlike events, callbacks count their creation in microseconds. */
export function callback(world: World, message: Pressed, { as, action, chat_id, operator }: Click, token: string) {
  const { verificationToken, appId, office } = world.settings
  const tenant_key = office.tenant.key
  return {
    schema: '2.0',
    header: {
      event_id: newEventId(),
      token: verificationToken,
      create_time: String(nowOf(world) * 1000 + Math.floor(Math.random() * 1000)),
      event_type: 'card.action.trigger',
      tenant_key,
      app_id: appId,
    },
    event: {
      operator: { tenant_key, ...userId(world, as), ...operator },
      token,
      action: withTimezone(withEmpties(action, cardOf(message), world.faults.form_empties)),
      host: 'im_message',
      context: { open_message_id: message.message_id, open_chat_id: chat_id ?? message.chat_id },
    },
  }
}

const dated = new Set(['date_picker', 'picker_time', 'picker_datetime'])
const withOffset = /[+-]\d{4}$/

/** Wherever a date or time was chosen, the client's zone goes along. */
function withTimezone(action: Record<string, unknown>): Record<string, unknown> {
  const values = Object.values((action.form_value ?? {}) as object)
  const has_date =
    dated.has(String(action.tag)) || values.some(value => typeof value === 'string' && withOffset.test(value))
  return has_date ? { timezone: 'Asia/Shanghai', ...action } : action
}
