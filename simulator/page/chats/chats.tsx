import { type KeyboardEvent, useRef, useState } from 'react'
import type { ChatRow } from '../../protocol.ts'
import { BotFace, ChatFace } from '../avatar.tsx'
import { useOfficeNow } from '../desk/office-time.ts'
import { GoLink } from '../go-link.tsx'
import { Search } from '../icon.tsx'
import { useSeat } from '../office.tsx'
import { sim } from '../sim.ts'
import { useToast, wordsOf } from '../toast.tsx'
import { rowTime } from '../when.ts'
import { BotMark } from './bot-mark.tsx'
import { NewGroup } from './new-group.tsx'
import './chats.css'

interface Props {
  chats?: ChatRow[]
  fault?: string
  openId?: string
  open: (chatId: string) => void
}

export function Chats({ chats, fault, openId, open }: Props) {
  const { office, me } = useSeat()
  const toast = useToast()
  const [sought, setSought] = useState('')
  const list = useRef<HTMLElement>(null)
  const found = chats?.filter(each => each.name.includes(sought.trim()) || each.summary.includes(sought.trim()))
  const enter = async () => {
    try {
      open((await sim.enter(me.open_id)).chat_id)
    } catch (fault) {
      toast('error', wordsOf(fault))
    }
  }
  const met = chats?.some(each => each.chat_type === 'p2p')
  return (
    <nav className="chats" aria-label="会话列表" ref={list} onKeyDown={event => walkRows(event, list.current)}>
      <div className="chats-head">
        <label className="search">
          <Search size={16} />
          <input
            type="search"
            placeholder="搜索会话"
            value={sought}
            onChange={event => setSought(event.target.value)}
          />
        </label>
        <NewGroup opened={open} />
      </div>
      {fault && <p className="empty">会话加载失败：{fault}</p>}
      {!chats && !fault && <Skeleton />}
      {chats && !met && office.bot.name.includes(sought.trim()) && (
        <GoLink className="chat-row" data-testid="chat-row" data-kind="p2p" to={{ as: me.open_id }} act={enter}>
          <BotFace size={40} />
          <span className="chat-row-body">
            <span className="chat-row-line">
              <b>{office.bot.name}</b>
              <BotMark />
            </span>
            <span className="chat-row-summary">事事有交待、件件有回音。点此开始对话</span>
          </span>
        </GoLink>
      )}
      {found?.map(chat => (
        <Row
          key={chat.chat_id}
          chat={chat}
          current={chat.chat_id === openId}
          open={chat.chat_type === 'p2p' ? enter : () => open(chat.chat_id)}
        />
      ))}
      {chats && sought.trim() && found?.length === 0 && <p className="empty">没有找到相关会话</p>}
    </nav>
  )
}

/** Arrows go from row to row, and from the search into the list. */
function walkRows(event: KeyboardEvent, list: HTMLElement | null) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!step || !list || event.nativeEvent.isComposing) return
  const rows = [...list.querySelectorAll<HTMLElement>('a.chat-row')]
  const next = rows[rows.indexOf(document.activeElement as HTMLElement) + step]
  if (next) next.focus()
  else if (step < 0) list.querySelector('input')?.focus()
  event.preventDefault()
}

function Row({ chat, current, open }: { chat: ChatRow; current: boolean; open: () => void }) {
  const { me } = useSeat()
  const now = useOfficeNow()
  return (
    <GoLink
      className="chat-row"
      data-testid="chat-row"
      data-chat-id={chat.chat_id}
      data-kind={chat.chat_type}
      aria-current={current || undefined}
      to={{ as: me.open_id, chat: chat.chat_id }}
      act={open}
    >
      <span className="chat-row-face">
        <ChatFace chat={chat} />
        {chat.unread > 0 && !current && (
          <span className="unread" title={`${chat.unread} 条未读`}>
            {chat.unread > 99 ? '99+' : chat.unread}
          </span>
        )}
      </span>
      <span className="chat-row-body">
        <span className="chat-row-line">
          <b>{chat.name}</b>
          {chat.chat_type === 'p2p' && <BotMark />}
          <time>{rowTime(chat.last_time, now)}</time>
        </span>
        <span className="chat-row-summary">
          {chat.mentioned && !current && <em>[有人@我] </em>}
          {chat.summary || '暂无消息'}
        </span>
      </span>
    </GoLink>
  )
}

function Skeleton() {
  return (
    <div role="status" aria-label="正在加载">
      {['a', 'b', 'c', 'd'].map(each => (
        <div key={each} className="chat-row skeleton">
          <span className="skeleton-face" />
          <span className="skeleton-lines" />
        </div>
      ))}
    </div>
  )
}
