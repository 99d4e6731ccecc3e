import { Fragment, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Message } from '../../protocol.ts'
import { useOfficeNow } from '../desk/office-time.ts'
import { Down } from '../icon.tsx'
import { useSeat } from '../office.tsx'
import { dayHeading, isoDay } from '../when.ts'
import { type Acts, Said } from './message.tsx'

const CLOSE_MS = 5 * 60_000
const NEAR_END_PX = 80

interface Props {
  messages: Message[]
  /** The same chat's whole history, where quoted messages are looked up. */
  known: Message[]
  busy: ReadonlySet<string>
  acts: Acts
  top?: React.ReactNode
  inThread?: boolean
  /** How many of the last messages of others were unread when the chat was opened. */
  unread?: number
}

export function Flow({ messages, known, busy, acts, top, inThread = false, unread = 0 }: Props) {
  const { me } = useSeat()
  const { scroller, content, behind, follow, toEnd } = useEnd(messages.at(-1), me.open_id)
  const now = useOfficeNow()
  const news = useFirstUnread(messages, me.open_id, unread)
  return (
    <div className="flow-frame">
      <div className="flow" ref={scroller} onScroll={follow}>
        <div className="flow-content" ref={content}>
          {top}
          {messages.map((message, index) => {
            const before = messages[index - 1]
            const newDay = !before || isoDay(before.create_time) !== isoDay(message.create_time)
            return (
              <Fragment key={message.message_id}>
                {newDay && <h3 className="day">{dayHeading(message.create_time, now)}</h3>}
                {message.message_id === news && <p className="news">以下为新消息</p>}
                <Said
                  message={message}
                  parent={known.find(each => each.message_id === message.parent_id)}
                  replies={known.filter(each => each.root_id === message.message_id).length}
                  follows={!newDay && followsOn(before, message)}
                  inThread={inThread}
                  busy={busy.has(message.message_id)}
                  acts={acts}
                />
              </Fragment>
            )
          })}
        </div>
      </div>
      {behind && (
        <button type="button" className="to-end" onClick={toEnd}>
          <Down size={16} /> 新消息
        </button>
      )}
    </div>
  )
}

/** Fixed when the chat is opened: what comes while one reads is not unread. */
function useFirstUnread(messages: Message[], me: string, unread: number): string | undefined {
  const [first] = useState(() => (unread > 0 ? messages.filter(each => each.sender !== me).at(-unread) : undefined))
  return first?.message_id
}

function followsOn(before: Message | undefined, message: Message): boolean {
  if (!before || before.recalled || before.msg_type === 'system' || before.sender !== message.sender) return false
  if (message.msg_type === 'interactive' || before.msg_type === 'interactive' || message.parent_id) return false
  return message.create_time - before.create_time < CLOSE_MS
}

/** Keeps the end in sight while the reader is there, and says so when something new came below. */
function useEnd(last: Message | undefined, me: string) {
  const lastId = last?.message_id
  const mine = last?.sender === me
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const [behind, setBehind] = useState(false)
  const toEnd = () => scroller.current?.scrollTo({ top: scroller.current.scrollHeight })

  useLayoutEffect(() => {
    if (!lastId) return
    if (atEnd.current || mine) scroller.current?.scrollTo({ top: scroller.current.scrollHeight })
    else setBehind(true)
  }, [lastId, mine])

  useEffect(() => {
    if (!content.current || !scroller.current) return
    const frame = scroller.current
    const grown = new ResizeObserver(() => {
      if (atEnd.current) frame.scrollTo({ top: frame.scrollHeight })
    })
    grown.observe(content.current)
    grown.observe(frame)
    return () => grown.disconnect()
  }, [])

  const follow = () => {
    const frame = scroller.current
    if (!frame) return
    atEnd.current = frame.scrollHeight - frame.scrollTop - frame.clientHeight < NEAR_END_PX
    if (atEnd.current) setBehind(false)
  }
  return { scroller, content, behind, follow, toEnd }
}
