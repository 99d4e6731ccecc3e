import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../../src/node/database.ts'
import { endsWithUs } from './keeper.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A server on which tests make databases of their own; '' where there is none. */
    postgresUrl: string
    /** A migrated, empty database there, to begin others with; '' where there is no server. */
    postgresSeed: string
  }
}

/**
 * Gives the tests a Postgres server: the one of TEST_DATABASE_URL, or a throw-away one where `initdb` is on the machine.
 * In CI a missing server is a failure.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL
  const server = given ? { url: given, stop: async () => {} } : await startServer()
  if (!server && process.env.CI)
    throw new Error('CI without a Postgres server: set TEST_DATABASE_URL or install initdb')
  if (!server) process.stderr.write('No Postgres server found: the tests run on the embedded database alone.\n')
  const seed = `seed_${process.pid}_${Date.now()}`
  if (server) await makeSeed(server.url, seed)
  project.provide('postgresUrl', server?.url ?? '')
  project.provide('postgresSeed', server ? seed : '')
  return async () => {
    if (given) await on(given, `drop database ${seed} with (force)`)
    await server?.stop()
  }
}

async function makeSeed(url: string, name: string): Promise<void> {
  await on(url, `create database ${name}`)
  await (await openDatabase({ databaseUrl: url.replace(/\/[^/]*$/, `/${name}`), dataDir: '' })).close()
}

async function on(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  await sql.unsafe(statement)
  await sql.end()
}

export interface Server {
  url: string
  /** Ends it as the power would. */
  kill(): void
  /** Ends it as an operator would: `fast` undoes what is under way, `immediate` leaves that to the next start. */
  down(how: 'fast' | 'immediate'): Promise<void>
  restart(): Promise<void>
  stop(): Promise<void>
}

/**
 * A throw-away server on loopback; undefined when the machine has none. Postgres refuses root, so root steps down first. `prepare` may
 * put files beside its data, and answers further settings.
 */
export async function startServer(prepare: (data: string) => string[] = () => []): Promise<Server | undefined> {
  const bin = findBin()
  if (!bin) return undefined
  const dir = mkdtempSync(join(tmpdir(), 'huiyin-pg-'))
  const as = lowered(dir)
  execFileSync(
    join(bin, 'initdb'),
    ['-D', join(dir, 'data'), '-U', 'huiyin', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    { ...as, stdio: 'ignore' },
  )
  const settings = prepare(join(dir, 'data')).flatMap(one => ['-c', one])
  if (as.uid) execFileSync('chown', ['-R', `${as.uid}:${as.gid}`, join(dir, 'data')])
  const port = await freePort()
  const url = `postgres://huiyin@127.0.0.1:${port}/postgres`
  const args = [
    '-D',
    join(dir, 'data'),
    '-p',
    String(port),
    '-h',
    '127.0.0.1',
    '-k',
    dir,
    '-c',
    'fsync=off',
    '-c',
    'max_connections=200',
    ...settings,
  ]
  const run = () => {
    const child = spawn(join(bin, 'postgres'), args, { ...as, stdio: 'ignore' })
    endsWithUs(child, 'QUIT', dir)
    return child
  }
  let child = run()
  await answering(url)
  const ended = () =>
    new Promise<void>(done =>
      child.exitCode === null && child.signalCode === null ? child.once('exit', () => done()) : done(),
    )
  return {
    url,
    kill: () => child.kill('SIGKILL'),
    async down(how) {
      child.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT')
      await ended()
    },
    async restart() {
      child = run()
      await answering(url)
    },
    async stop() {
      child.kill('SIGINT')
      await ended()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** The directory of initdb and postgres themselves, not of a wrapper on the path. */
function findBin(): string | undefined {
  const known = ['18', '17', '16', '15', '14'].map(version => `/usr/lib/postgresql/${version}/bin`)
  const onPath = (process.env.PATH ?? '').split(':')
  return [...known, ...onPath].find(dir => existsSync(join(dir, 'initdb')) && existsSync(join(dir, 'postgres')))
}

function lowered(dir: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const [uid, gid] = ['-u', '-g'].map(flag => Number(execFileSync('id', [flag, 'nobody']).toString()))
  execFileSync('chown', [`${uid}:${gid}`, dir])
  return { uid: uid ?? 65_534, gid: gid ?? 65_534 }
}

function freePort(): Promise<number> {
  return new Promise(done => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function answering(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const sql = postgres(url, { max: 1, connect_timeout: 1, onnotice: () => {} })
    const ok = await sql`select 1`.then(
      () => true,
      () => false,
    )
    await sql.end({ timeout: 1 })
    if (ok) return
    await new Promise(done => setTimeout(done, 100))
  }
  throw new Error('the throw-away Postgres did not answer')
}
