import { dueMoved, timed } from './moves.ts'
import type { Setting, Task } from './task.ts'
import { URGENCIES } from './terms.ts'
import { defaultDue, limitFrom, reportDue } from './worktime.ts'

/** What of a task was reckoned, and is told when it moves. */
export const RECKONED = { dueAt: '完成时限', signDueAt: '签收时限', reportDueAt: '反馈时限' } as const
export type Reckoned = keyof typeof RECKONED

/**
 * The task by the days and hours now in force; `said` is what its words mean by them. Nothing is moved into the past, and a deadline
 * that was extended or changed since stands as it was decided. The ladder follows its deadline.
 */
export function recalibrated(task: Task, said: Date | undefined, setting: Setting): Task {
  const dueAt = ahead(dueAnew(task, said, setting), setting.now) ?? task.dueAt
  const isMoved = dueAt?.getTime() !== task.dueAt?.getTime()
  const moved: Task = isMoved
    ? {
        ...task,
        ...dueMoved(task, dueAt, setting),
        originalDueAt: task.originalDueAt && dueAt,
        // what was named for the assistants stands
        ...(task.assistDueAt ? { assistDueAt: task.assistDueAt, assists: task.assists } : {}),
        // a step that falls due at this very moment is still to be said
        ladderFrom: task.ladderFrom,
      }
    : task
  return timed(
    {
      ...moved,
      signDueAt: ahead(signAnew(task, setting), setting.now) ?? task.signDueAt,
      reportDueAt: ahead(reportAnew(task, setting), setting.now) ?? task.reportDueAt,
    },
    setting,
  )
}

const ahead = (at: Date | undefined, now: Date): Date | undefined => (at && at > now ? at : undefined)

function dueAnew(task: Task, said: Date | undefined, { now, work }: Setting): Date | undefined {
  const { state, dueAt, originalDueAt, assignedAt, urgency, dueByDefault } = task
  const isDecided = assignedAt !== undefined && dueAt?.getTime() !== originalDueAt?.getTime()
  if (isDecided || state === 'suspended' || !dueAt || dueAt <= now) return undefined
  return dueByDefault ? defaultDue(assignedAt ?? task.createdAt, urgency, work) : said
}

/** Only where nothing was done since that counts it from elsewhere. */
function signAnew({ signDueAt, signedAt, assignedAt, lastMove, urgency }: Task, { now, work }: Setting) {
  const isFirst = lastMove === 'assign' || lastMove === 'approve'
  if (!isFirst || signedAt || !assignedAt || !signDueAt || signDueAt <= now) return undefined
  return limitFrom(assignedAt, URGENCIES[urgency].sign, work)
}

function reportAnew(task: Task, { now, work }: Setting): Date | undefined {
  const { reportDueAt, reportedAt, assignedAt, lastMove } = task
  const isCounted = ['assign', 'approve', 'accept', 'update'].includes(lastMove)
  if (!isCounted || !assignedAt || !reportDueAt || reportDueAt <= now) return undefined
  return reportDue(reportedAt ?? assignedAt, { ...task, first: reportedAt === undefined }, work)
}
