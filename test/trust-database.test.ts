import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasPostgres } from './harness/databases.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { handIn, seal, spoken } from './harness/signed.ts'
import { count, rows } from './harness/traces.ts'

describe.runIf(hasPostgres)('trust D33: what a database may object to', () => {
  let office: TestOffice
  let wang: TestPerson
  let chat: string
  beforeAll(async () => {
    office = await TestOffice.open({ kind: 'Postgres' })
    wang = office.person('王强')
    chat = await wang.privateChat()
    await rows(office.database.db, 'create sequence objections')
    await rows(
      office.database.db,
      `create function object() returns trigger language plpgsql as $$ begin
         if nextval('objections') <= tg_argv[1]::int then raise exception 'objection' using errcode = tg_argv[0]; end if;
         return new;
       end $$`,
    )
  })
  beforeEach(() => rows(office.database.db, `select setval('objections', 1, false)`))
  afterEach(() => rows(office.database.db, 'drop trigger objecting on assignments'))
  afterAll(() => office.close())

  /** The first so many attempts to keep an assignment fail. */
  const objects = (code: string, times: number) =>
    rows(
      office.database.db,
      `create trigger objecting before insert on assignments for each row execute function object('${code}', ${times})`,
    )
  const given = (title: string) => count(office.database.db, `assignments where title = '${title}'`)
  const ask = (title: string) => seal(spoken({ who: wang.id, chat, text: `/交办 @郑洁 ${title}` }))

  it.each(['40001', '40P01'])('%s: whoever got in the way has gone; it is done at once', async code => {
    await objects(code, 2)
    const title = `整理档案甲${code === '40001' ? '乙' : '丙'}`
    expect((await handIn(office.botUrl, ask(title))).status).toBe(200)
    await office.settled()
    expect(await given(title)).toBe(1)
  })

  it.each([
    ['40P01', '丁', 5],
    ['53300', '戊', 1],
    ['25006', '己', 1],
  ])(
    '%s again and again: nothing is acknowledged that is not kept, and the redelivery does it',
    async (code, word, times) => {
      await objects(code, times)
      const title = `整理档案${word}`
      const delivery = ask(title)
      const first = await handIn(office.botUrl, delivery)
      expect(first.status).toBe(503)
      expect(await given(title)).toBe(0)
      let last = first
      for (let i = 0; i < 4 && last.status !== 200; i++) last = await handIn(office.botUrl, delivery)
      expect(last.status).toBe(200)
      await office.settled()
      expect(await given(title)).toBe(1)
      await wang.says('/帮助')
      expect((await wang.seesCard()).card.title).toBe('回音 · 帮助')
    },
  )
})
