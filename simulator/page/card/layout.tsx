import type { CSSProperties } from 'react'
import { inPlace } from '../in-place.ts'
import { Elements } from './element.tsx'
import { listOf, type Node, nodeOf, plain, safeLink } from './node.ts'
import { flowStyle, ground, lengths, space, tint } from './paint.ts'

export function Hr() {
  return <hr className="card-hr" />
}

export function ColumnSet({ node }: { node: Node }) {
  const mode = plain(node.flex_mode) || 'none'
  const background = ground(node.background_style)
  const style = {
    gap: space(node.horizontal_spacing),
    justifyContent: JUSTIFY[plain(node.horizontal_align)],
    background,
    padding: background && '8px 12px',
  }
  return (
    <div className={`card-columns card-columns-${mode}`} style={style}>
      <Cover of={node.action} words={wordsIn(node)} />
      {inPlace(listOf(node.columns)).map(([key, column]) => (
        <Column key={key} node={column} />
      ))}
    </div>
  )
}

const JUSTIFY: Record<string, string> = { left: 'flex-start', center: 'center', right: 'flex-end' }

function Column({ node }: { node: Node }) {
  const style = {
    ...columnWidth(node),
    ...flowStyle(node),
    margin: lengths(node.margin),
    background: ground(node.background_style),
  }
  return (
    <div className="card-flow card-column" style={style}>
      <Cover of={node.action} words={wordsIn(node)} />
      <Elements of={node.elements} />
    </div>
  )
}

/** The link of a whole area lies under what can be pressed in it, and over everything else. */
function Cover({ of, words }: { of: unknown; words: string }) {
  const link = safeLink(nodeOf(of).multi_url)
  if (!link) return null
  return (
    <a className="card-cover" href={link} target="_blank" rel="noreferrer" aria-label={words || '打开链接'}>
      {' '}
    </a>
  )
}

function columnWidth(node: Node): CSSProperties {
  const width = plain(node.width)
  if (/^\d+px$/.test(width)) return { flex: `0 1 ${width}` }
  if (width === 'weighted') return { flex: `${Math.min(Math.max(Number(node.weight) || 1, 1), 5)} 1 0` }
  return { flex: '0 1 auto' }
}

/** Grey-100 would not be seen as a line. */
export const edge = (colour: unknown) => (colour === 'grey' ? undefined : tint(colour, 100))

/** What a container says, without the words of the buttons in it: those have names of their own. */
export function wordsIn(node: Node): string {
  const own = ['markdown', 'div'].includes(plain(node.tag)) ? plain(node) || plain(node.text) : ''
  const inner = [...listOf(node.elements), ...listOf(node.columns)].map(wordsIn)
  return [own.replace(/<[^>]*>|[*_~#]/g, ''), ...inner].filter(Boolean).join(' ')
}
