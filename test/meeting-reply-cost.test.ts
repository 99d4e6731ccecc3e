import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import demo from '../simulator/office.json' with { type: 'json' }
import { meetingsIn, showMatter } from './harness/meetings.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { watchTurns } from './harness/statements.ts'

const [SECTION] = demo.departments

/** Who asks for leave first: those who follow join them on one card. */
const BEFORE = ['郑洁', '杨帆']

/** Thousands answer at once: what one reply costs the database is held here, for milliseconds depend on the machine. */
describe('一份回执的数据库开销', () => {
  let office: TestOffice
  let meeting: number
  const who = (name: string): TestPerson => office.person(name)
  beforeAll(async () => {
    office = await TestOffice.open({ wire: 'hasty' })
    await who('刘芳').says('/角色 @赵敏 会务员')
    await who('刘芳').says('/角色 @李静 办公室主任')
    const some = meetingsIn(office.database.db)
    meeting = await some.meeting(who('赵敏').id, { unit: SECTION?.open_department_id ?? '' })
    for (const name of ['陈晨', '王强', ...BEFORE]) {
      const id = await some.ask(meeting, { person: who(name).id })
      await showMatter(office, `${meeting}/i${id}`, who(name))
    }
    await showMatter(office, String(meeting), who('赵敏'))
    for (const name of BEFORE) await who(name).presses('请假', { form: { word: '出差' } })
  })
  afterAll(() => office.close())

  /** Statements of the turn that kept a reply. */
  async function costOf(act: () => Promise<unknown>): Promise<string[]> {
    const watched = watchTurns(office.database.db)
    await act()
    watched.stop()
    return watched.turns.find(asked => asked.some(text => /update "?invitations/.test(text))) ?? []
  }

  it.each([
    ['陈晨', '参加', {}, 12],
    ['王强', '请假', { word: '出差' }, 23],
  ] as const)('%s%s', async (name, button, form, most) => {
    const asked = await costOf(() => who(name).presses(button, { form }))
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.length).toBeLessThanOrEqual(most)
  })
})
