import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import demo from '../simulator/office.json' with { type: 'json' }
import type { ClickAnswer } from '../simulator/protocol.ts'
import { CARD_LIMITS } from '../src/feishu/card.ts'
import { CROWDED_SECTION, crowdOf } from './harness/crowd.ts'
import { kinds } from './harness/databases.ts'
import { meetingsIn, showMatter } from './harness/meetings.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { count, emptied, rows, until } from './harness/traces.ts'

const MANY = 2_000
/** Who answers at once in the simulated Feishu; the bench has all of them answer. */
const ANSWERING = 120
const CROWD = crowdOf(ANSWERING)

describe.each(kinds)('两千人的会议 on %s', kind => {
  let office: TestOffice
  let meeting: number
  const who = (name: string): TestPerson => office.person(name)
  beforeAll(async () => {
    office = await TestOffice.open({
      kind,
      speed: 1,
      wire: 'real',
      plan: { ...demo, people: [...demo.people, ...CROWD] } as never,
    })
    await who('刘芳').says('/角色 @赵敏 会务员')
    await who('刘芳').says('/角色 @李静 办公室主任')
    const { db } = office.database
    meeting = await meetingsIn(db).meeting(who('赵敏').id, { unit: CROWDED_SECTION })
    await rows(
      db,
      `insert into invitations (rev, meeting, person, unit, part, via, places, name, title, phone, state, word, companions, plate,
        decision, notice_rev, last_move)
        select 1, ${meeting}, 'ou_c' || lpad(to_hex(i), 31, '0'), '', 'attend', '', 1, '', '', '', 'pending', '', '', '', '', 3, ''
        from generate_series(0, ${MANY - 1}) i`,
    )
  })
  afterAll(() => office.close())

  const invitationOf = async (i: number): Promise<number> => {
    const [row] = await rows<{ id: string | number }>(
      office.database.db,
      `select id from invitations where meeting = ${meeting} and person = '${CROWD[i]?.open_id}'`,
    )
    return Number(row?.id)
  }

  it('回执涌来时,承办人的卡片每秒至多更新一次,最后的人数与数据库一致,卡片不超限', async () => {
    const zhao = who('赵敏')
    await showMatter(office, String(meeting), zhao)
    const card = await zhao.seesCard()
    // whose press is answered late has the pressed card drawn anew at once: that is another than the one that is watched
    await zhao.says('/帮助')
    const { message_id } = await zhao.seesCard()
    const patches = async () =>
      (await office.calls()).filter(call => call.method === 'PATCH' && call.path.includes(card.message_id))
    const ids = await Promise.all(CROWD.map((_, i) => invitationOf(i)))
    const answer = (i: number, action: string, form?: Record<string, string>) =>
      office.send<ClickAnswer>('POST', '/sim/raw-click', {
        as: CROWD[i]?.open_id,
        message_id,
        action: {
          tag: 'button',
          value: { id: ids[i] ?? 0, action },
          ...(form ? { name: 'answer', form_value: form } : {}),
        },
      })
    const answers = await Promise.all(
      CROWD.map((_, i) => (i % 10 ? answer(i, 'meeting.attend') : answer(i, 'meeting.askLeave', { word: `出差${i}` }))),
    )
    // on a slow machine some are told to look later; none is lost for that
    const LATER = '处理时间较长,请稍后查看结果'
    const strange = answers.map(({ toast }) => toast?.content ?? '').filter(words => !/^已(回执|提交)/.test(words))
    expect(strange.filter(words => words !== LATER)).toEqual([])
    await until(async () => (await count(office.database.db, `invitations where state <> 'pending'`)) === ANSWERING)
    await emptied(office)
    const times = (await patches()).map(({ at }) => at).sort((a, b) => a - b)
    const gaps = times.slice(1).map((at, i) => at - (times[i] ?? at))
    expect(gaps.filter(gap => gap < 1_000)).toEqual([])
    const shown = (await zhao.messages()).find(one => one.message_id === card.message_id)
    expect(shown?.words).toContain(
      `应到${MANY}人 · 参加${ANSWERING * 0.9}人 · 请假0人 · 代会0人 · 未回${MANY - ANSWERING}人`,
    )
    expect(shown?.words).toContain(`请假待批${ANSWERING * 0.1}人`)
    expect(Buffer.byteLength(shown?.content ?? '')).toBeLessThan(CARD_LIMITS.bytes)
  })

  it('名单分页,写明还有多少,每页不超限', async () => {
    const zhao = who('赵敏')
    await showMatter(office, String(meeting), zhao)
    await zhao.presses('回执名单')
    const list = await zhao.seesCard()
    expect(list.words).toContain(`第1页,共${MANY / 10}页`)
    expect(Buffer.byteLength(list.content)).toBeLessThan(CARD_LIMITS.bytes)
  })
})
