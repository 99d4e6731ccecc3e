import { z } from 'zod'
import { tidy } from '../kit/text.ts'
import { ids, idText } from './ids.ts'
import type { Incoming } from './incoming.ts'
import type { Envelope } from './verify.ts'

/** So much of a form is taken: of what somebody fills in or picks nothing is cut. */
export const FORM_LIMITS = { fields: 60, text: 2_000, items: 200, item: 200 } as const
/** A form that holds more is none. */
const LONGEST_FORM = 400_000

const pressSchema = z.object({
  operator: ids.extend({ tenant_key: z.string().optional() }),
  action: z.looseObject({
    tag: z.string(),
    value: z.union([z.record(z.string(), z.unknown()), z.string()]).optional(),
    form_value: z
      .record(z.string(), z.unknown())
      .refine(form => textsIn(form).join('').length <= LONGEST_FORM)
      .optional(),
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
  const form = action.form_value ?? {}
  return {
    kind: 'pressed',
    key: id,
    who: operator.open_id,
    chat: context.open_chat_id,
    message: context.open_message_id,
    action: typeof name === 'string' ? name.slice(0, 100) : '',
    value: tidyValues({ ...rest, ...(typeof action.option === 'string' ? { option: action.option } : {}) }),
    form: tidyValues(form),
    unheard: isWhole(form) ? '' : textsIn(form).join('\n'),
  }
}

const textsIn = (form: Record<string, unknown>): string[] =>
  Object.values(form)
    .flat()
    .filter(one => typeof one === 'string')

/** Whether all of its texts are taken as they are. */
function isWhole(form: Record<string, unknown>): boolean {
  const values = Object.values(form)
  return values.length <= FORM_LIMITS.fields && values.every(isTaken)
}

function isTaken(value: unknown): boolean {
  if (Array.isArray(value))
    return value.length <= FORM_LIMITS.items && value.every(one => isWithin(one, FORM_LIMITS.item))
  return isWithin(value, FORM_LIMITS.text)
}

const isWithin = (value: unknown, limit: number): boolean => typeof value !== 'string' || tidy(value).length <= limit

/** What a press brings, made fit to be kept: whatever is no text, list of texts, number or yes/no is left out. */
function tidyValues(values: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(values)
    .slice(0, FORM_LIMITS.fields)
    .map(([name, value]) => [tidy(name, 100), tidyValue(value)] as const)
    .filter(([, value]) => value !== undefined)
  return Object.fromEntries(kept)
}

function tidyValue(value: unknown): unknown {
  if (typeof value === 'string') return tidy(value, FORM_LIMITS.text)
  if (Array.isArray(value))
    return value
      .slice(0, FORM_LIMITS.items)
      .flatMap(one => (typeof one === 'string' ? [tidy(one, FORM_LIMITS.item)] : []))
  return typeof value === 'boolean' || typeof value === 'number' ? value : undefined
}
