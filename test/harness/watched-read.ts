import { Refusal } from '../../src/kit/refusal.ts'

const MEGABYTE = 1_048_576

/** What reading a file answers, how long it takes, how often and for how long nobody else has a turn, and by how much the memory grows meanwhile. */
export async function watched(
  read: () => Promise<string>,
): Promise<{ said: string; ms: number; turns: number; held: number; grown: number }> {
  const before = process.memoryUsage().rss
  const started = performance.now()
  let [most, turns, held, last] = [before, 0, 0, started]
  const watch = setInterval(() => {
    turns++
    most = Math.max(most, process.memoryUsage().rss)
    held = Math.max(held, performance.now() - last)
    last = performance.now()
  }, 5)
  const said = await read().then(
    text => `read: ${text}`,
    (error: unknown) =>
      error instanceof Refusal ? error.message : `broke: ${error instanceof Error ? error.name : ''}`,
  )
  const [ms, given] = [performance.now() - started, turns]
  await new Promise(done => setTimeout(done, 20))
  clearInterval(watch)
  return { said, ms, turns: given, held, grown: (Math.max(most, process.memoryUsage().rss) - before) / MEGABYTE }
}
