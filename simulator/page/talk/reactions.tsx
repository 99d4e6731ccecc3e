import type { Message } from '../../protocol.ts'
import { emojiOf, offeredEmoji } from '../emoji.ts'
import { useSeat } from '../office.tsx'
import { sim } from '../sim.ts'
import { useToast, wordsOf } from '../toast.tsx'

export function Reactions({ message }: { message: Message }) {
  const { me, nameOf } = useSeat()
  const react = useReact(message)
  const given = Object.entries(message.reactions ?? {}).filter(([, who]) => who.length > 0)
  if (given.length === 0) return null
  return (
    <div className="reactions">
      {given.map(([type, who]) => (
        <button
          key={type}
          type="button"
          className="reaction"
          title={type}
          aria-pressed={who.includes(me.open_id)}
          onClick={() => react(type)}
        >
          <EmojiWord type={type} /> <small>{who.map(nameOf).join('、')}</small>
        </button>
      ))}
    </div>
  )
}

export function ReactionChoice({ message }: { message: Message }) {
  const react = useReact(message)
  return (
    <div className="reaction-choice">
      {offeredEmoji.map(type => (
        <button key={type} type="button" onClick={() => react(type)}>
          <EmojiWord type={type} />
        </button>
      ))}
    </div>
  )
}

export function EmojiWord({ type }: { type: string }) {
  return <span className="emoji">{emojiOf(type) ?? type}</span>
}

/** Puts my reaction on a message, or takes it away. */
function useReact(message: Message) {
  const { me } = useSeat()
  const toast = useToast()
  return async (emoji_type: string) => {
    const on = !message.reactions?.[emoji_type]?.includes(me.open_id)
    try {
      await sim.react(message.message_id, { as: me.open_id, emoji_type, on })
    } catch (fault) {
      toast('error', wordsOf(fault))
    }
  }
}
