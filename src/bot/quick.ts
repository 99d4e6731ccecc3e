import { claimAnswered, type MayTake } from '../../db/answered.ts'
import type { Db } from '../../db/client.ts'
import type { NewParcel, Waiting } from '../../db/outbox.ts'
import { roomKnown } from '../../db/room.ts'
import type { Incoming } from '../feishu/incoming.ts'
import { Refusal } from '../kit/refusal.ts'
import { dayIn } from '../kit/time.ts'
import { answerAddress, Desk } from './desk.ts'
import { LEASE_MS } from './drain.ts'
import type { Turn } from './feature.ts'
import { allowed } from './limits.ts'
import type { Office } from './office.ts'
import { type Act, RUNNERS, refused } from './run.ts'

/** How a quick turn ended, and the answer that is to be carried. */
interface Quick {
  kind: 'done' | 'refused'
  taken: Waiting | undefined
}

type Said = Extract<Incoming, { kind: 'said' }>

/** The turn turned out to need the database: it is run again from its start, in a transaction. */
class Asks extends Error {}

const NO_DATABASE = new Proxy({} as Db, {
  get() {
    throw new Asks()
  },
})

/** Whether it is worth a try. */
export const mayBeQuick = ({ regulars, clock }: Office, incoming: Incoming): incoming is Said =>
  incoming.kind === 'said' &&
  !incoming.parent &&
  !incoming.root &&
  !incoming.attachments.length &&
  regulars.of(incoming.who)?.day === dayIn(clock.now())

/**
 * A turn that reads and writes nothing of its own (help, a proposal, most refusals) in one statement instead of a transaction: the
 * person is taken as they were at their last turn, and the delivery is claimed, noted and answered only if they are so still, and among themselves.
 * Undefined: nothing has been done, and the turn is to be run in full.
 */
export async function quickly(office: Office, incoming: Said, act: Act): Promise<Quick | undefined> {
  const now = office.clock.now()
  const regular = office.regulars.of(incoming.who)
  if (regular?.day !== dayIn(now)) return undefined
  const { who, chat, key, message } = incoming
  const desk = new Desk(office, NO_DATABASE, now, { who, chat: chat.id, delivery: key })
  const turn = desk.turn({ who: regular.person, roles: regular.roles, standsFor: [], chat })
  const { answer, outcome } = await sayOf(office, turn, incoming, desk, act)
  if (!answer?.say) return undefined
  const papers = desk.papers(
    { feature: act.feature, act: act.act, outcome },
    answer.say,
    answerAddress(chat, who, message, answer.privately === true),
  )
  if (!papers) return undefined
  const delivery = { key, at: now, who, version: regular.version, isGroup: chat.kind === 'group' }
  const kept = await claimAnswered(office.db, delivery, papers, () => roomFor(office, papers.parcel))
  if (kept) return { kind: outcome === 'ok' ? 'done' : 'refused', taken: kept.taken }
  office.regulars.forget(who)
  return undefined
}

/** Where the windows are known to have room, an answer need not wait for a look at the outbox. */
function roomFor({ db, mayCarry }: Office, { api, lane, queuedMs }: NewParcel): ReturnType<MayTake> {
  const known = mayCarry?.() && roomKnown(db, { api, lane }, queuedMs)
  const hasRoom = known && allowed({ ...known, heads: [{ id: 0, api, lane }] }, 1).length > 0
  return hasRoom ? { seen: known.seen, wireMs: queuedMs, leaseMs: LEASE_MS } : undefined
}

async function sayOf(office: Office, turn: Turn, incoming: Said, desk: Desk, act: Act) {
  const name = (feature: string, what: string): void => {
    Object.assign(act, { feature, act: what })
    if (office.regulars.asks(`${feature}.${what}`)) throw new Asks()
  }
  try {
    return {
      answer: await RUNNERS.said({ office, turn, incoming, copy: undefined, outside: false, desk, name }),
      outcome: 'ok' as const,
    }
  } catch (error) {
    if (error instanceof Refusal) return { answer: refused(error, incoming), outcome: 'refused' as const }
    if (!(error instanceof Asks)) throw error
    if (act.feature) office.regulars.noteAsking(`${act.feature}.${act.act}`)
    return { answer: undefined, outcome: 'ok' as const }
  }
}
