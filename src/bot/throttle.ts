/** Keeps one person (or a program in their name) from taking the time of everybody else; known to this process alone. */
export interface Throttle {
  /** How one more message is to be taken: as any other, refused with a word, or passed over after that word. */
  weigh(who: string, wireMs: number): 'fine' | 'told' | 'silent'
}

interface Spell {
  since: number
  count: number
  /** Whether it has been said since they last kept within the measure. */
  told: boolean
}

/** Far beyond what hands can do, and well below what a program does. */
const MOST = 40
const SPELL_MS = 2_000
const MOST_KNOWN = 5_000

export function createThrottle(): Throttle {
  const spells = new Map<string, Spell>()
  return {
    weigh(who, wireMs) {
      const spell = spellOf(spells.get(who), wireMs)
      if (spells.size >= MOST_KNOWN) spells.clear()
      spells.set(who, spell)
      spell.count++
      if (spell.count <= MOST) return 'fine'
      if (spell.told) return 'silent'
      spell.told = true
      return 'told'
    },
  }
}

function spellOf(last: Spell | undefined, now: number): Spell {
  if (last && now >= last.since && now < last.since + SPELL_MS) return last
  const isFlood = last !== undefined && last.count > MOST && now < last.since + 2 * SPELL_MS
  return { since: now, count: 0, told: isFlood && last.told }
}
