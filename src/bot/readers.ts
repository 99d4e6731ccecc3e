import { markSent } from '../../db/claims.ts'
import type { Waiting } from '../../db/outbox.ts'
import { type FeishuFault, isFinal, isTooOldToTell, isUngranted } from '../feishu/fault.ts'
import type { Seen } from '../kit/seen.ts'
import { Desk } from './desk.ts'
import type { Office } from './office.ts'

/** Asks whether somebody has read what was sent to them, and hands the answer to the feature that wants to know. */
export async function askReaders(office: Office, row: Waiting): Promise<void> {
  const { asks } = row.parcel
  if (asks) await tell(office, row, (await office.feishu.hasRead(asks.message, asks.person)) ? 'read' : 'unread')
}

/** What becomes of a question that met a fault; false = nothing particular: it is tried again as any other. */
export async function afterReadersFault(office: Office, row: Waiting, fault: FeishuFault): Promise<boolean> {
  if (!row.parcel.asks || !isFinal(fault)) return false
  await tell(office, row, isUngranted(fault) ? 'denied' : isTooOldToTell(fault) ? 'old' : 'gone')
  await markSent(office.db, row, '', office.clock.wire())
  return true
}

async function tell(office: Office, { id, sender, parcel }: Waiting, came: Seen): Promise<void> {
  const { asks } = parcel
  const seen = asks && office.features.find(({ name }) => name === asks.feature)?.seen
  if (!seen) return
  await office.db.transaction(async tx => {
    const desk = new Desk(office, tx, office.clock.now(), { who: sender, chat: '', delivery: `readers:${id}` })
    await seen(desk.beat(), asks, came)
    await desk.close('')
  })
}
