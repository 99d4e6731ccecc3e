import { createContext, use, useId } from 'react'
import { useConfirm } from '../confirm.tsx'
import { behaviourOf, type Node, nodeOf, plain } from './node.ts'

/** The card at hand, as its components need it. */
export interface CardAtHand {
  /** Somebody's press, mine or another's, is on its way: nothing here can be pressed until it is over. */
  locked: boolean
  pressed?: string
  press: (key: string, action: Node) => Promise<void>
  refuse: (words: string) => void
}

export const CardContext = createContext<CardAtHand>({ locked: true, press: async () => {}, refuse: () => {} })
export const useCard = () => use(CardContext)

/** What goes to the bot besides tag, name and value; undefined when there is nothing to send. */
type More = () => Node | undefined

export function usePress(node: Node) {
  const key = useId()
  const card = useCard()
  const confirm = useConfirm()
  const press = async (more: More = () => ({})) => {
    const extra = more()
    if (!extra || !(await agreed(node, confirm))) return
    const { calls, value, link } = behaviourOf(node)
    if (link) window.open(link, '_blank', 'noopener')
    if (calls || Object.keys(extra).length > 0) await card.press(key, { ...addressed(node, value), ...extra })
  }
  return { press, locked: card.locked, pressing: card.pressed === key }
}

async function agreed(node: Node, confirm: ReturnType<typeof useConfirm>): Promise<boolean> {
  if (!node.confirm) return true
  const { title, text } = nodeOf(node.confirm)
  return confirm(plain(title), plain(text))
}

function addressed(node: Node, value: unknown): Node {
  const action: Node = { tag: node.tag }
  if (plain(node.name)) action.name = node.name
  if (value !== undefined) action.value = value
  return action
}
