import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { sslMode } from '../encryption.ts'
import { readEnvironment } from '../environment.ts'
import { Told } from '../told.ts'

/**
 * Postgres's own tools for dumping and reading back. What they need to connect goes along in their environment: a command line can be
 * read by everybody on the machine.
 */

type Tool = 'pg_dump' | 'pg_restore' | 'psql'

/** What libpq takes out of an address beside host, port, user, password and database. */
const LIBPQ: Record<string, string> = {
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  options: 'PGOPTIONS',
}

/** Where the system finds programs, certificates and its language. */
const PASSED = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'SYSTEMROOT', 'APPDATA']

/** The environment that makes a tool connect as the program does. */
export function toolEnvironment(url: string): Record<string, string> {
  const { env } = readEnvironment()
  const address = new URL(url)
  const part = (value: string) => decodeURIComponent(value)
  const said: Record<string, string | undefined> = {
    PGHOST: address.searchParams.get('host') ?? part(address.hostname.replace(/^\[|\]$/g, '')),
    PGPORT: address.port,
    PGUSER: part(address.username),
    PGPASSWORD: part(address.password),
    PGDATABASE: part(address.pathname.slice(1)),
    PGSSLMODE: sslMode(address.searchParams),
  }
  for (const [name, variable] of Object.entries(LIBPQ)) said[variable] = address.searchParams.get(name) ?? undefined
  const own = Object.entries(env).filter(([name]) => PASSED.includes(name) || /^PG[A-Z]+$/.test(name))
  return Object.fromEntries([...own, ...Object.entries(said)].filter((one): one is [string, string] => Boolean(one[1])))
}

/** @throws Told unless each is there and not older than the server. */
export function checkTools(tools: Tool[], server: number): void {
  for (const tool of tools) {
    const { stdout, error } = spawnSync(tool, ['--version'], { env: toolEnvironment('postgres://x'), encoding: 'utf8' })
    const version = Number(/\(PostgreSQL\) (\d+)/.exec(stdout ?? '')?.[1])
    if (error || !version)
      throw new Told(
        `${tool} is not on this machine. Install the client tools of PostgreSQL ${server} (Debian: postgresql-client-${server}).`,
      )
    if (version < server)
      throw new Told(
        `${tool} is of version ${version}, the server of version ${server}. Install the client tools of PostgreSQL ${server} (Debian: postgresql-client-${server}).`,
      )
  }
}

export interface Running {
  child: ChildProcess
  /** Ends when it has ended well. @throws Told with what it said else. */
  done: Promise<void>
}

/** Starts a tool; what it complains of is kept for the error. */
export function runTool(tool: Tool, args: string[], url: string): Running {
  const child = spawn(tool, args, { env: toolEnvironment(url), stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  child.stderr?.on('data', chunk => {
    said = `${said}${chunk}`.slice(-2_000)
  })
  // a tool that ends early closes its pipe; what it said tells more than that
  child.stdin?.on('error', () => {})
  const done = once(child, 'close').then(([code]) => {
    if (code !== 0) throw new Told(`${tool} ended with code ${code}: ${said.trim()}`)
  })
  // awaited later, after the pipes
  done.catch(() => {})
  return { child, done }
}
