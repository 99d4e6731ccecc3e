import cron from 'node-cron'

/** With no run for so long the schedule waits for an instant that the clock, put back, has yet to reach. */
const LONGEST_MS = 61_000
const LOOK_MS = 1_000
/** A minute that begins late is run all the same, as long as it is that minute. */
const LATE = { missedExecutionTolerance: 59_999, suppressMissedWarning: true }

/** Runs at each full minute of the clock, and never more than a minute after the last time, however the clock is put. `run` does not throw. */
export function everyMinute(run: () => Promise<void>): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve()
  let lastMs = performance.now()
  const begin = (): void => {
    lastMs = performance.now()
    running = Promise.all([running, run()]).then(() => {})
  }
  const schedule = () => cron.schedule('* * * * *', begin, LATE)
  let task = schedule()
  const look = (): void => {
    if (performance.now() - lastMs <= LONGEST_MS) return
    void task.destroy()
    task = schedule()
    begin()
  }
  const looking = setInterval(look, LOOK_MS)
  return {
    async stop() {
      clearInterval(looking)
      await task.destroy()
      await running
    },
  }
}
