/**
 * Keeps one person (or a program in their name) from taking the time of everybody else. Known to this process alone, because it is
 * this process's time that it keeps: with two of them somebody may take as much of each, and neither has to ask the database first.
 */
export interface Throttle {
  /** How one more message or press is to be taken: as any other, refused with a word, or passed over after that word. */
  weigh(who: string, wireMs: number, kind: Kind): 'fine' | 'told' | 'silent'
  /** Takes up something expensive, which the answer ends; or why it is not to be taken up now. */
  take(who: string, wireMs: number, work: Work): (() => void) | 'busy' | 'often'
  /** How many of so many letters go in their turn; the rest lets the letters of others pass. */
  ahead(who: string, wireMs: number, letters: number): number
  /** Whether one more turn that broke may be noted: whatever breaks whenever it is sent may be sent very often. */
  notes(wireMs: number): boolean
}

/**
 * What costs much: what is declared `heavy`, of which one has one at a time; files, which are read one after another anyway; what the gate
 * stops of what is not heard any more.
 */
type Work = 'asked' | 'sent' | 'caught'

type Kind = 'said' | 'pressed'

interface Spell {
  since: number
  count: number
  /** Whether it has been said since they last kept within the measure. */
  told: boolean
}

interface Measure {
  most: number
  ms: number
}

const MINUTE_MS = 60_000
/**
 * Far beyond what hands can do, and well below what a program does. What is said is answered, and all answers together may be a thousand a
 * minute: two in five are left to the others, however long somebody goes on.
 */
const MEASURES: Record<Kind, readonly Measure[]> = {
  said: [
    { most: 40, ms: 2_000 },
    { most: 600, ms: MINUTE_MS },
  ],
  pressed: [
    { most: 120, ms: 2_000 },
    { most: 900, ms: MINUTE_MS },
  ],
}
const MOST_KNOWN = 5_000
/** A meeting takes so many files, and they may all be sent at once. */
const MOST_WORKS = 30
/** Of turns that broke, in a minute. */
const MOST_NOTES = 50
/** What the platform takes in a second or so. */
const MOST_AHEAD = 50
/** Once it is more, nothing goes in its turn until there were none for so long: most of what waited has left by then, and keeps its order. */
const LETTERS_MS = 120_000

export function createThrottle(): Throttle {
  const spells = new Map<string, Spell[]>()
  const works = new Map<string, number[]>()
  const underWay = new Set<string>()
  const sent = new Map<string, { since: number; count: number }>()
  const noted = { since: 0, count: 0 }
  return {
    weigh(who, wireMs, kind) {
      const key = `${kind} ${who}`
      const last = spells.get(key)
      const now = MEASURES[kind].map((measure, i) => spellOf(last?.[i], wireMs, measure))
      if (spells.size >= MOST_KNOWN) spells.clear()
      spells.set(key, now)
      for (const spell of now) spell.count++
      const beyond = now.filter(({ count }, i) => count > (MEASURES[kind][i]?.most ?? 0))
      if (!beyond.length) return 'fine'
      const wasTold = now.some(({ told }) => told)
      for (const spell of beyond) spell.told = true
      return wasTold ? 'silent' : 'told'
    },

    take(who, wireMs, work) {
      const key = `${work} ${who}`
      if (underWay.has(key)) return 'busy'
      const lately = (works.get(key) ?? []).filter(at => at > wireMs - MINUTE_MS && at <= wireMs)
      if (lately.length >= MOST_WORKS) return 'often'
      if (works.size >= MOST_KNOWN) works.clear()
      works.set(key, [...lately, wireMs])
      if (work === 'asked') underWay.add(key)
      return () => underWay.delete(key)
    },

    ahead(who, wireMs, letters) {
      const last = sent.get(who)
      const { since, count } = last && wireMs < last.since + LETTERS_MS ? last : { since: wireMs, count: 0 }
      if (sent.size >= MOST_KNOWN) sent.clear()
      const sum = count + letters
      sent.set(who, { since: sum > MOST_AHEAD ? wireMs : since, count: sum })
      return Math.min(Math.max(MOST_AHEAD - count, 0), letters)
    },

    notes(wireMs) {
      const isGone = wireMs < noted.since || wireMs >= noted.since + MINUTE_MS
      if (isGone) Object.assign(noted, { since: wireMs, count: 0 })
      noted.count++
      return noted.count <= MOST_NOTES
    },
  }
}

function spellOf(last: Spell | undefined, now: number, { most, ms }: Measure): Spell {
  if (last && now >= last.since && now < last.since + ms) return last
  const isFlood = last !== undefined && last.count > most && now < last.since + 2 * ms
  return { since: now, count: 0, told: isFlood && last.told }
}
