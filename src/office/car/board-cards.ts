import {
  type Block,
  type Button,
  buttons,
  type Card,
  card,
  form,
  note,
  type Span,
  table,
  text,
  timeline,
} from '../../kit/card.ts'
import { addDays, clockOf, dayIn, formatShort, toInstant } from '../../kit/time.ts'
import {
  BOARD_LINES,
  type BoardRun,
  type BoardVehicle,
  type BoardView,
  type FreeCount,
  heldBy,
  hoursShown,
  LATE,
  periodOfBoard,
  spansOf,
} from './board.ts'
import { isConfidential } from './roles.ts'
import { CATEGORIES, VEHICLE_STATES } from './terms.ts'

const ALL = 'all'

/** 看板: vehicles × time, as a picture and as a table. Nobody is named in it, and no purpose is told. */
export function boardCard(
  lines: BoardVehicle[],
  runs: BoardRun[],
  view: BoardView,
  of: { vehicles: number; waiting: number },
  now: Date,
): Card {
  const period = periodOfBoard(view)
  const spans = spansOf(lines, runs, period, now)
  const drawn = card(
    `用车看板 · ${titleOf(view, now)}`,
    'blue',
    text(countsOf(lines, spans, of, now)),
    spans.length ? timeline('车辆占用时间', hoursShown(view, period, spans), platesOf(lines), spans) : undefined,
    lines.length ? tableOf(lines, runs, view, period, now) : text('没有符合条件的车辆。'),
    note(`截至${clockOf(now)}。${pagesOf(of.vehicles, view)}`),
    filters(view),
    turning(view, of.vehicles, now),
  )
  return { ...drawn, summary: `[用车看板] ${titleOf(view, now)}` }
}

function titleOf(view: BoardView, now: Date): string {
  const { from, until } = periodOfBoard(view)
  const last = new Date(until.getTime() - 1)
  return view.span === 'day'
    ? formatShort(dayIn(from), now)
    : `${formatShort(dayIn(from), now)}至${formatShort(dayIn(last), now)}`
}

const platesOf = (lines: BoardVehicle[]): string[] => lines.map(({ plate }) => plate)

function countsOf(lines: BoardVehicle[], spans: Span[], of: { vehicles: number; waiting: number }, now: Date): string {
  const at = spans.filter(({ from, until }) => from <= now.getTime() && now.getTime() <= until)
  const free = lines.filter(({ plate }) => !at.some(({ line }) => line === plate)).length
  const late = at.filter(({ word }) => word === LATE).length
  const says = [
    `共${of.vehicles}辆`,
    lines.length < of.vehicles ? `本页${lines.length}辆` : '',
    at.length ? `此刻在用、维修或封存${lines.length - free}辆,其余${free}辆` : '',
    late ? `${LATE}${late}辆` : '',
    of.waiting ? `待派车申请${of.waiting}件` : '',
  ]
  return `${says.filter(one => one).join(',')}。`
}

const PARTS = [
  ['上午', '00:00', '12:00'],
  ['下午', '12:00', '18:00'],
  ['晚间', '18:00', '24:00'],
] as const
const WEEKDAYS = ['周一', '周二', '周三', '周四', '周五', '周六', '周日']

function tableOf(lines: BoardVehicle[], runs: BoardRun[], view: BoardView, { from }: { from: Date }, now: Date): Block {
  const first = dayIn(from)
  const cells: Array<readonly [string, Date, Date]> =
    view.span === 'day'
      ? PARTS.map(([head, begins, ends]) => [head, clockOn(view.day, begins), clockOn(view.day, ends)])
      : WEEKDAYS.map((head, i) => [
          `${head} ${Number(addDays(first, i).slice(8))}日`,
          clockOn(addDays(first, i), '00:00'),
          clockOn(addDays(first, i), '24:00'),
        ])
  const rows = lines.map(vehicle => {
    const own = runs.filter(run => run.vehicle === vehicle.id)
    const off = vehicle.state === 'available' ? '' : `(${VEHICLE_STATES[vehicle.state]})`
    return [`${vehicle.plate}${off}`, ...cells.map(([, begins, ends]) => cellOf(own, begins, ends, now))]
  })
  return table(['车辆', ...cells.map(([head]) => head)], rows)
}

const clockOn = (day: string, clock: string): Date =>
  clock === '24:00' ? new Date(toInstant(addDays(day, 1), '00:00')) : new Date(toInstant(day, clock))

const MOST_IN_CELL = 3

function cellOf(own: BoardRun[], begins: Date, ends: Date, now: Date): string {
  const runs = own.filter(run => {
    const { from, until } = heldBy(run, now)
    return from < ends && until > begins
  })
  const said = runs.slice(0, MOST_IN_CELL).map(run => `${whenIn(run, begins, ends, now)} ${whereTo(run)}`)
  if (!said.length) return '—'
  return runs.length > MOST_IN_CELL ? `${said.join(';')}等${runs.length}次` : said.join(';')
}

/** `08:30-11:00`; where it reaches over the edge, only the end that lies within. */
function whenIn(run: BoardRun, begins: Date, ends: Date, now: Date): string {
  const { from, until } = heldBy(run, now)
  const [starts, isOver] = [from >= begins, until <= ends && run.state !== 'out']
  if (starts && isOver) return `${clockOf(from)}-${clockOf(until)}`
  if (starts) return `${clockOf(from)}起`
  return isOver ? `至${clockOf(until)}` : '全程'
}

/** 机要 and 办案 say only that they are on duty. */
const whereTo = ({ trips }: BoardRun): string =>
  [...new Set(trips.map(trip => (isConfidential(trip) ? '执行任务' : trip.destination.slice(0, 12))))].join('、')

const pagesOf = (vehicles: number, { page }: BoardView): string =>
  vehicles > BOARD_LINES ? `第${page + 1}页,共${Math.ceil(vehicles / BOARD_LINES)}页。` : ''

function filters({ category, span, day }: BoardView): Block {
  const options = [
    { value: ALL, label: '全部类别' },
    ...Object.entries(CATEGORIES).map(([value, label]) => ({ value, label })),
  ]
  return form(
    'board',
    [{ kind: 'choose', name: 'category', label: '类别', options, value: category || ALL }],
    [{ label: '筛选', action: 'car.board', value: { span, day } }],
  )
}

function turning(view: BoardView, vehicles: number, now: Date): Block | undefined {
  const to = (label: string, change: Partial<BoardView>): Button => ({
    label,
    action: 'car.board',
    value: { ...view, ...change },
  })
  const { span, day, page } = view
  const today = dayIn(now)
  const step = span === 'day' ? 1 : 7
  return buttons(
    to(span === 'day' ? '前一日' : '上一周', { day: addDays(day, -step) }),
    to(span === 'day' ? '后一日' : '下一周', { day: addDays(day, step) }),
    ...(span === 'day' && day === today ? [] : [to('今日', { span: 'day', day: today })]),
    ...(span === 'week' && periodOfBoard(view).from <= now && now < periodOfBoard(view).until
      ? []
      : [to('本周', { span: 'week', day: today })]),
    ...(page > 0 ? [to('上一页', { page: page - 1 })] : []),
    ...((page + 1) * BOARD_LINES < vehicles ? [to('下一页', { page: page + 1 })] : []),
  )
}

/** What those see who may not see the board. */
export function freeCard(counts: FreeCount[], now: Date): Card {
  const rows = counts.map(({ category, all, now: free, today }) => [
    CATEGORIES[category],
    String(all),
    String(free),
    String(today),
  ])
  return card(
    '用车 · 空闲车辆',
    'blue',
    rows.length ? table(['类别', '可用', '此刻空闲', '今日空闲'], rows) : text('还没有登记车辆。'),
    note(`截至${clockOf(now)}。车辆的具体安排由车管员掌握,申请用车请发送 /用车。`),
  )
}
