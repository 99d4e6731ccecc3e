import type { Answer, Turn } from '../src/bot/feature.ts'
import type { Card } from '../src/kit/card.ts'

/** A card to go on with: in place of the pressed one, or from a group to the presser alone. */
export function opened({ chat }: Pick<Turn, 'chat'>, card: Card): Answer {
  if (chat.kind === 'private') return { fresh: { card } }
  return { say: { card }, privately: true, toast: { kind: 'info', words: '请在私聊中办理' } }
}
