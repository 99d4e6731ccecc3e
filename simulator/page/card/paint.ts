import type { CSSProperties } from 'react'
import { type Node, plain } from './node.ts'

const HUES = [
  'blue',
  'wathet',
  'turquoise',
  'green',
  'lime',
  'yellow',
  'orange',
  'red',
  'carmine',
  'violet',
  'purple',
  'indigo',
  'grey',
]
const SPACES: Record<string, string> = { small: '4px', medium: '8px', large: '12px', extra_large: '16px' }
const SIZES: Record<string, number> = {
  'heading-0': 30,
  'heading-1': 24,
  'heading-2': 20,
  'heading-3': 18,
  'heading-4': 16,
  heading: 16,
  normal: 14,
  notation: 12,
  'xxxx-large': 30,
  'xxx-large': 24,
  'xx-large': 20,
  'x-large': 18,
  large: 16,
  medium: 14,
  small: 12,
  'x-small': 10,
}

/** A colour by Feishu's name ("red", "blue-100") as one of our custom properties. */
export function paint(name: unknown, depth: 50 | 100 | 500 | 600 = 600): string | undefined {
  const [, hue = '', shade] = /^([a-z]+)(?:-(\d{2,3}))?$/.exec(plain(name)) ?? []
  if (hue === 'white') return '#fff'
  if (!HUES.includes(hue)) return undefined
  return `var(--${hue}-${shade ? nearest(Number(shade)) : depth})`
}

const nearest = (shade: number) => (shade <= 50 ? 50 : shade <= 300 ? 100 : shade <= 500 ? 500 : 600)

/** Background of a container; `default` and unknown names leave it as it is. */
export const ground = (style: unknown) => paint(style, 50)

export function space(value: unknown): string | undefined {
  const word = plain(value)
  return SPACES[word] ?? lengths(word)
}

export const lengths = (value: unknown): string | undefined =>
  /^(-?\d{1,3}(px)?( |$)){1,4}$/.test(plain(value)) ? plain(value) : undefined

export const textSize = (value: unknown): number | undefined => SIZES[plain(value)]

export function textStyle(node: Node): CSSProperties {
  return {
    fontSize: textSize(node.text_size),
    fontWeight: plain(node.text_size).startsWith('heading') ? 600 : undefined,
    textAlign: ['left', 'center', 'right'].find(each => each === node.text_align) as CSSProperties['textAlign'],
    color: paint(node.text_color),
  }
}

const ALIGN: Record<string, string> = {
  left: 'flex-start',
  top: 'flex-start',
  center: 'center',
  right: 'flex-end',
  bottom: 'flex-end',
}

/** How a container lays out what it holds. */
export function flowStyle(node: Node): CSSProperties {
  const row = node.direction === 'horizontal'
  return {
    flexDirection: row ? 'row' : 'column',
    flexWrap: row ? 'wrap' : undefined,
    columnGap: space(node.horizontal_spacing),
    rowGap: space(node.vertical_spacing),
    padding: lengths(node.padding),
    [row ? 'justifyContent' : 'alignItems']: node.horizontal_align ? ALIGN[plain(node.horizontal_align)] : undefined,
    [row ? 'alignItems' : 'justifyContent']: node.vertical_align ? ALIGN[plain(node.vertical_align)] : undefined,
  }
}
