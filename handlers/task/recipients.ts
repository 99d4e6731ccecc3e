import { holdersAmong } from '../../db/role.ts'
import type { Look } from '../../src/bot/feature.ts'
import type { HeldRole } from '../../src/kit/person.ts'
import { dayIn } from '../../src/kit/time.ts'
import type { TaskMove } from '../../src/office/task/flow.ts'
import type { Told } from '../../src/office/task/ladder.ts'
import { maySee } from '../../src/office/task/roles.ts'
import { type Actor, giverOf, type Setting, type Task } from '../../src/office/task/task.ts'
import { actorOf } from './setting.ts'

type Holder = HeldRole & { person: string }

const APPROVERS = ['BZ', 'FG', 'LD']

/** Everybody who holds a role of supervision, asked once for several tasks. */
export async function officeHolders(look: Pick<Look, 'db' | 'now'>): Promise<Holder[]> {
  return holdersAmong(look.db, ['DB', 'KZ', ...APPROVERS], dayIn(look.now))
}

/** Who holds a role where the task is supervised. */
const inOffice = (task: Task, code: string, holders: Holder[]): string[] =>
  holders.filter(one => one.code === code && (one.unit === undefined || one.unit === task.unit)).map(one => one.person)

/** Whom a step of the ladder tells. */
export function toldOf(task: Task, told: Told, holders: Holder[], heads: Setting['heads']): string[] {
  if (told === 'lead') return [task.lead]
  if (told !== 'KZ') return inOffice(task, told, holders)
  const head = heads.get(task.leadUnit)
  const named = holders.filter(one => one.code === 'KZ' && one.unit !== undefined && one.unit === task.leadUnit)
  return [...new Set([...named.map(one => one.person), ...(head ? [head] : [])])]
}

/** Who has to decide next: the lowest step on which somebody is who may (PERM-01: one step up). */
export async function decidersOf(
  look: Pick<Look, 'db' | 'now'>,
  task: Task,
  may: (actor: Actor) => boolean,
  { heads }: Setting,
): Promise<string[]> {
  const holders = await officeHolders(look)
  for (const code of APPROVERS) {
    const actors = await Promise.all([...new Set(inOffice(task, code, holders))].map(id => actorOf(look, id)))
    const able = actors.filter(actor => maySee(task, actor, heads) && may(actor))
    if (able.length) return able.map(actor => actor.id)
  }
  return []
}

type Listener = 'maker' | 'giver' | 'lead' | 'head' | 'assistants' | 'deciders' | 'checkers' | 'petitioner'

/** Who hears of a move by a message of their own; everybody else sees it on the card they have. */
export const LISTENERS: Record<TaskMove, Listener[]> = {
  assign: ['lead', 'head', 'assistants', 'giver'],
  submit: ['deciders'],
  edit: [],
  cancel: [],
  approve: ['lead', 'head', 'assistants', 'giver', 'maker'],
  revise: ['maker'],
  accept: [],
  return: ['maker', 'giver'],
  redirect: ['maker'],
  uphold: ['lead'],
  reassign: ['lead'],
  update: [],
  extend: ['deciders'],
  grantExtension: ['lead', 'assistants', 'giver'],
  denyExtension: ['lead'],
  finish: ['checkers'],
  check: ['deciders'],
  confirm: ['lead'],
  redo: ['lead'],
  suspend: ['lead', 'assistants', 'giver'],
  requestSuspension: ['deciders'],
  grantSuspension: ['petitioner', 'lead', 'giver'],
  denySuspension: ['petitioner'],
  resume: ['lead', 'assistants'],
  annul: ['lead', 'assistants', 'maker'],
  requestAnnulment: ['deciders'],
  grantAnnulment: ['petitioner', 'lead', 'assistants', 'maker'],
  denyAnnulment: ['petitioner'],
  nudge: [],
  phone: [],
  change: [],
  grantChange: ['lead', 'assistants', 'giver', 'maker'],
  denyChange: ['maker'],
  acknowledge: [],
  again: [],
}

/** People of a listener that need no look into the roles. */
export function listenersOf(
  before: Task,
  after: Task,
  listener: Exclude<Listener, 'deciders' | 'checkers'>,
  { heads }: Setting,
): string[] {
  const head = heads.get(after.leadUnit)
  return {
    maker: [after.maker],
    giver: [giverOf(after)],
    lead: [after.lead],
    head: head ? [head] : [],
    assistants: after.assists.map(one => one.person),
    petitioner: before.petition ? [before.petition.by] : [],
  }[listener]
}
