import postgres from 'postgres'
import { CARD, fillAssembly, personAt, personOf } from './assembly.ts'
import { crowd, press, requests } from './events.ts'
import { at, closedLoop, openLoop } from './load.ts'
import { cpuUs, type Running } from './servers.ts'

/** A meeting of so many, of whom so many answer a second; one in so many asks for leave. */
const PEOPLE = 2_000
const USUAL_PER_SECOND = 200
const LEAVES = 20
const CONNECTIONS = 16
const ROUND_MS = 5_000
const LONGEST_MS = 120_000
/** No two redraws of the organiser's card are nearer than that. */
const APART_MS = 1_000

/** When which message was drawn anew, and what it says now. */
export type Drawn = Record<string, { at: number[]; last: string }>

/**
 * Replies pour in to one meeting: how fast they are taken beside a command that only answers, whether the organiser's card is drawn
 * anew at most once a second, and whether what it counts is right at the end. Answers what broke the promise.
 */
export async function replies(
  url: string,
  start: (url: string) => Promise<Running>,
  drawn: () => Promise<Drawn>,
  print: (title: string, head: string[], rows: string[][]) => void,
  perSecond = USUAL_PER_SECOND,
): Promise<string[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  await fill(sql)
  const bot = await start(url)
  const help = (ms: number) => closedLoop(bot.port, requests(8_000, bot.port), { connections: CONNECTIONS, ms })
  await help(ROUND_MS)
  const helped = await help(ROUND_MS)
  await emptied(sql)
  const [from, before] = [performance.now(), cpuUs(bot)]
  const poured = await openLoop(bot.port, answers(bot.port), { perSecond, until: new Promise(() => {}) })
  const seconds = (performance.now() - from) / 1_000
  await emptied(sql)
  const cpu = (cpuUs(bot) - before) / PEOPLE
  const { at: times, last } = (await drawn())[CARD] ?? { at: [], last: '' }
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? time))
  const nearest = Math.min(...gaps)
  const rate = PEOPLE / seconds
  const figures = ({ p50, p99 }: { p50: number; p99: number }) => [p50.toFixed(1), p99.toFixed(1)]
  print(
    `${PEOPLE} replies to one meeting, ${perSecond} a second in an open loop, from when each was to leave`,
    ['', '/s', 'x /帮助', 'p50 ms', 'p99 ms', 'CPU µs each', 'refused', "organiser's card", 'nearest s'],
    [
      [
        '/帮助, closed loop',
        helped.perSecond.toFixed(0),
        '1.00',
        ...figures(helped),
        '–',
        String(helped.refused),
        '–',
        '–',
      ],
      [
        'replies',
        rate.toFixed(0),
        (rate / helped.perSecond).toFixed(2),
        ...figures({ p50: at(poured.took, 0.5), p99: at(poured.took, 0.99) }),
        cpu.toFixed(0),
        String(poured.refused),
        `${times.length} in ${seconds.toFixed(1)} s`,
        (nearest / 1_000).toFixed(2),
      ],
    ],
  )
  const [kept] = await sql`
    select count(*) filter (where state = 'attending')::int as attending, count(*) filter (where state = 'asking')::int as asking
    from invitations`
  await bot.stop()
  await sql.end()
  const counted = `应到${PEOPLE}人 · 参加${kept?.attending}人 · 请假0人 · 代会0人 · 未回0人 · 请假待批${kept?.asking}人`
  return [
    ...(poured.refused ? [`${poured.refused} replies were refused`] : []),
    ...(kept?.attending + kept?.asking === PEOPLE ? [] : [`of ${PEOPLE} replies ${JSON.stringify(kept)} were kept`]),
    ...(nearest < APART_MS ? [`the organiser's card was drawn anew after ${nearest} ms`] : []),
    ...(last.includes(counted) ? [] : ["the organiser's card does not count what was answered"]),
  ]
}

/** Everybody's own press, on the card that they have. */
const answers = (port: number): Buffer[] =>
  Array.from({ length: PEOPLE }, (_, i) => {
    const action = i % LEAVES ? 'meeting.attend' : 'meeting.askLeave'
    return press(port, { action, id: i + 1, rev: 1 }, { word: '另有公务' }, { id: personOf(i), message: `om_own_${i}` })
  })

/** A meeting that has been notified; everybody has their card, and the organiser theirs. */
async function fill(sql: postgres.Sql): Promise<void> {
  const writers = crowd.map(({ id, name }) => ({ id, name, departments: '{}', active: true }))
  await sql`insert into people ${sql(writers, 'id', 'name', 'departments', 'active')}`
  await sql`insert into settings (name, value, at) values ('directory.read', '{}', now())`
  await fillAssembly(sql, PEOPLE, 'notified')
  await sql`
    insert into invitations (rev, meeting, person, unit, part, via, places, name, title, phone, state, word, companions, plate, decision,
      notice_rev, last_move)
    select 1, 1, ${personAt(sql)}, '', 'attend', '', 1, '', '', '', 'pending', '', '', '', '', 3, ''
    from generate_series(0, ${PEOPLE - 1}::int) i`
  await sql`
    insert into copies (feature, matter, viewer, lane, message, origin, sent_ms)
    select 'meeting', '1/i' || (i + 1), person, person, 'om_own_' || i, '', ${Date.now()}::bigint
    from generate_series(0, ${PEOPLE - 1}::int) i, lateral (select ${personAt(sql)} as person) p`
  await sql`analyze`
}

async function emptied(sql: postgres.Sql): Promise<void> {
  const until = performance.now() + LONGEST_MS
  while ((await sql`select 1 from outbox where state = 'waiting' limit 1`).length) {
    if (performance.now() > until) throw new Error('the outbox did not empty')
    await new Promise(done => setTimeout(done, 50))
  }
}
