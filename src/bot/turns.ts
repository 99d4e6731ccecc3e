/**
 * Who waits for a turn in this process. Presses go before events, for the platform never sends one again; whoever would have to wait
 * behind too many or for too long is turned away at once, while an event may still come again. Quick turns share their statements and
 * need no connection each: they have a place of their own.
 */
export interface Turns {
  /** Runs a turn when there is room; undefined = too many wait, and it is not run at all. */
  run<T>(kind: Kind, turn: () => Promise<T>): Promise<T> | undefined
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
}

/** Where nothing is shared between turns, none waits for another. */
export const boundlessTurns: Turns = { run: (_, turn) => turn(), waiting: () => 0 }

/** `now` in ms: how long somebody waits is no matter of the office's clock, which may be set. */
export function createTurns(room: Room, now: () => number = () => performance.now()): Turns {
  const lines = { press: new Line(room.press, now), event: new Line(room.event, now), quick: new Line(room.quick, now) }
  const full = runner(room.atOnce.full, [lines.press, lines.event])
  const runners = { press: full, event: full, quick: runner(room.atOnce.quick, [lines.quick]) }
  return {
    run: (kind, turn) => runners[kind](lines[kind], turn),
    waiting: kind => lines[kind].length,
  }
}

export const allWaiting = (turns: Turns): number => KINDS.reduce((sum, kind) => sum + turns.waiting(kind), 0)

/** Runs so many turns at once; of those that wait, the first of the first line is next. */
function runner(atOnce: number, lines: Line[]) {
  let going = 0
  const start = async <T>(turn: () => Promise<T>): Promise<T> => {
    going++
    try {
      return await turn()
    } finally {
      going--
      lines.find(line => line.length)?.next()
    }
  }
  return <T>(line: Line, turn: () => Promise<T>): Promise<T> | undefined => {
    if (going < atOnce) return start(turn)
    if (line.isFull()) return undefined
    return new Promise((done, fail) => line.join(() => void start(turn).then(done, fail)))
  }
}

/** What the last of those who waited weighs in what the next is expected to wait. */
const WEIGHT = 1 / 4

/** Those who wait for the same, the first first. */
class Line {
  readonly #waiting = new Set<{ begin(): void; since: number; before: number }>()
  readonly #bound: Bound
  readonly #now: () => number
  /** How long each place in the line has taken lately. */
  #placeMs = 0

  constructor(bound: Bound, now: () => number) {
    this.#bound = bound
    this.#now = now
  }

  get length(): number {
    return this.#waiting.size
  }

  /** Also when nothing goes on at all: then the first has waited for too long. With nobody before, what is expected does not count. */
  isFull(): boolean {
    const { most, ms } = this.#bound
    const [first] = this.#waiting
    const waited = first ? this.#now() - first.since : 0
    return this.length >= most || Math.max(waited, this.length * this.#placeMs) > ms
  }

  join(begin: () => void): void {
    this.#waiting.add({ begin, since: this.#now(), before: this.length })
  }

  next(): void {
    const [first] = this.#waiting
    if (!first) return
    this.#waiting.delete(first)
    this.#placeMs += WEIGHT * ((this.#now() - first.since) / (first.before + 1) - this.#placeMs)
    first.begin()
  }
}
