import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../db/client.ts'
import { keepSetting } from '../db/settings.ts'
import { type Asides, type Failed, inPortions } from '../src/bot/portion.ts'
import { tick } from '../src/bot/tick.ts'
import { type Aside, withFailed } from '../src/kit/aside.ts'
import { type Cast, giveOut, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { count, rows } from './harness/traces.ts'

const MINUTE_MS = 60_000

/** From now on the database refuses a change of a table where this holds, as it would refuse data that has gone bad. */
async function breaks(db: Db, table: string, when: string, before = 'insert or update'): Promise<() => Promise<void>> {
  const name = `break_${table}`
  await rows(
    db,
    `create function ${name}() returns trigger language plpgsql as $$ begin
       if ${when} then raise exception 'no such value' using errcode = '22P02'; end if; return new; end $$`,
  )
  await rows(db, `create trigger ${name} before ${before} on ${table} for each row execute function ${name}()`)
  return async () => {
    await rows(db, `drop trigger ${name} on ${table}`)
    await rows(db, `drop function ${name}()`)
  }
}

/** Lets so many minutes pass by both clocks, with a heartbeat each. */
async function passes(office: TestOffice, minutes: number): Promise<void> {
  const { clock, bot } = office
  for (let left = minutes; left > 0; left--) {
    await clock.rest?.(MINUTE_MS)
    clock.set(new Date(clock.now().getTime() + MINUTE_MS))
    await tick(bot.house.office)
  }
  await office.settled()
}

interface Line {
  feature: string
  kind: string
  matter: string
  tries: number
}

const logged = ({ log }: TestOffice): Line[] =>
  log.flatMap(line => (line.includes('"what":"due aside"') ? [JSON.parse(line) as Line] : []))

const failed = ({ log }: TestOffice): number => log.filter(line => line.includes('"what":"tick failed"')).length

const asideOf = async (db: Db): Promise<unknown[]> =>
  (await rows<{ value: unknown[] }>(db, `select value from settings where name = 'aside'`))[0]?.value ?? []

const alertsTo = async (person: TestPerson) =>
  (await person.messages()).filter(({ card, words }) => card?.title.startsWith('运行告警') && words.includes('搁置'))

/** Matters by their places, some of which fail whatever they are taken with. */
class Queue implements Asides {
  readonly done: number[] = []
  readonly size: number
  readonly bad: ReadonlySet<number>
  readonly #aside = new Set<number>()
  attempts = 0

  constructor(size: number, bad: readonly number[]) {
    this.size = size
    this.bad = new Set(bad)
  }

  async beat(most = this.size): Promise<void> {
    const now = new Date('2026-11-24T10:00:00+08:00')
    const left = () =>
      Array.from({ length: this.size }, (_, id) => ({ id })).filter(({ id }) => !this.done.includes(id))
    await inPortions(
      'some',
      this,
      () => now,
      async ({ take }) => {
        this.attempts++
        const taken = await take(
          'one',
          most,
          async n => left().slice(0, n),
          ({ id }) => ({ words: String(id) }),
        )
        if (taken.some(({ id }) => this.bad.has(id))) throw new Error('bad')
        this.done.push(...taken.map(({ id }) => id))
        return taken.length === most
      },
    )
  }

  get aside(): number[] {
    return [...this.#aside].sort((a, b) => a - b)
  }

  now = () =>
    this.aside.map(id => ({
      ...{ feature: 'some', kind: 'one', id: String(id), words: '', tries: 1, since: '' },
      nextAt: '2026-11-25T00:00:00.000Z',
    }))

  async setAside(failed: readonly Failed[]) {
    for (const { id } of failed) this.#aside.add(Number(id))
  }

  async takeBack() {
    throw new Error('nothing is tried again here')
  }
}

describe('对半查找', () => {
  const all = (size: number) => Array.from({ length: size }, (_, id) => id)
  const checked = async (size: number, bad: number[], most = size) => {
    const queue = new Queue(size, bad)
    await queue.beat(most)
    expect(queue.aside).toEqual(bad)
    expect([...queue.done, ...bad].sort((a, b) => a - b)).toEqual(all(size))
    return queue.attempts
  }

  it('出错的隔1、2、4……分钟再办,至多隔60分钟,满30次后隔一天', () => {
    const waits: number[] = []
    let [all, now]: [readonly Aside[], Date] = [[], new Date('2026-11-24T10:00:00+08:00')]
    for (let tries = 1; tries <= 31; tries++) {
      all = withFailed(all, { feature: 'some', kind: 'one', id: '1', words: '' }, now)
      expect(all.map(one => one.tries)).toEqual([tries])
      const next = new Date(all[0]?.nextAt ?? '')
      waits.push((next.getTime() - now.getTime()) / MINUTE_MS)
      now = next
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, ...Array(23).fill(60), 1_440, 1_440])
  })

  it('没有出错的,一次办完', async () => {
    expect(await checked(1_000, [], 1_001)).toBe(1)
  })

  it('八项中出错的是哪几项都查得出,其余的各办一次', async () => {
    for (let mask = 0; mask < 255; mask++)
      await checked(
        8,
        all(8).filter(id => mask & (1 << id)),
      )
  })

  it('上百项中出错的不论在哪里、每次办多少,都查得出', async () => {
    const places = fc.uniqueArray(fc.nat(299), { maxLength: 9 })
    await fc.assert(
      fc.asyncProperty(places, fc.integer({ min: 1, max: 300 }), async (bad, most) => {
        const attempts = await checked(
          300,
          bad.sort((a, b) => a - b),
          most,
        )
        expect(attempts).toBeLessThan(Math.ceil(300 / most) + 1 + 20 * (bad.length + 1))
      }),
      { numRuns: 200 },
    )
  })

  it('连着几十项出错的,也只搁置这些', async () => {
    await checked(100, all(60))
    await checked(
      100,
      all(60).map(id => id + 20),
    )
  })

  it('全都出错的,不搁置,试不了几次', async () => {
    const queue = new Queue(1_000, all(1_000))
    await expect(queue.beat()).rejects.toThrow('bad')
    expect([queue.aside, queue.done]).toEqual([[], []])
    expect(queue.attempts).toBeLessThan(25)
  })
})

describe.each(kinds)('到期事项的搁置 on %s', kind => {
  describe('许多提醒中有一条办不了', () => {
    let office: TestOffice
    let wang: TestPerson
    let admin: TestPerson
    let mend: () => Promise<void>
    const texts = Array.from({ length: 12 }, (_, i) => `事项${String.fromCharCode(0x4e00 + i)}`)
    const reminded = async (text: string) =>
      (await wang.messages()).filter(
        one => one.card?.title === '提醒' && one.card.text.includes(text) && !one.card.text.includes('已设置'),
      ).length

    beforeAll(async () => {
      office = await TestOffice.open({ kind, wire: 'hasty' })
      ;[wang, admin] = [office.person('王强'), office.person('刘芳')]
      await tick(office.bot.house.office)
      for (const text of texts) await wang.says(`/提醒 11月24日10:00 ${text}`)
      const bad = `select id from reminders where text in ('${texts[5]}', '后来的')`
      mend = await breaks(office.database.db, 'occurrences', `new.reminder in (${bad})`)
      office.clock.set(new Date('2026-11-24T09:59:00+08:00'))
      await tick(office.bot.house.office)
    })
    afterAll(() => office.close())

    it('其余的同一分钟内照常发出,这一条单独搁置,日志写明是哪一条,不写内容', async () => {
      await passes(office, 1)
      expect(await Promise.all(texts.map(reminded))).toEqual(texts.map((_, i) => (i === 5 ? 0 : 1)))
      const [line, more] = logged(office)
      expect([line?.feature, line?.kind, line?.tries, more]).toEqual(['remind', 'reminder', 1, undefined])
      expect(JSON.stringify(line)).not.toContain('事项')
      expect(failed(office)).toBe(0)
      expect((await asideOf(office.database.db)).length).toBe(1)
    })

    it('隔1、2、4……分钟再办', async () => {
      const tried: number[] = []
      for (let minute = 1; minute <= 100; minute++) {
        const before = logged(office).length
        await passes(office, 1)
        if (logged(office).length > before) tried.push(minute)
      }
      expect(tried).toEqual([1, 3, 7, 15, 31, 63])
      expect(await Promise.all(texts.map(reminded))).toEqual(texts.map((_, i) => (i === 5 ? 0 : 1)))
      expect(failed(office)).toBe(0)
    })

    it('告知系统管理员一次,写明是哪一条,不写内容;安装检查里也看得到', async () => {
      const [told, more] = await alertsTo(admin)
      expect(more).toBeUndefined()
      expect(told?.card?.title).toBe('运行告警 · 到期事项搁置')
      expect(told?.words).toMatch(/1项事项到期后办理出错,已单独搁置,其他事项照常办理:王强的提醒6。/)
      expect(told?.words).not.toContain('事项一')
      await admin.says('/初始化')
      expect((await admin.seesCard()).card.text).toContain('运行告警 待办 到期事项搁置')
    })

    it('原因消除后补办,只办一次,同类的不再等到各自的时间,告警随之恢复', async () => {
      for (const text of ['后来的', '没问题的']) await wang.says(`/提醒 1分钟后 ${text}`)
      await passes(office, 2)
      expect([await reminded('后来的'), await reminded('没问题的')]).toEqual([0, 1])
      expect((await asideOf(office.database.db)).length).toBe(2)
      await mend()
      await passes(office, 4)
      expect(await Promise.all([...texts, '后来的', '没问题的'].map(reminded))).toEqual(Array(14).fill(1))
      expect(await asideOf(office.database.db)).toEqual([])
      const told = await alertsTo(admin)
      expect(told.map(({ card }) => card?.title)).toEqual(['运行告警 · 已恢复'])
      expect(told[0]?.words).toContain('王强的提醒6')
    })

    it('搁置后已取消的,不再列为搁置', async () => {
      await wang.says('/提醒 1分钟后 取消的')
      await wang.says('/提醒 1分钟后 留下的')
      const [bad] = await rows<{ id: string; number: number }>(
        office.database.db,
        `select id, number from reminders where text = '取消的'`,
      )
      const again = await breaks(office.database.db, 'occurrences', `new.reminder = ${bad?.id}`)
      await passes(office, 2)
      expect([await reminded('取消的'), await reminded('留下的')]).toEqual([0, 1])
      expect((await asideOf(office.database.db)).length).toBe(1)
      await wang.says(`/提醒 取消 ${bad?.number}`)
      await passes(office, 5)
      expect(await asideOf(office.database.db)).toEqual([])
      await again()
    })
  })

  describe('全都办不了的', () => {
    let office: TestOffice
    let wang: TestPerson
    beforeAll(async () => {
      office = await TestOffice.open({ kind, wire: 'hasty' })
      wang = office.person('王强')
      await tick(office.bot.house.office)
      for (let i = 0; i < 25; i++) await wang.says(`/提醒 11月24日10:00 第${i}件`)
      office.clock.set(new Date('2026-11-24T09:59:00+08:00'))
    })
    afterAll(() => office.close())

    const sent = () => count(office.database.db, `occurrences where state = 'sent'`)

    it('按总的故障处理;消除后一条不丢,一条不重', async () => {
      const mend = await breaks(office.database.db, 'occurrences', 'true')
      await passes(office, 3)
      expect(failed(office)).toBe(3)
      expect(await sent()).toBe(0)
      await mend()
      await passes(office, 5)
      expect(await sent()).toBe(25)
      expect(await asideOf(office.database.db)).toEqual([])
      expect(failed(office)).toBe(3)
    })

    it('只有一条到期而办不了的,每分钟再办;另有一条办成了,才知道是它的问题', async () => {
      const { db } = office.database
      const before = failed(office)
      await wang.says('/提醒 1分钟后 先到的')
      await wang.says('/提醒 4分钟后 后到的')
      const mend = await breaks(db, 'occurrences', `new.reminder = (select id from reminders where text = '先到的')`)
      await passes(office, 3)
      expect([failed(office) - before, await sent()]).toEqual([3, 25])
      expect(await asideOf(db)).toEqual([])
      await passes(office, 2)
      expect([failed(office) - before, await sent()]).toEqual([3, 26])
      expect((await asideOf(db)).length).toBe(1)
      await mend()
      await passes(office, 2)
      expect(await sent()).toBe(27)
    })

    it('读不到的也是总的故障,不搁置任何事项', async () => {
      const before = failed(office)
      await wang.says('/提醒 1分钟后 再一件')
      await rows(office.database.db, 'alter table reminders rename to reminders_gone')
      await passes(office, 2)
      expect(failed(office)).toBeGreaterThan(before)
      expect(await asideOf(office.database.db)).toEqual([])
      await rows(office.database.db, 'alter table reminders_gone rename to reminders')
      await passes(office, 1)
      expect(await sent()).toBe(28)
    })

    it('数据库一时太忙的,不搁置任何事项', async () => {
      await wang.says('/提醒 1分钟后 又一件')
      await wang.says('/提醒 1分钟后 另一件')
      await rows(
        office.database.db,
        `create function busy() returns trigger language plpgsql as $$ begin
           raise exception 'busy' using errcode = '40001'; end $$`,
      )
      await rows(
        office.database.db,
        'create trigger busy before insert on occurrences for each row execute function busy()',
      )
      await passes(office, 2)
      expect(await asideOf(office.database.db)).toEqual([])
      await rows(office.database.db, 'drop trigger busy on occurrences')
      await passes(office, 1)
      expect(await sent()).toBe(30)
    })
  })

  describe('督办、早报和播报', () => {
    let cast: Cast
    beforeAll(async () => {
      cast = await openCast({ kind, wire: 'hasty' })
      await tick(cast.office.bot.house.office)
      const titles = ['报送巡查情况', '报送培训情况', '报送排查情况']
      await giveOut(cast, ...titles.map(title => `@陈晨 ${title} 12月8日下班前`))
      for (const title of titles) await cast.chen.presses('签收', { on: await cardWith(cast.chen, title) })
    })
    afterAll(() => cast.office.close())

    async function cardWith(person: TestPerson, words: string) {
      const found = (await person.messages())
        .filter(one => one.card?.buttons.length && one.words.includes(words))
        .at(-1)
      if (!found) throw new Error(`no card with ${words}`)
      return found
    }

    const told = async (words: string): Promise<number> =>
      (await cast.chen.messages()).filter(
        one => /^督办 · (催办|办理提醒)/.test(one.card?.title ?? '') && one.words.includes(words),
      ).length

    it('一件督办出错的,其他督办照常提醒;消除后补提醒一次', async () => {
      const { office } = cast
      const { db } = office.database
      const [bad] = await rows<{ id: string }>(db, `select id from tasks where title = '报送培训情况'`)
      office.clock.set(new Date('2026-12-03T08:59:00+08:00'))
      await tick(office.bot.house.office)
      const mend = await breaks(db, 'tasks', `new.id = ${bad?.id}`, 'update')
      await passes(office, 1)
      expect([await told('巡查'), await told('培训'), await told('排查')]).toEqual([1, 0, 1])
      expect(logged(office).map(({ feature, matter }) => [feature, matter])).toEqual([['task', String(bad?.id)]])
      await mend()
      await passes(office, 2)
      expect([await told('巡查'), await told('培训'), await told('排查')]).toEqual([1, 1, 1])
      expect(await asideOf(db)).toEqual([])
    })

    it('一人的早报出错的,其他人照常收到;消除后当天补发一次', async () => {
      const { office, chen, wang } = cast
      const { db } = office.database
      const mornings = async (person: TestPerson) =>
        (await person.messages()).filter(one => one.card?.title.includes('工作早报 · 12月4日')).length
      for (const person of [wang, chen]) await person.says('/提醒 12月4日17:00 值班')
      office.clock.set(new Date('2026-12-04T08:29:00+08:00'))
      const mend = await breaks(db, 'digests', `new.reader = '${chen.id}'`)
      await passes(office, 2)
      expect([await mornings(wang), await mornings(chen)]).toEqual([1, 0])
      const done = `settings where name = 'digest.done' and value = '"2026-12-04"'`
      expect(await count(db, done)).toBe(1)
      await mend()
      await passes(office, 4)
      expect([await mornings(wang), await mornings(chen)]).toEqual([1, 1])
      expect(await asideOf(db)).toEqual([])
      await passes(office, 3)
      expect([await mornings(wang), await mornings(chen)]).toEqual([1, 1])
    })

    it('一个群的播报出错的,其他群照常;消除后补发', async () => {
      const { office, li } = cast
      const { db } = office.database
      const group = { as: li.id, name: '专班群', members: [li.id, cast.wang.id], bot: true }
      await office.send('POST', '/sim/groups', group)
      await office.settled()
      for (const to of ['督查工作群', '专班群']) await li.says('@回音 /播报 每个工作日 9:30', { to })
      const [bad] = await rows<{ chat: string }>(db, 'select chat from broadcasts order by chat limit 1')
      office.clock.set(new Date('2026-12-04T09:29:00+08:00'))
      const mend = await breaks(db, 'digests', `new.reader = '${bad?.chat}'`)
      await passes(office, 1)
      const composed = () => count(db, `digests where reader in (select chat from broadcasts)`)
      expect(await composed()).toBe(1)
      await mend()
      await passes(office, 2)
      expect(await composed()).toBe(2)
      expect(failed(office)).toBe(0)
    })

    it('一人的移交出错的,其他人的照常移交', async () => {
      const { office, wang, chen, cao } = cast
      const { db } = office.database
      const admin = office.person('刘芳')
      const [by, to] = [admin.id, cao.id]
      const orders = [wang, chen].map(({ id: from }) => ({ from, to, by, subjects: ['task'], counts: {} }))
      await keepSetting(
        db,
        'role.handing',
        orders.map(order => ({ ...order, minute: '', inMinute: 0 })),
        office.clock.now(),
      )
      const mend = await breaks(db, 'events', `new.act = 'handOver' and new.matter = '${wang.id}'`)
      await passes(office, 1)
      const handed = () => count(db, `events where feature = 'role' and act = 'handOver'`)
      expect(await handed()).toBe(1)
      expect(logged(office).at(-1)).toMatchObject({ feature: 'role', kind: 'handing', matter: wang.id })
      await mend()
      await passes(office, 2)
      expect(await handed()).toBe(2)
      expect([await asideOf(db), failed(office)]).toEqual([[], 0])
    })

    it('一人离任的告知出错的,其他人的照常告知;消除后补告知', async () => {
      const { office, wang, chen, cao, li } = cast
      const { db } = office.database
      for (const { id } of [chen, cao]) await wang.says(`/交办 @${id === cao.id ? '曹颖' : '陈晨'} 交材料`)
      for (const { id } of [chen, cao]) await office.send('PATCH', `/sim/people/${id}`, { is_resigned: true })
      // both are known to have left: one alone would fail as the whole does
      await office.settled()
      office.clock.set(new Date('2026-12-07T08:59:00+08:00'))
      const mend = await breaks(db, 'settings', `new.name = 'role.left/${chen.id}'`)
      await passes(office, 3)
      const told = async (name: string): Promise<number> =>
        (await li.messages()).filter(({ words }) => words.includes(`${name}(综治科)已离任`)).length
      expect([await told('陈晨'), await told('曹颖')]).toEqual([0, 1])
      expect(logged(office).at(-1)).toMatchObject({ feature: 'role', kind: 'leaver', matter: chen.id })
      await mend()
      await passes(office, 4)
      expect([await told('陈晨'), await told('曹颖')]).toEqual([1, 1])
      expect([await asideOf(db), failed(office)]).toEqual([[], 0])
    })
  })
})
