import { sql } from 'drizzle-orm'
import type { Card } from '../src/kit/card.ts'
import { type Db, rawStatement } from './client.ts'
import { events, type NewEvent } from './events.ts'
import { inbox } from './inbox.ts'
import { type NewParcel, outbox, type Parcel } from './outbox.ts'
import { people } from './people.ts'

const value = sql.placeholder

const answered = rawStatement(sql`
  with delivery as (
    insert into ${inbox} (key, at)
    select ${value('key')}::text, ${value('at')}::timestamptz
    where exists (select from ${people} where id = ${value('who')}::text and xmin::text = ${value('version')}::text)
    on conflict do nothing returning key
  ), event as (
    insert into ${events} (at, who, feature, act, outcome, chat, delivery, data)
    select ${value('at')}::timestamptz, ${value('who')}::text, ${value('feature')}::text, ${value('act')}::text,
      ${value('outcome')}::text, ${value('chat')}::text, key, '{}' from delivery
  )
  insert into ${outbox} (uuid, lane, api, priority, parcel, sender, queued_ms, due_ms)
  select ${value('uuid')}::text, ${value('lane')}::text, ${value('api')}::text, ${value('priority')}::smallint,
    ${value('parcel')}::jsonb, ${value('who')}::text, ${value('queuedMs')}::bigint, ${value('queuedMs')}::bigint from delivery
  returning id`)

/**
 * A whole turn in one statement: claims the delivery, notes what was asked for and puts the answer in the outbox. False: nothing was
 * written, because the delivery was claimed before or the person's row is no longer of this `version` (see `claim`).
 */
export async function claimAnswered(
  db: Db,
  delivery: { key: string; at: Date; who: string; version: string },
  { event, parcel }: { event: NewEvent; parcel: NewParcel },
): Promise<boolean> {
  const rows = await answered(db, {
    ...delivery,
    at: delivery.at.toISOString(),
    feature: event.feature,
    act: event.act,
    outcome: event.outcome,
    chat: event.chat,
    uuid: crypto.randomUUID(),
    lane: parcel.lane,
    api: parcel.api,
    priority: parcel.priority,
    parcel: printed(parcel.parcel),
    queuedMs: parcel.queuedMs,
  })
  return rows.length > 0
}

const cards = new WeakMap<Card, string>()

/** As JSON: a card that is handed out again and again is printed once. */
function printed({ card, ...parcel }: Parcel): string {
  if (!card) return JSON.stringify(parcel)
  const text = cards.get(card) ?? JSON.stringify(card)
  cards.set(card, text)
  return `{"card":${text},${JSON.stringify(parcel).slice(1)}`
}
