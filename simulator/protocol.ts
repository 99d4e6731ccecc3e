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
  mobile?: string
  email?: string
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
  /** The message (or announcement) that stands on top of the group. */
  top_notice?: { kind: 'message' | 'announcement'; message_id?: string }
}

/** As in `event.message.mentions`; `open_id` is '' for @所有人. */
export interface Mention {
  key: string
  open_id: string
  type: 'user' | 'bot'
  name: string
}

/** `merge_forward` holds several messages as one; its content is no JSON of words but the line Feishu gives instead. */
export type MessageType = 'text' | 'post' | 'image' | 'file' | 'interactive' | 'system' | 'merge_forward'

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
  /** Where it was forwarded from; the copy of a card does nothing when pressed, unless it says enable_forward_interaction. */
  forwarded_from?: string
  /** Pressing this card asks nobody: a forwarded copy, or a card of the batch API. */
  inert?: 'forwarded' | 'batch'
  /** 仅对你可见: only this person has it, and loses it with the page. */
  ephemeral_for?: string
  /** 加急: who was called, how, and whether they confirmed. */
  urgent?: Array<{ by: 'app' | 'sms' | 'phone'; open_id: string; at: number; confirmed_at?: number }>
  /** open_id → when this person read it; kept of the bot's messages. */
  read_by?: Record<string, number>
  pinned?: boolean
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
  /** How the app is set in the simulated console. */
  transport: Transport
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
  file?: { name: string; size: number; image?: boolean; data?: string }
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

/**
 * How events and callbacks reach the bot: its URL, or one of the long connections that it opened. GET /sim/transport;
 * POST /sim/transport { transport } is the switch of the console, which takes `websocket` only while a connection stands (409).
 */
export type Transport = 'webhook' | 'websocket'
export type TransportAnswer = { transport: Transport; connections: Connection[] }
export interface Connection {
  id: string
  since: number
  /** Pings received, and events and callbacks sent over it. */
  pings: number
  sent: number
}
/** POST /sim/transport/hurl { data } → { hurled } — sends bytes (base64) over every long connection, whatever they are. */
/** POST /sim/transport/drop { id? } → { dropped } — cuts off one long connection, or all of them. */
export type DropRequest = { id?: string }

/**
 * Every push of the simulator to the bot. GET /sim/deliveries?since=id → Delivery[]. Over a long connection `url` is
 * 'websocket' and `status` the code of the acknowledgement.
 */
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

/** POST /sim/messages/:message_id/forward { as, chat_id } → { message_id } — a person sends a copy on; cards may forbid it (403). */
export type ForwardRequest = { as: string; chat_id: string }
/** POST /sim/messages/:message_id/confirm { as } — "收到" on an urgent message. */
export type ConfirmRequest = { as: string }
/** POST /sim/menu { as, event_key } — a press in the bot's menu that pushes application.bot.menu_v6. */
export type MenuRequest = { as: string; event_key: string }

/**
 * The developer console: what is configured, and what of it is in force. `null` means everything (the default).
 * GET /sim/console → Console; PATCH /sim/console changes the draft; POST /sim/console/publish { version? } puts it in force.
 */
export interface ConsoleConfig {
  /** Subscribed event types; others are not sent. */
  events: string[] | null
  /** Subscribed callbacks, e.g. card.action.trigger; a press without it shows 200340. */
  callbacks: string[] | null
  /** 应用可用范围: open_ids and departments; people outside cannot be written to (230013) nor log in (20010). */
  availability: string[] | null
  /** 安全设置 → 重定向 URL, compared without query and fragment; null takes everything on the bot's own address. */
  redirect_urls: string[] | null
}
export interface Console {
  draft: ConsoleConfig
  live: ConsoleConfig
  version: string
  published_at: number
}
export type PublishRequest = { version?: string }

/** What the app registered, for the panel that `/` opens. GET /sim/commands → CommandsAnswer. */
export interface SlashCommand {
  command_id: string
  command: string
  description: { default_value: string; i18n?: Record<string, string> }
  icon?: { icon_key: string }
}
export type CommandsAnswer = { commands: SlashCommand[] }

/** GET /sim/calendar?as=ou_… → what stands in this person's calendar. POST /sim/calendar/rsvp { as, event_id, status } answers an invitation. */
export interface Appointment {
  event_id: string
  summary: string
  description: string
  /** Milliseconds since the epoch. */
  starts_at: number
  ends_at: number
  whole_day: boolean
  location: string
  organizer: string
  status: 'needs_action' | 'accept' | 'tentative' | 'decline'
  cancelled: boolean
}
/** POST /sim/calendar { as, summary, starts_at, ends_at } → { event_id } — somebody writes down something of their own and is busy then. */
export type OwnAppointmentRequest = { as: string; summary: string; starts_at: number; ends_at: number }
export type CalendarAnswer = { appointments: Appointment[] }
export type RsvpRequest = { as: string; event_id: string; status: 'accept' | 'tentative' | 'decline' }

/** POST /sim/login { as, query } → { location } — somebody presses 授权 (or 拒绝, with deny) on the page at /open-apis/authen/v1/authorize?query. */
export type LoginRequest = { as: string; query: string; deny?: boolean }

/**
 * What the bot called that this simulator does not have (answered with HTTP 404, 99991201), most often called first; ids in the path are
 * written `:id`. GET /sim/gaps → GapsAnswer. Forgotten at a restart and by /sim/reset.
 */
export interface Gap {
  method: string
  path: string
  count: number
  first_at: number
  last_at: number
}
export type GapsAnswer = { gaps: Gap[] }

/** GET /sim/faults → Faults; PATCH /sim/faults merges; DELETE /sim/faults resets. Chances are 0 … 1. */
export interface Faults {
  /** Deliveries: send each event this many extra times at once. */
  duplicate: number
  /** Deliver the same message again under a new event_id. */
  new_event_id: boolean
  /** Deliver the same message again under a new message_id (and event_id), as one report says Feishu once did. */
  new_message_id: boolean
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
  /** Long connections: the next n acknowledgements are lost; the next n events are sent and the connection cut off at once. */
  line_lost_acks: { next: number }
  line_drops: { next: number }
  /** Before the next n events something comes that is no frame. */
  line_garbage: { next: number }
  /** The connections stand, but nothing goes through them in either direction. */
  line_deaf: boolean
  /** The endpoint refuses with this code (1, 403, 514, 1000040343, 1000040350; 502: an HTML page); 0: it does not. */
  line_endpoint: number
  /** The next n handshakes fail, although the address was handed out. */
  line_handshakes: { next: number }
  /** How many connections there may be (50), how often they are to be pinged (120 s), and how large a frame may be. */
  line_limit: number
  line_ping_s: number
  line_chunk_bytes: number
  /** API: added latency in ms before handling, or after handling before the answer. */
  api_latency_ms: number
  api_latency_after_ms: number
  /** API: chance of a 5xx without doing the work, and of doing the work and then 5xx. */
  api_5xx: number
  api_5xx_after: number
  /** API: chance of closing the connection before and after doing the work. */
  api_reset: number
  api_reset_after: number
  /** API: chance of no answer at all, before and after doing the work, and of one that takes 2 s. */
  api_timeout: number
  api_timeout_after: number
  api_slow: number
  /** API: answer the next n calls with 99991400 and this reset in seconds; older APIs say so with 400 instead of 429. */
  api_429: { next: number; reset_s: number; status?: 400 | 429 }
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
  /** open_ids of people who stopped the bot: nothing reaches them in private (230053). */
  stopped: string[]
  /** Words that no message may hold (230022). */
  sensitive_words: string[]
  /** Refuse mobile numbers in plain text (230028). */
  dlp: boolean
  /** Keep the limits of the platform (default true). */
  limits: boolean
  /** @所有人 in `mentions`: left out (default), or an entry with empty ids. */
  at_all: 'absent' | 'entry'
  /** @所有人 alone makes the bot hear a group message; nobody knows whether it does. */
  at_all_heard: boolean
  /** chat_ids that are topic groups: chat_type topic_group, each message a topic of its own. */
  topic_groups: string[]
  /** chat_ids of groups in which people of another tenant sit. */
  external_groups: string[]
  /** Calls a month before 99991403; null is no limit. */
  monthly_quota: number | null
  /** How long the administrators let messages be taken back (230009) and edited (230075); a day by default, null is for ever. */
  recall_within_ms: number | null
  edit_within_ms: number | null
  /** Urgent messages left before 230024; null is no limit. */
  urgent_quota: number | null
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

/** GET /sim/gallery → keys of pictures and of a recording that the gallery's cards may show. */
export type GallerySamples = { images: string[]; audio: string }
/** POST /sim/gallery/check { card: JSON text } — what the platform would answer to a bot that sends it: 0, 230025, 230099 with its ErrCode. */
export type CardCheck = { code: number; msg: string; bytes: number }
/** POST /sim/gallery/press { as, card, action } → the body of `card.action.trigger` that a bot would receive; none is sent. */
export type GalleryPressRequest = { as: string; card: string; action: Record<string, unknown> }
export type GalleryPressAnswer = { callback: Record<string, unknown> }
