import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { barriers, DESKTOP, eventually, findChromium, launch, PHONE, Tab } from './harness/chromium.ts'
import { Demo } from './harness/demo.ts'

const GROUP = '督查工作群'
const BOT = '回音'
const DRAWER = ['推送', '接口', '限额', '构造事件', '故障', '未知接口', '录制']
const found = findChromium()

describe.skipIf(!found && !process.env.CI)('页面的样子', { timeout: 120_000 }, () => {
  let browser: Browser
  let demo: Demo
  beforeAll(async () => {
    if (!found) throw new Error('CI without Chromium: install it, or let CHROMIUM name it')
    demo = await Demo.open()
    browser = await launch(found)
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await demo?.close()
  })

  const steady = { reducedMotion: 'reduce' } as const
  const newPage = async (options: object) => (await browser.newContext({ ...options, ...steady })).newPage()

  it.each([
    ['桌面', DESKTOP],
    ['深色', { ...DESKTOP, colorScheme: 'dark' }],
    ['手机', PHONE],
  ])('每一屏都没有严重的无障碍问题：%s', async (_name, options) => {
    const page = await newPage(options)
    await page.goto(demo.url)
    await page.getByTestId('tour-offer').waitFor()
    expect(await barriers(page), '选人').toEqual([])
    const wang = await Tab.open(page, demo.url, '王强', GROUP)
    await wang.says('@回音 /交办 @郑洁 明天下班前把投影仪修好')
    await wang.seesTitle('把投影仪修好', '交办 · 待签收')
    expect(await barriers(page), '群聊').toEqual([])
    await wang.lists()
    expect(await barriers(page), '会话列表').toEqual([])
    await page.getByRole('button', { name: '外观与卡片图鉴' }).click()
    expect(await barriers(page), '外观').toEqual([])
    await page.keyboard.press('Escape')
    await wang.opens(BOT)
    await wang.says('/待办')
    expect(await barriers(page), '单聊').toEqual([])
    await page.getByTestId('message').last().getByRole('button', { name: '更多操作' }).press('Enter')
    expect(await barriers(page), '消息菜单').toEqual([])
    await page.getByRole('button', { name: '转发', exact: true }).click()
    await page.getByTestId('forward').getByRole('radio', { name: GROUP }).check()
    expect(await barriers(page), '转发').toEqual([])
    await page.keyboard.press('Escape')
    await page.getByTestId('forward').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: '开发者抽屉' }).click()
    for (const tab of DRAWER) {
      await page.getByRole('tab', { name: tab, exact: true }).click()
      await page.getByText('正在读取').waitFor({ state: 'detached' })
      if (tab === '推送') await page.getByTestId('push').first().click()
      expect(await barriers(page), tab).toEqual([])
    }
    await page.context().close()
  })

  it('键盘走得通：方向键选会话，回车打开，Shift+回车换行，Esc 退出', async () => {
    const { page, row, says } = await sits('王强')
    await row(1).waitFor()
    await page.getByPlaceholder('搜索会话').focus()
    await page.keyboard.press('ArrowDown')
    expect(await row(0).evaluate(isFocused)).toBe(true)
    await page.keyboard.press('ArrowDown')
    expect(await row(1).evaluate(isFocused)).toBe(true)
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await page.getByTestId('conversation').waitFor()
    await page.getByTestId('composer').click()
    await page.keyboard.insertText('第一行')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.insertText('第二行')
    expect(await page.getByTestId('composer').inputValue()).toBe('第一行\n第二行')
    await page.getByTestId('composer').fill('')
    await says('已阅')
    const mine = page.getByLabel('王强的消息').filter({ hasText: '已阅' })
    await mine.hover()
    await mine.getByRole('button', { name: '回复消息' }).click()
    await page.getByRole('button', { name: '取消回复' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: '取消回复' }).waitFor({ state: 'detached' })
    await page.getByTestId('conversation').getByRole('heading').first().click()
    await page.keyboard.press('Escape')
    await page.getByTestId('conversation').waitFor({ state: 'detached' })
    await page.context().close()
  })

  it('没看过的有红点，打开后有分隔线', async () => {
    const wang = await sits('王强')
    const zheng = await sits('郑洁')
    await zheng.row(0).waitFor()
    await wang.opens(GROUP)
    await wang.says('明天上午碰个头')
    await zheng.page.getByTestId('chat-row').filter({ hasText: GROUP }).getByTitle('条未读').waitFor()
    await zheng.page.screenshot({ path: 'artefacts/chromium/looks-unread.png' })
    await zheng.opens(GROUP)
    await zheng.page.getByText('以下为新消息').waitFor()
    await zheng.page.screenshot({ path: 'artefacts/chromium/looks-news.png' })
    await Promise.all([wang, zheng].map(one => one.page.context().close()))
  })

  it('网络慢有骨架，断了有提示，通了自己接上', async () => {
    const { page } = await sits('王强')
    await page.route('**/sim/chats/*/messages*', async route => {
      await new Promise(done => setTimeout(done, 1500))
      await route.continue()
    })
    await page.getByTestId('chat-row').filter({ hasText: GROUP }).click()
    await page.locator('.skeleton-talk').waitFor()
    await page.screenshot({ path: 'artefacts/chromium/looks-slow.png' })
    await page.getByTestId('message').first().waitFor()
    await page.route('**/sim/stream*', route => route.abort())
    await page.reload()
    await page.getByTestId('offline').waitFor()
    await page.screenshot({ path: 'artefacts/chromium/looks-offline.png' })
    await page.unroute('**/sim/stream*')
    await page.getByTestId('offline').waitFor({ state: 'detached' })
    await page.context().close()
  })

  async function sits(name: string) {
    const page = await newPage(DESKTOP)
    page.setDefaultTimeout(20_000)
    await page.goto(demo.url)
    await page.getByTestId('person').filter({ hasText: name }).click()
    return { page, row: (at: number) => page.getByTestId('chat-row').nth(at), ...acts(page) }
  }
})

const acts = (page: Page) => ({
  opens: (chat: string) => page.getByTestId('chat-row').filter({ hasText: chat }).first().click(),
  says: async (words: string) => {
    await page.getByTestId('composer').fill(words)
    await page.getByTestId('composer').press('Enter')
    await eventually(async () => expect(await page.getByTestId('composer').inputValue()).toBe(''))
  },
})

const isFocused = (element: Element) => element === document.activeElement
