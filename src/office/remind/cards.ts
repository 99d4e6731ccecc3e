import {
  at,
  type Block,
  type Button,
  bold,
  buttons,
  type Card,
  type Colour,
  card,
  type Field,
  fields,
  form,
  hidden,
  note,
  type Option,
  type Piece,
  text,
} from '../../kit/card.ts'
import { pageButtons, pagesOf } from '../../kit/pages.ts'
import type { Viewer } from '../../kit/person.ts'
import { shorten } from '../../kit/text.ts'
import { type Calendar, formatDue } from '../../kit/time.ts'
import {
  isOpen,
  LATER,
  type Later,
  LIMITS,
  lastAct,
  lateFrom,
  type Occurrence,
  type OccurrenceState,
  type Reminder,
  STATES,
  wasMoved,
  whyNotAgain,
} from './reminder.ts'

/** What the wording needs to know. */
export interface Setting {
  now: Date
  /** Of people and groups. */
  names: ReadonlyMap<string, string>
  calendar: Calendar
}

const TITLES: Record<OccurrenceState, string> = {
  sent: '提醒',
  held: '提醒',
  muted: '提醒',
  snoozed: '提醒 · 稍后',
  done: '提醒 · 已完成',
  stopped: '提醒 · 不再提醒',
}
const COLOURS: Record<OccurrenceState, Colour> = {
  sent: 'yellow',
  held: 'yellow',
  muted: 'yellow',
  snoozed: 'blue',
  done: 'green',
  stopped: 'grey',
}

/** A reminder as it is said: what, from whom, when it was due, what comes `next`, and what can be done about it. */
export function occurrenceCard(
  occurrence: Occurrence,
  reminder: Reminder,
  next: Date | undefined,
  setting: Setting,
): Card {
  const { now, names, calendar } = setting
  const { state, snoozedUntil } = occurrence
  const late = lateFrom(occurrence)
  const isAhead = state === 'snoozed' && whyNotAgain(occurrence, reminder) === undefined
  const drawn = card(
    TITLES[state],
    reminder.urgent && isOpen(occurrence) ? 'red' : COLOURS[state],
    text(bold(reminder.text)),
    fields(
      reminder.maker === occurrence.receiver ? undefined : ['来自', names.get(reminder.maker) || '未知人员'],
      ['时间', formatDue(occurrence.dueAt, now, calendar)],
      next ? ['下次', formatDue(next, now, calendar)] : undefined,
    ),
    late ? note(lateWords(late, occurrence, setting)) : undefined,
    isAhead && snoozedUntil ? text(`将于${formatDue(snoozedUntil, now, calendar)}再次提醒`) : undefined,
    wasMoved(occurrence) ? text(lastAct(occurrence, now, names)) : undefined,
    ...controls(occurrence, reminder, names),
  )
  return {
    ...drawn,
    ...(late ? { tags: [{ word: '补发', colour: 'red' as const }] } : {}),
    summary: `[提醒] ${shorten(reminder.text, 40)}`,
  }
}

/** The same in plain words without buttons, for a crowd that is told at once. */
export function occurrenceWords(occurrence: Occurrence, reminder: Reminder, setting: Setting): string {
  const { now, names, calendar } = setting
  const { maker, text } = reminder
  const late = lateFrom(occurrence)
  return [
    `【提醒】${text}`,
    `时间:${formatDue(occurrence.dueAt, now, calendar)}`,
    maker === occurrence.receiver ? undefined : `来自:${names.get(maker) || '未知人员'}`,
    late && lateWords(late, occurrence, setting),
    '完成、稍后或不再提醒,请发送 /待办 办理。',
  ]
    .filter(line => line !== undefined)
    .join('\n')
}

function lateWords(late: Date, { missed }: Occurrence, { now, calendar }: Setting): string {
  const times = missed ? `(此后又错过${missed}次,合并为本条)` : ''
  return `原定${formatDue(late, now, calendar)},因系统中断未能按时发送,现予补发${times}`
}

function controls(occurrence: Occurrence, reminder: Reminder, names: ReadonlyMap<string, string>): Block[] {
  const value = { id: occurrence.id }
  if (!isOpen(occurrence)) {
    const others = occurrence.state === 'stopped' && occurrence.receiver && occurrence.receiver !== reminder.maker
    const refuse = {
      label: `拒收${names.get(reminder.maker) || '该人员'}的提醒`,
      action: 'remind.refuse',
      value,
      confirm: { title: '拒收提醒', text: '今后不再收到此人为您设置的提醒;可发送 /提醒 接收 恢复。确定拒收吗?' },
    }
    return [others ? buttons(refuse) : undefined].filter(block => block !== undefined)
  }
  const later: Field = {
    kind: 'choose',
    name: 'until',
    label: '稍后',
    options: (Object.keys(LATER) as Later[]).map(one => ({ value: one, label: LATER[one].label })),
    value: 'minutes',
  }
  return [
    buttons(
      { label: '完成', action: 'remind.done', value, style: 'primary' },
      {
        label: '不再提醒',
        action: 'remind.stop',
        value,
        confirm: { title: '不再提醒', text: reminder.recurring ? '以后各次都不再提醒,确定吗?' : '确定不再提醒吗?' },
      },
    ),
    whyNotAgain(occurrence, reminder) === undefined
      ? form('later', [later], [{ label: '稍后', action: 'remind.later', value }])
      : undefined,
  ].filter(block => block !== undefined)
}

const CONFIRMED: Record<Reminder['state'], Colour> = {
  active: 'green',
  paused: 'yellow',
  ended: 'grey',
  cancelled: 'grey',
}

/** To whoever may not see it, or not any more. */
export const hiddenCard = (): Card => hidden('提醒', '未找到该提醒,或您无权查看。')

/** A reminder as it was made: whom it reaches, when next, and what its owner may do with it. */
export function reminderCard(
  reminder: Reminder,
  fires: readonly Date[],
  viewer: Viewer,
  says: string[],
  setting: Setting,
): Card {
  const { now, calendar, names } = setting
  const open = reminder.state === 'active' || reminder.state === 'paused'
  const owned = viewer.kind === 'everyone' || viewer.id === reminder.owner
  const value = { id: reminder.id }
  const when = fires.map(fire => formatDue(fire, now, calendar)).join('、')
  const drawn = card(
    `提醒 · ${STATES[reminder.state]}`,
    CONFIRMED[reminder.state],
    text(bold(reminder.text)),
    fields(
      ['提醒对象', audience(reminder, viewer, names)],
      reminder.owner === reminder.maker ? undefined : ['现由', names.get(reminder.owner) || '未知人员'],
      ['编号', String(reminder.number)],
      open ? [reminder.recurring ? '接下来' : '时间', when || '无'] : undefined,
    ),
    ...says.map(line => note(line)),
    open && owned
      ? buttons(
          {
            label: '取消提醒',
            action: 'remind.cancel',
            value,
            confirm: { title: '取消提醒', text: '取消后不再提醒,确定取消吗?' },
          },
          { label: '修改', action: 'remind.change', value },
          reminder.state === 'paused'
            ? { label: '恢复', action: 'remind.resume', value }
            : { label: '暂停', action: 'remind.pause', value },
        )
      : undefined,
  )
  return { ...drawn, summary: `[提醒] ${STATES[reminder.state]}:${shorten(reminder.text, 40)}` }
}

function audience({ chat, receivers, owner }: Reminder, viewer: Viewer, names: ReadonlyMap<string, string>): Piece[] {
  if (chat) return [viewer.kind === 'everyone' ? '本群' : groupWords(names.get(chat))]
  if (receivers.length === 1 && receivers[0] === owner) return ['本人']
  return receivers.flatMap((person, i) => [...(i ? [' '] : []), at(person)])
}

const groupWords = (name: string | undefined): string => (name ? `群“${shorten(name, 20)}”` : '群')

/** `3. 报周报 · 每次提醒对象 · 下次` */
export function lineOf(reminder: Reminder, { now, names, calendar }: Setting): Piece[] {
  const whom = reminder.chat
    ? ` · 提醒${groupWords(names.get(reminder.chat))}`
    : reminder.receivers.some(person => person !== reminder.owner)
      ? ` · 提醒${shorten(reminder.receivers.map(person => names.get(person) || '未知人员').join('、'), 20)}`
      : ''
  const when = reminder.nextAt
    ? ` · ${reminder.recurring ? '下次' : ''}${formatDue(reminder.nextAt, now, calendar)}`
    : ''
  const paused = reminder.state === 'paused' ? ' · 已暂停' : ''
  return [`${reminder.number}. `, bold(shorten(reminder.text, 40)), `${whom}${when}${paused}`]
}

export const PAGE = 10

/** `/提醒 列表`: the owner's reminders by their numbers, a page of them; `total` counts all. */
export function remindersCard(
  some: readonly Reminder[],
  { page, total }: { page: number; total: number },
  setting: Setting,
): Card {
  const pages = pagesOf(total, PAGE)
  const rows = some.flatMap(reminder => [
    text(...lineOf(reminder, setting)),
    buttons({ label: `查看${reminder.number}`, action: 'remind.show', value: { id: reminder.id } }),
  ])
  return card(
    total ? `提醒 · 列表 · ${total}条` : '提醒 · 列表',
    total ? 'blue' : 'green',
    ...(total ? rows : [text('目前没有提醒。')]),
    pages > 1 ? note(`第${page}页,共${pages}页`) : undefined,
    buttons(...pageButtons(page, pages, 'remind.page')),
    note('按编号操作:/提醒 取消 3、/提醒 暂停 3、/提醒 恢复 3、/提醒 修改 3 明天下午4点'),
  )
}

/** What a form was opened with. */
export interface Prefill {
  /** The reminder to change; undefined for a new one. */
  id: number | undefined
  says: string | undefined
  people: string[]
  options: Option[]
  names: string
  text: string
  when: string
  /** The group to be reminded; '' = none. */
  chat: string
}

/** The form for a reminder; its field names are read by `readForm`. */
export function remindForm(prefill: Prefill): Card {
  const { id, chat, options } = prefill
  const whom: Field[] = [
    ...(options.length
      ? [{ kind: 'people' as const, name: 'people', label: '提醒谁(不选即提醒本人)', options, value: prefill.people }]
      : []),
    {
      kind: 'input',
      name: 'names',
      label: '其他人',
      hint: '直接写姓名,多人用顿号分隔',
      value: prefill.names,
      max: 200,
    },
  ]
  const inputs: Field[] = [
    ...(id === undefined && !chat ? whom : []),
    {
      kind: 'input',
      name: 'text',
      label: '提醒内容',
      hint: '要提醒什么',
      value: prefill.text,
      required: true,
      max: LIMITS.text,
    },
    {
      kind: 'input',
      name: 'when',
      label: '什么时候',
      hint: '如:明天下午3点半、每周五16:00、每个工作日8:45',
      value: prefill.when,
      required: true,
      max: 100,
    },
  ]
  const press: Button =
    id === undefined
      ? { label: '设置提醒', action: 'remind.create', value: { chat }, style: 'primary' }
      : { label: '保存', action: 'remind.save', value: { id }, style: 'primary' }
  return {
    ...card(
      id === undefined ? '提醒 · 填写' : '提醒 · 修改',
      'grey',
      prefill.says ? text(prefill.says) : undefined,
      chat ? note('将提醒本群') : undefined,
      form('remind', inputs, [press]),
    ),
    summary: '[提醒] 请填写',
  }
}

export interface Filled {
  people: string[]
  names: string
  text: string
  when: string
}

/** A submitted form; anything of another shape reads as empty. */
export function readForm(values: Record<string, unknown>): Filled {
  const word = (name: string) => (typeof values[name] === 'string' ? values[name].trim() : '')
  const { people } = values
  return {
    people: Array.isArray(people) ? people.filter(id => typeof id === 'string').slice(0, LIMITS.receivers + 1) : [],
    names: word('names'),
    text: word('text'),
    when: word('when').slice(0, 200),
  }
}
