import { timeZone } from '../when.ts'
import { listOf, type Node, plain } from './node.ts'

/** What a field holds while it is edited: as its HTML control has it. */
export type Raw = string | string[] | boolean

const SHANGHAI = '+0800'
const DATES = ['date_picker', 'picker_time', 'picker_datetime']
const MULTIPLE = ['multi_select_static', 'multi_select_person']
const FIELDS = ['input', 'select_static', 'select_person', 'checker', 'select_img', ...DATES, ...MULTIPLE]

export function initialOf(node: Node): Raw {
  switch (node.tag) {
    case 'checker':
      return node.checked === true
    case 'select_static':
      return plain(node.initial_option) || plain(listOf(node.options)[Number(node.initial_index ?? 0) - 1]?.value)
    case 'select_img':
      return node.multi_select === true ? [] : ''
    case 'select_person':
      return plain(node.initial_option)
    case 'multi_select_static':
    case 'multi_select_person':
      return Array.isArray(node.selected_values) ? node.selected_values.map(plain) : []
    case 'date_picker':
      return existing(plain(node.initial_date).slice(0, 10), 'T00:00')
    case 'picker_time':
      return existing(plain(node.initial_time).slice(0, 5), '', '2026-01-01T')
    case 'picker_datetime':
      return existing(plain(node.initial_datetime).slice(0, 16).replace(' ', 'T'))
    default:
      return plain(node.default_value)
  }
}

/** A moment as written, or nothing where the calendar has no such: the 45th, or 99 o'clock. */
const existing = (written: string, after = '', before = '') =>
  Number.isNaN(Date.parse(`${before}${written}${after}:00Z`)) ? '' : written

/** What Feishu sends for it: dates carry their offset. */
export const wired = (tag: unknown, raw: Raw): Raw =>
  DATES.includes(plain(tag)) && typeof raw === 'string' ? `${raw.replace('T', ' ')} ${SHANGHAI}` : raw

/** What a stand-alone field adds to `action`. */
export function yielded(node: Node, raw: Raw): Node {
  if (node.tag === 'input') return { input_value: raw }
  if (node.tag === 'checker') return { checked: raw }
  if (Array.isArray(raw)) return { options: raw }
  const option = wired(node.tag, raw)
  return DATES.includes(plain(node.tag)) ? { option, timezone: timeZone } : { option }
}

/** Every field of a form, however deep in columns and panels. */
export function fieldsIn(node: Node): Node[] {
  const inner = [...listOf(node.elements), ...listOf(node.columns)]
  return inner.flatMap(each => (FIELDS.includes(plain(each.tag)) ? [each] : fieldsIn(each)))
}

export const isEmpty = (raw: Raw) =>
  raw === false || raw.valueOf() === '' || (Array.isArray(raw) && raw.length === 0) || isBlank(raw)
const isBlank = (raw: Raw) => typeof raw === 'string' && raw.trim() === ''

export type Values = Record<string, Raw>

export const initialValues = (form: Node): Values =>
  Object.fromEntries(fieldsIn(form).map(each => [plain(each.name), initialOf(each)]))

export const missingIn = (form: Node, values: Values): string[] =>
  fieldsIn(form)
    .filter(each => each.required === true && isEmpty(values[plain(each.name)] ?? ''))
    .map(each => plain(each.name))

/** An empty text is sent as "", an empty choice or date not at all. Which of the two Feishu does is not known; a bot must bear both. */
export function formAction(form: Node, values: Values): Node {
  const fields = fieldsIn(form)
  const sent = fields.flatMap(each => {
    const raw = values[plain(each.name)] ?? initialOf(each)
    const left = isEmpty(raw) && typeof raw !== 'boolean' && each.tag !== 'input'
    return left ? [] : [[plain(each.name), wired(each.tag, raw)] as const]
  })
  const form_value = Object.fromEntries(sent)
  return fields.some(each => DATES.includes(plain(each.tag))) ? { form_value, timezone: timeZone } : { form_value }
}
