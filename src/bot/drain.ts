import { claimParcels } from '../../db/claims.ts'
import { nextParcelMs } from '../../db/outbox.ts'
import { deliverOne } from './deliver.ts'
import { allowed } from './limits.ts'
import type { Office } from './office.ts'

/** A claim outlives the longest call, so that no other process repeats one that is under way; after a crash it runs out. */
const LEASE_MS = 10_000
/** Calls under way at once: one that hangs keeps its own lane waiting and no other. */
const MOST = 40
/** Several calls that end together are followed by one claim. */
const GATHER_MS = 4
/** While the platform's windows are full: how soon to look for room again. */
const ROOM_MS = 25
/** Rather than hand a short pause back to the caller it is waited for here. */
const SHORT_MS = 250

/** Delivers until nothing is due or under way, or `untilMs` (wire time) has come; answers when the next parcel falls due. */
export async function drain(office: Office, untilMs: number): Promise<number | undefined> {
  const { wire } = office.clock
  const underway = new Set<Promise<void>>()
  let broken: unknown
  for (;;) {
    // a claim costs about the same for one parcel as for many: while many are under way, some are let end first
    if (underway.size > MOST / 2) await pause(underway, ROOM_MS)
    // a call may leave a parcel behind as it ends (a notice, a card anew): only a look that began when all had ended is the last
    const quiet = !underway.size
    const { taken, left } = wire() < untilMs ? await claimSome(office, MOST - underway.size) : { taken: [], left: 0 }
    for (const row of taken) {
      const call = deliverOne(office, row)
        .catch((error: unknown) => {
          broken = error
        })
        .finally(() => underway.delete(call))
      underway.add(call)
    }
    if (broken && !underway.size) throw broken
    if (taken.length) continue
    // what is due and found no room tells when to look again; only otherwise is it worth asking what falls due next
    const next = left ? wire() + ROOM_MS : await nextParcelMs(office.db)
    const wait = next === undefined ? SHORT_MS : Math.max(next - wire(), 0)
    if (quiet && (next === undefined || wait > SHORT_MS || wire() + wait >= untilMs)) return next
    await pause(underway, Math.min(wait, SHORT_MS))
  }
}

function claimSome(office: Office, most: number) {
  if (most <= 0) return { taken: [], left: 1 }
  return claimParcels(office.db, office.clock.wire(), LEASE_MS, standing => allowed(standing, most))
}

/** Until a call ends (and those that end with it), or for so long. */
async function pause(underway: Set<Promise<void>>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const slept = new Promise<void>(done => {
    timer = setTimeout(done, ms)
  })
  const ended = [...underway].map(call => call.then(() => new Promise<void>(done => setTimeout(done, GATHER_MS))))
  await Promise.race([slept, ...ended])
  clearTimeout(timer)
}
