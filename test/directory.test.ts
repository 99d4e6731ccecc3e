import { afterEach, describe, expect, it, vi } from 'vitest'
import { addMembers, directorySize, isMember, keepPeople, noteOutsiders, peopleById } from '../db/people.ts'
import { DIRECTORY_WANTED, dropSetting, keepSetting } from '../db/settings.ts'
import demo from '../simulator/office.json' with { type: 'json' }
import type { LimitsAnswer, Office as SimOffice } from '../simulator/protocol.ts'
import type { OfficePlan } from '../simulator/settings.ts'
import { learnGroup, listGroups, syncDirectory } from '../src/bot/directory.ts'
import type { Office } from '../src/bot/office.ts'
import { tick } from '../src/bot/tick.ts'
import { FeishuFault } from '../src/feishu/fault.ts'
import { heartbeat } from '../src/node/start.ts'
import { kinds } from './harness/databases.ts'
import { TestOffice } from './harness/office.ts'
import { count, rows, until } from './harness/traces.ts'

let office: TestOffice
afterEach(() => office.close())

const NEWCOMER = { id: 'ou_newcomer', name: '新来的', leader: undefined, title: undefined, active: true }
const nameOf = async (name: string) => (await peopleById(office.database.db, [office.idOf(name)]))[0]
const contactEvent = (type: string, object: Record<string, unknown>) =>
  office.send('POST', '/sim/events', { event_type: type, event: { object } })

describe.each(kinds)('the directory on %s', kind => {
  it('holds people with departments and leaders, departments and groups', async () => {
    office = await TestOffice.open({ kind })
    expect(await directorySize(office.database.db)).toEqual({ people: 25, departments: 6, groups: 2 })
    const wang = await nameOf('王强')
    expect(wang).toMatchObject({ name: '王强', active: true })
    expect(wang?.departments).toHaveLength(1)
    expect((await nameOf('吕洋'))?.active).toBe(false)
  })

  it('takes names from the groups where the contact range is narrow', async () => {
    office = await TestOffice.open({ kind, faults: { contact_scope: [] } })
    expect(await directorySize(office.database.db)).toMatchObject({ departments: 0, groups: 2 })
    expect((await nameOf('郑洁'))?.name).toBe('郑洁')
    expect(await nameOf('沈亮')).toBeUndefined()
    const wang = office.person('王强')
    await wang.says('@回音 /交办 @郑洁 明天下班前把投影仪修好', { to: '督查工作群' })
    expect((await wang.seesCard('督查工作群')).card.text).toContain('交办人 王强')
  })

  it('knows of nobody in a group that it has left, until it is back', async () => {
    office = await TestOffice.open({ kind })
    const { db } = office.database
    const [li, wang] = [office.person('李静'), office.person('王强')]
    const chat = await office.chatNamed('办公室工作群', li.id)
    const known = () => count(db, `members where chat = '${chat}'`)
    const before = await known()
    expect(before).toBeGreaterThan(5)
    await office.seat('办公室工作群', li, false)
    expect([await known(), await isMember(db, chat, wang.id)]).toEqual([0, false])
    // what happened before comes after
    await addMembers(db, chat, [wang.id])
    expect(await known()).toBe(0)
    await office.seat('办公室工作群', li, true)
    expect([await known(), await isMember(db, chat, wang.id)]).toEqual([before, true])
  })

  it('lets whoever is dismissed while it is being read stay dismissed, and whoever comes meanwhile stay', async () => {
    office = await TestOffice.open({ kind })
    const { db } = office.database
    const inside = office.bot.house.office
    const facts = await office.get<SimOffice>('/sim/office')
    const isActive = async (id: string) => (await peopleById(db, [id]))[0]?.active
    let frozen: string | undefined
    /** Between Feishu's answer and its being kept somebody in it is frozen, and somebody new comes. */
    const peopleIn: typeof inside.feishu.peopleIn = async (department, page) => {
      const answer = await inside.feishu.peopleIn(department, page)
      const listed = answer.items.map(one => one.id)
      const [id] = facts.people
        .filter(one => one.department_ids.length === 1 && listed.includes(one.open_id))
        .map(one => one.open_id)
      if (frozen || department === '0' || !id) return answer
      frozen = id
      await office.send('PATCH', `/sim/people/${id}`, { is_frozen: true })
      await until(async () => (await isActive(id)) === false)
      await keepPeople(db, [{ ...NEWCOMER, departments: [facts.departments[0]?.open_department_id ?? ''] }], [])
      return answer
    }
    await syncDirectory({ ...inside, feishu: Object.create(inside.feishu, { peopleIn: { value: peopleIn } }) })
    expect(await isActive(frozen ?? '')).toBe(false)
    expect(await isActive(NEWCOMER.id)).toBe(true)
  })

  it('lets whoever is moved while it is being read to a department that was read already stay', async () => {
    office = await TestOffice.open({ kind })
    const { db } = office.database
    const inside = office.bot.house.office
    const facts = await office.get<SimOffice>('/sim/office')
    const asked: string[] = []
    let moved: SimOffice['people'][number] | undefined
    /** Before the second department is read, the first of those in it is moved to the one before. */
    const peopleIn: typeof inside.feishu.peopleIn = async (department, page) => {
      const [before] = asked.filter(one => one !== '0')
      asked.push(department)
      const mover = facts.people.find(one => one.department_ids.join() === department)
      if (!before || before === department || moved || !mover) return inside.feishu.peopleIn(department, page)
      moved = mover
      await office.send('PATCH', `/sim/people/${mover.open_id}`, { department_ids: [before] })
      await office.settled()
      return inside.feishu.peopleIn(department, page)
    }
    const range = async () => ({ departments: ['0'], people: [], next: '' })
    const values = { peopleIn: { value: peopleIn }, range: { value: range } }
    await syncDirectory({ ...inside, feishu: Object.create(inside.feishu, values) })
    const [kept] = await peopleById(db, [moved?.open_id ?? ''])
    expect(kept).toMatchObject({ active: true, departments: [asked.find(one => one !== '0')] })
  })

  it('does not take for gone the outsiders who come to a group while it is asked about, nor depends on its members', async () => {
    office = await TestOffice.open({ kind })
    const { db } = office.database
    const inside = office.bot.house.office
    const [id = ''] = await listGroups(inside)
    const isExternal = () => count(db, `chats where id = '${id}' and external`)
    const asking = (values: Partial<Office['feishu']>): Office => ({
      ...inside,
      feishu: Object.assign(Object.create(inside.feishu), values),
    })
    const comes = async () => {
      const answer = { external: false }
      await noteOutsiders(db, id)
      return answer
    }
    await learnGroup(asking({ chat: comes }), id)
    expect(await isExternal()).toBe(1)
    await learnGroup(inside, id)
    expect(await isExternal()).toBe(0)
    const listed = async () => {
      const answer = await inside.feishu.chats()
      await noteOutsiders(db, id)
      return answer
    }
    await listGroups(asking({ chats: listed }))
    expect(await isExternal()).toBe(1)
    await listGroups(inside)
    expect(await isExternal()).toBe(0)
    const refused = async () => {
      throw new FeishuFault('forbidden', { code: 99991672 })
    }
    await office.faults({ external_groups: [id] })
    await expect(learnGroup(asking({ membersOf: refused }), id)).rejects.toThrow()
    expect(await isExternal()).toBe(1)
    // nor does the rest of the directory depend on the groups
    const reads = () => office.log.filter(line => line.includes('"what":"directory read"')).length
    const before = reads()
    await syncDirectory(asking({ chats: refused }))
    expect(reads()).toBe(before + 1)
    // but whoever looks when it was read last is told of when it was read whole
    const readAt = async () =>
      (await rows<{ at: string }>(db, `select at::text from settings where name = 'directory.read'`))[0]?.at
    const last = await readAt()
    office.clock.set(new Date(office.clock.now().getTime() + 60_000))
    await syncDirectory(asking({ chats: refused }))
    expect(await readAt()).toBe(last)
    await syncDirectory(inside)
    expect(await readAt()).not.toBe(last)
  })

  it('takes people of another house for nobody of this one', async () => {
    office = await TestOffice.open({ kind })
    const { db } = office.database
    const [chat = ''] = await listGroups(office.bot.house.office)
    const outsiders = () =>
      rows<{ name: string; active: boolean }>(db, `select name, active from people where name like '外单位%'`)
    const sitting = () => count(db, `members join people on id = person where chat = '${chat}' and name like '外单位%'`)
    // as one that was met before it was known which tenant is ours
    await keepPeople(db, [{ ...NEWCOMER, id: `ou_${'e'.repeat(32)}`, name: '外单位人员', departments: [] }], [])
    await office.person('王强').says('/帮助')
    await office.faults({ external_groups: [chat] })
    await learnGroup(office.bot.house.office, chat)
    expect(await outsiders()).toEqual([{ name: '外单位人员', active: false }])
    expect(await sitting()).toBe(0)
    expect(await count(db, `members where chat = '${chat}'`)).toBeGreaterThan(1)
    const user = (name: string, tenant_key: string) => ({
      name,
      tenant_key,
      user_id: { open_id: `ou_${tenant_key.padEnd(32, '0')}` },
    })
    await office.send('POST', '/sim/events', {
      event_type: 'im.chat.member.user.added_v1',
      event: { chat_id: chat, external: true, name: '', users: [user('外单位来人', 'd'.repeat(16))] },
    })
    await office.settled()
    expect(await outsiders()).toHaveLength(1)
    expect(await sitting()).toBe(0)
    expect(await count(db, `chats where id = '${chat}' and external`)).toBe(1)
  })

  it('tells who has left though no event came, as after a restore', async () => {
    office = await TestOffice.open({ kind })
    const { db } = office.database
    const { id } = office.person('郑洁')
    await office.send('PATCH', `/sim/people/${id}`, { is_resigned: true })
    await office.settled()
    await rows(db, `update people set active = true where id = '${id}'`)
    // whom Feishu does not tell of may only be out of the range of the app
    await keepPeople(db, [{ ...NEWCOMER, departments: ['od_elsewhere'] }], [])
    await syncDirectory(office.bot.house.office)
    expect((await nameOf('郑洁'))?.active).toBe(false)
    expect((await peopleById(db, [NEWCOMER.id]))[0]?.active).toBe(true)
  })

  it('is read again where the reading broke, or its process ended, and not by two at once', async () => {
    office = await TestOffice.open({ kind })
    const { db } = office.database
    const inside = office.bot.house.office
    const reads = () => office.log.filter(line => line.includes('"what":"directory read"')).length
    const before = reads()
    await keepSetting(db, DIRECTORY_WANTED, true, office.clock.now())
    const broken = vi.spyOn(inside.feishu, 'range').mockRejectedValueOnce(new Error('gone'))
    await tick(inside)
    expect(broken).toHaveBeenCalledTimes(1)
    expect(reads()).toBe(before)
    await tick(inside)
    expect(reads()).toBe(before + 1)
    await tick(inside)
    expect(reads()).toBe(before + 1)
    // nor is it asked for again and again where Feishu refuses it
    await keepSetting(db, DIRECTORY_WANTED, true, office.clock.now())
    broken.mockRejectedValueOnce(new FeishuFault('forbidden', { code: 99991672 }))
    for (let i = 0; i < 2; i++) await tick(inside)
    expect(reads()).toBe(before + 1)
    // a process that has ended in the middle leaves no more than that
    await keepSetting(db, 'directory.reading', office.clock.wire() - 60_000, office.clock.now())
    await keepSetting(db, DIRECTORY_WANTED, true, office.clock.now())
    await tick(inside)
    expect(reads()).toBe(before + 1)
    await keepSetting(db, 'directory.reading', office.clock.wire() - 11 * 60_000, office.clock.now())
    await tick(inside)
    await tick(inside)
    expect(reads()).toBe(before + 3)
    await tick(inside)
    expect(reads()).toBe(before + 3)
  })

  it('is asked for once a start where Feishu refuses the groups, not each minute', async () => {
    office = await TestOffice.open({ kind })
    const { house } = office.bot
    const { db, feishu } = house.office
    const reads = () => office.log.filter(line => line.includes('"what":"directory read"')).length
    await office.settled()
    await dropSetting(db, 'directory.read')
    vi.spyOn(feishu, 'chats').mockRejectedValue(new FeishuFault('forbidden', { code: 99991672 }))
    const before = reads()
    const beat = heartbeat(house)
    for (let i = 0; i < 3; i++) await beat()
    expect(reads()).toBe(before + 1)
    await heartbeat(house)()
    expect(reads()).toBe(before + 2)
  })

  it('lets whoever is dismissed while they are asked about stay dismissed, until they are back', async () => {
    office = await TestOffice.open({ kind })
    const { feishu } = office.bot.house.office
    const { id } = office.person('郑洁')
    const isActive = async () => (await nameOf('郑洁'))?.active
    const ask = feishu.person
    const asked = vi.spyOn(feishu, 'person').mockImplementationOnce(async person => {
      const answer = await ask(person)
      await office.send('PATCH', `/sim/people/${id}`, { is_frozen: true })
      await until(async () => (await isActive()) === false)
      return answer
    })
    await office.send('PATCH', `/sim/people/${id}`, { job_title: '副科长' })
    await until(async () => (await isActive()) === false)
    await office.settled()
    // once for each event
    expect(asked).toHaveBeenCalledTimes(2)
    expect(await isActive()).toBe(false)
    await office.send('PATCH', `/sim/people/${id}`, { is_frozen: false })
    await office.settled()
    expect(await isActive()).toBe(true)
  })

  it('follows changes of people and departments, and those who leave are refused', async () => {
    office = await TestOffice.open({ kind })
    const zheng = office.person('郑洁')
    await office.send('PATCH', `/sim/people/${zheng.id}`, { job_title: '副科长', name: '郑洁' })
    await contactEvent('contact.user.updated_v3', { open_id: zheng.id })
    await office.settled()
    const before = await office.calls()
    expect(before.filter(call => call.path.endsWith(zheng.id)).length).toBeGreaterThan(0)

    await office.send('PATCH', `/sim/people/${zheng.id}`, { is_resigned: true })
    await contactEvent('contact.user.deleted_v3', { open_id: zheng.id, status: { is_resigned: true } })
    await office.settled()
    expect((await nameOf('郑洁'))?.active).toBe(false)

    await contactEvent('contact.department.updated_v3', { open_department_id: 'od-x' })
    await office.settled()
    await tick(office.bot.house.office)
    const after = await office.calls()
    expect(after.filter(call => call.path === '/open-apis/contact/v3/scopes').length).toBe(2)
  })

  it('is read again once a night', async () => {
    office = await TestOffice.open({ kind, now: '2026-11-24T23:00:00+08:00' })
    const reads = () => office.log.filter(line => line.includes('"what":"directory read"')).length
    for (const at of ['2026-11-25T01:59:00+08:00', '2026-11-25T02:01:00+08:00', '2026-11-25T02:02:00+08:00'])
      await office.moveTo(at)
    expect(reads()).toBe(2)
    await office.moveTo('2026-11-26T02:10:00+08:00')
    expect(reads()).toBe(3)
    await office.moveTo('2026-11-27T09:00:00+08:00')
    expect(reads()).toBe(4)
  })
})

describe('a house of a thousand people', () => {
  it('is read in pages, inside the limits, with progress in the log', async () => {
    office = await TestOffice.open({ plan: aHouseOf(1_000) })
    expect((await directorySize(office.database.db)).people).toBeGreaterThanOrEqual(1_000)
    const { apis } = await office.get<LimitsAnswer>('/sim/limits')
    expect(apis.reduce((sum, api) => sum + api.refused, 0)).toBe(0)
    expect(Math.max(...apis.map(api => api.peak_1s))).toBeLessThanOrEqual(20)
    const progress = office.log
      .map(line => JSON.parse(line) as { what: string; people?: number })
      .filter(line => line.what === 'directory people')
    expect(progress.length).toBeGreaterThan(5)
    expect(progress.at(-1)?.people).toBeGreaterThanOrEqual(1_000)
  })
})

function aHouseOf(count: number): OfficePlan {
  const plan = demo as OfficePlan
  const [first] = plan.departments
  const id = (i: number) => i.toString(16).padStart(32, '7')
  const more = Array.from({ length: count }, (_, i) => ({
    open_id: `ou_${id(i)}`,
    union_id: `on_${id(i)}`,
    user_id: `u${i}`,
    name: `职工${i}`,
    department_ids: [
      plan.departments[i % plan.departments.length]?.open_department_id ?? first?.open_department_id ?? '0',
    ],
  }))
  return { ...plan, people: [...plan.people, ...more] }
}
