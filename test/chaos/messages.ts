import { rows } from '../harness/traces.ts'
import { type Check, type Evidence, missed } from './evidence.ts'

export interface ParcelSeen {
  id: string
  uuid: string
  api: string
  lane: string
  reply_to: string | null
  priority: number
  state: string | null
  reason: string | null
  committed_at: string | null
  began_at: string | null
  done_at: string | null
  /** The questions whose turn has written it. */
  asked: string[] | null
  /** Of how many failures it tells. */
  tells: string
}

/** Everything that was ever promised as a message of its own, beside what the bot itself says has become of it. */
export const promised = ({ db }: Pick<Evidence, 'db'>): Promise<ParcelSeen[]> =>
  rows<ParcelSeen>(
    db,
    `select seen.id, seen.uuid, seen.api, seen.lane, seen.reply_to, seen.priority, outbox.state, outbox.reason,
       extract(epoch from committed_at) * 1000 as committed_at,
       (select extract(epoch from min(began_at)) * 1000 from chaos.takings where takings.id = seen.id) as began_at,
       extract(epoch from done_at) * 1000 as done_at,
       (select json_agg(substr(key, 9)) from chaos.claims where claims.tx = seen.tx and key like 'message:%') as asked,
       (select count(*) from outbox failed where failed.told_by = seen.id and failed.state = 'failed') as tells
     from chaos.parcels seen left join outbox on outbox.id = seen.id
     where seen.api in ('create', 'reply', 'upload', 'batch') order by seen.id`,
  )

const UNCERTAIN = '是否送达不能确定'
/** So long the bot repeats what may have arrived. */
const REPEATED_MS = 55 * 60_000
/** A process learns a moment later that its clock was set. */
const HEARD_MS = 1_000

/**
 * What the bot may give up: nothing in a round is refused for good, so only what was tried and may have arrived, where its machine's
 * clock has leapt over the hour of a uuid meanwhile.
 */
export function mayBeGivenUp(
  { steps }: Pick<Evidence, 'steps'>,
  { reason, began_at, done_at }: Pick<ParcelSeen, 'reason' | 'began_at' | 'done_at'>,
): boolean {
  if (began_at === null || done_at === null || !reason?.includes(UNCERTAIN)) return false
  const endOf = (nth: number): number => (steps[nth + 1]?.at ?? Number.POSITIVE_INFINITY) + HEARD_MS
  const meanwhile = steps.filter(({ at }, nth) => at <= Number(done_at) && Number(began_at) <= endOf(nth))
  const ahead = meanwhile.map(({ aheadMs }) => aheadMs)
  return Math.max(...ahead) - Math.min(...ahead) >= REPEATED_MS
}

/** A notice of failures that another has told of meanwhile: nothing was left to say. */
const hasNothingToSay = ({ lane, tells }: ParcelSeen): boolean => lane.startsWith('undelivered:') && Number(tells) === 0

interface GivenUp {
  id: string
  lane: string
  sender: string
  uuid: string | null
  state: string | null
}

/** What was given up of what somebody sent to others, beside the notice that tells them so. */
const givenUp = ({ db }: Evidence): Promise<GivenUp[]> =>
  rows<GivenUp>(
    db,
    `select failed.id, failed.lane, failed.sender, told.uuid, told.state
     from outbox failed left join outbox told on told.id = failed.told_by
     where failed.state = 'failed' and failed.api in ('create', 'reply', 'upload', 'batch')
       and failed.sender not in ('', failed.lane)`,
  )

/** A promised message is there once under its uuid, or the bot itself lists it as failed; and there is none that nobody promised. */
export const messagesOnce: Check = async evidence => {
  const parcels = await promised(evidence)
  const { messages, uuids } = evidence.feishu
  const made = new Set([...uuids.values()].map(({ message_id }) => message_id))
  const known = new Set(parcels.map(({ uuid }) => uuid))
  const ofBot = [...messages.values()].filter(({ sender, batch_id }) => sender === 'bot' && !batch_id)
  return [
    ...missed(
      'a promised message vanished from the outbox',
      parcels.filter(({ state }) => state === null),
    ),
    ...missed(
      'a message that is called sent never arrived',
      parcels.filter(
        one => one.state === 'sent' && one.api !== 'batch' && !uuids.has(one.uuid) && !hasNothingToSay(one),
      ),
    ),
    ...missed(
      'a message was given up that could have been said',
      parcels.filter(one => one.state === 'failed' && !mayBeGivenUp(evidence, one)),
    ),
    ...missed(
      'a message that is called failed arrived all the same',
      parcels.filter(
        ({ state, uuid, reason }) => state === 'failed' && uuids.has(uuid) && !reason?.includes(UNCERTAIN),
      ),
    ),
    ...missed(
      'nobody was told of a message that was given up',
      (await givenUp(evidence)).filter(
        ({ uuid, state, sender }) =>
          (!uuid || (state === 'sent' && !uuids.has(uuid))) &&
          // the notice itself was given up, before it found out what it was to tell
          !parcels.some(one => one.lane === `undelivered:${sender}` && one.state === 'failed'),
      ),
    ),
    ...missed(
      'a message arrived twice, or without its uuid',
      ofBot.filter(({ message_id }) => !made.has(message_id)),
    ),
    ...missed(
      'a message bears a uuid that nobody gave it',
      [...uuids].filter(([uuid]) => !known.has(uuid)).map(([uuid, { message_id }]) => ({ uuid, message_id })),
    ),
  ]
}

/** A commit is seen by others a moment after its trigger has run. */
const SEEN_AFTER_MS = 250

/** What was committed before the next of its chat was taken has left before it. Files take the time that making them takes. */
export const orderKept: Check = async evidence => {
  const { chats, uuids } = evidence.feishu
  const places = new Map([...chats.values()].flatMap(chat => chat.message_ids.map((id, place) => [id, place] as const)))
  const sent = (await promised(evidence)).filter(
    ({ api, state }) => state === 'sent' && (api === 'create' || api === 'reply'),
  )
  const arrived = sent.flatMap(one => {
    const place = places.get(uuids.get(one.uuid)?.message_id ?? '')
    return place === undefined
      ? []
      : [{ ...one, place, id: Number(one.id), committed: Number(one.committed_at), began: Number(one.began_at) }]
  })
  const turned = []
  for (const lane of new Set(arrived.map(one => one.lane))) {
    const here = arrived.filter(one => one.lane === lane)
    for (const first of here)
      for (const second of here) {
        const isBefore =
          first.priority < second.priority || (first.priority === second.priority && first.id < second.id)
        const wasThere = first.committed + SEEN_AFTER_MS < second.began
        if (isBefore && wasThere && first.place > second.place) turned.push({ first, second })
      }
  }
  return [
    ...missed(
      'a message left that nobody was seen to take',
      sent.filter(({ began_at }) => began_at === null),
    ),
    ...missed('messages of one chat changed places', turned),
  ]
}

/** Nothing waits any more; what was given up says why. */
export const outboxEmpty: Check = async ({ db }) => [
  ...missed(
    'a parcel still waits',
    await rows(
      db,
      `select id, api, lane, attempts, reason, due_ms, claimed_until_ms from outbox where state = 'waiting'`,
    ),
  ),
  ...missed(
    'a parcel failed without a reason',
    await rows(db, `select id, api, lane, attempts from outbox where state = 'failed' and coalesce(reason, '') = ''`),
  ),
  ...missed(
    'a card was never sent, and nothing says why',
    await rows(
      db,
      `select copies.id, feature, matter, copies.lane from copies where message is null
         and not exists (select from outbox where outbox.copy = copies.id and state = 'failed')`,
    ),
  ),
]
