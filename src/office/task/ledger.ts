import { type Block, buttons, type Card, card, divider, fields, form, note, type Option, text } from '../../kit/card.ts'
import { endSaid, formatMonth, formatShort, isMonth, lastMonths } from '../../kit/time.ts'
import { listLine } from './cards.ts'
import { charts, type MonthFigures } from './chart.ts'
import { type TaskState, taskFlow } from './flow.ts'
import { closedLate, isOverdue, LIGHTS, type Light } from './light.ts'
import { type Counted, type Setting, type Task, unitOf } from './task.ts'
import { SOURCES, type Source } from './terms.ts'
import { workdays } from './worktime.ts'

/** How the ledger is looked at: which rows, and from where on. Comes back with each press. */
export interface View {
  /** A state, or 逾期. */
  state: string
  light: string
  unit: string
  source: string
  /** `2026-11`: the month of 交办. */
  month: string
  page: number
  /** The row that ends the page shown before, or begins the one shown after; 0 = from the first. */
  before: number
  after: number
}

export const PAGE = 10
/** Counting further would take longer than it is worth to a reader. */
export const MOST_COUNTED = 1_000
export const counted = (total: number): string => (total > MOST_COUNTED ? `${MOST_COUNTED}项以上` : `${total}项`)
export const LATE = 'late'

const ALL = 'all'

/** A page of the ledger: filters, rows that open their card, and the way to the next page. */
export function ledgerCard(rows: Task[], total: number, view: View, units: Option[], setting: Setting): Card {
  const pages = Math.max(Math.ceil(Math.min(total, MOST_COUNTED) / PAGE), 1)
  const isLast = rows.length < PAGE || (total <= MOST_COUNTED && view.page + 1 >= pages)
  const drawn = card(
    `督办台账 · ${counted(total)}`,
    'blue',
    filters(view, units, setting.now),
    divider,
    ...(rows.length ? rows.flatMap(task => rowOf(task, setting)) : [text('没有符合条件的督办事项。')]),
    note(total > MOST_COUNTED ? `第${view.page + 1}页` : `第${view.page + 1}页,共${pages}页`),
    turning(view, rows, isLast),
  )
  return { ...drawn, summary: `督办台账:${counted(total)}` }
}

function filters(view: View, units: Option[], now: Date): Block {
  const states = [
    { value: ALL, label: '全部状态' },
    { value: LATE, label: '逾期' },
    ...Object.entries(taskFlow.states).map(([value, label]) => ({ value, label })),
  ]
  const lights = [
    { value: ALL, label: '全部预警灯' },
    ...Object.entries(LIGHTS).map(([value, word]) => ({ value, label: `${word}灯` })),
  ]
  const sources = [
    { value: ALL, label: '全部来源' },
    ...Object.entries(SOURCES).map(([value, { word }]) => ({ value, label: word })),
  ]
  return form(
    'ledger',
    [
      { kind: 'choose', name: 'state', label: '状态', options: states, value: view.state || ALL },
      { kind: 'choose', name: 'light', label: '预警灯', options: lights, value: view.light || ALL },
      {
        kind: 'choose',
        name: 'unit',
        label: '牵头单位',
        options: [{ value: ALL, label: '全部单位' }, ...units],
        value: view.unit || ALL,
      },
      { kind: 'choose', name: 'source', label: '来源', options: sources, value: view.source || ALL },
      { kind: 'choose', name: 'month', label: '交办月份', options: months(view, now), value: view.month || ALL },
    ],
    [
      { label: '筛选', action: 'task.ledger', style: 'primary' },
      { label: '导出', action: 'task.export' },
    ],
  )
}

const MONTHS = 24

/** The last months, and the chosen one if it lies further back. */
function months({ month }: View, now: Date): Option[] {
  const last = lastMonths(now, MONTHS)
  const all = month && !last.includes(month) ? [...last, month] : last
  return [{ value: ALL, label: '全部月份' }, ...all.map(value => ({ value, label: formatMonth(value) }))]
}

/** What is chosen, in words. */
export function viewWords({ state, light, unit, source, month }: View, unitName: string): string {
  const chosen = [
    state && (state === LATE ? '逾期' : taskFlow.states[state as TaskState]),
    light && `${LIGHTS[light as Light]}灯`,
    unit && unitName,
    source && SOURCES[source as Source].word,
    month && `${formatMonth(month)}交办`,
  ].filter(word => word !== '')
  return chosen.length ? chosen.join('、') : '全部'
}

function rowOf(task: Task, setting: Setting): Block[] {
  return [
    text(...listLine(task, setting)),
    buttons({ label: '查看', action: 'task.show', value: { id: task.id } }),
  ].filter(block => block !== undefined)
}

function turning({ page, before: _, after: __, ...filter }: View, rows: Task[], isLast: boolean): Block | undefined {
  const to = (label: string, place: Partial<View>) => ({ label, action: 'task.ledger', value: { ...filter, ...place } })
  const [first, last] = [rows[0]?.id ?? 0, rows.at(-1)?.id ?? 0]
  return buttons(
    ...(page > 0 ? [to('上一页', { page: page - 1, after: first })] : []),
    ...(isLast ? [] : [to('下一页', { page: page + 1, before: last })]),
  )
}

/** What a press or a form asked for; anything unknown reads as no filter. */
export function readView(value: Record<string, unknown>, values: Record<string, unknown>): View {
  const said = (name: string): string => {
    const word = Object.hasOwn(values, name) ? values[name] : value[name]
    return typeof word === 'string' && word !== ALL ? word.trim() : ''
  }
  const state = said('state')
  const light = said('light')
  const source = said('source')
  const whole = (name: string): number => {
    const word = value[name]
    return typeof word === 'number' && Number.isSafeInteger(word) && word > 0 ? word : 0
  }
  return {
    state: state === LATE || Object.hasOwn(taskFlow.states, state) ? state : '',
    light: Object.hasOwn(LIGHTS, light) ? light : '',
    unit: said('unit').slice(0, 100),
    source: Object.hasOwn(SOURCES, source) ? source : '',
    month: isMonth(said('month')) ? said('month') : '',
    page: Math.min(whole('page'), 100_000),
    before: whole('before'),
    after: whole('after'),
  }
}

/** A list with a heading, e.g. 我的, 逾期. */
export function tasksCard(title: string, parts: Array<[heading: string, tasks: Task[]]>, setting: Setting): Card {
  const blocks = parts.flatMap(([heading, tasks], i) => [
    ...(i ? [divider] : []),
    text(heading),
    ...(tasks.length ? tasks.flatMap(task => rowOf(task, setting)) : [note('暂无')]),
  ])
  return card(`督办 · ${title}`, 'blue', ...blocks)
}

/** Counts of one unit in a period (domain.md 2.9). */
export interface Figures {
  all: number
  closed: number
  suspended: number
  due: number
  closedInTime: number
  lateOpen: number
  sent: number
  signedInTime: number
  closedAtOnce: number
  days: number
  daysCounted: number
}

export const NO_FIGURES: Figures = {
  all: 0,
  closed: 0,
  suspended: 0,
  due: 0,
  closedInTime: 0,
  lateOpen: 0,
  sent: 0,
  signedInTime: 0,
  closedAtOnce: 0,
  days: 0,
  daysCounted: 0,
}

export interface Period {
  from: Date
  until: Date
}

/** 应办件: not closed before the period began; what was closed before may still be 到期件 of it. */
export const isInHand = ({ closedAt }: Counted, { from }: Period): boolean => closedAt === undefined || closedAt >= from

const isPaused = ({ state, suspendedAt }: Counted, until: Date): boolean =>
  state === 'suspended' && (suspendedAt === undefined || suspendedAt < until)

/** 逾期未办结 at the cut-off, although it may have been handed in or paused since. */
export function wasOverdue(task: Counted, until: Date): boolean {
  const { finishedAt, state } = task
  if (isPaused(task, until) || (finishedAt !== undefined && finishedAt < until)) return false
  const isSince = finishedAt !== undefined || state === 'suspended'
  return isOverdue(isSince ? { ...task, state: 'underway' } : task, until)
}

/** What one task adds. `until` is the cut-off: what happened later is not known yet, except that the time of the audit does not count. */
function figuresOf(task: Counted, period: Period, { work }: Pick<Setting, 'work'>): Figures {
  const { from, until } = period
  const { assignedAt, closedAt, dueAt, finishedAt, signedAt, signDueAt, redos } = task
  const one = (holds: boolean): number => (holds ? 1 : 0)
  const inHand = isInHand(task, period)
  const closed = inHand && closedAt !== undefined && closedAt < until
  const suspended = isPaused(task, until)
  const due = dueAt !== undefined && dueAt >= from && dueAt < until && !suspended
  const inPeriod = assignedAt !== undefined && assignedAt >= from
  return {
    all: one(inHand),
    closed: one(closed),
    suspended: one(suspended),
    due: one(due),
    closedInTime: one(due && closedAt !== undefined && !closedLate(task)),
    lateOpen: one(wasOverdue(task, until)),
    sent: one(inPeriod),
    signedInTime: one(inPeriod && signedAt !== undefined && signDueAt !== undefined && signedAt <= signDueAt),
    closedAtOnce: one(closed && redos === 0),
    days: closed && assignedAt && finishedAt ? workdays(assignedAt, finishedAt, work) : 0,
    daysCounted: one(closed && assignedAt !== undefined && finishedAt !== undefined),
  }
}

export const add = (a: Figures, b: Figures): Figures =>
  Object.fromEntries((Object.keys(a) as Array<keyof Figures>).map(key => [key, a[key] + b[key]])) as unknown as Figures

export const totalOf = (tasks: Counted[], period: Period, setting: Pick<Setting, 'work'>): Figures =>
  tasks.reduce((sum, task) => add(sum, figuresOf(task, period, setting)), NO_FIGURES)

/** Denominator 0 shows as a dash; the counts stand beside every rate. */
export const rate = (part: number, of: number): string =>
  of === 0 ? '—(0/0)' : `${((100 * part) / of).toFixed(1)}%(${part}/${of})`

/** How each measure is defined, told wherever one is shown. */
export const FOOTNOTES = [
  '应办:截止时已交办,期初未办结或本期交办的事项,不含撤销。办结率=已办结/(应办-暂缓)。',
  '到期:有效时限在本期内的事项,不含撤销、暂缓。按时办结率=到期事项中在有效时限内申请办结并获同意的/到期;逾期率=1-按时办结率。',
  '签收及时率=在签收时限内签收的/本期交办。一次办结率=未经退回重办的/已办结。平均办理时长为交办至申请办结的工作日数。',
]

/** 统计 by unit, never by person. */
export function statsCard(
  title: string,
  tasks: Counted[],
  period: Period,
  months: MonthFigures[],
  setting: Setting,
): Card {
  const units = [...new Set(tasks.map(task => task.leadUnit))]
  const total = totalOf(tasks, period, setting)
  const rows = units
    .map(
      unit =>
        [
          unitOf(unit, setting.units),
          totalOf(
            tasks.filter(task => task.leadUnit === unit),
            period,
            setting,
          ),
        ] as const,
    )
    .sort(([a], [b]) => a.localeCompare(b, 'zh'))
    .slice(0, MOST_UNITS)
  return card(
    `督办统计 · ${title}`,
    'blue',
    text(
      `截至${formatShort(endSaid(period.until), setting.now)},应办${total.all}项,已办结${total.closed}项,逾期未办结${total.lateOpen}项。`,
    ),
    figureFields(total),
    ...charts(rows, months, period),
    rows.length ? divider : undefined,
    ...rows.map(([name, figures]) => text(`${name}:${unitWords(figures)}`)),
    units.length > MOST_UNITS ? note(`另有${units.length - MOST_UNITS}个单位`) : undefined,
    divider,
    ...FOOTNOTES.map(line => note(line)),
  )
}

const MOST_UNITS = 30

function figureFields(f: Figures): Block {
  return fields(
    ['办结率', rate(f.closed, f.all - f.suspended)],
    ['按时办结率', rate(f.closedInTime, f.due)],
    ['逾期率', rate(f.due - f.closedInTime, f.due)],
    ['签收及时率', rate(f.signedInTime, f.sent)],
    ['一次办结率', rate(f.closedAtOnce, f.closed)],
    ['平均办理时长', f.daysCounted ? `${(f.days / f.daysCounted).toFixed(1)}个工作日(${f.daysCounted}项)` : '—'],
  )
}

const unitWords = (f: Figures): string =>
  `应办${f.all},办结率${rate(f.closed, f.all - f.suspended)},按时办结率${rate(f.closedInTime, f.due)},逾期未办结${f.lateOpen}`
