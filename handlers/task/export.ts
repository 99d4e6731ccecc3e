import { departmentsById, departmentsLed } from '../../db/department.ts'
import { peopleById } from '../../db/people.ts'
import { countSeen, type Filter, tasksSeen } from '../../db/task-list.ts'
import type { Sight } from '../../db/task-sight.ts'
import type { Action, Answer, Look, Said, Turn } from '../../src/bot/feature.ts'
import type { Value } from '../../src/kit/card.ts'
import type { Part } from '../../src/kit/package.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { rowXml, sheetEnd, sheetStart, workbook } from '../../src/kit/sheet.ts'
import { may } from '../../src/office/role/role.ts'
import {
  ledgerFileName,
  ledgerRow,
  ledgerSheet,
  MOST_EXPORTED,
  mayExport,
  NO_SUMS,
  summed,
  totalRow,
} from '../../src/office/task/export.ts'
import { readView, type View, viewWords } from '../../src/office/task/ledger.ts'
import { type Actor, peopleOf, type Setting, type Task, unitsOf } from '../../src/office/task/task.ts'
import { filterOf } from './ledger.ts'
import { actorIn, actorOf, FEATURE, settingOf, sightOf } from './setting.ts'

const EXAMPLE = '/督办 导出 2026-11'

/** `/督办 导出`, `/督办 导出 2026-11`: the ledger as a file, in private. */
export async function exportAll(turn: Turn, { text }: Said): Promise<Answer> {
  const month = text.trim()
  const view = readView({ month }, {})
  if (month && !view.month) throw new Refusal(`未能识别月份“${month.slice(0, 20)}”`, EXAMPLE)
  return { say: { text: await order(turn, view) }, privately: true }
}

/** The rows that a page of the ledger shows, all of them. */
export const exportPress: Action = async (turn, { value, form }) => ({
  toast: { kind: 'success', words: await order(turn, readView(value, form)) },
})

/** What is decided here is carried out when the file leaves; answers what comes. */
async function order(turn: Turn, view: View): Promise<string> {
  const actor = actorIn(turn)
  if (!(await isExporter(turn, actor))) throw new Refusal('导出台账仅限科室负责人及以上人员和督办员使用')
  const sight = await sightOf(turn, actor)
  const count = await countSeen(turn.db, sight, await filterOf(turn, view, sight), MOST_EXPORTED)
  if (!count) throw new Refusal('没有符合条件的督办事项')
  if (count > MOST_EXPORTED)
    throw new Refusal(
      `符合条件的事项超过${MOST_EXPORTED}项,一次最多导出${MOST_EXPORTED}项,请按月份、单位等筛选后分次导出`,
      EXAMPLE,
    )
  const { page: _, before: __, after: ___, ...chosen } = view
  turn.send({
    to: { person: actor.id },
    body: { file: { feature: FEATURE, name: ledgerFileName(turn.now), order: { by: actor.id, ...chosen } } },
    urgent: true,
  })
  turn.record({ feature: FEATURE, act: 'export', data: { ...chosen, count } })
  return `正在生成督办台账(${count}项),完成后发送到私聊`
}

/** The ordered file, as things are when it leaves; who may see less by then gets less, and who may not export any more no row. */
export async function ledgerFile(look: Look, ordered: Value): Promise<Part[]> {
  const by = String(ordered.by)
  const view = readView(ordered, {})
  const [actor, [person], [unit]] = await Promise.all([
    actorOf(look, by),
    peopleById(look.db, [by]),
    departmentsById(look.db, view.unit ? [view.unit] : []),
  ])
  const sight = await sightOf(look, actor)
  const filter = (await isExporter(look, actor)) ? await filterOf(look, view, sight) : NOTHING
  const count = await countSeen(look.db, sight, filter, MOST_EXPORTED)
  const sheet = ledgerSheet(count, viewWords(view, unit?.name ?? ''), person?.name ?? '', look.now)
  return workbook([{ sheet, text: sheetText(look, sheet, sight, filter) }])
}

const NOTHING: Filter = { lit: { states: [], ids: [] } }

const isExporter = async ({ db }: Look, actor: Actor): Promise<boolean> =>
  mayExport(actor, (await departmentsLed(db, actor.id)).length > 0, may)

/** So many rows are read and written before others have their turn. */
const SLICE = 100

async function* sheetText(
  look: Look,
  sheet: ReturnType<typeof ledgerSheet>,
  sight: Sight,
  filter: Filter,
): AsyncIterable<string> {
  yield sheetStart(sheet)
  let sums = NO_SUMS
  let setting = await settingOf(look)
  for (let last: number | undefined; sums.all < MOST_EXPORTED; ) {
    const some: Task[] = await tasksSeen(look.db, sight, { ...filter, ...(last ? { before: last } : {}) }, SLICE)
    if (!some.length) break
    setting = await known(look, setting, some)
    const before = sums.all
    yield some.map((task, i) => rowXml(sheet, before + i + 1, ledgerRow(task, setting, before + i + 1))).join('')
    sums = summed(sums, some, look.now)
    last = some.at(-1)?.id
  }
  yield sheetEnd(sheet, sums.all, totalRow(sums))
}

/** Grows by whoever and whatever some tasks name. 责任领导 is who heads the unit. */
async function known(look: Look, before: Setting, some: Task[]): Promise<Setting> {
  const units = await departmentsById(look.db, unknown(some.flatMap(unitsOf), before.units))
  const heads = units.flatMap(unit => (unit.leader ? [[unit.id, unit.leader] as const] : []))
  const people = await peopleById(
    look.db,
    unknown([...some.flatMap(peopleOf), ...heads.map(([, head]) => head)], before.names),
  )
  return {
    ...before,
    units: new Map([...before.units, ...units.map(unit => [unit.id, unit.name] as const)]),
    heads: new Map([...before.heads, ...heads]),
    names: new Map([...before.names, ...people.map(person => [person.id, person.name] as const)]),
  }
}

const unknown = (ids: string[], names: ReadonlyMap<string, string>): string[] => [
  ...new Set(ids.filter(id => !names.has(id))),
]
