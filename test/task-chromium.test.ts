import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { findChromium, launch, PHONE, Tab } from './harness/chromium.ts'
import { Demo } from './harness/demo.ts'
import { sheetOf, workbook } from './harness/workbook.ts'

const BOT = '回音'
const FURNISHED_WITHIN_MS = 120_000
const MATTER = '报送平安建设全年总结'
/** Feishu's -100 shade (feishu-platform.md 3.8): #D0F5CE. */
const GREEN = 'rgb(208, 245, 206)'

const found = findChromium()

/** The whole life of a 督办 on four phones: from the draft to the 回音 and the new instruction on it. */
describe.skipIf(!found && !process.env.CI)('督办的一生,在手机上', { timeout: 180_000 }, () => {
  let browser: Browser
  let demo: Demo
  let phones: BrowserContext
  let wang: Tab
  let li: Tab
  let chen: Tab
  let zhang: Tab
  let shots = 0
  beforeAll(async () => {
    if (!found) throw new Error('CI without Chromium: install it, or let CHROMIUM name it')
    demo = await Demo.open()
    browser = await launch(found)
    phones = await browser.newContext(PHONE)
    const open = async (name: string) => Tab.open(await phones.newPage(), demo.url, name, BOT)
    ;[wang, li, chen, zhang] = [await open('王强'), await open('李静'), await open('陈晨'), await open('张明')]
    await vi.waitFor(isFurnished, { timeout: FURNISHED_WITHIN_MS, interval: 2_000 })
    await demo.turnsToMorning()
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await demo?.close()
  })

  /** The administrator's last word in the first half minute has been said. */
  async function isFurnished(): Promise<void> {
    const [roles = ''] = await zhang.card('角色').allInnerTexts()
    if (/安全审计员\s*曹颖/.test(roles)) return
    await zhang.says('/角色')
    throw new Error(`not all roles are set: ${roles}`)
  }

  /** A picture of the card as it hangs on the phone, and that nothing hangs over its side. */
  async function shown(tab: Tab, words: string | RegExp, name: string): Promise<void> {
    await tab.card(words).scrollIntoViewIfNeeded()
    shots++
    await tab.shot(`task-${String(shots).padStart(2, '0')}-${name}`)
    const wide = await tab.page.evaluate(() =>
      [...document.querySelectorAll('html, body, .flow, [data-testid=card]')]
        .filter(box => box.scrollWidth > box.clientWidth)
        .map(box => box.className || box.tagName),
    )
    expect(wide, name).toEqual([])
  }

  const done = (words: string) => ({ type: 'success', words })
  const fill = (tab: Tab, hint: RegExp, text: string, words: string | RegExp = MATTER) =>
    tab.card(words).getByPlaceholder(hint).first().fill(text)

  it('拟办、送审、同意交办', async () => {
    await wang.says(`/督办 @陈晨 @郑洁 ${MATTER} 下下周三下班前 来源:会议议定 加急 反馈:每周 交办领导:张明`)
    await wang.seesTitle(MATTER, '督办 · 拟办')
    await wang.seesInCard(MATTER, /牵头\s*综治科\s*@陈晨/, /来源\s*会议议定/, /反馈频次\s*每周/)
    await shown(wang, MATTER, 'draft')
    expect(await wang.presses(MATTER, '送审')).toEqual(done('已送审'))
    await li.seesTitle(MATTER, '督办 · 待审批')
    await shown(li, MATTER, 'submitted')
    expect(await li.presses(MATTER, '同意交办')).toEqual(done('已同意交办'))
    await wang.seesTitle(MATTER, '督办 · 已交办')
    await wang.seesInCard(MATTER, /督〔20\d\d〕1号/)
    await shown(wang, MATTER, 'assigned-supervisor')
    await shown(zhang, MATTER, 'assigned-leader')
  })

  it('签收、反馈进展', async () => {
    await chen.seesTitle(MATTER, '督办 · 已交办')
    await shown(chen, MATTER, 'assigned')
    expect(await chen.presses(MATTER, '签收')).toEqual(done('已签收'))
    await chen.seesTitle(MATTER, '督办 · 办理中')
    expect(await chen.presses(MATTER, '反馈进展')).toEqual({ type: 'error', words: '请填写反馈进展的内容' })
    await fill(chen, /^说明/, '已收齐各科室材料,正在汇总')
    await fill(chen, /^进度/, '60')
    expect(await chen.presses(MATTER, '反馈进展')).toEqual(done('已反馈进展'))
    await chen.seesInCard(MATTER, '最新进展(60%):已收齐各科室材料')
    await shown(chen, MATTER, 'underway')
    await wang.seesInCard(MATTER, '已收齐各科室材料')
    await fill(wang, /^说明/, '请按期报送')
    expect(await wang.presses(MATTER, '催办')).toEqual(done('已催办'))
    expect(await wang.presses(MATTER, '催办')).toEqual({
      type: 'info',
      words: '今日已催办过,每个事项每天最多催办一次',
    })
    await shown(wang, MATTER, 'underway-supervisor')
    await chen.seesTitle(MATTER, '督办 · 催办')
    await shown(chen, MATTER, 'nudged')
    await chen.presses(MATTER, '查看')
    await chen.seesTitle(MATTER, '督办 · 办理中')
  })

  it('申请延期,同意', async () => {
    await fill(chen, /^说明/, '两个区县尚未报送')
    await fill(chen, /^申请延期至/, '下下周五下班前')
    expect(await chen.presses(MATTER, '申请延期')).toEqual(done('已申请延期'))
    await li.seesTitle(MATTER, '督办 · 延期待批')
    await li.seesInCard(MATTER, /陈晨申请延期/, '理由:两个区县尚未报送')
    await shown(li, MATTER, 'extending')
    expect(await li.presses(MATTER, '同意延期')).toEqual(done('已同意延期'))
    await chen.seesTitle(MATTER, '督办 · 办理中')
    await chen.seesInCard(MATTER, /原时限/, '延期1次')
  })

  it('申请办结、初审、审定;领导得到回音', async () => {
    await fill(chen, /^说明/, '总结已报省委政法委')
    expect(await chen.presses(MATTER, '申请办结')).toEqual(done('已申请办结'))
    await wang.seesTitle(MATTER, '督办 · 办结待审')
    await shown(wang, MATTER, 'finished-check')
    expect(await wang.presses(MATTER, '同意办结')).toEqual(done('已初审同意'))
    await li.seesTitle(MATTER, '督办 · 办结待审')
    await shown(li, MATTER, 'finished-close')
    expect(await li.presses(MATTER, '同意办结')).toEqual(done('已同意办结'))
    await chen.seesTitle(MATTER, '督办 · 已办结')
    expect(await chen.headerColour(MATTER)).toBe(GREEN)
    await zhang.seesTitle(MATTER, '回音 · 已办结')
    await zhang.seesInCard(MATTER, '总结已报省委政法委', '按时办结', /办理单位\s*综治科 陈晨/)
    await shown(zhang, MATTER, 'echo')
  })

  it('再交办:由回音开出新的一项', async () => {
    await zhang.presses(MATTER, '再交办')
    const FORM = '根据办理结果再次交办,请核对后提交。'
    await zhang.seesTitle(FORM, '督办 · 填写')
    await shown(zhang, FORM, 'again-form')
    await zhang.card(FORM).getByRole('textbox', { name: '事项名称' }).fill('通报全年总结报送情况')
    expect(await zhang.presses(FORM, '拟办')).toEqual(done('已拟办'))
    await zhang.seesTitle('通报全年总结报送情况', '督办 · 拟办')
    await zhang.seesInCard('通报全年总结报送情况', /续办 督〔20\d\d〕1号/)
    await shown(zhang, '通报全年总结报送情况', 'again')
    expect(await zhang.presses('通报全年总结报送情况', '交办')).toEqual(done('已交办'))
    await chen.seesTitle('通报全年总结报送情况', '督办 · 已交办')
  })

  it('代理:领导出差,代理人代批,各处写明', async () => {
    await zhang.says('/角色 代理 @冯军 今天至下周五')
    const STAND = /^代理 · 代理中$/
    await zhang.seesTitle(STAND, '代理 · 代理中')
    await shown(zhang, STAND, 'deputy')
    const feng = await Tab.open(await phones.newPage(), demo.url, '冯军', BOT)
    await feng.seesTitle(STAND, '代理 · 代理中')
    await chen.presses('通报全年总结报送情况', '签收')
    await fill(chen, /^说明/, '已通报', '通报全年总结报送情况')
    await chen.presses('通报全年总结报送情况', '申请办结')
    await wang.presses('通报全年总结报送情况', '同意办结')
    await feng.says('/待办')
    await feng.seesInCard(/^待办 · /, '通报全年总结报送情况')
    await shown(feng, /^待办 · /, 'deputy-todo')
    await feng.presses(/^待办 · /, '同意办结')
    await zhang.seesInCard('通报全年总结报送情况', /审定\s*张明/)
    await chen.seesInCard('通报全年总结报送情况', '冯军 代 张明 同意办结')
    await shown(chen, '通报全年总结报送情况', 'deputy-decided')
    await feng.page.close()
  })

  it('分行编号:核对后一次拟办', async () => {
    await wang.page
      .getByTestId('composer')
      .fill(
        '/督办 来源:会议议定\n1. 陈晨 汇总矛盾纠纷排查情况 下下周三下班前\n2. 李小龙 整理值班台账 下下周五下班前\n3. 郑洁 报送信访维稳周报 下下周四下班前 加急',
      )
    await wang.page.getByTestId('composer').press('Enter')
    const CHECK = /^督办 · 批量请核对 · 3项$/
    await wang.seesTitle(CHECK, '督办 · 批量请核对 · 3项')
    await wang.seesInCard(CHECK, '可拟办2项。第2项有误', '有误:未识别出牵头人,请将姓名写在行首')
    await shown(wang, CHECK, 'batch')
    expect(await wang.presses(CHECK, '全部拟办(2项)')).toEqual(done('已拟办2项'))
    await shown(wang, /^督办 · 批量已拟办 · 3项$/, 'batch-drafted')
  })

  it('发送表格:读取后核对', async () => {
    const bytes = workbook(
      sheetOf([
        ['事项名称', '牵头人', '完成时限'],
        ['上报年度考核材料', '陈晨', '下下周三下班前'],
        ['整理会议档案', '', ''],
      ]),
    )
    await wang.turnsTo()
    await wang.page.getByRole('button', { name: '附件' }).click()
    await wang.page
      .locator('input[type=file]')
      .setInputFiles({ name: '督办汇总.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) })
    const CHECK = '来自《督办汇总.xlsx》'
    await wang.seesTitle(CHECK, '督办 · 批量请核对 · 2项')
    await wang.seesInCard(CHECK, '可拟办1项。第2项有误', '有误:请填写牵头人')
    await shown(wang, CHECK, 'workbook')
  })

  it('页面没有出错', () => {
    expect([wang, li, chen, zhang].flatMap(tab => tab.complaints)).toEqual([])
  })
})
