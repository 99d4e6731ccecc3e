import type postgres from 'postgres'
import type { Running } from './servers.ts'

/** «d», the reference bot, or the bot as it is shipped or with the platform's windows lifted. */
export type Program = 'baseline' | 'reference' | 'bot' | 'lifted'

/** What a part of the benchmark is given. */
export interface Bench {
  /** A server of one of the programs on a database of its own, where the crowd is known; `apiPort`: where another Open Platform is. */
  start(program: Program, name: string, apiPort?: number): Promise<Measured>
  /** The Open Platform that says yes to everything. */
  sink: Running
  print(title: string, head: string[], rows: string[][]): void
}

export interface Measured {
  server: Running
  sql: postgres.Sql
  /** Starts the program again, on the same database; from then on `stop` ends that one. */
  again(): Promise<Running>
  stop(): Promise<void>
}

export const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms))

export const ms = (value: number): string => value.toFixed(value < 10 ? 1 : 0)

/** Waits until something is so, looking again and again. @throws Error after so long. */
export async function until(isSo: () => Promise<boolean>, longestMs: number, what: string): Promise<void> {
  const end = performance.now() + longestMs
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`${what} took longer than ${longestMs / 1_000} s`)
    await pause(20)
  }
}

export async function nothingWaits(sql: postgres.Sql): Promise<boolean> {
  return (await sql`select 1 from outbox where state = 'waiting' limit 1`).length === 0
}
