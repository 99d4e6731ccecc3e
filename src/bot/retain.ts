import { clearDrivers, erase, HELD_BACK, type HeldBack, noteLeavers, sweepOver, toErase } from '../../db/retention.ts'
import { keepSetting, setting } from '../../db/settings.ts'
import { dayIn } from '../kit/time.ts'
import type { Office } from './office.ts'

/** Two in the morning, when nobody waits. */
const NIGHT_BEGINS_MS = 2 * 3_600_000
/** The night whose clearing away is done. */
const DONE = 'retention.night'
/** So many people at a heartbeat. */
const MOST = 20
/** So many of those who are held back are named. */
const MOST_NAMED = 5
/** How far a night has come among those who left: whoever still has something in hand holds up nobody behind them. */
const REACHED = 'retention.reached'
interface Reached {
  night: string
  person: string
  held: HeldBack
}

/** Once a night takes away whose time is over, so much at each heartbeat. Safe to run twice and on two processes. */
export async function retain(office: Office): Promise<void> {
  const now = office.clock.now()
  const night = dayIn(new Date(now.getTime() - NIGHT_BEGINS_MS))
  if ((await setting<string>(office.db, DONE)) === night) return
  if (await sweepOver(office.db, now, office.clock.wire())) return
  await clearDrivers(office.db)
  await noteLeavers(office.db, now)
  const { person: behind, held } = await reachedIn(office, night)
  const due = await toErase(office.db, now, behind, MOST)
  const kept: string[] = []
  for (const person of due) if (!(await eraseIfFree(office, person, now))) kept.push(person)
  const erased = due.length - kept.length
  if (erased) office.log('info', 'personal data erased', { people: erased })
  const heldBack: HeldBack = {
    count: held.count + kept.length,
    some: [...held.some, ...kept].slice(0, MOST_NAMED),
  }
  const last = due.at(-1)
  if (last !== undefined && due.length === MOST)
    return keepSetting(office.db, REACHED, { night, person: last, held: heldBack } satisfies Reached, now)
  // those who still have something in hand are looked at again the next night
  await keepSetting(office.db, HELD_BACK, heldBack, now)
  await keepSetting(office.db, DONE, night, now)
}

async function reachedIn({ db }: Office, night: string): Promise<Reached> {
  const reached = await setting<Reached>(db, REACHED)
  return reached?.night === night ? reached : { night, person: '', held: { count: 0, some: [] } }
}

async function eraseIfFree(office: Office, person: string, now: Date): Promise<boolean> {
  return office.db.transaction(async db => {
    for (const { held } of office.features)
      if ((await held?.({ db, now, office: office.facts }, person))?.length) return false
    await erase(db, person, now)
    return true
  })
}
