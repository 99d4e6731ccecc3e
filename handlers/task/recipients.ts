import { deputiesOf } from '../../db/deputy.ts'
import { peopleById } from '../../db/people.ts'
import { holdersAmong } from '../../db/role.ts'
import type { Body, Look } from '../../src/bot/feature.ts'
import type { HeldRole } from '../../src/kit/person.ts'
import { dayIn } from '../../src/kit/time.ts'
import type { TaskMove } from '../../src/office/task/flow.ts'
import type { Told } from '../../src/office/task/ladder.ts'
import { hears, maySee } from '../../src/office/task/roles.ts'
import { type Actor, giverOf, type Setting, type Task } from '../../src/office/task/task.ts'
import { actorOf } from './setting.ts'

/** What people are sent; `line`: what is read of it in the next morning's card, unless it is what all of them read. */
export type Letters = Array<[person: string, body: Body, line?: string]>

export interface Holder extends HeldRole {
  person: string
  departments: string[]
}

const APPROVERS = ['BZ', 'FG', 'LD']

/** Everybody who holds a role of supervision, asked once for several tasks. */
export async function officeHolders(look: Pick<Look, 'db' | 'now'>): Promise<Holder[]> {
  const held = await holdersAmong(look.db, ['DB', 'KZ', 'QX', ...APPROVERS], dayIn(look.now))
  const people = await peopleById(look.db, [...new Set(held.map(one => one.person))])
  const active = new Map(people.filter(person => person.active).map(person => [person.id, person.departments]))
  return held.flatMap(one => {
    const departments = active.get(one.person)
    return departments ? [{ ...one, departments }] : []
  })
}

/** Who holds a role where the task is supervised. */
const inOffice = (task: Task, code: string, holders: Holder[]): string[] =>
  holders.filter(one => one.code === code && (one.unit === undefined || one.unit === task.unit)).map(one => one.person)

/** Whom a step of the ladder tells. */
export function toldOf(task: Task, told: Told, holders: Holder[], heads: Setting['heads']): string[] {
  if (told === 'lead') return [task.lead]
  return told === 'KZ' ? inUnit(task, ['KZ'], holders, heads) : inOffice(task, told, holders)
}

/** The head of the unit that leads, and who holds one of some roles there. */
function inUnit({ leadUnit }: Task, codes: string[], holders: Holder[], heads: Setting['heads']): string[] {
  const held = holders.filter(
    ({ code, unit, departments }) =>
      codes.includes(code) && (unit === undefined ? departments.includes(leadUnit) : unit === leadUnit),
  )
  const head = heads.get(leadUnit)
  return [...new Set([...(head ? [head] : []), ...held.map(one => one.person)])]
}

/** Who takes a task in for its unit (ORG-01). */
export const takersOf = (task: Task, holders: Holder[], heads: Setting['heads']): string[] =>
  inUnit(task, ['KZ', 'QX'], holders, heads)

/** Whom 催办 by hand tells: whoever leads, and who takes in for the unit; with 知悉范围 set nobody else. */
export const nudgedBy = (task: Task, holders: Holder[], heads: Setting['heads']): string[] =>
  [...new Set([task.lead, ...takersOf(task, holders, heads)])].filter(person => hears(task, person))

/**
 * Who has to decide next: the lowest step on which somebody is who may (PERM-01: one step up). Where all of them are away and
 * none of their deputies may decide, the next step hears of it too.
 */
export async function decidersOf(
  look: Pick<Look, 'db' | 'now' | 'office'>,
  task: Task,
  may: (actor: Actor) => boolean,
  { heads }: Setting,
): Promise<string[]> {
  const holders = await officeHolders(look)
  const deciders: string[] = []
  for (const code of APPROVERS) {
    const actors = await Promise.all([...new Set(inOffice(task, code, holders))].map(id => actorOf(look, id)))
    const able = actors.filter(actor => maySee(task, actor, heads) && may({ ...actor, standsFor: [] }))
    deciders.push(...able.map(actor => actor.id))
    if (await isOneThere(look, able, may)) break
  }
  return [...new Set(deciders)]
}

/** Whether one of some people is not away, or has a deputy who may. */
export async function isOneThere(
  look: Pick<Look, 'db' | 'now' | 'office'>,
  able: Actor[],
  may: (actor: Actor) => boolean,
): Promise<boolean> {
  const away = await deputiesOf(
    look.db,
    able.map(actor => actor.id),
    dayIn(look.now),
  )
  const deputies = await Promise.all([...away.values()].flat().map(id => actorOf(look, id)))
  return able.some(actor => !away.has(actor.id)) || deputies.some(may)
}

/** Who stands in for some people hears what they hear, except where 知悉范围 keeps it among those named. */
export async function deputiesBeside(
  look: Pick<Look, 'db' | 'now'>,
  { scope }: Pick<Task, 'scope'>,
  people: string[],
): Promise<string[]> {
  if (scope.length) return []
  return [...(await deputiesOf(look.db, people, dayIn(look.now))).values()].flat()
}

type Listener =
  | 'maker'
  | 'giver'
  /** 交办领导, where one is named: whoever only let it out is asked to decide anyway. */
  | 'leader'
  | 'lead'
  | 'takers'
  /** Those of the unit that another lead brings. */
  | 'newTakers'
  | 'assistants'
  | 'deciders'
  | 'checkers'
  | 'petitioner'
  | 'proposer'

/** Who hears of a move by a message of their own; everybody else sees it on the card they have. */
export const LISTENERS: Record<TaskMove, Listener[]> = {
  assign: ['lead', 'takers', 'assistants', 'giver'],
  submit: ['deciders'],
  edit: [],
  cancel: [],
  approve: ['lead', 'takers', 'assistants', 'giver', 'maker'],
  revise: ['maker'],
  accept: [],
  return: ['maker', 'giver'],
  redirect: ['maker'],
  uphold: ['lead'],
  reassign: ['lead'],
  divide: [],
  update: [],
  extend: ['deciders'],
  grantExtension: ['lead', 'assistants', 'giver'],
  denyExtension: ['lead', 'giver'],
  finish: ['checkers', 'leader'],
  check: ['deciders'],
  confirm: ['lead'],
  redo: ['lead'],
  suspend: ['lead', 'assistants', 'giver'],
  requestSuspension: ['deciders'],
  grantSuspension: ['petitioner', 'lead', 'giver'],
  denySuspension: ['petitioner'],
  resume: ['lead', 'assistants', 'giver'],
  annul: ['lead', 'assistants', 'maker', 'giver'],
  requestAnnulment: ['deciders'],
  grantAnnulment: ['petitioner', 'lead', 'assistants', 'maker', 'giver'],
  denyAnnulment: ['petitioner'],
  nudge: [],
  phone: [],
  change: [],
  grantChange: ['lead', 'newTakers', 'assistants', 'giver', 'maker', 'proposer'],
  denyChange: ['maker', 'proposer'],
  acknowledge: [],
  again: [],
  record: [],
  archive: [],
}

/** People of a listener that need no look into the roles. */
export function listenersOf(
  before: Task,
  after: Task,
  listener: Exclude<Listener, 'deciders' | 'checkers' | 'takers' | 'newTakers'>,
): string[] {
  return {
    maker: [after.maker],
    giver: [giverOf(after)],
    leader: after.leader === undefined ? [] : [after.leader],
    lead: [after.lead],
    assistants: after.assists.map(one => one.person),
    petitioner: before.petition ? [before.petition.by] : [],
    proposer: before.change ? [before.change.by] : [],
  }[listener]
}
