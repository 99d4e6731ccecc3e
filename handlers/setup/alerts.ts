import { arrivalsKept } from '../../db/arrivals.ts'
import { asideNow } from '../../db/aside.ts'
import { chatsById, peopleById } from '../../db/people.ts'
import { HELD_BACK, type HeldBack } from '../../db/retention.ts'
import { DIRECTORY_FIRST, PUT_BACK, type PutBack, setting, settingAt, takeSetting } from '../../db/settings.ts'
import { failuresSince, keepWatched, sealingMark, takeWatched, waitingSince, watchedNow } from '../../db/watch.ts'
import type { Action, Beat, Duty, Feature, Look, Pulse } from '../../src/bot/feature.ts'
import { refusedNow } from '../../src/kit/arrivals.ts'
import type { Card } from '../../src/kit/card.ts'
import { isOpen } from '../../src/kit/customs.ts'
import type { Viewer } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { dayIn, formatShort } from '../../src/kit/time.ts'
import { alertCard, noAlertCard } from '../../src/office/setup/alert-cards.ts'
import { alertOf, FAILING_MS, MISSED_MS, REFUSING_MS, TOO_OLD_MS } from '../../src/office/setup/alerts.ts'
import { refusedWords } from '../../src/office/setup/refused.ts'
import {
  type Found,
  hush,
  isHushed,
  lasting,
  type Observed,
  observe,
  onCard,
  telling,
  type Watched,
} from '../../src/office/setup/watch.ts'
import { adminIds, refuseNonAdmin } from '../admins.ts'
import { customs } from '../customs.ts'
import { wholeId } from '../given.ts'
import { brokenTurns, tellSenders } from './breakdowns.ts'
import { missingYears, vacantRoles } from './missing.ts'

const FEATURE = 'setup'
const PREFIX = 'alert/'
const matterOf = (card: number): string => `${PREFIX}${card}`

/** What is wrong with the house, told to 系统管理员 once it has lasted: each heartbeat looks, whichever process it is in. */
export async function watch(beat: Beat, pulse: Pulse): Promise<readonly string[]> {
  const kept = await takeWatched(beat.db, beat.now)
  const putBack = await takePutBack(beat)
  // cards that were sent since that backup have other numbers
  const before = putBack ? { ...kept, cards: Math.max(kept.cards, putBack.atMs) } : kept
  const seen = observe(before, await findings(beat, pulse, before, putBack), {
    now: pulse.at,
    wireMs: pulse.wireMs,
    missedMs: missedBefore(pulse),
  })
  const isOffice = isOpen(beat.now, await customs(beat))
  const { watched, card } = telling(seen.watched, beat.now, isOffice)
  if (card !== undefined) await tell(beat, watched, card)
  if (isOffice && lasting(watched).some(({ id, toldAt }) => id === 'breakdowns' && toldAt)) await tellSenders(beat)
  follow(beat, seen)
  if (JSON.stringify(watched) !== JSON.stringify(kept)) await keepWatched(beat.db, watched, beat.now)
  return seen.opened.map(({ id }) => id)
}

/** Muting (/静音) is about reminders, and the daily measure about what colleagues cause: neither holds this back. */
async function tell(beat: Beat, watched: Watched, card: number): Promise<void> {
  const shown = onCard(watched, card)
  const admins = await adminIds(beat)
  const gone = new Set((await peopleById(beat.db, admins)).filter(({ active }) => !active).map(({ id }) => id))
  const today = dayIn(beat.now)
  const readers = admins.filter(id => !gone.has(id) && !isHushed(watched, card, id, today))
  // before what may be the very backlog that it tells of
  const haste = shown.some(({ id }) => alertOf(id).grave) ? ({ urgent: true } as const) : {}
  for (const person of readers)
    beat.send({ to: { person }, body: { matter: { feature: FEATURE, id: matterOf(card) } }, ...haste })
  beat.record({ feature: FEATURE, act: 'alert', matter: matterOf(card), data: { alerts: shown.map(({ id }) => id) } })
}

function follow(beat: Beat, { ended, moved }: Observed): void {
  for (const card of moved) beat.redraw(FEATURE, matterOf(card))
  for (const { id, cards } of ended)
    if (cards.length)
      beat.record({ feature: FEATURE, act: 'recover', matter: matterOf(Math.max(...cards)), data: { alerts: [id] } })
}

async function findings(beat: Beat, pulse: Pulse, before: Watched, putBack: PutBack | undefined): Promise<Found[]> {
  const found = await Promise.all([
    backlog(beat, pulse),
    undelivered(beat, pulse, before),
    unsealed(beat),
    unread(beat),
    unloaded(beat),
    vacancies(beat),
    heldBack(beat),
    setAside(beat),
    brokenTurns(beat),
    refusals(beat, pulse),
  ])
  return [missedBeats(beat, pulse), undone(beat, pulse), putBack && restored(pulse, putBack), ...found].filter(
    one => one !== undefined,
  )
}

type Finding = Promise<Found | undefined>

/** An instant of the wire by the office's clock. */
const atOffice = ({ at, wireMs }: Pulse, ms: number): Date => new Date(at.getTime() - (wireMs - ms))

const missedBefore = (pulse: Pulse): number => {
  if (pulse.lastMs === undefined) return Number.POSITIVE_INFINITY
  return isGap(pulse.lastMs, pulse) ? pulse.wireMs - pulse.lastMs : 0
}

const isGap = (lastMs: number, { wireMs }: Pulse): boolean => wireMs - lastMs > MISSED_MS

/** By the wire: where the office's clock is moved, no heartbeat was missed. */
function missedBeats({ office }: Look, pulse: Pulse): Found | undefined {
  const { lastMs, at, failed } = pulse
  if (lastMs === undefined || !isGap(lastMs, pulse)) return undefined
  const facts = { names: wordsOf(failed, office.features) }
  return { id: 'heartbeat', facts, mark: String(lastMs), since: atOffice(pulse, lastMs), until: at }
}

/** Found once: the card that tells of it is kept from then on. */
async function takePutBack({ db }: Beat): Promise<PutBack | undefined> {
  const putBack = await setting<PutBack>(db, PUT_BACK)
  return putBack && (await takeSetting(db, PUT_BACK, putBack)) ? putBack : undefined
}

function restored(pulse: Pulse, { takenMs, atMs }: PutBack): Found {
  return {
    ...{ id: 'restored', facts: {}, mark: String(atMs) },
    since: atOffice(pulse, takenMs),
    until: atOffice(pulse, atMs),
  }
}

function undone({ office }: Look, { failed }: Pulse): Found | undefined {
  return failed.length ? { id: 'duties', facts: { names: wordsOf(failed, office.features) } } : undefined
}

const DUTIES: Record<Duty['what'], string> = {
  calibration: '按新的工作日推算',
  recalibrate: '按新的工作日推算',
  due: '到期事项',
  heartbeat: '登记运行时间',
  upkeep: '清理已发送的消息',
  retention: '清理超期数据',
  directory: '读取通讯录',
  watch: '运行检查',
}

function wordsOf(failed: readonly Duty[], features: readonly Feature[]): string[] {
  const words = failed.map(({ what, feature }) => {
    const title = features.find(({ name }) => name === feature)?.title ?? ''
    return `${title}${DUTIES[what]}`
  })
  return [...new Set(words)]
}

async function backlog({ db }: Look, pulse: Pulse): Finding {
  const { count, oldestMs } = await waitingSince(db, pulse.wireMs - TOO_OLD_MS, FEATURE)
  return oldestMs === undefined ? undefined : { id: 'outbox', facts: { count }, since: atOffice(pulse, oldestMs) }
}

/** Of one condition as long as no day goes by without another failure. */
async function undelivered({ db }: Look, pulse: Pulse, before: Watched): Finding {
  const recentMs = pulse.wireMs - FAILING_MS
  const open = lasting(before).find(({ id }) => id === 'undelivered')
  const failures = await failuresSince(db, open ? Number(open.mark) : recentMs, FEATURE)
  if (!failures.some(({ lastMs }) => lastMs >= recentMs)) return undefined
  const firstMs = Math.min(...failures.map(one => one.firstMs))
  return {
    id: 'undelivered',
    mark: open?.mark ?? String(firstMs),
    since: atOffice(pulse, firstMs),
    facts: {
      count: failures.reduce((sum, { count }) => sum + count, 0),
      names: failures.slice(0, MOST_REASONS).map(({ reason, count }) => `${reason}${count}条`),
    },
  }
}

const MOST_REASONS = 5

async function unsealed({ db }: Look): Finding {
  const mark = await sealingMark(db)
  return mark === undefined ? undefined : { id: 'sealing', facts: {}, mark }
}

async function refusals({ db }: Look, pulse: Pulse): Finding {
  const arrivals = await arrivalsKept(db)
  const refused = (['event', 'press'] as const).flatMap(kind => {
    const found = arrivals && refusedNow(arrivals[kind])
    return found && found.lastMs - found.sinceMs >= REFUSING_MS ? [{ kind, ...found }] : []
  })
  if (!refused.length) return undefined
  return {
    id: 'deliveries',
    facts: { names: refused.map(({ kind, cause }) => refusedWords(kind, cause)) },
    since: atOffice(pulse, Math.min(...refused.map(({ sinceMs }) => sinceMs))),
  }
}

/** The last reading, which stays the last for too long; or there was none since it was first asked for. */
async function unread({ db }: Look): Finding {
  const readAt = (await settingAt(db, 'directory.read')) ?? (await settingAt(db, DIRECTORY_FIRST))
  return readAt ? { id: 'directory', facts: {}, mark: readAt.toISOString(), since: readAt } : undefined
}

async function unloaded(look: Look): Finding {
  const overdue = (await missingYears(look)).filter(({ isOverdue }) => isOverdue)
  return overdue.length ? { id: 'holidays', facts: { names: overdue.map(({ year }) => `${year}年`) } } : undefined
}

async function vacancies(look: Look): Finding {
  const names = await vacantRoles(look)
  return names.length ? { id: 'roles', facts: { names } } : undefined
}

/** What failed by itself, the longest set aside first. */
async function setAside({ db }: Look): Finding {
  const all = await asideNow(db)
  const [first] = all.map(({ since }) => since).sort()
  if (first === undefined) return undefined
  const named = all.toSorted((a, b) => a.since.localeCompare(b.since)).slice(0, MOST_NAMED)
  const ids = named.flatMap(({ of }) => of ?? [])
  const whose = new Map([...(await peopleById(db, ids)), ...(await chatsById(db, ids))].map(one => [one.id, one.name]))
  const names = named.map(({ words, of = '' }) => `${whose.get(of) ? `${whose.get(of)}的` : ''}${words}`)
  return { id: 'aside', facts: { count: all.length, names }, since: new Date(first) }
}

const MOST_NAMED = 10

/** As the last night found them. */
async function heldBack({ db }: Look): Finding {
  const { count, some } = (await setting<HeldBack>(db, HELD_BACK)) ?? { count: 0, some: [] }
  if (!count) return undefined
  const names = (await peopleById(db, some)).map(({ name }) => name).sort()
  return { id: 'leavers', facts: { count, names } }
}

export async function draw(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const watched = await watchedNow(look.db)
  const card = Number(matter.slice(PREFIX.length))
  const shown = onCard(watched, card)
  if (!shown.length || viewer.kind !== 'person' || !(await adminIds(look)).includes(viewer.id)) return noAlertCard()
  return alertCard(shown, {
    card,
    when: instant => formatShort(instant, look.now),
    isHushed: isHushed(watched, card, viewer.id, dayIn(look.now)),
  })
}

/** Of what stands on this card nothing new comes to the presser today. */
export const hushToday: Action = async (turn, { value }) => {
  refuseNonAdmin(turn, '运行告警')
  const card = wholeId(value.card, '未找到该告警')
  const watched = await takeWatched(turn.db, turn.now)
  if (!onCard(watched, card).length) throw new Refusal('未找到该告警')
  await keepWatched(turn.db, hush(watched, card, turn.who.id, dayIn(turn.now)), turn.now)
  turn.record({ feature: FEATURE, act: 'hush', matter: matterOf(card) })
  return { toast: { kind: 'success', words: '今日不再就这些情况提醒您' } }
}
