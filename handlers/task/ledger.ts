import { allDepartments, departmentNames } from '../../db/department.ts'
import { getTask } from '../../db/task.ts'
import { countSeen, type Filter, litSeen, tasksBefore, tasksNumbered, tasksSeen } from '../../db/task-list.ts'
import type { Sight } from '../../db/task-sight.ts'
import { monthsSeen, tasksCounted } from '../../db/task-stats.ts'
import type { Action, Answer, Look, Said, Turn } from '../../src/bot/feature.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { spanOfMonth } from '../../src/kit/time.ts'
import { firstMonth } from '../../src/office/task/chart.ts'
import type { TaskState } from '../../src/office/task/flow.ts'
import {
  counted,
  LATE,
  ledgerCard,
  MOST_COUNTED,
  PAGE,
  readView,
  statsCard,
  tasksCard,
  type View,
} from '../../src/office/task/ledger.ts'
import { type Light, lightOf } from '../../src/office/task/light.ts'
import { numberText, readNumber } from '../../src/office/task/number.ts'
import type { Task } from '../../src/office/task/task.ts'
import type { Source } from '../../src/office/task/terms.ts'
import { periodOf } from '../period.ts'
import { actorIn, FEATURE, idOf, refuseStrangers, settingOf, sightOf, worktime } from './setting.ts'

const LISTED = 10
const OPEN: TaskState[] = [
  'draft',
  'submitted',
  'assigned',
  'returned',
  'underway',
  'extending',
  'finished',
  'suspending',
  'suspended',
  'cancelling',
]

/** `/督办 列表`: what is open and that the asker may see. */
export const list = (turn: Turn): Promise<Answer> => listed(turn, '列表', [['未办结', { states: OPEN }]])

/** `/督办 我的`: what the asker answers for, and what else is the asker's. */
export const mine = (turn: Turn): Promise<Answer> =>
  listed(turn, '我的', [
    ['我承办、协办的', { states: OPEN, bearer: turn.who.id }],
    ['我参与的全部事项', { participant: turn.who.id }],
  ])

/** `/督办 逾期`. */
export const late = (turn: Turn): Promise<Answer> => listed(turn, '逾期', [['已逾期', { overdueAt: turn.now }]])

async function listed(turn: Turn, title: string, parts: Array<[heading: string, filter: Filter]>): Promise<Answer> {
  const sight = await sightOf(turn, actorIn(turn))
  const found = await Promise.all(
    parts.map(async ([heading, filter]) => {
      const [some, total] = await Promise.all([
        tasksSeen(turn.db, sight, filter, LISTED),
        countSeen(turn.db, sight, filter, MOST_COUNTED),
      ])
      const more = total > some.length ? `,显示最近${some.length}项,其余请看 /督办 台账` : ''
      return [`${heading} · ${counted(total)}${more}`, some] as [string, typeof some]
    }),
  )
  const setting = await settingOf(turn, ...found.flatMap(([, some]) => some))
  return { say: { card: tasksCard(title, found, setting) }, privately: true }
}

/** `/督办 台账`: everything that has been given out and that the asker may see. */
export async function ledger(turn: Turn): Promise<Answer> {
  return { say: { card: await ledgerPage(turn, readView({}, {})) }, privately: true }
}

/** A filter or a turn of the page. */
export const ledgerPress: Action = async (turn, { value, form }) => ({
  fresh: { card: await ledgerPage(turn, readView(value, form)) },
})

/** As many as a card holds beside a full page. */
const MOST_UNITS = 60

async function ledgerPage(turn: Turn, asked: View) {
  const sight = await sightOf(turn, actorIn(turn))
  const filter = await filterOf(turn, asked, sight)
  const [total, { rows, view }, units] = await Promise.all([
    countSeen(turn.db, sight, filter, MOST_COUNTED),
    pageOf(turn, sight, filter, asked),
    allDepartments(turn.db, MOST_UNITS),
  ])
  const options = units.map(({ id, name }) => ({ value: id, label: name }))
  return ledgerCard(rows, total, view, options, await settingOf(turn, ...rows))
}

/** The page after or before one row; what has moved meanwhile may leave nothing there, and then it is the first page. */
async function pageOf({ db }: Turn, sight: Sight, filter: Filter, view: View): Promise<{ rows: Task[]; view: View }> {
  const { before, after } = view
  const rows = after
    ? await tasksBefore(db, sight, { ...filter, after }, PAGE)
    : await tasksSeen(db, sight, { ...filter, ...(before && { before }) }, PAGE)
  const isFull = rows.length > 0 && (!after || rows.length === PAGE)
  if (isFull || (!before && !after)) return { rows, view }
  return { rows: await tasksSeen(db, sight, filter, PAGE), view: { ...view, page: 0 } }
}

/** What a view of the ledger asks the database for. */
export async function filterOf(look: Look, view: View, sight: Sight): Promise<Filter> {
  const { state, light, unit, source, month } = view
  const filter: Filter = {
    numbered: true,
    ...(state === LATE ? { overdueAt: look.now } : state ? { states: [state as TaskState] } : {}),
    ...(unit ? { unit } : {}),
    ...(source ? { source: source as Source } : {}),
    ...(month && spanOfMonth(month)),
  }
  return light ? { ...filter, lit: await litOf(look, light as Light, filter, sight) } : filter
}

const MOST_LIT = 5_000
/** States that show one light for ever. */
const SETTLED: Partial<Record<Light, TaskState[]>> = { green: ['closed', 'archived'], grey: ['cancelled'] }

/** A light follows from the working calendar, which the database does not know: the open ones are looked at one by one. */
async function litOf(look: Look, light: Light, filter: Filter, sight: Sight): Promise<NonNullable<Filter['lit']>> {
  const [open, work] = await Promise.all([litSeen(look.db, sight, filter, MOST_LIT), worktime(look)])
  if (open.length === MOST_LIT) throw new Refusal('未办结事项过多,请先选择单位或月份,再按预警灯筛选')
  const ids = open.filter(one => lightOf(one, look.now, work) === light).map(one => one.id)
  return { states: SETTLED[light] ?? [], ids }
}

export const MOST_IN_PERIOD = 20_000

/** `/督办 统计 2026-11`, `本年`: by unit, never by person. */
export async function stats(turn: Turn, said: Said): Promise<Answer> {
  const { title, from, until } = periodOf(said.text, turn.now, '/督办 统计 2026-11')
  const period = { from, until: new Date(Math.min(until.getTime(), turn.now.getTime())) }
  const sight = await sightOf(turn, actorIn(turn))
  const some = await tasksCounted(turn.db, sight, period.from, period.until)
  if (some.length >= MOST_IN_PERIOD) throw new Refusal('该期间事项过多,请按月统计', '/督办 统计 2026-11')
  const months = await monthsSeen(turn.db, sight, firstMonth(period), period.until)
  const units = await departmentNames(turn.db, [...new Set(some.map(one => one.leadUnit))])
  const card = statsCard(title, some, period, months, { ...(await settingOf(turn)), units })
  return { say: { card }, privately: true }
}

/** `/督办 督〔2026〕12号`; undefined when what was said is no number. */
export async function byNumber(turn: Turn, text: string): Promise<Answer | undefined> {
  const number = readNumber(text)
  if (!number) return undefined
  const [found, ...others] = await tasksNumbered(turn.db, await sightOf(turn, actorIn(turn)), number)
  if (!found) throw new Refusal(`未找到您能查看的${numberText(number)}`)
  if (others.length) {
    const all = [found, ...others]
    const card = tasksCard(numberText(number), [['各单位同号的事项', all]], await settingOf(turn, ...all))
    return { say: { card }, privately: true }
  }
  return { say: { matter: { feature: FEATURE, id: String(found.id) } }, privately: true }
}

/** Sends the whole card to whoever asks and may see it. */
export const show: Action = async (turn, { value }) => {
  const task = await getTask(turn.db, idOf(value.id))
  refuseStrangers(task, actorIn(turn), await settingOf(turn, task))
  return {
    say: { matter: { feature: FEATURE, id: String(task.id) } },
    privately: true,
    toast: { kind: 'success', words: '已发送到私聊' },
  }
}
