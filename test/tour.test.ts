import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChatsAnswer } from '../simulator/protocol.ts'
import { DESKTOP, findChromium, launch, PHONE, Tab } from './harness/chromium.ts'
import { Demo } from './harness/demo.ts'

const found = findChromium()

describe.skipIf(!found && !process.env.CI)('导览', { timeout: 120_000 }, () => {
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

  async function arrives(options: BrowserContextOptions) {
    const page = await (await browser.newContext(options)).newPage()
    await page.goto(demo.url)
    await page.getByTestId('tour-offer').waitFor()
    return page
  }

  it.each([
    ['1280', DESKTOP],
    ['400', PHONE],
  ])('三步走到底：%s', async (size, options) => {
    const page = await arrives(options)
    const guide = page.getByTestId('tour')
    const shot = (name: string) => page.screenshot({ path: `artefacts/chromium/tour-${size}-${name}.png` })
    const card = page.getByTestId('card').last()
    await page.getByRole('button', { name: '开始体验' }).click()
    await guide.getByText('第 1 步').waitFor()
    expect(await page.getByTestId('composer').inputValue()).toBe('@回音 /交办 @郑洁 明天下班前把投影仪修好')
    await shot('1-give')
    await page.getByRole('button', { name: '发送', exact: true }).click()
    await guide.getByRole('button', { name: '换成郑洁' }).click()
    await guide.getByText('请按卡片上的“签收”').waitFor()
    await shot('2-sign')
    await card.getByRole('button', { name: '签收' }).click()
    await guide.getByText('按“完成”').waitFor()
    await page.reload()
    await guide.getByText('按“完成”').waitFor()
    await card.getByRole('button', { name: '完成', exact: true }).click()
    await guide.getByRole('button', { name: '换回王强' }).click()
    await page.getByTestId('chat-row').filter({ hasText: '机器人' }).click()
    await guide.getByText('这就是回音').waitFor()
    await shot('3-answer')
    await page.getByTestId('card').getByRole('button', { name: '确认完成' }).last().click()
    await guide.getByText('导览结束').waitFor()
    await guide.getByRole('button', { name: '知道了' }).click()
    expect(await guide.count()).toBe(0)
    await page.goto(demo.url)
    await page.getByRole('button', { name: '导览', exact: true }).waitFor()
    expect(await page.getByTestId('tour-offer').count()).toBe(0)
    await page.context().close()
  })

  it('可以跳过，之后不再出现，按钮还能叫出来', async () => {
    const page = await arrives(DESKTOP)
    await page.getByRole('button', { name: '跳过' }).click()
    await page.getByTestId('tour-offer').waitFor({ state: 'detached' })
    await page.reload()
    await page.getByTestId('who').waitFor()
    expect(await page.getByTestId('tour-offer').count()).toBe(0)
    await page.getByRole('button', { name: '导览', exact: true }).click()
    await page.getByTestId('tour').getByRole('button', { name: '跳过导览' }).click()
    await page.getByTestId('tour').waitFor({ state: 'detached' })
    await page.context().close()
  })

  it('重置演示：消息没了，机器人也什么都不记得，导览重新出现', async () => {
    const wang = await Tab.open(await (await browser.newContext(DESKTOP)).newPage(), demo.url, '王强', '回音')
    await wang.says('/交办 列表')
    await wang.seesInCard(/^我交办的/, '把投影仪修好')
    await wang.page.getByRole('link', { name: '我是谁' }).click()
    await wang.page.getByRole('button', { name: '重置演示' }).click()
    await wang.page.getByRole('button', { name: '确定' }).click()
    await wang.page.getByText('正在重置').waitFor()
    await wang.page.getByRole('button', { name: '重置演示' }).waitFor({ timeout: 90_000 })
    await wang.page.getByTestId('tour-offer').waitFor()
    const { people } = await demo.office()
    const as = people.find(one => one.name === '王强')?.open_id
    const { chats } = (await (await fetch(`${demo.url}/sim/chats?as=${as}`)).json()) as ChatsAnswer
    expect(chats.map(chat => chat.summary)).toEqual(['', ''])
    await wang.page.getByTestId('person').filter({ hasText: '王强' }).click()
    await wang.opens('回音')
    await wang.says('/交办 列表')
    await wang.seesInCard(/^我交办的/, /没有|暂无|0/)
  })
})
