import { departmentNames, departmentsLed } from '../../db/department.ts'
import { countMeetings, meetingsAfter, meetingsHeld } from '../../db/meeting-stats.ts'
import { peopleById } from '../../db/people.ts'
import type { Answer, Look, Said, Turn } from '../../src/bot/feature.ts'
import type { Value } from '../../src/kit/card.ts'
import type { Part as FilePart } from '../../src/kit/package.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { rowXml, type Sheet, sheetEnd, sheetStart, workbook } from '../../src/kit/sheet.ts'
import { dayIn, toInstant } from '../../src/kit/time.ts'
import {
  added,
  exportFileName,
  exportRow,
  exportSheet,
  MOST_EXPORTED,
  NO_COUNTS,
  totalRow,
} from '../../src/office/meeting/export.ts'
import type { Actor, Meeting } from '../../src/office/meeting/meeting.ts'
import { type MeetingSight, meetingStats, sightOfMeetings } from '../../src/office/meeting/stats.ts'
import { may } from '../../src/office/role/role.ts'
import type { Part } from '../part.ts'
import { periodOf } from '../period.ts'
import { actorIn, actorOf, FEATURE, settingOf } from './setting.ts'

const STATS = '/会议 统计 2026-11'
const EXPORT = '/会议 导出 2026-11'
const MOST_IN_PERIOD = 20_000

async function sightOf({ db }: Pick<Look, 'db'>, actor: Actor): Promise<MeetingSight | undefined> {
  return sightOfMeetings(actor, await departmentsLed(db, actor.id), may)
}

/** `/会议 统计 2026-11`, `本年`: by class and unit, against the year before, never by person. */
async function stats(turn: Turn, { text }: Said): Promise<Answer> {
  const sight = await sightOf(turn, actorIn(turn))
  if (!sight) throw new Refusal('会议统计仅限科室负责人及以上人员和会务员查看')
  const { title, from, until: end } = periodOf(text, turn.now, STATS)
  const until = new Date(Math.min(end.getTime(), turn.now.getTime()))
  const [now, lastYear] = await Promise.all([
    meetingsHeld(turn.db, sight, from, until, MOST_IN_PERIOD),
    meetingsHeld(turn.db, sight, aYearBefore(from), aYearBefore(until), MOST_IN_PERIOD),
  ])
  if (now.length === MOST_IN_PERIOD) throw new Refusal('该期间会议过多,请按月统计', STATS)
  const units = await departmentNames(turn.db, [...new Set([...now, ...lastYear].map(({ unit }) => unit))])
  const card = meetingStats({ title, until, now, lastYear }, { ...(await settingOf(turn, [])), units })
  return { say: { card }, privately: true }
}

/** The same time of the year before; 29 February comes to the 28th. */
function aYearBefore(at: Date): Date {
  const [year = 0, month = '01', day = '01'] = dayIn(at)
    .split('-')
    .map((part, i) => (i ? part : Number(part))) as [number, string, string]
  const isLeapDay = month === '02' && day === '29'
  const midnight = new Date(toInstant(dayIn(at), '00:00')).getTime()
  const before = new Date(toInstant(`${year - 1}-${month}-${isLeapDay ? '28' : day}`, '00:00')).getTime()
  return new Date(before + at.getTime() - midnight)
}

/** `/会议 导出 2026-11`: the ledger of a period as a workbook, in private. */
async function exportPeriod(turn: Turn, { text }: Said): Promise<Answer> {
  const actor = actorIn(turn)
  const sight = await sightOf(turn, actor)
  if (!sight) throw new Refusal('导出会议台账仅限科室负责人及以上人员和会务员使用')
  const { title, from, until } = periodOf(text, turn.now, EXPORT)
  const count = await countMeetings(turn.db, sight, from, until)
  if (!count) throw new Refusal(`${title}没有您能导出的会议`, EXPORT)
  if (count > MOST_EXPORTED) throw new Refusal(`${title}的会议超过${MOST_EXPORTED}场,请按月导出`, EXPORT)
  const order = { by: actor.id, period: title, from: from.toISOString(), until: until.toISOString() }
  turn.send({
    to: { person: actor.id },
    body: { file: { feature: FEATURE, name: exportFileName(turn.now), order } },
    urgent: true,
  })
  turn.record({ feature: FEATURE, act: 'export', data: { period: title, count } })
  return { say: { text: `正在生成${title}会议台账(${count}场),完成后发送到私聊` }, privately: true }
}

const NOTHING: MeetingSight = { house: false, units: [] }

/** The ordered file as things are when it leaves; who may see less by then gets less, who may not export any more no row. */
async function print(look: Look, order: Value): Promise<FilePart[]> {
  const by = String(order.by)
  const [actor, [person]] = await Promise.all([actorOf(look, by), peopleById(look.db, [by])])
  const sight = (await sightOf(look, actor)) ?? NOTHING
  const period = { from: new Date(String(order.from)), until: new Date(String(order.until)) }
  const count = await countMeetings(look.db, sight, period.from, period.until)
  const sheet = exportSheet(String(order.period), count, person?.name ?? '', look.now)
  return workbook([{ sheet, text: rows(look, sheet, sight, period) }])
}

/** So many rows are read and written before others have their turn. */
const SLICE = 100

async function* rows(
  look: Look,
  sheet: Sheet,
  sight: MeetingSight,
  period: { from: Date; until: Date },
): AsyncIterable<string> {
  yield sheetStart(sheet)
  let sums = NO_COUNTS
  let place = 0
  for (let last: Meeting | undefined; place < MOST_EXPORTED; ) {
    const some = await meetingsAfter(look.db, sight, period, last, SLICE)
    if (!some.length) break
    const setting = await settingOf(
      look,
      some.map(({ meeting }) => meeting),
    )
    const before = place
    yield some.map((one, i) => rowXml(sheet, before + i + 1, exportRow(one, setting, before + i + 1))).join('')
    sums = added(sums, some)
    place += some.length
    last = some.at(-1)?.meeting
  }
  yield sheetEnd(sheet, place, totalRow(place, sums))
}

/** Figures, and the ledger as a file. */
export const statsPart: Part = {
  owns: () => false,
  commands: {
    统计: { usage: STATS, about: '按类别和单位统计会议,与去年同期比较,可写月份或“本年”', heavy: true, run: stats },
    导出: { usage: EXPORT, about: '导出会议台账表格(科室负责人及以上、会务员)', heavy: true, run: exportPeriod },
  },
  actions: {},
  orders: ({ period }) => period !== undefined,
  print,
}
