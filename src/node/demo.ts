import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config, FeishuConfig } from '../config.ts'

/** The simulated Feishu of a start without settings: a program of its own, met only over the wire. */
export interface Demo {
  feishu: FeishuConfig
  /** Starts it once the bot listens. */
  start(): Promise<Simulator>
}

interface Simulator {
  url: string
  /** Lets the demo's administrator take the office over with the one-time code and set its roles, if that is not done yet. */
  furnish(setupCode: string | undefined): Promise<void>
  stop(): void
}

const secret = () => randomBytes(16).toString('hex')

/** The app's secret stays with the data: what was signed before a restart is still ours after it. */
function appSecret(dataDir: string): string {
  const file = join(dataDir, 'demo-secret')
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true })
    writeFileSync(file, secret(), { mode: 0o600 })
  }
  return readFileSync(file, 'utf8')
}

export function prepareDemo(config: Pick<Config, 'dataDir' | 'databaseUrl' | 'port' | 'host' | 'transport'>): Demo {
  endWithPredecessor()
  const port = config.port + 1
  const feishu: FeishuConfig = {
    appId: 'cli_a0000000000000de',
    appSecret: appSecret(config.dataDir),
    domain: `http://127.0.0.1:${port}`,
    transport: config.transport,
    encryptKey: secret(),
    verificationToken: secret(),
  }
  return {
    feishu,
    async start() {
      const child = fork(programFile(), {
        env: {
          ...process.env,
          PORT: String(port),
          HOST: config.host,
          BOT_URL: `http://127.0.0.1:${config.port}`,
          APP_ID: feishu.appId,
          APP_SECRET: feishu.appSecret,
          ENCRYPT_KEY: feishu.encryptKey,
          TRANSPORT: feishu.transport,
          VERIFICATION_TOKEN: feishu.verificationToken,
          DATA_FILE: join(config.dataDir, 'simulator.json'),
          START_OVER: config.databaseUrl ? '0' : '1',
        },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        execArgv: programFile().endsWith('.ts') ? ['--import', 'tsx'] : [],
      })
      await listening(child)
      child.on('message', wish => {
        if (isStartOver(wish)) void startOver(child, config.dataDir)
      })
      return {
        url: `http://localhost:${port}`,
        stop: () => child.kill('SIGTERM'),
        async furnish(setupCode) {
          const first = setupCode ? `/初始化 ${setupCode}` : '/初始化'
          await fetch(`${feishu.domain}/sim/script`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ first }),
          })
        },
      }
    },
  }
}

function programFile(): string {
  const built = fileURLToPath(new URL('./simulator.js', import.meta.url))
  return existsSync(built) ? built : fileURLToPath(new URL('../../simulator/main.ts', import.meta.url))
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    child.once('message', () => done())
    child.once('exit', code => fail(new Error(`the simulator ended at once (code ${code}); is its port free?`)))
  })
}

const isStartOver = (wish: unknown) => typeof wish === 'object' && wish !== null && 'startOver' in wish

/**
 * Somebody at the page wants the demo as it was in the beginning. It stops like at Ctrl-C, first the simulator and then the bot, so that
 * nobody writes any more; what both have kept is deleted, and the same program starts anew in its place.
 */
async function startOver(simulator: ChildProcess, dataDir: string): Promise<void> {
  const ended = new Promise(done => simulator.once('exit', done))
  simulator.kill('SIGTERM')
  await ended
  process.once('exit', () => {
    for (const name of ['pglite', 'simulator.json', 'simulator.json.files']) {
      rmSync(join(dataDir, name), { recursive: true, force: true })
    }
    process.exitCode = succeed()
  })
  process.kill(process.pid, 'SIGTERM')
}

/** Node cannot replace itself: this process stays as the one that was started, and waits. A signal ends it, and thereby the successor. */
function succeed(): number {
  for (const signal of ['SIGTERM', 'SIGINT']) process.removeAllListeners(signal)
  const { status } = spawnSync(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...process.env, DEMO_SUCCESSOR: '1' },
  })
  return status ?? 1
}

/** The pipe to the process that waits for us closes when that one is ended: then so do we. */
function endWithPredecessor(): void {
  if (process.env.DEMO_SUCCESSOR !== '1') return
  const line = new Socket({ fd: 3 })
  line.once('close', () => process.kill(process.pid, 'SIGTERM'))
  line.once('error', () => line.destroy())
  line.unref().resume()
}
