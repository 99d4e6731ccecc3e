import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { features } from '../handlers/index.ts'
import { seal } from '../src/bot/seal.ts'
import { byCommand, byPress } from './authority-table.ts'
import { kinds } from './harness/databases.ts'
import { EVERYBODY, everybodyIn, type Who } from './harness/everybody.ts'
import { type Carried, carriedBy, mattersIn } from './harness/matters.ts'
import { TestOffice } from './harness/office.ts'
import { count, rows } from './harness/traces.ts'
import { Trial } from './harness/trial.ts'

const ACTIONS: string[] = features.flatMap(({ name, actions }) => Object.keys(actions).map(move => `${name}.${move}`))
const COMMANDS = features.flatMap(({ words, commands }) =>
  Object.entries(commands).map(([sub, { usage }]) => ({ name: `/${words[0]}${sub && ` ${sub}`}`, usage })),
)
const PRESSABLE = byPress(peopleIn)
const SAYABLE = byCommand(peopleIn)

function peopleIn(who: string): readonly Who[] {
  return who === 'all' ? EVERYBODY.filter(one => one !== 'frozen') : (who.split(' ').filter(Boolean) as Who[])
}

/** How a refusal speaks that is about who presses; one about what was filled in, or when, comes after it. */
const OF_RIGHT =
  /仅限|未找到|已不在准备清单|您的角色不办理|三员分离|这是他人的|账号已停用|您不在本次会议|由督办员生成|由会议承办人|由会务员或办公室主任|请由其代为办理|不得审批本人|须由他人|您可以直接审批|请重新发送|不能代理他人/

/** Anybody may see what these are about. */
const KNOWN_TO_ALL: Record<string, string> = { 'meeting.roomTake': 'the rooms of the house' }

it('每个按钮、每条命令都写明了谁可以办', () => {
  expect([...PRESSABLE.keys()].sort()).toEqual([...ACTIONS].sort())
  expect([...SAYABLE.keys()].sort()).toEqual(COMMANDS.map(({ name }) => name).sort())
})

/** Of PGlite a sample: the rules are the same, and Postgres, which is quicker, is asked everything where there is one. */
const sampled = <T>(kind: string, all: readonly T[]): readonly T[] =>
  all.filter((_, i) => kind === kinds.at(-1) || i % 12 === 5)

/** A row without the instant and the chance that made it. */
const ofRow = `regexp_replace(t::text, '\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d[.\\d]*(Z|[+-]\\d\\d)|\\d{13}|[0-9a-f]{8}-[0-9a-f-]{27}', '#', 'g')`

/** What a forger would try who may press: none of it is a value of a button but where the button carries one of that name. */
const decoysOf = (ids: Record<Who, string>) => ({
  ...{ amount: 1, approver: ids.SY, approved: true, status: 'closed', next: 'closed', decided: true, admin: true },
  ...{
    role: 'SY',
    roles: ['SY', 'BZ'],
    user_id: ids.SY,
    open_id: ids.SY,
    giver: ids.SY,
    owner: ids.SY,
    actingFor: ids.BZ,
  },
  ...{
    applicant: ids.SY,
    maker: ids.SY,
    who: ids.SY,
    now: '2020-01-01T00:00:00+08:00',
    feature: 'role',
    delivery: 'x',
  },
})

/** The next ids are the same for two that are to be compared. */
const restartIds = (db: TestOffice['database']['db'], next: number) =>
  db.execute(`do $$ declare one regclass; begin
    for one in select oid::regclass from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S' loop
      perform setval(one, ${next}); end loop; end $$`)

describe.each(kinds)('谁可以办什么 on %s', kind => {
  let office: TestOffice
  let ids: Record<Who, string>
  const carried = new Map<string, Carried>()
  const actions = sampled(kind, ACTIONS)
  const commands = sampled(kind, COMMANDS)

  beforeAll(async () => {
    office = await TestOffice.open({ kind, wire: 'hasty' })
    ids = await everybodyIn(office)
    const { db } = office.database
    const matters = await mattersIn(db, ids)
    for (const action of actions) carried.set(action, await carriedBy(db, ids, matters, action))
  })
  afterAll(() => office.close())

  const pressOf = (who: Who, action: string, carry = carried.get(action)) => ({
    ...(carry ?? { value: {}, form: {} }),
    who: ids[who],
    action,
  })

  /** All that is kept, but what every turn leaves behind. */
  async function dump(db = office.database.db): Promise<Record<string, string>> {
    const tables = await rows<{ name: string }>(
      db,
      `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'
       and table_name not in ('inbox', 'outbox', 'events', 'copies', 'calls') and table_name not like 'audit%'`,
    )
    const [kept] = await rows<Record<string, string>>(
      db,
      `select ${tables.map(({ name }) => `(select md5(coalesce(string_agg(${ofRow}, '|' order by ${ofRow}), '')) from "${name}" t) as "${name}"`).join(', ')}`,
    )
    return { ...kept }
  }

  it('无权的按钮:只得到说明,记为拒绝,什么也不改变', async () => {
    const trial = new Trial(office)
    const before = await dump()
    const noted = await count(office.database.db, `events where outcome = 'refused'`)
    const strays: string[] = []
    let presses = 0
    for (const action of actions)
      for (const who of EVERYBODY) {
        if (PRESSABLE.get(action)?.includes(who)) continue
        presses++
        const { outcome, toast, words } = await trial.presses(pressOf(who, action))
        if (outcome !== 'refused' || toast !== 'error' || !OF_RIGHT.test(words))
          strays.push(`${who} ${action}: ${outcome} ${toast} ${words}`)
      }
    expect(strays).toEqual([])
    expect(await count(office.database.db, `events where outcome = 'refused'`)).toBe(noted + presses)
    expect(await dump()).toEqual(before)
  }, 900_000)

  it('有权的按钮:不以无权为由拒绝', async () => {
    const strays: string[] = []
    for (const action of actions)
      for (const who of PRESSABLE.get(action) ?? []) {
        const { outcome, words } = await new Trial(office).apart(trial => trial.presses(pressOf(who, action)))
        if (outcome === 'failed' || (outcome === 'refused' && OF_RIGHT.test(words)))
          strays.push(`${who} ${action}: ${outcome} ${words}`)
      }
    expect(strays).toEqual([])
  }, 900_000)

  it('命令:无权的得到说明,有权的不以无权为由拒绝;停用的账号得不到任何答复', async () => {
    const strays: string[] = []
    for (const { name, usage } of commands)
      for (const who of EVERYBODY) {
        const { outcome, words } = await new Trial(office).apart(trial => trial.says(ids[who], usage))
        const isDenied = outcome === 'refused' && OF_RIGHT.test(words)
        const may = SAYABLE.get(name)?.includes(who) === true
        if (outcome === 'failed' || (who !== 'frozen' && isDenied === may))
          strays.push(`${who} ${usage}: ${outcome} ${words}`)
      }
    expect(strays).toEqual([])
  }, 900_000)

  it('不该知悉的与从未有过的,读来一样,无从逐个试出', async () => {
    const trial = new Trial(office)
    const strays: string[] = []
    let tried = 0
    for (const who of ['nobody', 'elsewhere'] as const)
      for (const action of actions) {
        const carry = carried.get(action)
        const id = carry?.value.id
        if (typeof id !== 'number' || PRESSABLE.get(action)?.includes(who) || action in KNOWN_TO_ALL) continue
        tried++
        const there = await trial.presses(pressOf(who, action))
        const never = await trial.presses(
          pressOf(who, action, { ...carry, value: { ...carry?.value, id: id + 900_000 } } as Carried),
        )
        if (never.words !== there.words) strays.push(`${who} ${action}: ${there.words} / ${never.words}`)
      }
    expect(strays).toEqual([])
    expect(tried).toBeGreaterThan(actions.length / 4)
  }, 900_000)

  it('编造的值:没有一个起作用,也没有一个出错', async () => {
    const trial = new Trial(office)
    const before = await dump()
    const strays: string[] = []
    for (const action of actions.filter(one => !PRESSABLE.get(one)?.includes('nobody'))) {
      const { value, form } = carried.get(action) ?? { value: {}, form: {} }
      for (const id of [0, 1.5, 999_999_999, '1e3', null, { id: 1 }])
        for (const carry of [
          { value: { ...value, id, run: id, share: id, admin: true, who: ids.SY }, form },
          ...(id === 0
            ? [
                { value: {}, form: {} },
                { value: { by: ids.SY, roles: ['SY', 'BZ'] }, form: { ...form, by: ids.BZ } },
              ]
            : []),
        ]) {
          const { outcome, toast, words } = await trial.presses(pressOf('nobody', action, carry as Carried))
          if (outcome !== 'refused' || toast === 'success')
            strays.push(`${action} ${JSON.stringify(id)}: ${outcome} ${words}`)
        }
    }
    expect(strays).toEqual([])
    expect(await dump()).toEqual(before)
    for (const action of actions)
      for (const id of [1.5, -1, 2 ** 53]) {
        const [who] = PRESSABLE.get(action) ?? []
        const { value = {}, form = {} } = carried.get(action) ?? {}
        const carry = { value: { ...value, id, run: id }, form }
        const tried = who && (await new Trial(office).apart(one => one.presses(pressOf(who, action, carry))))
        if (tried?.outcome === 'failed') strays.push(`${who} ${action} ${id}: failed`)
      }
    expect(strays).toEqual([])
  }, 900_000)

  it('有权者按下时附带的值:批准人、状态、金额、身份,一个也不算数', async () => {
    await seal(office.bot.house.office)
    const strays: string[] = []
    let done = 0
    for (const action of actions) {
      const [who] = PRESSABLE.get(action) ?? []
      const carry = carried.get(action)
      if (!who || !carry) continue
      const added = Object.fromEntries(Object.entries(decoysOf(ids)).filter(([key]) => !(key in carry.value)))
      const pressed = async (carry: Carried) => {
        await restartIds(office.database.db, 5_000_000_000)
        return new Trial(office).apart(async trial => ({
          ...(await trial.presses(pressOf(who, action, carry))),
          kept: await dump(trial.db),
        }))
      }
      const plain = await pressed(carry)
      const edited = await pressed({ value: { ...carry.value, ...added }, form: { ...carry.form, by: ids.SY } })
      if (plain.outcome === 'done') done++
      const changed = Object.keys(plain.kept).filter(table => plain.kept[table] !== edited.kept[table])
      if (edited.outcome !== plain.outcome || edited.words !== plain.words || changed.length)
        strays.push(`${who} ${action}: ${plain.words} / ${edited.words} ${changed}`)
    }
    expect(strays).toEqual([])
    expect(done).toBeGreaterThan(actions.length / 3)
  }, 900_000)

  it('转发到别处的卡片、发给他人的卡片、重放的按下:都不起作用', async () => {
    const { db } = office.database
    const strays: string[] = []
    let tried = 0
    for (const action of actions) {
      const [who] = PRESSABLE.get(action) ?? []
      if (!who || action.startsWith('todo.')) continue
      const isLetThrough = await new Trial(office).apart(async trial => {
        const press = { ...pressOf(who, action), message: `om_sent_${tried++}`, chat: 'oc_own' }
        const { outcome } = await trial.presses(press)
        return outcome === 'done'
      })
      if (!isLetThrough) continue
      for (const [viewer, lane, chat] of [
        [ids.GB === ids[who] ? ids.CB : ids.GB, 'x', 'oc_own'],
        ['', 'oc_group', 'oc_elsewhere'],
      ]) {
        const found = await new Trial(office).apart(async trial => {
          const message = `om_copy_${tried}`
          await trial.db.execute(
            `insert into copies (feature, matter, viewer, lane, message) values ('help', 'x', '${viewer}', '${lane}', '${message}')`,
          )
          const key = `elsewhere_${tried}_${viewer}`
          const pressed = await trial.presses({ ...pressOf(who, action), message, chat: chat ?? '', key })
          const isNoted = await count(trial.db, `events where delivery = '${key}' and outcome = 'refused'`)
          return { ...pressed, isNoted: isNoted === 1 }
        })
        if (found.outcome !== 'refused' || found.toast !== 'error' || !found.isNoted)
          strays.push(`${action} ${viewer ? 'of somebody else' : 'elsewhere'}: ${found.outcome} ${found.words}`)
      }
      const again = await new Trial(office).apart(async trial => {
        const press = { ...pressOf(who, action), key: `again_${tried}` }
        await trial.presses(press)
        return trial.presses(press)
      })
      if (again.outcome !== 'repeated') strays.push(`${action} replayed: ${again.outcome}`)
    }
    expect(strays).toEqual([])
    expect(tried).toBeGreaterThan(actions.length / 2)
    expect(await count(db, "copies where lane = 'x'")).toBe(0)
  }, 900_000)
})
