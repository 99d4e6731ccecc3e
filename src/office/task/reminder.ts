import { nameOf } from '../../kit/acted.ts'
import { type Block, bold, buttons, type Card, type Colour, card, note, text, tint } from '../../kit/card.ts'
import { shorten } from '../../kit/text.ts'
import { formatDue, remaining } from '../../kit/time.ts'
import type { Step } from './ladder.ts'
import { numberText } from './number.ts'
import { headOf, type Setting, type Task, unitOf } from './task.ts'

/** What a step of the ladder says about one task. */
export interface Reminder {
  task: Task
  step: Step
}

const MOST = 10

/** One message for everything that is said to somebody in one morning. */
export function reminderCard(reminders: Reminder[], setting: Setting): Card {
  const urgent = [...reminders].sort((a, b) => b.step.offset - a.step.offset)
  const title = urgent.some(({ step }) => step.offset >= 0) ? '督办 · 催办' : '督办 · 办理提醒'
  const shown = urgent.slice(0, MOST)
  const drawn = card(
    reminders.length > 1 ? `${title} · ${reminders.length}项` : title,
    colourOf(urgent[0]?.step),
    ...shown.flatMap(one => lines(one, setting)),
    reminders.length > MOST ? note(`另有${reminders.length - MOST}项,请发送 /待办 查看`) : undefined,
  )
  return { ...drawn, summary: `${title}:${shorten(shown[0]?.task.title ?? '', 30)}` }
}

const colourOf = (step: Step | undefined): Colour => (step && step.offset > 0 ? 'red' : 'yellow')

function lines({ task, step }: Reminder, { now, names, units, work: { calendar } }: Setting): Block[] {
  const { dueAt } = task
  return [
    text(
      tint(step.offset > 0 ? 'red' : 'yellow', step.name === '提醒' ? '【提醒】' : '【催办】'),
      task.number ? `${numberText(task.number)} ` : '',
      bold(shorten(task.title, 40)),
      `(${unitOf(task.leadUnit, units)}${nameOf(task.lead, names)})`,
      dueAt ? ` · ${formatDue(dueAt, now, calendar)} · ${remaining(dueAt, now, calendar).words}` : '',
      `。${step.tone}。`,
    ),
    buttons({ label: '查看', action: 'task.show', value: { id: task.id } }),
  ].filter(block => block !== undefined)
}

/** The same of one task in a line, for who wants quiet now. */
export const reminderLine = ({ task, step }: Reminder): string => `${headOf(task)}:【${step.name}】${step.tone}`

/** 催办 by hand. */
export function nudgeCard(task: Task, word: string, setting: Setting): Card {
  const { names, now, work } = setting
  const number = task.number ? numberText(task.number) : ''
  const drawn = card(
    '督办 · 催办',
    'yellow',
    text(
      '【催办】',
      `${number} `,
      bold(task.title),
      task.dueAt
        ? `,完成时限${formatDue(task.dueAt, now, work.calendar)}(${remaining(task.dueAt, now, work.calendar).words})`
        : '',
      '。请抓紧办理并反馈进展。',
    ),
    word ? text(`催办说明:${word}`) : undefined,
    note(`催办人:${nameOf(task.movedBy, names)}`),
    buttons({ label: '查看', action: 'task.show', value: { id: task.id } }),
  )
  return { ...drawn, summary: `[催办] ${shorten(task.title, 40)}` }
}
