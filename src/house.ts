import { type Db, readiness } from '../db/client.ts'
import { keepSetting, setting } from '../db/settings.ts'
import { features, host } from '../handlers/index.ts'
import type { AppOptions } from './app.ts'
import { createLog, describe } from './bot/log.ts'
import { createMetrics } from './bot/metrics.ts'
import type { Office } from './bot/office.ts'
import type { Clock } from './clock.ts'
import type { Config, FeishuConfig } from './config.ts'
import { createFeishu } from './feishu/client.ts'

export interface HouseParts {
  config: Pick<Config, 'admins' | 'officeHours' | 'logLevel'>
  feishu: FeishuConfig
  db: Db
  clock: Clock
  wake(): void
  write(line: string): void
}

export interface House {
  office: Office
  gate: Pick<AppOptions, 'feishu' | 'isOurTenant' | 'readiness'>
  /** Reads what is known of ourselves, and asks Feishu for the rest; again at the next heartbeat when it cannot be had now. */
  introduce(): Promise<void>
}

/** Puts an office together out of what a door hands in: the same on Node and on Workers. */
export function openHouse({ config, feishu, db, clock, wake, write }: HouseParts): House {
  const log = createLog(config.logLevel, clock.now, write)
  const metrics = createMetrics()
  let self = ''
  let tenant: string | undefined
  const office: Office = {
    db,
    clock,
    feishu: createFeishu(feishu, {
      wire: clock.wire,
      log: ({ method, path, status, code, ms }) => {
        metrics.count('huiyin_api_calls_total', { api: `${method} ${path}`, code: String(code) })
        log('debug', 'api call', { method, path, status, code, ms })
      },
    }),
    features,
    facts: { features, officeHours: config.officeHours, admins: config.admins },
    host,
    log,
    metrics,
    self: () => self,
    wake,
    chance: Math.random,
  }

  return {
    office,
    gate: {
      feishu,
      readiness: () => readiness(db),
      // a self-built app belongs to one tenant: the first authentic delivery tells which
      async isOurTenant(candidate) {
        tenant ??= await setting<string>(db, 'tenant')
        if (tenant === undefined) await keepSetting(db, 'tenant', candidate, clock.now())
        tenant ??= candidate
        return tenant === candidate
      },
    },
    async introduce() {
      if (self) return
      const known = await setting<{ id: string }>(db, 'self')
      self = known?.id ?? ''
      const read = await office.feishu.me().catch((error: unknown) => {
        log('warn', 'bot info not read', describe(error))
        return undefined
      })
      if (!read) return
      self = read.id
      await keepSetting(db, 'self', read, clock.now())
    },
  }
}
