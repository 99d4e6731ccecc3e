import { inPlace } from '../in-place.ts'
import { Icon } from './glyph.tsx'
import { Markdown } from './markdown.tsx'
import { isMarkdown, listOf, type Node, plain } from './node.ts'
import { lengths, paint } from './paint.ts'

const MOST_TAGS = 3

export function CardHeader({ node }: { node: Node }) {
  const template = plain(node.template) || 'default'
  const hue = paint(template, 600)
  const colours = hue && { background: template === 'grey' ? 'var(--header-grey)' : paint(template, 100), color: hue }
  return (
    <header
      className="card-header"
      data-template={template}
      style={{ ...(colours || undefined), padding: lengths(node.padding) }}
    >
      <Icon of={node.icon} size={20} />
      <div className="card-titles">
        <h3 className="card-title">
          {isMarkdown(node.title) ? <Markdown content={plain(node.title)} /> : plain(node.title)}
        </h3>
        {plain(node.subtitle) && (
          <p className="card-subtitle">
            {isMarkdown(node.subtitle) ? <Markdown content={plain(node.subtitle)} /> : plain(node.subtitle)}
          </p>
        )}
      </div>
      <Tags of={node.text_tag_list} on={template} />
    </header>
  )
}

function Tags({ of, on }: { of: unknown; on: string }) {
  const tags = listOf(of).slice(0, MOST_TAGS)
  if (tags.length === 0) return null
  return (
    <div className="card-tags">
      {inPlace(tags).map(([key, tag]) => (
        <TextTag key={key} colour={tag.color} words={plain(tag.text)} solid={plain(tag.color) === on} />
      ))}
    </div>
  )
}

/** A tag in the colour of the header it lies on would vanish, so there it is filled. */
export function TextTag({ colour, words, solid }: { colour: unknown; words: string; solid?: boolean }) {
  const hue = colour === 'neutral' || !paint(colour) ? 'grey' : colour
  const style = solid
    ? { background: `light-dark(${paint(hue, 600)}, ${paint(hue, 500)})`, color: 'light-dark(#fff, #1a1a1a)' }
    : { background: paint(hue, 100), color: paint(hue, 600) }
  return (
    <span className="text-tag" style={style}>
      {words}
    </span>
  )
}
