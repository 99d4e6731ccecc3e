import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { invitations } from '../db/meeting.ts'
import { type Cast, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { filesOf } from './harness/files.ts'
import { hold } from './harness/held.ts'
import type { Seen, TestPerson } from './harness/office.ts'
import { rows } from './harness/traces.ts'
import { unescaped, unzip } from './harness/zip.ts'

describe.each(kinds)('会议纪要 on %s', kind => {
  let cast: Cast
  let unit = ''
  beforeAll(async () => {
    cast = await openCast({ kind })
    const { office, feng, zhang, cao } = cast
    const [found] = await rows<{ id: string }>(office.database.db, `select id from departments where name = '综治科'`)
    unit = found?.id ?? ''
    const meeting = await hold(office, feng.id, { unit, presider: zhang.id, convener: zhang.id })
    const guest = (person: string, state: 'present' | 'excused') => ({
      ...{ rev: 1, meeting: meeting.id, person, unit: '', part: 'attend' as const, via: '', places: 1, state },
      ...{ name: '', title: '', phone: '', word: '', companions: '', plate: '', decision: '', noticeRev: 3 },
      ...{ lastMove: '' as const, checkedInAt: state === 'present' ? new Date('2026-11-23T14:20:00+08:00') : null },
    })
    await office.database.db.insert(invitations).values([guest(cao.id, 'present'), guest(cast.wang.id, 'excused')])
    await feng.says('/会议 议定 会〔2026〕31号\n1. 由督查科牵头,12月10日前报送方案;\n2. 由综治科负责,12月11日前<印发>')
  })
  afterAll(() => cast.office.close())

  const labels = (seen: Seen) => seen.card?.buttons.map(button => button.label) ?? []
  const again = async (person: TestPerson, card: Seen): Promise<Seen> => {
    const found = (await person.messages()).find(one => one.message_id === card.message_id)
    if (!found) throw new Error('the card is gone')
    return found
  }

  it('从通知、人数和议定事项起草,修改,送审,退回,签发,发公文给参会和承办人员', async () => {
    const { feng, zhang, cao, chen, wang, office } = cast
    await chen.says('/会议 纪要 会〔2026〕31号')
    expect((await chen.sees()).words).toContain('未找到您能查看的会〔2026〕31号')
    await feng.says('/会议 纪要 会〔2026〕31号')
    const draft = await feng.seesCard()
    expect(draft.card.title).toBe('会议纪要 · 拟稿')
    expect(draft.words).toContain(
      '2026年11月23日(星期一)14:30,在三楼会议室召开安全生产例会。张明主持会议。应到2人,实到1人,请假1人。',
    )
    expect(draft.words).toContain('1. 由督查科牵头,12月10日前报送方案')
    expect(draft.words).toContain('2. 由综治科负责,12月11日前<印发>')
    expect(labels(draft)).toEqual(['送审', '修改'])

    await feng.presses('修改', { on: draft })
    const form = await again(feng, draft)
    const value = (name: string) => form.card?.inputs.find(input => input.name === name)?.value
    expect(value('issuer')).toBe('综治科')
    const filled = {
      title: value('title'),
      issuer: '市委政法委办公室',
      overview: value('overview'),
      remark: '会议要求,<重视>落实。',
    }
    expect((await feng.presses('保存', { on: form, form: { ...filled, overview: '' } })).toast?.content).toBe(
      '请填写会议概况',
    )
    expect((await feng.presses('保存', { on: form, form: filled })).toast?.content).toBe('已修改')
    await feng.presses('送审', { on: await again(feng, form) })

    const asked = await zhang.seesCard()
    expect(asked.card.title).toBe('会议纪要 · 待签发')
    expect(labels(asked)).toEqual(['签发', '退回修改'])
    expect(asked.content).toContain('发送给参会和承办人员')
    await feng.says('/会议 议定 会〔2026〕31号\n3. 由综治科负责,12月12日前总结')
    expect((await again(zhang, asked)).words).toContain('3. 由综治科负责,12月12日前总结')
    expect((await feng.forges('签发', asked)).toast?.content).toContain(
      '此按钮仅限主持人或办公室主任、分管领导、主要领导',
    )
    expect((await chen.forges('签发', asked)).toast?.content).toBe('未找到该会议')
    await zhang.says('/待办')
    expect((await zhang.seesCard()).card.text).toContain('会议纪要 安全生产例会纪要 · 会〔2026〕31号 · 待签发')
    // what was settled has been added to since the card was drawn that this press carries
    expect((await zhang.forges('签发', asked)).toast?.content).toBe('卡片已过期,请以最新卡片为准')
    expect(await rows(office.database.db, `select who from events where act = 'minutes.outdated'`)).toEqual([
      { who: feng.id },
    ])
    const current = await again(zhang, asked)
    expect((await zhang.presses('退回修改', { on: current })).toast?.content).toBe('请填写退回修改的理由')
    await zhang.presses('退回修改', { on: current, form: { word: '请核对人数' } })
    expect((await feng.seesCard()).words).toContain('张明 已退回修改 · 11月24日(周二)09:00 · 理由:请核对人数')
    await feng.presses('送审')
    expect((await zhang.presses('签发')).toast?.content).toBe('已签发')
    const signed = await zhang.seesCard()
    expect(signed.card).toMatchObject({ title: '会议纪要 · 已签发', colour: 'green' })
    expect((await zhang.forges('签发', asked)).toast?.content).toContain('张明 已签发')

    const name = '会〔2026〕31号 安全生产例会纪要.docx'
    for (const person of [feng, zhang, cao]) expect((await filesOf(office, person)).at(-1)?.name).toBe(name)
    expect(await filesOf(office, wang)).toHaveLength(0)
    expect(await filesOf(office, chen)).toHaveLength(0)
    const xml = unzip((await filesOf(office, cao)).at(-1)?.bytes ?? Buffer.alloc(0)).get('word/document.xml') ?? ''
    const lines = [...xml.matchAll(/<w:p>(.*?)<\/w:p>/gs)].map(([, inner = '']) =>
      unescaped([...inner.matchAll(/<w:t[^>]*>(.*?)<\/w:t>/gs)].map(([, said = '']) => said).join('')),
    )
    expect(lines.filter(line => line).slice(0, 4)).toEqual([
      '市委政法委办公室会议纪要',
      '会〔2026〕31号',
      '安全生产例会纪要',
      '一、会议概况',
    ])
    expect(lines).toContain('1. 由督查科牵头，12月10日前报送方案')
    expect(lines).toContain('会议要求，<重视>落实。')
    expect(lines).not.toContain('附件')
    expect(lines.at(-1)).toBe('2026年11月24日')
  })

  it('签发后议定事项再变,纪要不变;公文可再下载;会前不能起草', async () => {
    const { feng, office } = cast
    await feng.says('/会议 议定 会〔2026〕31号\n由综治科负责,12月20日前另办')
    await feng.says('/会议 纪要 会〔2026〕31号')
    const card = await feng.seesCard()
    expect(card.words).not.toContain('另办')
    expect(labels(card)).toEqual(['下载公文'])
    const before = (await filesOf(office, feng)).length
    expect((await feng.presses('下载公文', { on: card })).toast?.content).toBe('公文随后发送到私聊')
    expect(await filesOf(office, feng)).toHaveLength(before + 1)
    await hold(office, feng.id, { unit, number: { year: 2026, seq: 34 }, state: 'notified', endedAt: undefined })
    await feng.says('/会议 纪要 会〔2026〕34号')
    expect((await feng.sees()).words).toContain('会议已通知,召开后才能起草纪要')
  })

  it('回复议定事项卡片“收到”不成为议定事项;主持人已离任的,送审给办公室主任', async () => {
    const { feng, office } = cast
    const li = office.person('李静')
    const luo = office.person('朱琳')
    await office.person('刘芳').says('/角色 @李静 办公室主任')
    await hold(office, feng.id, { unit, number: { year: 2026, seq: 35 }, presider: luo.id })
    await feng.says('/会议 议定 会〔2026〕35号\n由综治科负责,12月20日前另办')
    const decisions = await feng.seesCard()
    for (const polite of ['收到。', '收到,谢谢']) {
      await feng.says(polite, { replyTo: decisions })
      expect((await feng.sees()).words).toContain('这条回复未录入')
    }
    await rows(office.database.db, `update people set active = false where id = '${luo.id}'`)
    await feng.says('/会议 纪要 会〔2026〕35号')
    await feng.presses('送审')
    expect((await li.seesCard()).card.title).toBe('会议纪要 · 待签发')
    expect(await luo.messages()).toEqual([])
  })

  it('会议卡片上可录入议定事项、起草纪要,并显示进展', async () => {
    const { feng } = cast
    await feng.says('/会议 会〔2026〕31号')
    const card = await feng.seesCard()
    expect(card.words).toContain('议定事项 共4项:已转督办0项,待转4项')
    expect(card.words).toContain('会议纪要 已签发')
    expect(card.words).not.toMatch(/报送回执|提前10分钟入场/)
    expect(labels(card)).toEqual(expect.arrayContaining(['查看议定事项', '查看纪要', '录入议定事项']))
    await feng.presses('录入议定事项', { on: card })
    const form = await feng.seesCard()
    const lines = { form: { lines: '由督查科负责,12月25日前通报情况' } }
    await feng.presses('录入', { on: form, ...lines })
    const second = await feng.presses('录入', { on: form, ...lines })
    expect(second.toast).toEqual({ type: 'info', content: '已提交,请勿重复提交' })
    expect((await again(feng, form)).words).toContain('共5项')
  })

  it('收到卡片后不再有权查看的,按下即被拒绝,卡片不再显示内容,发卡途中失去权限的也一样', async () => {
    const { li, office } = cast
    const from = office.log.length
    await li.says('/会议 纪要 会〔2026〕31号')
    const minutes = await li.seesCard()
    await li.says('/会议 议定 会〔2026〕31号')
    const decisions = await li.seesCard()
    expect([minutes.words, decisions.words].join()).toContain('报送方案')
    await office.person('刘芳').says('/角色 撤销 @李静 办公室主任')
    for (const card of [minutes, decisions]) {
      const [button] = card.card.buttons.filter(({ form }) => !form)
      if (!button) throw new Error('no button')
      expect((await li.presses(button.label, { on: card })).toast?.type).toBe('error')
      const now = await again(li, card)
      expect(now.words).toContain('未找到该会议,或您无权查看')
      expect(now.words).not.toContain('报送方案')
    }
    await rows(
      office.database.db,
      `with card as (insert into copies (feature, matter, viewer, lane)
         select feature, matter, '${li.id}', '${li.id}' from copies where message in ('${minutes.message_id}', '${decisions.message_id}') returning id)
       insert into outbox (uuid, lane, api, priority, parcel, sender, copy, queued_ms, due_ms)
       select 'late' || id, '${li.id}', 'create', 0, '{"person":"${li.id}"}', '', id, 0, 0 from card`,
    )
    office.bot.drainer.wake()
    await office.settled()
    const late = (await li.messages()).slice(-2)
    expect(late.map(({ words }) => words)).toEqual(Array(2).fill('会议\n未找到该会议,或您无权查看。'))
    expect(office.log.slice(from).filter(line => /"level":"error"/.test(line))).toEqual([])
    await office.person('刘芳').says('/角色 @李静 办公室主任')
  })
})
