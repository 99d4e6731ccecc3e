import { readFileSync } from 'node:fs'
import { isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect } from 'node:tls'
import { EndedEarly } from './endings.ts'
import { Told } from './told.ts'

/** How the connections to a server are encrypted. */
export interface Encryption {
  /** One that has no encryption is spoken to all the same. */
  isOptional: boolean
  options: ConnectionOptions
}

export interface Server {
  /** For the driver: without a word on encryption, which is none of its business. */
  url: string
  encryption: Encryption | undefined
}

/** What stands of certificates in an address, by libpq's names, and what Node calls it. */
const FILES = { sslrootcert: 'ca', sslcert: 'cert', sslkey: 'key' } as const
/** The certificates of the public authorities; with us, those that come with Node. */
const PUBLIC = 'system'

/**
 * Reads an address as libpq does, so that `pg_dump` means the same by it
 * (https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION), but for a few: without a word nothing is encrypted;
 * `allow` is `prefer`; and where no authority is named, `verify-ca` is `verify-full` with those that Node knows.
 * @throws Told when a file cannot be read
 */
export function readServer(databaseUrl: string): Server {
  const [base, ...query] = databaseUrl.split('?')
  const said = new URLSearchParams(query.join('?'))
  const mode = sslMode(said)
  const encryption = mode === undefined || mode === 'disable' ? undefined : encryptionOf(mode, said)
  for (const name of ['sslmode', ...Object.keys(FILES)]) said.delete(name)
  return { url: said.size ? `${base}?${said}` : `${base}`, encryption }
}

/** Whoever names an authority wants it to count; a public one says nothing unless the name is right. */
export function sslMode(said: URLSearchParams): string | undefined {
  const authority = said.get('sslrootcert')
  if (authority === PUBLIC) return 'verify-full'
  return said.get('sslmode') ?? (authority ? 'verify-full' : undefined)
}

function encryptionOf(mode: string, said: URLSearchParams): Encryption {
  const options: ConnectionOptions = {}
  for (const [name, option] of Object.entries(FILES)) {
    const file = said.get(name)
    if (file && file !== PUBLIC) options[option] = readCertificate(name, file)
  }
  options.rejectUnauthorized = mode.startsWith('verify-') || (mode === 'require' && options.ca !== undefined)
  if (mode !== 'verify-full' && options.ca) options.checkServerIdentity = () => undefined
  return { isOptional: mode === 'allow' || mode === 'prefer', options }
}

function readCertificate(name: string, file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new Told(`DATABASE_URL: ${name} cannot be read: ${(error as Error).message}`)
  }
}

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

/**
 * Asks the server on the other end for encryption, and answers with the connection to be used.
 * (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL)
 */
export async function encrypted(
  socket: Socket,
  host: string,
  { isOptional, options }: Encryption,
  withinMs: number,
): Promise<Socket> {
  const late = setTimeout(
    () => socket.destroy(new EndedEarly('the server did not say in time whether it encrypts')),
    withinMs,
  )
  try {
    socket.write(SSL_REQUEST)
    const answer = `${await happens(socket, 'data')}`
    if (answer === 'N' && isOptional) return socket
    if (answer === 'N') throw new Unencrypted('the server does not encrypt, and sslmode wants it')
    if (answer !== 'S') throw new EndedEarly('the server did not say whether it encrypts')
    const secure = connect({ ...options, socket, host, servername: isIP(host) ? '' : host })
    await happens(secure, 'secureConnect')
    return secure
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    clearTimeout(late)
  }
}

const happens = (socket: Socket, event: string): Promise<unknown> =>
  new Promise((resolve, reject) => {
    socket
      .once(event, resolve)
      .once('error', reject)
      .once('close', () => reject(new EndedEarly('the connection ended before it was encrypted')))
  })

class Unencrypted extends Error {
  readonly code = 'NOT_ENCRYPTED'
}
