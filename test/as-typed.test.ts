import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cast, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'

/** Signs as a Chinese keyboard writes them, so that nobody takes them for those of ASCII: , : ; ! @ ( ) */
const [COMMA, COLON, STOP, AT] = ['\uff0c', '\uff1a', '\uff01', '\uff20']

describe.each(kinds)('中文输入法的标点 on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openCast({ kind })
  })
  afterAll(() => cast.office.close())

  it('督办:逗号、冒号照样识别', async () => {
    const { wang, li, chen } = cast
    await wang.says(`/督办 ${AT}陈晨${COMMA}11月27日下班前报送巡查情况 来源${COLON}会议议定 要求${COLON}附照片`)
    const draft = await wang.seesCard()
    expect(draft.card.title).toBe('督办 · 拟办')
    expect(draft.words).toContain('来源 会议议定')
    expect(draft.words).toContain('报送巡查情况')
    expect(draft.words).not.toContain(`${COMMA}报送`)
    await wang.presses('送审')
    await li.says(`同意${COMMA}请抓紧`, { replyTo: await li.seesCard() })
    expect((await chen.seesCard()).card.title).toBe('督办 · 已交办')
    await chen.says(`收到${STOP}`, { replyTo: await chen.seesCard() })
    expect((await chen.seesCard()).card.title).toBe('督办 · 办理中')
  })

  it('交办:回复照样办理', async () => {
    const { wang, chen } = cast
    await wang.says(`/交办 陈晨${COMMA}明天下班前印三份材料`)
    const given = await chen.seesCard()
    expect(given.words).toContain('交办 · 待签收\n印三份材料')
    await chen.says(`已完成${COMMA}三份均已印好`, { replyTo: given })
    const reported = await wang.seesCard()
    expect(reported.words).toContain('三份均已印好')
    await wang.says(`退回重做${COLON}少一页`, { replyTo: reported })
    expect((await chen.seesCard()).words).toContain('少一页')
  })
})
