import type { Cast } from './cast.ts'

/** How far the tour has come in this tab; whether it was ever seen, in this browser. */
export interface Progress {
  scene: number
  cast: Cast
}

const PROGRESS = 'huiyin.tour'
const SEEN = 'huiyin.tour.seen'

export const wasSeen = () => localStorage.getItem(SEEN) !== null
export const markSeen = () => localStorage.setItem(SEEN, '1')
/** For a demo that begins anew. */
export const markUnseen = () => localStorage.removeItem(SEEN)

export function keepProgress(progress: Progress | undefined) {
  if (progress) sessionStorage.setItem(PROGRESS, JSON.stringify(progress))
  else sessionStorage.removeItem(PROGRESS)
}

export function keptProgress(): Progress | undefined {
  return JSON.parse(sessionStorage.getItem(PROGRESS) ?? 'null') ?? undefined
}
