import type { LogLevel } from '../config.ts'

/** One line of JSON: what, outcome, ms and ids. Never a text that people wrote, a name, or a secret. */
export type Line = Record<string, string | number | boolean | undefined>
export type Log = (level: LogLevel, what: string, line?: Line) => void

const RANKS: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 }

export function createLog(level: LogLevel, now: () => Date, write: (line: string) => void): Log {
  return (at, what, line = {}) => {
    if (RANKS[at] >= RANKS[level])
      write(JSON.stringify(Object.assign({ at: now().toISOString(), level: at, what }, line)))
  }
}

/** What may be told of an unforeseen error: its name and code and where it arose, not its message, which may hold values. */
export function describe(error: unknown): Line {
  if (!(error instanceof Error)) return { error: typeof error }
  const cause = error.cause ?? error
  const code = typeof cause === 'object' && cause && 'code' in cause ? String(cause.code) : undefined
  return { error: error.name, code, where: whereOf(error) }
}

/** The first frame of the stack. Only what stands behind the message is looked at, for a line of the message may read like one. */
function whereOf({ stack = '', message }: Error): string | undefined {
  const from = stack.indexOf(message)
  const frames = from < 0 ? [] : stack.slice(from + message.length).split('\n')
  return frames.find(line => /^\s+at .*:\d+:\d+\)?$/.test(line))?.trim()
}
