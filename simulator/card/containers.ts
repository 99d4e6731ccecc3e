import type { Component } from './component.ts'
import { unreadable } from './fault.ts'
import {
  bool,
  type Check,
  checkProps,
  either,
  filled,
  int,
  isObject,
  listOf,
  margin,
  oneOf,
  type Props,
  padding,
  px,
  shape,
  spacing,
  string,
} from './kinds.ts'
import { countElement } from './spot.ts'
import { align, behaviors, color, confirm, elementId, icon, multiUrl, text, tips, verticalAlign } from './texts.ts'

export const children: Check = listOf((value, spot) => spot.visit(value, spot))

export const layout: Props = {
  direction: oneOf('vertical', 'horizontal'),
  padding,
  horizontal_spacing: spacing,
  horizontal_align: align,
  vertical_spacing: spacing,
  vertical_align: verticalAlign,
  elements: children,
}

const onClick = shape({ multi_url: multiUrl })

const columnProps: Props = {
  ...layout,
  tag: oneOf('column'),
  element_id: elementId,
  margin,
  width: either(oneOf('auto', 'weighted'), px(16, 600)),
  weight: int(1, 5),
  background_style: color,
  action: onClick,
}

const column: Check = (value, spot) => {
  if (!isObject(value) || value.tag !== 'column') throw unreadable(spot.path, 'must be a column')
  countElement(spot)
  checkProps(value, columnProps, ['tag'], { ...spot, parent: 'column' })
}

export const containers: Record<string, Component> = {
  form: {
    only: 'root',
    container: true,
    props: { ...layout, name: filled },
    required: ['name', 'elements'],
  },
  column_set: {
    container: true,
    props: {
      columns: listOf(column),
      flex_mode: oneOf('none', 'stretch', 'flow', 'bisect', 'trisect'),
      background_style: color,
      horizontal_spacing: spacing,
      horizontal_align: align,
      action: onClick,
    },
    required: ['columns'],
  },
  interactive_container: {
    container: true,
    interactive: true,
    props: {
      ...layout,
      name: string,
      behaviors,
      width: either(oneOf('fill', 'auto'), px(16, 999)),
      height: either(oneOf('auto'), px(10, 999)),
      background_style: color,
      has_border: bool,
      border_color: color,
      corner_radius: string,
      hover_tips: tips,
      disabled: bool,
      disabled_tips: tips,
      confirm,
    },
    required: ['behaviors', 'elements'],
    also: ({ behaviors: given }, { path }) => {
      if ((given as unknown[]).length === 0) throw unreadable(path, 'missing property, property: behaviors')
    },
  },
  collapsible_panel: {
    container: true,
    props: {
      ...layout,
      expanded: bool,
      background_color: color,
      border: shape({ color, corner_radius: string }),
      header: shape(
        {
          title: text('plain_text', 'markdown', 'lark_md'),
          background_color: color,
          vertical_align: verticalAlign,
          padding,
          position: oneOf('top', 'bottom'),
          width: either(oneOf('auto', 'auto_when_fold', 'fill'), px(16, 999)),
          icon,
          icon_position: oneOf('left', 'right', 'follow_text'),
          icon_expanded_angle: int(-180, 180),
        },
        ['title'],
      ),
    },
    required: ['header', 'elements'],
  },
}
