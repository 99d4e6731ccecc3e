import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { isPassing, type OpenDb, openPostgres, sqlFault } from '../db/client.ts'
import { wayHere } from '../db/health.ts'
import { openDatabase, openServer } from '../src/node/database.ts'
import { examineDatabase } from '../src/node/operate/examine-database.ts'
import { toolEnvironment } from '../src/node/operate/postgres-tools.ts'
import { hasPostgres } from './harness/databases.ts'
import { operate } from './harness/operator.ts'
import { CA, CERTIFICATE, KEY, OTHER_CA, startTlsServer, type TlsServer } from './harness/tls.ts'
import { pause, rows, until } from './harness/traces.ts'
import { openTwoWays } from './harness/two-ways.ts'

/** Parameters of an address, with the files that they name. */
const meaning = (words: string) =>
  words.replace('OURS', encodeURIComponent(CA)).replace('ANOTHER', encodeURIComponent(OTHER_CA))
const VERIFIED = meaning('sslmode=verify-full&sslrootcert=OURS')

/** How the program reaches a server, or why not. */
async function reached(url: string): Promise<string> {
  const { db, close } = openServer(url, 1)
  return wayHere(db)
    .then(
      ({ tls }) => (tls ? 'encrypted' : 'plain'),
      error => `refused: ${sqlFault(error)?.code}`,
    )
    .finally(close)
}

/** How the tools for backups reach it. */
function reachedByTools(url: string): string {
  const ask = 'select case when ssl then $$encrypted$$ else $$plain$$ end from pg_stat_ssl where pid = pg_backend_pid()'
  const { status, stdout } = spawnSync('psql', ['-Atwc', ask], { env: toolEnvironment(url), encoding: 'utf8' })
  return status ? 'refused' : stdout.trim()
}

describe.runIf(hasPostgres)('an encrypted connection to the database', () => {
  let server: TlsServer
  beforeAll(async () => {
    server = await startTlsServer()
    const { db, close } = openServer(server.url, 1)
    for (const name of ['sealed', 'certified']) await rows(db, `create database ${name}`)
    await close()
  })
  afterAll(() => server?.stop())

  it.each<[words: string, how: string]>([
    ['sslmode=disable', 'plain'],
    ['sslmode=prefer', 'encrypted'],
    ['sslmode=require', 'encrypted'],
    ['sslmode=require&sslrootcert=OURS', 'encrypted'],
    ['sslmode=require&sslrootcert=ANOTHER', 'refused: SELF_SIGNED_CERT_IN_CHAIN'],
    ['sslmode=verify-ca', 'refused: SELF_SIGNED_CERT_IN_CHAIN'],
    ['sslmode=verify-ca&sslrootcert=OURS', 'encrypted'],
    ['sslmode=verify-ca&sslrootcert=ANOTHER', 'refused: SELF_SIGNED_CERT_IN_CHAIN'],
    ['sslmode=verify-full', 'refused: SELF_SIGNED_CERT_IN_CHAIN'],
    ['sslmode=verify-full&sslrootcert=OURS', 'encrypted'],
    ['sslmode=verify-full&sslrootcert=ANOTHER', 'refused: SELF_SIGNED_CERT_IN_CHAIN'],
    ['sslmode=require&sslrootcert=system', 'refused: SELF_SIGNED_CERT_IN_CHAIN'],
    ['sslrootcert=system', 'refused: SELF_SIGNED_CERT_IN_CHAIN'],
    ['sslrootcert=OURS', 'encrypted'],
  ])('to a server that encrypts, with %s: %s, and the same for the tools', async (words, how) => {
    const url = server.at(meaning(words))
    expect(await reached(url)).toBe(how)
    expect(reachedByTools(url)).toBe(how.replace(/:.*/, ''))
  })

  it.each<[words: string, how: string]>([
    ['sslmode=require', 'encrypted'],
    ['sslmode=verify-ca&sslrootcert=OURS', 'encrypted'],
    ['sslmode=verify-full&sslrootcert=OURS', 'refused: ERR_TLS_CERT_ALTNAME_INVALID'],
    ['sslrootcert=OURS', 'refused: ERR_TLS_CERT_ALTNAME_INVALID'],
  ])(
    'to one by another name than that of its certificate, with %s: %s, and the same for the tools',
    async (words, how) => {
      const url = server.at(meaning(words)).replace('localhost', '127.0.0.1')
      expect(await reached(url)).toBe(how)
      expect(reachedByTools(url)).toBe(how.replace(/:.*/, ''))
    },
  )

  it.each<[words: string, how: string]>([
    ['sslmode=disable', 'plain'],
    ['sslmode=allow', 'plain'],
    ['sslmode=prefer', 'plain'],
    ['sslmode=require', 'refused: NOT_ENCRYPTED'],
    ['sslmode=verify-full&sslrootcert=OURS', 'refused: NOT_ENCRYPTED'],
  ])('to a server that does not encrypt, with %s: %s, and the same for the tools', async (words, how) => {
    const url = `${inject('postgresUrl')}?${meaning(words)}`
    expect(await reached(url)).toBe(how)
    expect(reachedByTools(url)).toBe(how.replace(/:.*/, ''))
  })

  it('is not made without a word on it, and is with allow', async () => {
    expect(await reached(server.at(''))).toBe('plain')
    expect(await reached(server.at('sslmode=allow'))).toBe('encrypted')
  })

  it('shows a certificate of ours', async () => {
    const shown = `sslcert=${encodeURIComponent(CERTIFICATE)}&sslkey=${encodeURIComponent(KEY)}`
    expect(await reached(server.at('sslmode=require', 'certified'))).toMatch('refused')
    expect(await reached(server.at(`sslmode=require&${shown}`, 'certified'))).toBe('encrypted')
  })

  it('needs certificates that can be read', async () => {
    const url = server.at('sslmode=verify-full&sslrootcert=/none.pem')
    await expect(openDatabase({ databaseUrl: url, dataDir: '' })).rejects.toThrow(
      'DATABASE_URL: sslrootcert cannot be read: ENOENT',
    )
    const { code, said } = await operate(['doctor'], { DATA_DIR: tmpdir(), DATABASE_URL: url })
    expect(code).toBe(1)
    expect(said).toContain('✗ Database       DATABASE_URL: sslrootcert cannot be read: ENOENT')
  })

  it('is that of migrations, backup and restore', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'huiyin-tls-'))
    const env = { DATA_DIR: dir, DATABASE_URL: server.at(VERIFIED, 'sealed') }
    expect(await operate(['migrate'], env)).toMatchObject({ code: 0 })
    const file = join(dir, 'one.backup')
    expect(await operate(['backup', file], env)).toMatchObject({ code: 0 })
    expect(await operate(['restore', file, '--replace'], env)).toMatchObject({ code: 0 })
    expect(await operate(['role', 'huiyin'], env)).toMatchObject({ code: 1, said: expect.stringContaining('huiyin') })
    const other = { ...env, DATABASE_URL: server.at(meaning('sslmode=verify-full&sslrootcert=ANOTHER'), 'sealed') }
    expect(await operate(['backup', join(dir, 'two.backup')], other)).toMatchObject({ code: 1 })
    rmSync(dir, { recursive: true })
  }, 120_000)

  it('is told by the doctor, also where NODE_EXTRA_CA_CERTS names the authority', async () => {
    const asked = (words: string, extra = {}) =>
      operate(['doctor'], { DATA_DIR: tmpdir(), DATABASE_URL: server.at(words), ...extra })
    expect((await asked('')).said).toContain('✓ Encryption     none, and none needed')
    expect((await asked('sslmode=verify-full')).said).toContain('✗ Database       does not answer')
    const { said } = await asked('sslmode=verify-full', { NODE_EXTRA_CA_CERTS: CA })
    expect(said).toContain('✓ Encryption     TLSv1.3 between bot and database')
  })

  it.runIf(process.platform === 'linux')('is missed by the doctor between two machines', async () => {
    const port = Number(new URL(server.url).port)
    const socket = () => connect({ host: '127.0.0.1', port, localAddress: '127.0.0.2' })
    const { db, close } = openPostgres(server.url, { max: 1, socket })
    const found = await examineDatabase({ db, embedded: false }, Date.now)
    expect(found.find(({ what }) => what === 'Encryption')).toMatchObject({
      state: 'note',
      says: 'none between bot and database, which are on two machines',
    })
    await close()
  })

  it('is left alone while it rests, and given up when it owes an answer and is silent', async () => {
    const ways = await openTwoWays('id integer', server.at(VERIFIED))
    const { database, way } = ways
    const own = async () => (await rows<{ pid: number }>(database.db, 'select pg_backend_pid() as pid'))[0]?.pid
    const first = await own()
    await pause(6_000)
    expect(await own()).toBe(first)
    way.silence()
    await expect(own()).rejects.toThrow()
    expect(await own()).not.toBe(first)
    await ways.close()
  })
})

describe('another end that promises encryption, or does not', () => {
  let server: Server
  let opened: OpenDb | undefined
  afterEach(async () => {
    await opened?.close()
    opened = undefined
    await new Promise(done => server.close(done))
  })

  /** The address of one that hears whoever calls. */
  const listen = async (hear: (socket: Socket) => void): Promise<string> => {
    server = createServer(socket => socket.on('error', () => {}).once('data', () => hear(socket)))
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    return `postgres://nobody@localhost:${(server.address() as AddressInfo).port}/nothing`
  }

  it.each([
    ['sslmode=require', 'nobody'],
    ['sslmode=verify-full&sslrootcert=OURS', 'nobody'],
    ['sslmode=verify-full&sslrootcert=ANOTHER', ''],
    ['sslmode=verify-full', ''],
  ])('is told who asks only where it is believed: with %s “%s”', async (words, told) => {
    let heard = ''
    let isOver = false
    const url = await listen(socket => {
      socket.write('S')
      new TLSSocket(socket, { isServer: true, cert: readFileSync(CERTIFICATE), key: readFileSync(KEY) })
        .on('error', () => {})
        .on('close', () => {
          isOver = true
        })
        .on('data', function (this: TLSSocket, said) {
          heard += said
          this.end()
        })
    })
    expect(await reached(`${url}?${meaning(words)}`)).toMatch('refused')
    await until(() => isOver)
    expect(/nobody/.exec(heard)?.[0] ?? heard).toBe(told)
  })

  it.each<[does: string, answer: (socket: Socket) => void]>([
    ['hangs up', socket => socket.end()],
    ['talks of something else', socket => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['says nothing', () => {}],
    ['promises it, and hangs up', socket => socket.end('S')],
    ['promises it, and goes on in plain words', socket => socket.write('SR')],
    ['promises it, and says nothing more', socket => socket.write('S')],
  ])('%s: whoever asks is told so each time, and may ask again', async (_, answer) => {
    opened = openServer(`${await listen(answer)}?sslmode=require`, 1)
    for (let times = 0; times < 2; times++) {
      const error = await opened.db.execute('select 1').then(
        () => undefined,
        (error: unknown) => error,
      )
      expect([isPassing(error), error]).toEqual([true, expect.any(Error)])
    }
  })
})
