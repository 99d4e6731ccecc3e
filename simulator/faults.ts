import { z } from 'zod'
import type { Faults } from './protocol.ts'

const DAY_MS = 24 * 3_600_000

export const noFaults = (): Faults => ({
  duplicate: 0,
  new_event_id: false,
  new_message_id: false,
  out_of_order: false,
  event_delay_ms: 0,
  event_lost: 0,
  event_answer_lost: 0,
  resign: true,
  foreign_json: true,
  form_empties: 'as-sent',
  line_lost_acks: { next: 0 },
  line_drops: { next: 0 },
  line_garbage: { next: 0 },
  line_deaf: false,
  line_endpoint: 0,
  line_handshakes: { next: 0 },
  line_limit: 50,
  line_ping_s: 120,
  line_chunk_bytes: 65_536,
  api_latency_ms: 0,
  api_latency_after_ms: 0,
  api_5xx: 0,
  api_5xx_after: 0,
  api_reset: 0,
  api_reset_after: 0,
  api_timeout: 0,
  api_timeout_after: 0,
  api_slow: 0,
  api_429: { next: 0, reset_s: 1 },
  api_230020: { next: 0 },
  api_broken_json: { next: 0 },
  api_html_502: { next: 0 },
  token_down: false,
  missing_scopes: [],
  contact_scope: null,
  muted: [],
  stopped: [],
  sensitive_words: [],
  dlp: false,
  limits: true,
  at_all: 'absent',
  at_all_heard: false,
  topic_groups: [],
  external_groups: [],
  monthly_quota: null,
  recall_within_ms: DAY_MS,
  edit_within_ms: DAY_MS,
  urgent_quota: null,
})

const chance = z.number().min(0).max(1)
const count = z.number().int().min(0)
const ms = z.number().min(0).max(600_000)

export const faultsPatch = z
  .strictObject({
    duplicate: count.max(100),
    new_event_id: z.boolean(),
    new_message_id: z.boolean(),
    out_of_order: z.boolean(),
    event_delay_ms: ms,
    event_lost: chance,
    event_answer_lost: chance,
    resign: z.boolean(),
    foreign_json: z.boolean(),
    form_empties: z.enum(['as-sent', 'absent', 'blank']),
    line_lost_acks: z.object({ next: count }),
    line_drops: z.object({ next: count }),
    line_garbage: z.object({ next: count }),
    line_deaf: z.boolean(),
    line_endpoint: count,
    line_handshakes: z.object({ next: count }),
    line_limit: count.max(50),
    line_ping_s: z.number().min(0.05).max(600),
    line_chunk_bytes: count.min(16),
    api_latency_ms: ms,
    api_latency_after_ms: ms,
    api_5xx: chance,
    api_5xx_after: chance,
    api_reset: chance,
    api_reset_after: chance,
    api_timeout: chance,
    api_timeout_after: chance,
    api_slow: chance,
    api_429: z.object({
      next: count,
      reset_s: z.number().min(0),
      status: z.union([z.literal(400), z.literal(429)]).optional(),
    }),
    api_230020: z.object({ next: count }),
    api_broken_json: z.object({ next: count }),
    api_html_502: z.object({ next: count }),
    token_down: z.boolean(),
    missing_scopes: z.array(z.string()),
    contact_scope: z.array(z.string()).nullable(),
    muted: z.array(z.string()),
    stopped: z.array(z.string()),
    sensitive_words: z.array(z.string().min(1)),
    dlp: z.boolean(),
    limits: z.boolean(),
    at_all: z.enum(['absent', 'entry']),
    at_all_heard: z.boolean(),
    topic_groups: z.array(z.string()),
    external_groups: z.array(z.string()),
    monthly_quota: count.nullable(),
    recall_within_ms: count.nullable(),
    edit_within_ms: count.nullable(),
    urgent_quota: count.nullable(),
  })
  .partial()

/** Those that are not as they are at first. */
export function faultsOn(faults: Faults): string[] {
  const none = noFaults()
  return Object.keys(none).filter(name => isOn(none[name as keyof Faults], faults[name as keyof Faults]))
}

/** A counter that has run out is off, whatever else it holds. */
function isOn(none: unknown, now: unknown): boolean {
  if (typeof now === 'object' && now && 'next' in now) return Number(now.next) > 0
  return JSON.stringify(now) !== JSON.stringify(none)
}

/** True with these odds, as `chance` (from 0 up to, not including, 1) would have it. */
export const strikes = (odds: number, chance: () => number): boolean => odds > 0 && chance() < odds

/** True for the next n times, counting down. */
export function spend(counter: { next: number }): boolean {
  if (counter.next <= 0) return false
  counter.next -= 1
  return true
}
