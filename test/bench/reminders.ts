import type postgres from 'postgres'
import { note } from './bars.ts'
import { asked } from './events.ts'
import { at, closedLoop } from './load.ts'
import { type Bench, nothingWaits, pause, until } from './part.ts'
import { cpuUs } from './servers.ts'
import { floorOf, type StandIn, startStandIn } from './stand-in.ts'

/** How long before the full minute the bot is to be up. */
const AHEAD_MS = 8_000
const LONGEST_MS = 700_000
/** What was to leave may take so long to be marked once the last has arrived. */
const SETTLING_MS = 30_000
/** trust.md R1: how late at the 99th percentile, by how many are due. */
const BAR_LATE_S: Record<number, number> = { 1: 1, 100: 3, 1000: 25, 10000: 615 }
const BAR_ALIKE_S = 5
/** During a storm somebody asks for help so often, and waits so long for the answer. */
const ASKED_EACH_MS = 500
const ANSWERED_WITHIN_MS = 10_000
const BAR_ANSWER_MS = 1_000

/** R1 to R4: so many reminders fall due in one minute, each to somebody else: how late they are accepted, and how soon people are answered meanwhile. */
export async function reminders(bench: Bench, most: number, isAlikeAlone: boolean): Promise<void> {
  const rows: string[][] = []
  for (const [count, same] of [
    [1, false],
    [100, false],
    [1_000, false],
    [10_000, true],
    [10_000, false],
  ] as const)
    if (count <= most && (same || !isAlikeAlone)) rows.push(await storm(bench, count, same))
  bench.print(
    'reminders due in one minute; s after the minute, floor = as soon as the platform accepts so many',
    [
      ...['', 'p50', 'p99', 'last', 'floor', 'last x floor', 'by batch', 'refused', 'nobody has', 'somebody has twice'],
      ...['answers p50 ms', 'p99 ms', 'unanswered', 'CPU µs each'],
    ],
    rows,
  )
}

async function storm(bench: Bench, count: number, same: boolean): Promise<string[]> {
  const standIn = await startStandIn()
  const name = `storm_${count}_${same ? 'same' : 'own'}`
  const { server: first, sql, again, stop } = await bench.start('bot', name, standIn.port)
  await first.stop()
  const minute = Math.ceil((Date.now() + AHEAD_MS) / 60_000) * 60_000
  await remindAll(sql, count, same, new Date(minute))
  const bot = await again()
  const before = cpuUs(bot)
  while (Date.now() < minute) await pause(20)
  const answers = await whileStorming(bot.port, standIn, count, minute)
  const cpu = cpuUs(bot) - before
  // whoever has theirs twice may have it after the last
  await until(() => nothingWaits(sql), SETTLING_MS, 'marking what has left')
  await stop()
  await standIn.close()
  const late = [...standIn.accepted, ...standIn.handedOver].map(one => (one - minute) / 1_000).sort((a, b) => a - b)
  const floor = same ? (Math.ceil(count / 200) - 1) / 50 : floorOf(count)
  const reached = arrivals(standIn.receivers, count)
  judge({ count, same, late, reached, refused: standIn.refused, answers })
  const last = at(late, 1)
  const { took, unanswered } = answers
  return [
    `${late.length} of ${count}, ${same ? 'one text' : 'own texts'}`,
    ...[at(late, 0.5), at(late, 0.99), last, floor].map(seconds => seconds.toFixed(2)),
    floor ? (last / floor).toFixed(2) : '–',
    ...[standIn.handedOver.length, standIn.refused, reached.missing, reached.doubled].map(String),
    ...[0.5, 0.99].map(share => (took.length ? at(took, share).toFixed(0) : '–')),
    ...[String(unanswered), (cpu / count).toFixed(0)],
  ]
}

export interface Storm {
  count: number
  /** All of one text. */
  same: boolean
  /** How late each message was accepted, in s, the soonest first. */
  late: number[]
  reached: Arrivals
  refused: number
  answers: Answers
}

interface Arrivals {
  /** Who was to have a message and has none, and who has had more than one. */
  missing: number
  doubled: number
  /** Messages to others. */
  strays: number
}

interface Answers {
  /** How long each answer took, in ms, the shortest first. */
  took: number[]
  /** Who was turned away, or had no answer in time. */
  unanswered: number
}

/** R1 to R4. Of reminders that are lost, or come twice, none is late: such a storm keeps no bar. */
export function judge({ count, same, late, reached, refused, answers: { took, unanswered } }: Storm): void {
  const size = `${count}${same ? ' alike' : ''}: `
  const { missing, doubled, strays } = reached
  const isOnce = missing + doubled + strays === 0 && late.length === count
  const once = `${late.length} arrived, ${missing} receivers without, ${doubled} with more than one, ${strays} to others`
  if (same) note('R2', `${size}${at(late, 1).toFixed(1)} s, ${once}`, at(late, 1) <= BAR_ALIKE_S && isOnce)
  else
    note('R1', `${size}${at(late, 0.99).toFixed(1)} s, ${once}`, at(late, 0.99) <= (BAR_LATE_S[count] ?? 0) && isOnce)
  note('R3', `${size}${refused} refused`, refused === 0)
  if (took.length + unanswered === 0) return
  const isQuick = took.length > 0 && at(took, 0.99) <= BAR_ANSWER_MS
  note('R4', `${size}${at(took, 0.99).toFixed(0)} ms, ${unanswered} unanswered`, isQuick && unanswered === 0)
}

/** Whether each of the receivers of `remindAll` was given one message. */
export function arrivals(receivers: readonly string[], count: number): Arrivals {
  const times = new Map(Array.from({ length: count }, (_, i) => [receiverOf(i + 1), 0]))
  let strays = 0
  for (const receiver of receivers) {
    const before = times.get(receiver)
    if (before === undefined) strays++
    else times.set(receiver, before + 1)
  }
  const had = [...times.values()]
  return { missing: had.filter(one => one === 0).length, doubled: had.filter(one => one > 1).length, strays }
}

export const receiverOf = (i: number): string => `ou_${i.toString(16).padStart(32, '0')}`

/** Asks for help again and again until all has been accepted. */
async function whileStorming(port: number, standIn: StandIn, count: number, minute: number): Promise<Answers> {
  const took: number[] = []
  let unanswered = 0
  while (standIn.accepted.length + standIn.handedOver.length < count && Date.now() - minute < LONGEST_MS) {
    const from = Date.now()
    const ms = await answered(port, standIn)
    if (ms === undefined) unanswered++
    else took.push(ms)
    await pause(Math.max(from + ASKED_EACH_MS - Date.now(), 0))
  }
  return { took: took.sort((a, b) => a - b), unanswered }
}

/** How long somebody waits who asks for help, in ms; undefined: the question was not taken, or not answered in time. */
export async function answered(
  port: number,
  { replied }: Pick<StandIn, 'replied'>,
  withinMs = ANSWERED_WITHIN_MS,
): Promise<number | undefined> {
  const [one] = asked(1, port)
  if (!one) return undefined
  const from = Date.now()
  const { refused, cut } = await closedLoop(port, [one.request], { connections: 1, ms: withinMs })
  if (refused + cut) return undefined
  while (!replied.has(one.message) && Date.now() - from < withinMs) await pause(5)
  const repliedAt = replied.get(one.message)
  return repliedAt && repliedAt - from
}

async function remindAll(sql: postgres.Sql, count: number, same: boolean, dueAt: Date): Promise<void> {
  const due = dueAt.toISOString()
  await sql`
    insert into people (id, name, departments, active)
    select 'ou_' || lpad(to_hex(i), 32, '0'), '张' || i, '{}', true from generate_series(0, ${count}) i on conflict do nothing`
  await sql`
    insert into reminders (number, maker, owner, receivers, chat, text, said, said_at, calendar_id, recurring, urgent, next_at, state, source, source_chat)
    select 1, person, person, array[person], '', case when ${same} then '填报周报' else '第' || i || '件事' end, '',
      ${due}::timestamptz, 'shipped', false, false, ${due}::timestamptz, 'active', '', ''
    from generate_series(1, ${count}) i, lateral (select 'ou_' || lpad(to_hex(i), 32, '0') as person) p`
  // what is said in the morning would be a second message
  await sql`insert into settings (name, value, at) values ('digest.morning', 'false', now())`
  await sql`analyze`
}
