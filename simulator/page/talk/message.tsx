import { memo } from 'react'
import type { Message } from '../../protocol.ts'
import { Face } from '../avatar.tsx'
import { plain } from '../card/node.ts'
import { BotMark } from '../chats/bot-mark.tsx'
import { More, Onward, Recall, Reply, Thread } from '../icon.tsx'
import { isBot, useSeat } from '../office.tsx'
import { Popup } from '../popup.tsx'
import { clockTime } from '../when.ts'
import { Bubble } from './bubble.tsx'
import { contentOf, gist } from './content.ts'
import { ReactionChoice, Reactions } from './reactions.tsx'

export interface Acts {
  reply: (message: Message) => void
  recall: (message: Message) => void
  forward: (message: Message) => void
  openThread: (rootId: string) => void
}

interface Props {
  message: Message
  parent?: Message
  /** How many messages answer this one, here or in its topic. */
  replies: number
  /** Follows at once upon another message of the same person, so the name need not be said again. */
  follows: boolean
  /** In the view of one thread what is answered needs no saying. */
  inThread: boolean
  busy: boolean
  acts: Acts
}

export const Said = memo(function Said({ message, parent, replies, follows, inThread, busy, acts }: Props) {
  const { office, me, nameOf } = useSeat()
  if (message.sender === '' || message.msg_type === 'system')
    return <Line message={message} words={systemWords(message)} />
  const name = nameOf(message.sender)
  const mine = message.sender === me.open_id
  // A command and the bot's one answer follow each other anyway; a card gathers its replies.
  const leastShown = message.msg_type === 'interactive' ? 1 : 2
  if (message.recalled) return <Line message={message} words={`${mine ? '您' : name}撤回了一条消息`} />
  return (
    <article
      className={['message', mine && 'message-mine', follows && 'message-follows'].filter(Boolean).join(' ')}
      data-testid="message"
      data-message-id={message.message_id}
      data-sender={message.sender}
      aria-label={`${name}的消息`}
    >
      <div className="message-face">{!follows && <Face id={message.sender} />}</div>
      <div className="message-body">
        {!follows && (
          <div className="message-head">
            <b>{name}</b>
            {isBot(office, message.sender) && <BotMark />}
            <time>{clockTime(message.create_time)}</time>
          </div>
        )}
        {message.parent_id && !inThread && (
          <Quote parent={parent} open={() => acts.openThread(message.root_id ?? message.parent_id ?? '')} />
        )}
        <Bubble message={message} busy={busy} />
        <Reactions message={message} />
        {replies >= leastShown && !inThread && (
          <button type="button" className="replies" onClick={() => acts.openThread(message.message_id)}>
            <Thread size={14} /> {replies} 条回复
          </button>
        )}
        <Tools message={message} mine={mine} replies={replies} acts={acts} />
      </div>
    </article>
  )
})

function Line({ message, words }: { message: Message; words: string }) {
  return (
    <p className="system-line" data-testid="message" data-message-id={message.message_id}>
      {words}
    </p>
  )
}

function Quote({ parent, open }: { parent?: Message; open: () => void }) {
  const { office, nameOf } = useSeat()
  return (
    <button type="button" className="quote" title="查看原消息" onClick={open}>
      {parent ? `回复 ${nameOf(parent.sender)}：${gist(parent, office)}` : '回复一条较早的消息'}
    </button>
  )
}

function Tools({ message, mine, replies, acts }: { message: Message; mine: boolean; replies: number; acts: Acts }) {
  return (
    <div className="tools">
      <button
        type="button"
        className="tool tool-reply"
        title="回复消息"
        aria-label="回复消息"
        onClick={() => acts.reply(message)}
      >
        <Reply size={16} />
      </button>
      <Popup label="更多操作" className="tool" face={<More size={16} />}>
        {close => (
          <div className="menu" onClickCapture={close}>
            <ReactionChoice message={message} />
            <button type="button" onClick={() => acts.reply(message)}>
              <Reply size={16} /> 回复
            </button>
            {!message.ephemeral_for && (
              <button type="button" onClick={() => acts.forward(message)}>
                <Onward size={16} /> 转发
              </button>
            )}
            {(replies > 0 || message.root_id) && (
              <button type="button" onClick={() => acts.openThread(message.root_id ?? message.message_id)}>
                <Thread size={16} /> 查看回复
              </button>
            )}
            {mine && (
              <button type="button" onClick={() => acts.recall(message)}>
                <Recall size={16} /> 撤回
              </button>
            )}
          </div>
        )}
      </Popup>
    </div>
  )
}

function systemWords(message: Message): string {
  const content = contentOf(message)
  return plain(content.text) || plain(content.template) || message.content
}
