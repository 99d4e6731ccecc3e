import { isDeepStrictEqual } from 'node:util'
import { isNotNull, TransactionRollbackError } from 'drizzle-orm'
import { copies } from '../../db/copies.ts'
import { drawCopy } from '../../src/bot/desk.ts'
import { systemClock } from '../../src/clock.ts'
import { printCard } from '../../src/feishu/card.ts'
import { prepareHouse } from '../../src/house.ts'
import { ADMIN, KEYS } from '../harness/keys.ts'
import { rows } from '../harness/traces.ts'
import { type Check, type Evidence, type Miss, missed } from './evidence.ts'

/** What was read of calendars, and has been swept away since by a clock that jumped: what a card was drawn from stands there again. */
const UNSWEEP = 'insert into calendar_reads select * from chaos.calendar_reads on conflict do nothing'

/**
 * Every card shows what is true. A card tells how much time is left, and is drawn anew only when more than that changes: so it may
 * be as it was at the instant of its last change, by any clock of that time, but what it is drawn from must be what stands now.
 */
export const cardsAreFresh: Check = async evidence => {
  let found: Miss[] = []
  await evidence.db
    .transaction(async tx => {
      await rows(tx, UNSWEEP)
      found = missed('a card is stale', await staleAmong({ ...evidence, db: tx }))
      tx.rollback()
    })
    .catch((error: unknown) => {
      if (!(error instanceof TransactionRollbackError)) throw error
    })
  return found
}

async function staleAmong({ db, feishu, offsets }: Evidence): Promise<unknown[]> {
  const { office } = prepareHouse({
    config: { admins: [ADMIN], officeHours: '08:30-12:00,14:30-17:30', logLevel: 'error' },
    feishu: { ...KEYS, domain: 'http://127.0.0.1:1', transport: 'webhook' },
    clock: systemClock,
    write: () => {},
  })(db)
  const stale = []
  for (const copy of await db.select().from(copies).where(isNotNull(copies.message))) {
    const message = feishu.messages.get(copy.message ?? '')
    if (!message || message.recalled || AS_IT_BEGAN.includes(copy.feature)) continue
    const shown: unknown = JSON.parse(message.content)
    const draw = async (at: number) => {
      const card = await drawCopy(office, db, copy, new Date(at))
      return card && (JSON.parse(JSON.stringify(printCard(card))) as unknown)
    }
    const now = await draw(Date.now() + (offsets.at(-1) ?? 0))
    if (now === undefined || isDeepStrictEqual(now, shown)) continue
    const then = await Promise.all(offsets.map(offset => draw(message.update_time + offset)))
    if (!then.some(card => isDeepStrictEqual(card, shown)))
      stale.push({
        copy,
        message: message.message_id,
        chat: message.chat_id,
        ...apart(shown, now),
      })
  }
  return stale
}

/** A morning's card tells the day as it began, a list the moment at which it was asked for; only a press on them draws them anew. */
const AS_IT_BEGAN = ['digest', 'todo']

/** The leaves in which two cards differ. */
function apart(shown: unknown, anew: unknown): { shown: string[]; anew: string[] } {
  const [one, other] = [leavesOf(shown), leavesOf(anew)]
  return { shown: one.filter(leaf => !other.includes(leaf)), anew: other.filter(leaf => !one.includes(leaf)) }
}

function leavesOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [String(value)]
}
