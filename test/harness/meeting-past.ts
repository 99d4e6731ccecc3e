import type postgres from 'postgres'

export interface MeetingPast {
  meetings: number
  /** How many are asked to each. */
  each: number
  people: number
  now: Date
}

/** What `fillMeetings` puts there. */
export const OF_MEETINGS = {
  unit: 'od_meetings',
  person: (n: number): string => `ou_${String(n).padStart(32, '0')}`,
}

/**
 * Years of meetings, eight a workday in the mean, a few weeks of them still to come, each with those who were asked; and the rooms in
 * which they are.
 */
export async function fillMeetings(sql: postgres.Sql, { meetings, each, people, now }: MeetingPast): Promise<void> {
  await sql`insert into departments (id, name, parent, leader) values (${OF_MEETINGS.unit}, '综治科', '0', null)`
  await sql`
    insert into people (id, name, departments, leader, title, active)
    select 'ou_' || lpad(n::text, 32, '0'), '张' || n, ${sql.array([OF_MEETINGS.unit])}::text[], null, null, true
    from generate_series(0, ${people - 1}::int) n`
  await sql`
    insert into rooms (rev, state, name, seats, equipment, place, approval, keeper, resource, remark)
    select 1, 'available', '会议室' || n, 20 + n * 20, '', '', false, '', '', '' from generate_series(1, 20) n`
  await sql`
    insert into meetings (rev, state_rev, notice_rev, state, number_year, number_seq, maker, unit, chat, title, kind, class,
      scope, starts_at, ends_at, place, branches, convener, presider, contact, phone, guests, level, agenda, materials, dress,
      parking, discipline, remark, planned, urgent, speech, steps, awaits, people, findings, event, created_at, notified_at,
      reminded, last_move, word, moved_by, moved_at)
    select 3, 2, 2, case when at.starts > ${now} then 'notified' else 'ended' end, 2026, n, who.id, ${OF_MEETINGS.unit}, '',
      '例会' || n, 'business', '', 'section', at.starts, at.starts + interval '90 minutes', '会议室' || (n % 20 + 1), '', who.id,
      who.id, who.id, '', '{}', '', '[]', '', '', '', '', '', false, false, 0, '[]', '{}', array[who.id], '[]', '', at.starts,
      at.starts, '{}', 'publish', '', who.id, at.starts
    from generate_series(1, ${meetings}::int) n,
      lateral (select 'ou_' || lpad((n * 7 % ${people}::int)::text, 32, '0') as id) who,
      lateral (select date_trunc('day', ${now}::timestamptz) + interval '30 days' - (n / 8) * interval '1 day'
        + (8 + n % 8) * interval '1 hour' as starts) at`
  await sql`
    insert into invitations (rev, meeting, person, unit, part, via, places, name, title, phone, state, word, companions, plate,
      decision, notice_rev, last_move)
    select 1, m.id, 'ou_' || lpad(((m.id * 13 + g * 101) % ${people}::int)::text, 32, '0'), ${OF_MEETINGS.unit}, 'attend', '', 1,
      '', '', '', 'attending', '', '', '', '', 2, 'attend'
    from meetings m, generate_series(1, ${each}::int) g on conflict do nothing`
  await sql`
    insert into bookings (room, meeting, starts_at, ends_at, state, booked_by, booked_at, word)
    select m.id % 20 + 1, m.id, m.starts_at, m.ends_at, 'held', m.maker, m.starts_at, '' from meetings m
    on conflict do nothing`
  await sql`analyze`
}
