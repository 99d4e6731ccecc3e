import type { Message } from '../../protocol.ts'
import { CardMessage } from '../card/card.tsx'
import { Guard } from '../card/guard.tsx'
import { Markdown } from '../card/markdown.tsx'
import { type Node, plain } from '../card/node.ts'
import { inPlace } from '../in-place.ts'
import { contentOf, postOf } from './content.ts'
import { EmojiWord } from './reactions.tsx'
import { FileTile, ImageTile } from './tiles.tsx'
import { Link, Mention, Words } from './words.tsx'

export function Bubble({ message, busy }: { message: Message; busy: boolean }) {
  const content = contentOf(message)
  switch (message.msg_type) {
    case 'interactive':
      return <CardMessage message={message} busy={busy} />
    case 'file':
      return (
        <FileTile
          name={message.file?.name ?? plain(content.file_name)}
          size={message.file?.size}
          fileKey={plain(content.file_key)}
        />
      )
    case 'image':
      return <ImageTile name={message.file?.name ?? '图片'} imageKey={plain(content.image_key)} />
    case 'post':
      return (
        <Guard of={content} words="[无法显示的消息]">
          <Post content={content} message={message} />
        </Guard>
      )
    default:
      return (
        <div className="bubble">
          <Words text={plain(content.text)} message={message} />
        </div>
      )
  }
}

function Post({ content, message }: { content: Node; message: Message }) {
  const { title, lines } = postOf(content)
  return (
    <div className="bubble">
      {title && <b className="post-title">{title}</b>}
      {inPlace(lines).map(([key, line]) => (
        <div key={key}>
          {inPlace(line).map(([at, node]) => (
            <PostNode key={at} node={node} message={message} />
          ))}
        </div>
      ))}
    </div>
  )
}

function PostNode({ node, message }: { node: Node; message: Message }) {
  switch (node.tag) {
    case 'at': {
      const id = plain(node.user_id)
      const mention = message.mentions.find(each => each.key === id)
      return <Mention id={mention?.open_id ?? id} name={mention?.name ?? plain(node.user_name)} />
    }
    case 'a':
      return /^https?:/.test(plain(node.href)) ? (
        <Link url={plain(node.href)} words={plain(node.text)} />
      ) : (
        plain(node.text)
      )
    case 'md':
      return <Markdown content={plain(node.text)} />
    case 'hr':
      return <hr />
    case 'img':
    case 'media':
      return <ImageTile name="图片" imageKey={plain(node.image_key)} />
    case 'emotion':
      return <EmojiWord type={plain(node.emoji_type)} />
    case 'code_block':
      return <pre>{plain(node.text)}</pre>
    default:
      return <Words text={plain(node.text)} message={message} />
  }
}
