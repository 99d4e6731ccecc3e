import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Walk } from '../simulator/dev-protocol.ts'
import type { Faults } from '../simulator/protocol.ts'
import { DESKTOP, eventually, findChromium, launch, Tab } from './harness/chromium.ts'
import { Demo } from './harness/demo.ts'

const GROUP = '督查工作群'
const found = findChromium()

describe.skipIf(!found && !process.env.CI)('开发者抽屉', { timeout: 120_000 }, () => {
  let browser: Browser
  let demo: Demo
  let wang: Tab
  beforeAll(async () => {
    if (!found) throw new Error('CI without Chromium: install it, or let CHROMIUM name it')
    demo = await Demo.open()
    browser = await launch(found)
    const context = await browser.newContext({ ...DESKTOP, permissions: ['clipboard-read', 'clipboard-write'] })
    wang = await Tab.open(await context.newPage(), demo.url, '王强', GROUP)
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await demo?.close()
  })

  const drawer = () => wang.page.getByTestId('drawer')
  const turnsTo = (tab: string) => wang.page.getByRole('tab', { name: tab, exact: true }).click()
  const faults = async () => (await (await fetch(`${demo.url}/sim/faults`)).json()) as Faults

  it('平时关着，按键打开，刷新后还开着', async () => {
    await expect(drawer().count()).resolves.toBe(0)
    await wang.page.keyboard.press('Control+`')
    await drawer().waitFor()
    await wang.page.reload()
    await drawer().waitFor()
  })

  it('看得到推送的内容、密文和应答，能复制为 curl；也看得到接口调用', async () => {
    await wang.says('@回音 /帮助')
    await drawer().getByRole('searchbox').fill('/帮助')
    await drawer().getByTestId('push').filter({ hasText: 'im.message.receive_v1' }).first().click()
    const detail = drawer().getByTestId('push-detail')
    await detail.getByText('"schema": "2.0"').waitFor()
    await detail.getByText('报文（加密后）').click()
    await detail.getByText('"encrypt"').waitFor()
    await detail.getByRole('button', { name: '复制为 curl' }).click()
    await detail.getByRole('button', { name: '已复制' }).waitFor()
    const curl = await wang.page.evaluate(() => navigator.clipboard.readText())
    expect(curl).toMatch(/^curl -X POST 'http:\/\/[^']+\/feishu\/events'/)
    expect(curl).toContain("-H 'x-lark-signature: ")
    await turnsTo('接口')
    await drawer().getByTestId('call').filter({ hasText: '/reply' }).first().click()
    await drawer().getByTestId('call-detail').getByText('"message_id"').first().waitFor()
    await wang.shot('drawer-1-calls')
    await turnsTo('限额')
    await drawer()
      .getByTestId('gauge')
      .getByText(/^\d+ \/ 5（\d+）$/)
      .first()
      .waitFor()
  })

  it('构造的事件先检查，再签名推送，机器人照办', async () => {
    await turnsTo('构造事件')
    await drawer().getByLabel('事件模板').selectOption({ label: '收到消息：群聊 @机器人' })
    const text = drawer().getByLabel('内容（JSON，可改）')
    const json = await text.inputValue()
    await text.fill(json.slice(0, -2))
    await drawer().getByText('不是有效的 JSON').waitFor()
    expect(await drawer().getByRole('button', { name: '签名并推送' }).isDisabled()).toBe(true)
    await text.fill(json.replace('"message_type"', '"kind"'))
    await drawer().getByText('缺少 event.message.message_type').waitFor()
    await text.fill(json)
    await drawer().getByRole('button', { name: '签名并推送' }).click()
    // what was not taken up in time is pushed again after 15 s
    const taken = drawer()
      .getByTestId('event-outcome')
      .getByText(/机器人已收下（.*HTTP 200/)
    await taken.waitFor({ timeout: 40_000 })
    await wang.shot('drawer-2-event')
  })

  it('故障一打开，处处看得见；一键全部关闭', async () => {
    await turnsTo('故障')
    await drawer().getByRole('checkbox', { name: '途中丢失' }).click()
    await wang.page.getByTestId('fault-badge').getByText('故障 1').waitFor()
    await drawer().getByRole('checkbox', { name: '会话超频 230020' }).click()
    await wang.page.getByTestId('fault-badge').getByText('故障 2').waitFor()
    const opened = await faults()
    expect(opened.event_lost).toBe(0.5)
    // what the bot still had to say may have met it by now
    expect(opened.api_230020.next).toBeGreaterThan(0)
    await wang.shot('drawer-3-faults')
    await drawer().getByRole('button', { name: '全部关闭' }).click()
    await wang.page.getByTestId('fault-badge').waitFor({ state: 'detached' })
    expect(await faults()).toMatchObject({ event_lost: 0, api_230020: { next: 0 } })
  })

  it('列出模拟器没有的接口', async () => {
    const answer = await fetch(`${demo.url}/open-apis/no/such/path`, { method: 'POST', body: '{}' })
    expect(answer.status).toBe(404)
    await turnsTo('未知接口')
    await drawer().getByTestId('gap').filter({ hasText: 'POST /open-apis/no/such/path' }).waitFor()
  })

  it('录下一段，下载，再选文件重放', async () => {
    await turnsTo('录制')
    await drawer().getByRole('button', { name: '开始录制' }).click()
    await drawer().getByText('正在录制').waitFor()
    await wang.says('@回音 /交办 @郑洁 后天下班前整理档案')
    await wang.seesTitle('整理档案', '交办 · 待签收')
    await wang.button('整理档案', '取消').click()
    await wang.page.getByRole('button', { name: '确定' }).click()
    await wang.seesTitle('整理档案', '交办 · 已取消')
    await drawer().getByRole('button', { name: '停止录制' }).click()
    const downloading = wang.page.waitForEvent('download')
    await drawer().getByRole('button', { name: '下载录制文件' }).click()
    const file = await (await downloading).path()
    const walk = JSON.parse(readFileSync(file, 'utf8')) as Walk
    expect(walk.steps.map(step => step.do)).toEqual(['say', 'press'])

    await drawer()
      .getByLabel('选择录制文件')
      .setInputFiles({
        name: 'walk.json',
        mimeType: 'application/json',
        buffer: Buffer.from(JSON.stringify(walk)),
      })
    await drawer().getByText('按 取消').waitFor()
    await drawer().getByRole('button', { name: '重放', exact: true }).click()
    await wang.page.getByTestId('toast').getByText('已重放 2 步').waitFor()
    const cancelled = wang.page.getByTestId('card').filter({ hasText: '整理档案' }).filter({ hasText: '已取消' })
    await eventually(async () => expect(await cancelled.count()).toBe(2))
    await wang.shot('drawer-4-recorder')
    expect(wang.complaints).toEqual([])
  })
})
