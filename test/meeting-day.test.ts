import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CARD_LIMITS, fits, printCard } from '../src/feishu/card.ts'
import { dayCard } from '../src/office/meeting/day-cards.ts'
import { dueOf, dutiesCard, dutiesForm } from '../src/office/meeting/duty-cards.ts'
import { refuseDraft } from '../src/office/meeting/material.ts'
import { DUTIES, readCharges, readTemplate } from '../src/office/meeting/prepare.ts'
import { planOf, rankOf, rowByRank } from '../src/office/meeting/seating.ts'
import { kinds } from './harness/databases.ts'
import { filesOf } from './harness/files.ts'
import { aMeeting, settingAt } from './harness/meeting.ts'
import { clicks, meetingsIn, showMatter } from './harness/meetings.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { pdfOf } from './harness/pdf.ts'
import { rows } from './harness/traces.ts'
import { unescaped, unzip } from './harness/zip.ts'

const OFFICE = 'od-3966f0940e95f74626eab9e9d7074b0f'

describe('座次(MT-05)', () => {
  it.each([
    [1, [1]],
    [2, [1, 2]],
    [3, [3, 1, 2]],
    [4, [3, 1, 2, 4]],
    [5, [5, 3, 1, 2, 4]],
    [6, [5, 3, 1, 2, 4, 6]],
    [7, [7, 5, 3, 1, 2, 4, 6]],
  ])('%i人的一排,自右手至左手', (count, row) => {
    expect(rowByRank(Array.from({ length: count }, (_, i) => i + 1))).toEqual(row)
  })

  it('1号居中,2号在其左手,离中心越远位次越后', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), count => {
        const row = rowByRank(Array.from({ length: count }, (_, i) => i + 1))
        const first = row.indexOf(1)
        expect([...row].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i + 1))
        // an odd row has one middle, an even one two
        expect(first).toBe(count % 2 === 1 ? (count - 1) / 2 : count / 2 - 1)
        if (count > 1) expect(row.indexOf(2)).toBe(first + 1)
        for (let i = first; i > 0; i--) expect(row[i - 1]).toBeGreaterThan(row[i] as number)
        for (let i = first + 1; i < count - 1; i++) expect(row[i + 1]).toBeGreaterThan(row[i] as number)
      }),
    ))

  it('主席台面向会场,图上的右边是其左手;参会席面向主席台,图上的左边是其左手;人人有座', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 80 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 2, max: 20 }),
        (count, stage, wide) => {
          const people = Array.from({ length: count }, (_, i) => ({ name: `甲${i + 1}` }))
          const plan = planOf(people, { stage, wide })
          const all = [...plan.stage, ...plan.rows.flat()].map(({ place }) => place).sort((a, b) => a - b)
          expect(all).toEqual(people.map((_, i) => i + 1))
          if (plan.stage.length > 1)
            expect(plan.stage.findIndex(({ place }) => place === 2)).toBe(
              plan.stage.findIndex(({ place }) => place === 1) + 1,
            )
          for (const row of plan.rows) {
            const [first, second] = [...row].sort((a, b) => a.place - b.place)
            if (first && second) expect(row.indexOf(second)).toBe(row.indexOf(first) - 1)
          }
        },
      ),
    ))

  it.each([
    ['区委书记', [], 0],
    ['常务副区长', [], 1],
    ['政法委副书记', [], 2],
    ['办公室主任', [], 4],
    ['综治科科长', [], 5],
    ['副主任科员', [], 6],
    ['科员', [], 9],
    ['科员', ['FG'], 2],
    ['', ['LD'], 0],
  ])('%s %j', (title, codes, rank) => expect(rankOf(title, codes)).toBe(rank))
})

describe('材料只发定稿(MT-08)', () => {
  it.each(['方案(讨论稿).docx', '办法 征求意见稿.pdf', '规划草案.docx', '报告_初 稿.pptx', '方案【讨 论 稿】.docx'])(
    '不收 %s',
    name => expect(() => refuseDraft(name)).toThrow('讨论稿、征求意见稿、草案、初稿不通过机器人发送'),
  )
  it.each(['方案.docx', '关于平安建设的报告(定稿).pdf', '讨论会议程.docx', '意见汇总表.xlsx'])('可发 %s', name =>
    expect(() => refuseDraft(name)).not.toThrow(),
  )
})

describe('会务准备卡片', () => {
  it('再多的人也在飞书的限额以内,并说明其余', () => {
    const people = Array.from({ length: 3_000 }, (_, i) => ({ name: `欧阳某某${i}` }))
    const plan = planOf(people, { stage: 9, wide: 10 })
    const material = (id: number) => ({
      ...{ id, meeting: 12, state: 'served' as const, name: '关于'.repeat(60), message: '', file: '', key: 'k' },
      ...{ maker: 'MK', movedAt: new Date() },
    })
    const materials = Array.from({ length: 30 }, (_, i) => ({
      material: material(i),
      got: 3_000,
      missing: people.map(({ name }) => name),
    }))
    const day = { people: people as never, plan, unnamed: 3, materials, duties: [] }
    const card = dayCard(aMeeting('notified'), day, settingAt())
    expect(fits(printCard(card))).toBe(true)
    expect(JSON.stringify(printCard(card)).length).toBeLessThan(CARD_LIMITS.bytes)
    expect(JSON.stringify(printCard(card))).toContain('人见座次图文件')
  })

  it('清单最长时也在限额以内', () => {
    const what = '会标会场布置话筒投影视频线路'.repeat(3).slice(0, DUTIES.what)
    const some = Array.from({ length: DUTIES.most }, (_, id) => ({
      ...{ id, meeting: 12, place: id, what, owner: 'GB', minutes: 60, doneAt: undefined, doneBy: undefined },
    }))
    const meeting = aMeeting('notified')
    const card = dutiesCard(meeting, some, { ids: ['GB'], organises: true }, settingAt())
    expect(fits(printCard(card))).toBe(true)
    expect(JSON.stringify(printCard(card)).match(/准备完成/g)?.length).toBe(DUTIES.most)
    // what is typed anew loses nothing of what stands
    const names = new Map([['GB', '买买提·阿布都热合曼']])
    const [input] = dutiesForm(meeting, some, [], settingAt(undefined, { names })).body.flatMap(block =>
      block.kind === 'form' ? block.fields : [],
    )
    if (input?.kind !== 'input') throw new Error('no input')
    expect(readCharges((input.value ?? '').slice(0, input.max))).toHaveLength(DUTIES.most)
  })

  it.each([
    ['会场布置 会前2小时 @王强', { what: '会场布置', minutes: 120, owner: '王强' }],
    ['材料印制,装袋 会前3天', { what: '材料印制,装袋', minutes: 4_320, owner: '' }],
    ['签到 会前３０分钟@李静', { what: '签到', minutes: 30, owner: '李静' }],
  ])('清单中的一行:%s', (line, charge) => expect(readCharges(line)).toEqual([charge]))

  it('会前几天按工作日计,不到一天的按钟点', () => {
    // a Monday after a weekend
    const meeting = {
      startsAt: new Date('2026-11-30T14:30:00+08:00'),
      notifiedAt: new Date('2026-11-24T09:00:00+08:00'),
    }
    const due = (minutes: number) => dueOf(meeting, { minutes }, settingAt()).toISOString()
    expect(due(1_440)).toBe('2026-11-27T06:30:00.000Z')
    expect(due(120)).toBe('2026-11-30T04:30:00.000Z')
    expect(due(0)).toBe('2026-11-30T06:30:00.000Z')
  })

  it('当天通知当天开的会,会前一天的事项开会时到期,不立即逾期', () => {
    const [startsAt, notifiedAt] = [new Date('2026-11-30T14:30:00+08:00'), new Date('2026-11-30T09:00:00+08:00')]
    const due = (minutes: number) => dueOf({ startsAt, notifiedAt }, { minutes }, settingAt()).toISOString()
    expect(due(1_440)).toBe('2026-11-30T06:30:00.000Z')
    expect(due(120)).toBe('2026-11-30T04:30:00.000Z')
  })

  it.each(['会场布置', '会前2小时', '会场布置 会前2周', `${'长'.repeat(31)} 会前1天`, '会场布置 会前91天'])(
    '不能识别的一行:%s',
    line => expect(() => readTemplate(line)).toThrow(),
  )
})

describe.each(kinds)('会务 on %s', kind => {
  let office: TestOffice
  let put: ReturnType<typeof meetingsIn>
  const who = (name: string): TestPerson => office.person(name)
  beforeAll(async () => {
    office = await TestOffice.open({ kind, now: '2026-11-26T09:30:00+08:00' })
    await who('刘芳').says('/角色 @赵敏 会务员')
    put = meetingsIn(office.database.db)
  })
  afterAll(() => office.close())

  const meetingOf = (also: Parameters<typeof put.meeting>[1] = {}) =>
    put.meeting(who('赵敏').id, { numberSeq: null, numberYear: null, unit: OFFICE, ...also })
  const open = async (meeting: number) => {
    await showMatter(office, String(meeting), who('赵敏'))
    await who('赵敏').presses('会务准备')
    return who('赵敏').seesCard()
  }
  const paper = async (label: string) => {
    await who('赵敏').presses(label)
    const [file] = (await filesOf(office, who('赵敏'))).slice(-1)
    if (!file) throw new Error('no file')
    return { name: file.name, xml: unescaped(unzip(file.bytes).get('word/document.xml') ?? '') }
  }
  const wordsOf = (xml: string) => [...xml.matchAll(/<w:t[^>]*>([^<]*)<\/w:t>/g)].map(([, word = '']) => word)

  it('签到表按回执生成:代会人员在委托人的位置,请假的注明,列席在后,单位未报名的留空,另留空行', async () => {
    const meeting = await meetingOf({ title: '平安建设/推进会' })
    const away = await put.ask(meeting, { person: who('王强').id, state: 'proxied' })
    await put.ask(meeting, { person: who('陈晨').id, state: 'attending' })
    await put.ask(meeting, { person: who('褚燕').id, state: 'excused' })
    await put.ask(meeting, { person: who('冯军').id, part: 'listen' })
    await put.ask(meeting, { person: null, unit: OFFICE, places: 2 })
    await put.ask(meeting, { person: who('曹颖').id, state: 'attending', standsInFor: away })
    await open(meeting)
    const { name, xml } = await paper('打印签到表')
    expect(name).toBe('签到表 平安建设 推进会.docx')
    expect(xml).toContain('<w:tblHeader/>')
    const words = wordsOf(xml)
    const at = (word: string) => words.findIndex(one => one.startsWith(word))
    for (const head of ['序号', '单位', '姓名', '职务', '电话', '签名']) expect(words).toContain(head)
    expect(at('曹颖')).toBeGreaterThan(-1)
    expect(words).toContain('(代王强)')
    expect(words).not.toContain('王强')
    expect(at('曹颖')).toBeLessThan(at('陈晨'))
    expect(at('褚燕')).toBeGreaterThan(at('陈晨'))
    expect(words).toContain('请假')
    expect(at('(列席)')).toBeGreaterThan(at('褚燕'))
    // five who were asked or come for them, two places of a unit, five spare lines
    expect(xml.match(/<w:tr>/g)?.length).toBe(1 + 4 + 2 + 5)
    expect(words.some(word => word.includes('另有2个单位名额尚未报名'))).toBe(true)
  })

  it('座次图、桌签按职务排,承办人可调整,他人不能', async () => {
    const meeting = await meetingOf({ title: '专题会' })
    const names = ['陈晨', '褚燕', '曹颖', '王强']
    for (const name of names) await put.ask(meeting, { person: who(name).id, state: 'attending' })
    await open(meeting)
    await who('赵敏').presses('调整座次')
    const form = await who('赵敏').seesCard()
    expect(form.words).toContain('单数时1号居中')
    expect(
      await clicks(office, who('赵敏'), 'keepSeats', { id: meeting }, { order: '张三丰', stage: '0', wide: '8' }),
    ).toContain('不在就座人员中')
    expect(
      await clicks(office, who('赵敏'), 'keepSeats', { id: meeting }, { order: '', stage: '-1', wide: '8' }),
    ).toContain('0至20')
    expect(
      await clicks(office, who('赵敏'), 'keepSeats', { id: meeting }, { order: '', stage: '6', wide: '8' }),
    ).toContain('主席台人数不能多于就座人数(5人)')
    expect(
      await clicks(
        office,
        who('赵敏'),
        'keepSeats',
        { id: meeting },
        { order: '\n'.repeat(1_001), stage: '0', wide: '8' },
      ),
    ).toContain('人员顺序请控制在1000字以内')
    await who('赵敏').presses('保存', { form: { order: '王强\n褚燕\n陈晨', stage: '3', wide: '8' } })
    const card = await who('赵敏').seesCard()
    // 赵敏 presides and is not asked
    expect(card.words).toContain('就座5人')
    const seats = wordsOf((await paper('座次图')).xml)
    const row = seats.filter(word => [...names, '赵敏'].includes(word))
    // on the 主席台 3 1 2 as it is seen, then whoever was left out
    expect(row).toEqual(['陈晨', '王强', '褚燕', '曹颖', '赵敏'])
    // each on both faces, the upper one on its head
    const tents = [...(await paper('桌签')).xml.matchAll(/;rotation:(\d+)"[^>]*><v:textpath [^>]*string="([^"]*)"/g)]
    expect(tents.map(([, turned, name]) => `${name} ${turned}`)).toEqual(
      ['王　强', '褚　燕', '陈　晨', '赵　敏', '曹　颖'].flatMap(name => [`${name} 180`, `${name} 0`]),
    )
    await showMatter(office, `${meeting}/day`, who('褚燕'))
    expect((await who('褚燕').sees()).words).toContain('未找到该会议')
    for (const move of ['day', 'paper', 'arrange', 'keepSeats'])
      expect(await clicks(office, who('褚燕'), move, { id: meeting, paper: 'sign' })).toContain('未找到该会议')
  })

  it('材料原样送到参会和代会人员,以后参加的也收到;谁收到了看得见;讨论稿不收', async () => {
    const meeting = await meetingOf({ title: '材料会' })
    await put.ask(meeting, { person: who('陈晨').id, state: 'attending' })
    const late = await put.ask(meeting, { person: who('褚燕').id })
    const excused = await put.ask(meeting, { person: who('王强').id, state: 'excused' })
    await showMatter(office, String(meeting), who('赵敏'))
    const card = await who('赵敏').seesCard()
    await who('赵敏').sendsFile('汇报(初稿).pdf', { replyTo: card })
    expect((await who('赵敏').sees()).words).toContain('讨论稿、征求意见稿、草案、初稿不通过机器人发送')
    const bytes = Buffer.from(pdfOf('关于近期工作的汇报'))
    await who('赵敏').sendsFile('汇报材料.pdf', { replyTo: card, bytes })
    expect((await who('赵敏').seesCard()).words).toContain('材料会')
    const offer = await who('赵敏').seesCard()
    expect((await who('陈晨').forges('发送给参会人员', offer)).toast?.content).toContain('未找到该材料')
    await who('赵敏').presses('发送给参会人员')
    expect((await who('赵敏').sees()).words).toContain('已发送给1人')
    const settled = (await who('赵敏').messages()).find(one => one.message_id === offer.message_id)
    expect(settled?.card?.title).toBe('会议 · 会议材料已发送')
    const [got] = (await filesOf(office, who('陈晨'))).slice(-1)
    expect(got).toEqual({ name: '汇报材料.pdf', bytes })
    expect(await filesOf(office, who('褚燕'))).toEqual([])
    await showMatter(office, `${meeting}/i${late}`, who('褚燕'))
    await who('褚燕').presses('参加')
    expect((await filesOf(office, who('褚燕'))).map(({ name }) => name)).toEqual(['汇报材料.pdf'])
    await showMatter(office, `${meeting}/i${excused}`, who('王强'))
    await clicks(office, who('王强'), 'delegate', { id: excused }, { substitute: who('曹颖').id })
    expect((await filesOf(office, who('曹颖'))).map(({ name }) => name)).toEqual(['汇报材料.pdf'])
    expect(await filesOf(office, who('王强'))).toEqual([])
    expect((await open(meeting)).words).toContain('《汇报材料.pdf》 已发送 · 已发3人')
    const [kept] = await rows<{ n: string }>(
      office.database.db,
      `select count(*) as n from meeting_servings s join meeting_materials m on m.id = s.material where m.meeting = ${meeting}`,
    )
    expect(Number(kept?.n)).toBe(3)
    // a second press sends nothing again
    expect(await clicks(office, who('赵敏'), 'serve', { id: 1, meeting })).toContain('材料')
    expect((await filesOf(office, who('陈晨'))).length).toBe(1)
  })

  it('准备清单从模板拟定,负责人得知并在待办中看到,本人或承办人勾选;模板由会务员修改', async () => {
    await who('褚燕').says('/会议 准备模板')
    expect((await who('褚燕').sees()).words).toContain('由会务员或办公室主任修改')
    await who('赵敏').says('/会议 准备模板')
    await who('赵敏').presses('保存', { form: { template: '会场布置 会前2小时\n茶水 会前1小时' } })
    const meeting = await meetingOf({ title: '清单会' })
    await open(meeting)
    await who('赵敏').presses('准备清单')
    await who('赵敏').presses('拟定清单')
    expect((await who('赵敏').seesCard()).card.inputs[0]?.value).toBe('会场布置 会前2小时\n茶水 会前1小时')
    const bad = await who('赵敏').presses('保存', { form: { duties: '会场布置 会前2小时 @诸葛亮' } })
    expect(bad.toast?.content).toContain('诸葛亮')
    await who('赵敏').presses('保存', { form: { duties: '会场布置 会前2小时 @褚燕\n茶水 会前1小时' } })
    const list = await who('赵敏').seesCard()
    expect(list.words).toContain('已完成0项,共2项')
    expect(list.words).toContain('会场布置 · 褚燕')
    expect(list.words).toContain('12:30前')
    const own = await who('褚燕').seesCard()
    expect(own.words).toContain('清单会')
    // only what is theirs
    expect(own.card.buttons.map(({ label }) => label)).toEqual(['准备完成'])
    await who('褚燕').says('/待办')
    expect((await who('褚燕').seesCard()).words).toContain('会场布置')
    expect((await who('王强').forges('准备完成', own)).toast?.content).toBe('该事项已不在准备清单中')
    await showMatter(office, `${meeting}/list`, who('褚燕'), who('王强'))
    expect((await who('王强').sees()).words).toContain('未找到该会议')
    await who('褚燕').presses('准备完成')
    expect((await who('褚燕').seesCard()).words).toContain('已完成1项,共2项')
    const [ticked] = await rows<{ id: string; done_by: string }>(
      office.database.db,
      `select id, done_by from meeting_duties where meeting = ${meeting} and place = 0`,
    )
    expect(ticked?.done_by).toBe(who('褚燕').id)
    expect(await clicks(office, who('褚燕'), 'tick', { id: Number(ticked?.id), done: 1 })).toContain('完成')
    // the list anew keeps the tick
    await clicks(
      office,
      who('赵敏'),
      'keepDuties',
      { id: meeting },
      { duties: '会场布置 会前3小时 @褚燕\n引导 会前30分钟' },
    )
    expect((await open(meeting)).words).toContain('准备清单 已完成1项,共2项')
  })

  it('私聊发来的文件问明是哪个会议;不组织会议的人发来的不当作材料;飞书不收的告知原因', async () => {
    const bytes = pdfOf('方案')
    await who('陈晨').sendsFile('方案.pdf', { bytes })
    expect((await who('陈晨').sees()).words).not.toContain('会议材料')
    await who('赵敏').sendsFile('方案.pdf', { bytes })
    const offer = await who('赵敏').seesCard()
    expect(offer.words).toContain('用于哪个会议')
    const other = await meetingOf({ title: '另一会', maker: who('陈晨').id, unit: '' })
    const foreign = await who('赵敏').presses('发送给参会人员', { form: { meeting: String(other + 999) } })
    expect(foreign.toast?.content).toContain('未找到该会议')
    const meeting = await meetingOf({ title: '没有权限会' })
    await who('赵敏').sendsFile('办法.pdf', { bytes })
    await office.faults({ missing_scopes: ['im:resource', 'im:message', 'im:message:readonly'] })
    await who('赵敏').presses('发送给参会人员', { form: { meeting: String(meeting) } })
    await office.faults({ missing_scopes: [] })
    const told = (await who('赵敏').messages()).map(({ words }) => words)
    expect(told.some(words => words.includes('未能发送《办法.pdf》:应用未开通读取文件的权限'))).toBe(true)
    expect(told.some(words => words.includes('会议 · 会议材料未能发送'))).toBe(true)
    const [kept] = await rows<{ state: string }>(
      office.database.db,
      `select state from meeting_materials where meeting = ${meeting}`,
    )
    expect(kept?.state).toBe('failed')
  })

  it('下班后由他人安排参会的,材料次日上班才发;本人当时答复的当时收到', async () => {
    const meeting = await meetingOf({ title: '夜间会' })
    await put.ask(meeting, { person: who('陈晨').id, state: 'attending' })
    const own = await put.ask(meeting, { person: who('孙丽').id })
    const excused = await put.ask(meeting, { person: who('郑洁').id, state: 'excused' })
    await showMatter(office, String(meeting), who('赵敏'))
    await who('赵敏').sendsFile('夜间材料.pdf', { replyTo: await who('赵敏').seesCard(), bytes: pdfOf('夜间材料') })
    await who('赵敏').presses('发送给参会人员')
    const names = async (name: string) =>
      (await filesOf(office, who(name))).map(file => file.name).filter(name => name === '夜间材料.pdf')
    office.clock.set(new Date('2026-11-26T20:00:00+08:00'))
    await showMatter(office, `${meeting}/i${own}`, who('孙丽'))
    await who('孙丽').presses('参加')
    expect(await names('孙丽')).toEqual(['夜间材料.pdf'])
    await showMatter(office, `${meeting}/i${excused}`, who('郑洁'))
    await clicks(office, who('郑洁'), 'delegate', { id: excused }, { substitute: who('冯军').id })
    expect(await names('冯军')).toEqual([])
    await office.moveTo('2026-11-27T08:31:00+08:00')
    await office.settled()
    expect(await names('冯军')).toEqual(['夜间材料.pdf'])
    expect(await names('孙丽')).toEqual(['夜间材料.pdf'])
  })
})
