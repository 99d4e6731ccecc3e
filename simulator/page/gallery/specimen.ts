import type { Node } from '../card/node.ts'

/** What exists in this office for the cards to show. */
export interface Given {
  images: string[]
  audio: string
  people: string[]
}

/** One component, shown in the smallest card that says something. */
export interface Specimen {
  /** Its tag, or a name of its own. */
  id: string
  title: string
  about: string
  card: (given: Given) => Node
  /** Shown as a forwarded copy. */
  inert?: boolean
}

export const plain = (content: string) => ({ tag: 'plain_text', content })
export const markdown = (content: string) => ({ tag: 'markdown', content })
export const callback = (value: object) => [{ type: 'callback', value }]
export const submit = {
  ...button('提交', { op: 'save' }),
  name: 'save',
  type: 'primary_filled',
  form_action_type: 'submit',
}
export const reset = { tag: 'button', text: plain('重置'), name: 'reset', form_action_type: 'reset' }

export function button(words: string, value: object, more: object = {}): Node {
  return { tag: 'button', text: plain(words), behaviors: callback(value), ...more }
}

export function cardWith(title: string, ...elements: unknown[]): Node {
  return {
    schema: '2.0',
    config: { update_multi: true, width_mode: 'default' },
    header: { title: plain(title), template: 'blue' },
    body: { direction: 'vertical', padding: '12px', vertical_spacing: 'medium', elements },
  }
}

/** A field where only a form may have it, with the buttons a form needs. */
export const inForm = (...elements: unknown[]) => ({
  tag: 'form',
  name: 'form',
  elements: [...elements, { tag: 'column_set', flex_mode: 'flow', columns: [submit, reset].map(inColumn) }],
})

export const inColumn = (element: unknown) => ({ tag: 'column', width: 'auto', elements: [element] })
