import { entriesAfter, entryHash, headAndLast, headText, NO_HASH, straysAfter } from '../../db/audit-chain.ts'
import type { Db } from '../../db/client.ts'
import { createKeys } from '../../src/bot/keys.ts'
import { KEYS } from '../harness/keys.ts'
import { type Miss, missed } from './evidence.ts'

const AT_ONCE = 1_000

/** Reckons the chain of the audit anew from its first entry: no gap, nothing changed, nothing left out, and all of it signed by us. */
export async function auditWhole(db: Db): Promise<Miss[]> {
  const keys = createKeys(KEYS.appSecret)
  const verify = (text: string, signature: string) => keys.verify(new TextEncoder().encode(text), signature)
  const unfit: unknown[] = []
  let [seq, hash] = [0, NO_HASH]
  for (let entries = await entriesAfter(db, 0, AT_ONCE); entries.length; entries = await entriesAfter(db, seq, AT_ONCE))
    for (const entry of entries) {
      const expected = entry.text === null ? undefined : entryHash(hash, seq + 1, entry.text)
      const isSigned = entry.signature === null || (await verify(headText(entry), entry.signature))
      if (entry.seq !== seq + 1 || entry.hash !== expected || !isSigned) unfit.push({ ...entry, expected, isSigned })
      ;[seq, hash] = [entry.seq, entry.hash]
    }
  const { head } = await headAndLast(db)
  const isAtEnd = head.seq === seq && head.hash === hash && (await verify(headText(head), head.signature))
  return [
    ...missed('an entry of the audit chain does not fit', unfit),
    ...missed('the head of the audit chain is not its end', isAtEnd ? [] : [{ head, last: { seq, hash } }]),
    ...missed('something is in the history that the audit chain does not know', await strays(db)),
  ]
}

async function strays(db: Db): Promise<unknown[]> {
  const found: unknown[] = []
  for (let after: number | undefined = 0; after !== undefined; ) {
    const { stray, last } = await straysAfter(db, after, AT_ONCE)
    if (stray !== undefined) found.push({ event: stray })
    after = last
  }
  return found
}
