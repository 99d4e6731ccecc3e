import { setting } from '../../db/settings.ts'
import { type Clock, manualClock, systemClock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Database } from './database.ts'

/** In the demo people move the clock; what they moved it to survives a restart. */
export async function clockOf(
  config: Pick<Config, 'clock'>,
  demo: boolean,
  { db }: Pick<Database, 'db'>,
): Promise<Clock> {
  if (config.clock !== 'manual' && !demo) return systemClock
  return manualClock((await setting<number>(db, 'clock.offset')) ?? 0)
}
