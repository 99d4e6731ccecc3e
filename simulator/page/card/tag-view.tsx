import type { ReactNode } from 'react'
import { Mention } from '../talk/words.tsx'
import { clockSeconds, clockTime, fullDay, isInstant, isoDay, monthDay, shortWeekday, weekday } from '../when.ts'
import { Audio } from './audio.tsx'
import { Glyph } from './glyph.tsx'
import { safeLink } from './node.ts'
import { paint, tint } from './paint.ts'
import { PersonChip } from './people.tsx'
import type { FeishuTag } from './reading.ts'

export function TagView({ tag, children }: { tag: FeishuTag; children: ReactNode }): ReactNode {
  const { attributes } = tag
  switch (tag.tag) {
    case 'br':
      return <br />
    case 'hr':
      return <hr className="card-hr" />
    case 'font':
      return <span style={{ color: tint(attributes.color) }}>{children}</span>
    case 'text_tag':
      return <Tag colour={attributes.color}>{children}</Tag>
    case 'number_tag':
      return <NumberTag attributes={attributes}>{Number(inside(tag)) > 99 ? '99+' : children}</NumberTag>
    case 'at':
      return mentioned(attributes).map(id => <Mention key={id} id={id} name={id.includes('@') ? id : undefined} />)
    case 'person':
      return (
        <PersonChip
          id={attributes.id ?? ''}
          face={attributes.show_avatar !== 'false'}
          name={attributes.show_name !== 'false'}
          capsule={attributes.style === 'capsule'}
        />
      )
    case 'local_datetime':
      return <LocalTime attributes={attributes} />
    case 'a':
      return <Anchor href={safeLink(attributes.href)}>{children}</Anchor>
    case 'link':
      return (
        <Anchor href={safeLink(attributes.pc_url ?? attributes.url ?? attributes.href)}>
          {attributes.icon && <Glyph token={attributes.icon} size={14} />}
          {children}
        </Anchor>
      )
    case 'raw':
      return <span className="md-raw">{children}</span>
    case 'audio':
      return <Audio node={attributes} />
    default:
      return tag.raw
  }
}

const inside = (tag: FeishuTag) => tag.tokens.map(each => each.raw).join('')

const mentioned = ({ id, ids, email }: Record<string, string>) =>
  (id ?? ids ?? email ?? '').split(',').map(each => each.trim())

function Tag({ colour = '', children }: { colour?: string; children: ReactNode }) {
  const hue = paint(colour) ? colour : 'grey'
  return (
    <span className="text-tag" style={{ background: paint(hue, 100), color: paint(hue, 600) }}>
      {children}
    </span>
  )
}

/** A number from 0 to 99 in a disc; more than that is "99+". */
function NumberTag({ attributes, children }: { attributes: Record<string, string>; children: ReactNode }) {
  const style = {
    background: tint(attributes.background_color) ?? paint('red'),
    color: tint(attributes.font_color) ?? 'light-dark(#fff, #1a1a1a)',
  }
  return (
    <Anchor href={safeLink(attributes.url ?? attributes.pc_url)}>
      <span className="number-tag" style={style}>
        {children}
      </span>
    </Anchor>
  )
}

const FORMATS: Record<string, (at: number) => string> = {
  date_num: isoDay,
  date_short: monthDay,
  date: fullDay,
  week: weekday,
  week_short: shortWeekday,
  time: clockTime,
  time_sec: clockSeconds,
  timezone: () => 'GMT+8',
}

function LocalTime({ attributes }: { attributes: Record<string, string> }) {
  const at = Number(attributes.millisecond)
  if (!attributes.millisecond || !isInstant(at)) return null
  const format = attributes.format_type ?? ''
  const words = (Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined)?.(at) ?? fullDay(at)
  return <Anchor href={safeLink(attributes.link)}>{words}</Anchor>
}

function Anchor({ href, children }: { href?: string; children: ReactNode }) {
  if (!href) return children
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  )
}
