import { describe, expect, it } from 'vitest'
import { ConfigFault, readConfig } from '../src/config.ts'

const APP = {
  FEISHU_APP_ID: 'cli_a1b2c3d4e5f60718',
  FEISHU_APP_SECRET: 'secret-secret',
  FEISHU_ENCRYPT_KEY: 'key',
  FEISHU_VERIFICATION_TOKEN: 'token',
}

describe('the settings', () => {
  it('need not be there at all: the demo', () => {
    expect(readConfig({ PATH: '/bin' })).toEqual({
      feishu: undefined,
      transport: 'webhook',
      databaseUrl: undefined,
      dataDir: '.data',
      host: '0.0.0.0',
      port: 3000,
      admins: [],
      officeHours: '08:30-12:00,14:30-17:30',
      clock: 'system',
      logLevel: 'info',
    })
  })

  it.each([
    ['feishu', 'https://open.feishu.cn'],
    ['lark', 'https://open.larksuite.com'],
    ['http://127.0.0.1:3001/', 'http://127.0.0.1:3001'],
  ])('FEISHU_DOMAIN %s is %s', (given, domain) => {
    expect(readConfig({ ...APP, FEISHU_DOMAIN: given }).feishu?.domain).toBe(domain)
  })

  it('of the long connection need neither key nor token', () => {
    const { FEISHU_APP_ID, FEISHU_APP_SECRET } = APP
    expect(readConfig({ FEISHU_APP_ID, FEISHU_APP_SECRET, FEISHU_TRANSPORT: 'websocket' }).feishu?.transport).toBe(
      'websocket',
    )
  })

  it('of the demo may name the long connection alone', () => {
    expect(readConfig({ FEISHU_TRANSPORT: 'websocket' })).toMatchObject({ feishu: undefined, transport: 'websocket' })
  })

  it.each<[string, Record<string, string>, string[]]>([
    [
      'an app without its key and token',
      { FEISHU_APP_ID: APP.FEISHU_APP_ID, FEISHU_APP_SECRET: APP.FEISHU_APP_SECRET },
      ['FEISHU_ENCRYPT_KEY: missing', 'FEISHU_VERIFICATION_TOKEN: missing'],
    ],
    [
      'an app id of another shape over the long connection',
      { FEISHU_APP_ID: 'cli_zzzzzzzzzzzz', FEISHU_APP_SECRET: APP.FEISHU_APP_SECRET, FEISHU_TRANSPORT: 'websocket' },
      ['FEISHU_APP_ID: the long connection needs cli_ and 16 hexadecimal digits'],
    ],
    ['a key without an app', { FEISHU_ENCRYPT_KEY: 'k' }, ['FEISHU_APP_ID: missing', 'FEISHU_APP_SECRET: missing']],
    ['a mistyped name', { ...APP, FEISHU_ENCRYPTKEY: 'k' }, ['FEISHU_ENCRYPTKEY: no such setting']],
    ['a database by another name', { DATABASE_URI: 'postgres://h/d' }, ['DATABASE_URI: no such setting']],
    ['a name of ours in small letters', { database_url: 'postgres://h/d' }, ['database_url: no such setting']],
    ['a directory by another name', { DATADIR: 'd' }, ['DATADIR: no such setting']],
    ['a port that is none', { PORT: '70000' }, ['PORT: must be']],
    ['another database', { DATABASE_URL: 'mysql://x' }, ['DATABASE_URL: must be']],
    [
      'encryption of an unknown kind',
      { DATABASE_URL: 'postgres://h/d?sslmode=verify_full' },
      ['DATABASE_URL: must be', 'verify-full'],
    ],
    ['encryption in other words', { DATABASE_URL: 'postgres://h/d?ssl=true' }, ['DATABASE_URL: must be without ssl=']],
    ['hours that do not rise', { OFFICE_HOURS: '14:30-12:00' }, ['OFFICE_HOURS: must be']],
    ['a clock of another kind', { CLOCK: 'sundial' }, ['CLOCK: must be']],
    ['a manual clock in production', { CLOCK: 'manual', NODE_ENV: 'production' }, ['CLOCK: manual is refused']],
    ['administrators by name', { ADMINS: '王强' }, ['ADMINS: must be']],
    [
      'everything at once',
      { ...APP, PORT: 'x', LOG_LEVEL: 'loud', FEISHU_DOMAIN: 'mars' },
      ['PORT', 'LOG_LEVEL', 'FEISHU_DOMAIN'],
    ],
  ])('%s stops the start and is named', (_what, env, faults) => {
    const told = faultsOf(env)
    for (const fault of faults) expect(told).toContain(fault)
  })

  it.each([
    ...['OFFICE_HOUR', 'OFFICEHOURS', 'Office_Hours', 'OFFICE_HUORS', 'LOGLEVEL', 'LOG_LEVL', 'log_level', 'logLevel'],
    ...['DATABASE_URLS', 'DATADIR', 'FIESHU_APP_ID', 'FEISHUAPPSECRET', 'ADMIN', 'admins', 'port', 'Host', 'clock'],
  ])('%s is taken for one of them, and is none', name => {
    expect(faultsOf({ [name]: 'x' })).toContain(`${name}: no such setting`)
  })

  it.each([
    ...['PATH', 'PWD', 'OLDPWD', 'HOME', 'HOSTNAME', 'HOSTS', 'HOSTTYPE', 'PORTS', 'LOGNAME', 'LOG_FILE', 'LOGS', 'TZ'],
    ...['NODE_ENV', 'NODE_OPTIONS', 'LANG', 'LC_ALL', 'SHLVL', 'SHELL', 'USER', 'TERM', 'COLORTERM', 'EDITOR', 'CI'],
    ...['DATABASE_HOST', 'DATABASE_PORT', 'DATABASE_USER', 'DATABASE_NAME', 'DATABASE_PASSWORD', 'PGHOST', 'PGDATA'],
    ...[
      'npm_config_loglevel',
      'npm_lifecycle_event',
      'XDG_DATA_DIRS',
      'XDG_DATA_HOME',
      'BLOCK',
      'CLOCKS',
      'LARK_APP_ID',
    ],
    ...['KUBERNETES_SERVICE_HOST', 'KUBERNETES_PORT', 'REDIS_URL', 'OFFICE', 'DATADOG', 'DATA_DIRECTORY', 'RUST_LOG'],
  ])('%s is nobody of them and may stand beside', name => {
    expect(faultsOf({ [name]: 'x' })).toBe('')
  })

  it('are known by name when written down in a file', () => {
    expect(() => readConfig({ PROT: '3000' }, ['PROT'])).toThrow(/PROT: no such setting/)
    expect(() => readConfig({ PROT: '3000' })).not.toThrow()
  })

  it('are never repeated in a fault', () => {
    expect(faultsOf({ ...APP, FEISHU_APP_SECRET: 'short', DATABASE_URL: 'x://user:hunter2@h' })).not.toMatch(
      /short|hunter2/,
    )
  })
})

function faultsOf(env: Record<string, string>): string {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigFault) return error.message
    throw error
  }
  return ''
}
