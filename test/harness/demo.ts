import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import type { Office } from '../../simulator/protocol.ts'
import { addWorkdays, dayIn, officialCalendar } from '../../src/kit/time.ts'
import { endsWithUs } from './keeper.ts'

export const ROOT = new URL('../..', import.meta.url).pathname
/** Screenshots and the demo's own words, for whoever wants to see what happened. */
export const ARTEFACTS = join(ROOT, 'artefacts', 'chromium')
const READY_WITHIN_MS = 90_000

/** The demo of a newcomer: the built program without a single setting of Feishu's, in a directory of its own. */
export class Demo {
  readonly #dir = mkdtempSync(join(tmpdir(), 'huiyin-demo-'))
  readonly #port: number
  readonly #settings: Record<string, string>
  #child: ChildProcess | undefined
  #workday: string | undefined

  private constructor(port: number, settings: Record<string, string>) {
    this.#port = port
    this.#settings = settings
  }

  static async open(settings: Record<string, string> = {}): Promise<Demo> {
    const demo = new Demo(await freePair(), settings)
    await demo.start()
    return demo
  }

  /** Of the chat page. */
  get url(): string {
    return `http://127.0.0.1:${this.#port + 1}`
  }

  async start(): Promise<void> {
    mkdirSync(ARTEFACTS, { recursive: true })
    const child = spawn(process.execPath, [join(ROOT, 'dist/node.js')], {
      cwd: this.#dir,
      env: {
        PATH: process.env.PATH,
        HOST: '127.0.0.1',
        PORT: String(this.#port),
        DATA_DIR: join(this.#dir, 'data'),
        ...this.#settings,
      },
    })
    const words = createWriteStream(join(ARTEFACTS, 'demo.log'), { flags: 'a' })
    child.stdout?.pipe(words, { end: false })
    child.stderr?.pipe(words, { end: false })
    endsWithUs(child)
    this.#child = child
    await vi.waitFor(
      async () => {
        if (ended(child)) return
        for (const url of [`http://127.0.0.1:${this.#port}/readyz`, `${this.url}/sim/office`])
          if (!(await fetch(url)).ok) throw new Error(`${url} is not ready`)
        if (!(await this.office()).clock.movable) throw new Error('the clock cannot be moved yet')
      },
      { timeout: READY_WITHIN_MS, interval: 100 },
    )
    if (ended(child)) throw new Error(`the demo ended with code ${child.exitCode}; see ${ARTEFACTS}/demo.log`)
  }

  async office(): Promise<Office> {
    return (await (await fetch(`${this.url}/sim/office`)).json()) as Office
  }

  /** Moves the clock to where the next workday begins: outside office hours what is not urgent waits. */
  turnsToMorning(): Promise<void> {
    return this.turnsTo('08:31')
  }

  /** Moves the clock to a time of the next workday. */
  async turnsTo(clock: string): Promise<void> {
    // the same whenever it is asked: past midnight it would be another day
    this.#workday ??= addWorkdays(dayIn(new Date()), 1, officialCalendar)
    const day = this.#workday
    const answer = await fetch(`${this.url}/sim/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ now: `${day}T${clock}:00+08:00` }),
    })
    if (!answer.ok) throw new Error(`the clock was not moved: ${answer.status}`)
  }

  /** Ends the bot as the power would; its simulator follows by itself. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
    await vi.waitFor(
      async () => {
        const answers = await fetch(`${this.url}/sim/office`).then(
          () => true,
          () => false,
        )
        if (answers) throw new Error('the simulator outlives its bot')
      },
      { timeout: 10_000, interval: 50 },
    )
  }

  async close(): Promise<void> {
    await this.#end('SIGTERM')
    rmSync(this.#dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child
    if (!child || ended(child)) return
    const gone = new Promise(done => child.once('exit', done))
    child.kill(signal)
    await gone
  }
}

const ended = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

/** A port whose next one is free as well. */
async function freePair(): Promise<number> {
  for (;;) {
    const first = await opened(0)
    const second = first && first.port < 65_535 ? await opened(first.port + 1) : undefined
    await first?.close()
    await second?.close()
    if (first && second) return first.port
  }
}

function opened(port: number): Promise<{ port: number; close(): Promise<void> } | undefined> {
  return new Promise(done => {
    const server = createServer()
    server.once('error', () => done(undefined))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      done({
        port: typeof address === 'object' && address ? address.port : 0,
        close: () => new Promise(closed => server.close(() => closed())),
      })
    })
  })
}
