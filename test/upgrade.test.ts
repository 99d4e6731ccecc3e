import { sql } from 'drizzle-orm'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { countRows } from '../db/backup.ts'
import { type Db, rowsOf } from '../db/client.ts'
import { DatabaseNewer, migrateEmbedded, migrateServer, schemaState } from '../db/migrate.ts'
import { MIGRATIONS } from '../src/node/migrations.ts'
import { kinds } from './harness/databases.ts'
import { databaseAt, type Earlier } from './harness/earlier.ts'
import { untouched } from './harness/fleet.ts'
import { leaveOpen, mishaps, openLife } from './harness/life.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { columnsOf, type Filling, fill, fillingOf, keepFilling, RELEASES, releasedFilling } from './harness/releases.ts'

/** All rows of an office in which something of every subject was done; migrations change tables, hardly what lies in them. */
let filling: Filling
beforeAll(async () => {
  const { office } = await openLife()
  filling = await fillingOf(office.database.db)
  await office.close()
}, 120_000)

/** One digest a table of what stands in these columns, whatever order the rows lie in. */
async function digests(db: Db, columns: Map<string, string[]>): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const [table, names] of columns) {
    const row = sql.raw(`row(${names.map(name => `"${name}"`).join(', ')})::text`)
    const [one] = await rowsOf<{ digest: string | null }>(
      db.execute(sql`select md5(string_agg(${row}, chr(10) order by ${row})) as digest from ${sql.identifier(table)}`),
    )
    found[table] = one?.digest ?? ''
  }
  return found
}

describe.each(kinds)('an upgrade on %s', kind => {
  const tags = MIGRATIONS.list.map(({ tag }) => tag)
  // the embedded database is slow to make, and its migrations are the same: there the longest way will do
  const few = (all: string[]): string[] => (kind === 'Postgres' ? all : all.slice(0, 1))
  let old: Earlier
  afterEach(() => old.close())

  /** A database as it was at a migration, filled and brought up to ours: nothing of it is another. */
  async function upgrade(tag: string, given: Filling): Promise<void> {
    old = await databaseAt(kind, tag)
    const { db } = old
    const columns = await columnsOf(db)
    await fill(db, given, columns)
    const before = { counts: await countRows(db), digests: await digests(db, columns) }
    expect(Object.values(before.counts).filter(Boolean).length).toBeGreaterThan(8)

    expect(await old.migrate()).toEqual(tags.slice(tags.indexOf(tag) + 1))

    expect(await countRows(db)).toMatchObject(before.counts)
    expect(await digests(db, columns)).toEqual(before.digests)
    expect(await schemaState(db, MIGRATIONS)).toMatchObject({ pending: [] })
    expect(await old.migrate()).toEqual([])
  }

  it.each(few(tags))(
    'from %s keeps every row of every table, and the program works',
    async tag => {
      await upgrade(tag, filling)
      await works(old)
    },
    90_000,
  )

  it.each(few(RELEASES))(
    'from what the release of %s wrote itself keeps every row, and what waited for somebody goes on to its end',
    async tag => {
      await upgrade(tag, releasedFilling(tag))
      await carriesOn(old)
    },
    90_000,
  )

  it('is refused by a program that is older than its database', async () => {
    old = await databaseAt(kind, tags.at(-1) ?? '')
    const older = { ...MIGRATIONS, list: MIGRATIONS.list.slice(0, -1) }
    const started = kind === 'Postgres' ? migrateServer(old.url, older) : migrateEmbedded(old.db, older)
    await expect(started).rejects.toThrow(DatabaseNewer)
    expect(await schemaState(old.db, MIGRATIONS)).toMatchObject({ pending: [] })
  })
})

// KEEP_RELEASE=1 writes what an office of this release holds, which releases to come are tested on
it.runIf(process.env.KEEP_RELEASE)(
  '本版本的数据留作以后升级的依据',
  async () => {
    const cast = await openLife()
    await leaveOpen(cast)
    keepFilling(MIGRATIONS.list.at(-1)?.tag ?? '', await fillingOf(cast.office.database.db))
    await cast.office.close()
  },
  120_000,
)

/** The program of now on a database that was upgraded, whose heartbeat finds nothing odd. */
async function onUpgraded(database: Earlier, go: (office: TestOffice) => Promise<void>): Promise<void> {
  const office = await TestOffice.open({
    database: { ...database, close: async () => {} },
    now: '2026-11-25T09:30:00+08:00',
  })
  await go(office)
  await office.moveTo('2026-11-26T08:31:00+08:00')
  await office.settled()
  expect(mishaps(office)).toEqual([])
  await office.close()
}

/** What was there is listed, and something new is done. */
const works = (database: Earlier): Promise<void> =>
  onUpgraded(database, async office => {
    const [wang, zheng] = [office.person('王强'), office.person('郑洁')]
    for (const line of [
      '/待办',
      '/今日',
      '/交办 列表',
      '/督办 台账',
      '/会议 列表',
      '/用车 看板',
      '/提醒 列表',
      '/查 投影仪',
    ])
      await wang.says(line)
    expect((await wang.seesCard()).words).toContain('把投影仪修好')
    await wang.says('/交办 @郑洁 整理升级记录')
    await zheng.presses('签收')
    expect((await wang.seesCard()).words).toContain('办理中')
  })

/** Everything that lay with somebody lies with them still, and each does their part of it. */
const carriesOn = (database: Earlier): Promise<void> =>
  onUpgraded(database, async office => {
    const [wang, zheng, li, feng] = ['王强', '郑洁', '李静', '冯军'].map(name => office.person(name)) as Four
    const [chen, jiang, gang, cao] = ['陈晨', '蒋勇', '陈刚', '曹颖'].map(name => office.person(name)) as Four
    const waits = async (person: TestPerson) => {
      await person.says('/待办')
      return person.seesCard()
    }
    const does = async (person: TestPerson, label: string, of: string) => {
      const seen = await waits(person)
      expect(seen.words).toContain(of)
      const { toast } = await person.presses(label, { on: seen })
      expect(toast?.type, toast?.content).not.toBe('error')
    }

    await does(zheng, '签收', '整理值班表')
    await does(zheng, '完成', '整理值班表')
    await does(li, '同意交办', '核对台账')
    await does(chen, '签收', '核对台账')
    await does(wang, '参加', '防汛调度会')
    await does(feng, '同意', '区法院')
    await does(li, '同意', '区法院')
    await jiang.says('/用车 待派')
    await jiang.presses('派车')
    const proposal = await jiang.seesCard()
    await jiang.presses('派车', { on: proposal, form: untouched(proposal, 'dispatch') })
    await does(gang, '完成', '交材料')
    expect((await waits(gang)).words).not.toContain('交材料')
    await office.moveTo('2026-11-25T10:00:00+08:00')
    expect((await waits(gang)).words).toContain('检查车况')
    // each series of numbers goes on where it stood
    for (const [person, line, ...stands] of [
      [wang, '/交办 列表', '待确认 整理值班表', '已完成 把投影仪修好'],
      [wang, '/督办 台账', '办理中 核对台账 · 督〔2026〕2号', '办理中 报送平安建设半年总结 · 督〔2026〕1号'],
      [cao, '/会议 列表', '安全生产例会 · 会〔2026〕1号', '防汛调度会 · 会〔2026〕2号'],
      [chen, '/用车 我的', '已派车 区法院 · 派〔2026〕1号', '已派车 区法院 · 派〔2026〕2号'],
    ] as Array<[TestPerson, string, ...string[]]>) {
      await person.says(line)
      const { words } = await person.seesCard()
      for (const one of stands) expect(words).toContain(one)
    }
  })

type Four = [TestPerson, TestPerson, TestPerson, TestPerson]
