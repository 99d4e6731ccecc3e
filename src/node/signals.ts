/** What asks us to end: a supervisor, and Ctrl-C. */
export const SIGNALS = ['SIGTERM', 'SIGINT'] as const

const leave = (): void => process.exit(0)

/** From here on a signal ends the process at once, with code 0: nothing has been begun that would have to be finished. */
export function leaveOnSignal(): void {
  for (const signal of SIGNALS) process.on(signal, leave)
}

/** From here on a signal ends it in good order instead. */
export function onSignal(act: (signal: (typeof SIGNALS)[number]) => void): void {
  for (const signal of SIGNALS) process.on(signal, act).off(signal, leave)
}
