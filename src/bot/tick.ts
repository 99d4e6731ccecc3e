import { forgetDeliveries } from '../../db/inbox.ts'
import { sweepOutbox } from '../../db/outbox.ts'
import { keepSetting } from '../../db/settings.ts'
import { Desk } from './desk.ts'
import { syncDirectory, wantsDirectory } from './directory.ts'
import type { Feature } from './feature.ts'
import { describe } from './log.ts'
import type { Office } from './office.ts'
import { retain } from './retain.ts'

/** Feishu's last redelivery comes 7 h after the first; what is older than two days cannot come again. */
const REMEMBERED_MS = 48 * 3_600_000

/** The setting that says, in wire time, when the house last did what falls due. */
export const HEARTBEAT = 'heartbeat'

/** The heartbeat: what has fallen due in each feature, then the house's own upkeep. Safe to run twice and on two processes. */
export async function tick(office: Office): Promise<void> {
  await fallDue(office)
  const now = office.clock.now()
  await guarded(office, 'upkeep', async () => {
    await forgetDeliveries(office.db, new Date(now.getTime() - REMEMBERED_MS))
    await sweepOutbox(office.db, office.clock.wire())
    await keepSetting(office.db, HEARTBEAT, office.clock.wire(), now)
  })
  await guarded(office, 'retention', () => retain(office))
  await guarded(office, 'directory', async () => {
    if (await wantsDirectory(office)) await syncDirectory(office)
  })
  office.wake()
}

/** What has fallen due leaves before the upkeep begins, which may take its time. */
async function fallDue(office: Office): Promise<void> {
  for (const { name, recalibrate } of await uncalibrated(office))
    await guarded(office, `recalibrate ${name}`, () => runDue(office, recalibrate))
  for (const feature of office.features) {
    if (!feature.due) continue
    await guarded(office, `due ${feature.name}`, () => runDue(office, feature.due))
    office.wake()
  }
}

/** Subjects that reckoned something by days or hours that have changed since. */
async function uncalibrated(office: Office): Promise<Feature[]> {
  const look = { db: office.db, now: office.clock.now(), office: office.facts }
  const found: Feature[] = []
  for (const feature of office.features.filter(one => one.uncalibrated))
    await guarded(office, `calibration ${feature.name}`, async () => {
      if (await feature.uncalibrated?.(look)) found.push(feature)
    })
  return found
}

/** Transaction by transaction, and what one has committed leaves while the next is at work. */
async function runDue(office: Office, due: Feature['due']): Promise<void> {
  for (let left: 'more' | undefined = 'more'; left; ) {
    left = await office.db.transaction(async tx => {
      const now = office.clock.now()
      const desk = new Desk(office, tx, now, { who: '', chat: '', delivery: `tick:${now.toISOString()}` })
      const answer = await due?.(desk.beat())
      await desk.close('')
      return answer
    })
    if (left) office.wake()
  }
}

/** One failing duty does not keep the others from being done. */
async function guarded(office: Office, what: string, run: () => Promise<void>): Promise<void> {
  const started = performance.now()
  await run().then(
    () => office.log('debug', 'tick', { duty: what, ms: Math.round(performance.now() - started) }),
    (error: unknown) => office.log('error', 'tick failed', { duty: what, ...describe(error) }),
  )
}

/**
 * Moves the office's clock to `target`, stopping at each instant at which something falls due on the way, so that it happens
 * as at its own time; the upkeep is done once, at the end. A step back runs nothing: what was done stays done.
 */
export async function moveClock(office: Office, target: Date): Promise<void> {
  const set = office.clock.set
  if (!set) throw new Error('this clock cannot be moved')
  for (let guard = 0, behind = 0; guard < 10_000; guard++) {
    const next = await nextInstant(office)
    if (!next || next > target) break
    // what was due already is done first; what even a heartbeat does not settle is no reason to stand still
    behind = next <= office.clock.now() ? behind + 1 : 0
    if (behind > 1) break
    if (!behind) set(next)
    await fallDue(office)
  }
  set(target)
  await tick(office)
}

async function nextInstant(office: Office): Promise<Date | undefined> {
  const look = { db: office.db, now: office.clock.now(), office: office.facts }
  if ((await uncalibrated(office)).length) return look.now
  const dates = await Promise.all(office.features.map(feature => feature.nextDue?.(look)))
  return dates.filter(date => date !== undefined).sort((a, b) => a.getTime() - b.getTime())[0]
}
