import { inject } from 'vitest'
import type { Clock } from '../../src/clock.ts'
import type { Transport } from '../../src/config.ts'
import { type Bot, openBot } from '../../src/node/bot.ts'
import { type Database, openDatabase } from '../../src/node/database.ts'
import { ADMIN, feishuOf, shortRest, type TestOffice } from './office.ts'
import { patient } from './patient.ts'
import { rows } from './traces.ts'

/** The address of an office's own database on the test server. */
export async function urlOf({ db }: Pick<Database, 'db'>): Promise<string> {
  const [row] = await rows<{ name: string }>(db, 'select current_database() as name')
  return inject('postgresUrl').replace(/\/[^/]*$/, `/${row?.name}`)
}

/** A second process' worth of bot beside the first: connections, token and memory of its own on the same Postgres. */
export async function secondBot(
  office: TestOffice,
  transport: Transport = 'webhook',
  clock: Clock = office.clock,
): Promise<{ bot: Bot; url: string; close(): Promise<void> }> {
  const database = await openDatabase({ databaseUrl: await urlOf(office.database), dataDir: '' })
  const bot = await botOn(office, database, clock, transport)
  return {
    bot,
    url: `http://127.0.0.1:${bot.port}`,
    async close() {
      await bot.stop()
      await database.close()
    },
  }
}

/** A bot as after a restart: it knows only what the database knows. `keys`: other ones than before. */
export async function botOn(
  office: TestOffice,
  database: Database,
  clock: Clock,
  transport: Transport = 'webhook',
  keys: { encryptKey?: string } = {},
): Promise<Bot> {
  const bot = await openBot({
    config: {
      admins: [ADMIN],
      officeHours: '08:30-12:00,14:30-17:30',
      logLevel: 'debug',
      host: '127.0.0.1',
      port: 0,
    },
    feishu: { ...feishuOf(office.sim, transport), ...keys },
    database,
    clock,
    write: line => office.log.push(line),
    rest: shortRest,
    turns: patient(),
  })
  bot.connect()
  await bot.house.introduce()
  return bot
}
