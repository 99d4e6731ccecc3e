import { erase, noteLeavers, sweepOver, toErase } from '../../db/retention.ts'
import { keepSetting, setting } from '../../db/settings.ts'
import { dayIn } from '../kit/time.ts'
import type { Office } from './office.ts'

/** Two in the morning, when nobody waits. */
const NIGHT_BEGINS_MS = 2 * 3_600_000
/** The night whose clearing away is done. */
const DONE = 'retention.night'
/** So many people at a heartbeat. */
const MOST = 20

/** Once a night takes away whose time is over, so much at each heartbeat. Safe to run twice and on two processes. */
export async function retain(office: Office): Promise<void> {
  const now = office.clock.now()
  const night = dayIn(new Date(now.getTime() - NIGHT_BEGINS_MS))
  if ((await setting<string>(office.db, DONE)) === night) return
  if (await sweepOver(office.db, now, office.clock.wire())) return
  await noteLeavers(office.db, now)
  const due = await toErase(office.db, now, MOST)
  let erased = 0
  for (const person of due) if (await eraseIfFree(office, person, now)) erased++
  if (erased) office.log('info', 'personal data erased', { people: erased })
  // those who still have something in hand are looked at again the next night
  if (due.length < MOST || !erased) await keepSetting(office.db, DONE, night, now)
}

async function eraseIfFree(office: Office, person: string, now: Date): Promise<boolean> {
  return office.db.transaction(async db => {
    for (const { held } of office.features)
      if ((await held?.({ db, now, office: office.facts }, person))?.length) return false
    await erase(db, person, now)
    return true
  })
}
