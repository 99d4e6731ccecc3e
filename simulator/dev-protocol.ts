import type { ApiCall, Delivery } from './protocol.ts'

/** What the drawer for developers asks of the simulator, below /sim like everything in protocol.ts. */

/**
 * GET /sim/traffic?words= → the latest pushes and calls in one line each, newest first, as far as they hold the words; the gauges of the
 * limits with them. All of one: GET /sim/deliveries/:id → Delivery, GET /sim/calls/:n → ApiCall.
 */
export interface TrafficAnswer {
  deliveries: DeliveryLine[]
  calls: CallLine[]
  limits: { apis: Gauge[]; targets: Gauge[] }
}
export type DeliveryLine = Pick<Delivery, 'id' | 'event_id' | 'event_type' | 'state' | 'next_at'> & {
  tries: number
  at?: number
  ms?: number
  status?: number | null
  error?: string
}
export type CallLine = Pick<ApiCall, 'n' | 'at' | 'method' | 'path' | 'status' | 'code' | 'log_id' | 'ms'>

/** One limit as it stands now; `max_60s` is missing where only the second counts. */
export interface Gauge {
  of: string
  now_1s: number
  now_60s: number
  max_1s: number
  max_60s?: number
  peak_1s: number
  peak_60s: number
  refused: number
}

/**
 * What people did, with times: recorded between POST /sim/recorder { on: true } and { on: false }, fetched with GET /sim/recorder/walk, done
 * again with POST /sim/recorder/play { walk, pace? }, which answers when the last step is done. GET /sim/recorder → RecorderAnswer;
 * POST /sim/recorder/stop ends a replay. Chats, messages and buttons are named by what people see, not by ids, which differ next time.
 */
export interface Walk {
  huiyin_walk: 1
  recorded_at: string
  steps: WalkStep[]
}
export type WalkAct =
  | 'say'
  | 'press'
  | 'recall'
  | 'react'
  | 'enter'
  | 'group'
  | 'seat'
  | 'members'
  | 'disband'
  | 'clock'
export interface WalkStep {
  after_ms: number
  do: WalkAct
  chat?: ChatRef
  message?: MessageRef
  part?: PartRef
  body: Record<string, unknown>
}
/** A group by its name, the private chat with the bot by its person. */
export type ChatRef = { group: string } | { p2p: string }
/** The nth from the end of this sender's messages whose first line, digits aside, reads like this. */
export type MessageRef = { chat: ChatRef; sender: string; line: string; nth: number }
/** The nth component of a card with this tag, name and label. */
export type PartRef = { tag: string; name?: string; label?: string; nth: number }
export type RecorderAnswer = { recording: boolean; steps: number; playing?: { step: number; of: number } }
export type PlayRequest = { walk: Walk; pace?: 'quick' | 'recorded' }

/** GET /sim/demo → { whole }: whether POST /sim/demo/start-over {} wipes the bot's data too; both answer so. */
