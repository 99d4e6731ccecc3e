import { markFailed } from '../../db/claims.ts'
import type { Db } from '../../db/client.ts'
import { MESSAGES, type Waiting } from '../../db/outbox.ts'
import { busyGivenUp } from './busy.ts'
import { handOver } from './fetch.ts'
import type { Office } from './office.ts'
import { tellUndelivered } from './undelivered.ts'

type Told = (office: Office, row: Waiting, reason: string) => Promise<void>

/** What waits for a file, or for a reading of calendars, is told that none will come. */
const WAITED_FOR: Partial<Record<Waiting['api'], Told>> = {
  file: (office, row, fault) => handOver(office, row, { fault }),
  busy: busyGivenUp,
}

export const isWaitedFor = ({ api }: Waiting): boolean => WAITED_FOR[api] !== undefined

/** Kept as failed with its reason, together with telling what waits for it: matters come before parcels, as they do in turns. */
export const keepFailedAndTell = (office: Office, row: Waiting, reason: string): Promise<void> =>
  office.db.transaction(async db => {
    await WAITED_FOR[row.api]?.({ ...office, db }, row, reason)
    await keepFailed({ ...office, db }, row, reason)
  })

/** Kept as failed with its reason, unless another attempt has decided; of a message its sender is told. */
export const keepFailed = (office: Office, row: Waiting, reason: string): Promise<void> =>
  office.db.transaction(async tx => {
    const hasFailed = await markFailed(tx, row, reason, office.clock.wire())
    if (hasFailed && MESSAGES.some(api => api === row.api)) await tellSenders(office, tx, [row])
  })

/** Whoever is told of their own sees what became of it where they said it. */
export async function tellSenders({ clock }: Office, db: Db, rows: readonly Waiting[]): Promise<void> {
  const senders = new Set(rows.filter(({ sender, lane }) => sender && sender !== lane).map(({ sender }) => sender))
  for (const sender of [...senders].sort()) await tellUndelivered(db, sender, clock)
}
