import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Refusal } from '../src/kit/refusal.ts'
import { may } from '../src/office/role/role.ts'
import {
  type Bulletin,
  type BulletinMove,
  type BulletinState,
  bulletinFlow,
  bulletinMoved,
  composed,
  draftsFor,
  maySeeBulletin,
} from '../src/office/task/bulletin.ts'
import type { Actor } from '../src/office/task/task.ts'
import { type Cast, giveOut, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { filesOf } from './harness/files.ts'
import type { Seen, TestPerson } from './harness/office.ts'
import { aTask, at, CAST, settingAt, type Who } from './harness/task.ts'
import { rows } from './harness/traces.ts'
import { unescaped, unzip } from './harness/zip.ts'

const GROUP = '督查工作群'
const labels = (seen: Seen) => seen.card?.buttons.map(button => button.label) ?? []
const words = (bytes: Buffer) =>
  [...(unzip(bytes).get('word/document.xml') ?? '').matchAll(/<w:p>(.*?)<\/w:p>/gs)].map(([, inner = '']) =>
    unescaped([...inner.matchAll(/<w:t[^>]*>(.*?)<\/w:t>/gs)].map(([, text = '']) => text).join('')),
  )

describe.each(kinds)('督办通报和归档 on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openCast({ kind })
    await giveOut(
      cast,
      '@陈晨 报送平安建设半年总结 11月25日下班前',
      '@郑洁 整理督查台账 11月26日下班前',
      '@陈晨 涉密专项核查 11月26日下班前 知悉范围:李静',
    )
    const { chen, wang, li } = cast
    await chen.presses('签收', { on: await cardOf(chen, '半年总结') })
    await chen.presses('申请办结', { on: await cardOf(chen, '半年总结'), form: { word_own: '已报送' } })
    await wang.presses('同意办结', { on: await cardOf(wang, '半年总结') })
    await li.presses('同意办结', { on: await cardOf(li, '半年总结') })
    await cast.office.moveTo('2026-11-30T17:30:00+08:00')
    await cast.office.settled()
  })
  afterAll(() => cast.office.close())

  async function cardOf(person: TestPerson, title: string): Promise<Seen> {
    const found = (await person.messages()).filter(
      one => one.card?.title.startsWith('督办 · ') && one.words.includes(title),
    )
    const last = found.at(-1)
    if (!last) throw new Error(`${person.name} has no card of ${title}`)
    return last
  }

  const again = async (person: TestPerson, card: Seen, group?: string): Promise<Seen> => {
    const found = (await person.messages(group)).find(one => one.message_id === card.message_id)
    if (!found) throw new Error('the card is gone')
    return found
  }

  it('从数字到印发:拟稿、修改、送审、退回修改、再送审、同意印发,发到群并生成公文', async () => {
    const { wang, li, office } = cast
    await wang.says('/督办 通报 2026-11')
    const draft = await wang.seesCard()
    expect(draft.card.title).toBe('督办通报 · 拟稿')
    expect(draft.card.text).toContain(
      '总体情况:截至2026年11月30日(星期一)17:30,本期应办2件:已办结1件(50.0%),正在办理0件(0.0%),逾期未办结1件(50.0%);到期2件,按时办结1件(50.0%)。',
    )
    expect(draft.card.text).toContain('办理较好的单位:综治科(到期1件)到期事项全部按时办结。')
    expect(draft.card.text).toContain('进展滞后事项:督〔2026〕2号(督查科)。')
    expect(draft.card.text).toContain('请相关单位于2026年12月3日(星期四)17:30前办结或书面说明情况。')
    expect(draft.card.text).toContain('按时办结率=')
    for (const name of ['陈晨', '郑洁', '专项核查', '3号']) expect(draft.card.text).not.toContain(name)
    expect(labels(draft)).toEqual(['送审', '修改', '取消'])

    await wang.presses('修改', { on: draft })
    const form = await again(wang, draft)
    const value = (name: string) => form.card?.inputs.find(input => input.name === name)?.value
    const group = form.card?.inputs.find(input => input.name === 'chat')?.options.find(one => one.label === GROUP)
    const fields = Object.fromEntries(
      ['title', 'issuer', 'overall', 'good', 'lagging', 'problems', 'demands'].map(name => [name, value(name)]),
    )
    const edited = { ...fields, problems: '个别单位<重视>不够。', issuer: '市委政法委办公室', chat: group?.value }
    expect((await wang.presses('保存', { on: form, form: { ...edited, title: '' } })).toast?.content).toBe(
      '请填写通报标题',
    )
    expect((await wang.presses('保存', { on: form, form: edited })).toast?.content).toBe('已修改')
    const members = Number(
      (
        await rows<{ n: string }>(
          office.database.db,
          `select count(*) as n from members where chat = '${group?.value}'`,
        )
      )[0]?.n,
    )
    expect((await again(wang, draft)).card?.text).toContain(`印发时发送到“${GROUP}”(${members}人)`)

    await wang.presses('送审', { on: await again(wang, draft) })
    const asked = await li.seesCard()
    expect(asked.card.title).toBe('督办通报 · 待审批')
    expect(labels(asked)).toEqual(['同意印发', '退回修改'])
    expect(asked.content).toContain(`印发后将发送到“${GROUP}”(${members}人),并生成公文`)
    await li.says('/待办')
    expect((await li.seesCard()).card.text).toContain('督办通报 关于2026年11月督办事项办理情况的通报 · 待审批')
    expect((await li.presses('退回修改', { on: asked })).toast?.content).toBe('请填写退回修改的理由')
    await li.presses('退回修改', { on: asked, form: { word: '数字请再核对' } })
    const returned = await wang.seesCard()
    expect(returned.card.text).toContain('李静 已退回修改 · 11月30日(周一)17:30 · 理由:数字请再核对')
    await wang.presses('送审', { on: returned })
    const second = await li.seesCard()
    expect((await wang.forges('同意印发', second)).toast?.content).toBe(
      '此按钮仅限办公室主任或分管领导(非本人拟稿)使用',
    )
    expect((await cast.zhou.forges('同意印发', second)).toast?.content).toBe('未找到该督办通报')
    expect((await li.presses('同意印发', { on: second })).toast?.content).toBe('已同意印发')

    const published = await wang.seesCard(GROUP)
    expect(published.card).toMatchObject({ title: '督办通报 · 督通报〔2026〕1号', colour: 'green' })
    expect(published.card.text).toContain('个别单位<重视>不够。')
    expect(labels(published)).toEqual([])
    const name = '督通报〔2026〕1号 关于2026年11月督办事项办理情况的通报.docx'
    expect((await filesOf(office, wang, GROUP)).at(-1)?.name).toBe(name)
    expect((await filesOf(office, wang)).at(-1)?.name).toBe(name)
    expect((await li.presses('同意印发', { on: second })).toast?.content).toContain('李静 已同意印发')
  })

  it('公文按GB/T 9704:字体、页边距、文号、成文日期、附件按单位列表', async () => {
    const { bytes } = (await filesOf(cast.office, cast.wang)).at(-1) ?? { bytes: Buffer.alloc(0) }
    const xml = unzip(bytes).get('word/document.xml') ?? ''
    const lines = words(bytes)
    expect(lines.slice(0, 5).filter(line => line)).toEqual([
      '市委政法委办公室督办通报',
      '督通报〔2026〕1号',
      '关于2026年11月督办事项办理情况的通报',
    ])
    expect(lines).toContain('四、存在问题')
    expect(lines).toContain('个别单位<重视>不够。')
    expect(lines).toContain(
      '截至2026年11月30日（星期一）17:30，本期应办2件：已办结1件（50.0%），正在办理0件（0.0%），逾期未办结1件（50.0%）；到期2件，按时办结1件（50.0%）。',
    )
    expect(lines).toContain('2026年11月30日')
    expect(lines.indexOf('2026年11月30日')).toBe(lines.lastIndexOf('市委政法委办公室') + 1)
    expect(lines.slice(lines.indexOf('单位'), lines.indexOf('单位') + 32).join('|')).toBe(
      '单位|应办|已办结|办结率|到期|按时办结|按时办结率|逾期未办结|' +
        '督查科|1|0|0.0%|1|0|0.0%|1|综治科|1|1|100.0%|1|1|100.0%|0|合计|2|1|50.0%|2|1|50.0%|1',
    )
    expect(xml).toContain('<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588"')
    expect(xml).toContain('<w:pgSz w:w="11906" w:h="16838"/>')
    for (const face of ['方正小标宋简体', '仿宋_GB2312', '黑体', '楷体_GB2312'])
      expect(xml).toContain(`w:eastAsia="${face}"`)
  })

  it('印发后按角色可查看,未印发的只有拟稿和审批人可见', async () => {
    const { feng, chen, wang, office } = cast
    await wang.says('/督办 通报 2026-11')
    const draft = await wang.seesCard()
    await feng.says('/督办 通报 列表')
    const list = await feng.seesCard()
    expect(list.card.text).toContain('督通报〔2026〕1号 · 已印发')
    expect(list.card.text).not.toContain('拟稿')
    await feng.presses('查看', { on: list })
    const shown = await feng.seesCard()
    expect(labels(shown)).toEqual(['下载公文'])
    expect((await feng.presses('下载公文', { on: shown })).toast?.content).toBe('公文随后发送到私聊')
    expect(await filesOf(office, feng)).toHaveLength(1)
    expect((await feng.forges('送审', draft)).toast?.content).toBe('未找到该督办通报')
    await chen.says('/督办 通报 列表')
    expect((await chen.seesCard()).card.text).toContain('还没有您能查看的督办通报')
    await feng.says('/督办 通报')
    expect((await feng.sees()).words).toContain('督办通报由督办员生成')
    await wang.presses('取消', { on: draft })
    expect((await again(wang, draft)).card?.title).toBe('督办通报 · 已取消')
    await wang.says('/督办 通报 2025-01')
    expect((await wang.sees()).words).toContain('2025年1月没有可以通报的督办事项')
  })

  it('已办结的由督办员填写归档号后归档,台账可查,交办领导仍可知悉', async () => {
    const { wang, li, chen } = cast
    const closed = await cardOf(wang, '半年总结')
    expect(labels(closed)).toContain('归档')
    expect((await wang.presses('归档', { on: closed })).toast?.content).toBe('请填写归档号')
    expect((await li.forges('归档', closed)).toast?.content).toBe('此按钮仅限督办员使用')
    const answer = await wang.presses('归档', { on: closed, form: { archiveNo: '2026-D10-BGS-0001' } })
    expect(answer.toast?.content).toBe('已归档')
    const after = await again(wang, closed)
    expect(after.card).toMatchObject({ title: '督办 · 已归档', colour: 'grey' })
    expect(after.card?.text).toContain('归档号 2026-D10-BGS-0001')
    const echo = (await li.messages()).filter(one => one.card?.title.startsWith('回音')).at(-1) as Seen
    expect((await li.presses('知道了', { on: echo })).toast?.content).toBe('已知道了')
    expect((await again(li, echo)).card?.text).toContain('审定 李静 11月24日(周二)09:00')
    await chen.says('/督办 列表')
    expect((await chen.seesCard()).card.text).not.toContain('半年总结')
    await wang.says('/督办 导出')
    const file = (await filesOf(cast.office, wang)).at(-1)
    expect(unzip(file?.bytes as Buffer).get('xl/worksheets/sheet1.xml')).toContain('2026-D10-BGS-0001')
  })

  it('到期前的月份里已办结的,在到期的月份仍是按时办结的到期件', async () => {
    const { wang, li, chen, office } = cast
    await office.moveTo('2026-11-30T17:00:00+08:00')
    await giveOut(cast, '@陈晨 提前报送材料 12月3日下班前')
    await chen.presses('签收', { on: await cardOf(chen, '提前报送') })
    await chen.presses('申请办结', { on: await cardOf(chen, '提前报送'), form: { word_own: '已报送' } })
    await wang.presses('同意办结', { on: await cardOf(wang, '提前报送') })
    await li.presses('同意办结', { on: await cardOf(li, '提前报送') })
    await office.moveTo('2026-12-31T17:00:00+08:00')
    await wang.says('/督办 统计 2026-12')
    expect((await wang.seesCard()).card.text).toMatch(/按时办结率 100.0%\(1\/1\)/)
  })
})

const setting = settingAt()
const moves = Object.keys(bulletinFlow.moves) as BulletinMove[]
const states = Object.keys(bulletinFlow.states) as BulletinState[]
const everyone = Object.keys(CAST) as Who[]

const aBulletin = (state: BulletinState, maker = 'DB'): Bulletin => ({
  ...composed(
    [aTask()],
    { title: '2026年11月', period: { from: at('2026-11-01T00:00'), until: at('2026-11-30T17:30') } },
    '办公室',
    setting,
  ),
  id: 1,
  rev: 1,
  state,
  unit: '',
  maker,
  makerFor: undefined,
  createdAt: setting.now,
  period: '2026年11月',
  until: at('2026-11-30T17:30'),
  number: undefined,
  issuedAt: undefined,
  lastMove: '',
  word: '',
  movedBy: maker,
  movedAt: setting.now,
  movedFor: undefined,
})

/** Read off the matrix of domain.md 1.3 by hand. */
const MAY: Record<BulletinMove, Who[]> = {
  submit: ['DB'],
  edit: ['DB'],
  cancel: ['DB'],
  approve: ['FG', 'BZ'],
  revise: ['FG', 'BZ'],
}

describe('通报:每个按钮 × 每种状态 × 每种角色', () => {
  it.each(moves.flatMap(move => states.map(state => [move, state] as const)))('%s(%s)', (move, state) => {
    for (const who of everyone) {
      const run = () => bulletinMoved(aBulletin(state), { move, by: CAST[who], seenRev: 1, word: '理由' }, setting)
      const { from, to = state } = bulletinFlow.moves[move]
      if (MAY[move].includes(who) && from.includes(state)) expect(run().state, who).toBe(to)
      else expect(run, who).toThrow(Refusal)
    }
  })

  it('本人拟稿的不能自己审批,过期的卡片不算数,查看按角色', () => {
    const own = aBulletin('submitted', 'BZ')
    expect(() => bulletinMoved(own, { move: 'approve', by: CAST.BZ, seenRev: 1, word: '' }, setting)).toThrow(
      '非本人拟稿',
    )
    const sent = { ...aBulletin('submitted'), movedBy: 'BZ' }
    expect(() => bulletinMoved(sent, { move: 'approve', by: CAST.BZ, seenRev: 1, word: '' }, setting)).toThrow(
      '非本人拟稿',
    )
    const newer = { ...aBulletin('submitted'), rev: 3 }
    expect(() => bulletinMoved(newer, { move: 'approve', by: CAST.BZ, seenRev: 2, word: '' }, setting)).toThrow(
      '卡片已过期',
    )
    const seers = (state: BulletinState) => everyone.filter(who => maySeeBulletin(aBulletin(state), CAST[who], may))
    expect(seers('submitted')).toEqual(['FG', 'BZ', 'DB'])
    expect(seers('issued')).toEqual(['LD', 'FG', 'BZ', 'DB', 'KZ', 'QX'])
  })

  const deputyOf = (who: Who, id: string = 'D'): Actor => ({
    id,
    departments: ['far'],
    held: [],
    standsFor: [{ ...CAST[who], name: who }],
  })

  it('代理人能办被代理人能办的,记为代办', () => {
    for (const move of moves)
      for (const who of everyone) {
        const state = bulletinFlow.moves[move].from[0] ?? 'draft'
        const run = () =>
          bulletinMoved(aBulletin(state), { move, by: deputyOf(who), seenRev: 1, word: '理由' }, setting)
        if (MAY[move].includes(who)) expect(run(), `${move} ${who}`).toMatchObject({ movedBy: 'D', movedFor: who })
        else expect(run, `${move} ${who}`).toThrow(Refusal)
      }
    const own = bulletinMoved(aBulletin('submitted'), { move: 'approve', by: CAST.BZ, seenRev: 1, word: '' }, setting)
    expect(own.movedFor).toBeUndefined()
    expect(draftsFor(deputyOf('DB'), may)).toEqual({ unit: '', inPlaceOf: 'DB' })
    expect(draftsFor(CAST.DB, may)).toEqual({ unit: '', inPlaceOf: undefined })
    expect(draftsFor(deputyOf('GB'), may)).toBeUndefined()
  })

  it.each([
    ['代理人代为拟稿的,被代理人不能批', { maker: 'D', makerFor: 'BZ' }, CAST.BZ],
    ['代理人代为拟稿的,代理人不能代另一人批', { maker: 'D', makerFor: 'DB' }, deputyOf('BZ')],
    ['被代理人拟稿的,代理人不能代其批', { maker: 'BZ', makerFor: undefined }, deputyOf('BZ')],
    ['代理人代为送审的,被代理人不能批', { movedBy: 'D', movedFor: 'BZ' }, CAST.BZ],
  ])('%s', (_, some, by) => {
    const of = { ...aBulletin('submitted'), ...some }
    expect(() => bulletinMoved(of, { move: 'approve', by, seenRev: 1, word: '' }, setting)).toThrow('非本人拟稿')
  })

  it('存在问题只计已过签收时限的', () => {
    const period = { from: at('2026-11-01T00:00'), until: at('2026-11-24T12:00') }
    const problems = (signDueAt: Date, signedAt?: Date) =>
      composed([aTask('assigned', { signDueAt, signedAt })], { title: '本期', period }, '', setting).problems
    expect(problems(at('2026-11-25T17:30'))).toBe('本期办理情况总体正常。')
    expect(problems(at('2026-11-24T11:00'))).toBe('未在签收时限内签收1件。')
    expect(problems(at('2026-11-24T11:00'), at('2026-11-24T10:00'))).toBe('本期办理情况总体正常。')
    expect(problems(at('2026-11-24T10:00'), at('2026-11-24T11:00'))).toBe('未在签收时限内签收1件。')
    const givenBack = aTask('returned', { signDueAt: at('2026-11-24T11:00'), signedAt: undefined })
    expect(composed([givenBack], { title: '本期', period }, '', setting).problems).toBe('本期办理情况总体正常。')
  })

  it('没有到期事项时比例写作“—”', () => {
    const { overall } = composed(
      [],
      { title: '本期', period: { from: at('2026-11-01T00:00'), until: at('2026-11-30T17:30') } },
      '',
      setting,
    )
    expect(overall).toContain('应办0件:已办结0件(—)')
    expect(overall).toContain('到期0件,按时办结0件(—)')
  })
})
