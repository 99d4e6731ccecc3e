import type postgres from 'postgres'

/** How much has happened in a generated office: what has ended, and what is open today. */
export interface Past {
  /** Tasks that have ended, spread over ten years, each with its events, copies and the like. */
  ended: number
  open: number
  people: number
  now: Date
}

/** Tables that grow with the past. */
export const OF_THE_PAST = [
  'tasks',
  'task_assists',
  'events',
  'copies',
  'assignments',
  'shares',
  'reminders',
  'occurrences',
  'held_lines',
  'inbox',
  'outbox',
]

/** Some people of the generated office by what they do there. */
export const OF_OFFICE = {
  minister: personNo(60),
  leader: personNo(61),
  director: personNo(65),
  officer: personNo(66),
  head: personNo(7),
  clerk: personNo(1_007),
} as const
const UNITS = 60
/** Of the last that have ended some have not been read. */
const UNREAD = 1_500

export const unitNo = (n: number): string => `od_${String(n).padStart(32, '0')}`

function personNo(n: number): string {
  return `ou_${String(n).padStart(32, '0')}`
}

/** Fills a migrated, empty Postgres by set-based statements; the same numbers make the same office. */
export async function fillOffice(sql: postgres.Sql, { ended, open, people, now }: Past): Promise<void> {
  const all = ended + open
  const at = `'${now.toISOString()}'::timestamptz`
  await sql.begin(async tx => {
    await tx.unsafe(`
      create function pg_temp.pick(n bigint, salt int, m int) returns int language sql immutable
        as $$ select (abs(hashint8(n * 97 + salt)::bigint) % m)::int $$;
      create function pg_temp.person(n int) returns text language sql immutable as $$ select 'ou_' || lpad(n::text, 32, '0') $$;
      create function pg_temp.unit(n int) returns text language sql immutable as $$ select 'od_' || lpad(n::text, 32, '0') $$;`)
    for (const statement of [...house(people), ...tasks(ended, all, people, at), ...others(ended, open, people, at)])
      await tx.unsafe(statement)
  })
  await sql.unsafe('vacuum analyze')
}

function house(people: number): string[] {
  const role = (code: string, from: number, to: number) =>
    `insert into held_roles (person, role, from_on, granted_by, granted_at)
     select pg_temp.person(n), '${code}', '2000-01-01', '', '2000-01-01' from generate_series(${from}, ${to}) n`
  return [
    `insert into departments (id, name, parent, leader)
     select pg_temp.unit(n), '第' || n || '科', '0', pg_temp.person(n) from generate_series(0, ${UNITS - 1}) n`,
    `insert into people (id, name, departments, active)
     select pg_temp.person(n), '姓名' || n, array[pg_temp.unit(n % ${UNITS})], true from generate_series(0, ${people - 1}) n`,
    role('LD', 60, 60),
    role('FG', 61, 64),
    role('BZ', 65, 65),
    role('DB', 66, 68),
    role('KZ', 0, UNITS - 1),
  ]
}

const OPEN = [
  ...Array<string>(10).fill('underway'),
  'assigned',
  'assigned',
  'assigned',
  'draft',
  'submitted',
  'returned',
  'extending',
  'finished',
  'finished',
  'suspended',
  'suspending',
  'cancelling',
]

function tasks(ended: number, all: number, people: number, at: string): string[] {
  const others = people - 70
  return [
    `create temp table drawn on commit drop as
     select n, key, n > ${ended} as is_open,
       case when n > ${ended} then (array['${OPEN.join("','")}'])[1 + pg_temp.pick(key, 1, ${OPEN.length})]
         when pg_temp.pick(key, 1, 40) = 0 then 'cancelled' when n < ${ended / 4} then 'archived' else 'closed' end as state,
       case when n > ${ended} then ${at} - make_interval(hours => 5 + pg_temp.pick(key, 2, 1200))
         else ${at} - interval '90 days' - make_interval(mins => ((${ended} - n) * 5256000.0 / ${ended})::int) end as assigned_at,
       make_interval(days => 5 + pg_temp.pick(key, 3, 70)) as takes,
       pg_temp.person(66 + pg_temp.pick(key, 4, 3)) as maker,
       pg_temp.person(61 + pg_temp.pick(key, 5, 5)) as given_by,
       case when pg_temp.pick(key, 6, 10) < 6 then pg_temp.person(60 + pg_temp.pick(key, 7, 5)) end as leader,
       70 + pg_temp.pick(key, 8, ${others}) as lead,
       70 + pg_temp.pick(key, 9, ${others}) as helper,
       case when pg_temp.pick(key, 10, 50) = 0 then array[pg_temp.person(70 + pg_temp.pick(key, 11, ${others}))] else '{}' end as scope
     from generate_series(1, ${all}) n, lateral (select abs(n - ${ended}) as key) of`,
    `insert into tasks (id, rev, state_rev, state, unit, number_word, number_year, number_seq, title, content, source, basis, urgency,
       frequency, maker, leader, given_by, lead, lead_unit, scope, people, units, created_at, assigned_at, original_due_at, due_at,
       due_by_default, sign_due_at, signed_at, signed_by, progress, problem, reported_at, nudges, extensions, returns, redos, nudged_on,
       petition, workdays_left, finished_at, finished_by, result, closed_at, acknowledged_at, was_late, last_move, word, moved_by, moved_at, ladder_from, next_at)
     overriding system value
     select n, 5, 5, state, '', case when given then '督' end, case when given then extract(year from assigned_at) end,
       case when given then row_number() over (partition by given, extract(year from assigned_at) order by n) end,
       '报送' || (array['平安建设','综合治理','矛盾纠纷','队伍教育','法治宣传','重点人群'])[1 + pg_temp.pick(key, 12, 6)] || '第' || n || '项工作情况',
       repeat('请按照会议要求认真落实,', 6), (array['HYYD','HYYD','LDJB','LDJB','SJBS','ZDGZ','QT','JYTA','XFJB','RDYQ'])[1 + pg_temp.pick(key, 13, 10)],
       '会议纪要第' || n || '号', (array['normal','normal','pressing','urgent'])[1 + pg_temp.pick(key, 14, 4)], 'once',
       maker, leader, case when given then given_by end, pg_temp.person(lead), pg_temp.unit(lead % ${UNITS}), scope,
       array_remove(array[maker, case when given then given_by end, leader, pg_temp.person(lead), pg_temp.person(helper)], null) || scope,
       array[pg_temp.unit(lead % ${UNITS}), pg_temp.unit(helper % ${UNITS})], assigned_at - interval '1 hour', case when given then assigned_at end,
       assigned_at + takes, assigned_at + takes, false, assigned_at + interval '1 day', case when signed then assigned_at + interval '3 hours' end,
       case when signed then pg_temp.person(lead) end, case when signed then '正在办理' else '' end, '', case when signed then assigned_at + interval '2 days' end,
       1, 0, 0, 0, '', case when state in ('submitted', 'extending', 'suspending', 'cancelling')
         then jsonb_build_object('by', pg_temp.person(lead), 'reason', '情况复杂', 'until', assigned_at + takes + interval '5 days') end,
       0, case when done then assigned_at + takes - interval '1 day' end, case when done then pg_temp.person(lead) end,
       case when done then '已按要求报送' else '' end, case when state in ('closed', 'archived') then assigned_at + takes end,
       case when state in ('closed', 'archived') and (n < ${ended - UNREAD} or pg_temp.pick(key, 15, 3) > 0) then assigned_at + takes + interval '1 day' end,
       false, case state when 'closed' then 'confirm' when 'archived' then 'archive' else 'assign' end, '', given_by, case when is_open then assigned_at else assigned_at + takes end,
       case when is_open then assigned_at end, case when is_open and given then ${at} + make_interval(mins => 60 + pg_temp.pick(key, 16, 9000)) end
     from drawn, lateral (select state not in ('draft', 'submitted') as given, state in ('finished', 'closed', 'archived') as done,
       state not in ('draft', 'submitted', 'assigned', 'returned') as signed) of`,
    `insert into task_assists (task, person, unit, place, state, due_at, word, moved_at)
     select n, pg_temp.person(helper), pg_temp.unit(helper % ${UNITS}), 1, case when is_open then 'underway' else 'finished' end, assigned_at + takes, '', assigned_at
     from drawn`,
    `insert into events (at, who, feature, matter, act, outcome, chat, delivery, data)
     select assigned_at + make_interval(hours => k), maker, 'task', n::text, (array['create','assign','accept','update','finish'])[k], 'ok', 'oc_1', 'om_' || n,
       jsonb_build_object('from', 'underway', 'to', 'underway', 'reason', '')
     from drawn, generate_series(1, 5) k`,
    `insert into copies (feature, matter, viewer, lane, message, sent_ms)
     select 'task', n::text, person, person, 'om_' || n || '_' || person, extract(epoch from assigned_at) * 1000
     from drawn, lateral (select unnest(array[maker, pg_temp.person(lead), pg_temp.person(helper)]) as person) p on conflict do nothing`,
    `insert into task_numbers (unit, word, year, last)
     select unit, number_word, number_year, max(number_seq) from tasks where number_seq is not null group by 1, 2, 3`,
  ]
}

/** 交办, reminders, what was sent and held: each as many as there are tasks, with as much open as of those. */
function others(ended: number, open: number, people: number, at: string): string[] {
  return [
    `insert into assignments (id, giver, title, chat, due_at, created_at, rev, shown_late_at) overriding system value
     select n, pg_temp.person(pg_temp.pick(key, 20, ${people})), '修好第' || n || '台投影仪', 'oc_' || key % 300, assigned_at + takes, assigned_at, 3,
       case when not is_open then assigned_at + takes end from drawn`,
    `insert into shares (assignment, assignee, place, state, rev, word, result, moved_by, moved_at)
     select n, pg_temp.person(pg_temp.pick(key, 21, ${people})), 0, case when not is_open then 'confirmed' else (array['assigned','underway','finished'])[1 + key % 3] end,
       3, '', '', '', assigned_at from drawn`,
    `insert into reminders (id, number, maker, owner, receivers, chat, text, said, said_at, calendar_id, recurring, urgent, next_at, state, source, source_chat)
     overriding system value
     select n, n, person, person, array[person, pg_temp.person(pg_temp.pick(key, 23, ${people}))], '', '交第' || n || '份材料', '明天9点', assigned_at, 'shipped', false, false,
       case when is_open then ${at} + make_interval(mins => 60 + pg_temp.pick(key, 24, 9000)) end, case when is_open then 'active' else 'ended' end, '', ''
     from drawn, lateral (select pg_temp.person(pg_temp.pick(key, 22, ${people})) as person) p`,
    `insert into occurrences (reminder, receiver, due_at, state, fired_at, missed, moved_by)
     select n, pg_temp.person((pg_temp.pick(key, 22, ${people}) + k) % ${people}), assigned_at + make_interval(days => k), case when k = 1 then 'done' else 'sent' end,
       assigned_at + make_interval(days => k), 0, '' from drawn, generate_series(1, 3) k where not is_open or k = 1`,
    `insert into held_lines (person, line, at, told_on)
     select pg_temp.person(pg_temp.pick(key, 25, ${people})), '一条通知', assigned_at, case when not is_open then (assigned_at + interval '1 day')::date end from drawn`,
    `insert into outbox (uuid, lane, api, priority, parcel, sender, state, queued_ms, due_ms, done_ms)
     select 'u' || n, maker, 'create', 1, '{}', '', case when n % 50 = 0 then 'failed' else 'sent' end, ms, ms, ms
     from drawn, lateral (select (extract(epoch from ${at}) * 1000)::bigint - n::bigint * 30011 % 600000000 as ms) t where not is_open`,
    `insert into inbox (key, at) select 'om_' || n, ${at} - make_interval(secs => n % 170000) from drawn`,
    `insert into settings (name, value, at) values ('directory.read', '{}', ${at}) on conflict do nothing`,
    ...['tasks', 'assignments', 'reminders'].map(
      table => `select setval(pg_get_serial_sequence('${table}', 'id'), ${ended + open})`,
    ),
  ]
}
