import type { RecorderAnswer, Walk, WalkStep } from './dev-protocol.ts'

/** What people did at the page since the recording began, and how far a replay has come. */
export interface Recorder {
  readonly on: boolean
  start(): void
  stop(): void
  keep(note: WalkNote): void
  walk(): Walk
  playing: RecorderAnswer['playing']
}

/** A step that happened at this instant. */
export type WalkNote = Omit<WalkStep, 'after_ms'> & { at: number }

export const MOST_STEPS = 2000

export function makeRecorder(): Recorder {
  let notes: WalkNote[] = []
  let began = 0
  let on = false
  return {
    get on() {
      return on
    },
    start() {
      notes = []
      began = Date.now()
      on = true
    },
    stop() {
      on = false
    },
    keep(note) {
      if (on && notes.length < MOST_STEPS) notes.push(note)
    },
    walk: () => ({
      huiyin_walk: 1,
      recorded_at: new Date(began).toISOString(),
      steps: stepsOf(
        notes.toSorted((one, other) => one.at - other.at),
        began,
      ),
    }),
    playing: undefined,
  }
}

const stepsOf = (notes: WalkNote[], began: number): WalkStep[] =>
  notes.map(({ at, ...step }, index) => ({ after_ms: at - (notes[index - 1]?.at ?? began), ...step }))
