import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PORTION } from '../handlers/role/handing.ts'
import { fleetIn } from './harness/cars.ts'
import { type Cast, giveOut, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { meetingsIn } from './harness/meetings.ts'
import { count, rows } from './harness/traces.ts'

/** More than a minute's portions take, and what lies beside them. */
const TASKS = 1_060
const MEETINGS = 60
const TRIPS = 30
const OTHERS = 3_000

describe.each(kinds)('大单位里的移交 on %s', kind => {
  let cast: Cast
  const db = () => cast.office.database.db
  const run = (statement: string) => rows(db(), statement)

  /** The same row so many times more, with what is to differ (`n` counts from 1). */
  async function repeat(table: string, id: number, times: number, differing: Record<string, string>): Promise<void> {
    const columns = await rows<{ name: string }>(
      db(),
      `select column_name as name from information_schema.columns where table_schema = 'public' and table_name = '${table}' and column_name <> 'id'
       and is_generated = 'NEVER'`,
    )
    const names = columns.map(({ name }) => name)
    const values = names.map(name => differing[name] ?? `t."${name}"`)
    await run(
      `insert into "${table}" (${names.map(name => `"${name}"`).join(', ')}) select ${values.join(', ')} from "${table}" t, generate_series(1, ${times}) n where t.id = ${id}`,
    )
  }

  const others = async (): Promise<string | undefined> => {
    const [row] = await rows<{ all: string }>(
      db(),
      `select md5(string_agg(concat_ws(' ', id, lead, lead_unit, state, rev, last_move, moved_by), '|' order by id)) as all from tasks where lead = '${cast.feng.id}'`,
    )
    return row?.all
  }

  beforeAll(async () => {
    cast = await openCast({ kind, wire: 'hasty' })
    const { office, chen, feng } = cast
    await office.person('刘芳').says('/角色 @陈晨 信息员')
    await giveOut(
      cast,
      '@陈晨 报送平安建设总结 12月7日下班前 来源:会议议定',
      '@冯军 报送名册 12月8日下班前 来源:会议议定',
    )
    // reckoned by the days that hold, which then need not be done for each of the many
    await office.moveTo('2026-11-24T09:00:10+08:00')
    await repeat('tasks', 1, TASKS - 1, { number_seq: '10000 + n', title: `'专项工作' || n`, next_at: 'null' })
    await repeat('tasks', 2, OTHERS, { number_seq: '20000 + n', next_at: 'null' })
    const meeting = await meetingsIn(db()).meeting(chen.id, { presider: feng.id })
    await repeat('meetings', meeting, MEETINGS - 1, { number_seq: '100 + n' })
    const trip = await fleetIn(db()).trip(1, ['2026-12-01T08:30', '2026-12-01T12:00'], {
      state: 'approved',
      applicant: chen.id,
      user: chen.id,
      people: [chen.id],
    })
    await repeat('trips', trip, TRIPS - 1, { number_seq: '100 + n' })
  }, 180_000)
  afterAll(() => cast.office.close())

  it('按下即答复:先移交一批,其余分批进行,期间再按说明正在移交', async () => {
    const { office, chen, cao, li } = cast
    await office.send('PATCH', `/sim/people/${chen.id}`, { is_resigned: true })
    await office.settled()
    const before = await others()
    await li.says('/角色 移交 @陈晨 @曹颖')
    const form = await li.seesCard()
    expect(form.words).toContain('督办 500项以上')
    const answer = await li.presses('移交', { on: form, form: { to: cao.id } })
    expect(answer.toast?.content).toBe('事项较多,正在分批移交,完成后告知您')
    expect((await li.seesCard()).words).toContain(`正在将陈晨名下事项移交曹颖:已移交督办${PORTION}项`)
    expect(await count(db(), `tasks where lead = '${cao.id}'`)).toBe(PORTION)
    expect((await li.forges('移交', form, { to: cao.id })).toast?.content).toContain('正在移交')
    expect(await others()).toBe(before)
  }, 120_000)

  it('此后每分钟最多一千项,直到全部移交;每项一次,记在移交人名下,不动他人的', async () => {
    const { office, chen, cao, li, feng } = cast
    const before = await others()
    await office.moveTo('2026-11-24T09:02:00+08:00')
    await office.settled()
    const [busiest] = await rows<{ most: number }>(
      db(),
      `select max(n)::int as most from (select count(*) as n from events where act in ('reassign', 'handOver') and delivery like 'tick%' group by date_trunc('minute', at)) m`,
    )
    expect(busiest?.most).toBe(1_000)
    for (const table of [`tasks where lead`, `meetings where maker`, `trips where applicant`])
      expect(await count(db(), `${table} = '${chen.id}'`), table).toBe(0)
    expect(await count(db(), `tasks where lead = '${cao.id}'`)).toBe(TASKS)
    expect(await count(db(), `meetings where maker = '${cao.id}' and contact = '${cao.id}'`)).toBe(MEETINGS)
    expect(await count(db(), `trips where applicant = '${cao.id}' and rider = '${cao.id}'`)).toBe(TRIPS)
    expect(await count(db(), `tasks where lead = '${feng.id}'`)).toBe(OTHERS + 1)
    expect(await others()).toBe(before)
    const noted = (feature: string, act: string) =>
      rows(
        db(),
        `select count(*)::int as all, count(distinct matter)::int as matters, min(who) as least, max(who) as most, min(roles) as roles
         from events where feature = '${feature}' and act = '${act}' and data ? 'hashes'`,
      )
    const byLi = { least: li.id, most: li.id, roles: 'BZ' }
    expect(await noted('task', 'reassign')).toEqual([{ all: TASKS, matters: TASKS, ...byLi }])
    expect(await noted('meeting', 'handOver')).toEqual([{ all: MEETINGS, matters: MEETINGS, ...byLi }])
    expect(await noted('car', 'handOver')).toEqual([{ all: TRIPS, matters: TRIPS, ...byLi }])
    expect(await count(db(), `held_roles where person = '${chen.id}' and withdrawn_at is null`)).toBe(0)
    const [done] = await rows<{ who: string; counts: Record<string, number> }>(
      db(),
      `select who, data -> 'counts' as counts from events where feature = 'role' and act = 'handOver' and data ? 'counts'`,
    )
    expect(done).toEqual({
      who: li.id,
      counts: { task: TASKS, meeting: MEETINGS, car: TRIPS, assign: 0, remind: 0, role: 1 },
    })
  }, 300_000)

  it('完成后移交人收到结果,接手人收到一次提示;再移交说明已无事项', async () => {
    const { office, cao, li } = cast
    await office.settled()
    const ended = (await li.messages()).filter(one => one.card?.title === '移交 · 已完成')
    expect(ended).toHaveLength(1)
    expect(ended[0]?.words).toContain(`陈晨名下事项已移交曹颖:督办${TASKS}项、会议${MEETINGS}项、用车${TRIPS}项`)
    expect((await cao.messages()).filter(one => one.words.includes('将陈晨名下的'))).toHaveLength(1)
    await li.says('/角色 移交 @陈晨 @曹颖')
    expect((await li.sees()).words).toContain('陈晨名下没有未办结事项')
  }, 120_000)
})
