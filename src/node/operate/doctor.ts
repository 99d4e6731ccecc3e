import { sqlFault } from '../../../db/client.ts'
import type { Office } from '../../bot/office.ts'
import { systemClock } from '../../clock.ts'
import { type Config, ConfigFault, readConfig } from '../../config.ts'
import { prepareHouse } from '../../house.ts'
import { type Database, openServer } from '../database.ts'
import { readEnvironment } from '../environment.ts'
import { nodeExchange } from '../exchange.ts'
import { clockOf } from '../office-clock.ts'
import { reasonOf, Told } from '../told.ts'
import { withEmbedded } from './embedded.ts'
import { examineDatabase } from './examine-database.ts'
import { examineMachine } from './examine-machine.ts'
import { examineDelivery, examineFeishu, examineOffice } from './examine-office.ts'
import { bad, type Finding, good, line, note } from './finding.ts'
import { type Answered, askRunning } from './running.ts'

/** Looks at everything that can be looked at from here; one line each, and whether nothing is wrong. */
export async function examined(): Promise<Answered> {
  const { env, declared } = readEnvironment()
  const read = settingsIn(env, declared)
  if (Array.isArray(read)) return report([...(await examineMachine(undefined)), ...read])
  const first = report([
    ...(await examineMachine(read)),
    good('Settings', read.feishu ? 'complete' : 'none of Feishu: the demo'),
  ])
  const rest = await examineHouse(read)
  return { lines: [...first.lines, ...rest.lines], well: first.well && rest.well }
}

const report = (findings: Finding[]): Answered => ({
  lines: findings.map(line),
  well: findings.every(({ state }) => state !== 'bad'),
})

function settingsIn(env: Record<string, string | undefined>, declared: string[]): Config | Finding[] {
  try {
    return readConfig(env, declared)
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error
    return error.faults.map(fault => bad('Settings', fault, 'mend it in the environment or in .env'))
  }
}

async function examineHouse(config: Config): Promise<Answered> {
  const { dataDir } = config
  try {
    if (config.databaseUrl) return report(await examineServer(config, config.databaseUrl))
    return await withEmbedded(
      dataDir,
      async database => report(await examineOpen(config, { ...database, embedded: true })),
      () => askRunning(dataDir, 'doctor', ''),
    )
  } catch (error) {
    if (error instanceof Told) return report([bad('Database', error.message, 'see the README, operations')])
    throw error
  }
}

async function examineServer(config: Config, url: string): Promise<Finding[]> {
  const opened = openServer(url, 2)
  try {
    return await examineOpen(config, { ...opened, embedded: false })
  } catch (error) {
    const code = sqlFault(error)?.code
    if (!code) throw error
    return [bad('Database', `does not answer: ${reasonOf(error)} (${code})`, 'mend DATABASE_URL or start the server')]
  } finally {
    await opened.close()
  }
}

/** From the outside: the running bot does the same with what it has at hand. */
async function examineOpen(config: Config, database: Database): Promise<Finding[]> {
  const { feishu } = config
  const found = await examineDatabase(database, systemClock.wire)
  if (found.some(({ first }) => first)) return found
  // the demo's Feishu is known to the process alone that started it
  if (!feishu) return [...found, note('Feishu', 'simulated, and looked at only by the running demo')]
  const clock = await clockOf(config, false, database)
  const { office } = prepareHouse({ config, feishu, clock, write: () => {}, exchange: nodeExchange })(database.db)
  return [...found, ...(await examineWork(office, config))]
}

/** The same from within. */
export async function examineRunning(
  office: Office,
  config: Pick<Config, 'transport'>,
  database: Pick<Database, 'db' | 'embedded'>,
): Promise<Answered> {
  return report([...(await examineDatabase(database, office.clock.wire)), ...(await examineWork(office, config))])
}

const examineWork = async (office: Office, config: Pick<Config, 'transport'>): Promise<Finding[]> => [
  ...(await examineFeishu(office)),
  ...(await examineDelivery(office, config)),
  ...(await examineOffice(office)),
]
