import { useCallback, useEffect, useEffectEvent, useMemo, useState } from 'react'
import type { ChatRow, Message } from '../../protocol.ts'
import { ChatFace } from '../avatar.tsx'
import { BotMark } from '../chats/bot-mark.tsx'
import { useConfirm } from '../confirm.tsx'
import { Back, Side } from '../icon.tsx'
import { useSeat } from '../office.tsx'
import { sim } from '../sim.ts'
import { useToast, wordsOf } from '../toast.tsx'
import { Composer } from './composer.tsx'
import { Flow } from './flow.tsx'
import { Forward } from './forward.tsx'
import { useHistory } from './history.ts'
import { MembersContext } from './members.ts'
import { SidePane } from './side.tsx'
import { ThreadPane } from './thread.tsx'
import './composer.css'
import './message.css'
import './talk.css'

interface Props {
  chat: ChatRow
  busy: ReadonlySet<string>
  changes: number
  close: () => void
  refreshChats: () => void
}

export function Talk({ chat, busy, changes, close, refreshChats }: Props) {
  const { me } = useSeat()
  const history = useHistory(chat.chat_id, me.open_id, changes)
  const [replyTo, setReplyTo] = useState<Message>()
  const [onward, setOnward] = useState<Message>()
  const [thread, setThread] = useState<string>()
  const [side, setSide] = useState(false)
  const [suggested, setSuggested] = useState<{ text: string }>()
  const [unread] = useState(chat.unread)
  useReading(chat, me.open_id, refreshChats)
  useEscape(typing => {
    if (thread) setThread(undefined)
    else if (side) setSide(false)
    else if (!typing) close()
  })
  const recall = useRecall(me.open_id, history.refresh)
  const acts = useMemo(() => ({ reply: setReplyTo, recall, forward: setOnward, openThread: setThread }), [recall])
  const known = history.messages ?? []
  const said = () => {
    history.refresh()
    setReplyTo(undefined)
  }

  return (
    <MembersContext value={chat.members}>
      <section className="talk" data-testid="conversation" data-kind={chat.chat_type} aria-label={chat.name}>
        <Head chat={chat} close={close} toggleSide={() => setSide(was => !was)} />
        {history.messages ? (
          <Flow
            messages={known}
            known={known}
            unread={unread}
            busy={busy}
            acts={acts}
            top={<Older history={history} empty={known.length === 0} />}
          />
        ) : (
          <Awaited fault={history.fault} />
        )}
        <Composer chat={chat} replyTo={replyTo} drop={() => setReplyTo(undefined)} said={said} suggested={suggested} />
      </section>
      {thread ? (
        <ThreadPane
          rootId={thread}
          chat={chat}
          known={known}
          busy={busy}
          acts={acts}
          said={history.refresh}
          close={() => setThread(undefined)}
        />
      ) : (
        <SidePane chat={chat} open={side} close={() => setSide(false)} suggest={text => setSuggested({ text })} />
      )}
      {onward && <Forward message={onward} close={() => setOnward(undefined)} />}
    </MembersContext>
  )
}

function Head({ chat, close, toggleSide }: { chat: ChatRow; close: () => void; toggleSide: () => void }) {
  return (
    <header className="talk-head">
      <button type="button" className="icon-button back" aria-label="返回" onClick={close}>
        <Back />
      </button>
      <ChatFace chat={chat} size={32} />
      <h2>{chat.name}</h2>
      {chat.chat_type === 'p2p' ? <BotMark /> : <small>{chat.members.length} 人</small>}
      <button
        type="button"
        className="icon-button side-toggle"
        aria-label="会话信息"
        title="会话信息"
        onClick={toggleSide}
      >
        <Side />
      </button>
    </header>
  )
}

function Awaited({ fault }: { fault?: string | undefined }) {
  if (fault) return <div className="flow-wait">消息加载失败：{fault}</div>
  return (
    <div className="flow-wait skeleton-talk" role="status" aria-label="正在加载">
      {['52%', '34%', '70%'].map(width => (
        <div key={width} className="skeleton-said">
          <span className="skeleton-face" />
          <span className="skeleton-lines" style={{ maxWidth: width }} />
        </div>
      ))}
    </div>
  )
}

/** Esc closes what lies on top; what an open menu, a dialogue or the composer makes of it comes first. */
function useEscape(leave: (typing: boolean) => void) {
  const act = useEffectEvent(leave)
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent) => {
      const inDrawer = event.target instanceof Element && event.target.closest('.drawer')
      const taken = event.defaultPrevented || inDrawer || document.querySelector(':popover-open, dialog[open]')
      if (event.key === 'Escape' && !event.isComposing && !taken) act(event.target instanceof HTMLTextAreaElement)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
}

function Older({ history, empty }: { history: ReturnType<typeof useHistory>; empty: boolean }) {
  if (empty) return <p className="empty">还没有消息，说句话试试。</p>
  if (!history.hasOlder) return null
  return (
    <button type="button" className="older" disabled={history.fetchingOlder} onClick={history.fetchOlder}>
      {history.fetchingOlder ? '正在加载……' : '加载更早的消息'}
    </button>
  )
}

/** A chat that is open and in sight has no unread messages. */
function useReading(chat: ChatRow, as: string, refreshChats: () => void) {
  const { chat_id, unread } = chat
  useEffect(() => {
    const read = () => {
      if (unread > 0 && document.visibilityState === 'visible') void sim.read(chat_id, as).then(refreshChats, () => {})
    }
    read()
    document.addEventListener('visibilitychange', read)
    return () => document.removeEventListener('visibilitychange', read)
  }, [chat_id, unread, as, refreshChats])
}

function useRecall(as: string, refresh: () => void) {
  const toast = useToast()
  const confirm = useConfirm()
  return useCallback(
    async (message: Message) => {
      if (!(await confirm('撤回消息', '撤回后，会话中的所有人都看不到这条消息。'))) return
      try {
        await sim.recall(message.message_id, as)
        refresh()
      } catch (fault) {
        toast('error', wordsOf(fault))
      }
    },
    [as, confirm, refresh, toast],
  )
}
