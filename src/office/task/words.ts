import { opening } from '../../kit/text.ts'
import { type AssistMove, type AssistState, type TaskMove, taskFlow } from './flow.ts'
import { ENDED } from './light.ts'
import type { Task } from './task.ts'

type Spoken = { kind: 'move'; move: TaskMove; word: string } | { kind: 'assist'; move: AssistMove; word: string }

/** Words that open a reply; `同意延期` and the like are the words on buttons. */
const OPENINGS =
  /^(?:收到|签收|同意.{0,2}|不同意.{0,2}|退回.{0,2}|已完成|完成|已办结|申请办结|办结|催办|维持|恢复|知道了|已阅)$/

/** A reply that does what a button does (product.md 2), and otherwise reports progress. `line`: how the own line of who helps stands. */
export function moveInWords(text: string, task: Task, line: AssistState | undefined): Spoken {
  const { head, word } = opening(text)
  if (line) return { kind: 'assist', ...helpInWords(head, word, text, line) }
  const move = OPENINGS.test(head) ? moveMeant(head, word, task) : undefined
  return move ? { kind: 'move', move, word } : { kind: 'move', move: 'update', word: text }
}

function helpInWords(head: string, word: string, text: string, line: AssistState): { move: AssistMove; word: string } {
  if ((head === '收到' || head === '签收') && (!word || line === 'assigned')) return { move: 'accept', word }
  if (['已完成', '完成', '已办结', '办结'].includes(head)) return { move: 'finish', word }
  return { move: 'update', word: text }
}

const AGREE: Partial<Record<Task['state'], TaskMove>> = {
  submitted: 'approve',
  extending: 'grantExtension',
  finished: 'confirm',
  suspending: 'grantSuspension',
  cancelling: 'grantAnnulment',
}
const DISAGREE: Partial<Record<Task['state'], TaskMove>> = {
  submitted: 'revise',
  extending: 'denyExtension',
  finished: 'redo',
  suspending: 'denySuspension',
  cancelling: 'denyAnnulment',
}
const RETURN: Partial<Record<Task['state'], TaskMove>> = { submitted: 'revise', assigned: 'return', finished: 'redo' }
const FIXED: Record<string, TaskMove> = {
  签收: 'accept',
  已完成: 'finish',
  完成: 'finish',
  已办结: 'finish',
  申请办结: 'finish',
  办结: 'finish',
  催办: 'nudge',
  维持: 'uphold',
  恢复: 'resume',
  知道了: 'acknowledge',
  已阅: 'acknowledge',
}

function moveMeant(head: string, word: string, task: Task): TaskMove | undefined {
  const named = (Object.keys(taskFlow.moves) as TaskMove[]).find(move => taskFlow.moves[move].button === head)
  if (head === '收到' && ENDED.includes(task.state)) return word ? undefined : 'acknowledge'
  if (head === '收到') return word && task.state !== 'assigned' ? undefined : 'accept'
  if (head === '同意') return AGREE[task.state] ?? (task.change ? 'grantChange' : 'approve')
  if (head === '不同意') return DISAGREE[task.state] ?? (task.change ? 'denyChange' : 'revise')
  if (head === '退回') return RETURN[task.state] ?? 'return'
  return named ?? FIXED[head]
}
