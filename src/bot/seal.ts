import { endBatch, extendChain, type Head, headText, isUnsealed, keepHead, takeHead } from '../../db/audit-chain.ts'
import type { Keys } from './keys.ts'
import type { Office } from './office.ts'

/** So many events are sealed in one transaction, signed once. */
const BATCH = 1_000
/** After so many batches others have their turn: events of before the chain may be a million. */
const MOST_BATCHES = 10

/**
 * Seals the events that are committed by now, batch by batch: turns do not wait for one another, so the chain is made after them.
 * 'more': there may be more of them, or another process is at it just now. A head that is not ours is left as it is, for
 * what is put on top of it would make it ours; verification tells.
 */
export async function seal(office: Office): Promise<'more' | undefined> {
  for (let batch = 0; batch < MOST_BATCHES; batch++) {
    const outcome = await sealBatch(office)
    if (outcome !== 'more') return outcome === 'held' ? 'more' : undefined
  }
  return 'more'
}

async function sealBatch({ db, facts, log }: Office): Promise<'more' | 'held' | undefined> {
  if (!(await isUnsealed(db))) return undefined
  return db.transaction(async tx => {
    const head = await takeHead(tx)
    if (!head) return 'held'
    if (!(await isOurHead(facts.keys, head))) {
      log('error', 'the head of the audit chain is not ours', { seq: head.seq })
      return undefined
    }
    const isOld = head.oldDone < head.oldUntil
    const { count, seq, event, hash } = await extendChain(tx, head, BATCH)
    if (count) {
      const signature = await facts.keys.sign(encoder.encode(headText({ seq, hash })))
      await endBatch(tx, { ...head, seq, hash, signature, ...(isOld ? { oldDone: event } : {}) }, event)
    } else if (isOld) await keepHead(tx, { ...head, oldDone: head.oldUntil })
    return isOld || count === BATCH ? 'more' : undefined
  })
}

/** Before the first entry there is nothing that could have been signed. */
export const isOurHead = async (keys: Keys, head: Head): Promise<boolean> =>
  (head.seq === 0 && head.signature === '') || keys.verify(encoder.encode(headText(head)), head.signature)

const encoder = new TextEncoder()
