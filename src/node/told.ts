import { DatabaseNewer } from '../../db/migrate.ts'
import { ConfigFault } from '../config.ts'

/** What cannot be done, and what to do about it, in words for whoever sits at the terminal. */
export class Told extends Error {
  constructor(words: string) {
    super(words)
    this.name = 'Told'
  }
}

/** Whether an error says by itself what to do. */
export const isTold = (error: unknown): error is Error =>
  error instanceof Told || error instanceof ConfigFault || error instanceof DatabaseNewer

/** What the database said, rather than the statement it said it about. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return error.cause instanceof Error ? error.cause.message : error.message
}
