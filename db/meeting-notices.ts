import { sql } from 'drizzle-orm'
import { type Db, rowsOf } from './client.ts'

/** The last card that a person was sent for an invitation `i`, before those that have not arrived. */
export const LAST_CARD = sql`
  select id, message from copies
  where feature = 'meeting' and matter = i.meeting || '/i' || i.id and viewer = i.person
  order by message is null, id desc limit 1`

/** Of such a card `c`. */
export const HAS_FAILED = sql`c.message is null and c.id in (select copy from outbox where state = 'failed' and copy is not null)`

/** Which of some invitations are of people who have not answered and whose notice could not be delivered. */
export async function unreachedAmong(db: Db, some: readonly number[]): Promise<Set<number>> {
  if (!some.length) return new Set()
  const rows = await rowsOf<{ id: string | number }>(
    db.execute(sql`
      select i.id from invitations i
      cross join lateral (${LAST_CARD}) c
      where i.id in (select value::bigint from json_array_elements_text(${JSON.stringify(some)}::json))
        and i.state = 'pending' and ${HAS_FAILED}`),
  )
  return new Set(rows.map(({ id }) => Number(id)))
}
