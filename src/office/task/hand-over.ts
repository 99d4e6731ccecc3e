import type { Person } from '../../kit/person.ts'
import { joined, type Member } from './assists.ts'
import { signedAnew, timed } from './moves.ts'
import { movesOpen } from './roles.ts'
import { type Actor, type Assist, giverOf, type Setting, type Task } from './task.ts'

/** Whether somebody still has to do something for it. */
export const bears = ({ lead, assists }: Task, person: string): boolean =>
  lead === person || assists.some(one => isOpenFor(one, person))

const isOpenFor = (line: Assist, person: string): boolean => line.person === person && line.state !== 'finished'

/** Whether somebody gave it, or may settle otherwise who is to do it. */
export const settles = (task: Task, actor: Actor, setting: Setting): boolean =>
  giverOf(task) === actor.id ||
  movesOpen(task, actor, setting).some(move => move === 'reassign' || move === 'change' || move === 'redirect')

/** Whether it stays with the units that answer for it when somebody else bears it in a person's place. */
export function staysWithin({ lead, leadUnit, assists }: Task, from: string, { departments }: Person): boolean {
  const borne = [
    ...(lead === from ? [leadUnit] : []),
    ...assists.filter(one => isOpenFor(one, from)).map(one => one.unit),
  ]
  return borne.every(unit => unit === '' || departments.includes(unit))
}

/**
 * 移交: who leads or assists in the place of somebody who leaves, and is let in in their place. It is written down as 转办, and signed
 * for anew.
 */
export function handedOver(
  task: Task,
  { from, to, by }: { from: Person; to: Person; by: string },
  setting: Setting,
): Task {
  const rev = task.rev + 1
  const led = task.lead === from.id ? ledBy(task, to, setting) : task
  const scope = [...new Set(led.scope.map(id => (id === from.id ? to.id : id)))]
  const after = { ...led, ...assistedBy(led, from, to, setting.now), scope }
  return timed(
    {
      ...after,
      rev,
      stateRev: after.state === task.state ? task.stateRev : rev,
      lastMove: 'reassign',
      word: `${from.name}名下事项移交${to.name}`,
      movedBy: by,
      movedAt: setting.now,
      movedFor: undefined,
      recordedBy: undefined,
      recordedWay: undefined,
    },
    setting,
  )
}

function ledBy(task: Task, to: Person, setting: Setting): Task {
  const { id, unit } = memberOf(to, task.leadUnit)
  const anew = task.state === 'underway' ? { state: 'assigned' as const, ...signedAnew(task, setting) } : {}
  // whoever signed for it may see it: the history tells who it was
  const signedBy = task.signedBy === task.lead ? undefined : task.signedBy
  return { ...task, lead: id, leadUnit: unit, leadPhone: '', signedBy, ...anew }
}

/** Whoever leads has no part of their own, and nobody has two. */
function assistedBy(task: Task, from: Person, to: Person, now: Date): Pick<Task, 'assists' | 'parts'> {
  const line = task.assists.find(one => isOpenFor(one, from.id))
  const staying = task.assists.filter(one => one !== line && one.person !== task.lead)
  const fresh = line && to.id !== task.lead ? [memberOf(to, line.unit)] : []
  return joined({ assists: staying, parts: task.parts }, fresh, line?.dueAt, now)
}

/** Somebody takes over for the same unit where they belong to it. */
const memberOf = ({ id, departments }: Person, unit: string): Member => ({
  id,
  unit: departments.includes(unit) ? unit : (departments[0] ?? ''),
})
