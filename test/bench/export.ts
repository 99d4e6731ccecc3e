import postgres from 'postgres'
import { fillOffice, OF_OFFICE } from '../harness/past.ts'
import { noteAnswered, unansweredOf } from './bars.ts'
import { crowd, request, requests } from './events.ts'
import { at, closedLoop, openLoop } from './load.ts'
import { type Running, rssMb } from './servers.ts'

/** As many rows as one export holds at most, nearly. */
const ENDED = 9_000
const OPEN = 1_000
const PEOPLE = 2_000
const EXPORTS = 5
const PER_SECOND = 100
const QUIET_MS = 5_000
const LONGEST_MS = 120_000
/** trust.md P8. */
const BAR_P99_MS = 250
const BAR_MS = 1_000
const OFFICER = { id: OF_OFFICE.officer, chat: `oc_${'f'.repeat(32)}` }

/** P8 and D45 of trust.md: the ledger goes out as a workbook, again and again, while messages come in. Answers what broke the promise. */
export async function exports(
  url: string,
  start: (url: string) => Promise<Running>,
  print: (title: string, head: string[], rows: string[][]) => void,
): Promise<string[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  await fillOffice(sql, { ended: ENDED, open: OPEN, people: PEOPLE, now: new Date() })
  const writers = crowd.map(({ id, name }) => ({ id, name, departments: '{}', active: true }))
  await sql`insert into people ${sql(writers, 'id', 'name', 'departments', 'active')} on conflict do nothing`
  const bot = await start(url)
  const load = (until: Promise<unknown>) =>
    openLoop(bot.port, requests((PER_SECOND * LONGEST_MS) / 1_000, bot.port), { perSecond: PER_SECOND, until })
  await load(pause(QUIET_MS))
  const quiet = await load(pause(QUIET_MS))
  const began = performance.now()
  const beside = await load(exportAll(bot, sql))
  const seconds = (performance.now() - began) / 1_000
  const row = (name: string, { took, refused, cut }: typeof quiet) => [
    name,
    String(took.length),
    ...[0.5, 0.99, 1].map(share => at(took, share).toFixed(1)),
    ...[refused, cut].map(String),
  ]
  print(
    `${PER_SECOND} messages a second, open loop, from when they were to leave; ${EXPORTS} workbooks of ${ENDED + OPEN} tasks one after another, ${(seconds / EXPORTS).toFixed(1)} s each, ${rssMb(bot).peak.toFixed(0)} MB at most`,
    ['', 'messages', 'p50 ms', 'p99 ms', 'longest ms', 'refused', 'unanswered'],
    [row('alone', quiet), row('beside the exports', beside)],
  )
  await bot.stop()
  await sql.end()
  const [p99, longest] = [at(beside.took, 0.99), at(beside.took, 1)]
  const says = `p99 ${p99.toFixed(0)} ms, longest ${longest.toFixed(0)} ms`
  noteAnswered('P8', says, p99 <= BAR_P99_MS && longest <= BAR_MS, unansweredOf([quiet, beside]))
  return [
    ...(p99 > BAR_P99_MS ? [`answers beside an export: p99 ${p99.toFixed(0)} ms`] : []),
    ...(longest > BAR_MS ? [`an answer beside an export took ${longest.toFixed(0)} ms`] : []),
  ]
}

/** Asks for the ledger, and again once the file has left. */
async function exportAll({ port }: Running, sql: postgres.Sql): Promise<void> {
  for (let count = 1; count <= EXPORTS; count++) {
    await closedLoop(port, [request(port, '/督办 导出', OFFICER)], { connections: 1, ms: LONGEST_MS })
    const lateMs = performance.now() + LONGEST_MS / EXPORTS
    while ((await filesSent(sql)) < count) {
      if (performance.now() > lateMs) throw new Error('a workbook did not leave in time')
      await pause(50)
    }
  }
}

/** A file is uploaded first and then a message, in one row. */
async function filesSent(sql: postgres.Sql): Promise<number> {
  const [row] = await sql`
    select count(*) filter (where state = 'failed')::int as failed, count(*) filter (where state = 'sent')::int as sent
    from outbox where parcel ? 'file'`
  if (row?.failed) throw new Error('a workbook did not leave')
  return row?.sent ?? 0
}

const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms))
