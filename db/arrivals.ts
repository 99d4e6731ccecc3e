import type { Arrivals } from '../src/kit/arrivals.ts'
import type { Db } from './client.ts'
import { keepSetting, setting } from './settings.ts'

const DELIVERIES = 'deliveries'

/** What has come to the doors, as the last heartbeat knew it. */
export const arrivalsKept = (db: Db): Promise<Arrivals | undefined> => setting<Arrivals>(db, DELIVERIES)

export const keepArrivals = (db: Db, arrivals: Arrivals, at: Date): Promise<void> =>
  keepSetting(db, DELIVERIES, arrivals, at)
