import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { endsWithUs } from '../harness/keeper.ts'

export interface Running {
  port: number
  child: ChildProcess
  /** From its spawn until /readyz said yes. */
  readyMs: number
  stop(): Promise<void>
}

/** A server process; `args` to node. Its log is written and thrown away, as a log collector would take it. */
export async function run(args: string[], env: Record<string, string>): Promise<Running> {
  const port = await freePort()
  const started = performance.now()
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env, HOST: '127.0.0.1', PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  endsWithUs(child)
  let told = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    told = (told + chunk.toString()).slice(-2_000)
  })
  while (!(await isReady(port))) {
    if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended: ${told}`)
    await new Promise(done => setTimeout(done, 10))
  }
  const readyMs = performance.now() - started
  return {
    port,
    child,
    readyMs,
    async stop() {
      if (child.exitCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

function isReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/readyz`).then(
    async answer => {
      await answer.arrayBuffer()
      return answer.ok
    },
    () => false,
  )
}

/** CPU time of a process so far, in µs: that of its threads, which all last as long as it does. `/proc/PID/stat` knows only 10 ms. */
export const cpuUs = ({ child }: Running): number => cpuOf(child.pid ?? 0)

/** The same of a process that has others and of those that it has or had; one that ends meanwhile is found among what has ended. */
export function cpuOfAll(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
  const alive = children.map(child => {
    try {
      return cpuOf(Number(child))
    } catch {
      return 0
    }
  })
  return alive.reduce((sum, one) => sum + one, cpuOf(pid) + endedUs(pid))
}

function cpuOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  const ns = threads.map(id => Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]))
  return ns.reduce((sum, one) => sum + one, 0) / 1_000
}

/** A hundredth of a second, the unit of `/proc/PID/stat`. */
const TICK_US = 10_000

/** CPU time of the children that have ended and whose end was heard of. */
function endedUs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(13, 15)
  return (Number(user) + Number(system)) * TICK_US
}

export function rssMb({ child }: Running): { now: number; peak: number } {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  const mb = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1_024
  return { now: mb('VmRSS'), peak: mb('VmHWM') }
}

export function freePort(): Promise<number> {
  return new Promise(done => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
