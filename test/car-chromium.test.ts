import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { findChromium, launch, PHONE, Tab } from './harness/chromium.ts'
import { Demo } from './harness/demo.ts'

const BOT = '回音'
const FURNISHED_WITHIN_MS = 120_000
const PLACE = '区检察院'

const found = findChromium()

/** A request on six phones: refused by a rule, corrected, approved by three people, and before the dispatcher. */
describe.skipIf(!found && !process.env.CI)('用车申请,在手机上', { timeout: 180_000 }, () => {
  let browser: Browser
  let demo: Demo
  let phones: BrowserContext
  let chen: Tab
  let feng: Tab
  let li: Tab
  let zhang: Tab
  let jiang: Tab
  beforeAll(async () => {
    if (!found) throw new Error('CI without Chromium: install it, or let CHROMIUM name it')
    demo = await Demo.open()
    browser = await launch(found)
    phones = await browser.newContext(PHONE)
    const open = async (name: string) => Tab.open(await phones.newPage(), demo.url, name, BOT)
    chen = await open('陈晨')
    feng = await open('冯军')
    li = await open('李静')
    zhang = await open('张明')
    jiang = await open('蒋勇')
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
  async function shown(tab: Tab, words: string, name: string): Promise<void> {
    await tab.card(words).scrollIntoViewIfNeeded()
    await tab.shot(`car-${name}`)
    const wide = await tab.page.evaluate(() =>
      [...document.querySelectorAll('html, body, .flow, [data-testid=card]')]
        .filter(box => box.scrollWidth > box.clientWidth)
        .map(box => box.className || box.tagName),
    )
    expect(wide, name).toEqual([])
  }

  const done = (words: string) => ({ type: 'success', words })

  it('不属于公务的不能提交;在表单里改正后可以', async () => {
    await chen.says(`/用车 下周三9:00-11:00 ${PLACE} 接孩子放学回家 出市 依据:市委办〔2026〕9号`)
    await chen.seesTitle(PLACE, '用车 · 草稿')
    await chen.seesInCard(PLACE, /不得用车\s*该事由不属于公务/)
    await chen.seesNoButton(PLACE, '提交')
    await shown(chen, PLACE, '01-forbidden')
    await chen.button(PLACE, '修改').click()
    const form = chen.card('用车 · 修改')
    await form.getByPlaceholder(/^写明公务内容/).fill('参加案件评查座谈会')
    await shown(chen, '用车 · 修改', '02-form')
    await form.getByRole('button', { name: '保存', exact: true }).click()
    await chen.seesInCard(
      PLACE,
      '参加案件评查座谈会',
      /1\. 科室负责人\s*冯军/,
      /2\. 办公室主任\s*李静/,
      /3\. 分管领导\s*张明/,
    )
    await shown(chen, PLACE, '03-draft')
    expect(await chen.presses(PLACE, '提交')).toEqual(done('已提交'))
  })

  it('三人依次同意,编号后送车管员', async () => {
    await feng.seesTitle(PLACE, '用车 · 待科室审核')
    expect(await feng.presses(PLACE, '驳回')).toEqual({ type: 'error', words: '请填写驳回的理由' })
    await feng.card(PLACE).getByPlaceholder(/^意见/).fill('请按时返回')
    await shown(feng, PLACE, '04-section')
    expect(await feng.presses(PLACE, '同意')).toEqual(done('已同意'))
    await li.seesTitle(PLACE, '用车 · 待办公室审批')
    expect(await li.presses(PLACE, '同意')).toEqual(done('已同意'))
    await zhang.seesTitle(PLACE, '用车 · 待领导审批')
    await zhang.seesInCard(PLACE, /冯军 已同意.*意见:请按时返回/, /李静 已同意/)
    await shown(zhang, PLACE, '05-leader')
    expect(await zhang.presses(PLACE, '同意')).toEqual(done('已同意'))
    await chen.seesTitle(PLACE, '用车 · 待派车')
    await chen.seesInCard(PLACE, /派〔20\d\d〕1号/)
    await feng.seesNoButton(PLACE)
    // it does not leave before the next workday is over: nobody is called for it, it stands in the list
    await jiang.says('/用车 待派')
    await jiang.seesInCard('共1项,按出发时间排列', PLACE)
    await shown(jiang, PLACE, '06-dispatcher')
  })

  it('我的用车里查得到,取消后空出', async () => {
    await chen.says('/用车 我的')
    await chen.seesInCard(/^我的用车 · 1件$/, PLACE)
    await chen.button(/^我的用车 · 1件$/, '查看').click()
    await chen.seesTitle(PLACE, '用车 · 待派车')
    await chen.button(PLACE, '取消用车').first().click()
    await chen.page.getByRole('button', { name: /^(确定|确认)$/ }).click()
    await chen.seesTitle(PLACE, '用车 · 已取消')
    await jiang.says('/用车 待派')
    await jiang.seesInCard('目前没有待派车的用车申请。')
    expect(chen.complaints).toEqual([])
  })
})
