import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Bench, button, cardOf, startBench } from '../simulator/bench/bench.ts'
import { DESKTOP, eventually, findChromium, launch, PHONE } from './harness/chromium.ts'
import { Gallery } from './harness/gallery.ts'

const ROOT = new URL('..', import.meta.url).pathname
const PAGE = join(ROOT, 'dist/page')
const AXE = join(ROOT, 'node_modules/axe-core/axe.min.js')
const THUMB_PX = 40
const PAGE_BYTES = 500_000

/** Everything of feishu-platform.md 3.4 to 3.6 that has a tag of its own. */
const COMPONENTS =
  `markdown div hr img img_combination person person_list column_set table chart collapsible_panel audio form interactive_container
   button input select_static multi_select_static select_person multi_select_person date_picker picker_time picker_datetime checker
   overflow select_img`.split(/\s+/)

/** The -100 shades of 3.8, light and dark. */
const HEADERS: Record<string, [string, string]> = {
  blue: ['#E0E9FF', '#173166'],
  wathet: ['#CAEFFC', '#103647'],
  turquoise: ['#C4F2EC', '#173B36'],
  green: ['#D0F5CE', '#173B12'],
  yellow: ['#FAEDC2', '#473409'],
  orange: ['#FEE7CD', '#4A2B10'],
  red: ['#FEE3E2', '#591F1D'],
  carmine: ['#FEE2F2', '#591C3F'],
  violet: ['#F9E2F9', '#541854'],
  purple: ['#EFE6FE', '#3F2073'],
  indigo: ['#E9EAFB', '#2A2D69'],
}

const found = findChromium()

describe.skipIf(!found && !process.env.CI)('卡片组件图鉴', { timeout: 120_000 }, () => {
  let browser: Browser
  let bench: Bench
  let gallery: Gallery
  beforeAll(async () => {
    if (!found) throw new Error('CI without Chromium: install it, or let CHROMIUM name it')
    bench = await startBench({ pageDir: PAGE })
    browser = await launch(found)
    gallery = await Gallery.open(browser, bench.sim.url)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await bench?.close()
  })

  it('每个组件都有一席,都画得出来,都通过严格校验', async () => {
    const ids = await gallery.ids()
    expect(COMPONENTS.filter(tag => !ids.includes(tag))).toEqual([])
    for (const id of ids) {
      await gallery.shows(id)
      expect(await gallery.card.locator('.card-unsupported').count(), id).toBe(0)
      const body = await gallery.card.locator('.card-body').boundingBox()
      expect(body?.height, id).toBeGreaterThan(24)
    }
    expect(gallery.complaints).toEqual([])
  })

  it('图片、语音与图表是真的:图片有像素,语音有长度,图表画在画布上', async () => {
    await gallery.shows('img')
    const images = gallery.card.getByRole('img')
    await eventually(async () =>
      expect(await images.evaluateAll(all => all.map(one => (one as HTMLImageElement).naturalWidth))).toEqual([
        480, 480, 480,
      ]),
    )
    await gallery.shows('audio')
    await gallery.card.getByText('0:02').waitFor()
    await gallery.shows('chart')
    await eventually(async () =>
      expect(await gallery.card.locator('[data-drawn] canvas').count()).toBeGreaterThanOrEqual(2),
    )
    const inks = await gallery.card.locator('[data-drawn] canvas').evaluateAll(all =>
      all.map(one => {
        const { width, height } = one as HTMLCanvasElement
        const pixels = (one as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? []
        return new Set(new Uint32Array(Uint8ClampedArray.from(pixels).buffer)).size
      }),
    )
    expect(Math.min(...inks)).toBeGreaterThan(5)
  })

  it('大图按下即开,Esc 即关,焦点回到原处', async () => {
    await gallery.shows('img')
    const open = gallery.button('查看大图：山间日出')
    await open.press('Enter')
    const large = gallery.page.getByRole('dialog', { name: '山间日出' })
    await large.getByRole('img').waitFor()
    await gallery.keys('Escape')
    await large.waitFor({ state: 'detached' })
    expect(await open.evaluate(one => one === document.activeElement)).toBe(true)
  })

  it('富文本的标签各得其所', async () => {
    await gallery.shows('markdown_tags')
    const { card } = gallery
    const text = await card.innerText()
    for (const words of [
      '@周正',
      '@张明',
      '@李静',
      '@所有人',
      '2026-11-24',
      '16:30',
      '16:30:00',
      '星期二',
      'GMT+8',
      '99+',
    ])
      expect(text).toContain(words)
    expect(text).toContain('**不解析** <font color=red>原样</font>')
    expect(text).toContain('<at id=all> **不加粗**')
    const colour = (words: string) =>
      card.getByText(words, { exact: true }).evaluate(one => getComputedStyle(one).color)
    expect([await colour('红色'), await colour('绿色')]).toEqual([rgb('#C02A26'), rgb('#1A7526')])
    const links = card.getByRole('link')
    expect(await links.evaluateAll(all => all.map(one => one.getAttribute('href')))).toEqual([
      'https://example.com/all',
      'https://example.com/pc',
      'https://example.com',
    ])
    await gallery.shows('markdown')
    expect(
      await card.locator('ol ol, ul ul, blockquote, pre, code, del, strong, em, table').count(),
    ).toBeGreaterThanOrEqual(9)
    expect(await card.getByRole('row').count()).toBe(6)
    await gallery.button('下一页').click()
    expect(await card.getByRole('row').allInnerTexts()).toEqual([
      expect.stringContaining('科室'),
      expect.stringMatching(/西山\s+6/),
      expect.stringMatching(/合计\s+7/),
    ])
  })

  it('表格:七种列、分页、金额与日期的格式', async () => {
    await gallery.shows('table')
    const rows = gallery.card.getByRole('row')
    expect(
      (await rows.nth(1).getByRole('cell').allInnerTexts()).map(words => words.replace(/\s+/g, ' ').trim()),
    ).toEqual([
      '第1件',
      '在办',
      '¥1,234.50',
      expect.stringContaining('周正'),
      '2026/11/24 16:30',
      '重点 链接',
      expect.stringContaining('一'),
    ])
    await gallery.button('下一页').click()
    await gallery.button('下一页').click()
    expect(await rows.count()).toBe(2)
    expect(await gallery.button('下一页').isDisabled()).toBe(true)
  })

  describe('用过之后,机器人收到什么', () => {
    beforeEach(async () => gallery.shows('hr'))

    const cases: Array<[id: string, mouse: () => Promise<void>, keyboard: () => Promise<void>, action: () => object]> =
      [
        [
          'button',
          () => gallery.button('primary_filled').click(),
          () => gallery.button('primary_filled').press('Enter'),
          () => ({ tag: 'button', value: { type: 'primary_filled' } }),
        ],
        [
          'overflow',
          async () => {
            await gallery.button('更多').click()
            await gallery.page.getByRole('menuitem', { name: '取消' }).click()
          },
          async () => {
            await gallery.unfolds(gallery.button('更多'))
            await gallery.keys('ArrowDown', 'Enter')
          },
          () => ({ tag: 'overflow', value: { op: 'more' }, option: 'cancel' }),
        ],
        [
          'input',
          async () => {
            await gallery.card.getByRole('textbox', { name: '理由' }).fill('人手不足')
            await gallery.button('确认输入').click()
          },
          async () => {
            await gallery.card.getByRole('textbox', { name: '理由' }).focus()
            await gallery.page.keyboard.insertText('人手不足')
            await gallery.keys('Enter')
          },
          () => ({ tag: 'input', name: 'reason', value: { op: 'reason' }, input_value: '人手不足' }),
        ],
        [
          'select_static',
          async () => {
            await gallery.button('选择科室').click()
            await gallery.page.getByRole('option', { name: '督查科' }).click()
          },
          async () => {
            await gallery.unfolds(gallery.button('选择科室'))
            await gallery.keys('End', 'ArrowUp', 'Enter')
          },
          () => ({ tag: 'select_static', name: 'room', value: { op: 'room' }, option: 'supervision' }),
        ],
        [
          'select_person',
          async () => {
            await gallery.button('选择承办人').click()
            await gallery.page.getByRole('option', { name: '李静' }).click()
          },
          async () => {
            await gallery.unfolds(gallery.button('选择承办人'))
            await gallery.keys('ArrowDown', 'ArrowDown', 'Enter')
          },
          () => ({ tag: 'select_person', name: 'one', value: { op: 'give' }, option: bench.id('李静') }),
        ],
        [
          'date_picker',
          async () => {
            await gallery.button(/选择日期/).click()
            await gallery.page.getByRole('button', { name: '2026年11月26日' }).click()
          },
          async () => {
            await gallery.unfolds(gallery.button(/选择日期/))
            await gallery.keys('ArrowDown', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'Enter')
          },
          () => ({
            tag: 'date_picker',
            name: 'day',
            value: { op: 'day' },
            option: '2026-11-26 +0800',
            timezone: 'Asia/Shanghai',
          }),
        ],
        [
          'picker_time',
          async () => {
            await gallery.button(/选择时间/).click()
            await gallery.page.getByRole('option', { name: '09时' }).click()
            await gallery.page.getByRole('option', { name: '31分' }).click()
            await gallery.page.getByRole('button', { name: '确定' }).click()
          },
          async () => {
            await gallery.unfolds(gallery.button(/选择时间/))
            await gallery.keys('ArrowDown', 'Tab', 'ArrowDown', 'Tab', 'Enter')
          },
          () => ({ tag: 'picker_time', name: 'time', option: '09:31 +0800', timezone: 'Asia/Shanghai' }),
        ],
        [
          'picker_datetime',
          async () => {
            await gallery.button(/选择日期时间/).click()
            await gallery.page.getByRole('button', { name: '下个月' }).click()
            await gallery.page.getByRole('button', { name: '2026年12月1日' }).click()
            await gallery.page.getByRole('option', { name: '09时' }).click()
            await gallery.page.getByRole('button', { name: '确定' }).click()
          },
          async () => {
            await gallery.unfolds(gallery.button(/选择日期时间/))
            await gallery.keys('PageDown', 'ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowLeft', 'ArrowLeft', 'Enter')
            await gallery.keys('Tab', 'ArrowDown', 'Tab', 'Tab', 'Enter')
          },
          () => ({
            tag: 'picker_datetime',
            name: 'moment',
            option: '2026-12-01 09:30 +0800',
            timezone: 'Asia/Shanghai',
          }),
        ],
        [
          'checker',
          () => gallery.card.getByRole('checkbox', { name: '整理会议纪要' }).click(),
          () => gallery.card.getByRole('checkbox', { name: '整理会议纪要' }).press('Space'),
          () => ({ tag: 'checker', name: 'done', value: { op: 'tick' }, checked: true }),
        ],
        [
          'select_img',
          () => gallery.card.getByRole('radio', { name: '图片2' }).click(),
          async () => {
            await gallery.card.getByRole('radio', { name: '图片1' }).focus()
            await gallery.keys('ArrowRight')
          },
          () => ({ tag: 'select_img', name: 'picture', value: { op: 'picture' }, option: 'picture_2' }),
        ],
        [
          'interactive_container',
          () => gallery.button(/^整块可按/).click({ position: { x: 300, y: 10 } }),
          () => gallery.button(/^整块可按/).press('Enter'),
          () => ({ tag: 'interactive_container', value: { op: 'open', id: 42 } }),
        ],
        [
          'multi_select_static',
          async () => {
            await gallery.button(/选择科室/).click()
            await gallery.page.getByRole('checkbox', { name: '办公室' }).check()
            await gallery.page.getByRole('button', { name: '完成（2）' }).click()
            await gallery.button('提交').click()
          },
          async () => {
            await gallery.unfolds(gallery.button(/选择科室/))
            await gallery.keys('Space', 'Escape')
            await gallery.button('提交').press('Enter')
          },
          () => ({ tag: 'button', name: 'save', value: { op: 'save' }, form_value: { rooms: ['order', 'office'] } }),
        ],
        [
          'multi_select_person',
          async () => {
            await gallery.button(/选择承办人/).click()
            for (const name of ['张明', '周正']) await gallery.page.getByRole('checkbox', { name }).check()
            await gallery.page.getByRole('button', { name: '完成（2）' }).click()
            await gallery.button('提交').click()
          },
          async () => {
            await gallery.unfolds(gallery.button(/选择承办人/))
            await gallery.keys('ArrowDown', 'Space', 'ArrowUp', 'Space', 'Escape')
            await gallery.button('提交').press('Enter')
          },
          () => ({
            tag: 'button',
            name: 'save',
            value: { op: 'save' },
            form_value: { several: [bench.id('张明'), bench.id('周正')] },
          }),
        ],
      ]

    it.each(cases)('%s:鼠标与键盘都能用,回传相同', async (id, mouse, keyboard, action) => {
      for (const use of [mouse, keyboard]) {
        await gallery.shows(id)
        await use()
        const { schema, header, event } = await gallery.received()
        expect(event.action).toEqual(action())
        expect([schema, header.event_type, event.host]).toEqual(['2.0', 'card.action.trigger', 'im_message'])
        expect(header.create_time).toMatch(/^\d{16}$/)
        expect(event.operator.open_id).toBe(bench.id('周正'))
        expect(event.token).toMatch(/^c-[0-9a-f]{32}$/)
        expect(event.context).toEqual({
          open_message_id: expect.stringMatching(/^om_/),
          open_chat_id: expect.stringMatching(/^oc_/),
        })
      }
      expect(gallery.complaints).toEqual([])
    })

    it('容器里的按钮归按钮,不归容器', async () => {
      await gallery.shows('interactive_container')
      await gallery.button('容器里的按钮').click()
      expect((await gallery.received()).event.action).toEqual({ tag: 'button', value: { op: 'inner' } })
    })

    it('整块跳转的分栏:空处是链接,里面的按钮仍是按钮', async () => {
      await gallery.shows('column_set')
      const link = gallery.card.getByRole('link', { name: '按下整块打开链接' })
      expect(await link.getAttribute('href')).toBe('https://example.com/columns')
      await link.click({ trial: true, position: { x: 200, y: 6 } })
      await gallery.button('里面的按钮').click()
      expect((await gallery.received()).event.action).toEqual({ tag: 'button', value: { op: 'inner' } })
    })

    it('二次确认:取消即作罢,确定才回传', async () => {
      await gallery.shows('button')
      const ask = gallery.page.getByRole('dialog', { name: '确认办结' })
      await gallery.button('先确认再办').click()
      await ask.getByRole('button', { name: '取消' }).click()
      await gallery.nothingReceived()
      await gallery.button('先确认再办').click()
      await ask.getByRole('button', { name: '确定' }).click()
      expect((await gallery.received()).event.action).toEqual({ tag: 'button', value: { op: 'confirm' } })
    })

    it('禁用的按钮说明原因,不回传', async () => {
      await gallery.shows('button')
      await gallery.button('不能按').press('Enter')
      await gallery.page.getByTestId('toast').filter({ hasText: '仅限承办人' }).waitFor()
      await gallery.nothingReceived()
    })

    it('没有回调的勾选与跳转不打扰机器人', async () => {
      await gallery.shows('checker')
      await gallery.card.getByRole('checkbox', { name: /没有回调/ }).uncheck()
      await gallery.nothingReceived()
      await gallery.shows('button')
      const [opened] = await Promise.all([
        gallery.page.context().waitForEvent('page'),
        gallery.button('打开网页').click(),
      ])
      await opened.close()
      await gallery.nothingReceived()
    })
  })

  describe('表单', () => {
    beforeEach(() => gallery.shows('form'))

    it('必填项由客户端当场检查,焦点到第一处,填了才提交;一次回传全部字段', async () => {
      await gallery.button('提交').click()
      const alerts = gallery.card.getByRole('alert')
      expect(await alerts.allInnerTexts()).toEqual(['请填写此项', '请填写此项'])
      const matter = gallery.card.getByRole('textbox', { name: '事项' })
      expect(await matter.evaluate(one => one === document.activeElement)).toBe(true)
      await gallery.nothingReceived()
      await matter.fill('印发通知')
      expect(await alerts.count()).toBe(1)
      await gallery.button('紧急程度').click()
      await gallery.page.getByRole('option', { name: '特急' }).click()
      expect(await alerts.count()).toBe(0)
      await gallery.card.getByRole('checkbox', { name: '图片3' }).check()
      await gallery.button('提交').click()
      expect((await gallery.received()).event.action).toEqual({
        tag: 'button',
        name: 'save',
        value: { op: 'save' },
        timezone: 'Asia/Shanghai',
        form_value: {
          matter: '印发通知',
          level: 'urgent',
          due: '2026-11-27 +0800',
          public: true,
          cover: ['p3'],
          note: '',
        },
      })
    })

    it('重置回到初值', async () => {
      const matter = gallery.card.getByRole('textbox', { name: '事项' })
      await matter.fill('写错了')
      await gallery.card.getByRole('checkbox', { name: '抄送全体' }).uncheck()
      await gallery.button('重置').click()
      expect(await matter.inputValue()).toBe('')
      expect(await gallery.card.getByRole('checkbox', { name: '抄送全体' }).isChecked()).toBe(true)
      await gallery.nothingReceived()
    })
  })

  it('JSON 可改:通过的当场重画,不通过的说出平台的错误码,卡片保持原样', async () => {
    await gallery.shows('hr')
    const text = await gallery.json.inputValue()
    await gallery.json.fill(text.replace('上文', '改过的上文'))
    await gallery.card.getByText('改过的上文').waitFor()
    await gallery.json.fill(text.replace('"tag": "hr"', '"tag": "note"'))
    await gallery.verdict.filter({ hasText: '230099' }).waitFor()
    expect(await gallery.verdict.innerText()).toContain('ErrCode: 200861')
    await gallery.json.fill('{')
    await gallery.verdict.filter({ hasText: 'not a json object' }).waitFor()
    await gallery.json.fill(
      `{"schema":"2.0","body":{"elements":[{"tag":"markdown","content":"${'长'.repeat(11_000)}"}]}}`,
    )
    await gallery.verdict.filter({ hasText: '230025' }).waitFor()
    expect(await gallery.card.innerText()).toContain('改过的上文')
    await gallery.page.getByRole('button', { name: '还原' }).click()
    await eventually(async () => expect(await gallery.card.innerText()).not.toContain('改过'))
    await gallery.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await gallery.page.getByRole('button', { name: '复制' }).click()
    await gallery.page.getByTestId('toast').filter({ hasText: '已复制' }).waitFor()
    expect(await gallery.page.evaluate(() => navigator.clipboard.readText())).toBe(text)
  })

  it('三种宽度:400、600 与撑满', async () => {
    await gallery.shows('hr')
    const width = async (words: string) => {
      await gallery.page.getByRole('button', { name: words }).click()
      await eventually(async () => expect(await gallery.verdict.getAttribute('data-code')).toBe('0'))
      await gallery.page
        .locator(`.card-${{ '紧凑 400': 'compact', '默认 600': 'default', 撑满: 'fill' }[words]}`)
        .waitFor()
      return (await gallery.card.boundingBox())?.width ?? 0
    }
    expect(await width('紧凑 400')).toBe(400)
    expect(await width('默认 600')).toBe(600)
    expect(await width('撑满')).toBeGreaterThan(900)
  })

  it('浅色与深色:标题栏用飞书的颜色,跟随系统,也可自选', async () => {
    const header = () => gallery.card.locator('header').evaluate(one => getComputedStyle(one).backgroundColor)
    const choose = (words: string) => gallery.page.getByRole('button', { name: words, exact: true }).click()
    for (const [template, [light, dark]] of Object.entries(HEADERS)) {
      await gallery.shows(`header_${template}`)
      await choose('浅色')
      expect(await header(), template).toBe(rgb(light))
      await choose('深色')
      expect(await header(), template).toBe(rgb(dark))
    }
    await gallery.page.reload()
    await gallery.card.waitFor()
    expect(await header()).toBe(rgb('#2A2D69'))
    await choose('跟随系统')
    await gallery.page.emulateMedia({ colorScheme: 'dark' })
    expect(await header()).toBe(rgb('#2A2D69'))
    await gallery.shows('own_style')
    const own = () => gallery.card.getByText('自定义字号与颜色').evaluate(one => getComputedStyle(one).color)
    expect(await own()).toBe('rgb(184, 143, 254)')
    await gallery.page.emulateMedia({ colorScheme: 'light' })
    expect(await own()).toBe('rgb(122, 53, 240)')
  })

  it('低于 7.20 的客户端只见标题与升级提示', async () => {
    await gallery.shows('button')
    const old = gallery.page.getByRole('checkbox', { name: '低于 7.20 的客户端' })
    await old.check()
    await gallery.card.getByText('请升级至最新版本客户端，以查看内容').waitFor()
    expect(await gallery.card.getByRole('heading').innerText()).toBe('button')
    expect(await gallery.card.getByRole('button').count()).toBe(0)
    await old.uncheck()
    await gallery.button('primary').waitFor()
  })

  it('转发的副本不能操作', async () => {
    await gallery.shows('forwarded')
    expect(await gallery.button('签收').isDisabled()).toBe(true)
    expect(await gallery.card.innerText()).toContain('转发的卡片，不能操作')
  })

  it('客户端用什么语言就显示什么译文,locales 之外的不用', async () => {
    await gallery.shows('languages')
    const english = gallery.page.getByRole('checkbox', { name: '英文客户端' })
    await gallery.card.getByRole('heading', { name: '督办通知' }).waitFor()
    await gallery.card.getByText('请于周五前签收').waitFor()
    await english.check()
    await gallery.card.getByRole('heading', { name: 'Supervised task' }).waitFor()
    await gallery.card.getByText('Please sign by Friday').waitFor()
    const text = await gallery.json.inputValue()
    await gallery.json.fill(text.replace(/,\s*"en_us"\s*\]/, ']'))
    await gallery.card.getByRole('heading', { name: '标题原文' }).waitFor()
    await english.uncheck()
    await gallery.card.getByRole('heading', { name: '督办通知' }).waitFor()
  })

  it('流式卡片:续写的文字逐字出现,写完为止;改写的立即出现', async () => {
    await gallery.shows('streaming')
    const text = await gallery.json.inputValue()
    const rest = '一、总体情况。'.repeat(12)
    const lengths = gallery.card.locator('.markdown').evaluate(
      (markdown, whole) =>
        new Promise<number[]>(done => {
          const seen: number[] = []
          new MutationObserver(() => {
            const length = markdown.textContent?.length ?? 0
            seen.push(length)
            if (length === whole) done(seen)
          }).observe(markdown, { childList: true, characterData: true, subtree: true })
        }),
      `正在起草：${rest}`.length,
    )
    await gallery.json.fill(text.replace('正在起草：', `正在起草：${rest}`))
    const seen = await lengths
    expect(seen.length).toBeGreaterThan(10)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    await gallery.json.fill(text.replace('正在起草：', rest))
    await eventually(async () => expect(await gallery.card.locator('.markdown').textContent()).toBe(rest))
  })

  it.each(['*a_', '**a_', '<font>', '<raw>'])('28 KB 的 %s 只是文字,页面不卡', async piece => {
    await gallery.shows('markdown')
    const content = piece.repeat(28_000 / piece.length)
    const elements = [{ tag: 'markdown', content }]
    const started = Date.now()
    await gallery.json.fill(JSON.stringify({ schema: '2.0', body: { elements } }))
    await eventually(async () => expect(await gallery.card.locator('.markdown').textContent()).toBe(content))
    expect(Date.now() - started).toBeLessThan(2_500)
  })

  it('像标记的文字只是文字', async () => {
    await gallery.shows('literal')
    expect(await gallery.card.getByRole('heading').innerText()).toBe('<b>标题</b> <at id=all></at>')
    expect(await gallery.card.innerText()).toContain(
      '<img src=x onerror=alert(1)> **星号** [链接](javascript:alert(1))',
    )
    expect(await gallery.card.locator('b, script, iframe, img').count()).toBe(0)
    expect(await gallery.card.locator('a:not([href^="https://"])').count()).toBe(0)
    expect(gallery.complaints).toEqual([])
  })

  it('古怪的值不弄垮卡片:不存在的日期、无法表示的时刻、深套的标签、画不出的图表', async () => {
    await gallery.shows('literal')
    const elements = [
      { tag: 'date_picker', initial_date: '2026-13-45', placeholder: { tag: 'plain_text', content: '没有这一天' } },
      {
        tag: 'picker_datetime',
        initial_datetime: '2026-02-30 99:99',
        placeholder: { tag: 'plain_text', content: '没有这一刻' },
      },
      { tag: 'markdown', content: "前<local_datetime millisecond='99999999999999999999'></local_datetime>后" },
      { tag: 'markdown', content: '<font color=red>'.repeat(40) + '深处' },
      { tag: 'table', columns: [{ name: 'a', data_type: 'date' }], rows: [{ a: 1e300 }] },
      { tag: 'chart', chart_spec: { type: 'no such chart', data: [] } },
      { tag: 'column_set', columns: [], flex_mode: 'none' },
      { tag: 'div' },
    ]
    await gallery.json.fill(JSON.stringify({ schema: '2.0', body: { elements } }))
    await gallery.button('没有这一天').waitFor()
    await gallery.button('没有这一刻').waitFor()
    await gallery.card.getByText('前后').waitFor()
    await gallery.card.getByText('深处').waitFor()
    await gallery.card.getByText('图表无法显示').waitFor()
    expect(gallery.complaints).toEqual([])
  })

  it('画不出的卡片只说画不出,页面照常;换一张就好', async () => {
    await gallery.shows('literal')
    const quotes = { tag: 'markdown', content: '>'.repeat(9_000) }
    await gallery.json.fill(JSON.stringify({ schema: '2.0', body: { elements: [quotes] } }))
    await gallery.page.getByText('[无法显示的卡片]').waitFor()
    expect(gallery.complaints.splice(0).join()).toContain('Maximum call stack')
    await gallery.page.getByRole('button', { name: '还原' }).click()
    await gallery.card.getByRole('heading').waitFor()
    expect(gallery.complaints).toEqual([])
  })

  it.each(['light', 'dark'] as const)('读屏软件听得懂每个组件,看得清每个字(%s)', async colorScheme => {
    await gallery.page.addScriptTag({ path: AXE })
    await gallery.page.emulateMedia({ colorScheme })
    for (const id of await gallery.ids()) {
      await gallery.shows(id)
      expect(await gallery.faults(), id).toEqual([])
    }
    for (const [id, opener] of [
      ['select_static', '选择科室'],
      ['overflow', '更多'],
      ['picker_datetime', /选择日期时间/],
    ] as const) {
      await gallery.shows(id)
      await gallery.unfolds(gallery.button(opener))
      expect(await gallery.faults(), `${id} open`).toEqual([])
      await gallery.keys('Escape')
    }
    await gallery.page.emulateMedia({ colorScheme: 'light' })
  })

  it('手机上不横向滚动,手指按得着', async () => {
    const phone = await Gallery.open(browser, bench.sim.url, PHONE)
    // Headers differ in their colour only.
    for (const id of (await phone.ids()).filter(each => !/^header_(?!blue)/.test(each))) {
      await phone.shows(id)
      const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
      expect(wide, id).toBe(false)
      const small = await phone.card
        .locator('button, summary, .tick, .card-picture, input:not([type=checkbox], [type=radio]), textarea')
        .evaluateAll(
          (all, least) => all.filter(one => one.getBoundingClientRect().height < least).map(one => one.outerHTML),
          THUMB_PX,
        )
      expect(small, id).toEqual([])
    }
    await phone.shows('picker_datetime')
    await phone.button(/选择日期时间/).tap()
    const panel = phone.page.getByRole('dialog', { name: /选择日期时间/ })
    const box = await panel.boundingBox()
    expect(box && box.x >= 0 && box.x + box.width <= 400).toBe(true)
    await panel.getByRole('button', { name: '2026年11月25日' }).tap()
    await panel.getByRole('button', { name: '确定' }).tap()
    expect((await phone.received()).event.action.option).toBe('2026-11-25 08:30 +0800')
    expect(phone.complaints).toEqual([])
    await phone.close()
  })

  it('没有图表的页面不取图表,压缩后不到 500 KB', async () => {
    const context = await browser.newContext(DESKTOP)
    const page = await context.newPage()
    const fetched: string[] = []
    page.on('response', answer => fetched.push(new URL(answer.url()).pathname))
    await page.goto(`${bench.sim.url}/gallery#button`)
    await page.getByTestId('card').waitFor()
    await page.goto(bench.sim.url)
    await page.getByTestId('who').waitFor()
    const assets = readdirSync(join(PAGE, 'assets'))
    const charts = assets.filter(name => name.startsWith('vchart'))
    expect(charts).toHaveLength(1)
    expect(fetched.filter(path => path.includes('vchart'))).toEqual([])
    const others = ['index.html', ...assets.filter(name => !charts.includes(name)).map(name => `assets/${name}`)]
    const bytes = others.reduce((sum, name) => sum + gzipSync(readFileSync(join(PAGE, name))).length, 0)
    expect(bytes).toBeLessThan(PAGE_BYTES)
    await context.close()
  })

  describe('在聊天里', () => {
    it.each([
      ['compact', 400],
      ['default', 600],
    ])('宽度 %s 的卡片宽 %i 像素,撑满的更宽', async (width_mode, width) => {
      const narrow = await chatWith({ ...cardOf(button('签收')), config: { update_multi: true, width_mode } })
      expect((await narrow.card.boundingBox())?.width).toBe(width)
      await narrow.page.context().close()
      const wide = await chatWith({ ...cardOf(button('签收')), config: { update_multi: true, width_mode: 'fill' } })
      expect((await wide.card.boundingBox())?.width).toBeGreaterThan(600)
      await wide.page.context().close()
    })

    /** 王强's private chat with one card in it. */
    async function chatWith(card: object) {
      await bench.faults({ limits: false })
      const chat = await bench.p2p('王强')
      expect((await bench.sendCard('王强', card)).code).toBe(0)
      const page = await (await browser.newContext(DESKTOP)).newPage()
      await page.goto(`${bench.sim.url}/?as=${bench.id('王强')}&chat=${chat}`)
      const shown = page.getByTestId('card').last()
      await shown.waitFor()
      return { page, card: shown, button: (name: string) => shown.getByRole('button', { name, exact: true }) }
    }
    const toastOf = (page: Awaited<ReturnType<typeof chatWith>>['page']) => page.getByTestId('toast').last().innerText()

    it('页角可选外观,也通往图鉴', async () => {
      const { page } = await chatWith(cardOf(button('签收')))
      await page.getByRole('button', { name: '外观与卡片图鉴' }).click()
      await page.getByRole('button', { name: '深色', exact: true }).click()
      expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(20, 20, 20)')
      await page.getByRole('link', { name: '卡片组件图鉴' }).click()
      await page.getByRole('heading', { name: '卡片组件图鉴' }).waitFor()
      await page.getByTestId('card').waitFor()
      await page.context().close()
    })

    it('一次点击在途时转圈,整张卡片锁住,到期回应即解', async () => {
      let release = () => {}
      const held = new Promise<void>(done => {
        release = done
      })
      const { page, button: press, card } = await chatWith(cardOf(button('签收'), button('退回')))
      bench.bot.answer = async () => {
        await held
        return { body: { toast: { type: 'success', content: '已签收' } } }
      }
      await press('签收').click()
      await card.and(page.locator('[data-busy]')).waitFor()
      expect(await press('签收').getAttribute('aria-busy')).toBe('true')
      expect(await press('签收').locator('.spinner').count()).toBe(1)
      expect([await press('签收').isDisabled(), await press('退回').isDisabled()]).toEqual([true, true])
      release()
      await page.getByTestId('toast').filter({ hasText: '已签收' }).waitFor()
      await eventually(async () => expect(await press('退回').isEnabled()).toBe(true))
      await page.context().close()
    })

    it('机器人答错时,客户端说出错误码;满 14 天不能再按', async () => {
      const { page, button: press } = await chatWith(cardOf(button('签收')))
      bench.bot.answer = () => ({ status: 500 })
      await press('签收').click()
      await page.getByTestId('toast').filter({ hasText: 'code: 200671' }).waitFor()
      bench.bot.answer = () => ({ text: 'ok' })
      await eventually(async () => expect(await press('签收').isEnabled()).toBe(true))
      await press('签收').click()
      await page.getByTestId('toast').filter({ hasText: 'code: 200672' }).waitFor()
      await bench.ask('POST', '/clock', { by_ms: 15 * 86_400_000 })
      await eventually(async () => expect(await press('签收').isEnabled()).toBe(true))
      await press('签收').click()
      await page.getByTestId('toast').filter({ hasText: 'code: 200750' }).waitFor()
      expect(await toastOf(page)).toContain('14 天')
      await page.context().close()
    })
  })
})

const rgb = (hex: string) => `rgb(${[1, 3, 5].map(at => Number.parseInt(hex.slice(at, at + 2), 16)).join(', ')})`
