import { z } from 'zod'
import { areHours } from './kit/hours.ts'
import { distance } from './kit/text.ts'

export interface FeishuConfig {
  appId: string
  appSecret: string
  /** Base address of the Open Platform, without a trailing slash. */
  domain: string
  transport: Transport
  /** This and the token only for webhooks: nothing is sealed on a connection that we open ourselves. */
  encryptKey: string
  verificationToken: string
}

export type Transport = 'webhook' | 'websocket'

export interface Config {
  /** Absent: the demo, with the simulator as its Feishu. */
  feishu: FeishuConfig | undefined
  /** How events and presses reach us, in the demo too. */
  transport: Transport
  databaseUrl: string | undefined
  dataDir: string
  host: string
  port: number
  admins: string[]
  officeHours: string
  clock: 'system' | 'manual'
  logLevel: LogLevel
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Every fault of the settings at once, one line each, by name and with the accepted form. Never holds a value. */
export class ConfigFault extends Error {
  readonly faults: string[]
  constructor(faults: string[]) {
    super(`The settings do not permit a start:\n${faults.map(fault => `  - ${fault}`).join('\n')}`)
    this.name = 'ConfigFault'
    this.faults = faults
  }
}

const DOMAINS: Record<string, string> = { feishu: 'https://open.feishu.cn', lark: 'https://open.larksuite.com' }

const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']

const settings = {
  FEISHU_APP_ID: z.string().regex(/^cli_[0-9a-zA-Z]{8,32}$/, 'an app id such as cli_a1b2c3d4e5f60718'),
  FEISHU_APP_SECRET: z.string().min(8, 'the secret of the app, at least 8 characters'),
  FEISHU_ENCRYPT_KEY: z.string().min(1, 'the Encrypt Key of the app'),
  FEISHU_VERIFICATION_TOKEN: z.string().min(1, 'the Verification Token of the app'),
  FEISHU_DOMAIN: z.string().refine(isDomain, 'feishu, lark, or a base URL such as https://open.example.cn'),
  FEISHU_TRANSPORT: z.enum(['webhook', 'websocket'], 'webhook or websocket'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\/\S+$/, 'postgres://user:password@host:5432/database')
    .refine(saysHowEncrypted, `without ssl=, and with sslmode=, if at all, one of ${SSL_MODES.join(', ')}`),
  DATA_DIR: z.string().min(1, 'a directory'),
  HOST: z.string().min(1, 'an address to listen on, such as 0.0.0.0'),
  PORT: z.string().refine(isPort, 'a port, 0 to 65535'),
  ADMINS: z.string().refine(areIds, 'open_ids separated by commas, such as ou_0123…,ou_4567…'),
  OFFICE_HOURS: z.string().refine(areHours, 'rising spans such as 08:30-12:00,14:30-17:30'),
  CLOCK: z.enum(['system', 'manual'], 'system or manual'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error'], 'debug, info, warn or error'),
} satisfies Record<string, z.ZodType>

type Given = Partial<Record<keyof typeof settings, string>>

export const SETTING_NAMES = Object.keys(settings)
/** Names that begin like ours are ours: a mistyped one must not be passed over in silence. */
const OURS = /^(FEISHU_|OFFICE_HOURS|ADMINS?$)/
/** So are names all but like ours: a bot that was told of a `DATABASE_URI` must not begin a database of its own. */
const isOurs = (name: string): boolean => OURS.test(name) || SETTING_NAMES.some(ours => isAllBut(name, ours))
const ALL_BUT = 2
/** Shorter ones lie near to names that anybody may have, as `PORT` does to `PORTS`. */
const LONG = 8

function isAllBut(name: string, ours: string): boolean {
  const bare = (one: string): string => one.toUpperCase().replaceAll('_', '')
  return bare(name) === bare(ours) || (ours.length >= LONG && distance(name.toUpperCase(), ours) <= ALL_BUT)
}

/**
 * Reads the settings out of an environment.
 * @param declared names that the operator wrote down on purpose (a .env file): each must be known.
 * @throws ConfigFault with every fault at once.
 */
export function readConfig(env: Record<string, string | undefined>, declared: readonly string[] = []): Config {
  const faults = [...unknownSettings(env, declared)]
  const given: Given = {}
  for (const [name, schema] of Object.entries(settings) as Array<[keyof typeof settings, z.ZodType]>) {
    const value = env[name]?.trim()
    if (!value) continue
    const read = schema.safeParse(value)
    if (read.success) given[name] = value
    else faults.push(`${name}: must be ${read.error.issues[0]?.message}`)
  }
  faults.push(...missingSettings(env), ...clockFaults(env), ...appFaults(given))
  if (faults.length) throw new ConfigFault(faults)
  return {
    feishu: given.FEISHU_APP_ID ? feishuConfig(given) : undefined,
    transport: transportOf(given),
    databaseUrl: given.DATABASE_URL,
    dataDir: given.DATA_DIR ?? '.data',
    host: given.HOST ?? '0.0.0.0',
    port: Number(given.PORT ?? 3000),
    admins: given.ADMINS?.split(',').map(id => id.trim()) ?? [],
    officeHours: given.OFFICE_HOURS ?? '08:30-12:00,14:30-17:30',
    clock: given.CLOCK === 'manual' ? 'manual' : 'system',
    logLevel: (given.LOG_LEVEL as LogLevel | undefined) ?? 'info',
  }
}

function feishuConfig(given: Given): FeishuConfig {
  const domain = given.FEISHU_DOMAIN ?? 'feishu'
  return {
    appId: given.FEISHU_APP_ID ?? '',
    appSecret: given.FEISHU_APP_SECRET ?? '',
    domain: DOMAINS[domain] ?? domain.replace(/\/+$/, ''),
    transport: transportOf(given),
    encryptKey: given.FEISHU_ENCRYPT_KEY ?? '',
    verificationToken: given.FEISHU_VERIFICATION_TOKEN ?? '',
  }
}

function transportOf({ FEISHU_TRANSPORT }: Given): Transport {
  return FEISHU_TRANSPORT === 'websocket' ? 'websocket' : 'webhook'
}

function unknownSettings(env: Record<string, string | undefined>, declared: readonly string[]): string[] {
  const suspects = new Set([...Object.keys(env).filter(isOurs), ...declared])
  const unknown = [...suspects].filter(name => !SETTING_NAMES.includes(name) && name !== 'NODE_ENV')
  return unknown.map(name => `${name}: no such setting; known are ${SETTING_NAMES.join(', ')}`)
}

function missingSettings(env: Record<string, string | undefined>): string[] {
  const has = (name: string) => Boolean(env[name]?.trim())
  const real = Object.keys(env).some(name => name.startsWith('FEISHU_') && name !== 'FEISHU_TRANSPORT' && has(name))
  if (!real) return []
  const webhook = env.FEISHU_TRANSPORT?.trim() !== 'websocket'
  const needed = ['FEISHU_APP_ID', 'FEISHU_APP_SECRET']
  if (webhook) needed.push('FEISHU_ENCRYPT_KEY', 'FEISHU_VERIFICATION_TOKEN')
  return needed
    .filter(name => !has(name))
    .map(name => `${name}: missing; ${webhook ? 'webhook mode' : 'the long connection'} needs ${needed.join(', ')}`)
}

function clockFaults(env: Record<string, string | undefined>): string[] {
  const manual = env.CLOCK?.trim() === 'manual' && env.NODE_ENV === 'production'
  return manual ? ['CLOCK: manual is refused when NODE_ENV=production'] : []
}

/** The SDK opens no long connection for an id of another shape, without a word. */
function appFaults({ FEISHU_APP_ID: id, FEISHU_TRANSPORT }: Given): string[] {
  const odd = FEISHU_TRANSPORT === 'websocket' && id !== undefined && !/^cli_[0-9a-fA-F]{16}$/.test(id)
  return odd ? ['FEISHU_APP_ID: the long connection needs cli_ and 16 hexadecimal digits'] : []
}

function isDomain(value: string): boolean {
  return value in DOMAINS || (/^https?:\/\/[^\s?#]+$/.test(value) && URL.canParse(value))
}

function isPort(value: string): boolean {
  return /^\d{1,5}$/.test(value) && Number(value) <= 65_535
}

/** In the words of libpq alone: the tools for backups know no others. */
function saysHowEncrypted(value: string): boolean {
  const said = new URLSearchParams(value.split('?').slice(1).join('?'))
  return !said.has('ssl') && said.getAll('sslmode').every(mode => SSL_MODES.includes(mode))
}

function areIds(value: string): boolean {
  return value.split(',').every(id => /^ou_\w+$/.test(id.trim()))
}
