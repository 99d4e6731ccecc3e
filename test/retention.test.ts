import { readdirSync, readFileSync } from 'node:fs'
import { getTableName, is } from 'drizzle-orm'
import { PgTable } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { meetPeople } from '../db/people.ts'
import { KEPT, SWEPT } from '../db/retention.ts'
import { tick } from '../src/bot/tick.ts'
import { dayIn } from '../src/kit/time.ts'
import { fleetIn } from './harness/cars.ts'
import { type Cast, giveOut, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { meetingsIn } from './harness/meetings.ts'
import { TestOffice } from './harness/office.ts'
import { count, rows } from './harness/traces.ts'

const DAY_MS = 86_400_000

/** When the time of a row began: by the office's clock, on its day, and in wire time. */
interface Since {
  at: string
  day: string
  ms: number
}
/** Of a table how many days what is kept, and such a row; its first column bears the mark by which the row is found again. */
type Deletion = [table: string, days: number, row: (mark: string, since: Since) => Record<string, unknown>]

/** One for each entry of the nightly sweep. */
const SWEEPS: Deletion[] = [
  ['calendar_busy', 1, (person, { at }) => ({ person, starts_at: '2025-01-01', ends_at: at })],
  ['calendar_reads', 1, (person, { at }) => ({ person, from_at: '2025-01-01', until_at: '2027-01-01', read_at: at })],
  [
    'car_batches',
    30,
    (maker, { at }) => ({ maker, name: '', kind: 'driver', state: 'kept', rows: [], remark: '', moved_at: at }),
  ],
  [
    'task_batches',
    30,
    (maker, { at }) => ({ maker, chat: '', name: '', state: 'drafted', rows: [], remark: '', moved_at: at }),
  ],
  ['copies', 365, (viewer, { ms }) => ({ viewer, feature: 'task', matter: '0', lane: '', origin: '', sent_ms: ms })],
  ['digests', 30, (reader, { at }) => ({ reader, due_at: at })],
  ['held_lines', 30, (person, { at, day }) => ({ person, line: '', at, told_on: day })],
  ['mutes', 0, (person, { at }) => ({ person, until: at })],
  [
    'occurrences',
    365,
    (receiver, { at }) => ({ receiver, reminder: 1, due_at: at, fired_at: at, state: 'done', missed: 0, moved_by: '' }),
  ],
  ['outbox', 30, (uuid, { ms }) => ({ ...parcel(uuid, ms), state: 'failed' })],
  ['tallies', 30, (person, { day }) => ({ person, day, told: 1 })],
]
/** What goes at every heartbeat. */
const ELSEWHERE: Deletion[] = [
  ['calls', 2 / 1_440, (lane, { ms }) => ({ lane, api: 'create', at_ms: ms, done_ms: ms })],
  ['inbox', 2, (key, { at }) => ({ key, at })],
  ['outbox', 2, (uuid, { ms }) => ({ ...parcel(uuid, ms), state: 'sent' })],
]
const parcel = (uuid: string, ms: number) => ({
  ...{ uuid, lane: 'ou_x', api: 'create', priority: 1, parcel: {}, sender: '', attempts: 1, claimed_until_ms: 0 },
  ...{ queued_ms: ms, due_ms: ms, done_ms: ms },
})

const BY = { heartbeat: 'the heartbeat', owner: 'the owner', 'its subject': 'its subject' }

/** As docs/retention.md tells it. */
function rowOf(name: string): string {
  const { what, how, by } = KEPT[name] ?? { what: '', how: '', by: 'owner' }
  return `| \`${name}\` | ${what} | ${how.replace(/ \(domain\.md [\d.]+\)/, '')} | ${BY[by]} |`
}

describe('保存期限', () => {
  it('每张表都写明保存什么、多久、由谁清除', async () => {
    const files = readdirSync(new URL('../db', import.meta.url)).filter(name => name.endsWith('.ts'))
    const modules = await Promise.all(
      files
        .filter(name => !['migrate.ts', 'drizzle.config.ts'].includes(name))
        .map(async name => (await import(`../db/${name}`)) as Record<string, unknown>),
    )
    const tables = modules.flatMap(module => Object.values(module).flatMap(one => (is(one, PgTable) ? [one] : [])))
    const named = [...new Set(tables.map(table => getTableName(table)))].sort()
    expect(named.length).toBeGreaterThan(50)
    expect(Object.keys(KEPT).sort()).toEqual(named)
    const told = readFileSync(new URL('../docs/retention.md', import.meta.url), 'utf8')
    const untold = named.filter(name => !told.includes(`\n${rowOf(name)}\n`))
    expect(untold.map(rowOf)).toEqual([])
  })

  it('说由程序清除的,确有清除;说由单位清除的,程序不清除', () => {
    const elsewhere = ['calls', 'deputies', 'inbox', 'outbox']
    const promised = Object.keys(KEPT).filter(name => KEPT[name]?.by === 'heartbeat')
    expect([...new Set([...SWEPT, ...elsewhere])].sort()).toEqual(promised.sort())
  })

  it('夜间清除的每一项,下面都有一例', () => {
    expect(SWEEPS.map(([table]) => table).sort()).toEqual([...SWEPT].sort())
  })
})

describe.each(kinds)('期满清除 on %s', kind => {
  /** Until eight in the morning the day of Greenwich is another than the office's. */
  const NIGHT = '2026-11-24T02:30:00+08:00'
  const deletions = [...SWEEPS, ...ELSEWHERE].map(([table, days, row], i) => ({
    ...{ table, days, row, goes: `goes${i}`, stays: `stays${i}` },
    column: Object.keys(row('', { at: '', day: '', ms: 0 }))[0] ?? '',
  }))
  let office: TestOffice

  const keep = (table: string, values: object) => {
    const columns = Object.keys(values).map(column => `"${column}"`)
    return rows(
      office.database.db,
      `insert into ${table} (${columns}) ${table === 'reminders' ? 'overriding system value' : ''}
       select ${columns} from json_populate_record(null::${table}, '${JSON.stringify(values)}')`,
    )
  }
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
    await keep('reminders', {
      ...{ id: 1, number: 1, maker: 'ou_x', owner: 'ou_x', receivers: [], chat: '', text: '', said: '' },
      ...{ said_at: '2025-01-01', calendar_id: '', recurring: false, urgent: false, state: 'ended' },
      ...{ source: '', source_chat: '' },
    })
    const since = (days: number, earlierMs: number, earlierDays: number): Since => {
      const begun = Date.parse(NIGHT) - days * DAY_MS
      return {
        at: new Date(begun - earlierMs).toISOString(),
        day: dayIn(new Date(begun - earlierDays * DAY_MS)),
        ms: office.clock.wire() - days * DAY_MS - earlierMs,
      }
    }
    for (const { table, days, row, goes, stays } of deletions) {
      await keep(table, row(goes, since(days, 1_000, 1)))
      // time goes on meanwhile, though not for so long
      await keep(table, row(stays, since(days, -100_000, 0)))
    }
    await undated(office.database.db)
    await office.moveTo(NIGHT)
    await tick(office.bot.house.office)
  }, 180_000)
  afterAll(() => office.close())

  /** What bears no time by which it is over. */
  const undated = async (db: typeof office.database.db) => {
    for (const viewer of ['lost', 'failed', 'waiting', 'handed over'])
      await keep('copies', { viewer, feature: 'task', matter: '0', lane: '', origin: '' })
    await rows(db, `update copies set sent_ms = ${office.clock.wire()} where viewer = 'handed over'`)
    for (const [uuid, state] of Object.entries({ failed: 'failed', waiting: 'waiting' })) {
      const due = { queued_ms: office.clock.wire(), due_ms: office.clock.wire() + 2 * DAY_MS }
      await keep('outbox', { ...parcel(uuid, office.clock.wire()), ...due, state })
      await rows(db, `update outbox set copy = (select id from copies where viewer = '${uuid}') where uuid = '${uuid}'`)
    }
    for (const [id, present] of Object.entries({ oc_left: false, oc_stays: true })) {
      await keep('chats', { id, kind: 'group', name: '', present, external: false })
      await keep('members', { chat: id, person: 'ou_x' })
    }
    for (const [name, hours] of Object.entries({ 'undelivered.ou_a': 25, 'undelivered.ou_b': 23, 'other.ou_a': 25 }))
      await keep('settings', { name, value: 1, at: new Date(Date.parse(NIGHT) - hours * 3_600_000).toISOString() })
  }

  it.each([
    ['copies', 'viewer', 'lost', ['failed', 'handed over', 'waiting']],
    ['members', 'chat', 'oc_left', ['oc_stays']],
    ['settings', 'name', 'undelivered.ou_a', ['other.ou_a', 'undelivered.ou_b']],
  ])('%s:没有期限的,无所依附即清除', async (table, column, goes, stay) => {
    const named = [goes, ...stay].map(one => `'${one}'`)
    const left = await rows<{ mark: string }>(
      office.database.db,
      `select "${column}" as mark from ${table} where "${column}" in (${named}) order by 1`,
    )
    expect(left.map(({ mark }) => mark)).toEqual(stay)
  })

  it.each(deletions)('$table:期满的清除,差一点的保留', async ({ table, column, goes, stays }) => {
    const left = await rows<{ mark: string }>(
      office.database.db,
      `select "${column}" as mark from ${table} where "${column}" in ('${goes}', '${stays}')`,
    )
    expect(left.map(({ mark }) => mark)).toEqual([stays])
  })
})

describe.each(kinds)('清除 on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openCast({ kind, wire: 'hasty' })
  }, 180_000)
  afterAll(() => cast.office.close())

  it('已送达的两天后不再留存内容;历史一条不少', async () => {
    const { office, chen } = cast
    const { db } = office.database
    await giveOut(cast, '@陈晨 报送总结 12月7日下班前 来源:会议议定')
    await chen.says('/静音 1小时')
    expect(await count(db, "outbox where state = 'sent'")).toBeGreaterThan(0)
    const events = await count(db, 'events')
    await db.execute(`update outbox set done_ms = done_ms - 172900000 where state = 'sent'`)
    await office.moveTo('2026-11-24T09:05:00+08:00')
    expect(await count(db, `outbox where state = 'sent' and done_ms < ${office.clock.wire() - 172_800_000}`)).toBe(0)
    expect(await count(db, 'mutes')).toBe(1)
    await office.moveTo('2026-11-25T08:00:00+08:00')
    expect(await count(db, 'mutes')).toBe(0)
    expect(await count(db, 'events')).toBeGreaterThanOrEqual(events)
  })

  it('离任满一年、名下已无事项的,电话等个人信息清除,姓名和办理记录保留', async () => {
    const { office, chen, cao, li } = cast
    const { db } = office.database
    const task = (await chen.messages()).find(one => one.card?.title.startsWith('督办'))
    await chen.presses('签收', { ...(task ? { on: task } : {}), form: { leadPhone: '13900000009' } })
    expect(await count(db, "tasks where lead_phone = '13900000009'")).toBe(1)
    await chen.says('/提醒 12月20日9:00 去医院复查')
    expect(await count(db, `reminders where owner = '${chen.id}' and text = '去医院复查'`)).toBe(1)
    const held = await meetingsIn(db).meeting(li.id, { state: 'ended' })
    await meetingsIn(db).ask(held, { person: chen.id, state: 'excused', word: '住院' })
    await fleetIn(db).driver('陈晨', { person: chen.id, phone: '13900000009', remark: '住城南' })
    await office.send('PATCH', `/sim/people/${chen.id}`, { is_resigned: true })
    await office.settled()
    await office.moveTo('2026-11-26T09:00:00+08:00')
    const person = async () =>
      (
        await rows<{ name: string; departments: string[]; left: boolean; erased: boolean }>(
          db,
          `select name, to_json(departments) as departments, left_at is not null as left, erased_at is not null as erased from people where id = '${chen.id}'`,
        )
      )[0]
    expect(await person()).toMatchObject({ left: true, erased: false })
    await db.execute(`update people set left_at = left_at - interval '366 days' where id = '${chen.id}'`)
    await office.moveTo('2026-11-27T09:00:00+08:00')
    expect(await person()).toMatchObject({ erased: false })

    // as if it had been told a moment ago, and more were to come
    await db.execute(`insert into settings values ('undelivered.${chen.id}', '0', '2026-11-28')`)
    // who left the roster before it was cleared at once, and has no account
    await fleetIn(db).driver('马师傅', {
      state: 'left',
      phone: '13900000010',
      remark: '住城北',
      trainedOn: '2026-03-12',
    })
    await fleetIn(db).driver('何师傅', { phone: '13900000011' })
    const told = `settings where name = 'undelivered.${chen.id}'`
    const coming = `outbox where lane = 'undelivered:${chen.id}'`
    await db.execute(
      `insert into outbox (uuid, lane, api, priority, parcel, sender, queued_ms, due_ms)
       values ('more', 'undelivered:${chen.id}', 'create', 1, '{}', '', 0, ${office.clock.wire() + 90 * DAY_MS})`,
    )
    await li.says('/角色 移交 @陈晨 @曹颖')
    await li.presses('移交', { form: { to: cao.id } })
    await office.moveTo('2026-11-28T09:00:00+08:00')
    expect(await person()).toEqual({ name: '陈晨', departments: [], left: true, erased: true })
    expect(await count(db, `drivers where person = '${chen.id}' and phone = '' and remark = ''`)).toBe(1)
    expect(
      await rows(db, `select name, phone, remark, trained_on from drivers where person is null order by 1`),
    ).toEqual([
      { name: '何师傅', phone: '13900000011', remark: '', trained_on: null },
      { name: '马师傅', phone: '', remark: '', trained_on: null },
    ])
    expect(await count(db, `tasks where lead_phone <> ''`)).toBe(0)
    expect(await rows(db, `select text, said from reminders where owner = '${chen.id}'`)).toEqual([
      { text: '', said: '' },
    ])
    expect(await rows(db, `select state, word from invitations where person = '${chen.id}'`)).toEqual([
      { state: 'excused', word: '' },
    ])
    expect(await count(db, `settings where name = 'phone.${chen.id}'`)).toBe(0)
    expect([await count(db, told), await count(db, coming)]).toEqual([0, 0])
    expect(await count(db, `members where person = '${chen.id}'`)).toBe(0)
    expect(await count(db, `events where who = '${chen.id}'`)).toBeGreaterThan(0)
    await li.says('/督办 台账')
    expect((await li.sees()).words).toContain('报送总结')
  })

  it('账号停用的,清除后读取通讯录和群成员也不恢复;重新启用的恢复,再次停用的重新起算', async () => {
    const { office } = cast
    const { db } = office.database
    const zheng = office.person('郑洁')
    const state = async () => {
      const [row] = await rows<object>(
        db,
        `select cardinality(departments) as departments, leader is not null as leader, title, active,
         left_at is not null as left, erased_at is not null as erased from people where id = '${zheng.id}'`,
      )
      return { ...row, groups: await count(db, `members where person = '${zheng.id}'`) }
    }
    const frozen = async (is_frozen: boolean) => {
      await office.send('PATCH', `/sim/people/${zheng.id}`, { is_frozen })
      await office.settled()
    }
    const night = (day: string) => office.moveTo(`${day}T09:00:00+08:00`)
    const known = { departments: 2, leader: true, title: '科员', groups: 1 }
    const erased = { departments: 0, leader: false, title: null, groups: 0, active: false, left: true, erased: true }
    await night('2026-11-28')
    expect(await state()).toEqual({ ...known, active: true, left: false, erased: false })
    await frozen(true)
    await night('2026-11-29')
    expect(await state()).toEqual({ ...known, active: false, left: true, erased: false })
    await db.execute(`update people set left_at = left_at - interval '366 days' where id = '${zheng.id}'`)
    for (const day of ['2026-11-30', '2026-12-01']) {
      await night(day)
      expect(await state()).toEqual(erased)
    }
    // once more, as an event about somebody has them read
    await office.send('PATCH', `/sim/people/${zheng.id}`, { job_title: '主任科员' })
    await office.settled()
    expect(await state()).toEqual(erased)

    await frozen(false)
    const back = { ...known, title: '主任科员', left: false, erased: false }
    expect(await state()).toEqual({ ...back, groups: 0, active: true })
    // gone again before the next night
    await frozen(true)
    await night('2026-12-02')
    expect(await state()).toEqual({ ...back, active: false, left: true })
  })

  it('名下仍有事项的再多,也不妨碍清除其他人;仍有事项的人员告知系统管理员', async () => {
    const { office } = cast
    const { db } = office.database
    const held = Array.from({ length: 20 }, (_, i) => `ou_a${i + 10}`)
    await meetPeople(
      db,
      [...held, 'ou_z'].map(id => ({ id, name: `离任${id.slice(3)}` })),
    )
    const those = `people where id in ('ou_z', ${held.map(id => `'${id}'`)})`
    await db.execute(`update people set active = false, left_at = '2025-01-01' where id in (select id from ${those})`)
    for (const [i, id] of held.entries())
      await fleetIn(db).trip(900 + i, ['2027-06-01T08:30', '2027-06-01T12:00'], {
        ...{ state: 'approved', applicant: id, user: id, people: [id] },
      })
    const night = async (day: string) => {
      await office.moveTo(`${day}T09:00:00+08:00`)
      await tick(office.bot.house.office)
      await office.settled()
    }
    const told = async () =>
      (await office.person('刘芳').messages()).filter(one => one.words.includes('离任人员事项未移交')).at(-1)?.words ??
      ''
    await night('2026-12-03')
    expect(await rows(db, `select id from ${those} and erased_at is not null`)).toEqual([{ id: 'ou_z' }])
    expect(await told()).toMatch(/未恢复[\s\S]*有20人名下仍有未办结事项,个人信息未能清除:离任a10、[\s\S]*、离任a14等。/)

    await db.execute('delete from trips where number_seq >= 900')
    await night('2026-12-04')
    expect(await count(db, `${those} and erased_at is null`)).toBe(0)
    expect(await told()).toMatch(/离任人员事项未移交 已恢复/)
  })
})
