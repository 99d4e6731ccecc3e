/**
 * What the chat page (and the tests) may ask of the simulator beside the Open Platform itself.
 * Everything below /sim is ours; everything below /open-apis is Feishu's and is described by Feishu.
 * All instants are milliseconds since the epoch. What people see (create_time, update_time, last_time) and `create_time` in events
 * is the simulator's clock: real time moved by `offset_ms`, so that a jump of the demo's clock looks coherent; the platform's limits
 * on messages (uuid window, 14 days, 30 minutes of a card token) run on it too. Signatures, tokens, rate limits and the records
 * of deliveries and calls (`at`) use real time.
 *
 * Refusals of /sim are { error } with Chinese words: 400 bad request, 403 not allowed (frozen, not a member), 404, 409, 502 (the bot).
 */

/** A person of the simulated tenant. Ids have Feishu's shapes: ou_ + 32 hex, on_ + 32 hex. */
export interface Person {
  open_id: string
  union_id: string
  user_id: string
  name: string
  department_ids: string[]
  leader_user_id?: string
  job_title?: string
  is_frozen?: boolean
  is_resigned?: boolean
}

export interface Department {
  open_department_id: string
  name: string
  parent_department_id: string
  leader_user_id?: string
}

/** `bot`: whether the bot is a member (always true for p2p). A p2p chat is between one person and the bot. */
export interface Chat {
  chat_id: string
  chat_type: 'p2p' | 'group'
  name: string
  members: string[]
  bot: boolean
}

/** As in `event.message.mentions`; `open_id` is '' for @所有人. */
export interface Mention {
  key: string
  open_id: string
  type: 'user' | 'bot'
  name: string
}

export type MessageType = 'text' | 'post' | 'image' | 'file' | 'interactive' | 'system'

export interface Message {
  message_id: string
  chat_id: string
  /** open_id of a person, or 'bot' for the app, or '' for a system line such as "机器人已加入群聊". */
  sender: string
  msg_type: MessageType
  /** Feishu's content, a JSON string; for `interactive` the card 2.0 JSON. */
  content: string
  mentions: Mention[]
  create_time: number
  update_time: number
  root_id?: string
  parent_id?: string
  thread_id?: string
  recalled?: boolean
  /** emoji_type → open_ids (or 'bot'). */
  reactions: Record<string, string[]>
  /** Present on files and images that a person sent. */
  file?: { key: string; name: string; size: number }
}

/** One row of the chat list, as this person sees it. */
export interface ChatRow extends Chat {
  /** First line of the last message: the text, or a card's `config.summary`, or '[文件] name'. */
  summary: string
  last_time: number
  unread: number
  /** Someone @-mentioned me in an unread message (in text or on a card). */
  mentioned: boolean
}

/** GET /sim/office → everything that does not depend on who looks. */
export interface Office {
  tenant: string
  bot: { open_id: string; name: string; app_id: string }
  people: Person[]
  departments: Department[]
  /** Where the bot listens, and whether its clock can be moved (it answered POST /clock). */
  bot_url: string
  clock: { movable: boolean; offset_ms: number }
  /** Names of the faults that are switched on. */
  faults: string[]
  /** Version of everything that people can see; rises with each change. */
  version: number
}

/** GET /sim/chats?as=ou_… → ChatRow[], newest first. */
export type ChatsAnswer = { chats: ChatRow[] }
/** GET /sim/chats/:chat_id/messages?as=ou_… → oldest first, at most 200, `before` (message_id) to page. Marks nothing read. */
export type MessagesAnswer = { messages: Message[]; has_more: boolean }
/** POST /sim/chats/:chat_id/read { as } — clears my unread mark. */
export type ReadRequest = { as: string }
/** POST /sim/p2p { as } — opens (creates if need be) my chat with the bot, fires bot_p2p_chat_entered; answers { chat_id }. */
export type EnterRequest = { as: string }

/**
 * POST /sim/messages — a person says something. Answers { message_id, delivery? }.
 * `text` may hold mentions written as <at id="ou_…">名</at>, <at id="bot"></at> or <at id="all"></at>; the simulator makes
 * Feishu's @_user_N placeholders of them. `parent_id` makes it a reply. `file` sends a file or an image instead of text.
 */
export type SayRequest = {
  as: string
  chat_id: string
  text?: string
  parent_id?: string
  file?: { name: string; size: number; image?: boolean }
  /** 富文本 instead of text; `at` nodes bear an open_id, 'bot' or 'all' as user_id. */
  post?: { title?: string; content: Array<Array<Record<string, unknown>>> }
}
export type SayAnswer = { message_id: string; delivery_id?: string }
/** POST /sim/messages/:message_id/recall { as } */
export type RecallRequest = { as: string }

/**
 * POST /sim/click — a person presses, selects or submits on a card. The simulator sends `card.action.trigger`, waits for the
 * answer at most 3 s and applies it; a required-field check and a confirm dialogue are the page's business.
 * `action` is what goes into event.action: tag, value, name, form_value, input_value, option, options, checked, timezone.
 */
export type ClickRequest = { as: string; message_id: string; action: Record<string, unknown> }
/** `code` is one of Feishu's client codes (200341, 200671, 200672, 200673, …) with its words when the answer was bad. */
export type ClickAnswer = {
  toast?: { type: 'info' | 'success' | 'error' | 'warning'; content: string }
  error?: { code: number; message: string }
}

/** POST /sim/clock { now: ISO } | { by_ms } | { to: 'next-workday-0830' } — moves the bot's clock; answers { now: ISO }. */
export type ClockRequest = { now: string } | { by_ms: number } | { to: 'next-workday-0830' }
export type ClockAnswer = { now: string; offset_ms: number }

/** GET /sim/stream?as=ou_… → server-sent events; `data` is one Notice as JSON. The page fetches what it needs anew. */
export type Notice =
  | { kind: 'hello'; version: number }
  /** A message came, changed (PATCH, callback answer), or was recalled. */
  | { kind: 'message'; chat_id: string; message_id: string; version: number }
  /** The chat list changed (new chat, member, read mark). */
  | { kind: 'chats'; version: number }
  /** Somebody's click on this card is in flight (true) or over (false). */
  | { kind: 'busy'; message_id: string; busy: boolean }
  | { kind: 'clock'; offset_ms: number }
  | { kind: 'faults'; on: string[] }

/** GET /sim/files/:key → the bytes of what somebody sent, the bot's uploads included. */
/** POST /sim/groups/:chat_id/members { as, add?, remove? }; POST /sim/groups/:chat_id/disband { as }. */
export type MembersRequest = { as: string; add?: string[]; remove?: string[] }
/** POST /sim/messages/:message_id/reactions { as, emoji_type, on } — a person's reaction, with its event. */
export type ReactRequest = { as: string; emoji_type: string; on: boolean }
/** POST /sim/messages/:message_id/delete {} — an administrator deletes the message: 230110 from then on. */
/** PATCH /sim/people/:open_id — changes a person and fires contact.user.updated_v3 (or deleted_v3 when resigned). */
export type PersonPatch = Partial<Omit<Person, 'open_id' | 'union_id'>>
/** POST /sim/groups { name, members, bot } → { chat_id }; POST /sim/groups/:chat_id/bot { as, in: boolean } adds or removes the bot. */
export type GroupRequest = { as: string; name: string; members: string[]; bot: boolean }

/** Every push of the simulator to the bot. GET /sim/deliveries?since=id → Delivery[]. */
export interface Delivery {
  id: string
  event_id: string
  event_type: string
  url: string
  attempts: Attempt[]
  state: 'pending' | 'done' | 'given-up'
  /** When it is tried again, as long as it was not acknowledged. */
  next_at?: number
}

/** `body` is what went over the wire, `plain` what it says before encryption, `answer` the beginning of what came back. */
export interface Attempt {
  at: number
  ms: number
  status: number | null
  error?: string
  body: string
  plain?: string
  headers?: Record<string, string>
  answer?: string
}

/** Every call of the bot to the Open Platform. GET /sim/calls?since=n → ApiCall[]. `body` is as received (parsed), tokens removed. */
export interface ApiCall {
  n: number
  at: number
  method: string
  path: string
  query: Record<string, string>
  body: unknown
  status: number
  code: number
  log_id: string
  /** How long the answer took, and its JSON without tokens; kept of the latest calls only. */
  ms?: number
  answer?: string
}

/** GET /sim/faults → Faults; PATCH /sim/faults merges; DELETE /sim/faults resets. Chances are 0 … 1. */
export interface Faults {
  /** Deliveries: send each event this many extra times at once. */
  duplicate: number
  /** Deliver the same message again under a new event_id. */
  new_event_id: boolean
  /** Every second event comes late, after the one that follows it. */
  out_of_order: boolean
  /** Each attempt of an event sets out so much later. */
  event_delay_ms: number
  /** Chance that an attempt never arrives, and that it arrives but its answer gets lost: both are tried again. */
  event_lost: number
  event_answer_lost: number
  /** Sign a redelivery anew (default) or repeat its first headers. */
  resign: boolean
  /** JSON in the style of Feishu, not of JSON.stringify (default true). */
  foreign_json: boolean
  /** Optional form fields left empty: as the page sent them, left out, or '' (which of the two Feishu does is unknown). */
  form_empties: 'as-sent' | 'absent' | 'blank'
  /** API: added latency in ms before handling, or after handling before the answer. */
  api_latency_ms: number
  api_latency_after_ms: number
  /** API: chance of a 5xx without doing the work, and of doing the work and then 5xx. */
  api_5xx: number
  api_5xx_after: number
  /** API: chance of closing the connection before and after doing the work. */
  api_reset: number
  api_reset_after: number
  /** API: answer the next n calls with 429 / 99991400 and this reset in seconds. */
  api_429: { next: number; reset_s: number }
  /** API: answer the next n sends with 400 / 230020. */
  api_230020: { next: number }
  /** The next n answers are broken: HTTP 200 with unfinished JSON, or an HTML 502. */
  api_broken_json: { next: number }
  api_html_502: { next: number }
  /** Token endpoint answers 500. */
  token_down: boolean
  /** Scopes not granted, e.g. 'contact:user.employee_id:readonly'. */
  missing_scopes: string[]
  /** Departments the app may read; null = all. */
  contact_scope: string[] | null
  /** chat_ids where the bot may not speak (230035). */
  muted: string[]
  /** Refuse mobile numbers in plain text (230028). */
  dlp: boolean
  /** Keep the limits of the platform (default true). */
  limits: boolean
}

/** POST /sim/scopes { grant?, revoke? } → { granted, missing }: im:message.group_msg and contact:user.employee_id:readonly are not granted at first. */
export type ScopesRequest = { grant?: string[]; revoke?: string[] }
/** POST /sim/challenge { url?: 'events' | 'cards', token? } — sends url_verification as the console does; answers what came back. */
export type ChallengeAnswer = {
  ok: boolean
  challenge: string
  status: number | null
  ms: number
  body: string
  error?: string
}
/** POST /sim/raw-click { as, message_id, action, chat_id?, operator? } — any callback, without asking whether this person may or the card has it. */
export type RawClickRequest = ClickRequest & { chat_id?: string; operator?: Record<string, unknown> }

/** POST /sim/script { first? } → { left } — the administrator says what is left of the office's set-up lines, after `first` at the very start. */
/** POST /sim/templates { template_id, card } — publishes a card template that a callback answer may name; ${name} in its texts is filled in. */
/** POST /sim/tokens/revoke — every token handed out so far is refused with 99991663. */
/** POST /sim/events { event_type, event, header?, count? } — delivers any event, signed and encrypted; answers the Delivery. */
/** POST /sim/reset — forgets messages and chats and starts the demo office anew (the bot's database is not touched). */
/** GET /sim/limits → per API how much of each window is used, and the peaks seen: { api, peak_1s, peak_60s }[], chats: { chat, peak_1s }[]. */
export type LimitsAnswer = {
  apis: Array<{ api: string; peak_1s: number; peak_60s: number; refused: number }>
  targets: Array<{ target: string; peak_1s: number; refused: number }>
}
