import type { Delivery } from '../../simulator/protocol.ts'
import { rows } from '../harness/traces.ts'
import { type Check, missed } from './evidence.ts'
import { mayBeGivenUp, type ParcelSeen, promised } from './messages.ts'
import type { Said } from './people.ts'
import type { Made } from './stories.ts'

/** Every event was acknowledged in the end. A press is never sent again: whoever pressed saw that nothing came of it. */
export const acknowledged: Check = async ({ deliveries }) =>
  missed(
    'a delivery was never acknowledged',
    deliveries
      .filter(one => !isPress(one) && one.state !== 'done')
      .map(({ event_id, event_type, state, attempts }) => ({
        event_id,
        event_type,
        state,
        attempts: attempts.map(({ at, ms, status, error }) => ({ at, ms, status, error })),
      })),
  )

export const PRESSED = 'card.action.trigger'
const isPress = ({ event_type }: Delivery): boolean => event_type === PRESSED

/** Where what a command makes is kept, and in which column its word stands. */
const MADE: Record<Made, { table: string; column: string }> = {
  assign: { table: 'assignments', column: 'title' },
  task: { table: 'tasks', column: 'title' },
  car: { table: 'trips', column: 'purpose' },
  meeting: { table: 'meetings', column: 'title' },
  remind: { table: 'reminders', column: 'text' },
}

/** Every message was taken up once; what was accepted has been made once, what was refused not at all. */
export const commandsOnce: Check = async ({ db, said }) => {
  const kept = new Set((await rows<{ key: string }>(db, 'select key from chaos.claims')).map(({ key }) => key))
  const outcomes = new Map<string, Set<string>>()
  const done = new Set<string>()
  for (const { delivery, outcome, matter } of await rows<{ delivery: string; outcome: string; matter: string | null }>(
    db,
    `select delivery, outcome, matter from events where delivery like 'message:%'`,
  )) {
    outcomes.set(delivery, (outcomes.get(delivery) ?? new Set()).add(outcome))
    // what only led to a question back, or to a form, is about no matter yet
    if (outcome === 'ok' && matter !== null) done.add(delivery)
  }
  const lost = said.filter(({ message }) => !kept.has(`message:${message}`))
  const unnoted = said.filter(({ message }) => !outcomes.has(`message:${message}`))
  const both = said.filter(({ message }) => (outcomes.get(`message:${message}`)?.size ?? 0) > 1)
  const counted = []
  for (const one of said) {
    if (!one.makes) continue
    const { table, column } = MADE[one.makes]
    const found = await rows<{ id: number }>(db, `select id from ${table} where ${column} like '%${one.word}%'`)
    const isAccepted = done.has(`message:${one.message}`)
    if (found.length !== (isAccepted ? 1 : 0)) counted.push({ ...one, isAccepted, found })
  }
  return [
    ...missed('a message was not taken up', lost),
    ...missed('a message that was taken up left no trace in the history', unnoted),
    ...missed('a message was both done and refused', both),
    ...missed('a command was done twice, or not at all', counted),
  ]
}

/**
 * A press that was answered well is in the history; none is there twice, and none without its claim. Each press of an impatient finger
 * has a delivery of its own, but all of them find the matter in one state, which is left once, unless the matter has come back to it.
 */
export const pressesOnce: Check = async ({ db, deliveries }) => {
  const noted = await rows<{ delivery: string; times: string | number }>(
    db,
    `select delivery, count(*) as times from events where outcome = 'ok' and delivery not like 'message:%' group by delivery`,
  )
  const ok = new Set(noted.map(({ delivery }) => delivery))
  const praised = deliveries.filter(one => isPress(one) && one.attempts.some(({ answer }) => isPraise(answer)))
  return [
    ...missed(
      'a press was told that it was done, and was not',
      praised
        .filter(({ event_id }) => !ok.has(event_id))
        .map(({ event_id, attempts }) => ({ event_id, answer: attempts[0]?.answer?.slice(0, 300) })),
    ),
    ...missed(
      'one delivery did the same twice',
      await rows(
        db,
        `select delivery, feature, act, matter, data, count(*) as times from events
         where outcome = 'ok' and delivery in (select key from chaos.claims) group by 1, 2, 3, 4, 5 having count(*) > 1`,
      ),
    ),
    ...missed(
      'something was done by a delivery that was never claimed',
      await rows(
        db,
        `select * from events where id in (select id from chaos.events) and delivery not like 'tick:%' and delivery not like 'file:%'
           and not exists (select from chaos.claims where key = delivery)`,
      ),
    ),
    ...missed(
      'one state of a matter was left twice',
      await rows(
        db,
        `with changes as (
           select id, feature, matter, act, who, delivery, data -> 'hashes' ->> 'before' as before, data -> 'hashes' ->> 'after' as after
           from events where matter is not null and data -> 'hashes' ->> 'before' is distinct from data -> 'hashes' ->> 'after'
         )
         select one.*, again.id as again, again.act as again_act, again.who as again_who, again.delivery as again_delivery
         from changes one join changes again using (feature, matter, before)
         where one.id < again.id and not exists (
           select from changes back where back.feature = one.feature and back.matter = one.matter and back.after = one.before
             and back.id between one.id and again.id)`,
      ),
    ),
  ]
}

/** A repeat that comes within these hours of the office's time is known as one. */
const CLAIMED_MS = 48 * 3_600_000

/** What was claimed is remembered for as long as is promised, by whichever clock has gone furthest. */
export const claimsKept: Check = async ({ db, offsets }) =>
  missed(
    'a claim was forgotten before its time',
    await rows(
      db,
      `select key, at from chaos.claims seen
       where extract(epoch from at) * 1000 > ${Date.now() + Math.max(...offsets) - CLAIMED_MS}
         and not exists (select from inbox where inbox.key = seen.key)`,
    ),
  )

const isPraise = (answer: string | undefined): boolean => /"type"\s*:\s*"success"/.test(answer ?? '')

/** What the bot says when a turn broke and will come again; the answer proper follows. */
const APOLOGY = '系统处理出错'

/** Every question has one answer, where its people see it: under the question; in a group it may have gone to the person alone. */
export const answeredOnce: Check = async evidence => {
  const { feishu, said } = evidence
  const parcels = await promised(evidence)
  const ofBot = [...feishu.messages.values()].filter(
    ({ sender, content }) => sender === 'bot' && !content.includes(APOLOGY),
  )
  const asked = said.map(one => {
    const alone = parcels.filter(parcel => isToAskerAlone(parcel, one))
    const ids = alone.map(({ uuid }) => feishu.uuids.get(uuid)?.message_id)
    const answers = ofBot.filter(({ parent_id, message_id }) => parent_id === one.message || ids.includes(message_id))
    const isExcused = [...alone, ...parcels.filter(({ reply_to }) => reply_to === one.message)].some(
      parcel => parcel.state === 'failed' && mayBeGivenUp(evidence, parcel),
    )
    return { ...one, answers: answers.map(({ message_id }) => message_id), isExcused }
  })
  return [
    ...missed(
      'a question was answered twice',
      asked.filter(({ answers }) => answers.length > 1),
    ),
    ...missed(
      'a question was never answered',
      asked.filter(({ answers, isExcused }) => !answers.length && !isExcused),
    ),
  ]
}

/** What answers a group's question in private: no letter, which comes after all answers. */
const isToAskerAlone = ({ asked, lane, reply_to, priority }: ParcelSeen, { message, who, isPrivate }: Said): boolean =>
  !isPrivate && lane === who && reply_to === null && priority === 0 && asked?.includes(message) === true
