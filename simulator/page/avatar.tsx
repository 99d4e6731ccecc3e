import type { Chat } from '../protocol.ts'
import { Echo, People } from './icon.tsx'
import { isBot, useSeat } from './office.tsx'

const HUES = ['#2b66e8', '#0d7b6c', '#b85205', '#7a35f0', '#b82879', '#0478a6', '#217a2d', '#4752e6', '#a44904']

export function Avatar({ id, name, size = 36 }: { id: string; name: string; size?: number }) {
  return (
    <span className="avatar" style={{ ...square(size), background: hueOf(id) }} aria-hidden="true">
      {size < 26 ? initials(name).slice(-1) : initials(name)}
    </span>
  )
}

export function Face({ id, size = 36 }: { id: string; size?: number }) {
  const { office, nameOf } = useSeat()
  return isBot(office, id) ? <BotFace size={size} /> : <Avatar id={id} name={nameOf(id)} size={size} />
}

export function BotFace({ size = 36 }: { size?: number }) {
  return (
    <span className="avatar avatar-bot" style={square(size)} aria-hidden="true">
      <Echo size={Math.round(size * 0.66)} />
    </span>
  )
}

export function ChatFace({ chat, size = 40 }: { chat: Chat; size?: number }) {
  if (chat.chat_type === 'p2p') return <BotFace size={size} />
  return (
    <span className="avatar avatar-group" style={{ ...square(size), background: hueOf(chat.name) }} aria-hidden="true">
      {chat.members.length < 4 ? <People size={Math.round(size * 0.56)} /> : <Mosaic ids={chat.members.slice(0, 4)} />}
    </span>
  )
}

/** A group looks like its first members. */
function Mosaic({ ids }: { ids: string[] }) {
  const { nameOf } = useSeat()
  return (
    <span className="mosaic">
      {ids.map(id => (
        <span key={id} style={{ background: hueOf(id) }}>
          {[...nameOf(id)].at(-1)}
        </span>
      ))}
    </span>
  )
}

const square = (size: number) => ({ width: size, height: size, fontSize: Math.max(11, Math.round(size * 0.36)) })

/** As Feishu does: the given name, i.e. the last two characters. */
const initials = (name: string) => [...name].slice(-2).join('')

function hueOf(id: string): string {
  let sum = 0
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 9973
  return HUES[sum % HUES.length] ?? '#2b66e8'
}
