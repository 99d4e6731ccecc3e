import { fileURLToPath } from 'node:url'
import { startSimulator } from './server.ts'
import type { SimulatorOptions } from './settings.ts'

const env = process.env

const simulator = await start()
console.log(JSON.stringify({ simulator: simulator.url }))
process.send?.({ url: simulator.url })

async function start() {
  try {
    return await startSimulator(optionsOf())
  } catch (cause) {
    console.error(`模拟飞书无法启动：${(cause as Error).message}`)
    return process.exit(1)
  }
}

function optionsOf(): SimulatorOptions {
  return {
    port: Number(env.PORT ?? 3001),
    host: env.HOST ?? '0.0.0.0',
    botUrl: env.BOT_URL ?? 'http://127.0.0.1:3000',
    appId: env.APP_ID ?? 'cli_a1b2c3d4e5f60718',
    appSecret: env.APP_SECRET ?? 'simulated-secret',
    encryptKey: env.ENCRYPT_KEY ?? '',
    verificationToken: env.VERIFICATION_TOKEN ?? '',
    speed: Number(env.SPEED ?? 1),
    transport: env.TRANSPORT === 'websocket' ? 'websocket' : 'webhook',
    script: env.SCRIPT === '1',
    clockCheck: true,
    pageDir: env.PAGE_DIR ?? fileURLToPath(new URL('./page', import.meta.url)),
    ...(env.START_OVER === '1' && { startOver: () => void process.send?.({ startOver: true }) }),
    ...(env.DATA_FILE && { dataFile: env.DATA_FILE }),
  }
}

/** Whatever is under way, one second must do. */
async function end() {
  setTimeout(() => process.exit(0), 900).unref()
  await simulator.close()
  process.exit(0)
}

for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, () => void end())
