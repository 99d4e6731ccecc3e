/**
 * Keeps one person (or a program in their name) from taking the time of everybody else. Known to this process alone, because it is
 * this process's time that it keeps: with two of them somebody may take as much of each, and neither has to ask the database first.
 */
export interface Throttle {
  /** How one more message or press is to be taken: as any other, refused with a word, or passed over after that word. */
  weigh(who: string, wireMs: number, kind: Kind): 'fine' | 'told' | 'silent'
}

type Kind = 'said' | 'pressed'

interface Spell {
  since: number
  count: number
  /** Whether it has been said since they last kept within the measure. */
  told: boolean
}

/** Far beyond what hands can do, and well below what a program does. */
const MOST: Record<Kind, number> = { said: 40, pressed: 120 }
const SPELL_MS = 2_000
const MOST_KNOWN = 5_000

export function createThrottle(): Throttle {
  const spells = new Map<string, Spell>()
  return {
    weigh(who, wireMs, kind) {
      const key = `${kind} ${who}`
      const spell = spellOf(spells.get(key), wireMs, MOST[kind])
      if (spells.size >= MOST_KNOWN) spells.clear()
      spells.set(key, spell)
      spell.count++
      if (spell.count <= MOST[kind]) return 'fine'
      if (spell.told) return 'silent'
      spell.told = true
      return 'told'
    },
  }
}

function spellOf(last: Spell | undefined, now: number, most: number): Spell {
  if (last && now >= last.since && now < last.since + SPELL_MS) return last
  const isFlood = last !== undefined && last.count > most && now < last.since + 2 * SPELL_MS
  return { since: now, count: 0, told: isFlood && last.told }
}
