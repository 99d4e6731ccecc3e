import type postgres from 'postgres'

/** Who organises and presides, and of whom leave is asked (办公室主任). */
export const ORGANISER = `ou_${'e'.repeat(32)}`
const OFFICE = `ou_${'b'.repeat(32)}`
/** The organiser's card of the meeting. */
export const CARD = 'om_organiser'

/** The department that is asked. */
const HOUSE = 'od_house'
/** Those who are asked are others than the crowd of `events.ts`. */
const FIRST = 4_096

/**
 * A meeting of the whole house weeks ahead, so many asked to it, and the card of who organises it: notified, with nobody invited yet,
 * or a draft that asks the department of them all.
 */
export async function fillAssembly(sql: postgres.Sql, people: number, state: 'draft' | 'notified'): Promise<void> {
  const guests = { people: [], departments: state === 'draft' ? [HOUSE] : [], chats: [], units: [], listeners: [] }
  await sql`insert into departments (id, name, parent, leader) values (${HOUSE}, '机关', '0', null)`
  await sql`
    insert into people (id, name, departments, active)
    select ${personAt(sql)}, '同事' || i, array[${HOUSE}], true from generate_series(0, ${people - 1}::int) i`
  await sql`insert into people (id, name, departments, active) values (${ORGANISER}, '赵敏', '{}', true), (${OFFICE}, '李静', '{}', true)`
  await sql`
    insert into held_roles (person, role, from_on, granted_by, granted_at)
    values (${ORGANISER}, 'HW', '2020-01-01', ${ORGANISER}, now()), (${OFFICE}, 'BZ', '2020-01-01', ${ORGANISER}, now())`
  await sql`
    insert into meetings (rev, state_rev, notice_rev, state, maker, unit, chat, title, kind, class, scope, starts_at, ends_at, place,
      branches, convener, presider, contact, phone, guests, level, agenda, materials, dress, parking, discipline, remark, reply_by,
      planned, urgent, speech, steps, awaits, people, findings, event, created_at, notified_at, reminded, last_move, word, moved_by, moved_at)
    values (3, 3, 3, ${state}, ${ORGANISER}, '', '', '全体干部大会', 'business', '', 'house', now() + interval '30 days',
      now() + interval '30 days 2 hours', '机关礼堂', '', ${ORGANISER}, ${ORGANISER}, ${ORGANISER}, '', ${sql.json(guests)}, '', '[]',
      '', '', '', '', '', now() + interval '28 days', true, false, 0, '[]', '{}', array[${ORGANISER}], '[]', '', now(),
      case when ${state} = 'notified' then now() end, case when ${state} = 'notified' then array['notice'] else '{}'::text[] end,
      case when ${state} = 'notified' then 'publish' else '' end, '', ${ORGANISER}, now())`
  await sql`
    insert into copies (feature, matter, viewer, lane, message, origin, sent_ms)
    values ('meeting', '1', ${ORGANISER}, ${ORGANISER}, ${CARD}, '', ${Date.now()})`
}

/** The id of the person `i` of a statement. */
export const personAt = (sql: postgres.Sql) => sql`'ou_' || lpad(to_hex(${FIRST}::int + i), 32, '0')`

export const personOf = (i: number): string => `ou_${(FIRST + i).toString(16).padStart(32, '0')}`
