import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { ChatRow, Message } from '../../protocol.ts'
import { Close, Send } from '../icon.tsx'
import { useSeat } from '../office.tsx'
import { Attach } from './attach.tsx'
import { gist } from './content.ts'
import {
  addressed,
  edited,
  emptyDraft,
  mentioning,
  spelled,
  type Written,
  wantsBot,
  withoutMentionAt,
} from './draft.ts'
import { MentionPicker } from './mention-picker.tsx'
import { usePicking } from './picking.ts'
import { draftKey, useDraft, useHeight, useSay } from './saying.ts'
import { Shine } from './shine.tsx'

interface Props {
  chat: ChatRow
  replyTo?: Message
  thread?: Message
  drop?: () => void
  said: () => void
  suggested?: { text: string }
}

export function Composer({ chat, replyTo, thread, drop, said, suggested }: Props) {
  const { office, me } = useSeat()
  const box = useRef<HTMLTextAreaElement>(null)
  const [draft, setDraft] = useDraft(draftKey(me.open_id, chat.chat_id, thread?.message_id))
  const [caret, setCaret] = useState(0)
  const [placed, setPlaced] = useState<{ caret: number }>()
  const { sending, say } = useSay(me.open_id, chat.chat_id, (replyTo ?? thread)?.message_id, said)
  const picking = usePicking(draft, caret, chat)
  const inGroup = chat.chat_type === 'group' && chat.bot
  useHeight(box, draft.text)

  const write = (next: Written) => {
    setDraft(next.draft)
    setCaret(next.caret)
    setPlaced({ caret: next.caret })
  }
  useLayoutEffect(() => {
    if (!placed) return
    box.current?.focus()
    box.current?.setSelectionRange(placed.caret, placed.caret)
  }, [placed])
  useEffect(() => {
    if (replyTo) box.current?.focus()
  }, [replyTo])
  useEffect(() => {
    if (!suggested) return
    const plain = { text: suggested.text, mentions: [] }
    setDraft(inGroup ? addressed(plain, office.bot.name).draft : plain)
    box.current?.focus()
  }, [suggested, setDraft, inGroup, office.bot.name])

  const mention = (id: string, name: string) => write(mentioning(draft, picking.from, caret, id, name))
  const send = async () => {
    const text = spelled(draft)
    if (!text || sending) return
    if (await say({ text })) setDraft(emptyDraft)
    box.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return
    if (picking.key(event, ({ id, name }) => mention(id, name))) return
    const { selectionStart, selectionEnd } = event.currentTarget
    const shorter =
      event.key === 'Backspace' && selectionStart === selectionEnd && withoutMentionAt(draft, selectionStart)
    if (event.key === 'Escape' && replyTo) {
      event.preventDefault()
      drop?.()
    } else if (shorter) {
      event.preventDefault()
      write(shorter)
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      void send()
    }
  }

  return (
    <div className="composer">
      {replyTo && <ReplyBar to={replyTo} drop={drop} />}
      {inGroup && wantsBot(draft, office.bot.name) && (
        <div className="offer-bar">
          <button type="button" className="chip chip-strong" onClick={() => write(addressed(draft, office.bot.name))}>
            @{office.bot.name}
          </button>
          <span>群里的命令须先 @{office.bot.name}，它才收得到</span>
        </div>
      )}
      {picking.candidates.length > 0 && (
        <MentionPicker candidates={picking.candidates} current={picking.current} pick={mention} point={picking.point} />
      )}
      <div className="composer-box">
        <div className="composer-words">
          <Shine draft={draft} />
          <textarea
            ref={box}
            data-testid={thread ? 'thread-composer' : 'composer'}
            rows={1}
            value={draft.text}
            aria-label={thread ? '回复内容' : '消息内容'}
            placeholder={thread ? '回复这条消息' : `发送给 ${chat.name}`}
            onChange={event => {
              setDraft(edited(draft, event.target.value, event.target.selectionStart))
              setCaret(event.target.selectionStart)
              picking.point(0)
            }}
            onSelect={event => setCaret(event.currentTarget.selectionStart)}
            onKeyDown={onKeyDown}
          />
        </div>
        <Attach send={file => say({ file })} />
        <button
          type="button"
          className="icon-button send"
          aria-label="发送"
          title="发送（Enter）"
          disabled={!draft.text.trim() || sending}
          onClick={send}
        >
          {sending ? <span className="spinner" /> : <Send />}
        </button>
      </div>
    </div>
  )
}

function ReplyBar({ to, drop }: { to: Message; drop?: () => void }) {
  const { office, nameOf } = useSeat()
  return (
    <div className="reply-bar">
      <span>
        回复 {nameOf(to.sender)}：{gist(to, office)}
      </span>
      <button type="button" className="icon-button" aria-label="取消回复" onClick={drop}>
        <Close size={16} />
      </button>
    </div>
  )
}
