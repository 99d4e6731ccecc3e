import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { history } from '../db/events.ts'
import { type Cast, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import type { Seen, TestPerson } from './harness/office.ts'

const labels = (seen: Seen) => seen.card?.buttons.map(button => button.label) ?? []

describe.each(kinds)('督办 on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openCast({ kind })
  })
  afterAll(() => cast.office.close())

  /** A task that 陈晨 leads, given out by 李静 on 王强's proposal; answers its id. */
  async function given(line: string): Promise<number> {
    const { wang, li } = cast
    await wang.says(`/督办 ${line}`)
    const id = Number((await wang.seesCard()).card.buttons[0]?.value.id)
    await wang.presses('送审')
    await li.presses('同意交办')
    return id
  }

  /** The latest card of a task that somebody holds. */
  async function cardOf(person: TestPerson, title: string): Promise<Seen> {
    const all = await person.messages()
    const found = all
      .filter(message => message.card?.title.startsWith('督办 · ') && message.words.includes(title))
      .at(-1)
    if (!found) throw new Error(`${person.name} has no card of ${title}`)
    return found
  }

  it('从一句话到回音:送审、同意交办、签收、反馈、申请办结、初审、审定,领导得到回音', async () => {
    const { wang, li, chen, cao, zhang, feng } = cast
    await wang.says('/督办 @陈晨 @曹颖 报送平安建设半年总结 12月7日下班前 来源:会议议定 加急 交办领导:张明')
    const draft = await wang.seesCard()
    expect(draft.card).toMatchObject({ title: '督办 · 拟办', colour: 'grey' })
    expect(draft.card.text).toContain('报送平安建设半年总结')
    expect(draft.card.text).toContain('来源 会议议定')
    expect(draft.card.text).toContain('完成时限 12月7日(周一)17:30')
    expect(draft.card.text).toContain('紧急程度 加急')
    expect(draft.card.text).toContain('交办领导 张明')
    expect(draft.card.text).toContain('协办 曹颖')
    expect(labels(draft)).toEqual(['送审', '修改', '取消'])

    expect((await wang.presses('送审')).toast?.content).toBe('已送审')
    const asked = await li.seesCard()
    expect(asked.card.title).toBe('督办 · 待审批')
    expect(labels(asked)).toEqual(['同意交办', '退回修改'])
    expect((await li.presses('同意交办')).toast?.content).toBe('已同意交办')

    const received = await chen.seesCard()
    expect(received.card).toMatchObject({ title: '督办 · 已交办', colour: 'blue' })
    expect(received.card.text).toContain('督〔2026〕1号')
    expect(received.card.text).toContain('签收时限 11月24日(周二)15:30')
    expect(labels(received)).toEqual(['签收', '退回交办'])
    expect((await cao.seesCard()).card.text).toContain('协办 曹颖 待签收 · 12月3日(周四)17:30')
    expect(labels(await feng.seesCard())).toContain('转办')

    await chen.presses('签收')
    expect((await zhang.seesCard()).card.title).toBe('督办 · 办理中')
    await chen.presses('反馈进展', { form: { word_own: '已收齐九个区县材料', percent: '60' } })
    expect((await wang.seesCard()).card.text).toContain('最新进展(60%):已收齐九个区县材料')

    await cao.presses('完成', { form: { word_assist: '材料已报牵头科室' } })
    expect((await cardOf(chen, '半年总结')).card?.text).toContain('协办 曹颖 已完成')

    expect((await chen.presses('申请办结', { on: await cardOf(chen, '半年总结') })).toast?.content).toBe(
      '请填写申请办结的办理结果',
    )
    await chen.presses('申请办结', { on: await cardOf(chen, '半年总结'), form: { word_own: '总结已报省委政法委' } })
    expect(await li.presses('同意办结', { on: await cardOf(li, '半年总结') }).catch(error => String(error))).toContain(
      'no button',
    )
    expect((await wang.presses('同意办结')).toast?.content).toBe('已初审同意')
    const final = await li.seesCard()
    expect(final.card.text).toContain('王强 已初审同意')
    expect((await li.presses('同意办结')).toast?.content).toBe('已同意办结')

    const echo = await zhang.seesCard()
    expect(echo.card).toMatchObject({ title: '回音 · 已办结', colour: 'green' })
    expect(echo.card.text).toContain('办理结果 总结已报省委政法委')
    expect(echo.card.text).toContain('按时办结')
    expect(echo.card.text).toContain('办理单位 综治科 陈晨')
    expect(labels(echo)).toEqual(['知道了', '再交办'])
    await zhang.presses('知道了', { on: echo })
    const after = (await zhang.messages()).find(message => message.message_id === echo.message_id)
    expect(after?.card?.text).toContain('已知悉')
    expect(labels(after as Seen)).toEqual(['再交办'])
    expect((await chen.seesCard()).card.title).toBe('督办 · 已办结')
  })

  it('每一步都记入历史,写明从何状态到何状态、时限前后', async () => {
    const { chen } = cast
    const id = await given('@陈晨 整理矛盾纠纷台账 12月11日下班前')
    await chen.presses('签收')
    const events = await history(cast.office.database.db, 'task', String(id))
    expect(events.map(event => event.act)).toEqual(['draft', 'submit', 'approve', 'accept'])
    expect(events.at(-1)?.data).toMatchObject({
      from: 'assigned',
      to: 'underway',
      dueAfter: '2026-12-11T09:30:00.000Z',
    })
  })
})
