import { type ServerType, serve } from '@hono/node-server'
import cron from 'node-cron'
import { holdersOf } from '../../db/role.ts'
import { keepSetting, setting } from '../../db/settings.ts'
import { createApp } from '../app.ts'
import { moveClock, tick } from '../bot/tick.ts'
import { type Clock, manualClock, systemClock } from '../clock.ts'
import { type Config, ConfigFault, readConfig } from '../config.ts'
import { type House, openHouse } from '../house.ts'
import { digest, oneTimeCode } from '../kit/secret.ts'
import { dayIn } from '../kit/time.ts'
import { careForEmbedded } from './care.ts'
import { type Database, openDatabase } from './database.ts'
import { type Demo, prepareDemo } from './demo.ts'
import { createDrainer, type Drainer } from './drainer.ts'
import { readEnvironment } from './environment.ts'
import { DirectoryTaken } from './lock.ts'

const LONGEST_STOP_MS = 8_000

/** Starts the bot; a start that cannot be is told on stderr in one piece and ends with code 1. */
export async function startNode(): Promise<void> {
  try {
    await start()
  } catch (error) {
    const told = error instanceof ConfigFault || error instanceof DirectoryTaken
    process.stderr.write(
      `${told ? error.message : `The bot could not start: ${error instanceof Error ? error.message : 'unknown'}`}\n`,
    )
    process.exit(1)
  }
}

async function start(): Promise<void> {
  const { env, declared } = readEnvironment()
  const config = readConfig(env, declared)
  const demo = config.feishu ? undefined : prepareDemo(config)
  const feishu = config.feishu ?? (demo as Demo).feishu
  const database = await openDatabase(config)
  const clock = await clockOf(config, demo, database)
  const drainer = createDrainer(() => house.office)
  const house: House = openHouse({
    config,
    feishu,
    db: database.db,
    clock,
    wake: drainer.wake,
    write: line => process.stdout.write(`${line}\n`),
  })
  const server = await listen(config, house, drainer, clock)
  const setupCode = await oneTimeCodeOf(config, database, clock)
  const simulator = await demo?.start()
  greet(config, setupCode, simulator?.url)
  const stopCaring = database.embedded ? careForEmbedded(database.db, house.office.log) : () => {}
  const beat = keepTime(house)
  onStop(house, async () => {
    await beat.stop()
    stopCaring()
    simulator?.stop()
    await closeServer(server)
    await drainer.stop()
    await database.close()
  })
  await house.introduce()
  if (!(await setting(database.db, 'directory.read')))
    await keepSetting(database.db, 'directory.wanted', true, clock.now())
  await tick(house.office)
  await simulator?.furnish(setupCode)
}

/** In the demo people move the clock; what they moved it to survives a restart. */
async function clockOf(config: Config, demo: Demo | undefined, { db }: Database): Promise<Clock> {
  if (config.clock !== 'manual' && !demo) return systemClock
  return manualClock((await setting<number>(db, 'clock.offset')) ?? 0)
}

function listen(config: Config, house: House, drainer: Drainer, clock: Clock): Promise<ServerType> {
  const { office, gate } = house
  const app = createApp(office, {
    ...gate,
    afterAnswer: (env, run) => {
      const { outgoing } = (env ?? {}) as {
        outgoing?: { writableFinished: boolean; once(event: 'close', run: () => void): void }
      }
      if (outgoing && !outgoing.writableFinished) outgoing.once('close', run)
      else setTimeout(run, 0)
    },
    ...(clock.set
      ? {
          moveClock: async (to: Date) => {
            await moveClock(office, to)
            await keepSetting(
              office.db,
              'clock.offset',
              office.clock.now().getTime() - office.clock.wire(),
              office.clock.now(),
            )
            await drainer.settle()
          },
        }
      : {}),
  })
  return new Promise((done, fail) => {
    const server = serve({ fetch: app.fetch, hostname: config.host, port: config.port }, () => done(server))
    server.once('error', fail)
  })
}

/** While nobody is 系统管理员, each start prints a new code with which the first may become it. */
async function oneTimeCodeOf(config: Config, { db }: Database, clock: Clock): Promise<string | undefined> {
  if (config.admins.length || (await holdersOf(db, 'SY', dayIn(clock.now()))).length) return undefined
  const code = oneTimeCode()
  await keepSetting(db, 'setup.code', await digest(code), clock.now())
  return code
}

/** For whoever sits at the terminal; logs are JSON lines on stdout, this goes to stderr. */
function greet(config: Config, setupCode: string | undefined, simulator: string | undefined): void {
  const lines = [`回音 bot:  http://localhost:${config.port}`]
  if (simulator) lines.push(`Chat page: ${simulator}   (simulated Feishu, demo office)`)
  else if (setupCode) lines.push(`First administrator: send the bot in private  /初始化 ${setupCode}`)
  process.stderr.write(`\n${lines.map(line => `  ${line}`).join('\n')}\n\n`)
}

/** The heartbeat. What is due stands in the database; this only says that a minute has passed. */
function keepTime({ office, introduce }: House): { stop(): Promise<void> } {
  let running = Promise.resolve()
  const task = cron.schedule('* * * * *', () => {
    running = introduce().then(() => tick(office))
    return running
  })
  return {
    async stop() {
      await task.stop()
      await running
    },
  }
}

function closeServer(server: ServerType): Promise<void> {
  return new Promise(done => {
    server.close(() => done())
    if ('closeIdleConnections' in server) server.closeIdleConnections()
  })
}

/** Finishes turns and deliveries in hand, then ends with code 0; what takes too long is left to the next start. */
function onStop({ office }: House, stop: () => Promise<void>): void {
  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return
      stopping = true
      office.log('info', 'stopping', { signal })
      setTimeout(() => process.exit(0), LONGEST_STOP_MS).unref()
      void stop().then(
        () => process.exit(0),
        () => process.exit(1),
      )
    })
  }
}
