import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Simulator } from '../../simulator/server.ts'
import { endsWithUs } from './keeper.ts'
import { ADMIN, KEYS } from './keys.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The bot as an operator starts it: a process of its own. */
export class Program {
  readonly port: number
  readonly #env: Record<string, string>
  readonly #flags: string[]
  #aheadMs: number | undefined
  #child: ChildProcess | undefined
  /** Everything it wrote, over all its lives. */
  out = ''
  err = ''
  code: number | null | undefined

  constructor(sim: Pick<Simulator, 'url'>, port: number, env: Record<string, string>, flags: string[] = []) {
    this.port = port
    this.#flags = flags
    this.#env = {
      PATH: process.env.PATH ?? '',
      HOST: '127.0.0.1',
      PORT: String(port),
      FEISHU_APP_ID: KEYS.appId,
      FEISHU_APP_SECRET: KEYS.appSecret,
      FEISHU_ENCRYPT_KEY: KEYS.encryptKey,
      FEISHU_VERIFICATION_TOKEN: KEYS.verificationToken,
      FEISHU_DOMAIN: sim.url,
      ADMINS: ADMIN,
      ...env,
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Starts it without waiting. */
  launch(): void {
    const child = spawn(process.execPath, [...this.#flags, 'dist/node.js'], {
      cwd: ROOT,
      env: this.#aheadMs === undefined ? this.#env : { ...this.#env, AHEAD_MS: String(this.#aheadMs) },
      stdio: this.#aheadMs === undefined ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    endsWithUs(child)
    this.#child = child
    this.code = undefined
    child.stdout?.on('data', data => {
      this.out += data
    })
    child.stderr?.on('data', data => {
      this.err += data
    })
    child.once('exit', code => {
      this.code = code
    })
  }

  /** Starts it; ends when it is ready, and answers how long that took. */
  async start(withinMs = 60_000): Promise<number> {
    const started = Date.now()
    this.launch()
    await this.ready(withinMs)
    return Date.now() - started
  }

  async ready(withinMs: number): Promise<void> {
    const end = Date.now() + withinMs
    while ((await this.asks('/readyz')) !== 200) {
      if (Date.now() > end) throw new Error(`not ready (code ${this.code}):\n${this.err}\n${this.out.slice(-2_000)}`)
      await new Promise(done => setTimeout(done, 20))
    }
  }

  /** Sets the clock of its machine, now and at each start; heeded by one that loads `chaos/stepped.mjs`. */
  step(aheadMs: number): void {
    this.#aheadMs = aheadMs
    if (this.#child?.connected) this.#child.send(aheadMs, () => {})
  }

  /** The status of an answer, 0 for none. */
  async asks(path: string): Promise<number> {
    return fetch(this.url + path, { signal: AbortSignal.timeout(5_000) }).then(
      async answer => {
        await answer.arrayBuffer()
        return answer.status
      },
      () => 0,
    )
  }

  kill(signal: 'SIGKILL' | 'SIGTERM'): void {
    this.#child?.kill(signal)
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  /** Ends when the process has ended; answers its exit code, null when a signal ended it. */
  async ended(withinMs = 12_000): Promise<number | null> {
    const end = Date.now() + withinMs
    while (this.code === undefined) {
      if (Date.now() > end) throw new Error(`still there after ${withinMs} ms`)
      await new Promise(done => setTimeout(done, 10))
    }
    return this.code
  }
}

export function freePort(): Promise<number> {
  return new Promise(done => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
