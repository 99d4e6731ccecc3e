import type { Faults } from '../../simulator/protocol.ts'
import { type Random, randomOf } from './random.ts'
import { type Story, storyOf } from './stories.ts'

export interface Size {
  /** How long people act and things go wrong, in ms. */
  ms: number
  stories: number
  faults: number
}

export interface Plan {
  seed: number
  stories: Story[]
  faults: Fault[]
}

/** What goes wrong at an instant, in ms from the start. Of the two processes the first is 0. */
export type Fault = { at: number } & (
  | { kind: 'kill'; process: 0 | 1; downMs: number }
  | { kind: 'term'; process: 0 | 1; downMs: number }
  | { kind: 'postgres'; how: 'fast' | 'immediate'; downMs: number }
  | { kind: 'terminate'; share: number }
  | { kind: 'cut'; process: 0 | 1 }
  | { kind: 'silence'; process: 0 | 1 }
  | { kind: 'platform'; faults: Partial<Faults>; forMs: number }
  | { kind: 'clock'; minutes: number }
  /** The machine's own clock is wrong for so long, and then put right. */
  | { kind: 'step'; minutes: number; forMs: number; how: 'running' | 'kill' }
)

/** What people will do and what will go wrong: the same for the same seed and size. */
export function planOf(seed: number, size: Size): Plan {
  const random = randomOf(seed)
  const stories = Array.from({ length: size.stories }, (_, nth) => ({
    ...storyOf(random, nth),
    at: random.between(0, Math.round(size.ms * 0.7)),
  }))
  const faults = Array.from({ length: size.faults }, () => faultOf(random, random.between(300, size.ms)))
  return { seed, stories, faults: faults.sort((a, b) => a.at - b.at) }
}

/** The commoner stand more often. */
const KINDS = [
  ...['kill', 'kill', 'kill', 'term', 'term', 'postgres', 'postgres', 'terminate', 'terminate', 'cut', 'silence'],
  ...['platform', 'platform', 'platform', 'platform', 'platform', 'platform', 'clock', 'clock', 'clock'],
  ...['step', 'step'],
] as Array<Fault['kind']>

function faultOf(random: Random, at: number): Fault {
  const kind = random.among(KINDS)
  const process = random.among([0, 1] as const)
  if (kind === 'kill' || kind === 'term') return { at, kind, process, downMs: random.between(50, 1_500) }
  if (kind === 'postgres')
    return { at, kind, how: random.among(['fast', 'immediate'] as const), downMs: random.between(100, 2_000) }
  if (kind === 'terminate') return { at, kind, share: random.among([0.3, 0.6, 1]) }
  if (kind === 'platform')
    return { at, kind, faults: random.among(PLATFORM)(random), forMs: random.between(500, 3_000) }
  if (kind === 'clock') return { at, kind, minutes: random.among(STEPS) }
  if (kind === 'step')
    return {
      ...{ at, kind, minutes: random.among([1, 10, 60, -1, -10, -60]), forMs: random.between(300, 3_000) },
      how: random.among(['running', 'kill'] as const),
    }
  return { at, kind, process }
}

/** By so many minutes: most forward, some back. */
const STEPS = [5, 30, 61, 90, 240, 480, 1_440, -1, -10, -60, -240]

const PLATFORM: Array<(random: Random) => Partial<Faults>> = [
  random => ({ api_latency_ms: random.between(50, 800) }),
  random => ({ api_latency_after_ms: random.between(50, 800) }),
  random => ({ api_5xx: random.among([0.2, 0.6, 1]) }),
  random => ({ api_5xx_after: random.among([0.2, 0.6, 1]) }),
  random => ({ api_reset: random.among([0.2, 0.6, 1]) }),
  random => ({ api_reset_after: random.among([0.2, 0.6, 1]) }),
  // longer than the bot waits for a call: to it that is a time-out, and the work is done
  () => ({ api_latency_after_ms: 9_000 }),
  random => ({ api_429: { next: random.between(1, 6), reset_s: random.among([1, 2]) } }),
  random => ({ api_230020: { next: random.between(1, 6) } }),
  random => ({ api_broken_json: { next: random.between(1, 6) } }),
  random => ({ api_html_502: { next: random.between(1, 6) } }),
  () => ({ token_down: true }),
  random => ({ duplicate: random.between(1, 4) }),
  () => ({ new_event_id: true }),
  () => ({ out_of_order: true }),
  random => ({ event_lost: random.among([0.2, 0.5]) }),
  random => ({ event_answer_lost: random.among([0.2, 0.5]) }),
  () => ({ resign: false }),
]
