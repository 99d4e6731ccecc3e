import { type Block, type Button, buttons, type Field, form, note } from '../../kit/card.ts'
import { openMoves } from '../../kit/flow.ts'
import { type AssistMove, assistFlow, type TaskMove, taskFlow } from './flow.ts'
import { ASSISTED } from './moves.ts'
import { decisionsOn } from './record.ts'
import { inPlaceOf, lineOf, movesFrom, movesOpen, oneEach } from './roles.ts'
import { type Actor, LIMITS, type Setting, type Task } from './task.ts'

const BEARER: TaskMove[] = ['accept', 'return', 'update', 'extend', 'finish']
/** These open a form of their own. */
const OPENING: TaskMove[] = ['edit', 'reassign', 'change', 'record', 'again']
/** Not for a group's eyes. */
const PERSONAL: TaskMove[] = ['edit', 'record', 'again', 'acknowledge']

/** What can be pressed: in private what this person may do, in a group what the state allows; the press decides. */
export function controls(task: Task, viewer: Actor | undefined, setting: Setting): Block[] {
  const deciding: TaskMove[] = ['check', ...decisionsOn(task)]
  const all = viewer
    ? movesOpen(task, viewer, setting)
    : oneEach(movesFrom(task)).filter(move => !PERSONAL.includes(move))
  // what waits for a decision stands before what may be done at any time
  const moves = [...all.filter(move => deciding.includes(move)), ...all.filter(move => !deciding.includes(move))]
  const bearer = moves.filter(move => BEARER.includes(move))
  const office = moves.filter(move => !BEARER.includes(move) && !OPENING.includes(move) && taskFlow.moves[move].asks)
  const bare = moves.filter(move => !bearer.includes(move) && !office.includes(move))
  return [
    worded('own', bearer, task),
    worded('office', office, task),
    buttons(...bare.map(move => press(task, move, moves))),
    assistForm(task, viewer),
    viewer && standing(task, moves, viewer, setting),
  ].filter(block => block !== undefined)
}

/** Says in whose place a deputy would press. */
function standing(task: Task, moves: TaskMove[], viewer: Actor, setting: Setting): Block | undefined {
  const ids = new Set(moves.map(move => inPlaceOf(task, taskFlow.moves[move].by, viewer, setting)))
  const line = lineOf(task, viewer)
  if (line && line.person !== viewer.id) ids.add(line.person)
  const names = (viewer.standsFor ?? []).filter(({ id }) => ids.has(id)).map(({ name }) => name)
  return names.length ? note(`其中须由${names.join('、')}办理的,由您代理。`) : undefined
}

function worded(name: 'own' | 'office', moves: TaskMove[], task: Task): Block | undefined {
  if (!moves.length) return undefined
  if (moves.every(move => !taskFlow.moves[move].asks)) return buttons(...moves.map(move => press(task, move)))
  return form(
    name,
    inputsFor(name, moves, task),
    moves.map(move => press(task, move)),
  )
}

function inputsFor(name: 'own' | 'office', moves: TaskMove[], { leadPhone }: Task): Field[] {
  const reasons = moves.filter(move => taskFlow.moves[move].asks === 'reason').map(move => taskFlow.moves[move].button)
  const word: Field = {
    kind: 'input',
    name: `word_${name}`,
    hint: reasons.length ? `说明(${reasons.join('、')}须填写)` : '说明(可不填)',
    lines: 2,
    max: LIMITS.word,
  }
  const more: Array<Field | undefined> = [
    moves.includes('update') ? { kind: 'input', name: 'percent', hint: '进度%(可不填)', max: 4 } : undefined,
    moves.includes('update')
      ? { kind: 'input', name: 'problem', hint: '存在问题(可不填)', max: LIMITS.word }
      : undefined,
    moves.includes('update')
      ? { kind: 'input', name: 'measures', hint: '下一步措施(可不填)', max: LIMITS.word }
      : undefined,
    moves.includes('archive')
      ? { kind: 'input', name: 'archiveNo', hint: '归档号,如:2026-D10-BGS-0001', max: LIMITS.archiveNo }
      : undefined,
    moves.includes('extend')
      ? { kind: 'input', name: 'until', hint: '申请延期至,如:12月14日下班前', max: 60 }
      : undefined,
    moves.includes('accept') || moves.includes('update')
      ? { kind: 'input', name: 'leadPhone', hint: phoneHint(leadPhone), max: LIMITS.phone }
      : undefined,
  ]
  return [word, ...more.filter(field => field !== undefined)]
}

const phoneHint = (known: string): string => `责任人联系电话(${known ? `现为${known},不改则不填` : '可不填'})`

const STYLES: Partial<Record<TaskMove, Button['style']>> = {
  assign: 'primary',
  submit: 'primary',
  approve: 'primary',
  accept: 'primary',
  grantExtension: 'primary',
  confirm: 'primary',
  check: 'primary',
  grantSuspension: 'primary',
  grantChange: 'primary',
  acknowledge: 'primary',
  annul: 'danger',
  grantAnnulment: 'danger',
}

const CONFIRMS: Partial<Record<TaskMove, string>> = {
  cancel: '取消后该拟办事项作废,确定取消吗?',
  annul: '撤销后该事项不再办理,确定撤销吗?',
  requestAnnulment: '确定申请撤销该事项吗?',
}

/** Of two ways on, the short one stands out. */
function press(task: Task, move: TaskMove, beside: TaskMove[] = []): Button {
  const { button } = taskFlow.moves[move]
  const style = move === 'submit' && beside.includes('assign') ? undefined : STYLES[move]
  const asks = CONFIRMS[move]
  return {
    label: button,
    action: `task.${move}`,
    value: { id: task.id, rev: task.rev },
    ...(style ? { style } : {}),
    ...(asks ? { confirm: { title: button, text: asks } } : {}),
  }
}

export const ASSIST_ACTIONS: Record<AssistMove, string> = {
  accept: 'assistAccept',
  update: 'assistUpdate',
  finish: 'assistFinish',
}

function assistForm(task: Task, viewer: Actor | undefined): Block | undefined {
  const line = viewer && lineOf(task, viewer)
  if (!line || !ASSISTED.includes(task.state)) return undefined
  const moves = openMoves(assistFlow, line.state, ['assistant'])
  if (!moves.length) return undefined
  return form(
    'assist',
    [{ kind: 'input', name: 'word_assist', hint: '协办情况(反馈进展、完成须填写)', lines: 2, max: LIMITS.word }],
    moves.map(move => ({
      label: assistFlow.moves[move].button,
      action: `task.${ASSIST_ACTIONS[move]}`,
      value: { id: task.id },
      ...(move === 'accept' ? { style: 'primary' as const } : {}),
    })),
  )
}
