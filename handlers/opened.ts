import type { Answer, Turn } from '../src/bot/feature.ts'
import type { Card } from '../src/kit/card.ts'

/** A card to go on with: in place of the pressed one, or from a group to the presser alone. */
export function opened({ chat }: Pick<Turn, 'chat'>, card: Card): Answer {
  if (chat.kind === 'private') return { fresh: { card } }
  return openedApart({ chat }, card)
}

/** The same in a message of its own, so that what others press meanwhile does not draw over what somebody is filling in. */
export function openedApart({ chat }: Pick<Turn, 'chat'>, card: Card): Answer {
  const answer: Answer = { say: { card }, privately: true }
  return chat.kind === 'private' ? answer : { ...answer, toast: { kind: 'info', words: '请在私聊中办理' } }
}
