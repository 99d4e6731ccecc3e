import { type Db, readiness } from '../db/client.ts'
import { recordAdmins } from '../db/role-outside.ts'
import { keepSetting, setting } from '../db/settings.ts'
import { features, gate, host } from '../handlers/index.ts'
import type { AppOptions } from './app.ts'
import { createArrivals } from './bot/arrivals.ts'
import { createKeys } from './bot/keys.ts'
import { createLog, describe } from './bot/log.ts'
import { createMetrics } from './bot/metrics.ts'
import type { Office } from './bot/office.ts'
import { type ReadText, readText as readHere } from './bot/read-text.ts'
import { createRegulars } from './bot/regulars.ts'
import { createThrottle } from './bot/throttle.ts'
import { boundlessTurns, type Turns } from './bot/turns.ts'
import type { Clock } from './clock.ts'
import type { Config, FeishuConfig } from './config.ts'
import { createFeishu } from './feishu/client.ts'
import type { Exchange } from './feishu/exchange.ts'
import type { CallLog } from './feishu/http.ts'

export interface HouseParts {
  config: Pick<Config, 'admins' | 'officeHours' | 'logLevel'>
  feishu: FeishuConfig
  clock: Clock
  write(line: string): void
  exchange?: Exchange
  /** Absent where there are no threads. */
  readText?: ReadText
  /** Absent where each turn has a database connection of its own. */
  turns?: Turns
}

/** How what is in the outbox gets on its way. */
type Way = Pick<Office, 'wake' | 'sealSoon' | 'carry' | 'mayCarry'>

/** Nobody sleeps who would have to be woken. */
const ASLEEP: Way = { wake: () => {} }

export interface House {
  office: Office
  gate: Pick<AppOptions, 'feishu' | 'isOurTenant' | 'readiness'>
  /** Records who is 系统管理员 by configuration, reads what is known of ourselves, and asks Feishu for the rest; again at the next heartbeat when it cannot be had now. */
  introduce(): Promise<void>
}

/**
 * Puts an office together out of what a door hands in: the same on Node and on Workers. What is built here lasts as long as
 * the process (or isolate) and holds no connection; the answer opens the house on one: once on Node, per invocation on Workers.
 */
export function prepareHouse({
  config,
  feishu,
  clock,
  write,
  exchange,
  readText = readHere,
  turns = boundlessTurns,
}: HouseParts): (db: Db, way?: Way) => House {
  const log = createLog(config.logLevel, clock.now, write)
  const metrics = createMetrics()
  const known: Known = { self: '', tenant: undefined, areAdminsRecorded: false }
  const shared: Omit<Office, 'db' | keyof Way> = {
    clock,
    feishu: createFeishu(feishu, { wire: clock.wire, log: callLog({ metrics, log }), exchange }),
    features,
    facts: {
      features,
      officeHours: config.officeHours,
      admins: config.admins,
      keys: createKeys(feishu.appSecret),
    },
    host,
    gate,
    readText,
    log,
    metrics,
    regulars: createRegulars(),
    throttle: createThrottle(),
    arrivals: createArrivals(),
    turns,
    self: () => known.self,
    chance: Math.random,
  }

  return (db, way = ASLEEP) => {
    const office = { ...shared, db, ...way }
    return {
      office,
      gate: { feishu, readiness: () => readiness(db), isOurTenant: candidate => isOurs(office, known, candidate) },
      introduce: () => introduce(office, known),
    }
  }
}

export function callLog({ metrics, log }: Pick<Office, 'metrics' | 'log'>): CallLog {
  return ({ method, path, status, code, ms }) => {
    metrics.count('huiyin_api_calls_total', { api: `${method} ${path}`, code: String(code) })
    log('debug', 'api call', { method, path, status, code, ms })
  }
}

interface Known {
  /** Our own id at Feishu, or '' as long as nobody told. */
  self: string
  tenant: string | undefined
  /** Whether the history tells who is 系统管理员 by configuration, which holds as long as the process. */
  areAdminsRecorded: boolean
}

/** A self-built app belongs to one tenant: the first authentic delivery tells which. */
async function isOurs({ db, clock }: Office, known: Known, candidate: string): Promise<boolean> {
  if (known.tenant === undefined) {
    known.self ||= (await setting<{ id: string }>(db, 'self'))?.id ?? ''
    known.tenant = await setting<string>(db, 'tenant')
    if (known.tenant === undefined) await keepSetting(db, 'tenant', candidate, clock.now())
    known.tenant ??= candidate
  }
  return known.tenant === candidate
}

async function introduce({ db, clock, feishu, log, facts }: Office, known: Known): Promise<void> {
  known.areAdminsRecorded ||= await db
    .transaction(tx => recordAdmins(tx, facts.admins, clock.now()))
    .then(
      () => true,
      (error: unknown) => {
        log('error', 'administrators not recorded', describe(error))
        return false
      },
    )
  if (known.self) return
  known.self = (await setting<{ id: string }>(db, 'self'))?.id ?? ''
  const read = await feishu.me().catch((error: unknown) => {
    log('warn', 'bot info not read', describe(error))
    return undefined
  })
  if (!read) return
  known.self = read.id
  await keepSetting(db, 'self', read, clock.now())
}
