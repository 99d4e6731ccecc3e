import { useCallback, useEffect, useRef, useState } from 'react'
import type { ChatRow, Message } from '../../protocol.ts'
import { ChatFace } from '../avatar.tsx'
import { useFresh } from '../fresh.ts'
import { useSeat } from '../office.tsx'
import { sim } from '../sim.ts'
import { useToast, wordsOf } from '../toast.tsx'
import { gist } from './content.ts'

/** Chooses one of my chats and sends a copy of the message there. */
export function Forward({ message, close }: { message: Message; close: () => void }) {
  const { office, me, nameOf } = useSeat()
  const toast = useToast()
  const chats = useFresh(useCallback(() => sim.chats(me.open_id), [me.open_id]))
  const [to, setTo] = useState<ChatRow>()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const send = async () => {
    if (!to) return
    try {
      await sim.forward(message.message_id, { as: me.open_id, chat_id: to.chat_id })
      toast('success', `已转发至“${to.name}”`)
    } catch (fault) {
      toast('error', wordsOf(fault))
    }
    close()
  }
  return (
    <dialog ref={dialog} className="dialog" data-testid="forward" aria-label="转发" onCancel={close}>
      <h2>转发</h2>
      <p className="forward-gist">
        {nameOf(message.sender)}：{gist(message, office)}
      </p>
      <fieldset className="forward-chats" aria-label="选择会话">
        {chats.value?.chats.map(chat => (
          <label key={chat.chat_id} className="tick">
            <input type="radio" name="chat" checked={to === chat} onChange={() => setTo(chat)} />
            <ChatFace chat={chat} size={32} />
            <span>{chat.name}</span>
          </label>
        ))}
        {chats.fault && <p className="empty">会话加载失败：{chats.fault}</p>}
      </fieldset>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={close}>
          取消
        </button>
        <button type="button" className="button button-primary_filled" disabled={!to} onClick={send}>
          发送
        </button>
      </div>
    </dialog>
  )
}
