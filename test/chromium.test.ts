import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { DESKTOP, eventually, findChromium, launch, PHONE, Tab } from './harness/chromium.ts'
import { Demo } from './harness/demo.ts'

const GROUP = '督查工作群'
const BOT = '回音'
/** Feishu's -100 shades (feishu-platform.md 3.8): #D0F5CE, #FEE3E2. */
const GREEN = 'rgb(208, 245, 206)'
const RED = 'rgb(254, 227, 226)'
const DUE = /\d{1,2}月\d{1,2}日\(周[一二三四五六日]\)17:30/
const THUMB_PX = 40

const found = findChromium()
if (!found && !process.env.CI)
  process.stderr.write('No Chromium found: the demo is not walked in a browser. CHROMIUM may name one.\n')

describe.skipIf(!found && !process.env.CI)('演示在浏览器里', { timeout: 120_000 }, () => {
  let browser: Browser
  let demo: Demo
  let desk: BrowserContext
  let wang: Tab
  let zheng: Tab
  let feng: Tab
  beforeAll(async () => {
    if (!found) throw new Error('CI without Chromium: install it, or let CHROMIUM name it')
    demo = await Demo.open()
    browser = await launch(found)
    desk = await browser.newContext(DESKTOP)
    ;[wang, zheng, feng] = await sit(desk)
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await demo?.close()
  })

  /** The giver, the assignee, and one who only looks, each in a tab with the group open. */
  async function sit(context: BrowserContext): Promise<[Tab, Tab, Tab]> {
    const open = async (name: string) => Tab.open(await context.newPage(), demo.url, name, GROUP)
    return [await open('王强'), await open('郑洁'), await open('冯军')]
  }

  it.runIf(process.env.SCREENSHOT)('一张给自述文件的图', async () => {
    await wang.page.getByRole('button', { name: '下个工作日 8:30' }).click()
    await eventually(async () =>
      expect(await wang.page.getByTestId('clock').getAttribute('data-now')).toMatch(/T00:3\d:/),
    )
    await feng.says('@回音 /交办 @陈晨 下周四下班前汇总各区县平安建设半年总结')
    await feng.seesTitle('汇总各区县平安建设半年总结', '交办 · 待签收')
    await wang.says('@回音 /交办 @郑洁 下周二下班前把三楼会议室投影仪修好')
    await zheng.card('把三楼会议室投影仪修好').getByPlaceholder('说明').fill('已更换灯泡,试机正常')
    await zheng.presses('把三楼会议室投影仪修好', '完成')
    await wang.seesTitle('把三楼会议室投影仪修好', '交办 · 待确认')
    await wang.turnsTo()
    await wang.page.mouse.move(640, 80)
    await wang.page.getByTestId('clock').locator('.spinner').waitFor({ state: 'detached' })
    await wang.page.screenshot({ path: 'simulator/screenshot.png' })
    await supervised('报送平安建设半年总结')
  })

  /** A supervised task as its lead finds it on a phone. */
  async function supervised(title: string): Promise<void> {
    await vi.waitFor(async () => expect(await rolesToSet()).toBe(0), { timeout: 60_000, interval: 500 })
    await wang.opens(BOT)
    await wang.says(`/督办 @陈晨 @赵敏 ${title} 12月11日下班前 来源:会议议定 加急`)

    await wang.presses(title, '送审')
    const li = await Tab.open(await desk.newPage(), demo.url, '李静', BOT)
    await li.presses(title, '同意交办')
    const phone = await browser.newContext(PHONE)
    const chen = await Tab.open(await phone.newPage(), demo.url, '陈晨', BOT)
    await chen.seesTitle(title, '督办 · 已交办')
    await chen.page.screenshot({ path: 'simulator/screenshot-phone.png' })
    await phone.close()
  }

  /** How many lines the demo's administrator has still to say. */
  async function rolesToSet(): Promise<number> {
    const answer = await fetch(`${demo.url}/sim/script`, { method: 'POST', body: '{}' })
    return ((await answer.json()) as { left: number }).left
  }

  it('三人同看一件交办,从交办到确认', () => walk(wang, zheng, feng, '把投影仪修好', '1280'))

  it('手机上同样走到底,不横向滚动,按钮按得着', async () => {
    const phone = await browser.newContext(PHONE)
    const tabs = await sit(phone)
    await walk(...tabs, '把会议室音响修好', '400')
    await phone.close()
  })

  it('缺内容给表单:必填项当场提醒,选人填写后就地变成事项', async () => {
    await wang.opens(BOT)
    await wang.says('/交办')
    await wang.seesTitle('请选择交给谁办理。', '交办 · 填写')
    const form = wang.card('请选择交给谁办理。')
    const id = await form.getAttribute('data-message-id')
    await form.getByRole('button', { name: '交办', exact: true }).click()
    await wang.seesInCard('请选择交给谁办理。', '请填写此项')
    await wang.shot('form-1-required')

    await form.getByRole('button', { name: '选择承办人' }).click()
    await wang.page.getByRole('checkbox', { name: '郑洁' }).check()
    await wang.page.getByRole('button', { name: '完成（1）' }).click()
    await form.getByRole('textbox', { name: '事项' }).fill('整理会议纪要')
    await form.getByRole('textbox', { name: '完成时限' }).fill('明天下班前')
    await wang.shot('form-2-filled')
    expect(await wang.presses('请选择交给谁办理。', '交办')).toEqual({ type: 'success', words: '已交办' })
    await wang.seesTitle('整理会议纪要', '交办 · 待签收')
    expect(await wang.card('整理会议纪要').getAttribute('data-message-id')).toBe(id)
    await wang.seesInCard('整理会议纪要', '郑洁', DUE)
    await wang.shot('form-3-given')
  })

  it('退回须写理由,交办人看到红色的已退回', async () => {
    await zheng.opens(BOT)
    await zheng.seesTitle('整理会议纪要', '交办 · 待签收')
    expect(await zheng.presses('整理会议纪要', '退回')).toEqual({ type: 'error', words: '请填写退回的理由' })
    await zheng.card('整理会议纪要').getByPlaceholder('说明').fill('不属本科室职责')
    await zheng.shot('return-1-reason')
    expect(await zheng.presses('整理会议纪要', '退回')).toEqual({ type: 'success', words: '已退回' })
    await wang.seesTitle('整理会议纪要', '交办 · 已退回')
    await wang.seesInCard('整理会议纪要', '郑洁 已退回', '理由:不属本科室职责')
    expect(await wang.headerColour('整理会议纪要')).toBe(RED)
    await wang.seesNoButton('整理会议纪要')
    await wang.shot('return-2-told')
  })

  it('写错的命令得到建议,按一下即办', async () => {
    await wang.opens(BOT)
    await wang.says('/交半 郑洁 后天写总结')
    await wang.seesInCard('未能识别', '交半')
    await wang.shot('unknown-1-proposal')
    await wang.presses('未能识别', '/交办 郑洁 后天写总结')
    await wang.seesTitle('写总结', '交办 · 待签收')
    await wang.shot('unknown-2-given')
  })

  it('待办里按按钮,列表随之重画', async () => {
    await zheng.opens(BOT)
    await zheng.says('/帮助')
    await zheng.seesTitle('回音 · 帮助', '回音 · 帮助')
    await zheng.shot('todo-1-help')
    await zheng.presses('回音 · 帮助', '/待办')
    await zheng.seesTitle(/^待办 · /, '待办 · 1项')
    await zheng.shot('todo-2-list')
    expect(await zheng.presses(/^待办 · /, '签收')).toEqual({ type: 'success', words: '已签收' })
    await zheng.seesNoButton(/^待办 · /, '签收')
    await zheng.seesInCard(/^待办 · /, '办理中')
    await zheng.presses(/^待办 · /, '完成')
    await zheng.seesInCard('目前没有待办事项。', '待办')
    await zheng.shot('todo-3-empty')
  })

  it('页面一时忙,几处变动一起到,一处不漏', async () => {
    for (const tab of [wang, zheng]) await tab.opens(GROUP)
    await wang.says('@回音 /交办 @郑洁 后天下班前核对名册')
    await zheng.seesTitle('核对名册', '交办 · 待签收')
    await wang.seesTitle('核对名册', '交办 · 待签收')
    const busy = wang.page.evaluate(ms => {
      for (const until = performance.now() + ms; performance.now() < until; );
    }, 3_000)
    await zheng.presses('核对名册', '完成')
    await busy
    await wang.seesTitle('核对名册', '交办 · 待确认')
    await wang.row(BOT).getByTitle('条未读').waitFor()
    await wang.presses('核对名册', '确认完成')
  })

  it('转发卡片:选会话,那里多一份不能操作的副本,转发的人署名;原卡照常', async () => {
    await zheng.opens(GROUP)
    const copies = zheng.page.locator('[data-inert=forwarded]')
    await wang.opens(BOT)
    await wang.says('/交办 郑洁 把打印机修好')
    await wang.seesTitle('把打印机修好', '交办 · 待签收')
    await wang.page.getByTestId('message').last().getByRole('button', { name: '更多操作' }).press('Enter')
    await wang.page.getByRole('button', { name: '转发', exact: true }).click()
    const dialog = wang.page.getByTestId('forward')
    expect(await dialog.getByRole('button', { name: '发送' }).isDisabled()).toBe(true)
    await dialog.getByRole('radio', { name: GROUP }).check()
    await wang.shot('forward-1-choose')
    await dialog.getByRole('button', { name: '发送' }).click()
    await wang.page
      .getByTestId('toast')
      .filter({ hasText: `已转发至“${GROUP}”` })
      .waitFor()
    await copies.getByText('转发的卡片，不能操作').waitFor()
    expect(await copies.locator('button:enabled').count()).toBe(0)
    expect(await copies.getByRole('button', { name: '取消' }).count()).toBe(1)
    await zheng.shot('forward-2-copy')
    await zheng.page.getByRole('article', { name: '王强的消息' }).filter({ has: copies }).waitFor()
    await zheng.opens(BOT)
    expect(await zheng.presses('把打印机修好', '签收')).toEqual({ type: 'success', words: '已签收' })
    await zheng.opens(GROUP)
    await copies.getByRole('heading', { name: '交办 · 待签收' }).waitFor()
  })

  it('标题里的标记按原样显示', async () => {
    const title = '<at id=all></at> **x** [a](http://b)'
    await wang.opens(BOT)
    await wang.says('/交办 郑洁 明天下班前')
    await wang.card('请写明交办事项。').getByRole('textbox', { name: '事项' }).fill(title)
    await wang.presses('请写明交办事项。', '交办')
    await wang.seesTitle(title, '交办 · 待签收')
    const card = wang.card(title)
    expect(await card.getByRole('strong').allInnerTexts()).toContain(title)
    expect(await card.getByRole('link').count()).toBe(0)
    await zheng.opens(BOT)
    await zheng.seesTitle(title, '交办 · 待签收')
    await zheng.shot('literal')
    await zheng.presses(title, '完成')
  })

  it('拨快时钟:过了时限,开着的页面里卡片变红', async () => {
    const all = [wang, zheng, feng]
    for (const tab of all) await tab.opens(GROUP)
    await wang.says('@回音 /交办 @郑洁 明天下班前送阅文件')
    await Promise.all(all.map(tab => tab.seesTitle('送阅文件', '交办 · 待签收')))
    const day = wang.page.getByRole('button', { name: '+1天', exact: true })
    for (const _ of ['tomorrow', 'past it']) {
      await day.click()
      await eventually(async () => expect(await day.isEnabled()).toBe(true))
    }
    await Promise.all(
      all.map(async tab => {
        await tab.seesInCard('送阅文件', /^交办 · 待签收\s+逾期/, /周.\)17:30(\((节假日|补班日)\))? · .*逾期/)
        expect(await tab.headerColour('送阅文件')).toBe(RED)
      }),
    )
    await wang.shot('late')
  })

  it('提醒:到时发来,选择稍后,拨快时钟再来,完成', async () => {
    const moves = async (label: string) => {
      const button = wang.page.getByRole('button', { name: label, exact: true })
      await button.click()
      await eventually(async () => expect(await button.isEnabled()).toBe(true))
    }
    await wang.opens(BOT)
    // from here on no morning card comes in between
    await moves('下个工作日 8:30')
    await wang.says('/提醒 30分钟后 看机房')
    await wang.seesTitle('看机房', '提醒 · 已设置')
    await moves('+1小时')
    await wang.seesTitle('看机房', '提醒')
    const card = wang.card('看机房')
    await card.getByText('20分钟', { exact: true }).click()
    await wang.page.getByRole('option', { name: '1小时', exact: true }).click()
    expect((await wang.presses('看机房', '稍后')).words).toMatch(/^将于.*再次提醒$/)
    await wang.seesTitle('看机房', '提醒 · 稍后')
    await moves('+1小时')
    await moves('+1小时')
    await wang.seesTitle('看机房', '提醒')
    expect(await wang.presses('看机房', '完成')).toEqual({ type: 'success', words: '已完成' })
    await wang.seesTitle('看机房', '提醒 · 已完成')
    await wang.seesNoButton('看机房')
    await wang.shot('reminder')
  })

  it('机器人突然断电:重启后重载,一切都在,接着办', async () => {
    for (const tab of [wang, zheng, feng]) await tab.opens(GROUP)
    await wang.says('@回音 /交办 @郑洁 后天下班前印发通知')
    await zheng.presses('印发通知', '签收')
    await demo.kill()
    await wang.page.getByTestId('offline').waitFor()
    await wang.shot('killed-1-offline')
    await demo.start()
    await Promise.all([wang, zheng, feng].map(tab => tab.page.reload()))
    await Promise.all([wang, zheng, feng].map(tab => tab.seesTitle('印发通知', '交办 · 办理中')))
    expect(await zheng.presses('印发通知', '完成')).toEqual({ type: 'success', words: '已完成' })
    await feng.seesTitle('印发通知', '交办 · 待确认')
    expect(await wang.presses('印发通知', '确认完成')).toEqual({ type: 'success', words: '已确认完成' })
    await feng.seesTitle('印发通知', '交办 · 已完成')
    await feng.seesTitle('把投影仪修好', '交办 · 已完成')
    await wang.shot('killed-2-goes-on')
  })
})

async function walk(wang: Tab, zheng: Tab, feng: Tab, matter: string, size: '1280' | '400'): Promise<void> {
  const all = [wang, zheng, feng]
  const hold = async (tab: Tab) => {
    if (size === '400') await expectPhone(tab, matter)
  }
  await wang.says(`@回音 /交办 @郑洁 明天下班前${matter}`)
  for (const tab of all) {
    await tab.seesTitle(matter, '交办 · 待签收')
    await tab.seesInCard(matter, matter, /承办人\s*@郑洁/, /交办人\s*王强/, '完成时限', DUE)
  }
  await wang.shot(`${size}-1-given`)
  await hold(feng)
  expect(await feng.presses(matter, '签收')).toEqual({ type: 'error', words: '此按钮仅限承办人使用' })
  await feng.shot(`${size}-2-refused`)

  expect(await zheng.presses(matter, '签收')).toEqual({ type: 'success', words: '已签收' })
  await Promise.all(all.map(tab => tab.seesTitle(matter, '交办 · 办理中')))
  await Promise.all(all.map(tab => tab.seesNoButton(matter, '签收')))
  await zheng.shot(`${size}-3-underway`)
  await hold(zheng)

  await wang.lists()
  await zheng.card(matter).getByPlaceholder('说明').fill('已更换配件,试用正常')
  expect(await zheng.presses(matter, '完成')).toEqual({ type: 'success', words: '已完成' })
  await feng.seesTitle(matter, '交办 · 待确认')
  await zheng.shot(`${size}-4-finished`)
  await wang.row(BOT).getByTitle('条未读').waitFor()
  await wang.shot(`${size}-5-unread`)
  await wang.opens(BOT)
  await wang.seesTitle(matter, '交办 · 待确认')
  await wang.seesInCard(matter, '郑洁 已完成', '说明:已更换配件,试用正常')
  await wang.shot(`${size}-6-answer`)
  expect(await wang.presses(matter, '确认完成')).toEqual({ type: 'success', words: '已确认完成' })
  await seesDone(wang, matter)

  await wang.opens(GROUP)
  await Promise.all(all.map(tab => seesDone(tab, matter)))
  await wang.shot(`${size}-7-confirmed`)
  await hold(wang)
  await Promise.all(all.map(tab => tab.page.reload()))
  await Promise.all(all.map(tab => seesDone(tab, matter)))
  expect(all.flatMap(tab => tab.complaints)).toEqual([])
}

async function seesDone(tab: Tab, matter: string): Promise<void> {
  await tab.seesTitle(matter, '交办 · 已完成')
  await tab.seesInCard(matter, /王强 已确认完成 · \d{1,2}月\d{1,2}日\(周.\)\d{1,2}:\d\d/)
  await tab.seesNoButton(matter)
  expect(await tab.headerColour(matter)).toBe(GREEN)
}

/** Nothing hangs over the side, what one writes in is in sight, and a thumb meets every button of the card. */
async function expectPhone(tab: Tab, matter: string): Promise<void> {
  const { page } = tab
  await tab.turnsTo()
  const wide = await page.evaluate(() =>
    [...document.querySelectorAll('html, body, .flow, [data-testid=card]')]
      .filter(box => box.scrollWidth > box.clientWidth)
      .map(box => box.className || box.tagName),
  )
  expect(wide).toEqual([])
  const composer = await page.getByTestId('composer').boundingBox()
  expect(composer && composer.y + composer.height).toBeLessThanOrEqual(page.viewportSize()?.height ?? 0)
  for (const button of await tab.card(matter).getByRole('button').all()) {
    await button.scrollIntoViewIfNeeded()
    expect((await button.boundingBox())?.height, matter).toBeGreaterThanOrEqual(THUMB_PX)
    await button.click({ trial: true })
  }
}
