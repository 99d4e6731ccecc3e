import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRoom } from '../db/meeting-room.ts'
import { type Cast, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { aRoom } from './harness/rooms.ts'

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

  it('繁体字:子命令、角色、标签、编号、姓名、会议室和回复照样识别,事项中的字照原样', async () => {
    const { office, wang, li, chen } = cast
    const [admin, zhao] = [office.person('刘芳'), office.person('赵敏')]
    const titleOf = async (line: string) => {
      await admin.says(line)
      return (await admin.seesCard()).card.title
    }
    expect(await titleOf('/角色 @趙敏 會務員')).toBe('角色 · 已设置')
    expect(await titleOf('/用車 車輛')).toMatch(/^车辆 · /)
    for (const word of ['臺賬', '台賬', '台帳']) {
      await wang.says(`/督辦 ${word}`)
      expect((await wang.seesCard()).card.title).toMatch(/^督办台账/)
    }
    await wang.says('/督辦 @陳晨 @鄭潔 報送防汛總結 12月7日下班前 來源:會議議定 加急')
    const draft = await wang.seesCard()
    expect(draft.words).toMatch(/^督办 · 拟办\n報送防汛總結\n/)
    expect(draft.words).toContain('来源 会议议定')
    expect(draft.words).toContain('紧急程度 加急')
    expect(draft.words).toContain('协办 郑洁')
    await wang.presses('送审')
    await li.says('同意交辦', { replyTo: await li.seesCard() })
    const given = await chen.seesCard()
    expect(given.card.title).toBe('督办 · 已交办')
    await chen.says('簽收,謝謝', { replyTo: given })
    expect((await chen.seesCard()).card.title).toBe('督办 · 办理中')
    const number = /督〔2026〕\d+号/.exec(given.words)?.[0].replace('号', '號') ?? ''
    for (const line of [`/督辦 ${number}`, `/查 ${number}`]) {
      await chen.says(line)
      expect((await chen.seesCard()).words, line).toContain('報送防汛總結')
    }
    await openRoom(office.database.db, aRoom('三楼会议室'))
    await zhao.says('/會議 11月27日14:30-16:00 三樓會議室 專題會 防汛調度 @陳晨 @鄭潔 主持:李靜')
    const meeting = await zhao.seesCard()
    expect(meeting.card.title).toBe('会议 · 拟定')
    expect(meeting.words).toContain('防汛調度')
    expect(meeting.words).toMatch(/三楼会议室[\s\S]*陈晨、郑洁/)
    await zhao.presses('送审')
    await li.says('同意', { replyTo: await li.seesCard() })
    await chen.says('請假 出差', { replyTo: await chen.seesCard() })
    expect((await chen.seesCard()).words).toContain('请假')
  })

  it('督办:逗号后的来源、加急,括号中的加急照样识别', async () => {
    const { wang } = cast
    for (const tail of [`${COMMA}来源${COLON}会议议定${COMMA}加急`, `${COMMA}来源${COLON}会议议定【加急】`]) {
      await wang.says(`/督办 @陈晨、@郑洁 报送台风情况${COMMA}12月8日下班前${tail}`)
      const { words } = await wang.seesCard()
      expect(words).toMatch(/^督办 · 拟办\n报送台风情况\n/)
      expect(words).toContain('来源 会议议定')
      expect(words).toContain('紧急程度 加急')
    }
    await wang.says(`/督办 @陈晨 汇总特急、加急文件办理情况 12月8日下班前 依据${COLON}《条例》、市委办通知`)
    const { words } = await wang.seesCard()
    expect(words).toMatch(/^督办 · 拟办\n汇总特急、加急文件办理情况\n/)
    expect(words).toContain('《条例》、市委办通知')
    await wang.says(`/督办 @陈晨 整治路灯${COMMA}要求${COLON}12月8日前完成`)
    expect((await wang.seesCard()).words).toContain('12月8日')
  })

  it('时间之后才写的 @姓名 也是所交办的人', async () => {
    const { wang, chen } = cast
    for (const [line, title] of [
      ['明天下班前 @陈晨 修一楼的灯', '修一楼的灯'],
      ['明天下班前修二楼的灯 @陈晨', '修二楼的灯'],
    ]) {
      await wang.says(`/交办 ${line}`)
      expect((await chen.seesCard()).words).toContain(`交办 · 待签收\n${title}\n`)
    }
  })
})
