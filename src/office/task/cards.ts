import { nameOf } from '../../kit/acted.ts'
import {
  at,
  type Block,
  bold,
  type Card,
  type Colour,
  card,
  divider,
  fields,
  fold,
  hidden,
  note,
  type Piece,
  type Rich,
  type Tag,
  text,
  tint,
} from '../../kit/card.ts'
import { shorten } from '../../kit/text.ts'
import { addWorkdays, clockOf, formatDue, formatShort, isWorkday, remaining, toInstant } from '../../kit/time.ts'
import { controls } from './controls.ts'
import { assistFlow, taskFlow } from './flow.ts'
import { stepsAhead } from './ladder.ts'
import {
  assistLate,
  closedLate,
  ENDED,
  isOverdue,
  isUnreported,
  isUnsigned,
  LIGHTS,
  type Light,
  lightOf,
} from './light.ts'
import { numberText, subNumberText, type TaskNumber } from './number.ts'
import { type Actor, giverOf, lastAct, type Setting, type Task, unitOf } from './task.ts'
import { FREQUENCIES, SOURCES, URGENCIES } from './terms.ts'

/** What is shown beside the task itself. */
export interface Beside {
  /** Its history in words, oldest first. */
  history: string[]
  /** Open tasks that look like it (only for a draft). */
  alike: Task[]
  /** The number of the task from whose result it arose. */
  previous: TaskNumber | undefined
  /** The meeting of whose decision it came: its number and day. */
  origin: string | undefined
}

/** A task as somebody sees it; `viewer` undefined = everyone in a group, where the press decides. */
export function taskCard(task: Task, viewer: Actor | undefined, beside: Beside, setting: Setting): Card {
  const light = lightOf(task, setting.now, setting.work)
  const drawn = card(
    `督办 · ${taskFlow.states[task.state]}`,
    colourOf(task, light),
    text(bold(task.title), ...(task.number ? [` · ${numberText(task.number)}`] : [])),
    facts(task, setting),
    beside.origin ? note(`来源会议 ${beside.origin}`) : undefined,
    beside.previous ? note(`续办 ${numberText(beside.previous)}`) : undefined,
    task.content ? text(`要求:${task.content}`) : undefined,
    ...alikeLines(beside.alike),
    restLine(task, setting),
    ...assistLines(task, setting),
    ...reported(task, setting),
    ...asked(task, setting),
    task.state === 'draft' && !task.lastMove ? undefined : note(lastAct(task, setting)),
    ...folded(task, beside, setting),
    ...controls(task, viewer, setting),
  )
  return { ...drawn, tags: tagsOf(task, light, setting), summary: summaryOf(task, setting) }
}

const SETTLED: Partial<Record<Task['state'], Colour>> = {
  returned: 'red',
  closed: 'green',
  archived: 'grey',
  cancelled: 'grey',
}

function colourOf({ state }: Task, light: Light): Colour {
  return SETTLED[state] ?? (light === 'green' ? 'blue' : light)
}

function tagsOf(task: Task, light: Light, { now }: Setting): Tag[] {
  const late = isOverdue(task, now) || task.wasLate
  const tags: Array<Tag | undefined> = [
    { word: `${LIGHTS[light]}灯`, colour: light },
    ENDED.includes(task.state) && closedLate(task) ? { word: '逾期办结', colour: 'red' } : undefined,
    !ENDED.includes(task.state) && task.state !== 'cancelled' && late ? { word: '逾期', colour: 'red' } : undefined,
    task.urgency === 'normal' ? undefined : { word: URGENCIES[task.urgency].word, colour: 'yellow' },
  ]
  return tags.filter(tag => tag !== undefined).slice(0, 3)
}

const summaryOf = (task: Task, { now }: Setting): string =>
  `[督办] ${taskFlow.states[task.state]}${isOverdue(task, now) ? '(逾期)' : ''}:${shorten(task.title, 40)}`

function facts(task: Task, { names, units, now, work }: Setting): Block {
  const { source, basis, leader, givenBy, frequency, scope, assists } = task
  const named = (ids: string[]): string => ids.map(id => nameOf(id, names)).join('、')
  const rows: Array<readonly [string, Rich] | undefined> = [
    ['牵头', [`${unitOf(task.leadUnit, units)} `, at(task.lead), ...(task.leadPhone ? [` ${task.leadPhone}`] : [])]],
    assists.length ? ['协办', named(assists.map(one => one.person))] : undefined,
    leader || givenBy ? ['交办领导', nameOf(giverOf(task), names)] : undefined,
    ['来源', `${SOURCES[source].word}${basis ? `(${basis})` : ''}`],
    ['完成时限', dueWords(task, { now, work })],
    task.state === 'assigned' && task.signDueAt ? ['签收时限', signWords(task, now)] : undefined,
    ['紧急程度', URGENCIES[task.urgency].word],
    frequency === 'once'
      ? undefined
      : ['反馈频次', `${FREQUENCIES[frequency].word}${isUnreported(task, now) ? '(已到期,请反馈)' : ''}`],
    scope.length ? ['知悉范围', named(scope)] : undefined,
    task.assignedAt || task.phone ? ['联系人', `${nameOf(task.maker, names)} ${task.phone}`.trim()] : undefined,
    task.archiveNo ? ['归档号', task.archiveNo] : undefined,
    counts(task),
  ]
  return fields(...rows)
}

function counts({ nudges, extensions, returns, redos }: Task): readonly [string, string] | undefined {
  const told = [
    nudges ? `催办${nudges}次` : '',
    extensions ? `延期${extensions}次` : '',
    returns ? `退回${returns}次` : '',
    redos ? `重办${redos}次` : '',
  ].filter(one => one !== '')
  return told.length ? ['记录', told.join(' · ')] : undefined
}

const TICKING: Task['state'][] = ['assigned', 'returned', 'underway', 'extending', 'suspending', 'cancelling']

function dueWords(task: Task, { now, work: { calendar } }: Pick<Setting, 'now' | 'work'>): string {
  const { dueAt, originalDueAt, dueByDefault, state, workdaysLeft } = task
  if (state === 'suspended')
    return workdaysLeft < 0 ? `已暂缓,暂缓时已逾期${-workdaysLeft}个工作日` : `已暂缓,恢复后剩${workdaysLeft}个工作日`
  if (!dueAt) return dueByDefault ? `交办后按${URGENCIES[task.urgency].word}办理时限计算` : '未定'
  const left = TICKING.includes(state) ? ` · ${remaining(dueAt, now, calendar).words}` : ''
  const first =
    originalDueAt && originalDueAt.getTime() !== dueAt.getTime() ? `(原时限${formatShort(originalDueAt, now)})` : ''
  const guess = dueByDefault && !task.assignedAt ? '(未写时限,按紧急程度推定,交办时起算)' : ''
  return `${formatDue(dueAt, now, calendar)}${left}${first}${guess}`
}

function signWords(task: Task, now: Date): string {
  return task.signDueAt ? `${formatShort(task.signDueAt, now)}${isUnsigned(task, now) ? '(已超过)' : ''}` : ''
}

/** Their own lines, once it is given out. */
function assistLines({ assists, number, assignedAt }: Task, { now, names }: Setting): Block[] {
  if (!assignedAt) return []
  return assists.map(one => {
    const late = assistLate(one, now) ? [' ', tint('yellow', '协办逾期')] : []
    const due = one.dueAt ? ` · ${formatShort(one.dueAt, now)}` : ''
    const said = one.word ? ` · ${shorten(one.word, 60)}` : ''
    const sub = number ? `${subNumberText(number, one.place)} ` : ''
    return text(
      `${sub}协办 `,
      bold(nameOf(one.person, names)),
      ` ${assistFlow.states[one.state]}${due}${said}`,
      ...late,
    )
  })
}

function reported(task: Task, { now }: Setting): Block[] {
  const { progress, problem, measures, percent, reportedAt, result, finishedAt } = task
  const done = percent === undefined ? '' : `(${percent}%)`
  const lines = [
    progress && reportedAt ? text(`最新进展${done}:${progress} · ${formatShort(reportedAt, now)}`) : undefined,
    problem ? text(`存在问题:${problem}`) : undefined,
    measures ? text(`下一步措施:${measures}`) : undefined,
    result && finishedAt ? text(`办理结果:${result} · ${formatShort(finishedAt, now)}`) : undefined,
  ]
  return lines.filter(line => line !== undefined)
}

/** What waits for a decision. */
function asked(task: Task, { now, names, units, work }: Setting): Block[] {
  const { petition, change, state, checkedBy } = task
  const lines: Array<Block | undefined> = [
    petition && state !== 'submitted'
      ? text(
          bold(`${nameOf(petition.by, names)}申请${ASKED[state] ?? ''}`),
          `${petition.until ? `至${formatDue(petition.until, now, work.calendar)}` : ''} · 理由:${petition.reason}`,
        )
      : undefined,
    change
      ? text(
          bold(`${nameOf(change.by, names)}提出变更`),
          ` · ${changeWords(task, { names, units, now, work })} · 理由:${change.reason}`,
        )
      : undefined,
    state === 'finished' && checkedBy && task.lastMove !== 'check'
      ? note(`${nameOf(checkedBy, names)} 已初审同意`)
      : undefined,
  ]
  return lines.filter(line => line !== undefined)
}

const ASKED: Partial<Record<Task['state'], string>> = { extending: '延期', suspending: '暂缓', cancelling: '撤销' }

function changeWords(
  { change }: Task,
  { names, units, now, work }: Pick<Setting, 'names' | 'units' | 'now' | 'work'>,
): string {
  if (!change) return ''
  const { title, content, dueAt, lead, add, drop } = change
  const named = (ids: string[]): string => ids.map(id => nameOf(id, names)).join('、')
  return [
    title === undefined ? '' : `名称改为“${title}”`,
    content === undefined ? '' : `要求改为“${content}”`,
    dueAt ? `完成时限改为${formatDue(dueAt, now, work.calendar)}` : '',
    lead ? `牵头改为${unitOf(lead.unit, units)}${nameOf(lead.id, names)}` : '',
    add.length ? `增加协办${named(add.map(one => one.id))}` : '',
    drop.length ? `减少协办${named(drop)}` : '',
  ]
    .filter(one => one !== '')
    .join(';')
}

function alikeLines(alike: Task[]): Block[] {
  if (!alike.length) return []
  const shown = alike
    .slice(0, 3)
    .map(
      one =>
        `${one.number ? `${numberText(one.number)} ` : ''}${shorten(one.title, 30)}(${taskFlow.states[one.state]})`,
    )
  return [text(tint('red', '可能重复'), `:${shown.join(';')}。请核对后再交办。`)]
}

/** CAL-15: before it is given out, a deadline on a day off is drawn to the workday before it, if the maker so wishes. */
function restLine({ state, dueAt, urgency }: Task, { now, work: { calendar } }: Setting): Block | undefined {
  const ungiven = state === 'draft' || state === 'submitted'
  if (!ungiven || !dueAt || URGENCIES[urgency].always || isWorkday(dueAt, calendar)) return undefined
  const before = new Date(toInstant(addWorkdays(dueAt, -1, calendar), clockOf(dueAt)))
  return before > now
    ? text(tint('yellow', '完成时限为休息日'), `,建议改为${formatDue(before, now, calendar)}。`)
    : undefined
}

const SHOWN_HISTORY = 15

function folded(task: Task, { history }: Beside, { now, work }: Setting): Block[] {
  const ahead = stepsAhead(task, work)
  const ladder = ahead.map(({ name, at: when, tone }) => note(`${formatShort(when, now)} ${name}:${tone}`))
  return [
    ...(ladder.length ? [fold('催办安排', ...ladder)] : []),
    ...(history.length ? [fold('办理过程', ...history.slice(-SHOWN_HISTORY).map(line => note(line)))] : []),
  ]
}

/** The 回音: what was asked, what was done, whether in time, and by whom. */
export function echoCard(task: Task, viewer: Actor | undefined, setting: Setting): Card {
  const { now, names, units } = setting
  const late = closedLate(task)
  const drawn = card(
    '回音 · 已办结',
    'green',
    text(bold(task.title), ...(task.number ? [` · ${numberText(task.number)}`] : [])),
    task.content ? text(`要求:${task.content}`) : undefined,
    fields(
      ['办理结果', task.result],
      ['办理单位', `${unitOf(task.leadUnit, units)} ${nameOf(task.lead, names)}`],
      task.assists.length ? ['协办', task.assists.map(one => nameOf(one.person, names)).join('、')] : undefined,
      ['完成时限', task.dueAt ? formatShort(task.dueAt, now) : '未定'],
      ['申请办结', `${task.finishedAt ? formatShort(task.finishedAt, now) : ''}(${late ? '逾期办结' : '按时办结'})`],
      [
        '审定',
        [task.closedBy && nameOf(task.closedBy, names), task.closedAt && formatShort(task.closedAt, now)]
          .filter(Boolean)
          .join(' '),
      ],
    ),
    task.acknowledgedAt ? note(`已知悉 · ${formatShort(task.acknowledgedAt, now)}`) : undefined,
    divider,
    ...controls(task, viewer, setting),
  )
  return {
    ...drawn,
    tags: late ? [{ word: '逾期办结', colour: 'red' }] : [],
    summary: `[回音] 已办结:${shorten(task.title, 40)}`,
  }
}

/** What is left of a card whose holder may not see the task (any more). */
export const hiddenCard = (): Card => hidden('督办', '该事项已不由您办理,或您不在其知悉范围内。')

/** What whoever led or assisted hears when 转办 or 变更 has taken it from them. */
export function releasedCard(task: Task, setting: Setting): Card {
  const { names, units } = setting
  const drawn = card(
    '督办 · 不再办理',
    'grey',
    text(bold(task.title), ...(task.number ? [` · ${numberText(task.number)}`] : [])),
    text(`该事项已不由您办理,已有材料请交牵头人${unitOf(task.leadUnit, units)}${nameOf(task.lead, names)}。`),
    note(lastAct(task, setting)),
  )
  return { ...drawn, summary: `[督办] 不再由您办理:${shorten(task.title, 40)}` }
}

/** One line in a list. */
export function listLine(task: Task, { now, names, units, work }: Setting): Piece[] {
  const light = lightOf(task, now, work)
  const state = taskFlow.states[task.state]
  const late = isOverdue(task, now)
  return [
    tint(light, `${LIGHTS[light]}灯 ${late ? '逾期' : state}`),
    ' ',
    bold(shorten(task.title, 40)),
    `${task.number ? ` · ${numberText(task.number)}` : ''} · ${unitOf(task.leadUnit, units)}${nameOf(task.lead, names)}`,
    task.dueAt && !ENDED.includes(task.state) ? ` · ${formatDue(task.dueAt, now, work.calendar)}` : '',
  ]
}
