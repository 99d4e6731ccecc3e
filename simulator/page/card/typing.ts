import { createContext, use, useEffect, useState } from 'react'
import { type Node, nodeOf, plain } from './node.ts'

/** How fast words appear in a card that streams. */
interface Pace {
  everyMs: number
  characters: number
  /** New words find the old ones written out at once, rather than waiting behind them. */
  hurries: boolean
}

const USUAL = { everyMs: 70, characters: 1 }

export const PaceContext = createContext<Pace | undefined>(undefined)

/** None unless the card streams. */
export function paceOf(config: Node): Pace | undefined {
  if (config.streaming_mode !== true) return undefined
  const { print_frequency_ms, print_step, print_strategy } = nodeOf(config.streaming_config)
  return {
    everyMs: positive(print_frequency_ms) ?? USUAL.everyMs,
    characters: positive(print_step) ?? USUAL.characters,
    hurries: plain(print_strategy) !== 'delay',
  }
}

/** One number for all clients, or one for each. */
function positive(value: unknown): number | undefined {
  const number = Number(nodeOf(value).pc ?? nodeOf(value).default ?? value)
  return number >= 1 ? number : undefined
}

/** What is to be seen of a text by now: in a card that streams, words that continue those before are typed; any others stand there at once. */
export function useTyped(text: string): string {
  const pace = use(PaceContext)
  const [was, setWas] = useState(text)
  const [shown, setShown] = useState(Number.POSITIVE_INFINITY)
  if (text !== was) {
    setWas(text)
    setShown(pace && text.startsWith(was) ? begin(pace, shown, was.length) : Number.POSITIVE_INFINITY)
  }
  const typing = pace !== undefined && shown < text.length
  useEffect(() => {
    if (!typing) return
    const timer = setInterval(() => setShown(count => count + pace.characters), pace.everyMs)
    return () => clearInterval(timer)
  }, [typing, pace])
  return typing ? whole(text.slice(0, shown)) : text
}

const begin = ({ hurries }: Pace, shown: number, before: number) => (hurries ? before : Math.min(shown, before))

/** Without half of a character at its end. */
const whole = (text: string) => text.replace(/[\ud800-\udbff]$/, '')
