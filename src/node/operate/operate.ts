import { resolve } from 'node:path'
import { grant, grantsFor, roleFault } from '../../../db/grants.ts'
import { migrateEmbedded } from '../../../db/migrate.ts'
import { systemClock } from '../../clock.ts'
import { type Config, readConfig } from '../../config.ts'
import { migrateOrTell, openServer } from '../database.ts'
import { readEnvironment } from '../environment.ts'
import { MIGRATIONS } from '../migrations.ts'
import { isTold, reasonOf, Told } from '../told.ts'
import { backupEmbedded, backupServer, told } from './backup.ts'
import { examined } from './doctor.ts'
import { withEmbedded } from './embedded.ts'
import { restore } from './restore.ts'
import { type Answered, askRunning } from './running.ts'

/** One word behind `node dist/node.js`. */
interface Word {
  usage: string
  about: string
  run(given: string[]): Promise<Answered>
}

export const WORDS: Record<string, Word> = {
  doctor: { usage: 'doctor', about: 'says what is well, what is not, and what to do about it', run: doctor },
  backup: {
    usage: 'backup [file]',
    about: 'writes the whole database into a file, also while the bot runs',
    run: backup,
  },
  restore: { usage: 'restore <file> [--replace]', about: 'puts a backup in place; the bot must not run', run: putBack },
  migrate: {
    usage: 'migrate',
    about: 'brings the tables up to date; each start does it too, where its role may',
    run: migrate,
  },
  role: {
    usage: 'role <name> [--apply]',
    about: 'what lets the program work under a role that cannot change its history',
    run: role,
  },
}

/** Does what the command line says; answers the exit code: 0 all is well, 1 something is not, 2 the words were not understood. */
export async function operate(
  [word = '', ...given]: string[],
  say: (line: string) => void,
  complain: (line: string) => void,
): Promise<number> {
  const known = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined
  if (!known) {
    complain(
      `There is no ${word}. Known are:\n${Object.values(WORDS)
        .map(({ usage, about }) => `  ${usage.padEnd(28)}${about}`)
        .join('\n')}`,
    )
    return 2
  }
  try {
    const { lines, well } = await known.run(given)
    for (const line of lines) (well || word === 'doctor' ? say : complain)(line)
    return well ? 0 : 1
  } catch (error) {
    if (error instanceof Misused) {
      complain(`Usage: node dist/node.js ${known.usage}`)
      return 2
    }
    complain(isTold(error) ? error.message : `It could not be done: ${reasonOf(error)}`)
    return 1
  }
}

/** The word is known, what stands behind it is not. */
class Misused extends Error {}

const settings = (): Config => {
  const { env, declared } = readEnvironment()
  return readConfig(env, declared)
}

const well = (...lines: string[]): Answered => ({ lines, well: true })

async function doctor(given: string[]): Promise<Answered> {
  if (given.length) throw new Misused()
  return examined()
}

async function backup([file = nameOf(), ...rest]: string[]): Promise<Answered> {
  if (rest.length || file.startsWith('-')) throw new Misused()
  const config = settings()
  const path = resolve(file)
  if (config.databaseUrl) return well(...told(path, await backupServer(config.databaseUrl, path)))
  return withEmbedded(
    config.dataDir,
    async database => well(...told(path, await backupEmbedded(database, path, systemClock))),
    () => askRunning(config.dataDir, 'backup', path),
  )
}

/** Such as huiyin-20261124T010000Z.backup. */
const nameOf = () =>
  `huiyin-${systemClock
    .now()
    .toISOString()
    .replace(/[-:]|\.\d+/g, '')}.backup`

async function putBack(given: string[]): Promise<Answered> {
  const [file, ...rest] = given.filter(one => one !== '--replace')
  if (!file || rest.length || file.startsWith('-')) throw new Misused()
  return well(...(await restore(settings(), { file: resolve(file), replace: given.includes('--replace') })))
}

async function migrate(given: string[]): Promise<Answered> {
  if (given.length) throw new Misused()
  const through = await migrateAll(settings())
  return well(through.length ? `Brought up to date by ${through.join(', ')}.` : 'Up to date; nothing to do.')
}

function migrateAll({ databaseUrl, dataDir }: Config): Promise<string[]> {
  if (databaseUrl) return migrateOrTell(databaseUrl)
  return withEmbedded(dataDir, ({ db }) => migrateEmbedded(db, MIGRATIONS))
}

async function role(given: string[]): Promise<Answered> {
  const [name, ...rest] = given.filter(one => one !== '--apply')
  if (!name || rest.length || name.startsWith('-')) throw new Misused()
  const { databaseUrl } = settings()
  if (!databaseUrl) throw new Told('The embedded database has no roles: set DATABASE_URL.')
  const { db, close } = openServer(databaseUrl, 1)
  try {
    const fault = await roleFault(db, name)
    if (fault) throw new Told(fault)
    const statements = await grantsFor(db, name)
    if (!given.includes('--apply')) return well(...statements.map(one => `${one};`))
    await grant(db, statements)
    return well(
      `${name} may now do what the program needs, and cannot change its history.`,
      'Put it into the DATABASE_URL of the bot. Upgrades are made with the role of now: node dist/node.js migrate',
    )
  } finally {
    await close()
  }
}
