import { sql } from 'drizzle-orm'
import { TURNSTILE } from './claims.ts'
import { type Db, rawStatement } from './client.ts'
import { events, type NewEvent } from './events.ts'
import { inbox } from './inbox.ts'
import { calls, type NewParcel, outbox, pauses, type Waiting } from './outbox.ts'
import { chats, people } from './people.ts'
import { forgetRoom, noteClaim } from './room.ts'
import { stencilOf } from './stencils.ts'
import { together } from './together.ts'

/** A whole turn: its delivery, by a person of this `version` (see `claim`) and in a group or not, what it asked for, and its answer. */
interface Answered {
  delivery: { key: string; at: Date; who: string; version: string; isGroup: boolean }
  event: NewEvent
  parcel: NewParcel
  /** Where its card is kept already. */
  stencil: string | undefined
  mayTake: MayTake
}

/** Whether there is room for an answer to leave at once, as far as is known here, and how it then is claimed. */
export type MayTake = () => { seen: number; wireMs: number; leaseMs: number } | undefined

export interface Kept {
  /** The answer's parcel, claimed for whoever asked. */
  taken?: Waiting
}

const value = sql.placeholder

/**
 * `seen`: the answer is claimed as it is written, if there have been as many claims as that, nothing of its lane waits and its API is
 * not paused; -1: it is left to the drainer.
 */
const answered = rawStatement(sql`
  with delivery as (
    insert into ${inbox} (key, at)
    select ${value('key')}::text, ${value('at')}::timestamptz
    where exists (select from ${people} where id = ${value('who')}::text and xmin::text = ${value('version')}::text)
      and (not ${value('isGroup')}::boolean or exists (select from ${chats} where id = ${value('chat')}::text and present and not external))
    on conflict do nothing returning key
  ), event as (
    insert into ${events} (at, who, roles, feature, act, outcome, chat, delivery, data)
    select ${value('at')}::timestamptz, ${value('who')}::text, ${value('roles')}::text, ${value('feature')}::text, ${value('act')}::text,
      ${value('outcome')}::text, ${value('chat')}::text, key, '{}' from delivery
  ), turn as (
    update ${pauses} set until_ms = until_ms + 1
    where api = ${sql.raw(`'${TURNSTILE}'`)} and until_ms = ${value('seen')}::bigint and exists (select from delivery)
      and not exists (select from ${pauses} paused where paused.api = ${value('api')}::text and paused.until_ms > ${value('queuedMs')}::bigint)
      and not exists (select from ${outbox} where lane = ${value('lane')}::text and state = 'waiting')
    returning api
  ), call as (
    insert into ${calls} (api, lane, at_ms) select ${value('api')}::text, ${value('lane')}::text, ${value('queuedMs')}::bigint from turn returning id
  ), parcel as (
    insert into ${outbox} (uuid, lane, api, priority, parcel, sender, queued_ms, due_ms, claimed_until_ms, attempts)
    select ${value('uuid')}::text, ${value('lane')}::text, ${value('api')}::text, ${value('priority')}::smallint,
      ${value('parcel')}::jsonb, ${value('who')}::text, ${value('queuedMs')}::bigint, ${value('queuedMs')}::bigint,
      case when call.id is null then 0 else ${value('queuedMs')}::bigint + ${value('leaseMs')}::bigint end,
      case when call.id is null then 0 else 1 end
    from delivery left join call on true returning id
  )
  select parcel.id::float8 as id, call.id::float8 as call from parcel left join call on true`)

/** The same for many; of those with one key the first counts. Keys are claimed in their order, so that no two of these wait for each other. */
const allAnswered = rawStatement(sql`
  with asked as materialized (
    select distinct on (key) * from json_to_recordset(${value('turns')}::json) as turn (
      place integer, key text, at timestamptz, who text, version text, "isGroup" boolean, roles text, feature text, act text, outcome text, chat text,
      uuid text, lane text, api text, priority smallint, parcel jsonb, "queuedMs" bigint)
    where version = (select xmin::text from ${people} where id = who)
      and (not "isGroup" or exists (select from ${chats} where id = chat and present and not external))
    order by key, place
  ), delivery as (
    insert into ${inbox} (key, at) select key, at from asked order by key on conflict do nothing returning key
  ), claimed as materialized (
    select * from asked where key in (select key from delivery)
  ), event as (
    insert into ${events} (at, who, roles, feature, act, outcome, chat, delivery, data)
    select at, who, roles, feature, act, outcome, chat, key, '{}' from claimed order by place
  ), parcel as (
    insert into ${outbox} (uuid, lane, api, priority, parcel, sender, queued_ms, due_ms)
    select uuid, lane, api, priority, parcel, who, "queuedMs", "queuedMs" from claimed order by place
  )
  select place from claimed`)

const claimTogether = together(async (db, turns: Answered[], hold): Promise<Array<Kept | undefined>> => {
  const [only] = turns
  if (only && turns.length === 1) {
    // a claim is waited for by other claims until its commit: while others write, it is left to the drainer
    const take = hold && only.mayTake()
    // whose look costs much more than that the next one waits for this
    if (take) hold()
    return [await claimOne(db, only, take)]
  }
  const rows = turns.map(
    (turn, place) => `{"place":${place},"parcel":${printed(turn)},${JSON.stringify(fieldsOf(turn)).slice(1)}`,
  )
  const claimed = (await allAnswered(db, { turns: `[${rows}]` })) as Array<{ place: number }>
  const places = new Set(claimed.map(({ place }) => place))
  return turns.map((_, place) => (places.has(place) ? {} : undefined))
})

async function claimOne(db: Db, turn: Answered, take: ReturnType<MayTake>): Promise<Kept | undefined> {
  const fields = fieldsOf(turn)
  const answer = { parcel: printed(turn), seen: take?.seen ?? -1, leaseMs: take?.leaseMs ?? 0 }
  const [row] = (await answered(db, Object.assign(answer, fields))) as Array<{ id: number; call: number | null }>
  if (!row || !take) return row && {}
  if (row.call === null) {
    forgetRoom(db)
    return {}
  }
  const { parcel, priority, sender, copy = null } = turn.parcel
  const { uuid, lane, api, queuedMs } = fields
  noteClaim(db, take.seen, [{ call: row.call, api, lane }], take.wireMs)
  return {
    taken: {
      ...{ id: row.id, call: row.call, uuid, lane, api, priority, parcel, copy, sender, queuedMs, dueMs: queuedMs },
      ...{ alike: null, state: 'waiting', attempts: 1, claimedUntilMs: take.wireMs + take.leaseMs },
      ...{ uncertainSinceMs: null, doneMs: null, reason: null, toldBy: null },
    },
  }
}

/**
 * A whole turn in one statement: claims the delivery, notes what was asked for and puts the answer in the outbox, or takes it out at
 * once; turns that end while such a statement is under way share the next. Undefined: nothing was written, because the delivery was
 * claimed before, the person's row is no longer of this `version` (see `claim`), or it was asked in a group of which it is not known
 * that nobody of another house is in it.
 */
export async function claimAnswered(
  db: Db,
  delivery: Answered['delivery'],
  papers: { event: NewEvent; parcel: NewParcel },
  mayTake: MayTake = () => undefined,
): Promise<Kept | undefined> {
  const { event, parcel } = papers
  const { card } = parcel.parcel
  return claimTogether(db, { delivery, event, parcel, stencil: card && (await stencilOf(db, card)), mayTake })
}

/** Written out: a spread to which properties are added costs V8 more than all the rest that this does. */
const fieldsOf = ({ delivery, event, parcel }: Answered) => ({
  key: delivery.key,
  at: delivery.at.toISOString(),
  who: delivery.who,
  version: delivery.version,
  isGroup: delivery.isGroup,
  roles: event.roles ?? null,
  feature: event.feature,
  act: event.act,
  outcome: event.outcome,
  chat: event.chat,
  uuid: crypto.randomUUID(),
  lane: parcel.lane,
  api: parcel.api,
  priority: parcel.priority,
  queuedMs: parcel.queuedMs,
})

/** As JSON. */
function printed({ parcel: { parcel }, stencil }: Answered): string {
  return JSON.stringify(stencil ? Object.assign({}, parcel, { card: undefined, stencil }) : parcel)
}
