import {
  addEntries,
  type Entry,
  entryHash,
  type Head,
  headText,
  isUnsealed,
  oldUnsealed,
  takeHead,
  takeUnsealed,
  type Unsealed,
} from '../../db/audit-chain.ts'
import type { Db } from '../../db/client.ts'
import type { Keys } from './keys.ts'
import type { Office } from './office.ts'

/** So many events are sealed in one transaction, signed once. */
const BATCH = 500
/** After so many batches others have their turn: events of before the chain may be a million. */
const MOST_BATCHES = 20

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
    const old = head.oldDone < head.oldUntil
    const some = old ? await oldUnsealed(tx, head, BATCH) : await takeUnsealed(tx, BATCH)
    const oldDone = old ? (some.at(-1)?.event ?? head.oldUntil) : head.oldDone
    await extend(tx, facts.keys, { ...head, oldDone }, some)
    return old || some.length === BATCH ? 'more' : undefined
  })
}

/** Before the first entry there is nothing that could have been signed. */
export const isOurHead = async (keys: Keys, head: Head): Promise<boolean> =>
  (head.seq === 0 && head.signature === '') || keys.verify(encoder.encode(headText(head)), head.signature)

const encoder = new TextEncoder()

async function extend(db: Db, keys: Keys, head: Head, some: readonly Unsealed[]): Promise<void> {
  const entries: Entry[] = []
  let { seq, hash } = head
  for (const { event, text } of some) {
    hash = entryHash(hash, ++seq, text)
    entries.push({ seq, event, hash })
  }
  const signature = some.length ? await keys.sign(encoder.encode(headText({ seq, hash }))) : head.signature
  await addEntries(db, entries, { ...head, seq, hash, signature })
}
