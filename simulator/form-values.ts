import { isObject } from './card/kinds.ts'
import type { Card } from './card/read.ts'
import type { Faults } from './protocol.ts'

/** Optional fields that were left empty arrive as the page sent them, not at all, or as ''. */
export function withEmpties(
  action: Record<string, unknown>,
  card: Card,
  how: Faults['form_empties'],
): Record<string, unknown> {
  const { form_value } = action
  if (how === 'as-sent' || !isObject(form_value)) return action
  const filled = Object.entries(form_value).filter(([, value]) => !isEmpty(value))
  if (how === 'absent') return { ...action, form_value: Object.fromEntries(filled) }
  const blanks = fieldNames(card, String(action.name)).map(name => [name, ''] as const)
  return { ...action, form_value: Object.fromEntries([...blanks, ...filled]) }
}

const isEmpty = (value: unknown) => value === '' || value === null || (Array.isArray(value) && value.length === 0)

const fieldTags = new Set(
  'input select_static multi_select_static select_person multi_select_person date_picker picker_time picker_datetime select_img'.split(
    ' ',
  ),
)

/** Names of the fields of the form that holds this button. */
function fieldNames(card: Card, button: string): string[] {
  const form = within(card).find(
    one => one.tag === 'form' && within(one).some(child => child.tag === 'button' && child.name === button),
  )
  return form
    ? within(form)
        .filter(one => fieldTags.has(String(one.tag)))
        .map(one => String(one.name))
    : []
}

function within(value: unknown): Array<Record<string, unknown>> {
  if (Array.isArray(value)) return value.flatMap(within)
  return isObject(value) ? [value, ...Object.values(value).flatMap(within)] : []
}
