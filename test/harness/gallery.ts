import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { DESKTOP, eventually } from './chromium.ts'

interface Callback {
  schema: string
  header: Record<string, string>
  event: {
    operator: Record<string, string>
    token: string
    action: Record<string, unknown>
    host: string
    context: object
  }
}

interface Axe {
  run(where: object): Promise<{ violations: Array<{ id: string; nodes: Array<{ html: string }> }> }>
}

/** The gallery in one browser tab: shows a component, uses it, and reads what a bot would receive. */
export class Gallery {
  readonly page: Page
  readonly complaints: string[] = []

  private constructor(page: Page) {
    this.page = page
    page.on('pageerror', error => this.complaints.push(String(error)))
    page.on('dialog', dialog => this.complaints.push(`the page asked: ${dialog.message()}`))
    page.on('console', line => {
      if (line.type() === 'error') this.complaints.push(line.text())
    })
  }

  static async open(browser: Browser, url: string, options: BrowserContextOptions = DESKTOP): Promise<Gallery> {
    const context = await browser.newContext(options)
    const gallery = new Gallery(await context.newPage())
    await gallery.page.goto(`${url}/gallery`)
    await gallery.card.waitFor()
    return gallery
  }

  async close(): Promise<void> {
    await this.page.context().close()
  }

  get card(): Locator {
    return this.page.getByTestId('card')
  }

  get verdict(): Locator {
    return this.page.getByTestId('verdict')
  }

  get json(): Locator {
    return this.page.getByRole('textbox', { name: '卡片 JSON' })
  }

  async ids(): Promise<string[]> {
    const links = this.page.getByRole('navigation', { name: '组件' }).getByRole('link')
    return links.evaluateAll(all => all.map(link => link.getAttribute('href')?.slice(1) ?? ''))
  }

  /** Shows a component anew, as it is at first. */
  async shows(id: string): Promise<void> {
    const again = this.page.url().endsWith(`#${id}`)
    for (const each of again ? ['literal', id] : [id]) {
      await this.page.evaluate(hash => {
        window.location.hash = hash
      }, each)
      await this.page.locator(`[data-testid=specimen][data-id=${each}]`).getByTestId('card').waitFor()
    }
    await eventually(async () => expect(await this.verdict.getAttribute('data-code')).toBe('0'))
  }

  button(name: string | RegExp): Locator {
    return this.card.getByRole('button', { name, exact: typeof name === 'string' })
  }

  /** The callback of the last press. */
  async received(): Promise<Callback> {
    const shown = this.page.getByTestId('callback').filter({ hasText: 'card.action.trigger' })
    return JSON.parse(await shown.innerText()) as Callback
  }

  async nothingReceived(): Promise<void> {
    expect(await this.page.getByTestId('callback').innerText()).toContain('使用卡片中的组件后')
  }

  /** What axe, which the page must have loaded, finds wrong with the card; initials beside a name are not read out. */
  faults(): Promise<string[]> {
    return this.page.evaluate(async () => {
      const { axe } = window as unknown as { axe: Axe }
      const { violations } = await axe.run({ include: ['.gallery-stage'], exclude: ['.avatar'] })
      return violations.map(one => `${one.id}: ${one.nodes.map(node => node.html).join(' ')}`)
    })
  }

  async keys(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key)
  }

  /** Opens a picker or menu from the keyboard, and waits until the choices have the focus. */
  async unfolds(opener: Locator): Promise<void> {
    await opener.focus()
    await this.keys('ArrowDown')
    await this.page.waitForFunction(() => document.activeElement?.closest('[popover]') !== null)
  }
}
