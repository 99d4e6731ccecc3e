import { type Claim, claimParcels } from '../../db/claims.ts'
import { nextParcelMs } from '../../db/outbox.ts'
import { rest } from '../clock.ts'
import { deliverCrowd, deliverOne, readingOf } from './deliver.ts'
import { allowed, roomAt } from './limits.ts'
import type { Office } from './office.ts'

/** A claim outlives the longest call, so that no other process repeats one that is under way; after a crash it runs out. */
export const LEASE_MS = 10_000
/** Calls under way at once: one that hangs keeps its own lane waiting and no other. */
const MOST = 40
/** Several calls that end together are followed by one claim. */
const GATHER_MS = 4
/** While a chat's window is full: how soon to look for room again. */
const ROOM_MS = 25
/** Rather than hand a short pause back to the caller it is waited for here. */
const SHORT_MS = 250
/** One full window is no reason to look away longer: other parcels may fall due meanwhile. */
const LONGEST_LOOK_MS = 1_000

/**
 * Delivers until nothing is due or under way, or `untilMs` (wire time) has come; answers when the next parcel falls due. A pause
 * ends when `stirred` does: something new may have been put into the outbox. `underway`: calls that others have begun, and its own.
 */
export async function drain(
  office: Office,
  untilMs: number,
  stirred: () => Promise<void> = () => new Promise(() => {}),
  underway = new Set<Promise<void>>(),
): Promise<number | undefined> {
  const { clock } = office
  const { wire } = clock
  let broken: unknown
  // whether the last look took all there was
  let emptied = false
  for (;;) {
    // a claim costs about the same for one parcel as for many: while many are under way, some are let end first
    if (underway.size > MOST / 2) await pause([...underway], ROOM_MS)
    // a call may leave a parcel behind as it ends (a notice, a card anew): only a look that began when all had ended is the last
    const quiet = !underway.size
    if (!quiet && wire() >= untilMs) {
      await pause([...underway], SHORT_MS)
      continue
    }
    const stir = stirred()
    const busy = underway.size >= MOST
    // to ask what falls due next costs a sixth of a look, which then mostly is not needed
    const asks: boolean = emptied && !busy
    const due = asks ? await nextParcelMs(office.db) : undefined
    const looks: boolean = !busy && wire() < untilMs && !(asks && isAhead(due, wire()))
    const claim: Claim = looks ? await claimSome(office, MOST - underway.size) : NOTHING
    if (looks) emptied = claim.taken.length + claim.crowd.length >= (claim.standing?.heads.length ?? 0)
    for (const call of callsFor(office, claim)) {
      const attempt: Promise<void> = call
        .catch((error: unknown) => {
          broken = error
        })
        .then(() => {
          underway.delete(attempt)
        })
      underway.add(attempt)
    }
    if (broken && !underway.size) throw broken
    if (claim.taken.length || claim.crowd.length) continue
    // the last call ended while this look was under way: nothing is left to wait for but one more look
    if (!quiet && !underway.size) continue
    // what is due and found no room tells when to look again; only otherwise is it worth asking what falls due next
    const room = claim.standing && roomAt(claim.standing)
    const next = busy
      ? undefined
      : room === undefined
        ? asks && !looks
          ? due
          : await nextParcelMs(office.db)
        : Math.max(Math.min(room, wire() + LONGEST_LOOK_MS), wire() + ROOM_MS)
    // room comes with time alone, and what is new hardly finds any: however often stirred, looks in vain keep their distance
    if (room !== undefined) await rest(clock, ROOM_MS)
    const wait = next === undefined ? SHORT_MS : Math.max(next - wire(), 0)
    if (quiet && (next === undefined || wait > SHORT_MS || wire() + wait >= untilMs)) return next
    const ms = Math.min(wait, SHORT_MS)
    // where nothing is under way that takes its own time, only the wire's has to pass
    await (clock.rest && !underway.size ? clock.rest(ms) : pause([...underway, stir], ms))
  }
}

/** Nothing is put off for so long: what falls due later still was dated by a clock that has been put back since, as a look finds out. */
const LONGEST_PUT_OFF_MS = 120_000

const isAhead = (due: number | undefined, now: number): boolean =>
  due === undefined || (due > now && due <= now + LONGEST_PUT_OFF_MS)

const NOTHING: Claim = { taken: [], crowd: [], standing: undefined }

function* callsFor(office: Office, { taken, crowd }: Claim): Generator<Promise<unknown>> {
  if (crowd.length) yield deliverCrowd(office, crowd)
  const from = readingOf(office)
  for (const row of taken) yield deliverOne(office, row, from)
}

const claimSome = (office: Office, most: number): Promise<Claim> =>
  claimParcels(office.db, office.clock.wire(), LEASE_MS, standing => allowed(standing, most))

/** Until something happens (and what happens with it), or for so long. */
async function pause(events: Promise<void>[], ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const slept = new Promise<void>(done => {
    timer = setTimeout(done, ms)
  })
  const ended = events.map(event => event.then(() => new Promise<void>(done => setTimeout(done, GATHER_MS))))
  await Promise.race([slept, ...ended])
  clearTimeout(timer)
}
