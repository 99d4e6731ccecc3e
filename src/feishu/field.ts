import type { Field } from '../kit/card.ts'
import { shorten } from '../kit/text.ts'

/** What a person may type at most into one field. */
const LONGEST_INPUT = 1_000
const LONGEST_HINT = 100

export type Json = { [key: string]: unknown }

type FieldPrinters = { [Kind in Field['kind']]: (field: Extract<Field, { kind: Kind }>) => Json }

const FIELD_PRINTERS: FieldPrinters = {
  input: field => ({
    tag: 'input',
    name: field.name,
    ...hinted(field.hint),
    ...(field.label ? { label: plainText(field.label), label_position: 'top' } : {}),
    ...(field.value ? { default_value: field.value.slice(0, field.max) } : {}),
    ...(field.lines ? { input_type: 'multiline_text', rows: field.lines, auto_resize: true } : {}),
    max_length: Math.min(field.max, LONGEST_INPUT),
    required: field.required === true,
    width: 'fill',
  }),
  choose: field => ({
    tag: 'select_static',
    name: field.name,
    ...hinted(field.hint),
    options: field.options.map(printOption),
    ...(field.value ? { initial_option: field.value } : {}),
    required: field.required === true,
    width: 'fill',
  }),
  people: field => ({
    tag: 'multi_select_static',
    name: field.name,
    ...hinted(field.hint),
    options: field.options.map(printOption),
    ...(field.value?.length ? { selected_values: field.value } : {}),
    required: field.required === true,
    width: 'fill',
  }),
  moment: field => ({
    tag: 'picker_datetime',
    name: field.name,
    ...hinted(field.hint),
    ...(field.value ? { initial_datetime: field.value } : {}),
    width: 'fill',
  }),
}

/** Inputs carry their own label; the others get a line above. */
export function printField(field: Field): Json[] {
  const printer = FIELD_PRINTERS[field.kind] as (field: Field) => Json
  const label = field.kind !== 'input' && field.label ? [{ tag: 'div', text: plainText(field.label) }] : []
  return [...label, printer(field)]
}

const hinted = (hint: string | undefined) => (hint ? { placeholder: plainText(shorten(hint, LONGEST_HINT)) } : {})
const printOption = ({ value, label }: { value: string; label: string }) => ({
  text: plainText(shorten(label, 60)),
  value,
})

export function plainText(content: string): Json {
  return { tag: 'plain_text', content }
}
