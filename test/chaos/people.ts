import type { Chat, ClickAnswer, Office as SimOffice } from '../../simulator/protocol.ts'
import type { Simulator } from '../../simulator/server.ts'
import type { StoredMessage } from '../../simulator/state.ts'
import { readCard, type ShownButton, type ShownCard } from '../harness/shown.ts'
import { pause } from '../harness/traces.ts'
import type { Made, Presses, Says, Story } from './stories.ts'

/** What somebody said to the bot. */
export interface Said {
  message: string
  who: string
  text: string
  word: string
  makes: Made | undefined
  isPrivate: boolean
}

/** How long somebody looks for a button before they let the matter rest, and how often they press when nothing comes of it. */
const PATIENCE_MS = 20_000
const LOOK_MS = 150
const ATTEMPTS = 8

/** The people of the demo office, who see only what the platform shows them. */
export class People {
  readonly #sim: Simulator
  readonly #ids: Map<string, string>
  /** Where what they do next goes: which of the processes answers is the platform's business, not theirs. */
  readonly #choose: () => void
  readonly said: Said[] = []
  /** How far they got: presses that were answered, and stories that were left. */
  readonly told = { pressed: 0, left: 0 }

  private constructor(sim: Simulator, ids: Map<string, string>, choose: () => void) {
    this.#sim = sim
    this.#ids = ids
    this.#choose = choose
  }

  static async of(sim: Simulator, choose: () => void): Promise<People> {
    const { people } = (await (await fetch(`${sim.url}/sim/office`)).json()) as SimOffice
    return new People(sim, new Map(people.toReversed().map(({ name, open_id }) => [name, open_id])), choose)
  }

  /** Lives through a story, as far as it gets. */
  async live(story: Story): Promise<void> {
    await pause(story.at)
    for (const step of story.steps) {
      await pause(step.afterMs)
      this.#choose()
      if ('say' in step) await this.#says(step, story.word)
      else if (!(await this.#presses(step, story.word))) {
        this.told.left++
        return
      }
    }
  }

  async #says({ who, say, group, makes }: Says, word: string): Promise<void> {
    const as = this.#idOf(who)
    const chat_id = group ? this.#groupCalled(group) : await this.#privateChat(as)
    const text = group ? this.#mentioned(say) : say.replace(/^@回音 /, '')
    const { message_id } = await this.#post<{ message_id: string }>('/sim/messages', { as, chat_id, text })
    this.said.push({ message: message_id, who: as, text, word, makes, isPrivate: !group })
  }

  /** Ends when it has been answered well, or when there is no such button any more; false: there never was one. */
  async #presses(step: Presses, word: string): Promise<boolean> {
    const until = Date.now() + PATIENCE_MS
    let isFound = false
    for (let attempt = 0; attempt < ATTEMPTS && Date.now() < until; ) {
      const found = this.#find(step, step.on ?? word)
      if (!found && isFound) return true
      if (!found) {
        await pause(LOOK_MS)
        continue
      }
      isFound = true
      attempt++
      const answers = await Promise.all(Array.from({ length: step.times ?? 1 }, () => this.#press(step, found)))
      this.told.pressed++
      if (answers.some(({ toast }) => toast && toast.type !== 'error' && toast.type !== 'warning')) return true
      if (answers.some(({ error, toast }) => !error && !toast)) return true
      await pause(LOOK_MS)
      this.#choose()
    }
    return isFound
  }

  #find({ who, press, group }: Presses, words: string): Found | undefined {
    const chat = group ? this.#groupCalled(group) : this.#sim.state.p2p.get(this.#idOf(who))
    const ids = this.#sim.state.chats.get(chat ?? '')?.message_ids ?? []
    for (const id of ids.toReversed()) {
      const message = this.#sim.state.messages.get(id)
      if (message?.msg_type !== 'interactive' || message.recalled || !message.content.includes(words)) continue
      const card = readCard(message.content)
      const button = card.buttons.find(one => one.label === press)
      if (button) return { message, card, button }
    }
    return undefined
  }

  async #press({ who, form, filled }: Presses, { message, card, button }: Found): Promise<ClickAnswer> {
    const kept = card.inputs.filter(input => input.form === button.form)
    const filling = filled ? Object.fromEntries(kept.map(({ name, value }) => [name, value ?? ''])) : {}
    return this.#post<ClickAnswer>('/sim/click', {
      as: this.#idOf(who),
      message_id: message.message_id,
      action: {
        tag: 'button',
        value: button.value,
        ...(button.name ? { name: button.name } : {}),
        ...(button.form ? { form_value: { ...filling, ...form } } : {}),
      },
    })
  }

  #idOf(name: string): string {
    const id = this.#ids.get(name)
    if (!id) throw new Error(`nobody is called ${name}`)
    return id
  }

  #groupCalled(name: string): string {
    const chat: Chat | undefined = [...this.#sim.state.chats.values()].find(one => one.name === name)
    if (!chat) throw new Error(`no group ${name}`)
    return chat.chat_id
  }

  async #privateChat(as: string): Promise<string> {
    const known = this.#sim.state.p2p.get(as)
    return known ?? (await this.#post<{ chat_id: string }>('/sim/p2p', { as })).chat_id
  }

  #mentioned(text: string): string {
    return text.replace(/@(回音|[一-鿿]{2})/g, (_, name: string) =>
      name === '回音' ? '<at id="bot"></at>' : `<at id="${this.#idOf(name)}">${name}</at>`,
    )
  }

  async #post<T>(path: string, body: unknown): Promise<T> {
    const answer = await fetch(this.#sim.url + path, { method: 'POST', body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
}

interface Found {
  message: StoredMessage
  card: ShownCard
  button: ShownButton
}
