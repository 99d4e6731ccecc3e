import { isPassing } from '../../db/client.ts'
import { type Aside, isResting, isSame, type Matter } from '../kit/aside.ts'
import type { Heartbeat } from './feature.ts'

/** After so many that fail one after another, whoever stands last in line tells whether it is they that fail or the whole. */
const MOST_IN_A_ROW = 10

export interface Failed extends Matter {
  fault: unknown
}

/** What of a feature's matters is set aside, and what becomes of it. */
export interface Asides {
  now(): readonly Aside[]
  /** @throws the fault where there are too many. */
  setAside(failed: readonly Failed[]): Promise<void>
  takeBack(over: readonly Aside[]): Promise<void>
}

interface Bounds {
  feature: string
  now: Date
  asides: readonly Aside[]
  /** Failed by themselves just now, and nothing else was done yet. */
  failed: readonly Failed[]
  most: number
  /** The one that stands last instead of those that stand first. */
  last: boolean
}

/** What one transaction takes of a feature's matters that are due. */
export class Portion {
  readonly taken: Matter[] = []
  /** Set aside before, and not due any more. */
  readonly #gone: Aside[] = []
  /** More may be due than it was to take. */
  isCut = false
  readonly #bounds: Bounds

  constructor(bounds: Bounds) {
    this.#bounds = bounds
  }

  /** Set aside before, and over where this transaction is committed. */
  get over(): Aside[] {
    return [...this.#bounds.asides.filter(one => this.taken.some(taken => isSame(taken, one))), ...this.#gone]
  }

  readonly take: Heartbeat['take'] = async (kind, most, read, called) => {
    const { feature, now, asides, failed, last } = this.#bounds
    const room = Math.min(most, this.#bounds.most - this.taken.length)
    if (room <= 0) {
      this.isCut = true
      return []
    }
    const known = asides.filter(one => one.kind === kind)
    const again = known.filter(one => !isResting(one, now) && !this.taken.some(taken => isSame(taken, one)))
    const resting = new Set([...known.filter(one => isResting(one, now)), ...failed].map(({ id }) => id))
    const asked = (last ? most : room) + resting.size
    const rows = await read(
      asked,
      again.map(({ id }) => id),
    )
    const open = rows.filter(({ id }) => !resting.has(String(id)))
    const [first] = failed
    // no other is left by which it would be known that only these fail
    if (first && !open.length) throw first.fault
    const some = last ? open.slice(-1) : open.slice(0, room)
    if (rows.length < asked) this.#gone.push(...again.filter(({ id }) => !open.some(one => String(one.id) === id)))
    this.isCut ||= last ? some.length > 0 : room < most && some.length === room
    this.taken.push(...some.map(one => ({ feature, kind, id: String(one.id), ...called(one) })))
    return some
  }
}

/**
 * Does what is due in transactions: in one, where nothing fails. One that fails is done again with half of what it took, and so on, until
 * what fails by itself is found; it is set aside as soon as another is done. Where no other is, it is the fault of the whole.
 * `attempt`: a transaction; answers whether something is left.
 */
export async function inPortions(
  feature: string,
  asides: Asides,
  now: () => Date,
  attempt: (portion: Portion) => Promise<boolean>,
): Promise<void> {
  let [most, inARow, isProved, left] = [Number.POSITIVE_INFINITY, 0, false, true]
  let failed: Failed[] = []
  while (left) {
    const last = inARow === MOST_IN_A_ROW
    const portion = new Portion({ feature, now: now(), asides: asides.now(), failed, most, last })
    const came = await attempt(portion).then(
      more => ({ more }),
      (fault: unknown) => ({ fault }),
    )
    if ('more' in came) {
      left = came.more || portion.isCut
      ;[most, inARow, isProved] = [most * 2, 0, isProved || portion.taken.length > 0]
      if (isProved && failed.length) await asides.setAside(failed)
      if (isProved) failed = []
      if (portion.over.length) await asides.takeBack(portion.over)
      continue
    }
    const { fault } = came
    const [one, other] = portion.taken
    if (!one || isPassing(fault)) throw fault
    most = Math.max(Math.floor(portion.taken.length / 2), 1)
    if (other) continue
    const isKnown = asides.now().some(aside => isSame(aside, one))
    if (isKnown || isProved) await asides.setAside([{ ...one, fault }])
    else failed = [...failed, { ...one, fault }]
    if (isKnown) continue
    if (last) throw fault
    inARow++
  }
}
