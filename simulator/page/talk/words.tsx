import type { Message } from '../../protocol.ts'
import { inPlace } from '../in-place.ts'
import { isBot, useSeat } from '../office.tsx'

const PIECES =
  /(@_user_\d+|@_all|<at (?:user_)?id="?[^">]*"?>[^<]*<\/at>|\[[^\]\n]+\]\(https?:\/\/[^\s)]+\)|https?:\/\/[^\s<>"'，。；、）】》]+)/g

/** Plain words with mentions and links; nothing in them is ever taken for markup but what Feishu itself takes for it. */
export function Words({ text, message }: { text: string; message: Message }) {
  return inPlace(text.split(PIECES)).map(([key, piece]) => <Piece key={key} piece={piece} message={message} />)
}

function Piece({ piece, message }: { piece: string; message: Message }) {
  const { office } = useSeat()
  if (piece === '@_all') return <Mention id="all" />
  if (piece.startsWith('@_user_')) {
    const mention = message.mentions.find(each => each.key === piece)
    return mention ? <Mention id={mention.open_id || 'all'} name={mention.name} /> : piece
  }
  const at = isBot(office, message.sender) && /^<at (?:user_)?id="?([^">]*)"?>/.exec(piece)
  if (at) return <Mention id={at[1] ?? ''} />
  const named = /^\[([^\]]+)\]\((.*)\)$/.exec(piece)
  if (named?.[1] && named[2]) return <Link url={named[2]} words={named[1]} />
  return /^https?:\/\//.test(piece) ? <Link url={piece} words={piece} /> : piece
}

export function Mention({ id, name }: { id: string; name?: string }) {
  const { me, nameOf } = useSeat()
  const mine = id === me.open_id || id === 'all'
  return <span className={mine ? 'mention mention-me' : 'mention'}>@{name || nameOf(id)}</span>
}

export function Link({ url, words }: { url: string; words: string }) {
  return (
    <a href={url} target="_blank" rel="noreferrer">
      {words}
    </a>
  )
}
