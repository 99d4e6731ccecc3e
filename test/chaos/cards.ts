import { isDeepStrictEqual } from 'node:util'
import { and, between, eq, gt, inArray, isNotNull, max, or, TransactionRollbackError } from 'drizzle-orm'
import { assignments } from '../../db/assign.ts'
import { type Copy, copies } from '../../db/copies.ts'
import { events } from '../../db/events.ts'
import type { StoredMessage } from '../../simulator/state.ts'
import { drawCopy } from '../../src/bot/desk.ts'
import { systemClock } from '../../src/clock.ts'
import { printCard } from '../../src/feishu/card.ts'
import { prepareHouse } from '../../src/house.ts'
import { ADMIN, KEYS } from '../harness/keys.ts'
import { rows } from '../harness/traces.ts'
import { PRESSED } from './commands.ts'
import { type Check, type Evidence, type Miss, missed } from './evidence.ts'

/**
 * What was read of calendars, and has been swept away since by a clock that jumped: what a card was drawn from stands there again, but
 * for what a later reading has taken the place of.
 */
const UNSWEEP = [
  `insert into calendar_reads
    select distinct on (person, from_at) person, from_at, until_at, read_at from chaos.calendar_reads order by person, from_at, tx desc
    on conflict do nothing`,
  `insert into calendar_busy
    select person, starts_at, ends_at from chaos.calendar_busy as swept where not exists (
      select from chaos.calendar_reads as later where later.person = swept.person and later.tx > swept.tx
        and later.from_at < swept.ends_at and later.until_at > swept.starts_at)
    except select person, starts_at, ends_at from calendar_busy`,
]

/**
 * Every card shows what is true. A card tells how much time is left, and is drawn anew only when more than that changes: so it may
 * be as it was at the instant of its last change, by any clock of that time, wherever it then stood on its way; but what it is drawn
 * from must be what stands now.
 */
export const cardsAreFresh: Check = async evidence => {
  let found: Miss[] = []
  await evidence.db
    .transaction(async tx => {
      for (const statement of UNSWEEP) await rows(tx, statement)
      found = missed('a card is stale', await staleAmong({ ...evidence, db: tx }))
      tx.rollback()
    })
    .catch((error: unknown) => {
      if (!(error instanceof TransactionRollbackError)) throw error
    })
  return found
}

async function staleAmong(evidence: Evidence): Promise<unknown[]> {
  const { db, feishu, offsets } = evidence
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
    const instants = offsets.map(offset => message.update_time + offset)
    const then = await Promise.all([...instants, ...(await stopsAt(evidence, message.update_time))].map(draw))
    if (
      !then.some(card => isDeepStrictEqual(card, shown)) &&
      !(await isOpenedForm(evidence, copy, message, shown, now))
    )
      stale.push({
        copy,
        message: message.message_id,
        chat: message.chat_id,
        ...apart(shown, now),
      })
  }
  return stale
}

/** A card is drawn a moment before it arrives. */
const ON_THE_WIRE_MS = 5_000

/**
 * What the office's clock may have said on its way, where it was being moved at that time: when something happened there, or when a
 * deadline was seen to be over, which leaves no event.
 */
async function stopsAt({ db, moves }: Evidence, wireMs: number): Promise<number[]> {
  const under = moves.filter(({ from, until }) => from <= wireMs && wireMs <= until + ON_THE_WIRE_MS)
  const onTheWay = (at: typeof events.at | typeof assignments.shownLateAt) =>
    or(
      ...under.map(({ from, until, before, after }) =>
        between(at, new Date(from + Math.min(before, after)), new Date(until + Math.max(before, after))),
      ),
    )
  if (!under.length) return []
  const stops = await Promise.all([
    db.selectDistinct({ at: events.at }).from(events).where(onTheWay(events.at)),
    db.selectDistinct({ at: assignments.shownLateAt }).from(assignments).where(onTheWay(assignments.shownLateAt)),
  ])
  return stops.flat().flatMap(({ at }) => at?.getTime() ?? [])
}

/** A morning's card tells the day as it began, a list the moment at which it was asked for; only a press on them draws them anew. */
const AS_IT_BEGAN = ['digest', 'todo', 'today']

const FORM = /^form_/
/** An answer changes its card at once; a redraw that comes later is another change. */
const AT_ONCE_MS = 1_000

/**
 * Whether somebody has opened a form in the card's place and not handed it in: it is theirs to fill in as long as the matter stands
 * where it stood. So the card's last change must be the answer to a press on it, and nothing noted of the matter since; a later press
 * that failed has changed nothing.
 */
async function isOpenedForm(
  { db, deliveries }: Evidence,
  { feature, matter }: Copy,
  { message_id, update_time }: StoredMessage,
  shown: unknown,
  now: unknown,
): Promise<boolean> {
  if (!apart(shown, now).shown.some(leaf => FORM.test(leaf))) return false
  const presses = deliveries.filter(
    ({ event_type, attempts }) =>
      event_type === PRESSED &&
      attempts.some(
        ({ plain, at, ms }) => plain?.includes(message_id) && at <= update_time && update_time <= at + ms + AT_ONCE_MS,
      ),
  )
  const ids = presses.map(({ event_id }) => event_id)
  const [noted] = await db
    .select({ id: max(events.id) })
    .from(events)
    .where(inArray(events.delivery, ids))
  if (!noted?.id) return false
  const moved = and(eq(events.feature, feature), eq(events.matter, matter), gt(events.id, noted.id))
  return (await db.$count(events, moved)) === 0
}

/** The leaves in which two cards differ. */
function apart(shown: unknown, anew: unknown): { shown: string[]; anew: string[] } {
  const [one, other] = [leavesOf(shown), leavesOf(anew)]
  return { shown: one.filter(leaf => !other.includes(leaf)), anew: other.filter(leaf => !one.includes(leaf)) }
}

function leavesOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [String(value)]
}
