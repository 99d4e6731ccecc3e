import { z } from 'zod'
import { tidy } from '../kit/text.ts'
import { ids, idText } from './ids.ts'
import type { Incoming } from './incoming.ts'
import type { Envelope } from './verify.ts'

const pressSchema = z.object({
  operator: ids.extend({ tenant_key: z.string().optional() }),
  action: z.looseObject({
    tag: z.string(),
    value: z.union([z.record(z.string(), z.unknown()), z.string()]).optional(),
    form_value: z.record(z.string(), z.unknown()).optional(),
  }),
  context: z.object({ open_message_id: idText, open_chat_id: idText }),
})

export function readPress({ id, event, tenant }: Envelope): Incoming | undefined {
  const read = pressSchema.safeParse(event)
  if (!read.success) return undefined
  const { operator, action, context } = read.data
  if ((operator.tenant_key ?? tenant) !== tenant) return { kind: 'ignored', key: id, why: 'press of another tenant' }
  const value = typeof action.value === 'object' ? action.value : {}
  const { action: name, ...rest } = value
  return {
    kind: 'pressed',
    key: id,
    who: operator.open_id,
    chat: context.open_chat_id,
    message: context.open_message_id,
    action: typeof name === 'string' ? name.slice(0, 100) : '',
    value: tidyValues({ ...rest, ...(typeof action.option === 'string' ? { option: action.option } : {}) }),
    form: tidyValues(action.form_value ?? {}),
  }
}

/** What a press brings, made fit to be kept: whatever is no text, list of texts, number or yes/no is left out. */
function tidyValues(values: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(values)
    .slice(0, 60)
    .map(([name, value]) => [tidy(name, 100), tidyValue(value)] as const)
    .filter(([, value]) => value !== undefined)
  return Object.fromEntries(kept)
}

function tidyValue(value: unknown): unknown {
  if (typeof value === 'string') return tidy(value, 2_000)
  if (Array.isArray(value)) return value.slice(0, 200).flatMap(one => (typeof one === 'string' ? [tidy(one, 200)] : []))
  return typeof value === 'boolean' || typeof value === 'number' ? value : undefined
}
