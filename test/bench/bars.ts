/** The bars of speed (trust.md 1): what each part measured against its target. A part that was left out leaves its bars open. */
const TARGETS: Record<string, string> = {
  P1: 'a /帮助 turn committed before its ack, ≥ 0.4 × d',
  P2: 'server CPU per acknowledged turn ≤ 2.5 × d',
  P3: 'ack at 300/s: p50 ≤ 2 × d, p99 ≤ 3 × d, none over 1 s',
  P4: 'press answered at 100/s: p99 ≤ 50 ms, none over 1 s',
  P5: 'message to answer, 20/s and 100/s: p50 ≤ 2 ×, p99 ≤ 3 × the reference bot',
  P6: 'CPU of a whole simple command ≤ 2 × the reference bot',
  P7: 'overload 2 ×, 10 s: nothing lost, refusals at once, RSS +200 MB at most, p99 normal 5 s after',
  P8: 'exports beside 100/s: ack p99 ≤ 250 ms, none over 1 s',
  P9: 'outbox without windows ≥ 2,000/s',
  P10: 'RSS ≤ 200 MB at 300/s, slope < 0.5 MB/min, fds steady',
  P11: 'start to ready ≤ 2 s',
  R1: 'reminders of one minute: p99 ≤ 1 / 3 / 25 / 615 s for 1 / 100 / 1,000 / 10,000',
  R2: '10,000 of one text handed over in ≤ 5 s',
  R3: 'no refusal while reminders leave',
  R4: 'answers during a storm of reminders: p99 ≤ 1 s',
  R6: 'interrupted work taken up ≤ 10 s after the process is back',
}

const measured = new Map<string, { says: string[]; isKept: boolean }>()

/** Notes what one part found; a bar is kept when all that was found is. */
export function note(bar: string, says: string, isKept: boolean): void {
  const before = measured.get(bar) ?? { says: [], isKept: true }
  measured.set(bar, { says: [...before.says, says], isKept: before.isKept && isKept })
}

export const barRows = (): string[][] =>
  Object.entries(TARGETS).map(([bar, target]) => {
    const found = measured.get(bar)
    return [bar, target, found?.says.join('; ') ?? '–', found ? (found.isKept ? 'kept' : 'MISSED') : 'not run']
  })

/** The bars that were measured and not kept. */
export const missedBars = (): string[] => [...measured].filter(([, { isKept }]) => !isKept).map(([bar]) => bar)
