import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { eventually, findChromium, launch, PHONE, Tab } from './harness/chromium.ts'
import { Demo } from './harness/demo.ts'

const BOT = '回音'
const FURNISHED_WITHIN_MS = 120_000
const TITLE = '安全生产例会'
const NOTICE = `【会议通知】关于召开${TITLE}的通知`

const found = findChromium()

/** A meeting on five phones: called, approved, answered, held, and what it decided handed over as 督办. */
describe.skipIf(!found && !process.env.CI)('会议,在手机上', { timeout: 180_000 }, () => {
  let browser: Browser
  let demo: Demo
  let phones: BrowserContext
  let zhao: Tab
  let li: Tab
  let zhang: Tab
  let wang: Tab
  let chen: Tab
  beforeAll(async () => {
    if (!found) throw new Error('CI without Chromium: install it, or let CHROMIUM name it')
    demo = await Demo.open()
    browser = await launch(found)
    phones = await browser.newContext(PHONE)
    const open = async (name: string) => Tab.open(await phones.newPage(), demo.url, name, BOT)
    zhao = await open('赵敏')
    li = await open('李静')
    zhang = await open('张明')
    wang = await open('王强')
    chen = await open('陈晨')
    await vi.waitFor(isFurnished, { timeout: FURNISHED_WITHIN_MS, interval: 2_000 })
    await demo.turnsToMorning()
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await demo?.close()
  })

  /** The last of what the demo says at its beginning has been said: its rooms. */
  async function isFurnished(): Promise<void> {
    const [rooms = ''] = await zhao.card('会议 · 会议室').allInnerTexts()
    if (/机关礼堂/.test(rooms)) return
    await zhao.says('/会议 会议室')
    throw new Error(`not all rooms are kept: ${rooms}`)
  }

  /** A picture of the card as it hangs on the phone, and that nothing hangs over its side. */
  async function shown(tab: Tab, words: string | RegExp, name: string): Promise<void> {
    await tab.turnsTo()
    await tab.card(words).scrollIntoViewIfNeeded()
    await tab.shot(`meeting-${name}`)
    const wide = await tab.page.evaluate(() =>
      [...document.querySelectorAll('html, body, .flow, [data-testid=card]')]
        .filter(box => box.scrollWidth > box.clientWidth)
        .map(box => box.className || box.tagName),
    )
    expect(wide, name).toEqual([])
  }

  const done = (words: string) => ({ type: 'success', words })
  /** Presses what asks whether it is meant, and says that it is. */
  async function means(tab: Tab, words: string, label: string): Promise<void> {
    await tab.turnsTo()
    await tab.button(words, label).first().click()
    await tab.page.getByRole('button', { name: /^(确定|确认)$/ }).click()
  }

  it('会务员一行拟定,送办公室主任同意后通知', async () => {
    await zhao.says(`/会议 今天14:30-16:00 三楼会议室 ${TITLE} @王强 @陈晨 主持:张明`)
    await zhao.seesTitle(TITLE, '会议 · 拟定')
    await zhao.seesInCard(TITLE, '三楼会议室', '张明', /1\. 办公室主任\s*李静/, '精文减会')
    await shown(zhao, TITLE, '01-draft')
    expect(await zhao.presses(TITLE, '送审')).toEqual(done('已送审'))
    await li.seesTitle(TITLE, '会议 · 待审批')
    await shown(li, TITLE, '02-approve')
    await means(li, TITLE, '同意')
    await li.seesTitle(TITLE, '会议 · 已通知')
    await zhao.seesInCard(TITLE, /会〔20\d\d〕1号/, /应到3人 · 参加1人/)
    await shown(zhao, TITLE, '03-notified')
  })

  it('参加、请假;主持人准假;承办人的人数随之变化', async () => {
    await wang.seesTitle(NOTICE, '会议通知 · 未回执')
    await shown(wang, NOTICE, '04-notice')
    expect(await wang.presses(NOTICE, '参加')).toEqual(done('已回执:参加'))
    expect(await chen.presses(NOTICE, '请假')).toEqual({ type: 'error', words: '请填写请假的理由' })
    await chen.card(NOTICE).getByRole('textbox').last().fill('参加法院庭审')
    expect(await chen.presses(NOTICE, '请假')).toEqual(done('已提交请假,待批准'))
    await zhang.seesTitle(NOTICE, '会议通知 · 请假待批')
    await shown(zhang, NOTICE, '05-leave')
    expect(await zhang.presses(NOTICE, '同意请假')).toEqual(done('已同意陈晨请假'))
    await chen.seesTitle(NOTICE, '会议通知 · 请假')
    await shown(chen, NOTICE, '06-excused')
    await zhao.seesInCard(TITLE, /应到3人 · 参加2人 · 请假1人 · 代会0人 · 未回0人/)
  })

  it('到时签到,会议按时开始', async () => {
    await demo.turnsTo('14:20')
    await wang.says('/会议 签到')
    await zhao.seesInCard(TITLE, '已签到1人')
    await demo.turnsTo('14:40')
    await zhao.seesTitle(TITLE, '会议 · 进行中')
    await shown(zhao, TITLE, '07-underway')
  })

  it('录入议定事项,转督办,会议卡片可见进度', async () => {
    await means(zhao, TITLE, '结束会议')
    await zhao.seesTitle(TITLE, '会议 · 已结束')
    await zhao.button(TITLE, '录入议定事项').first().click()
    const FORM = '会议 · 录入议定事项'
    await zhao.card(FORM).getByRole('textbox').last().fill('1. 由综治科牵头,督查科配合,年底前报送安全生产检查方案。')
    await shown(zhao, FORM, '08-decide')
    expect(await zhao.presses(FORM, '录入')).toEqual(done('已录入1项'))
    const DECISIONS = '会议 · 议定事项'
    await zhao.seesInCard(DECISIONS, /牵头:综治科/, /配合:吴刚/, '12月31日')
    await shown(zhao, DECISIONS, '09-decisions')
    await wang.says(`/会议 议定 ${await numberOf(zhao)}`)
    await wang.seesInCard(DECISIONS, '共1项:已转督办0项,待转1项')
    expect(await wang.presses(DECISIONS, '转督办')).toEqual(done('已转督办,请在拟办草稿上送审或交办'))
    await wang.seesInCard(/^督办 · /, '会议议定', /来源会议\s*会〔20\d\d〕1号/)
    await shown(wang, /^督办 · /, '10-task')
    await zhao.seesInCard(TITLE, '共1项:已转督办1项')
    await shown(zhao, TITLE, '11-progress')
    expect(zhao.complaints).toEqual([])
  })

  async function numberOf(tab: Tab): Promise<string> {
    let number = ''
    await eventually(async () => {
      const [words = ''] = await tab.card(TITLE).allInnerTexts()
      number = /会〔20\d\d〕\d+号/.exec(words)?.[0] ?? ''
      expect(number).not.toBe('')
    })
    return number
  }
})
