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

  it('督办、交办:由、牵头、前完成不留在事项中', async () => {
    const { wang, chen } = cast
    await wang.says(`/督办 由@陈晨牵头${COMMA}报送巡查总结${COMMA}11月27日前完成`)
    const draft = await wang.seesCard()
    expect(draft.words).toMatch(/^督办 · 拟办\n报送巡查总结\n牵头 综治科/)
    expect(draft.words).toContain('11月27日')
    await wang.says(`/交办 请@陈晨 印五份材料${COMMA}明天下班前务必完成${STOP}`)
    expect((await chen.seesCard()).words).toContain('交办 · 待签收\n印五份材料\n')
  })

  it.each([
    ['12月7日前统计督办件签收、办结', '统计督办件签收、办结'],
    ['督促施工单位 12月7日前完成', '督促施工单位 完成'],
    ['12月7日前完成总结。', '完成总结'],
    ['12月7日前印材料。送到八楼。', '印材料。送到八楼。'],
  ])('%s,事项中的字不丢', async (said, title) => {
    const { wang } = cast
    await wang.says(`/督办 @陈晨 ${said}`)
    expect((await wang.seesCard()).words).toContain(`督办 · 拟办\n${title}\n`)
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
    await wang.says('/交办 陈晨 明天下班前再印两份')
    await chen.says(`收到${COMMA}谢谢${STOP}`, { replyTo: await chen.seesCard() })
    expect((await chen.seesCard()).words).toContain('交办 · 办理中\n再印两份')
  })
})
