/** A card as a person sees it: its words, and what can be pressed on it. */
export interface ShownCard {
  title: string
  colour: string
  tags: string[]
  /** Every text of the body, line by line, entities shown as their characters. */
  text: string
  buttons: ShownButton[]
  inputs: ShownInput[]
  summary: string
}
export interface ShownButton {
  label: string
  name: string | undefined
  value: Record<string, unknown>
  /** The form it submits. */
  form: string | undefined
  confirm: boolean
  disabled: boolean
}
export interface ShownInput {
  tag: string
  name: string
  form: string | undefined
  value: unknown
  options: Array<{ label: string; value: string }>
}

type Json = Record<string, unknown>

export function readCard(content: string): ShownCard {
  const json = JSON.parse(content) as Json
  const header = (json.header ?? {}) as Json
  const shown: ShownCard = {
    title: textOf(header.title),
    colour: String(header.template ?? ''),
    tags: tagsOf(header),
    text: '',
    buttons: [],
    inputs: [],
    summary: summaryOf(json),
  }
  const lines: string[] = []
  walk(((json.body ?? {}) as Json).elements, undefined, shown, lines)
  return { ...shown, text: lines.join('\n') }
}

function walk(elements: unknown, form: string | undefined, shown: ShownCard, lines: string[]): void {
  if (!Array.isArray(elements)) return
  for (const element of elements as Json[]) {
    const tag = String(element.tag)
    if (tag === 'markdown') lines.push(plainly(String(element.content)))
    if (tag === 'div') lines.push(textOf(element.text))
    if (tag === 'button') shown.buttons.push(buttonOf(element, form))
    if (/^(input|select|multi_select|picker|date_picker|checker)/.test(tag)) shown.inputs.push(inputOf(element, form))
    if (tag === 'collapsible_panel') lines.push(textOf((element.header as Json).title))
    for (const child of [element.elements, element.columns])
      walk(child, tag === 'form' ? String(element.name).replace(/^form_/, '') : form, shown, lines)
  }
}

function buttonOf(element: Json, form: string | undefined): ShownButton {
  const behaviors = (element.behaviors ?? []) as Json[]
  const callback = behaviors.find(one => one.type === 'callback')
  return {
    label: textOf(element.text),
    name: element.name as string | undefined,
    value: (callback?.value ?? {}) as Record<string, unknown>,
    form: element.form_action_type === 'submit' ? form : undefined,
    confirm: element.confirm !== undefined,
    disabled: element.disabled === true,
  }
}

function inputOf(element: Json, form: string | undefined): ShownInput {
  const options = ((element.options ?? []) as Json[]).map(option => ({
    label: textOf(option.text),
    value: String(option.value),
  }))
  return {
    tag: String(element.tag),
    name: String(element.name),
    form,
    value: element.default_value ?? element.initial_option ?? element.selected_values ?? element.initial_datetime,
    options,
  }
}

/** Markdown as it reads: marks and tags gone, entities as their characters. */
export function plainly(markdown: string): string {
  return markdown
    .replace(/<at id=(\w+)><\/at>/g, '@$1')
    .replace(/<[^>]+>/g, '')
    .replace(/\*\*/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
}

const textOf = (text: unknown): string => String((text as Json | undefined)?.content ?? '')
const tagsOf = (header: Json): string[] => ((header.text_tag_list ?? []) as Json[]).map(tag => textOf(tag.text))
const summaryOf = (json: Json): string => textOf(((json.config ?? {}) as Json).summary)
