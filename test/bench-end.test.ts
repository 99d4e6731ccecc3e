import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { kinds } from './harness/databases.ts'
import { until } from './harness/traces.ts'

const BENCH = ['--import', 'tsx', 'test/bench/main.ts', 'time']

/** The processes that a process has started, and those that these have, as Linux tells. */
function offspring(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`
  const own = existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ').filter(Boolean).map(Number) : []
  return own.flatMap(child => [child, ...offspring(child)])
}

/** A process that has ended and whose end nobody has asked about yet counts as ended. */
function lives(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch (error) {
    // it may end between being looked for and being read
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}

/** The bench says this once its servers are up. */
async function begun({ stdout }: ChildProcess): Promise<void> {
  let said = ''
  for await (const chunk of stdout ?? []) {
    said += chunk
    if (said.includes('PostgreSQL')) return
  }
  throw new Error(`the bench ended: ${said}`)
}

it.runIf(process.platform === 'linux' && kinds.includes('Postgres'))(
  'a bench that is killed takes its servers with it',
  async () => {
    const bench = spawn(process.execPath, BENCH, { stdio: ['ignore', 'pipe', 'ignore'] })
    await begun(bench)
    const started = offspring(bench.pid ?? 0)
    const names = started.map(pid => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
    const data = names.map(name => /(\/[^\0]*huiyin-pg-[^\0/]*)/.exec(name)?.[1]).find(Boolean) ?? ''
    expect(names.some(name => name.includes('bench-sink'))).toBe(true)
    expect(existsSync(data)).toBe(true)
    const ended = once(bench, 'exit')
    bench.kill('SIGKILL')
    await ended
    await until(() => !started.some(lives) && !existsSync(data))
  },
  120_000,
)
