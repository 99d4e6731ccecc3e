import { sql } from 'drizzle-orm'
import type { Card } from '../src/kit/card.ts'
import { type Db, rawStatement } from './client.ts'
import { events, type NewEvent } from './events.ts'
import { inbox } from './inbox.ts'
import { type NewParcel, outbox, type Parcel } from './outbox.ts'
import { people } from './people.ts'
import { together } from './together.ts'

/** A whole turn: its delivery, by a person of this `version` (see `claim`), what it asked for, and its answer. */
interface Answered {
  delivery: { key: string; at: Date; who: string; version: string }
  event: NewEvent
  parcel: NewParcel
}

const value = sql.placeholder

const answered = rawStatement(sql`
  with delivery as (
    insert into ${inbox} (key, at)
    select ${value('key')}::text, ${value('at')}::timestamptz
    where exists (select from ${people} where id = ${value('who')}::text and xmin::text = ${value('version')}::text)
    on conflict do nothing returning key
  ), event as (
    insert into ${events} (at, who, roles, feature, act, outcome, chat, delivery, data)
    select ${value('at')}::timestamptz, ${value('who')}::text, ${value('roles')}::text, ${value('feature')}::text, ${value('act')}::text,
      ${value('outcome')}::text, ${value('chat')}::text, key, '{}' from delivery
  )
  insert into ${outbox} (uuid, lane, api, priority, parcel, sender, queued_ms, due_ms)
  select ${value('uuid')}::text, ${value('lane')}::text, ${value('api')}::text, ${value('priority')}::smallint,
    ${value('parcel')}::jsonb, ${value('who')}::text, ${value('queuedMs')}::bigint, ${value('queuedMs')}::bigint from delivery
  returning id`)

/** The same for many; of those with one key the first counts. Keys are claimed in their order, so that no two of these wait for each other. */
const allAnswered = rawStatement(sql`
  with asked as materialized (
    select distinct on (key) * from json_to_recordset(${value('turns')}::json) as turn (
      place integer, key text, at timestamptz, who text, version text, roles text, feature text, act text, outcome text, chat text,
      uuid text, lane text, api text, priority smallint, parcel jsonb, "queuedMs" bigint)
    where version = (select xmin::text from ${people} where id = who)
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

const claimTogether = together(async (db, turns: Answered[]): Promise<boolean[]> => {
  const [only] = turns
  if (only && turns.length === 1)
    return [(await answered(db, { ...fieldsOf(only), parcel: printed(only.parcel.parcel) })).length > 0]
  const rows = turns.map((turn, place) => {
    const fields = JSON.stringify({ place, ...fieldsOf(turn) })
    return `${fields.slice(0, -1)},"parcel":${printed(turn.parcel.parcel)}}`
  })
  const claimed = (await allAnswered(db, { turns: `[${rows}]` })) as Array<{ place: number }>
  const places = new Set(claimed.map(({ place }) => place))
  return turns.map((_, place) => places.has(place))
})

/**
 * A whole turn in one statement: claims the delivery, notes what was asked for and puts the answer in the outbox; turns that end
 * while such a statement is under way share the next. False: nothing was written, because the delivery was claimed before or the
 * person's row is no longer of this `version` (see `claim`).
 */
export async function claimAnswered(
  db: Db,
  delivery: Answered['delivery'],
  papers: { event: NewEvent; parcel: NewParcel },
): Promise<boolean> {
  return claimTogether(db, { delivery, ...papers })
}

const fieldsOf = ({ delivery, event, parcel }: Answered) => ({
  ...delivery,
  at: delivery.at.toISOString(),
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

const cards = new WeakMap<Card, string>()

/** As JSON: a card that is handed out again and again is printed once. */
function printed({ card, ...parcel }: Parcel): string {
  if (!card) return JSON.stringify(parcel)
  const text = cards.get(card) ?? JSON.stringify(card)
  cards.set(card, text)
  return `{"card":${text},${JSON.stringify(parcel).slice(1)}`
}
