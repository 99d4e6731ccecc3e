import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { history } from '../db/events.ts'
import { taskFlow } from '../src/office/task/flow.ts'
import { type Cast, openCast } from './harness/cast.ts'
import type { Seen, TestPerson } from './harness/office.ts'
import { ways } from './harness/ways.ts'

const STATES = new RegExp(`^督办 · (${Object.values(taskFlow.states).join('|')})$`)
const labels = (seen: Seen) => seen.card?.buttons.map(button => button.label) ?? []

describe.each(ways)('督办 on %s', (_, way) => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openCast(way)
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
    const found = all.filter(message => STATES.test(message.card?.title ?? '') && message.words.includes(title)).at(-1)
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

  it('一句话不清楚时给出表单,预填已识别的内容', async () => {
    const { wang, chen } = cast
    for (const [said, why] of [
      ['/督办', '请选择牵头人'],
      ['/督办 @陈晨 昨天报材料', '时间已经过去'],
      ['/督办 @陈晨 尽快报材料', '“尽快”不是明确的时限'],
      ['/督办 @李小龙 报材料', '未找到“李小龙”'],
      ['/督办 张伟 报材料', '“张伟”有同名人员'],
      ['/督办 @陈晨 报材料 来源:听说', '没有“听说”这一来源'],
      ['/督办 @陈晨 每周五报周报', '只能有一个完成时限'],
    ] as const) {
      await wang.says(said)
      const form = await wang.seesCard()
      expect(form.card.title, said).toBe('督办 · 填写')
      expect(form.card.text, said).toContain(why)
    }
    await wang.says('/督办 @陈晨 立即报材料')
    const form = await wang.seesCard()
    expect(form.card.inputs.find(input => input.name === 'urgency')?.value).toBe('urgent')
    const fields = {
      lead: chen.id,
      assistants: [],
      names: '曹颖',
      title: '报送材料',
      content: '按模板填写',
      due: '12月9日下班前',
    }
    const refused = await wang.presses('拟办', { form: { ...fields, source: 'LDPS' } })
    expect(refused.toast?.content).toContain('政治要件和领导批示只登记编号、中性标题、单位和时限,不录入内容')
    await wang.presses('拟办', { form: { ...fields, source: 'SJBS', basis: '上级会议', frequency: 'weekly' } })
    const draft = (await wang.seesCard()).card
    expect(draft.title).toBe('督办 · 拟办')
    for (const words of [
      '来源 上级决策部署(上级会议)',
      '反馈频次 每周',
      '协办 曹颖',
      '要求:按模板填写',
      '12月9日(周三)17:30',
    ])
      expect(draft.text).toContain(words)
  })

  it('未写时限的写明是推定的;相似的在办事项在拟办卡片上指出', async () => {
    const { wang } = cast
    await given('@陈晨 开展消防安全隐患排查 12月7日下班前')
    await wang.says('/督办 @陈晨 开展消防安全隐患大排查')
    const { card } = await wang.seesCard()
    expect(card.text).toContain('未写时限,按紧急程度推定')
    expect(card.text).toMatch(/可能重复:督〔2026〕\d+号 开展消防安全隐患排查\(已交办\)/)
  })

  it('无权立项的人得到说明,转而使用交办', async () => {
    const { chen } = cast
    await chen.says('/督办 @曹颖 报材料 明天下班前')
    expect((await chen.sees()).words).toContain('督办立项仅限主要领导、分管领导、办公室主任和督办员')
  })

  it('有审批权的直接交办;退回修改后修改再送审', async () => {
    const { wang, li, chen } = cast
    await li.says('/督办 @陈晨 整理会议纪要 12月8日下班前')
    expect(labels(await li.seesCard())).toEqual(['交办', '送审', '修改', '取消'])
    expect((await li.presses('交办')).toast?.content).toBe('已交办')
    expect((await chen.seesCard()).card.text).toContain('整理会议纪要')

    await wang.says('/督办 @陈晨 起草工作要点 12月8日下班前')
    await wang.presses('送审')
    expect((await li.presses('退回修改')).toast?.content).toBe('请填写退回修改的理由')
    await li.presses('退回修改', { form: { word_office: '请增加协办' } })
    const back = await wang.seesCard()
    expect(back.card.text).toContain('李静 已退回修改')
    await wang.presses('修改', { on: back })
    const form = await wang.messages().then(all => all.find(one => one.message_id === back.message_id) as Seen)
    expect(form.card?.title).toBe('督办 · 修改')
    expect(form.card?.inputs.find(input => input.name === 'title')?.value).toBe('起草工作要点')
    await wang.presses('保存', {
      on: form,
      form: {
        lead: chen.id,
        assistants: [cast.cao.id],
        title: '起草明年工作要点',
        due: '12月10日下班前',
        source: 'QT',
        urgency: 'normal',
        frequency: 'once',
      },
    })
    const draft = await cardOf(wang, '起草明年工作要点')
    expect(draft.card?.title).toBe('督办 · 拟办')
    expect(draft.card?.text).toContain('12月10日(周四)17:30')
    const edited = await history(cast.office.database.db, 'task', String(draft.card?.buttons[0]?.value.id))
    expect(edited.at(-1)?.data).toMatchObject({ title: '起草明年工作要点', dueAfter: '2026-12-10T09:30:00.000Z' })
    await wang.presses('取消', { on: draft })
    expect((await cardOf(wang, '起草明年工作要点')).card).toMatchObject({
      title: '督办 · 撤销',
      colour: 'grey',
      buttons: [],
    })
  })

  it('退回交办:督办员维持,或改派后重新交办,编号不变', async () => {
    const { wang, li, chen, cao } = cast
    const id = await given('@陈晨 核对重点人员名册 12月8日下班前')
    await chen.presses('退回交办', { form: { word_own: '不属本科室职责' } })
    const returned = await wang.seesCard()
    expect(returned.card).toMatchObject({ title: '督办 · 退回交办', colour: 'red' })
    expect(returned.card.text).toContain('理由:不属本科室职责')
    await wang.presses('维持', { form: { word_office: '按分工由综治科办理' } })
    expect((await cardOf(chen, '核对重点人员')).card?.title).toBe('督办 · 已交办')
    await chen.presses('退回交办', { on: await cardOf(chen, '核对重点人员'), form: { word_own: '确有困难' } })
    await wang.presses('改派', { on: await cardOf(wang, '核对重点人员') })
    const number = /督〔2026〕\d+号/.exec((await cardOf(wang, '核对重点人员')).words)?.[0]
    await wang.presses('修改', { on: await cardOf(wang, '核对重点人员') })
    const form = (await wang.messages()).filter(one => one.card?.title === '督办 · 修改').at(-1) as Seen
    const filled = {
      lead: cao.id,
      assistants: [],
      title: '核对重点人员名册',
      due: '12月8日下班前',
      source: 'QT',
      urgency: 'normal',
      frequency: 'once',
    }
    const wrong = await wang.presses('保存', { on: form, form: { ...filled, due: '12月38日' } })
    expect(wrong.toast?.type).toBe('error')
    const kept = (await wang.messages()).find(one => one.message_id === form.message_id)
    expect(kept?.card?.title, 'what was filled in stays').toBe('督办 · 修改')
    await wang.presses('保存', { on: form, form: filled })
    await wang.presses('送审', { on: await cardOf(wang, '核对重点人员') })
    await li.presses('同意交办')
    const again = await cardOf(cao, '核对重点人员')
    expect(again.card?.title).toBe('督办 · 已交办')
    expect(again.words).toContain(String(number))
    expect((await history(cast.office.database.db, 'task', String(id))).filter(event => event.data.number).length).toBe(
      1,
    )
  })

  it('科室负责人转办给本科室人员', async () => {
    const { feng, chen, cao } = cast
    await given('@陈晨 汇总矛盾纠纷数据 12月9日下班前')
    const before = await cardOf(feng, '汇总矛盾纠纷')
    await feng.presses('转办', { on: before })
    const form = (await feng.messages()).find(one => one.message_id === before.message_id) as Seen
    expect(form.card?.inputs[0]?.options.map(option => option.label)).toContain('曹颖(综治科)')
    expect((await feng.presses('转办', { on: form, form: { to: cast.wang.id } })).toast?.content).toBe(
      '只能转办给本单位人员',
    )
    expect((await feng.presses('转办', { on: form, form: { to: cao.id } })).toast?.content).toBe('已转办')
    const handed = await cardOf(cao, '汇总矛盾纠纷')
    expect(labels(handed)).toEqual(['签收', '退回交办'])
    expect(handed.card?.text).toContain('冯军 已转办')
    expect((await chen.messages()).at(-1)?.words).toContain('该事项已不由您办理')
  })

  it('分办:牵头不变,本单位人员各有一项;外单位的不行', async () => {
    const { feng, chen, cao } = cast
    await given('@陈晨 汇总专项行动数据 12月9日下班前')
    await chen.presses('签收', { on: await cardOf(chen, '专项行动数据') })
    const before = await cardOf(feng, '专项行动数据')
    await feng.presses('转办', { on: before })
    const form = (await feng.messages()).find(one => one.message_id === before.message_id) as Seen
    expect((await feng.presses('转办', { on: form, form: { helpers: [cast.wang.id] } })).toast?.content).toBe(
      '只能转办给本单位人员',
    )
    expect((await feng.presses('转办', { on: form, form: {} })).toast?.content).toBe('请选择转办给谁')
    expect((await feng.presses('转办', { on: form, form: { helpers: [cao.id] } })).toast?.content).toBe('已分办')
    const part = await cardOf(cao, '专项行动数据')
    expect(part.card?.title).toBe('督办 · 办理中')
    expect(part.card?.text).toMatch(/督〔2026〕\d+-1号 协办 曹颖 待签收 · 12月7日\(周一\)17:30/)
    expect(labels(part)).toEqual(['签收', '完成'])
    expect(labels(await cardOf(chen, '专项行动数据'))).toContain('申请办结')
  })

  it('完成时限落在休息日的,拟办时建议提前;只须阅知的不立项', async () => {
    const { wang } = cast
    await wang.says('/督办 @陈晨 报送月度小结 12月13日下班前')
    const { card } = await wang.seesCard()
    expect(card.text).toContain('不在工作日,建议定为2026年12月11日(星期五)17:30')
    const [lead, due] = ['lead', 'due'].map(name => card.inputs.find(input => input.name === name)?.value)
    expect(due).toBe('2026年12月11日(星期五)17:30')
    await wang.presses('拟办', { form: { lead, title: '报送月度小结', due: '12月13日下班前' } })
    expect((await wang.seesCard()).card.text).toContain('完成时限为休息日,建议改为12月11日(周五)17:30')
    await wang.says('/督办 @陈晨 全会精神文件请阅知 12月11日下班前')
    expect((await wang.sees()).words).toContain('只须阅知、不需办理和反馈的事项不立项督办')
  })

  it('延期:须有进展,不同意须有理由,同意后时限改变;再次延期须分管领导批', async () => {
    const { li, chen, zhang } = cast
    await given('@陈晨 编印工作手册 12月7日下班前')
    await chen.presses('签收')
    const card = () => cardOf(chen, '编印工作手册')
    const ask = async (until: string) =>
      chen.presses('申请延期', { on: await card(), form: { word_own: '印刷排期', until } })
    expect((await ask('12月10日下班前')).toast?.content).toContain('请先反馈进展')
    await chen
      .presses('反馈进展', { on: await card(), form: { word_own: '已定稿', percent: '101' } })
      .then(answer => expect(answer.toast?.content).toBe('进度请填写0到100之间的数'))
    await chen.presses('反馈进展', { on: await card(), form: { word_own: '已定稿' } })
    await ask('12月10日下班前')
    const asked = await li.seesCard()
    expect(asked.card.title).toBe('督办 · 延期待批')
    expect(asked.card.text).toContain('陈晨申请延期至12月10日(周四)17:30 · 理由:印刷排期')
    expect((await li.presses('不同意延期')).toast?.content).toBe('请填写不同意延期的理由')
    await li.presses('不同意延期', { form: { word_office: '请加快' } })
    expect((await card()).card?.text).toContain('李静 不同意延期')
    await ask('12月10日下班前')
    await li.presses('同意延期')
    expect((await card()).card?.text).toContain('12月10日(周四)17:30 · 剩12个工作日(原时限12月7日(周一)17:30)')
    await ask('12月14日下班前')
    const second = await zhang.seesCard()
    expect(second.card.title).toBe('督办 · 延期待批')
    expect((await li.presses('同意延期', { on: asked })).toast?.content).toContain('须由分管领导或主要领导审批')
    await zhang.presses('同意延期', { on: second })
    expect(labels(await card())).not.toContain('申请延期')
  })

  it('有待批的变更时再次申请延期:分管领导得知,代录的是延期的决定', async () => {
    const { wang, li, chen, zhang } = cast
    await given('@陈晨 编制应急预案 12月7日下班前')
    await chen.presses('签收')
    const card = (person = chen) => cardOf(person, '编制应急预案')
    await chen.presses('反馈进展', { on: await card(), form: { word_own: '已成稿' } })
    const ask = async (until: string) =>
      chen.presses('申请延期', { on: await card(), form: { word_own: '征求意见', until } })
    await ask('12月9日下班前')
    await li.presses('同意延期', { on: await card(li) })
    const before = await card(wang)
    await wang.presses('变更', { on: before })
    const form = (await wang.messages()).find(one => one.message_id === before.message_id) as Seen
    await wang.presses('变更', { on: form, form: { title: '编制年度应急预案', word_office: '会议调整' } })
    await ask('12月11日下班前')
    expect((await zhang.seesCard()).card.title).toBe('督办 · 延期待批')
    await wang.presses('代录领导意见', { on: await card(wang) })
    const asked = (await wang.messages()).filter(one => one.card?.title === '督办 · 代录领导意见').at(-1) as Seen
    const answer = { decider: zhang.id, decision: 'grantExtension', way: 'phone' }
    expect((await wang.presses('代录', { on: asked, form: answer })).toast?.content).toBe('已代录:已同意延期')
    expect(labels(await card(li))).toContain('同意变更')
  })

  it('退回重办后再次办结', async () => {
    const { wang, li, chen } = cast
    await given('@陈晨 修订值班制度 12月8日下班前')
    await chen.presses('签收')
    const card = () => cardOf(chen, '修订值班制度')
    await chen.presses('申请办结', { on: await card(), form: { word_own: '已修订' } })
    await wang.presses('退回重办', { on: await cardOf(wang, '修订值班制度'), form: { word_office: '缺少附件' } })
    expect((await card()).card?.text).toContain('王强 已退回重办')
    expect((await card()).card?.text).toContain('重办1次')
    await chen.presses('申请办结', { on: await card(), form: { word_own: '已补附件' } })
    await wang.presses('同意办结', { on: await cardOf(wang, '修订值班制度') })
    await li.presses('同意办结')
    expect((await card()).card?.title).toBe('督办 · 已办结')
  })

  it('暂缓停表、恢复;撤销须经交办领导同意', async () => {
    const { wang, li, chen, zhang } = cast
    await given('@陈晨 组织业务培训 12月7日下班前 交办领导:张明')
    await chen.presses('签收')
    const card = () => cardOf(chen, '组织业务培训')
    await chen.presses('暂缓', { on: await card(), form: { word_office: '场地未定' } })
    const asked = await li.seesCard()
    expect(asked.card.title).toBe('督办 · 暂缓待批')
    await li.presses('同意暂缓')
    expect((await card()).card).toMatchObject({ title: '督办 · 暂缓', colour: 'grey' })
    expect((await card()).card?.text).toContain('已暂缓,恢复后剩9个工作日')
    await li.presses('恢复', { on: await cardOf(li, '组织业务培训') })
    expect((await card()).card?.text).toContain('12月7日(周一)17:30 · 剩9个工作日')
    await wang.presses('撤销', { on: await cardOf(wang, '组织业务培训'), form: { word_office: '与上级活动合并' } })
    const consent = await zhang.seesCard()
    expect(consent.card.title).toBe('督办 · 撤销待批')
    expect((await li.forges('同意撤销', consent)).toast?.content).toBe('该事项由张明交办,撤销须经其同意')
    await zhang.presses('同意撤销', { on: consent })
    expect((await card()).card).toMatchObject({ title: '督办 · 撤销', buttons: [] })
  })

  it('变更须经同意,写明改了什么;催办每天一次,电话催办有记录', async () => {
    const { wang, li, chen } = cast
    await given('@陈晨 更新应急预案 12月8日下班前')
    const card = () => cardOf(wang, '更新应急预案')
    await wang.presses('变更', { on: await card() })
    const form = (await wang.messages()).filter(one => one.card?.title === '督办 · 变更').at(-1) as Seen
    expect((await wang.presses('变更', { on: form, form: { word_office: '会议提前' } })).toast?.content).toBe(
      '没有需要变更的内容',
    )
    await wang.presses('变更', { on: form, form: { due: '12月4日下班前', word_office: '会议提前' } })
    const asked = await li.seesCard()
    expect(asked.card.text).toContain('王强提出变更 · 完成时限改为12月4日(周五)17:30 · 理由:会议提前')
    await li.presses('同意变更', { on: asked })
    expect((await cardOf(chen, '更新应急预案')).card?.text).toContain(
      '12月4日(周五)17:30 · 剩8个工作日(原时限12月8日(周二)17:30)',
    )

    await wang.presses('催办', { on: await card(), form: { word_office: '请先报进度' } })
    const nudged = await chen.seesCard()
    expect(nudged.card.title).toBe('督办 · 催办')
    expect(nudged.card.text).toContain('催办说明:请先报进度')
    expect((await wang.presses('催办', { on: await card() })).toast?.content).toContain('今日已催办过')
    await wang.presses('记录电话催办', { on: await card(), form: { word_office: '已电话联系陈晨' } })
    expect((await card()).card?.text).toContain('催办2次')
  })

  it('在卡片下回复与按钮同效', async () => {
    const { wang, li, chen, cao } = cast
    await wang.says('/督办 @陈晨 @曹颖 报送信息要点 12月8日下班前')
    await wang.presses('送审')
    await li.says('同意', { replyTo: await li.seesCard() })
    const card = await chen.seesCard()
    await chen.says('已完成 要点已报', { replyTo: card })
    expect((await chen.sees()).words).toContain('本事项尚未签收,请先签收')
    await chen.says('收到', { replyTo: card })
    expect((await chen.sees()).words).toBe('已签收')
    await chen.says('已收到六个区的要点', { replyTo: card })
    expect((await cardOf(wang, '报送信息要点')).card?.text).toContain('最新进展:已收到六个区的要点')
    const own = await cardOf(cao, '报送信息要点')
    await cao.says('收到', { replyTo: own })
    await cao.says('已完成 材料已发', { replyTo: own })
    await chen.says('已完成 要点已报', { replyTo: card })
    await wang.says('退回 请补充数据', { replyTo: await cardOf(wang, '报送信息要点') })
    expect((await cardOf(chen, '报送信息要点')).card?.text).toContain('理由:请补充数据')
    await cast.office
      .person('褚燕')
      .says('同意', { replyTo: card })
      .catch(() => undefined)
    expect((await cardOf(chen, '报送信息要点')).card?.title).toBe('督办 · 办理中')
  })

  it('列表、我的、逾期、台账、编号、查、待办、今日、统计', async () => {
    const { wang, chen, feng, office } = cast
    await given('@陈晨 抽查档案管理 今天下班前')
    const number = /督〔2026〕(\d+)号/.exec((await chen.seesCard()).words)
    await chen.says('/督办 我的')
    expect((await chen.seesCard()).card.text).toContain('抽查档案管理')
    await wang.says(`/督办 督[2026]${number?.[1]}号`)
    expect((await wang.seesCard()).card.title).toBe('督办 · 已交办')
    await wang.says('/督办 督〔2026〕999号')
    expect((await wang.sees()).words).toContain('未找到您能查看的督〔2026〕999号')
    await feng.says('/查 抽查档案')
    expect((await feng.seesCard()).card.text).toContain(String(number?.[0]))
    await feng.says(`/查 ${number?.[0]}`)
    expect((await feng.seesCard()).card.text).toContain('抽查档案管理')
    await chen.says('/待办')
    expect((await chen.seesCard()).card.text).toContain('抽查档案管理')
    await chen.says('/今日')
    const today = await chen.seesCard()
    expect(today.card.text).toContain('抽查档案管理')
    await chen.presses('签收', { on: today })
    expect((await cardOf(chen, '抽查档案')).card?.title).toBe('督办 · 办理中')

    await wang.says('/督办 列表')
    expect((await wang.seesCard()).card.title).toBe('督办 · 列表')
    await wang.says('/督办 台账')
    const page = await wang.seesCard()
    expect(page.card.title).toMatch(/^督办台账 · 1\d项$/)
    expect(labels(page).filter(label => label === '查看')).toHaveLength(10)
    await wang.presses('下一页', { on: page })
    const second = (await wang.messages()).find(one => one.message_id === page.message_id) as Seen
    expect(second.card?.text).toContain('第2页,共2页')
    expect(labels(second)).not.toContain('下一页')
    const rest = labels(second).filter(label => label === '查看').length
    expect(page.card.title).toContain(String(10 + rest))
    await wang.presses('上一页', { on: second })
    const first = (await wang.messages()).find(one => one.message_id === page.message_id) as Seen
    expect(first.card?.text).toBe(page.card.text)
    expect(labels(first)).not.toContain('上一页')
    await wang.presses('筛选', { on: first, form: { state: 'closed', unit: 'all', source: 'all', month: '2026-11' } })
    const closed = (await wang.messages()).find(one => one.message_id === page.message_id) as Seen
    expect(closed.card?.title).toBe('督办台账 · 2项')
    await wang.presses('查看', { on: closed })
    expect((await wang.seesCard()).card.title).toBe('督办 · 已办结')
    await wang.says('/督办 统计')
    const stats = (await wang.seesCard()).card
    expect(stats.title).toBe('督办统计 · 2026年11月')
    expect(stats.text).toMatch(/办结率 .*%\(2\/1\d\)/)
    expect(stats.text).toContain('综治科:应办')
    expect(stats.text).not.toContain('陈晨')
    await office.person('褚燕').says('/督办 列表')
    expect((await office.person('褚燕').seesCard()).card.text).not.toContain('抽查档案')
  })

  it('设定知悉范围的事项,别人的列表、查找、编号和按钮都不可及', async () => {
    const { wang, li, zhou, chen, feng } = cast
    await wang.says('/督办 @陈晨 专项核查 12月8日下班前 知悉范围:李静')
    await wang.presses('送审')
    await li.presses('同意交办')
    const own = await chen.seesCard()
    const number = /督〔2026〕\d+号/.exec(own.words)?.[0]
    for (const outsider of [zhou, feng]) {
      await outsider.says('/督办 列表')
      expect((await outsider.seesCard()).card.text).not.toContain('专项核查')
      await outsider.says('/查 专项核查')
      expect((await outsider.seesCard()).card.text).toContain('没有找到')
      await outsider.says(`/督办 ${number}`)
      expect((await outsider.sees()).words).toContain('未找到您能查看的')
      expect((await outsider.forges('签收', own)).toast?.content).toBe('未找到该督办事项')
      expect(
        (await outsider.messages()).filter(
          one => one.words.includes('专项核查') && one.sender === 'bot' && !one.words.includes('没有找到'),
        ),
      ).toEqual([])
    }
    await wang.says('/督办 列表')
    expect((await wang.seesCard()).card.text).toContain('专项核查')
  })

  it('知悉范围内没有人能审批时,送审即被说明', async () => {
    await cast.wang.says('/督办 @陈晨 内部核查 12月8日下班前 知悉范围:曹颖')
    expect((await cast.wang.presses('送审')).toast?.content).toContain('没有可以审批的人员')
    expect((await cast.wang.seesCard()).card.title).toBe('督办 · 拟办')
  })

  it('再交办:由回音开出续办事项', async () => {
    const { zhang, chen, wang, li } = cast
    await given('@陈晨 走访重点企业 12月8日下班前 交办领导:张明')
    await chen.presses('签收')
    await chen.presses('申请办结', { on: await cardOf(chen, '走访重点企业'), form: { word_own: '已走访12家' } })
    await wang.presses('同意办结', { on: await cardOf(wang, '走访重点企业') })
    await li.presses('同意办结')
    await zhang.presses('再交办')
    const form = await zhang.seesCard()
    expect(form.card.title).toBe('督办 · 填写')
    await zhang.presses('拟办', {
      form: {
        lead: chen.id,
        assistants: [],
        title: '走访其余企业',
        due: '12月20日17:30',
        source: 'LDJB',
        urgency: 'normal',
        frequency: 'once',
      },
    })
    expect((await zhang.seesCard()).card.text).toMatch(/续办 督〔2026〕\d+号/)
    const echo = (await zhang.messages()).filter(one => one.card?.title === '回音 · 已办结').at(-1) as Seen
    expect(labels(echo)).toEqual(['再交办'])
    expect(echo.words).toContain('审定 李静')
    await zhang.presses('交办')
    expect((await chen.seesCard()).card.text).toContain('走访其余企业')
  })
})
