/**
 * Who waits for a turn in this process. Presses go before events, for the platform never sends one again; whoever would have to wait
 * behind too many or for too long is turned away at once, while an event may still come again. Quick turns share their statements and
 * need no connection each: they have a place of their own.
 */
export interface Turns {
  /** Runs a turn when there is room. Answers `busy` when too many wait, or when it has waited for too long; then it is not run at all. */
  run<T, Busy>(kind: Kind, turn: () => Promise<T>, busy: Busy): Promise<T | Busy>
  /** Whether one of this kind that comes now is to be turned away; whoever has waited for too long then is. */
  isFull(kind: Kind): boolean
  /** How many wait. */
  waiting(kind: Kind): number
}

const KINDS = ['press', 'event', 'quick'] as const
export type Kind = (typeof KINDS)[number]

/** How many turns go on at once, and how many of each kind may wait for one, and how long it may be expected to take. */
export interface Room {
  atOnce: { full: number; quick: number }
  press: Bound
  event: Bound
  quick: Bound
}

interface Bound {
  most: number
  ms: number
  /**
   * How many once the line has not been empty for `LASTING_MS`: a rush passes, and may be waited for; what lasts would keep all
   * waiting for nothing.
   */
  lasting?: number
  /** Whoever has waited for so long is turned away after all: what takes longer than was expected is of no use to whoever may come again. */
  longestMs?: number
}

/** Keeps turns from being begun one after another while the process hears of nothing new. */
export interface Pace {
  /** Whether another may begin now; if not, `again` is run once the process has taken in what has come meanwhile. */
  hasTime(again: () => void): boolean
  /** Whether more comes than the process takes in at all: whoever may come again had better do so. */
  isBehind(): boolean
}

export const unpaced: Pace = { hasTime: () => true, isBehind: () => false }

/** Where nothing is shared between turns, none waits for another. */
export const boundlessTurns: Turns = { run: (_, turn) => turn(), isFull: () => false, waiting: () => 0 }

/** `now` in ms: how long somebody waits is no matter of the office's clock, which may be set. */
export function createTurns(room: Room, now: () => number = () => performance.now(), pace = unpaced): Turns {
  const lines = { press: new Line(room.press, now), event: new Line(room.event, now), quick: new Line(room.quick, now) }
  // presses first also where there is time for few
  const begin = (): void => {
    full.begin()
    quick.begin()
  }
  const hasTime = () => pace.hasTime(begin)
  const full = new Runner(room.atOnce.full, [lines.press, lines.event], hasTime)
  const quick = new Runner(room.atOnce.quick, [lines.quick], hasTime)
  const runners = { press: full, event: full, quick }
  return {
    run: (kind, turn, busy) => runners[kind].run(lines[kind], turn, busy),
    isFull: kind => (kind !== 'press' && pace.isBehind()) || runners[kind].isFull(lines[kind]),
    waiting: kind => lines[kind].length,
  }
}

export const allWaiting = (turns: Turns): number => KINDS.reduce((sum, kind) => sum + turns.waiting(kind), 0)

/** Runs so many turns at once; of those that wait, the first of the first line is next. */
class Runner {
  readonly #atOnce: number
  readonly #lines: Line[]
  readonly #hasTime: () => boolean
  #going = 0

  constructor(atOnce: number, lines: Line[], hasTime: () => boolean) {
    this.#atOnce = atOnce
    this.#lines = lines
    this.#hasTime = hasTime
  }

  run<T, Busy>(line: Line, turn: () => Promise<T>, busy: Busy): Promise<T | Busy> {
    if (this.#hasPlace() && this.#hasTime()) {
      line.calmDown()
      return this.#start(turn)
    }
    if (line.isFull()) return Promise.resolve(busy)
    const forPlace = this.#going >= this.#atOnce
    return new Promise((done, fail) => {
      const begin = (): void => void this.#start(turn).then(done, fail)
      line.join({ begin, turnAway: () => done(busy), forPlace })
    })
  }

  isFull(line: Line): boolean {
    return !this.#hasPlace() && line.isFull()
  }

  /** Begins those that wait, as far as there is room and time for them. */
  begin(): void {
    while (this.#going < this.#atOnce) {
      for (const line of this.#lines) line.turnAway()
      const line = this.#lines.find(({ length }) => length)
      if (!line || !this.#hasTime()) return
      line.next()
    }
  }

  #hasPlace(): boolean {
    return this.#going < this.#atOnce && this.#lines.every(({ length }) => !length)
  }

  async #start<T>(turn: () => Promise<T>): Promise<T> {
    this.#going++
    try {
      return await turn()
    } finally {
      this.#going--
      this.begin()
    }
  }
}

const LASTING_MS = 1_000
/** What the last of those who waited weighs in what the next is expected to wait. */
const WEIGHT = 1 / 4

interface Joining {
  begin(): void
  turnAway(): void
  /** Not only until the process has looked up, which takes the same time for however many. */
  forPlace: boolean
}

interface Waiting extends Joining {
  since: number
  /** How many of its line had been begun by then. */
  begun: number
}

/** Those who wait for the same, the first first. */
class Line {
  readonly #waiting = new Set<Waiting>()
  readonly #bound: Bound
  readonly #now: () => number
  /** How long each place in the line has taken lately. */
  #placeMs = 0
  /** Since when there has been a rush: whoever came had to wait, however many have been turned away. */
  #since: number | undefined
  #begun = 0

  constructor(bound: Bound, now: () => number) {
    this.#bound = bound
    this.#now = now
  }

  get length(): number {
    return this.#waiting.size
  }

  /** Also when nothing goes on at all: then the first waits for too long. With nobody before, what is expected does not count. */
  isFull(): boolean {
    this.turnAway()
    const { most, ms, lasting = most } = this.#bound
    const [first] = this.#waiting
    const now = this.#now()
    const waited = first ? now - first.since : 0
    return (
      this.length >= (now - (this.#since ?? now) > LASTING_MS ? lasting : most) ||
      Math.max(waited, this.length * this.#placeMs) > ms
    )
  }

  join(joining: Joining): void {
    const since = this.#now()
    this.#since ??= since
    this.#waiting.add(Object.assign(joining, { since, begun: this.#begun }))
  }

  next(): void {
    const [first] = this.#waiting
    if (!first) return
    this.#waiting.delete(first)
    if (!this.length) this.calmDown()
    const { since, begun, forPlace } = first
    const places = ++this.#begun - begun
    if (forPlace) this.#placeMs += WEIGHT * ((this.#now() - since) / places - this.#placeMs)
    first.begin()
  }

  /** Turns away whoever has waited for too long. */
  turnAway(): void {
    const { longestMs = Number.POSITIVE_INFINITY } = this.#bound
    for (const first of this.#waiting) {
      if (this.#now() - first.since <= longestMs) return
      this.#waiting.delete(first)
      first.turnAway()
    }
  }

  /** Nobody has to wait any more. */
  calmDown(): void {
    this.#since = undefined
  }
}
