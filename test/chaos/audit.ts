import { entriesAfter, entryHash, NO_HASH } from '../../db/audit-chain.ts'
import type { Db } from '../../db/client.ts'
import { rows } from '../harness/traces.ts'
import { type Miss, missed } from './evidence.ts'

/** Far more than a round leaves. */
const ALL = 1_000_000

/** Whether the chain of the audit is whole: each event in it once, and each entry made from the one before. */
export async function auditWhole(db: Db): Promise<Miss[]> {
  const broken: unknown[] = []
  let [seq, previous] = [0, NO_HASH]
  for (const entry of await entriesAfter(db, 0, ALL)) {
    const hash = entry.text === null ? '' : await entryHash(previous, entry.seq, entry.text)
    if (entry.seq !== seq + 1 || entry.hash !== hash) broken.push({ after: seq, seq: entry.seq, event: entry.event })
    seq = entry.seq
    previous = entry.hash
  }
  const outside = await rows(
    db,
    `select id, feature, act from events where not exists (select from audit_chain where event = events.id)`,
  )
  return [...missed('the audit chain is broken', broken), ...missed('events outside the audit chain', outside)]
}
