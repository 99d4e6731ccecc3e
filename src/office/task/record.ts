import { nameOf, saidWith } from '../../kit/acted.ts'
import { bold, buttons, type Card, card, type Field, form, note, type Option, text } from '../../kit/card.ts'
import { type TaskMove, taskFlow } from './flow.ts'
import { numberText } from './number.ts'
import { actWord, enteredWords, LIMITS, type Setting, type Task } from './task.ts'
import { WAYS, type Way } from './terms.ts'

/** What a leader may have decided, by what waits. */
const DECISIONS: Partial<Record<Task['state'], TaskMove[]>> = {
  submitted: ['approve', 'revise'],
  extending: ['grantExtension', 'denyExtension'],
  finished: ['confirm', 'redo'],
  suspending: ['grantSuspension', 'denySuspension'],
  cancelling: ['grantAnnulment', 'denyAnnulment'],
}

/** What its state asks for goes before a 变更. */
export const decisionsOn = ({ state, change }: Pick<Task, 'state' | 'change'>): TaskMove[] =>
  DECISIONS[state] ?? (change ? ['grantChange', 'denyChange'] : [])

/** 代录: whose decision, what it was, and how it was given (ORG-04). */
export function recordForm(task: Task, deciders: Option[]): Card {
  const decisions = decisionsOn(task).map(move => ({ value: move, label: taskFlow.moves[move].button }))
  const ways = Object.entries(WAYS).map(([value, { word }]) => ({ value, label: word }))
  const choose = (name: string, label: string, hint: string, options: Option[]): Field => ({
    kind: 'choose',
    name,
    label,
    hint,
    options,
    required: true,
  })
  return card(
    '督办 · 代录领导意见',
    'grey',
    text(bold(task.title), ...(task.number ? [` · ${numberText(task.number)}`] : [])),
    form(
      'record',
      [
        choose('decider', '作出决定的领导', '选择领导', deciders),
        choose('decision', '决定', '选择决定', decisions),
        choose('way', '方式', '选择方式', ways),
        {
          kind: 'input',
          name: 'word_office',
          label: '理由或说明(不同意、退回须填写)',
          hint: '不录入批示原文',
          lines: 2,
          max: LIMITS.word,
        },
      ],
      [
        {
          label: '代录',
          action: 'task.record',
          value: { id: task.id, rev: task.rev, asked: 1 },
          style: 'primary',
        },
      ],
    ),
    note('请如实代录。决定人、录入人和方式随事项留存,并即时告知该领导。'),
  )
}

/** A submitted form, as `recordForm` names its fields; undefined where nothing was chosen. */
export function readRecord(form: Record<string, unknown>, task: Task) {
  const { decider, decision, way } = form
  return {
    decider: typeof decider === 'string' ? decider : undefined,
    decision: decisionsOn(task).find(move => move === decision),
    way: typeof way === 'string' && Object.hasOwn(WAYS, way) ? (way as Way) : undefined,
  }
}

/** Tells the leader what was entered in their name. */
export function recordedCard(task: Task, { names }: Pick<Setting, 'names'>): Card {
  const { lastMove, movedBy, recordedBy, recordedWay: way, word } = task
  const acted = lastMove
    ? enteredWords({ act: actWord(lastMove), by: movedBy, inPlaceOf: undefined, recordedBy, way }, names)
    : ''
  const drawn = card(
    '督办 · 代录告知',
    'blue',
    text(bold(task.title), ...(task.number ? [` · ${numberText(task.number)}`] : [])),
    text(
      `${acted}${lastMove ? saidWith(taskFlow.moves[lastMove].button, word, taskFlow.moves[lastMove].asks === 'reason') : ''}`,
    ),
    note(`如与您的意见不符,请告知${recordedBy ? nameOf(recordedBy, names) : '办公室'}。`),
    buttons({ label: '查看', action: 'task.show', value: { id: task.id } }),
  )
  return { ...drawn, summary: '[督办] 已代录您的意见,请核对' }
}
