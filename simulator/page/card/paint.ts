import type { CSSProperties } from 'react'
import { type Node, nodeOf, pixels, plain } from './node.ts'

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
  if (hue === 'black') return '#000'
  if (!HUES.includes(hue)) return undefined
  return `var(--${hue}-${shade ? nearest(Number(shade)) : depth})`
}

const nearest = (shade: number) => (shade <= 50 ? 50 : shade <= 300 ? 100 : shade <= 500 ? 500 : 600)

/** A named colour, or one that the card itself brings in `config.style`. */
export const tint = (name: unknown, depth?: 50 | 100): string | undefined =>
  paint(name, depth) ?? (OWN_NAME.test(plain(name)) && name !== 'default' ? `var(--own-${plain(name)})` : undefined)

/** Background of a container; `default` leaves it as it is. */
export const ground = (style: unknown) => tint(style, 50)

const OWN_NAME = /^[A-Za-z][\w-]{0,40}$/
const RGBA = /^rgba\(\s*\d+\s*,\s*\d+\s*,\s*\d+\s*,\s*[\d.]+\s*\)$/

/** What `config.style` defines, as custom properties of this one card. */
export function ownStyle(config: Node, mobile: boolean): CSSProperties {
  const style = nodeOf(config.style)
  const sizes = Object.entries(nodeOf(style.text_size)).flatMap(([name, of]) => {
    const size = SIZES[plain(nodeOf(of)[mobile ? 'mobile' : 'pc'])] ?? SIZES[plain(nodeOf(of).default)]
    return size && OWN_NAME.test(name) ? [[`--size-${name}`, `${size}px`]] : []
  })
  const colours = Object.entries(nodeOf(style.color)).flatMap(([name, of]) => {
    const [light, dark] = [plain(nodeOf(of).light_mode), plain(nodeOf(of).dark_mode)]
    const good = OWN_NAME.test(name) && RGBA.test(light) && RGBA.test(dark)
    return good ? [[`--own-${name}`, `light-dark(${light}, ${dark})`]] : []
  })
  return Object.fromEntries([...sizes, ...colours])
}

export function space(value: unknown): string | undefined {
  const word = plain(value)
  return SPACES[word] ?? lengths(word)
}

export const lengths = (value: unknown): string | undefined =>
  /^(-?\d{1,3}(px)?( |$)){1,4}$/.test(plain(value)) ? plain(value) : undefined

export const textSize = (value: unknown): number | string | undefined =>
  SIZES[plain(value)] ?? (OWN_NAME.test(plain(value)) ? `var(--size-${plain(value)})` : undefined)

export function textStyle(node: Node): CSSProperties {
  return {
    fontSize: textSize(node.text_size),
    fontWeight: plain(node.text_size).startsWith('heading') ? 600 : undefined,
    textAlign: ['left', 'center', 'right'].find(each => each === node.text_align) as CSSProperties['textAlign'],
    color: tint(node.text_color),
  }
}

/** "fill", "auto" or a length. */
export function widthOf(value: unknown): CSSProperties {
  if (value === 'fill') return { width: '100%' }
  if (value === 'auto') return { width: 'auto', alignSelf: 'flex-start' }
  return pixels(value) ? { width: pixels(value), maxWidth: '100%', alignSelf: 'flex-start' } : {}
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
