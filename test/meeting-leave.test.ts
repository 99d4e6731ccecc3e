import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kinds } from './harness/databases.ts'
import { clicks, meetingsIn, showMatter } from './harness/meetings.ts'
import { MORNING, TestOffice, type TestPerson } from './harness/office.ts'
import { rows } from './harness/traces.ts'

const ROLES = ['/角色 @周正 主要领导', '/角色 @张明 分管领导', '/角色 @李静 办公室主任', '/角色 @赵敏 会务员']
const OFFICE = 'od-3966f0940e95f74626eab9e9d7074b0f'
const ASKING = ['陈晨', '王强', '郑洁', '杨帆']
const MINUTE_MS = 60_000

describe.each(kinds)('多人请假 on %s', kind => {
  let office: TestOffice
  const who = (name: string): TestPerson => office.person(name)
  const unitOf = (name: string) => office.sim.state.people.get(who(name).id)?.department_ids[0] ?? ''
  beforeAll(async () => {
    office = await TestOffice.open({ kind, wire: 'hasty' })
    for (const line of ROLES) await who('刘芳').says(line)
  })
  afterAll(() => office.close())

  /** A meeting over which 张明 presides; answers the invitations of those who are to ask for leave. */
  async function meetingOf(...names: string[]): Promise<{ meeting: number; ids: Map<string, number> }> {
    const put = meetingsIn(office.database.db)
    const meeting = await put.meeting(who('赵敏').id, {
      ...{ numberSeq: null, numberYear: null, unit: OFFICE, convener: who('周正').id, presider: who('张明').id },
    })
    const ids = new Map<string, number>()
    for (const name of names) {
      const id = await put.ask(meeting, { person: who(name).id, unit: unitOf(name) })
      ids.set(name, id)
      await showMatter(office, `${meeting}/i${id}`, who(name))
    }
    return { meeting, ids }
  }
  const asksLeave = (name: string) => who(name).presses('请假', { form: { word: `${name}下乡调研` } })
  const messagesOf = async (name: string) => (await who(name).messages()).length
  const statesOf = async (meeting: number) =>
    (
      await rows<{ state: string }>(
        office.database.db,
        `select state from invitations where meeting = ${meeting} order by id`,
      )
    ).map(({ state }) => state)

  it('第一份单独成卡,其后的并为一张,逐人可同意或查看后不同意,也可一次同意', async () => {
    const { meeting } = await meetingOf(...ASKING)
    const [before, beforeLi] = [await messagesOf('张明'), await messagesOf('李静')]
    for (const name of ASKING) await asksLeave(name)
    expect((await messagesOf('张明')) - before).toBe(2)
    expect((await messagesOf('李静')) - beforeLi).toBe(2)
    const zhang = who('张明')
    const card = await zhang.seesCard()
    expect(card.words).toContain('4人请假待批准')
    for (const one of ['陈晨(综治科)', '王强(督查科)', '郑洁(督查科)']) expect(card.words).toContain(one)
    for (const name of ASKING) expect(card.words).toContain(`${name}下乡调研`)
    await zhang.presses('同意请假')
    expect(await statesOf(meeting)).toEqual(['excused', 'asking', 'asking', 'asking'])
    expect((await who('陈晨').sees()).words).toContain('张明 已同意请假')
    const li = who('李静')
    expect((await li.seesCard()).words).toContain('3人请假待批准')
    await li.presses('查看或不同意')
    await li.presses('不同意请假', { form: { opinion: '议题由其汇报' } })
    expect(await statesOf(meeting)).toEqual(['excused', 'denied', 'asking', 'asking'])
    const left = await zhang.seesCard()
    expect(left.words).toContain('2人请假待批准')
    expect((await zhang.presses('同意以上2人请假')).toast?.content).toBe('已同意2人请假')
    expect(await statesOf(meeting)).toEqual(['excused', 'denied', 'excused', 'excused'])
    expect((await zhang.seesCard()).words).toContain('没有待您批准的请假')
    // nothing waited: whoever asks now is a message of their own
    const settled = await messagesOf('张明')
    await asksLeave('王强')
    expect((await messagesOf('张明')) - settled).toBe(1)
    expect((await zhang.seesCard()).words).toContain('王强下乡调研')
  })

  it('过了一段时间仍有人请假的,再发一张', async () => {
    await meetingOf('陈晨', '王强', '郑洁')
    await asksLeave('陈晨')
    await asksLeave('王强')
    const before = await messagesOf('张明')
    office.clock.set(new Date(new Date(MORNING).getTime() + 15 * MINUTE_MS))
    await asksLeave('郑洁')
    expect((await messagesOf('张明')) - before).toBe(1)
    expect((await who('张明').seesCard()).words).toContain('3人请假待批准')
  })

  it('同时请假的不各发一张;无审批权的人不能一次同意', async () => {
    const { ids } = await meetingOf(...ASKING)
    const before = await messagesOf('张明')
    await Promise.all(ASKING.map(asksLeave))
    await office.settled()
    const sent = (await messagesOf('张明')) - before
    expect(sent).toBeLessThanOrEqual(2)
    expect((await who('张明').seesCard()).words).toContain('4人请假待批准')
    const leaves = ASKING.map(name => `${ids.get(name)}:2`).join(' ')
    expect(await clicks(office, who('陈晨'), 'grantLeaves', { leaves })).toContain('此按钮仅限召集人或主持人使用')
    expect(await clicks(office, who('张明'), 'grantLeaves', { leaves: '1:1; drop' })).toContain('卡片已过期')
  })
})
