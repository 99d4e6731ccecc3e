/**
 * The bars of speed (trust.md 1): what each part measured against its target. A part that was left out leaves its bars open. Where no
 * more is sent than there is room for, one request refused, or not answered within 3 s, misses the bar.
 */
const TARGETS: Record<string, string> = {
  P1: 'a /帮助 turn committed before its ack, ≥ 0.4 × d',
  P2: 'server CPU per acknowledged turn ≤ 2.5 × d',
  P3: 'ack at 300/s: p50 ≤ 2 × d, p99 ≤ 3 × d for 25 s; none over 1 s, in `soak` for over 10 min',
  P4: 'press answered at 100/s: p99 ≤ 50 ms, none over 1 s, each moves its matter',
  P5: 'message to answer, 20/s and 100/s: p50 ≤ 2 ×, p99 ≤ 3 × the reference bot, one API call each',
  P6: 'CPU of a whole simple command ≤ 2 × the reference bot',
  P7: 'overload 2 ×, 10 s: 0 lost or unanswered, refused ≤ 1 s, 0.4 × taken, RSS + ≤ 200 MB, 5 s after p99 ≤ 3 × before or 50 ms',
  'P7+': 'twice the closed loop of 64 connections: as P7, beyond trust.md',
  P8: 'exports beside 100/s: ack p99 ≤ 250 ms, none over 1 s',
  P9: 'outbox without windows ≥ 2,000/s, CPU of Postgres ≤ 0.3 ms each, none left behind',
  P10: 'RSS ≤ 200 MB at 300/s, slope < 0.5 MB/min, fds steady, p99 at most doubled or ≤ 50 ms; ≤ 0.01 kB a turn',
  P11: 'start to ready ≤ 2 s',
  R1: 'reminders of one minute: p99 ≤ 1 / 3 / 25 / 615 s for 1 / 100 / 1,000 / 10,000, each once',
  R2: '10,000 of one text handed over in ≤ 5 s, each once',
  R3: 'no refusal while reminders leave',
  R4: 'answers during a storm of reminders: p99 ≤ 1 s, all answered',
  R6: 'interrupted work taken up ≤ 10 s after the process is back',
}

/** Bars that we set beyond trust.md and know to be missed: they are judged and printed like the others. */
const BEYOND = new Set(['P7+'])

const measured = new Map<string, { says: string[]; isKept: boolean }>()

/** Notes what one part found; a bar is kept when all that was found is. */
export function note(bar: string, says: string, isKept: boolean): void {
  const before = measured.get(bar) ?? { says: [], isKept: true }
  measured.set(bar, { says: [...before.says, says], isKept: before.isKept && isKept })
}

/** The same where no more was sent than there is room for. */
export function noteAnswered(bar: string, says: string, isKept: boolean, { refused, cut }: Unanswered): void {
  note(bar, `${says}, ${refused} refused, ${cut} unanswered`, isKept && refused + cut === 0)
}

export interface Unanswered {
  refused: number
  cut: number
}

export const unansweredOf = (all: readonly Unanswered[]): Unanswered => ({
  refused: all.reduce((sum, { refused }) => sum + refused, 0),
  cut: all.reduce((sum, { cut }) => sum + cut, 0),
})

export const barRows = (): string[][] =>
  Object.entries(TARGETS).map(([bar, target]) => {
    const found = measured.get(bar)
    return [bar, target, found?.says.join('; ') ?? '–', found ? (found.isKept ? 'kept' : 'MISSED') : 'not run']
  })

/** The bars of trust.md that were measured and not kept. */
export const missedBars = (): string[] =>
  [...measured].filter(([bar, { isKept }]) => !isKept && !BEYOND.has(bar)).map(([bar]) => bar)
