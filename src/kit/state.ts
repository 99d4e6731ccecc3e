import { digest } from './secret.ts'

/** The hash of a state, in hex: SHA-256 over its JSON with the names in order, so that the same state has the same hash. */
export const stateHash = (state: unknown): string => digest(JSON.stringify(state, inOrder))

function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
