import type { Token, Tokens } from 'marked'
import { memo, type ReactNode, useMemo } from 'react'
import { inPlace } from '../in-place.ts'
import { EmojiWord } from '../talk/reactions.tsx'
import { safeLink } from './node.ts'
import { Pages, TableScroll, usePages } from './pages.tsx'
import { Picture } from './picture.tsx'
import { type FeishuTag, readMarkdown, unescaped } from './reading.ts'
import { TagView } from './tag-view.tsx'

/** Feishu's markdown as React elements; nothing is ever handed to the browser as HTML. */
export const Markdown = memo(function Markdown({ content }: { content: string }) {
  const tokens = useMemo(() => readMarkdown(content), [content])
  return (
    <div className="markdown">
      <All of={tokens} />
    </div>
  )
})

function All({ of }: { of: Token[] | undefined }): ReactNode {
  return inPlace(of ?? []).map(([key, token]) => <One key={key} token={token} />)
}

function One({ token }: { token: Token }): ReactNode {
  switch (token.type) {
    case 'space':
      return null
    case 'paragraph':
      return (
        <div className="md-paragraph">
          <All of={token.tokens} />
        </div>
      )
    case 'text':
    case 'escape':
      return token.type === 'text' && token.tokens ? <All of={token.tokens} /> : unescaped(token.text)
    case 'strong':
      return (
        <strong>
          <All of={token.tokens} />
        </strong>
      )
    case 'em':
      return (
        <em>
          <All of={token.tokens} />
        </em>
      )
    case 'del':
      return (
        <del>
          <All of={token.tokens} />
        </del>
      )
    case 'br':
      return <br />
    case 'hr':
      return <hr className="card-hr" />
    case 'codespan':
      return <code>{token.text}</code>
    case 'code':
      return <CodeBlock token={token as Tokens.Code} />
    case 'heading':
      return (
        <div className={`md-heading md-heading-${token.depth}`}>
          <All of={token.tokens} />
        </div>
      )
    case 'blockquote':
      return (
        <blockquote>
          <All of={token.tokens} />
        </blockquote>
      )
    case 'list':
      return <List token={token as Tokens.List} />
    case 'table':
      return <MarkdownTable token={token as Tokens.Table} />
    case 'link':
      return <Anchor token={token as Tokens.Link} />
    case 'image':
      return <MarkdownImage token={token as Tokens.Image} />
    case 'emoji':
      return <EmojiWord type={token.text} />
    case 'feishu':
      return (
        <TagView tag={token as FeishuTag}>
          <All of={token.tokens} />
        </TagView>
      )
    default:
      return token.raw
  }
}

function List({ token }: { token: Tokens.List }) {
  const items = inPlace(token.items).map(([key, item]) => (
    <li key={key}>
      <All of={item.tokens} />
    </li>
  ))
  return token.ordered ? <ol start={Number(token.start) || 1}>{items}</ol> : <ul>{items}</ul>
}

function CodeBlock({ token }: { token: Tokens.Code }) {
  return (
    <div className="md-code">
      {token.lang && <small>{token.lang}</small>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keyboard too */}
      <pre tabIndex={0}>{token.text}</pre>
    </div>
  )
}

function MarkdownImage({ token }: { token: Tokens.Image }) {
  return (
    <span className="md-image">
      <Picture imageKey={/^img_/.test(token.href) ? token.href : ''} words={unescaped(token.text)} />
    </span>
  )
}

const ROWS = 5

/** Five rows at a time, as Feishu shows them. */
function MarkdownTable({ token }: { token: Tokens.Table }) {
  const pages = usePages(token.rows, ROWS)
  const cells = (row: Tokens.TableCell[], Cell: 'th' | 'td') =>
    inPlace(row).map(([key, cell]) => (
      <Cell key={key} style={{ textAlign: cell.align ?? undefined }}>
        <All of={cell.tokens} />
      </Cell>
    ))
  return (
    <div className="md-table">
      <TableScroll>
        <table>
          <thead>
            <tr>{cells(token.header, 'th')}</tr>
          </thead>
          <tbody>
            {inPlace(pages.shown).map(([key, row]) => (
              <tr key={`${pages.at} ${key}`}>{cells(row, 'td')}</tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
      <Pages {...pages} />
    </div>
  )
}

function Anchor({ token }: { token: Tokens.Link }) {
  const href = safeLink(unescaped(token.href))
  if (!href) return token.raw
  return (
    <a href={href} target="_blank" rel="noreferrer">
      <All of={token.tokens} />
    </a>
  )
}
