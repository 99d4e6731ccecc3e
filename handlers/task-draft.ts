import { peopleById } from '../db/people.ts'
import { holdersAmong } from '../db/role.ts'
import { openTask } from '../db/task.ts'
import type { Look, Turn } from '../src/bot/feature.ts'
import { APART, type HeldRole } from '../src/kit/person.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { dayIn } from '../src/kit/time.ts'
import { may } from '../src/office/role/role.ts'
import { drafted } from '../src/office/task/draft.ts'
import type { Task, Wish } from '../src/office/task/task.ts'
import { withConfigured } from './admins.ts'
import { keepPhone } from './phone.ts'

/** The roles by which somebody may draft: their own, or else those of somebody they stand in for. */
export function draftingFor(turn: Turn): { held: HeldRole[]; principal: string | undefined } | undefined {
  const { standsFor } = turn
  const roles = withConfigured(turn.office, turn.who.id, turn.roles)
  const selves = [{ id: undefined, held: roles }, ...standsFor]
  const self = selves.find(({ held }) =>
    may(
      [...held, ...roles].map(role => role.code),
      'C',
      'task.draft',
    ),
  )
  return self && { held: self.held.filter(role => may([role.code], 'C', 'task.draft')), principal: self.id }
}

/** A draft of the office for which the person may draft. */
export async function putOnFile(
  turn: Turn,
  wish: Wish,
  assistants: Array<{ id: string; unit: string }>,
): Promise<Task> {
  const { held = [], principal } = draftingFor(turn) ?? {}
  const unit = held.some(role => role.unit === undefined) ? '' : (held[0]?.unit ?? '')
  await keepPhone(turn, turn.who.id, wish.phone)
  const task = await openTask(turn.db, drafted(wish, assistants, { id: turn.who.id, unit }, turn.now))
  turn.record({
    feature: 'task',
    act: 'draft',
    matter: String(task.id),
    ...(principal ? { actingFor: principal } : {}),
    data: {
      to: 'draft',
      lead: task.lead,
      dueAfter: task.dueAt?.toISOString() ?? null,
      previous: task.previous ?? null,
    },
  })
  return task
}

/** Who of some people cannot bear a task, each with the reason. */
export async function unfitAmong(
  { db, now, office }: Pick<Look, 'db' | 'now' | 'office'>,
  ids: string[],
): Promise<Map<string, string>> {
  if (!ids.length) return new Map()
  const [people, held] = await Promise.all([
    peopleById(db, [...new Set(ids)]),
    holdersAmong(db, [...APART], dayIn(now)),
  ])
  const apart = new Set([...office.admins, ...held.map(one => one.person)])
  const unfit = people.flatMap(({ id, name, active }): Array<[string, string]> => {
    if (!active) return [[id, `${name || '该人员'}的账号已停用,不能承办`]]
    return apart.has(id) ? [[id, `${name || '该人员'}是系统管理员或安全审计员,不承办业务,请另选人员`]] : []
  })
  return new Map(unfit)
}

/** Only who is there can answer for a task, and not those who keep the system or audit it (PERM-02). */
export async function refuseBearers(look: Pick<Look, 'db' | 'now' | 'office'>, ids: string[]): Promise<void> {
  const [fault] = (await unfitAmong(look, ids)).values()
  if (fault) throw new Refusal(fault)
}
