import type { Colour } from '../../kit/card.ts'
import type { Assist, Task } from './task.ts'
import { type Worktime, workdays } from './worktime.ts'

/** 预警灯 of domain.md 2.7; the word always stands beside the colour. */
export const LIGHTS = {
  grey: '灰',
  red: '红',
  yellow: '黄',
  green: '绿',
} as const satisfies Partial<Record<Colour, string>>
export type Light = keyof typeof LIGHTS

/** What of a task its light depends on. */
export type Lit = Pick<
  Task,
  'state' | 'dueAt' | 'redos' | 'assignedAt' | 'signedAt' | 'signDueAt' | 'reportDueAt' | 'percent'
>

const DARK: Task['state'][] = ['draft', 'submitted', 'suspended', 'cancelled']
/** Accepted; filing changes nothing about it any more. */
export const ENDED: Task['state'][] = ['closed', 'archived']
const HANDED_IN: Task['state'][] = ['finished', ...ENDED]

/** The first that holds, from top to bottom. */
const CONDITIONS: Array<[Light, (task: Lit, now: Date, work: Worktime) => boolean]> = [
  ['grey', task => DARK.includes(task.state) || !task.dueAt],
  ['green', task => ENDED.includes(task.state)],
  ['red', (task, now) => isOverdue(task, now) || task.redos >= 2],
  [
    'yellow',
    (task, now, work) =>
      isNear(task, now, work) || isUnsigned(task, now) || isUnreported(task, now) || isBehind(task, now, work),
  ],
  ['green', () => true],
]

export function lightOf(task: Lit, now: Date, work: Worktime): Light {
  return CONDITIONS.find(([, holds]) => holds(task, now, work))?.[0] ?? 'green'
}

/** Time has run out and no result was handed in. */
export const isOverdue = ({ state, dueAt }: Pick<Task, 'state' | 'dueAt'>, now: Date): boolean =>
  dueAt !== undefined && now > dueAt && !HANDED_IN.includes(state) && !DARK.includes(state)

/** Its result was handed in after its time, or more time was asked for only then (DB-10). */
export const closedLate = ({ finishedAt, dueAt, wasLate }: Pick<Task, 'finishedAt' | 'dueAt' | 'wasLate'>): boolean =>
  finishedAt !== undefined && (wasLate || (dueAt !== undefined && finishedAt > dueAt))

/** 20 % of all workdays, and at least one. */
export function warningDays({ assignedAt, dueAt }: Pick<Task, 'assignedAt' | 'dueAt'>, work: Worktime): number {
  return assignedAt && dueAt ? Math.max(1, 0.2 * workdays(assignedAt, dueAt, work)) : 1
}

function isNear(task: Lit, now: Date, work: Worktime): boolean {
  return task.dueAt !== undefined && workdays(now, task.dueAt, work) <= warningDays(task, work)
}

export const isUnsigned = ({ state, signedAt, signDueAt }: Lit, now: Date): boolean =>
  state === 'assigned' && !signedAt && signDueAt !== undefined && now > signDueAt

export const isUnreported = ({ state, reportDueAt }: Lit, now: Date): boolean =>
  state !== 'finished' && reportDueAt !== undefined && now > reportDueAt

/** At least ten points behind 序时进度, where progress was told in points. */
function isBehind({ state, percent, assignedAt, dueAt }: Lit, now: Date, work: Worktime): boolean {
  if (state === 'finished' || percent === undefined || !assignedAt || !dueAt) return false
  const total = workdays(assignedAt, dueAt, work)
  return total > 0 && (100 * workdays(assignedAt, now, work)) / total - percent >= 10
}

/** An assistant's own line: late is yellow and does not make the lead red (DB-22). */
export const assistLate = ({ state, dueAt }: Assist, now: Date): boolean =>
  state !== 'finished' && dueAt !== undefined && now > dueAt
