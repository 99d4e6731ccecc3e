import { BUSY_DENIED, keepCalendarBusy } from '../../db/calendar-busy.ts'
import { markFailed, markSent } from '../../db/claims.ts'
import { isLeaving } from '../../db/copies.ts'
import { enqueue, type Waiting } from '../../db/outbox.ts'
import { keepSetting } from '../../db/settings.ts'
import { type FeishuFault, isFinal, isUngranted } from '../feishu/fault.ts'
import { Desk } from './desk.ts'
import type { Office } from './office.ts'

/** Reads when people are taken by their calendars, and has the matter drawn anew that waits for it. */
export async function readBusy(office: Office, row: Waiting): Promise<void> {
  const { busy } = row.parcel
  if (!busy || (await isPutOff(office, row))) return
  const span = { from: new Date(busy.from), until: new Date(busy.until) }
  const spans = await office.feishu.busyTimes(busy.people, span)
  await keep(office, row, async (db, now) => keepCalendarBusy(db, busy.people, span, spans, now))
}

const MOST_WAITS = 6
const FIRST_WAIT_MS = 250

/** The card that waits for it may be on its way to people: it comes first, so that it can be drawn anew. */
async function isPutOff({ db, clock }: Office, { lane, parcel: { busy } }: Waiting): Promise<boolean> {
  const { waited = 0 } = busy ?? {}
  if (!busy || waited >= MOST_WAITS || !(await isLeaving(db, busy.feature, busy.matter))) return false
  const queuedMs = clock.wire() + FIRST_WAIT_MS * 2 ** waited
  const parcel = { busy: { ...busy, waited: waited + 1 } }
  await enqueue(db, { lane, api: 'busy', priority: 1, parcel, sender: '', queuedMs })
  return true
}

const UNGRANTED = '应用未开通读取日历忙闲的权限'

/** What becomes of a parcel that met a fault; false = nothing particular: it is tried again as any other. */
export async function afterBusyFault(office: Office, row: Waiting, fault: FeishuFault): Promise<boolean> {
  const { busy } = row.parcel
  if (!busy || !isFinal(fault)) return false
  if (isUngranted(fault)) {
    await keep(office, row, (db, now) => keepSetting(db, BUSY_DENIED, now.toISOString(), now))
    await markFailed(office.db, row, UNGRANTED, office.clock.wire())
    return true
  }
  const span = { from: new Date(busy.from), until: new Date(busy.until) }
  // one whom the platform does not tell of spoils a whole call: halves are asked until it is found
  if (busy.people.length === 1) await keep(office, row, (db, now) => keepCalendarBusy(db, busy.people, span, [], now))
  else
    await keep(office, row, async (_db, _now, desk) => {
      const half = Math.ceil(busy.people.length / 2)
      for (const people of [busy.people.slice(0, half), busy.people.slice(half)])
        desk.beat().readCalendars(people, span, busy)
    })
  await markSent(office.db, row, '', office.clock.wire())
  return true
}

/** It will not be read: what says that it is about to be is drawn anew. */
export const busyGivenUp = (office: Office, row: Waiting): Promise<void> => keep(office, row, async () => {})

async function keep(
  office: Office,
  { id, sender, parcel }: Waiting,
  write: (db: Office['db'], now: Date, desk: Desk) => Promise<void>,
): Promise<void> {
  const { busy } = parcel
  if (!busy) return
  await office.db.transaction(async tx => {
    const now = office.clock.now()
    const desk = new Desk(office, tx, now, { who: sender, chat: '', delivery: `busy:${id}` })
    await write(tx, now, desk)
    desk.beat().redraw(busy.feature, busy.matter, 'calmly')
    await desk.close('')
  })
}
