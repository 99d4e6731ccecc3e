import type { Address } from '../address.ts'
import type { Cast } from './cast.ts'

/** One moment of the tour: where it plays, what it points at in the real page, and when it is over. */
export interface Scene {
  step: 1 | 2 | 3
  title: string
  words: (names: { giver: string; taker: string; bot: string }) => string
  at: (cast: Cast) => Address
  target?: (cast: Cast) => Element | undefined
  over: (cast: Cast, address: Address) => boolean
  /** What the tour's own button offers: only ever to go where the reader could go. */
  goes?: (names: { giver: string; taker: string }) => string
}

const inGroup =
  (who: 'giver' | 'taker') =>
  (cast: Cast): Address => ({ as: cast[who], chat: cast.group })

export const scenes: Scene[] = [
  {
    step: 1,
    title: '交办一件事',
    words: ({ giver, taker }) => `您现在是${giver}。话已经写好，请按回车键或“发送”，把这件事交给${taker}。`,
    at: inGroup('giver'),
    target: () => document.querySelector('.talk .composer-box') ?? undefined,
    over: cast => cardOf(cast) !== undefined,
  },
  {
    step: 2,
    title: '换个人来签收',
    words: ({ taker, bot }) => `${bot}发出了卡片，群里的人都能看到。现在请换成${taker}，看看对方怎么办。`,
    at: inGroup('taker'),
    over: (cast, { as }) => as === cast.taker,
    goes: ({ taker }) => `换成${taker}`,
  },
  {
    step: 2,
    title: '签收',
    words: ({ taker }) => `您现在是${taker}。请按卡片上的“签收”。`,
    at: inGroup('taker'),
    target: cast => buttonOf(cardOf(cast), '签收'),
    over: cast => cardOf(cast) !== undefined && !has(cardOf(cast), '签收'),
  },
  {
    step: 2,
    title: '办完了',
    words: () => '已签收，所有人的卡片都变了。事情办好后按“完成”。',
    at: inGroup('taker'),
    target: cast => buttonOf(cardOf(cast), '完成'),
    over: cast => cardOf(cast) !== undefined && !has(cardOf(cast), '完成'),
  },
  {
    step: 3,
    title: '看回音',
    words: ({ giver, bot }) => `${bot}已经告诉${giver}。请换回${giver}，看看收到了什么。`,
    at: ({ giver }) => ({ as: giver }),
    over: (cast, { as }) => as === cast.giver,
    goes: ({ giver }) => `换回${giver}`,
  },
  {
    step: 3,
    title: '看回音',
    words: ({ bot }) => `${bot}有新消息，请点开。`,
    at: ({ giver }) => ({ as: giver }),
    target: () => rowOfBot(),
    over: () => conversationWith() === 'p2p',
  },
  {
    step: 3,
    title: '确认',
    words: () => '这就是回音：谁办的、何时办的，都在卡片上。按“确认完成”，这件事就了结了。',
    at: ({ giver }) => ({ as: giver }),
    target: cast => buttonOf(answerTo(cast), '确认完成'),
    over: cast => answerTo(cast)?.textContent?.includes('已确认完成') ?? false,
  },
]

const all = (selector: string, inside: ParentNode = document) => [...inside.querySelectorAll<HTMLElement>(selector)]

/** The matter of the tour, in the group: the first card since then that is somebody's to finish, or was. */
const cardOf = ({ since }: Cast) =>
  conversationWith() === 'group' ? cardsSince(since).find(each => each.textContent?.includes('承办人')) : undefined

/** What the giver was told of it in private. */
const answerTo = ({ heard }: Cast) =>
  conversationWith() === 'p2p' ? cardsSince(heard).find(each => /确认完成/.test(each.textContent ?? '')) : undefined

function cardsSince(message_id?: string): Element[] {
  const messages = all('.talk > .flow-frame [data-testid="message"]')
  const before = messages.findIndex(each => each.dataset.messageId === message_id)
  return messages.slice(before + 1).flatMap(each => each.querySelector('[data-testid="card"]') ?? [])
}

const buttonOf = (card: Element | undefined, label: string) =>
  card && all('button', card).find(each => each.textContent?.trim() === label)

const has = (card: Element | undefined, label: string) => buttonOf(card, label) !== undefined

const rowOfBot = () => all('[data-testid="chat-row"]').find(each => each.dataset.kind === 'p2p')

const conversationWith = () => all('[data-testid="conversation"]')[0]?.dataset.kind
