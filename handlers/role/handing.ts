import { peopleById } from '../../db/people.ts'
import { rolesHeldBy } from '../../db/role.ts'
import { keepSetting, setting, takeTurn } from '../../db/settings.ts'
import type { Heartbeat, Look, Turn } from '../../src/bot/feature.ts'
import type { Person } from '../../src/kit/person.ts'
import { dayIn } from '../../src/kit/time.ts'

/** So much is handed over in one transaction: while somebody waits for the answer, and then at each look of the heartbeat. */
export const PORTION = 50
/** So much in one minute, so that what else falls due does not wait for somebody's thousands of matters. */
const MOST_A_MINUTE = 1_000

/** What somebody hands over: whose, to whom, and of which subjects, the first of which is under way. */
export interface Order {
  from: string
  to: string
  by: string
  subjects: string[]
  /** How many of each have been handed over. */
  counts: Record<string, number>
}

interface Job extends Order {
  /** How many were handed over in the last minute in which some were. */
  minute: string
  inMinute: number
}

const NAME = 'role.handing'

/** One portion; what is left of the order, with what has been done. */
export async function handPortion(turn: Turn, order: Order, from: Person, to: Person): Promise<Order> {
  const counts = { ...order.counts }
  const subjects = [...order.subjects]
  for (let room = PORTION; room > 0 && subjects.length; ) {
    const [name = ''] = subjects
    const feature = turn.office.features.find(one => one.name === name)
    const given = (await feature?.handOver?.(turn, from, to, room)) ?? 0
    counts[name] = (counts[name] ?? 0) + given
    if (given < room) subjects.shift()
    room -= given
  }
  return { ...order, subjects, counts }
}

const jobs = async ({ db }: Pick<Look, 'db'>): Promise<Job[]> => (await setting<Job[]>(db, NAME)) ?? []

/** Whether somebody's matters are being handed over just now. */
export const isUnderWay = async (look: Pick<Look, 'db'>, from: string): Promise<boolean> =>
  (await jobs(look)).some(job => job.from === from)

/** Leaves what is left to the heartbeat. */
export async function goOnLater({ db, now }: Pick<Turn, 'db' | 'now'>, order: Order): Promise<void> {
  const standing = await takeTurn<Job[]>(db, NAME, [], now)
  await keepSetting(db, NAME, [...standing, { ...order, minute: '', inMinute: 0 }], now)
}

const minuteOf = (at: Date): string => at.toISOString().slice(0, 16)

const rests = ({ minute, inMinute }: Job, now: Date): boolean => minute === minuteOf(now) && inMinute >= MOST_A_MINUTE

/** When there is something to go on with. */
export async function nextHanding({ db, now }: Look): Promise<Date | undefined> {
  const [job] = await jobs({ db })
  if (!job) return undefined
  return rests(job, now) ? new Date(now.getTime() + 60_000 - (now.getTime() % 60_000)) : now
}

/** The giver's own turn, and the two people. */
interface Going {
  turn: Turn
  from: Person
  to: Person
}

type GoOn = (going: Going, order: Order) => Promise<{ left: Order } | 'over'>

/** A portion of the order that came first and is not set aside. `go`: hands it over in the giver's name, and tells when it is over; `lost`: there is no giver any more. */
export async function goOn(
  beat: Heartbeat,
  go: GoOn,
  lost: (beat: Heartbeat, order: Order) => Promise<void>,
): Promise<'more' | undefined> {
  const read = async (most: number) => (await jobs(beat)).slice(0, most).map(job => ({ ...job, id: job.from }))
  const [waiting] = await beat.take('handing', 1, read, ({ from }) => ({ words: '事项移交', of: from }))
  if (!waiting || rests(waiting, beat.now)) return undefined
  const all = await takeTurn<Job[]>(beat.db, NAME, [], beat.now)
  const job = all.find(({ from }) => from === waiting.from)
  if (!job || rests(job, beat.now)) return undefined
  const going = await goingOf(beat, job)
  const came = going ? await go(going, job) : 'over'
  if (!going) await lost(beat, job)
  const left = all.flatMap(one => (one !== job ? one : came === 'over' ? [] : counted(job, came.left, beat.now)))
  await keepSetting(beat.db, NAME, left, beat.now)
  return left.length ? 'more' : undefined
}

function counted(job: Job, left: Order, now: Date): Job {
  const sum = ({ counts }: Order): number => Object.values(counts).reduce((all, one) => all + one, 0)
  const minute = minuteOf(now)
  return { ...left, minute, inMinute: (job.minute === minute ? job.inMinute : 0) + sum(left) - sum(job) }
}

async function goingOf(beat: Heartbeat, { by, from, to }: Order): Promise<Going | undefined> {
  const known = new Map((await peopleById(beat.db, [by, from, to])).map(person => [person.id, person]))
  const [giver, leaver, taker] = [by, from, to].map(id => known.get(id))
  if (!giver?.active || !leaver || !taker) return undefined
  const turn = beat.goOn({ who: giver, roles: await rolesHeldBy(beat.db, by, dayIn(beat.now)) })
  return { turn, from: leaver, to: taker }
}
