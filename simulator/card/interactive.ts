import type { Component } from './component.ts'
import { unreadable } from './fault.ts'
import {
  bool,
  type Check,
  either,
  filled,
  int,
  listOf,
  matching,
  objectOrString,
  oneOf,
  type Props,
  padding,
  px,
  shape,
  string,
} from './kinds.ts'
import { anyText, behaviors, color, confirm, i18n, icon, multiUrl, plainText, text, textSize, tips } from './texts.ts'

const width = either(oneOf('default', 'fill'), px(32, 9999))
const shared: Props = { name: string, behaviors, confirm, disabled: bool, disabled_tips: tips, width }
const field: Props = { ...shared, required: bool, placeholder: plainText, value: objectOrString }
const look = oneOf('default', 'text')

const labelled: Check = text('plain_text', 'lark_md')
const chosen = listOf(string)

const option = shape({ text: plainText, icon, value: filled }, ['text', 'value'])
const person = shape({ value: filled }, ['value'])

/** Values of options must differ. */
const distinct = ({ options = [] }: Record<string, unknown>, { path }: { path: string }) => {
  const values = (options as Array<{ value?: string }>).map(one => one.value)
  if (new Set(values).size < values.length) throw unreadable(path, 'duplicate option value')
}

export const buttonProps: Props = {
  ...shared,
  text: (value, spot) => {
    plainText(value, spot)
    const { content } = value as { content: string }
    if ([...content].length > 100) throw unreadable(spot.path, 'button text must have at most 100 characters')
  },
  type: oneOf(
    'default',
    'primary',
    'danger',
    'text',
    'primary_text',
    'danger_text',
    'primary_filled',
    'danger_filled',
    'laser',
  ),
  size: oneOf('tiny', 'small', 'medium', 'large'),
  width: either(oneOf('default', 'fill'), px(32, 9999)),
  icon,
  hover_tips: tips,
  form_action_type: oneOf('submit', 'reset'),
  action_type: oneOf('link', 'request', 'multi', 'form_submit', 'form_reset'),
}

export const isSubmit = ({ form_action_type, action_type }: Record<string, unknown>) =>
  form_action_type === 'submit' || action_type === 'form_submit'

/** Components that people press, fill in or choose from. */
export const interactive: Record<string, Component> = {
  button: {
    interactive: true,
    props: buttonProps,
    also: (button, spot) => {
      if (button.form_action_type && !spot.form) throw unreadable(spot.path, 'form_action_type outside of a form')
      if (spot.form && isSubmit(button)) spot.form.submits = true
    },
  },
  input: {
    interactive: true,
    props: {
      ...field,
      placeholder: (value, spot) => {
        plainText(value, spot)
        if ([...(value as { content: string }).content].length > 100)
          throw unreadable(spot.path, 'placeholder must have at most 100 characters')
      },
      default_value: string,
      i18n_default_value: i18n,
      max_length: int(1, 1000),
      input_type: oneOf('text', 'multiline_text', 'password'),
      show_icon: bool,
      rows: int(1, 99),
      auto_resize: bool,
      max_rows: int(1, 99),
      label: plainText,
      label_position: oneOf('top', 'left'),
    },
  },
  select_static: {
    interactive: true,
    props: { ...field, type: look, options: listOf(option), initial_option: string, initial_index: int(1, 9999) },
    also: distinct,
  },
  multi_select_static: {
    only: 'form',
    interactive: true,
    props: { ...field, type: look, options: listOf(option), selected_values: chosen },
    also: distinct,
  },
  select_person: {
    interactive: true,
    props: { ...field, type: look, options: listOf(person), initial_option: string },
  },
  multi_select_person: {
    only: 'form',
    interactive: true,
    props: { ...field, type: look, options: listOf(person), selected_values: chosen },
  },
  date_picker: {
    interactive: true,
    props: { ...field, initial_date: matching('yyyy-MM-dd', /^\d{4}-\d\d-\d\d$/) },
  },
  picker_time: {
    interactive: true,
    props: { ...field, initial_time: matching('HH:mm', /^\d\d:\d\d$/) },
  },
  picker_datetime: {
    interactive: true,
    props: { ...field, initial_datetime: matching('yyyy-MM-dd HH:mm', /^\d{4}-\d\d-\d\d \d\d:\d\d$/) },
  },
  checker: {
    interactive: true,
    props: {
      ...shared,
      text: labelled,
      checked: bool,
      overall_checkable: bool,
      checked_style: shape({ show_strikethrough: bool, opacity: fraction }),
      button_area: shape({
        pc_display_rule: oneOf('always', 'on_hover'),
        buttons: listOf((value, spot) => spot.visit(value, spot), 3),
      }),
      padding,
      hover_tips: tips,
      text_size: textSize,
      text_color: color,
    },
  },
  overflow: {
    interactive: true,
    props: {
      ...shared,
      value: objectOrString,
      options: listOf(shape({ text: anyText, value: string, multi_url: multiUrl, url: string }, ['text'])),
    },
    required: ['options'],
  },
  select_img: {
    interactive: true,
    props: {
      ...shared,
      value: objectOrString,
      required: bool,
      multi_select: bool,
      layout: oneOf('stretch', 'bisect', 'trisect'),
      style: string,
      can_preview: bool,
      aspect_ratio: oneOf('1:1', '16:9', '4:3'),
      options: listOf((value, spot) => {
        shape({ img_key: filled, value: filled, disabled: bool, disabled_tips: tips, hover_tips: tips }, [
          'img_key',
          'value',
        ])(value, spot)
        spot.census.images.push((value as { img_key: string }).img_key)
      }),
    },
    required: ['options'],
    also: (given, spot) => {
      distinct(given, spot)
      if (given.multi_select === true && !spot.form) throw unreadable(spot.path, 'multi_select outside of a form')
    },
  },
}

function fraction(value: unknown, spot: { path: string }) {
  if (typeof value !== 'number' || value < 0 || value > 1) throw unreadable(spot.path, 'must be a number from 0 to 1')
}
