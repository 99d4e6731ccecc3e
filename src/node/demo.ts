import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
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

export function prepareDemo(config: Pick<Config, 'dataDir' | 'port' | 'host' | 'transport'>): Demo {
  const port = config.port + 1
  const feishu: FeishuConfig = {
    appId: 'cli_a0000000000000de',
    appSecret: secret(),
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
        },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        execArgv: programFile().endsWith('.ts') ? ['--import', 'tsx'] : [],
      })
      await listening(child)
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
