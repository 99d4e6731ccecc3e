import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core'
import { expect, vi } from 'vitest'
import { ARTEFACTS } from './demo.ts'

const KNOWN = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium']
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const WITHIN_MS = 20_000

export const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, locale: 'zh-CN' }
export const PHONE: BrowserContextOptions = {
  viewport: { width: 400, height: 800 },
  isMobile: true,
  hasTouch: true,
  locale: 'zh-CN',
}

/** Where Chromium is: what CHROMIUM names, or one of the usual places. */
export function findChromium(): string | undefined {
  return process.env.CHROMIUM || KNOWN.find(path => existsSync(path))
}

export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ARGS })
}

const AXE = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')

interface Violation {
  id: string
  impact: string
  nodes: Array<{ html: string }>
}

/** What axe-core finds serious or critical on the page as it stands. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const { violations } = await page.evaluate<{ violations: Violation[] }>('axe.run()')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html.slice(0, 120)).join(' | ')}`)
}

/** Until something holds: the last reason why not is what a failure says. */
export function eventually(holds: () => Promise<void>): Promise<void> {
  return vi.waitFor(holds, { timeout: WITHIN_MS, interval: 50 })
}

export interface Toast {
  type: string | null
  words: string
}

/** One browser tab in which somebody of the demo office sits: says, presses and sees. */
export class Tab {
  readonly page: Page
  /** What the page complained of in its console. */
  readonly complaints: string[] = []

  private constructor(page: Page) {
    this.page = page
    page.setDefaultTimeout(WITHIN_MS)
    page.on('pageerror', error => this.complaints.push(String(error)))
    page.on('console', line => {
      if (line.type() === 'error') this.complaints.push(line.text())
    })
  }

  /** As a newcomer comes in: chooses who to be, then opens a chat from the list. */
  static async open(page: Page, url: string, name: string, chat: string): Promise<Tab> {
    const tab = new Tab(page)
    await tab.turnsTo()
    await page.goto(url)
    await page.getByTestId('person').filter({ hasText: name }).click()
    await tab.opens(chat)
    return tab
  }

  /** A browser paints only once a second what nobody looks at, and a press waits for two pictures. */
  async turnsTo(): Promise<void> {
    await this.page.bringToFront()
  }

  row(chat: string): Locator {
    return this.page.getByTestId('chat-row').filter({ has: this.page.getByText(chat, { exact: true }) })
  }

  /** Opens a chat from the list. */
  async opens(chat: string): Promise<void> {
    await this.lists()
    await this.row(chat).click()
    await this.page
      .getByTestId('conversation')
      .and(this.page.getByLabel(chat, { exact: true }))
      .waitFor()
  }

  /** Has the list of chats in sight: a phone, which shows one thing at a time, has to go back to it. */
  async lists(): Promise<void> {
    await this.turnsTo()
    const back = this.page.getByRole('button', { name: '返回', exact: true })
    if (await back.isVisible()) await back.click()
  }

  /** Writes as a person does: words come whole from the input method, each `@Name` is chosen from the picker, Enter sends. */
  async says(text: string): Promise<void> {
    const composer = this.page.getByTestId('composer')
    await this.turnsTo()
    await composer.click()
    for (const piece of text.split(/(@[一-鿿]{2} )/)) {
      const name = /^@(.+) $/.exec(piece)?.[1]
      await this.page.keyboard.insertText(name ? `@${name}` : piece)
      if (name) await this.#picks(name)
    }
    await composer.press('Enter')
    await eventually(async () => expect(await composer.inputValue()).toBe(''))
  }

  async #picks(name: string): Promise<void> {
    await this.page.getByTestId('mention-picker').getByRole('option', { name }).first().click()
  }

  /** The latest card that has a line, a heading or a matter of just these words. */
  card(words: string | RegExp): Locator {
    return this.page
      .getByTestId('card')
      .filter({ has: this.page.getByText(words, { exact: true }) })
      .last()
  }

  button(words: string | RegExp, label: string): Locator {
    return this.card(words).getByRole('button', { name: label, exact: true })
  }

  /** Presses a button of that card and reads the toast that answers. */
  async presses(words: string | RegExp, label: string): Promise<Toast> {
    const toasts = this.page.getByTestId('toast')
    await this.turnsTo()
    await toasts.evaluateAll(old => {
      for (const toast of old) toast.setAttribute('data-old', '')
    })
    await this.button(words, label).first().click()
    return toasts
      .and(this.page.locator(':not([data-old])'))
      .first()
      .evaluate(toast => ({ type: toast.getAttribute('data-type'), words: toast.textContent }))
  }

  async seesTitle(words: string | RegExp, title: string): Promise<void> {
    const heading = this.card(words).getByRole('heading')
    await eventually(async () => expect(await heading.allTextContents()).toEqual([title]))
  }

  async seesInCard(words: string | RegExp, ...texts: Array<string | RegExp>): Promise<void> {
    await eventually(async () => {
      const [shown] = await this.card(words).allInnerTexts()
      for (const text of texts) expect(shown).toMatch(text)
    })
  }

  async seesNoButton(words: string | RegExp, label?: string): Promise<void> {
    const buttons = label ? this.button(words, label) : this.card(words).getByRole('button')
    await eventually(async () => expect(await buttons.count()).toBe(0))
  }

  /** As painted, for instance rgb(208, 245, 206). */
  async headerColour(words: string | RegExp): Promise<string> {
    return this.card(words)
      .locator('header')
      .evaluate(header => getComputedStyle(header).backgroundColor)
  }

  async shot(name: string): Promise<void> {
    await this.turnsTo()
    await this.page.screenshot({ path: join(ARTEFACTS, `${name}.png`) })
  }
}
