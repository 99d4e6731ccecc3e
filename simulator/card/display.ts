import type { Component } from './component.ts'
import { CardFault } from './fault.ts'
import {
  anything,
  bool,
  either,
  filled,
  int,
  isObject,
  listOf,
  matching,
  object,
  oneOf,
  padding,
  px,
  shape,
  string,
} from './kinds.ts'
import { readMarkdown } from './markdown.ts'
import { align, anyText, color, i18n, icon, plainText, textSize, tips } from './texts.ts'

const avatarSize = oneOf('extra_small', 'small', 'medium', 'large')

/** Components that only show something. `tag`, `element_id` and `margin` are allowed everywhere. */
export const display: Record<string, Component> = {
  markdown: {
    props: { content: string, i18n_content: i18n, text_align: align, text_size: textSize, icon, href: object },
    required: ['content'],
    also: ({ content, i18n_content }, spot) => {
      readMarkdown(String(content), spot)
      if (isObject(i18n_content)) for (const one of Object.values(i18n_content)) readMarkdown(String(one), spot)
    },
  },
  div: {
    props: {
      text: anyText,
      icon,
      width: either(oneOf('fill', 'auto'), px(16, 999)),
      fields: listOf(shape({ is_short: bool, text: anyText })),
      extra: anything,
    },
  },
  hr: { props: {} },
  img: {
    props: {
      img_key: filled,
      i18n_img_key: i18n,
      alt: plainText,
      title: anyText,
      corner_radius: string,
      scale_type: oneOf('crop_center', 'crop_top', 'fit_horizontal'),
      size: string,
      transparent: bool,
      preview: bool,
      mode: string,
      custom_width: int(1, 9999),
      compact_width: bool,
    },
    required: ['img_key', 'alt'],
    also: ({ img_key }, { census }) => census.images.push(String(img_key)),
  },
  img_combination: {
    props: {
      combination_mode: oneOf('double', 'triple', 'bisect', 'trisect'),
      combination_transparent: bool,
      corner_radius: string,
      img_list: listOf((value, spot) => {
        shape({ img_key: filled, transparent: bool }, ['img_key'])(value, spot)
        spot.census.images.push((value as { img_key: string }).img_key)
      }),
    },
    required: ['combination_mode', 'img_list'],
  },
  person: {
    props: { user_id: filled, size: avatarSize, show_avatar: bool, show_name: bool, style: oneOf('normal', 'capsule') },
    required: ['user_id'],
    also: ({ user_id }, { census }) => census.people.push(String(user_id)),
  },
  person_list: {
    props: {
      persons: listOf(shape({ id: filled }, ['id'])),
      lines: int(1, 999),
      show_name: bool,
      show_avatar: bool,
      size: avatarSize,
      drop_invalid_user_id: bool,
      icon,
      ud_icon: object,
    },
    required: ['persons'],
    also: ({ persons, drop_invalid_user_id }, { census }) => {
      if (drop_invalid_user_id !== true) census.people.push(...(persons as Array<{ id: string }>).map(one => one.id))
    },
  },
  chart: {
    props: {
      chart_spec: object,
      aspect_ratio: oneOf('1:1', '2:1', '4:3', '16:9'),
      height: either(oneOf('auto'), px(1, 999)),
      color_theme: oneOf('brand', 'rainbow', 'complementary', 'converse', 'primary'),
      preview: bool,
    },
    required: ['chart_spec'],
    also: ({ chart_spec }, { path }) => {
      if (typeof (chart_spec as { type?: unknown }).type === 'string') return
      throw new CardFault(200550, 'chart spec is invalid', { path, value: '(root): type is required' })
    },
  },
  audio: {
    props: {
      file_key: filled,
      audio_id: string,
      disabled: bool,
      disabled_tips: tips,
      show_progress_bar: bool,
      show_time: bool,
      time_display: string,
      time_position: string,
      border: shape({ color, corner_radius: string }),
      style: matching('normal or speak', /^(normal|speak)$/),
      padding,
      background_style: color,
      fill_color: color,
      width: string,
      fallback: object,
    },
    required: ['file_key'],
    also: ({ file_key }, { census }) => census.audio.push(String(file_key)),
  },
}
