import { eq, sql } from 'drizzle-orm'
import { jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { Card } from '../src/kit/card.ts'
import { digest } from '../src/kit/secret.ts'
import { type Db, rawStatement } from './client.ts'

/**
 * Cards that are the same for whoever gets them, e.g. what the bot can do: each is kept once, under the SHA-256 of its JSON, and a
 * parcel names it. Without that, most of what a short turn writes would be its card.
 */
export const stencils = pgTable('stencils', { id: text().primaryKey(), card: jsonb().$type<Card>().notNull() })

/** What this process knows of them; a database has a dozen or two. */
interface Known {
  ids: WeakMap<Card, string>
  cards: Map<string, Card>
}

const known = new WeakMap<Db, Known>()

function knownIn(db: Db): Known {
  const some = known.get(db) ?? { ids: new WeakMap(), cards: new Map() }
  known.set(db, some)
  return some
}

const handedOut = new WeakSet<Card>()

const insert = rawStatement(sql`
  insert into ${stencils} (id, card) values (${sql.placeholder('id')}::text, ${sql.placeholder('card')}::jsonb)
  on conflict do nothing`)

/** The name of a card that is handed out again and again, which is kept from here on; undefined the first time. */
export async function stencilOf(db: Db, card: Card): Promise<string | undefined> {
  const { ids, cards } = knownIn(db)
  const name = ids.get(card)
  if (name) return name
  if (!handedOut.has(card)) {
    handedOut.add(card)
    return undefined
  }
  const text = JSON.stringify(card)
  const id = digest(text)
  await insert(db, { id, card: text })
  ids.set(card, id)
  cards.set(id, card)
  return id
}

export async function stencilCard(db: Db, id: string): Promise<Card | undefined> {
  const { cards } = knownIn(db)
  const [row] = cards.has(id) ? [] : await db.select().from(stencils).where(eq(stencils.id, id))
  if (row) cards.set(id, row.card)
  return cards.get(id)
}
