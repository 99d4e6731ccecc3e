import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { findChromium, launch, PHONE, Tab } from './harness/chromium.ts'
import { Demo } from './harness/demo.ts'

const BOT = '回音'
const FURNISHED_WITHIN_MS = 120_000
const PLACE = '云山县法院'
const DISPATCH = /^派车 · 派〔20\d\d〕1号$/
const RUN = /^出车 · (待出车|在途|已回场)$/

const found = findChromium()

/** One trip on six phones: refused by the rules, corrected, approved by three people, dispatched, driven, confirmed and closed. */
describe.skipIf(!found && !process.env.CI)('一次用车,从申请到核对,在手机上', { timeout: 180_000 }, () => {
  let browser: Browser
  let demo: Demo
  let chen: Tab
  let feng: Tab
  let li: Tab
  let zhang: Tab
  let jiang: Tab
  let liang: Tab
  let shots = 0
  beforeAll(async () => {
    if (!found) throw new Error('CI without Chromium: install it, or let CHROMIUM name it')
    demo = await Demo.open()
    browser = await launch(found)
    // each phone is a browser of its own: one alone keeps no more than six connections to a server, and each page holds one
    const open = async (name: string) =>
      Tab.open(await (await browser.newContext(PHONE)).newPage(), demo.url, name, BOT)
    jiang = await open('蒋勇')
    await vi.waitFor(isFurnished, { timeout: FURNISHED_WITHIN_MS, interval: 2_000 })
    ;[chen, feng, li] = [await open('陈晨'), await open('冯军'), await open('李静')]
    ;[zhang, liang] = [await open('张明'), await open('沈亮')]
    await demo.turnsToMorning()
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await demo?.close()
  })

  /** The drivers are what the administrator puts on file last. */
  async function isFurnished(): Promise<void> {
    await jiang.says('/用车 司机')
    const [drivers = ''] = await jiang.card(/^驾驶员/).allInnerTexts()
    if (!/马师傅/.test(drivers)) throw new Error(`not all drivers are on file: ${drivers}`)
  }

  /** A picture of the card as it hangs on the phone, and that nothing hangs over its side. */
  async function shown(tab: Tab, words: string | RegExp, name: string): Promise<void> {
    await tab.card(words).scrollIntoViewIfNeeded()
    shots++
    await tab.shot(`trip-${String(shots).padStart(2, '0')}-${name}`)
    const wide = await tab.page.evaluate(() =>
      [...document.querySelectorAll('html, body, .flow, [data-testid=card]')]
        .filter(box => box.scrollWidth > box.clientWidth)
        .map(box => box.className || box.tagName),
    )
    expect(wide, name).toEqual([])
  }

  const done = (words: string) => ({ type: 'success', words })

  it('接送子女不予受理;改写事由后可以提交', async () => {
    await chen.says(`/用车 今天10:00-11:30 ${PLACE} 接孩子放学 2人 出市`)
    await chen.seesTitle(PLACE, '用车 · 草稿')
    await chen.seesInCard(PLACE, '该事由不属于公务,不得使用公务用车。')
    await chen.seesNoButton(PLACE, '提交')
    await shown(chen, PLACE, 'refused')
    await chen.turnsTo()
    await chen.button(PLACE, '修改').click()
    const FORM = /^用车 · 修改$/
    await chen.card(FORM).getByRole('textbox', { name: '事由' }).first().fill('参加涉农案件审判工作座谈会')
    await shown(chen, FORM, 'edit')
    expect((await chen.presses(FORM, '保存')).type).toBe('success')
    await chen.seesInCard(PLACE, /科室负责人\s*冯军/, /办公室主任\s*李静/, /分管领导\s*张明/)
    await shown(chen, PLACE, 'corrected')
    expect((await chen.presses(PLACE, '提交')).type).toBe('success')
  })

  it('科室、办公室、分管领导依次同意,编号产生', async () => {
    for (const [tab, state] of [
      [feng, '待科室审核'],
      [li, '待办公室审批'],
      [zhang, '待领导审批'],
    ] as const) {
      await tab.seesTitle(PLACE, `用车 · ${state}`)
      await shown(tab, PLACE, 'approve')
      expect(await tab.presses(PLACE, '同意')).toEqual(done('已同意'))
    }
    await chen.seesInCard(PLACE, /派〔20\d\d〕1号/, /张明 已同意/)
  })

  it('派车:建议已备好,一键派出', async () => {
    await jiang.says('/用车 待派')
    await jiang.seesInCard(/^待派车$/, PLACE)
    await shown(jiang, /^待派车$/, 'pending')
    await jiang.button(/^待派车$/, '派车').click()
    await jiang.seesInCard(DISPATCH, /建议:\s*江A/, '不宜派出的车辆')
    await shown(jiang, DISPATCH, 'proposal')
    expect((await jiang.presses(DISPATCH, '派车')).words).toMatch(/^已派车:江A\w+ 沈亮$/)
    await chen.seesInCard(/^用车已批准$/, /【用车已批准】派〔20\d\d〕1号。车辆:江A/)
    await shown(chen, /^用车已批准$/, 'told')
  })

  it('出车、回场登记里程和费用', async () => {
    await liang.seesTitle(RUN, '出车 · 待出车')
    await liang.seesInCard(RUN, PLACE, '参加涉农案件审判工作座谈会')
    await shown(liang, RUN, 'planned')
    const reading = liang.card(RUN).getByRole('textbox', { name: /^出车里程表读数/ })
    const before = Number(await reading.inputValue())
    expect(before).toBeGreaterThan(0)
    expect((await liang.presses(RUN, '出车')).words).toMatch(/^已出车:江A/)
    await liang.seesTitle(RUN, '出车 · 在途')
    await shown(liang, RUN, 'out')
    await liang
      .card(RUN)
      .getByRole('textbox', { name: /^回场里程表读数/ })
      .fill(String(before + 64))
    await liang.card(RUN).getByRole('textbox', { name: '停车费(元)' }).fill('10')
    expect((await liang.presses(RUN, '回场')).words).toMatch(/^已回场:江A\w+,行驶64公里$/)
    await liang.seesTitle(RUN, '出车 · 已回场')
    await shown(liang, RUN, 'back')
  })

  it('乘车人确认,车管员核对完成', async () => {
    await chen.seesTitle(PLACE, '用车 · 已回场')
    await shown(chen, PLACE, 'returned')
    expect(await chen.presses(PLACE, '确认行程')).toEqual(done('已确认行程'))
    await jiang.seesInCard(RUN, /乘车人确认\s*陈晨 已确认/, /费用\s*停车费10元/)
    await shown(jiang, RUN, 'check')
    expect(await jiang.presses(RUN, '核对完成')).toEqual(done('已核对完成'))
    await chen.seesTitle(PLACE, '用车 · 已完成')
    await shown(chen, PLACE, 'completed')
  })
})
