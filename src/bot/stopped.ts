import type { Taken } from '../feishu/incoming.ts'
import { card, note, text } from '../kit/card.ts'
import type { Answer, Turn } from './feature.ts'
import type { Caught } from './gate.ts'
import type { Office } from './office.ts'
import type { Screened } from './screen.ts'

/** The sender alone is told; being added to a group, or leaving it, takes its course. */
export async function stopped(
  { gate }: Office,
  turn: Turn,
  { kind }: Taken,
  caught: Caught,
  goes: () => Promise<Answer | undefined>,
): Promise<Answer | undefined> {
  const lines = gate.replyTo(caught)
  const [first = '', ...rest] = lines
  const told = card('保密提示', 'red', text(first), ...rest.map(line => note(line)))
  if (kind === 'pressed') return { toast: { kind: 'error', words: lines.join('') } }
  if (kind === 'said') return turn.who.active ? { say: { card: told }, privately: true } : undefined
  if (turn.who.id && turn.who.active) turn.send({ to: { person: turn.who.id }, body: { card: told }, urgent: true })
  return goes()
}

/** What was masked or is warned of is told to its sender beside the answer; where none is due, nothing is. */
export function withAdvice(
  { gate }: Office,
  turn: Turn,
  advised: Screened<unknown>,
  answer: Answer | undefined,
): Answer | undefined {
  const words = gate.passed(turn, advised)
  if (!answer) return undefined
  if (answer.toast) return { ...answer, toast: { ...answer.toast, words: `${answer.toast.words}。${words}` } }
  turn.send({ to: { person: turn.who.id }, body: { text: words }, urgent: true })
  return answer
}

/** What a group is called whose name may not be kept. */
export const UNNAMED = '(群名称已遮蔽)'

export function withoutContent(incoming: Taken): Taken {
  if (incoming.kind === 'said') return { ...incoming, message: '', pieces: [], attachments: [], unheard: [] }
  if (incoming.kind === 'pressed') return { ...incoming, action: '', value: {}, form: {}, unheard: '' }
  return incoming.kind === 'joined' || incoming.kind === 'left' ? { ...incoming, name: UNNAMED } : incoming
}
