import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Server, startServer } from './postgres.ts'

/**
 * For tests alone, good from 2000 to 2125: a certificate for the name `localhost` (and for the user `huiyin`) with its key, the authority
 * that signed it, whose key is gone, and another one that signed nothing.
 */
const file = (name: string) => fileURLToPath(new URL(`tls/${name}`, import.meta.url))
export const CA = file('ca.pem')
export const OTHER_CA = file('other-ca.pem')
export const CERTIFICATE = file('localhost.pem')
export const KEY = file('localhost.key')

/** Only encrypted connections may enter this database, and that one only who shows a certificate. */
const RULES = `hostnossl sealed all all reject
hostssl certified all all cert
host all all 127.0.0.0/8 trust
`

export interface TlsServer extends Server {
  /** The address by the name of the certificate, with such words on encryption. */
  at(words: string, database?: string): string
}

/** A server that encrypts for whoever asks. */
export async function startTlsServer(): Promise<TlsServer> {
  const server = await startServer(data => {
    copyFileSync(CA, join(data, 'root.crt'))
    copyFileSync(CERTIFICATE, join(data, 'server.crt'))
    // a copy would be readable by all where a checkout is, which Postgres refuses
    writeFileSync(join(data, 'server.key'), readFileSync(KEY), { mode: 0o600 })
    writeFileSync(join(data, 'pg_hba.conf'), RULES)
    return ['ssl=on', 'ssl_ca_file=root.crt']
  })
  if (!server) throw new Error('no Postgres')
  const { port } = new URL(server.url)
  return { ...server, at: (words, database = 'postgres') => `postgres://huiyin@localhost:${port}/${database}?${words}` }
}
