import { nameOf } from '../../kit/acted.ts'
import { type Block, type Card, card, type Field, form, note, type Option, text } from '../../kit/card.ts'
import { shorten } from '../../kit/text.ts'
import { formatInstant } from '../../kit/time.ts'
import { LIMITS, type Setting, type Task } from './task.ts'
import { FREQUENCIES, type Frequency, REFERENCE_ONLY, SOURCES, type Source, URGENCIES, type Urgency } from './terms.ts'

/** What a form was opened or sent back with. */
export interface Prefill {
  lead: string
  assistants: string[]
  /** Names that are still to be typed or corrected. */
  names: string
  title: string
  content: string
  due: string
  assistDue: string
  source: Source
  basis: string
  urgency: Urgency
  frequency: Frequency
  leader: string
  phone: string
  scope: string
  options: Option[]
  /** Why the form is shown. */
  says: string | undefined
  /** The draft that it changes, and its revision. */
  draft: { id: number; rev: number } | undefined
  /** The task from whose result it arises. */
  previous: number | undefined
}

const optionsOf = (of: Record<string, { word: string }>): Option[] =>
  Object.entries(of).map(([value, { word }]) => ({ value, label: word }))

const input = (name: string, label: string, hint: string, value: string, max: number, lines?: number): Field => ({
  kind: 'input',
  name,
  label,
  hint,
  value,
  max,
  ...(lines ? { lines } : {}),
})

const choose = (name: string, label: string, of: Record<string, { word: string }>, value: string): Field => ({
  kind: 'choose',
  name,
  label,
  options: optionsOf(of),
  value,
})

/** The form for a new task or a draft; its field names are read by `readTaskForm`. */
export function taskForm(prefill: Prefill): Card {
  const { options, says, draft, previous } = prefill
  const people: Field[] = options.length
    ? [
        { kind: 'choose', name: 'lead', label: '牵头人', hint: '选择牵头人', options, value: prefill.lead },
        {
          kind: 'people',
          name: 'assistants',
          label: '协办人',
          hint: '选择协办人(可不选)',
          options,
          value: prefill.assistants,
        },
      ]
    : []
  const value = { ...(draft ? { id: draft.id, rev: draft.rev } : {}), ...(previous ? { previous } : {}) }
  const label = draft ? '保存' : '拟办'
  return {
    ...card(
      draft ? '督办 · 修改' : '督办 · 填写',
      'grey',
      says ? text(says) : undefined,
      form(
        'task',
        [...people, ...inputsOf(prefill)],
        [{ label, action: draft ? 'task.edit' : 'task.create', value, style: 'primary' }],
      ),
      note(REFERENCE_ONLY),
    ),
    summary: '[督办] 请填写督办事项',
  }
}

function inputsOf(prefill: Prefill): Field[] {
  return [
    input('names', '其他人员', '未列出的,按牵头、协办的顺序写姓名,用顿号分隔', prefill.names, 200),
    { ...input('title', '事项名称', '要办什么', prefill.title, LIMITS.title), required: true } as Field,
    input('content', '要求(可不填;政治要件、领导批示不填)', '办到什么程度', prefill.content, LIMITS.content, 3),
    input('due', '完成时限(不填则按紧急程度推定)', '如:12月7日下班前', prefill.due, 60),
    input('assist_due', '协办时限(不填则比完成时限早2个工作日)', '如:12月3日下班前', prefill.assistDue, 60),
    choose('source', '来源', SOURCES, prefill.source),
    input('basis', '来源依据(可不填;政治要件、领导批示不填)', '文号、会议名称或日期', prefill.basis, LIMITS.basis),
    choose('urgency', '紧急程度', URGENCIES, prefill.urgency),
    choose('frequency', '反馈频次', FREQUENCIES, prefill.frequency),
    input('leader', '交办领导(可不填)', '姓名', prefill.leader, 20),
    input('phone', '您的联系电话(可不填)', '供承办单位联系', prefill.phone, LIMITS.phone),
    input('scope', '知悉范围(不填则按职责可见)', '姓名,用顿号分隔', prefill.scope, 200),
  ]
}

export interface TaskWords {
  lead: string
  assistants: string[]
  names: string
  title: string
  content: string
  due: string
  assistDue: string
  source: Source
  basis: string
  urgency: Urgency
  frequency: Frequency
  leader: string
  phone: string
  scope: string
}

type Values = Record<string, unknown>

const word = (values: Values, name: string): string => {
  const value = values[name]
  return typeof value === 'string' ? value.trim() : ''
}

const code = <K extends string>(values: Values, name: string, of: Record<K, unknown>, fallback: K): K => {
  const value = word(values, name)
  return Object.hasOwn(of, value) ? (value as K) : fallback
}

/** A submitted form, as `taskForm` names its fields; anything of another shape reads as empty. */
export function readTaskForm(values: Values): TaskWords {
  const { assistants } = values
  return {
    lead: word(values, 'lead'),
    assistants: Array.isArray(assistants)
      ? assistants.filter(id => typeof id === 'string').slice(0, LIMITS.assistants + 1)
      : [],
    names: word(values, 'names'),
    title: word(values, 'title'),
    content: word(values, 'content'),
    due: word(values, 'due'),
    assistDue: word(values, 'assist_due'),
    source: code(values, 'source', SOURCES, 'QT'),
    basis: word(values, 'basis'),
    urgency: code(values, 'urgency', URGENCIES, 'normal'),
    frequency: code(values, 'frequency', FREQUENCIES, 'once'),
    leader: word(values, 'leader'),
    phone: word(values, 'phone'),
    scope: word(values, 'scope'),
  }
}

/** A draft as its form shows it. */
export function prefillOf(task: Task, options: Option[], { names }: Pick<Setting, 'names'>): Prefill {
  return {
    ...task,
    assistants: task.assists.map(one => one.person),
    names: '',
    due: task.dueAt && !task.dueByDefault ? formatInstant(task.dueAt) : '',
    assistDue: task.assistDueAt ? formatInstant(task.assistDueAt) : '',
    leader: task.leader ? nameOf(task.leader, names) : '',
    scope: task.scope.map(id => nameOf(id, names)).join('、'),
    options,
    says: undefined,
    draft: { id: task.id, rev: task.rev },
  }
}

/** 转办, 分办: to whom within the unit, and who takes a part of it. */
export function reassignForm(task: Task, options: Option[]): Card {
  const people: Field[] = options.length
    ? [
        { kind: 'choose', name: 'to', label: '转办给(只分办的,不选)', hint: '选择新的承办人', options },
        { kind: 'people', name: 'helpers', label: '分办给(可不选)', hint: '选择分别办理的人员', options },
      ]
    : []
  return card(
    '督办 · 转办',
    'grey',
    text(task.title),
    options.length
      ? form(
          'reassign',
          [...people, input('word_office', '说明(可不填)', '', '', LIMITS.word)],
          [pressOn(task, '转办', 'task.reassign')],
        )
      : note('本单位没有其他人员可以转办。'),
  )
}

/** 变更: what is left empty stays. */
export function changeForm(task: Task, options: Option[], { names }: Pick<Setting, 'names'>): Card {
  const assisting = task.assists.map(({ person }) => ({ value: person, label: nameOf(person, names) }))
  const others = options.filter(({ value }) => value !== task.lead && !assisting.some(one => one.value === value))
  const fields: Field[] = [
    input('title', '事项名称(不改则不填)', task.title, '', LIMITS.title),
    SOURCES[task.source].referenceOnly
      ? undefined
      : input('content', '要求(不改则不填)', shorten(task.content, 80), '', LIMITS.content, 3),
    input('due', '完成时限(不改则不填)', '如:12月14日下班前', '', 60),
    options.length
      ? ({ kind: 'choose', name: 'lead', label: '牵头人(不改则不选)', hint: '选择新的牵头人', options } as Field)
      : undefined,
    others.length
      ? ({
          kind: 'people',
          name: 'add',
          label: '增加协办人(不增加则不选)',
          hint: '选择增加的协办人',
          options: others,
        } as Field)
      : undefined,
    input('names', '增加其他协办人(不增加则不填)', '未列出的写姓名,用顿号分隔', '', 200),
    assisting.length
      ? ({
          kind: 'people',
          name: 'drop',
          label: '减少协办人(不减少则不选)',
          hint: '选择不再协办的人',
          options: assisting,
        } as Field)
      : undefined,
    input('word_office', '变更理由', '必填', '', LIMITS.word),
  ].filter(field => field !== undefined)
  const blocks: Block[] = [
    text(task.title),
    note('变更须经交办审批人同意,并通知承办、协办人员。'),
    form('change', fields, [pressOn(task, '变更', 'task.change')]),
  ]
  return card('督办 · 变更', 'grey', ...blocks)
}

const pressOn = (task: Task, label: string, action: string) => ({
  label,
  action,
  value: { id: task.id, rev: task.rev, asked: 1 },
  style: 'primary' as const,
})
