import { rows } from '../harness/traces.ts'
import { auditWhole } from './audit.ts'
import { cardsAreFresh } from './cards.ts'
import { acknowledged, answeredOnce, claimsKept, commandsOnce, pressesOnce } from './commands.ts'
import type { Check, Evidence, Miss } from './evidence.ts'
import { missed } from './evidence.ts'
import { messagesOnce, orderKept, outboxEmpty } from './messages.ts'

/** Of two that overlap the later is told by the earlier; the spans are those that the tables' own constraints hold apart. */
const noOverlaps: Check = async ({ db }) => {
  const driven = (who: string) => `
    select a.id as one, b.id as other, a.${who}, a.starts_at, a.ends_at, b.starts_at as other_starts_at, b.ends_at as other_ends_at
    from runs a join runs b on a.id < b.id and a.${who} = b.${who} and a.state <> 'void' and b.state <> 'void'
      and tstzrange(a.starts_at, greatest(a.starts_at, least(a.ends_at, coalesce(a.returned_at, a.ends_at))))
       && tstzrange(b.starts_at, greatest(b.starts_at, least(b.ends_at, coalesce(b.returned_at, b.ends_at))))`
  return [
    ...missed('a car is in two runs at once', await rows(db, driven('vehicle'))),
    ...missed('a driver is in two runs at once', await rows(db, driven('driver'))),
    ...missed('somebody drives two cars at once', await rows(db, driven('pilot'))),
    ...missed(
      'a room is taken twice at once',
      await rows(
        db,
        `select a.id as one, b.id as other, a.room, a.starts_at, a.ends_at, b.starts_at as other_starts_at
         from bookings a join bookings b on a.id < b.id and a.room = b.room and a.state <> 'void' and b.state <> 'void'
           and tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)`,
      ),
    ),
  ]
}

/** Each series: from where its numbers come, and the counter that gives them out. */
const SERIES: Array<{ what: string; numbers: string; counter?: string }> = [
  {
    what: '督办',
    numbers: `select unit || number_word || number_year as series, number_seq as number from tasks where number_seq is not null`,
    counter: `select unit || word || year as series, last from task_numbers`,
  },
  {
    what: '用车',
    numbers: `select number_year::text as series, number_seq as number from trips where number_seq is not null`,
    counter: `select year::text as series, last from trip_numbers`,
  },
  {
    what: '会议',
    numbers: `select number_year::text as series, number_seq as number from meetings where number_seq is not null`,
    counter: `select year::text as series, last from meeting_numbers`,
  },
  { what: '提醒', numbers: `select owner as series, number from reminders` },
]

const numbersUnbroken: Check = async ({ db }) => {
  const found: Miss[] = []
  for (const { what, numbers, counter } of SERIES) {
    const broken = await rows(
      db,
      `select series, count(*) as given, count(distinct number) as distinct_numbers, min(number) as first, max(number) as last,
         array_agg(number order by number) as numbers
       from (${numbers}) given group by series
       having min(number) <> 1 or max(number) <> count(*) or count(distinct number) <> count(*)`,
    )
    found.push(...missed(`the numbers of ${what} have a gap or a double`, broken))
    if (!counter) continue
    const apart = await rows(
      db,
      `select series, counted.last as counted, given.last as given from (${counter}) counted
       full join (select series, max(number) as last from (${numbers}) numbers group by series) given using (series)
       where counted.last is distinct from given.last`,
    )
    found.push(...missed(`the counter of ${what} tells another number than the last that was given`, apart))
  }
  return found
}

/** Each line of the history stands as it was written, and the database would still refuse to change it. */
const historyKept: Check = async ({ db }) => [
  ...missed(
    'a line of the history is gone or was changed',
    await rows(
      db,
      `select seen.id, seen.line as written, events::text as now from chaos.events seen left join events on events.id = seen.id
       where events.id is null or events::text <> seen.line`,
    ),
  ),
  ...missed(
    'nothing holds the history any more',
    await rows(
      db,
      `select 'events_append_only' as trigger where not exists
         (select from pg_trigger where tgname = 'events_append_only' and tgrelid = 'events'::regclass and tgenabled = 'O')`,
    ),
  ),
]

/** Each instant of a reminder is made once, and leaves one card for each that it was said to, or stands in their morning card. */
const remindedOnce: Check = async ({ db, feishu }) => [
  ...missed(
    'a reminder was made twice for one instant',
    await rows(
      db,
      `select reminder, receiver, due_at, count(*) as times from occurrences group by 1, 2, 3 having count(*) > 1`,
    ),
  ),
  ...missed(
    'a reminder was said twice or not at all',
    (
      await rows<{ id: string; cards: number; mornings: string[] | null }>(
        db,
        `select said.*, (select json_agg(message) from copies where feature = 'digest' and viewer = receiver and message is not null) as mornings
         from (
           select id, reminder, receiver, due_at, fired_at, state, (select count(*)::integer from copies where feature = 'remind' and matter = 'o' || occurrences.id) as cards
           from occurrences where state in ('sent', 'done', 'stopped')
         ) said where cards <> 1`,
      )
    ).filter(
      ({ id, cards, mornings }) =>
        cards || !mornings?.some(morning => feishu.messages.get(morning)?.content.includes(`"occurrence":${id},`)),
    ),
  ),
]

/** Everything that must hold when a round is over. */
export const CHECKS = {
  acknowledged,
  commandsOnce,
  pressesOnce,
  claimsKept,
  answeredOnce,
  messagesOnce,
  orderKept,
  outboxEmpty,
  cardsAreFresh,
  noOverlaps,
  numbersUnbroken,
  historyKept,
  remindedOnce,
  auditWhole: async ({ db }) => auditWhole(db),
} satisfies Record<string, Check>

export async function missesOf(evidence: Evidence): Promise<Miss[]> {
  const found: Miss[] = []
  for (const check of Object.values(CHECKS)) found.push(...(await check(evidence)))
  return found
}
