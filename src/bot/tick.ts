import { dropBreakdowns } from '../../db/breakdowns.ts'
import { heedClock } from '../../db/claims.ts'
import { forgetDeliveries } from '../../db/inbox.ts'
import { sweepOutbox } from '../../db/outbox.ts'
import { DIRECTORY_WANTED, dropSetting, GROUPS_UNREAD, HEARTBEAT, keepSetting, setting } from '../../db/settings.ts'
import { FeishuFault, isFinal } from '../feishu/fault.ts'
import { flushArrivals } from './arrivals.ts'
import { AsideBook } from './asides.ts'
import { KEPT_MS } from './breakdown.ts'
import { Desk } from './desk.ts'
import { keepDirectory, listGroups } from './directory.ts'
import type { Due, Duty, Feature, Pulse } from './feature.ts'
import { describe } from './log.ts'
import type { Office } from './office.ts'
import { inPortions } from './portion.ts'
import { retain } from './retain.ts'

/** Feishu's last redelivery comes 7 h after the first; what is older than two days cannot come again. */
const REMEMBERED_MS = 48 * 3_600_000

/** After so long without us Feishu has begun to give up saying who has come or gone. */
const LOST_MS = 3_600_000

/** The heartbeat: what has fallen due in each feature, then the house's own upkeep. Safe to run twice and on two processes. */
export async function tick(office: Office): Promise<void> {
  const { clock, db } = office
  const failed: Duty[] = []
  const pulse: Pulse = { at: clock.now(), wireMs: clock.wire(), lastMs: undefined, failed }
  await guarded(office, failed, { what: 'heartbeat' }, async () => {
    pulse.lastMs = await setting<number>(db, HEARTBEAT)
    await heedClock(db, pulse.wireMs, pulse.lastMs)
    await noteStandstill(office, pulse.lastMs)
  })
  await guarded(office, failed, { what: 'directory' }, () => listUnread(office))
  await fallDue(office, office.features, failed)
  await keepHouse(office, failed)
  await watch(office, pulse)
  office.wake()
}

/** After a standstill whoever has come or gone is asked about anew, before anything is sent to a group. */
export async function noteStandstill({ db, clock }: Pick<Office, 'db' | 'clock'>, lastMs?: number): Promise<void> {
  if (lastMs !== undefined && clock.wire() <= lastMs + LOST_MS) return
  await keepSetting(db, GROUPS_UNREAD, true, clock.now())
  if (lastMs !== undefined) await keepSetting(db, DIRECTORY_WANTED, true, clock.now())
}

/** Whether outsiders have come to a group meanwhile. What Feishu refuses to say it will not say later either. */
async function listUnread(office: Office): Promise<void> {
  if (!(await setting(office.db, GROUPS_UNREAD))) return
  await listGroups(office).catch((error: unknown) => {
    if (!(error instanceof FeishuFault) || !isFinal(error)) throw error
    office.log('warn', 'groups not read', describe(error))
  })
  await dropSetting(office.db, GROUPS_UNREAD)
}

/** What has fallen due leaves before the upkeep begins, which may take its time. */
async function fallDue(office: Office, features: readonly Feature[], failed: Duty[] = []): Promise<void> {
  for (const { name, recalibrate } of await uncalibrated(office, failed))
    await guarded(office, failed, { what: 'recalibrate', feature: name }, () => runAll(office, recalibrate))
  const asides = new AsideBook(office)
  for (const { name, due = [] } of features)
    for (const one of due) {
      await guarded(office, failed, { what: 'due', feature: name }, () => doDue(office, name, one, asides))
      office.wake()
    }
}

async function keepHouse(office: Office, failed: Duty[]): Promise<void> {
  const { db, clock } = office
  const now = clock.now()
  await guarded(office, failed, { what: 'heartbeat' }, async () => {
    await keepSetting(db, HEARTBEAT, clock.wire(), now)
    await flushArrivals(office)
  })
  await guarded(office, failed, { what: 'upkeep' }, async () => {
    await dropBreakdowns(db, new Date(now.getTime() - KEPT_MS))
    await forgetDeliveries(db, new Date(now.getTime() - REMEMBERED_MS))
    await sweepOutbox(db, clock.wire())
  })
  await guarded(office, failed, { what: 'retention' }, () => retain(office))
  await guarded(office, failed, { what: 'directory' }, () => keepDirectory(office))
}

/** What is wrong with the house goes to the log, whoever else is told of it. */
async function watch(office: Office, pulse: Pulse): Promise<void> {
  for (const { name, watch } of office.features) {
    if (!watch) continue
    await guarded(office, [], { what: 'watch', feature: name }, async () => {
      const found = await run(office, desk => watch(desk.beat(), pulse))
      for (const alert of found) office.log('warn', 'alert', { alert })
    })
  }
}

/** Subjects that reckoned something by days or hours that have changed since. */
async function uncalibrated(office: Office, failed: Duty[] = []): Promise<Feature[]> {
  const look = { db: office.db, now: office.clock.now(), office: office.facts }
  const found: Feature[] = []
  for (const feature of office.features.filter(one => one.uncalibrated))
    await guarded(office, failed, { what: 'calibration', feature: feature.name }, async () => {
      if (await feature.uncalibrated?.(look)) found.push(feature)
    })
  return found
}

/** Transaction by transaction, and what one has committed leaves while the next is at work. */
async function runAll(office: Office, recalibrate: Feature['recalibrate']): Promise<void> {
  for (let left: 'more' | undefined = 'more'; left; ) {
    left = await run(office, async desk => recalibrate?.(desk.beat()))
    if (left) office.wake()
  }
}

/** The same for what takes matters. */
async function doDue(office: Office, feature: string, due: Due, asides: AsideBook): Promise<void> {
  await inPortions(
    feature,
    await asides.of(feature),
    () => office.clock.now(),
    async ({ take }) => {
      const left = await run(office, desk => due({ ...desk.beat(), take }))
      if (left) office.wake()
      return left !== undefined
    },
  )
}

async function run<T>(office: Office, work: (desk: Desk) => Promise<T>): Promise<T> {
  return office.db.transaction(async tx => {
    const now = office.clock.now()
    const desk = new Desk(office, tx, now, { who: '', chat: '', delivery: `tick:${now.toISOString()}` })
    const answer = await work(desk)
    await desk.close('')
    return answer
  })
}

/** One failing duty does not keep the others from being done. */
async function guarded(office: Office, failed: Duty[], duty: Duty, work: () => Promise<void>): Promise<void> {
  const started = performance.now()
  const name = [duty.what, duty.feature].filter(Boolean).join(' ')
  await work().then(
    () => office.log('debug', 'tick', { duty: name, ms: Math.round(performance.now() - started) }),
    (error: unknown) => {
      failed.push(duty)
      office.log('error', 'tick failed', { duty: name, ...describe(error) })
    },
  )
}

/** So often is looked for what the subjects that had something to do have brought others at the same instant; at last all are asked. */
const MOST_ROUNDS = 2

/**
 * Moves the office's clock to `target`, stopping at each instant at which something falls due on the way, so that it happens
 * as at its own time; the upkeep is done once, at the end. A step back runs nothing: what was done stays done.
 */
export async function moveClock(office: Office, target: Date): Promise<void> {
  const set = office.clock.set
  if (!set) throw new Error('this clock cannot be moved')
  for (let guard = 0, behind = 0; guard < 10_000; guard++) {
    const dues = await nextDues(office)
    const [next] = dues.map(({ at }) => at).sort((a, b) => a.getTime() - b.getTime())
    if (!next || next > target) break
    // what was due already is done first; what even a whole heartbeat does not settle is no reason to stand still
    behind = next <= office.clock.now() ? behind + 1 : 0
    if (behind > MOST_ROUNDS) break
    if (!behind) set(next)
    const now = office.clock.now()
    const moved = dues.filter(({ at }) => at <= now).map(({ feature }) => feature)
    await fallDue(office, behind < MOST_ROUNDS ? moved : office.features)
  }
  set(target)
  await tick(office)
}

/** When each subject next has something to do. */
async function nextDues(office: Office): Promise<Array<{ feature: Feature; at: Date }>> {
  const look = { db: office.db, now: office.clock.now(), office: office.facts }
  const isUncalibrated = (await uncalibrated(office)).length > 0
  const dues = await Promise.all(
    office.features.map(async feature => ({ feature, at: isUncalibrated ? look.now : await feature.nextDue?.(look) })),
  )
  return dues.flatMap(({ feature, at }) => (at ? [{ feature, at }] : []))
}
