import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { ChatRow, Message, SayRequest } from '../../protocol.ts'
import { Close, Send } from '../icon.tsx'
import { useSeat } from '../office.tsx'
import { sim } from '../sim.ts'
import { useToast, wordsOf } from '../toast.tsx'
import { Attach } from './attach.tsx'
import { gist } from './content.ts'
import {
  type Draft,
  edited,
  emptyDraft,
  mentioning,
  mentionSought,
  spelled,
  startsCommand,
  withoutMentionAt,
} from './draft.ts'
import { candidatesFor, MentionPicker } from './mention-picker.tsx'

interface Props {
  chat: ChatRow
  replyTo?: Message
  thread?: Message
  drop?: () => void
  said: () => void
  suggested?: { text: string }
}

export function Composer({ chat, replyTo, thread, drop, said, suggested }: Props) {
  const { office, me, nameOf } = useSeat()
  const box = useRef<HTMLTextAreaElement>(null)
  const [draft, setDraft] = useDraft(`${me.open_id} ${chat.chat_id} ${thread?.message_id ?? ''}`)
  const [caret, setCaret] = useState(0)
  const [picked, setPicked] = useState(0)
  const [placed, setPlaced] = useState<{ caret: number }>()
  const [shut, setShut] = useState(-1)
  const parent = replyTo ?? thread
  const { sending, say } = useSay(me.open_id, chat.chat_id, parent?.message_id, said)

  const sought = mentionSought(draft, caret)
  const picking = sought !== undefined && sought.from !== shut
  const candidates = picking ? candidatesFor(office, chat, me.open_id, sought.words) : []

  const write = (next: { draft: Draft; caret: number }) => {
    setDraft(next.draft)
    setCaret(next.caret)
    setPlaced({ caret: next.caret })
  }
  const mention = (id: string, name: string) => {
    if (sought) write(mentioning(draft, sought.from, caret, id, name))
  }
  const send = async () => {
    const text = spelled(draft)
    if (!text || sending) return
    if (await say({ text })) setDraft(emptyDraft)
    box.current?.focus()
  }
  useEffect(() => {
    if (replyTo) box.current?.focus()
  }, [replyTo])
  useEffect(() => {
    if (!suggested) return
    setDraft({ text: suggested.text, mentions: [] })
    box.current?.focus()
  }, [suggested, setDraft])
  useHeight(box, draft.text)
  useLayoutEffect(() => {
    if (!placed) return
    box.current?.focus()
    box.current?.setSelectionRange(placed.caret, placed.caret)
  }, [placed])

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return
    if (candidates.length > 0 && pickKey(event)) return
    if (event.key === 'Escape' && replyTo) return drop?.()
    if (event.key === 'Backspace' && box.current?.selectionStart === box.current?.selectionEnd) {
      const shorter = withoutMentionAt(draft, box.current?.selectionStart ?? 0)
      if (shorter) {
        event.preventDefault()
        write(shorter)
      }
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      void send()
    }
  }
  const pickKey = (event: KeyboardEvent): boolean => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const chosen = candidates[Math.min(picked, candidates.length - 1)]
    if (step) setPicked((Math.min(picked, candidates.length - 1) + step + candidates.length) % candidates.length)
    else if ((event.key === 'Enter' || event.key === 'Tab') && chosen) mention(chosen.id, chosen.name)
    else if (event.key === 'Escape') setShut(sought?.from ?? -1)
    else return false
    event.preventDefault()
    return true
  }

  const offerBot =
    chat.chat_type === 'group' && chat.bot && startsCommand(draft) && !draft.mentions.some(each => each.id === 'bot')
  return (
    <div className="composer">
      {replyTo && (
        <div className="reply-bar">
          <span>
            回复 {nameOf(replyTo.sender)}：{gist(replyTo, office)}
          </span>
          <button type="button" className="icon-button" aria-label="取消回复" onClick={drop}>
            <Close size={16} />
          </button>
        </div>
      )}
      {offerBot && (
        <div className="offer-bar">
          <button
            type="button"
            className="chip chip-strong"
            onClick={() => write(mentioning(draft, 0, 0, 'bot', office.bot.name))}
          >
            @{office.bot.name}
          </button>
          <span>群里的命令须先 @{office.bot.name}，它才收得到</span>
        </div>
      )}
      {candidates.length > 0 && (
        <MentionPicker candidates={candidates} picked={picked} pick={mention} point={setPicked} />
      )}
      <div className="composer-box">
        <div className="composer-words">
          {draft.mentions.length > 0 && <Shine draft={draft} />}
          <textarea
            ref={box}
            data-testid={thread ? 'thread-composer' : 'composer'}
            rows={1}
            value={draft.text}
            aria-label={thread ? '回复内容' : '消息内容'}
            placeholder={thread ? '回复这条消息' : `发送给 ${chat.name}`}
            onChange={event => {
              setDraft(edited(draft, event.target.value))
              setCaret(event.target.selectionStart)
              setPicked(0)
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
          <Send />
        </button>
      </div>
    </div>
  )
}

/** Behind the text area lies the same text with its mentions coloured; the area's own letters are transparent there. */
function Shine({ draft }: { draft: Draft }) {
  const pieces: Array<{ at: number; text: string; mention: boolean }> = []
  let done = 0
  for (const { start, end } of [...draft.mentions].sort((a, b) => a.start - b.start)) {
    pieces.push({ at: done, text: draft.text.slice(done, start), mention: false })
    pieces.push({ at: start, text: draft.text.slice(start, end), mention: true })
    done = end
  }
  pieces.push({ at: done, text: draft.text.slice(done), mention: false })
  return (
    <div className="composer-shine" aria-hidden="true">
      {pieces.map(piece => (piece.mention ? <mark key={piece.at}>{piece.text}</mark> : piece.text))}{' '}
    </div>
  )
}

function useSay(as: string, chat_id: string, parent_id: string | undefined, said: () => void) {
  const toast = useToast()
  const [sending, setSending] = useState(false)
  const say = async (what: Pick<SayRequest, 'text' | 'file'>): Promise<boolean> => {
    setSending(true)
    try {
      await sim.say({ as, chat_id, parent_id, ...what })
      said()
      return true
    } catch (fault) {
      toast('error', `消息未能发出：${wordsOf(fault)}`)
      return false
    } finally {
      setSending(false)
    }
  }
  return { sending, say }
}

function useDraft(place: string) {
  const [draft, setDraft] = useState<Draft>(() => JSON.parse(sessionStorage.getItem(place) ?? 'null') ?? emptyDraft)
  useEffect(() => {
    if (draft.text) sessionStorage.setItem(place, JSON.stringify(draft))
    else sessionStorage.removeItem(place)
  }, [place, draft])
  return [draft, setDraft] as const
}

function useHeight(box: React.RefObject<HTMLTextAreaElement | null>, text: string) {
  useLayoutEffect(() => {
    if (!box.current) return
    box.current.style.height = 'auto'
    if (text) box.current.style.height = `${box.current.scrollHeight}px`
  }, [box, text])
}
