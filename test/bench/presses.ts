import type postgres from 'postgres'
import { fillOffice } from '../harness/past.ts'
import { noteAnswered } from './bars.ts'
import { crowd, press, requests } from './events.ts'
import { at, openLoop, type Poured } from './load.ts'
import { type Bench, ms, nothingWaits, until } from './part.ts'
import { cpuUs } from './servers.ts'

const PER_SECOND = 100
/** 督办 that stand on so many cards besides those of an ordinary one. */
const SHARED = { many: 400, cards: 4, perSecond: 30, warmUp: 50 }
/** An office with so much open in it. */
const OFFICE = { ended: 500, open: 3_000, people: 1_000 }
const LONGEST_MS = 180_000
const WARM_UP = 500
const BAR_P99_MS = 50
const BAR_MS = 1_000

/** P4: buttons of several subjects at 100 a second, each of which moves a matter, notes it and draws its cards anew. */
export async function presses(bench: Bench): Promise<void> {
  const { server: first, sql, again, stop } = await bench.start('lifted', 'presses')
  await first.stop()
  // the office brings its own people; the crowd, which warms it up, joins them
  await sql`delete from people`
  await fillOffice(sql, { ...OFFICE, now: new Date() })
  const writers = crowd.map(({ id, name }) => ({ id, name, departments: '{}', active: true }))
  await sql`insert into people ${sql(writers, 'id', 'name', 'departments', 'active')} on conflict do nothing`
  await fillCards(sql)
  // an office that has long been at work: what it filled in is reckoned by its calendar already
  await sql`update tasks set calendar_id = 'shipped'`
  const server = await again()
  // what has fallen due in it is done and what was filled in is sealed first, which a living office does as it goes
  await until(async () => (await lateOnes(sql)) === 0, LONGEST_MS, 'a heartbeat')
  await until(async () => (await sql`select from audit_unsealed limit 1`).length === 0, LONGEST_MS, 'sealing')
  const pour = (all: Buffer[], perSecond = PER_SECOND) =>
    openLoop(server.port, all, { perSecond, until: new Promise(() => {}) })
  /** How so many of them go, once the first of them have warmed it up. */
  const pressed = async (all: Buffer[], warmUp: number, perSecond: number) => {
    await pour(all.slice(0, warmUp), perSecond)
    const measured = all.slice(warmUp)
    await until(() => nothingWaits(sql), LONGEST_MS, 'emptying the outbox')
    const [before, cpuBefore] = [await moved(sql), cpuUs(server)]
    const poured = await pour(measured, perSecond)
    const happened = (await moved(sql)) - before
    // what it costs to draw their cards anew belongs to them
    await until(() => nothingWaits(sql), LONGEST_MS, 'emptying the outbox')
    return { ...poured, happened, all: measured.length, cpu: (cpuUs(server) - cpuBefore) / poured.acknowledged.length }
  }
  await pour(requests(WARM_UP, server.port))
  const { ordinary, shared } = await buttons(sql, server.port)
  const each = await pressed(ordinary, WARM_UP, PER_SECOND)
  const many = await pressed(shared, SHARED.warmUp, SHARED.perSecond)
  bench.print(
    'buttons pressed, open loop, from when each was to leave: 督办 签收, 交办 签收, 提醒 完成',
    ['', 'presses', 'p50 ms', 'p99 ms', 'longest ms', 'refused', 'unanswered', 'matters moved', 'CPU µs each'],
    [row(`at ${PER_SECOND}/s`, each), row(`督办 on ${SHARED.cards} more cards each, at ${SHARED.perSecond}/s`, many)],
  )
  const [p99, longest] = [at(each.took, 0.99), at(each.took, 1)]
  const isKept = p99 <= BAR_P99_MS && longest <= BAR_MS && each.happened === each.all
  const says = `p99 ${ms(p99)} ms, longest ${ms(longest)} ms, ${each.happened} of ${each.all} moved`
  noteAnswered('P4', says, isKept, each)
  await stop()
}

type Pressed = Poured & { happened: number; cpu: number }

const row = (name: string, { took, refused, cut, happened, cpu }: Pressed): string[] => [
  ...[name, String(took.length), ...[0.5, 0.99, 1].map(share => ms(at(took, share)))],
  ...[...[refused, cut, happened].map(String), cpu.toFixed(0)],
]

/** Reminders that have just been said, and the cards of 交办 and of these that people have before them. */
async function fillCards(sql: postgres.Sql): Promise<void> {
  await sql`
    insert into occurrences (reminder, receiver, due_at, state, fired_at, missed, moved_by)
    select id, owner, date_trunc('minute', now()), 'sent', now(), 0, '' from reminders where state = 'active'`
  await sql`
    insert into copies (feature, matter, viewer, lane, message, sent_ms)
    select 'assign', assignment::text, assignee, assignee, 'om_assign_' || assignment, 0 from shares where state = 'assigned'
    union all select 'assign', id::text, giver, giver, 'om_giver_' || id, 0 from assignments
    union all select 'remind', 'o' || id, receiver, receiver, 'om_remind_' || id, 0 from occurrences where state = 'sent' and fired_at > now() - interval '1 hour'`
  await sql`
    with shared as (
      update tasks set state = 'assigned', signed_at = null, signed_by = null, progress = '', reported_at = null
      where id in (select id from tasks where state = 'underway' order by id limit ${SHARED.many}) returning id)
    insert into copies (feature, matter, viewer, lane, message, sent_ms)
    select 'task', shared.id::text, reader.id, reader.id, 'om_shared_' || shared.id || '_' || reader.id, 0
    from shared, lateral (
      select person as id from held_roles where role in ('LD', 'BZ', 'DB') and unit is null and withdrawn_at is null
        and not exists (select from copies where matter = shared.id::text and feature = 'task' and viewer = person)
      group by person order by person limit ${SHARED.cards}) reader`
  await sql.unsafe('vacuum analyze')
}

/** What people have to press, the subjects in turn; apart from them 督办 that are shown to more people than most. */
async function buttons(sql: postgres.Sql, port: number): Promise<{ ordinary: Buffer[]; shared: Buffer[] }> {
  const [accepts, takes, dones] = [
    await sql<Array<Button & { shared: boolean }>>`
      select t.id::int, t.lead as who, 5 as rev, c.message,
        exists (select from copies o where o.feature = 'task' and o.matter = t.id::text and o.message like 'om_shared_%') as shared
      from tasks t join copies c on c.feature = 'task' and c.matter = t.id::text and c.viewer = t.lead where t.state = 'assigned'`,
    await sql<Button[]>`
      select assignment::int as id, assignee as who, 3 as rev, 'om_assign_' || assignment as message from shares where state = 'assigned'`,
    await sql<Button[]>`
      select id::int, receiver as who, 0 as rev, 'om_remind_' || id as message from occurrences
      where state = 'sent' and fired_at > now() - interval '1 hour' limit 1500`,
  ]
  const printed = (action: string, some: Button[]) =>
    some.map(({ id, who, rev, message }) => press(port, { action, id, ...(rev && { rev }) }, {}, { id: who, message }))
  const supervised = (isShared: boolean) =>
    printed(
      'task.accept',
      accepts.filter(({ shared }) => shared === isShared),
    )
  const lists = [supervised(false), printed('assign.accept', takes), printed('remind.done', dones)]
  const longest = Math.max(...lists.map(one => one.length))
  // each subject as evenly as its number allows
  const ordinary = lists
    .flatMap(list => list.map((request, i) => ({ request, place: (i * longest) / list.length })))
    .sort((a, b) => a.place - b.place)
    .map(({ request }) => request)
  return { ordinary, shared: supervised(true) }
}

interface Button {
  id: number
  who: string
  rev: number
  message: string
}

/** 交办 whose time is over and whose cards do not say so yet. */
async function lateOnes(sql: postgres.Sql): Promise<number> {
  const [row] = await sql`select count(*)::int as n from assignments where due_at < now() and shown_late_at is null`
  return row?.n
}

async function moved(sql: postgres.Sql): Promise<number> {
  const [row] = await sql`
    select (select count(*) from tasks where last_move = 'accept') + (select count(*) from shares where state = 'underway')
      + (select count(*) from occurrences where state = 'done') as moved`
  return Number(row?.moved)
}
