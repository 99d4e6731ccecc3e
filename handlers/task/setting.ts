import { departmentsById, departmentsLed } from '../../db/department.ts'
import { peopleById } from '../../db/people.ts'
import { holdersAmong } from '../../db/role.ts'
import type { Sight, Supervised } from '../../db/task-sight.ts'
import type { Look } from '../../src/bot/feature.ts'
import { hoursOn } from '../../src/kit/customs.ts'
import { isApart } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { dayIn } from '../../src/kit/time.ts'
import { may } from '../../src/office/role/role.ts'
import { LOCAL, maySee, OFFICE } from '../../src/office/task/roles.ts'
import { type Actor, peopleOf, type Setting, type Task, unitsOf } from '../../src/office/task/task.ts'
import type { Worktime } from '../../src/office/task/worktime.ts'
import { customs } from '../customs.ts'

export { actorIn, actorOf } from '../actor.ts'

export const FEATURE = 'task'

type Reading = Pick<Look, 'db' | 'now' | 'office'>

/** What the rules and the cards need to know about some tasks. */
export async function settingOf(look: Reading, ...some: Task[]): Promise<Setting> {
  const ids = [...new Set(some.flatMap(namedIn))]
  const unitIds = [
    ...new Set(some.flatMap(task => [...unitsOf(task), ...(task.change?.lead ? [task.change.lead.unit] : [])])),
  ]
  const [units, holders, work] = await Promise.all([
    departmentsById(look.db, unitIds),
    holdersAmong(look.db, OFFICE, dayIn(look.now)),
    worktime(look),
  ])
  const people = await peopleById(look.db, [...new Set([...ids, ...holders.map(one => one.person)])])
  const active = new Set(people.filter(person => person.active).map(person => person.id))
  const able = holders.filter(one => active.has(one.person))
  return {
    now: look.now,
    names: new Map(people.map(person => [person.id, person.name])),
    units: new Map(units.map(unit => [unit.id, unit.name])),
    heads: new Map(units.flatMap(unit => (unit.leader ? [[unit.id, unit.leader] as const] : []))),
    work,
    may,
    checkers: able.filter(one => one.code === 'DB'),
    closers: able.filter(one => one.code !== 'DB'),
    leaders: new Set(holders.filter(one => one.code === 'LD' || one.code === 'FG').map(one => one.person)),
  }
}

function namedIn(task: Task): string[] {
  const { movedBy, movedFor, recordedBy, petition, change, checkedBy, closedBy } = task
  const joining = change ? [...change.add.map(one => one.id), ...change.drop] : []
  const asking = [petition?.by, petition?.inPlaceOf, change?.by, change?.inPlaceOf, change?.lead?.id, ...joining]
  const acted = [movedBy, movedFor, recordedBy, checkedBy, closedBy, ...asking].filter(id => id !== undefined)
  return [...peopleOf(task), ...acted]
}

/** By what days and hours the office works. */
export async function worktime({ db, office }: Reading): Promise<Worktime> {
  const inForce = await customs({ db, office })
  return { calendar: inForce.calendar, hoursOn: day => hoursOn(day, inForce) }
}

/** What an actor may see in lists. */
export async function sightOf({ db }: Pick<Look, 'db'>, actor: Actor): Promise<Sight> {
  const selves = isApart(actor) ? [] : [actor, ...(actor.standsFor ?? [])].filter(self => !isApart(self))
  const led = await Promise.all(selves.map(({ id }) => departmentsLed(db, id)))
  return {
    person: actor.id,
    own: supervisedBy(selves.filter(({ id }) => id === actor.id)),
    all: supervisedBy(selves),
    units: [...new Set([...selves.flatMap(unitsAnswered), ...led.flat()])],
    standsFor: selves.map(({ id }) => id).filter(id => id !== actor.id),
  }
}

function supervisedBy(selves: ReadonlyArray<Pick<Actor, 'held'>>): Supervised {
  const office = selves.flatMap(({ held }) => held.filter(({ code }) => OFFICE.includes(code)))
  return {
    house: office.some(({ unit }) => unit === undefined),
    offices: office.flatMap(({ unit }) => (unit === undefined ? [] : [unit])),
  }
}

const unitsAnswered = ({ departments, held }: Actor): readonly string[] =>
  held.filter(({ code }) => LOCAL.includes(code)).flatMap(({ unit }) => (unit === undefined ? departments : [unit]))

/** One that may not be seen reads like one that does not exist. */
export function refuseStrangers(task: Task, actor: Actor, { heads }: Setting): void {
  if (!maySee(task, actor, heads)) throw new Refusal('未找到该督办事项')
}

/** An id from outside, also as `7/echo`: anything but a positive whole number is an id that never was. */
export function idOf(value: unknown): number {
  const id = typeof value === 'string' && /^\d{1,15}(\/echo)?$/.test(value) ? Number.parseInt(value, 10) : value
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) throw new Refusal('未找到该督办事项')
  return id
}

export const echoOf = (id: number): string => `${id}/echo`
