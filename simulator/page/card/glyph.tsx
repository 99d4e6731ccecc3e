import type { CSSProperties } from 'react'
import { inPlace } from '../in-place.ts'
import { fileAt } from '../sim.ts'
import { isFilled, NEUTRAL, strokesOf } from './glyphs.ts'
import { type Node, nodeOf, plain } from './node.ts'
import { tint } from './paint.ts'

/** `icon` of a component: a drawing for a `standard_icon`, the picture of a `custom_icon`. */
export function Icon({ of, size = 16 }: { of: unknown; size?: number }) {
  const icon = nodeOf(of)
  if (icon.tag !== 'standard_icon' && icon.tag !== 'custom_icon') return null
  const side = Number(/^(\d{1,2})px/.exec(plain(icon.size))?.[1]) || size
  return (
    <span className="card-icon" style={{ color: tint(icon.color) }} data-token={plain(icon.token) || undefined}>
      {icon.tag === 'custom_icon' ? (
        <img src={fileAt(plain(icon.img_key))} alt="" style={{ width: side, height: side }} />
      ) : (
        <Glyph token={plain(icon.token)} size={side} />
      )}
    </span>
  )
}

export function Glyph({ token, size = 16, style }: { token: string; size?: number; style?: CSSProperties }) {
  const strokes = strokesOf(token)
  return (
    <svg
      className="glyph"
      width={size}
      height={size}
      style={style}
      viewBox="0 0 24 24"
      fill={isFilled(token) ? 'color-mix(in srgb, currentColor 28%, transparent)' : 'none'}
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      data-neutral={strokes ? undefined : true}
    >
      {inPlace(strokes ?? NEUTRAL).map(([key, line]) => (
        <path key={key} d={line} />
      ))}
    </svg>
  )
}

export const hasIcon = (node: Node) => ['standard_icon', 'custom_icon'].includes(plain(nodeOf(node.icon).tag))
