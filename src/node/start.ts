import { holdersOf } from '../../db/role.ts'
import {
  DIRECTORY_FIRST,
  DIRECTORY_WANTED,
  dropSetting,
  HEARTBEAT,
  keepFirstOnce,
  keepSetting,
  setting,
} from '../../db/settings.ts'
import { createLog, describe } from '../bot/log.ts'
import { noteStandstill, tick } from '../bot/tick.ts'
import { type Clock, rest, systemClock } from '../clock.ts'
import { type Config, readConfig } from '../config.ts'
import type { House } from '../house.ts'
import { digest, oneTimeCode } from '../kit/secret.ts'
import { dayIn } from '../kit/time.ts'
import { openBot } from './bot.ts'
import { careForEmbedded } from './care.ts'
import { type Database, openDatabase } from './database.ts'
import { prepareDemo } from './demo.ts'
import { readEnvironment } from './environment.ts'
import { everyMinute } from './minute.ts'
import { clockOf } from './office-clock.ts'
import { backupEmbedded, told } from './operate/backup.ts'
import { examineRunning } from './operate/doctor.ts'
import { listenToOperator } from './operate/running.ts'
import { createReader } from './read-apart.ts'
import { leaveOnSignal, onSignal } from './signals.ts'
import { isTold, reasonOf } from './told.ts'
import { whenItAnswers } from './wait.ts'

const LONGEST_STOP_MS = 8_000
const LONGEST_BEAT_MS = 5_000

/** Starts the bot; a start that cannot be is told on stderr in one piece and ends with code 1. */
export async function startNode(): Promise<void> {
  leaveOnSignal()
  try {
    await start()
  } catch (error) {
    process.stderr.write(`${isTold(error) ? error.message : `The bot could not start: ${reasonOf(error)}`}\n`)
    process.exit(1)
  }
}

async function start(): Promise<void> {
  const { env, declared } = readEnvironment()
  const config = readConfig(env, declared)
  const demo = config.feishu ? undefined : prepareDemo(config)
  const feishu = config.feishu ?? demo?.feishu
  if (!feishu) throw new Error('neither an app nor a demo')
  const write = (line: string) => process.stdout.write(`${line}\n`)
  const log = createLog(config.logLevel, systemClock.now, write)
  const { database, clock, setupCode } = await whenItAnswers(() => take(config, demo !== undefined), config, log)
  const readText = readerOf(import.meta.url)
  // whatever comes in first wakes what waits to leave
  await noteStandstill({ db: database.db, clock }, await setting<number>(database.db, HEARTBEAT))
  const { house, connect, stop } = await openBot({ config, feishu, database, clock, write, readText })
  const simulator = await demo?.start()
  connect()
  greet(config, setupCode, simulator?.url)
  const stopCaring = database.embedded ? careForEmbedded(database.db, house.office.log) : () => {}
  const operator = await serveOperator(config, house, database)
  const beat = heartbeat(house)
  // what is due stands in the database; this only says that a minute has passed
  const heart = everyMinute(beat)
  const settled = beat()
  onStop(house, async () => {
    await operator?.stop()
    // nothing more begins while a heartbeat is at its end, and a long one is left to the next start
    const stopped = stop()
    await Promise.race([Promise.all([settled, heart.stop()]), rest(systemClock, LONGEST_BEAT_MS)])
    stopCaring()
    await stopped
    simulator?.stop()
    await database.close()
  })
  await settled
  await simulator?.furnish(setupCode)
}

/** The database, and what a start wants to know of it: one that goes away in between is waited for too. */
async function take(config: Config, demo: boolean) {
  const database = await openDatabase(config)
  try {
    const clock = await clockOf(config, demo, database)
    return { database, clock, setupCode: await setupCodeOf(config, database, clock) }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** What only the process can do that has the embedded database. */
function serveOperator(config: Config, { office }: House, database: Database) {
  if (!database.embedded) return undefined
  const words = {
    backup: async (file: string) => ({
      lines: told(file, await backupEmbedded(database, file, office.clock)),
      well: true,
    }),
    doctor: () => examineRunning(office, config, database),
  }
  return listenToOperator(config.dataDir, words, office.log)
}

/** Who we are, whom we know, and what has fallen due. What the database does not give now is asked for at the next heartbeat. */
export function heartbeat({ office, introduce }: House): () => Promise<void> {
  let isAsked = false
  return async () => {
    await introduce()
      .then(async () => {
        if (!isAsked) await wantDirectory(office)
        isAsked = true
      })
      .catch((error: unknown) => office.log('error', 'heartbeat failed', describe(error)))
    await tick(office)
  }
}

/** Where it was never read, once a start: what Feishu refuses it refuses the next minute too, and the nights ask again. */
async function wantDirectory({ db, clock }: House['office']): Promise<void> {
  await keepFirstOnce(db, DIRECTORY_FIRST, clock.now())
  if (!(await setting(db, 'directory.read'))) await keepSetting(db, DIRECTORY_WANTED, true, clock.now())
}

/** While nobody is 系统管理员, each start prints a new code with which the first may become it; from then on none is good for it. */
async function setupCodeOf(config: Config, { db }: Database, clock: Clock): Promise<string | undefined> {
  if (config.admins.length || (await holdersOf(db, 'SY', dayIn(clock.now()))).length) {
    await dropSetting(db, 'setup.code')
    return undefined
  }
  const code = oneTimeCode()
  await keepSetting(db, 'setup.code', digest(code), clock.now())
  return code
}

/** Built beside the program; what runs from its sources reads files itself. */
const readerOf = (program: string) =>
  program.endsWith('.ts') ? undefined : createReader(new URL('./reader.js', program))

/** For whoever sits at the terminal; logs are JSON lines on stdout, this goes to stderr. */
function greet(config: Config, setupCode: string | undefined, simulator: string | undefined): void {
  const lines = [`回音 bot:  http://localhost:${config.port}`]
  if (simulator) lines.push(`Chat page: ${simulator}   (simulated Feishu, demo office)`)
  else if (setupCode) lines.push(`First administrator: send the bot in private  /初始化 ${setupCode}`)
  process.stderr.write(`\n${lines.map(line => `  ${line}`).join('\n')}\n\n`)
}

/** Finishes turns and deliveries in hand, then ends with code 0; what takes too long is left to the next start. */
function onStop({ office }: House, stop: () => Promise<void>): void {
  let stopping = false
  onSignal(signal => {
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
