import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

/** The environment together with what `.env` declares; the environment wins. */
export function readEnvironment(): { env: Record<string, string | undefined>; declared: string[] } {
  const file = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {}
  return { env: { ...file, ...process.env }, declared: Object.keys(file) }
}
