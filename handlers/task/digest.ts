import { calendarInForce } from '../../db/holiday.ts'
import { latestBulletins } from '../../db/task-bulletin.ts'
import { dueInGroup, isAsked, pressed } from '../../db/task-digest.ts'
import { waitingSeen } from '../../db/task-waiting.ts'
import { type Group, type Look, MOST_READ, type Reader, type Section, type TodoItem } from '../../src/bot/feature.ts'
import { bold } from '../../src/kit/card.ts'
import { dayIn, formatDue, toInstant } from '../../src/kit/time.ts'
import { contentMode } from '../../src/office/secrecy/content.ts'
import type { TaskMove } from '../../src/office/task/flow.ts'
import { isOverdue } from '../../src/office/task/light.ts'
import { numberText } from '../../src/office/task/number.ts'
import { maySee, movesOpen } from '../../src/office/task/roles.ts'
import type { Actor, Setting, Task } from '../../src/office/task/task.ts'
import { SOURCES } from '../../src/office/task/terms.ts'
import { contentSetting } from '../content.ts'
import { bulletinsWaiting } from './bulletin.ts'
import { officeHolders } from './recipients.ts'
import { actorOf, FEATURE, settingOf, sightOf } from './setting.ts'

type Item = (task: Task, actor: Actor, setting: Setting) => TodoItem

const DAY_MS = 86_400_000

const tomorrow = (now: Date): Date => new Date(toInstant(dayIn(new Date(now.getTime() + DAY_MS)), '00:00'))

/** 督办 in a digest: for a person what is late, due, to be signed for, reported on or decided; before a group what is due of what its orderer may see, without names. */
export const digestOf = (look: Look, reader: Reader, itemOf: Item): Promise<Section[]> =>
  'group' in reader ? groupSections(look, reader) : ownSections(look, reader.person, itemOf)

type Part = [title: string, holds: (task: Task, actor: Pick<Actor, 'id'>, setting: Setting) => boolean]

/** What is in somebody's own hands. */
const OWN_PARTS: Part[] = [
  ['督办逾期', (task, actor, { now }) => bears(task, actor) && isOverdue(task, now)],
  [
    '督办今日到期',
    (task, actor, { now }) => bears(task, actor) && task.dueAt !== undefined && dayIn(task.dueAt) === dayIn(now),
  ],
  [
    '督办待签收',
    (task, actor) => bears(task, actor) && (task.state === 'assigned' || lineOf(task, actor) === 'assigned'),
  ],
  [
    '督办待反馈',
    ({ lead, state, reportDueAt }, { id }, { now }) =>
      lead === id && state === 'underway' && reportDueAt !== undefined && reportDueAt < tomorrow(now),
  ],
]

/** Whether the own morning card of somebody lists it as being in their hands. */
export const isInMorningCard = (task: Task, id: string, setting: Setting): boolean =>
  OWN_PARTS.some(([, holds]) => holds(task, { id }, setting))

/** Each task stands once, under the first that holds. */
const PARTS: Array<[title: string, holds: (task: Task, actor: Actor, setting: Setting) => boolean]> = [
  ...OWN_PARTS,
  ['督办待审批', (task, actor, setting) => movesOpen(task, actor, setting).some(move => DECIDING.includes(move))],
]

/** Moves of whoever supervises, for which others wait. */
export const DECIDING: TaskMove[] = [
  'assign',
  'approve',
  'redirect',
  'grantExtension',
  'confirm',
  'check',
  'grantSuspension',
  'grantAnnulment',
  'grantChange',
]

const lineOf = ({ assists }: Task, { id }: Pick<Actor, 'id'>) => assists.find(one => one.person === id)?.state

/** In the hands of whoever reads: leading it, or with an own line that is not finished. */
function bears(task: Task, actor: Pick<Actor, 'id'>): boolean {
  const line = lineOf(task, actor)
  return task.state !== 'finished' && (task.lead === actor.id || (line !== undefined && line !== 'finished'))
}

async function ownSections(look: Look, person: string, itemOf: Item): Promise<Section[]> {
  const actor = await actorOf(look, person)
  const { found: waiting, more } = await waitingSeen(look.db, await sightOf(look, actor), MOST_READ)
  const setting = await settingOf(look, ...waiting)
  const bulletins = await bulletinsWaiting(look, actor)
  const left = new Set(waiting.filter(task => maySee(task, actor, setting.heads)))
  return PARTS.map(([title, holds]) => {
    const some = [...left].filter(task => holds(task, actor, setting))
    for (const task of some) left.delete(task)
    const items = some.map(task => itemOf(task, actor, setting)).sort((a, b) => a.urgency - b.urgency)
    const rows = title === '督办待审批' ? [...items, ...bulletins] : items
    return { title, count: rows.length, more: rows.length > 0 && more, see: '/待办', rows }
  })
}

const MOST_IN_GROUP = 100

async function groupSections(look: Look, { group, by }: Group): Promise<Section[]> {
  if (by === undefined) return []
  const { db, now } = look
  const sight = await sightOf(look, await actorOf(look, by))
  const [calendar, settled] = await Promise.all([calendarInForce(db), contentSetting({ db })])
  const due = await dueInGroup(db, group, sight, tomorrow(now), MOST_IN_GROUP)
  const late = due.filter(({ dueAt }) => dueAt !== undefined && dueAt < now)
  const today = due.filter(one => !late.includes(one))
  const titleOf = ({ source, title }: (typeof due)[number]) =>
    contentMode(source, settled, SOURCES[source].referenceOnly) === 'normal' ? ` ${title}` : ''
  const rowOf = (one: (typeof due)[number]) => ({
    line: [
      bold(one.number ? numberText(one.number) : '未编号'),
      titleOf(one),
      one.dueAt ? ` · ${formatDue(one.dueAt, now, calendar)}` : '',
    ],
    buttons: [{ label: '查看', action: `${FEATURE}.show`, value: { id: one.id } }],
  })
  return [
    { title: '督办今日到期', count: today.length, rows: today.map(rowOf) },
    { title: '督办逾期', count: late.length, rows: late.map(rowOf) },
  ]
}

/** Everybody for whom there may be something this morning; who decides is asked only where something waits for a decision. */
export async function awaited(look: Look): Promise<string[]> {
  const [people, asked, bulletins] = await Promise.all([
    pressed(look.db, tomorrow(look.now)),
    isAsked(look.db),
    latestBulletins(look.db, 1, 'submitted'),
  ])
  if (!asked && !bulletins.length) return people
  const office = (await officeHolders(look)).filter(({ code }) => ['DB', 'BZ', 'FG', 'LD'].includes(code))
  return [...new Set([...people, ...office.map(one => one.person)])]
}
