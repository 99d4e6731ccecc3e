import type { ChatRow } from '../../protocol.ts'
import { Face } from '../avatar.tsx'
import { BotMark } from '../chats/bot-mark.tsx'
import { Close } from '../icon.tsx'
import { dutyOf, personOf, useSeat } from '../office.tsx'
import { sim } from '../sim.ts'
import { useToast, wordsOf } from '../toast.tsx'
import { receiverFor } from './receiver.ts'

/** What the bot understands today; each new subject adds its line. */
const trials: Array<{ text: string; what: string }> = [
  { text: '/交办 @某人 明天下班前把投影仪修好', what: '把一件事交给同事' },
  { text: '/交办', what: '填表交办' },
  { text: '/待办', what: '等我办的事' },
  { text: '/今日', what: '今天到期的事' },
  { text: '/查 投影仪', what: '找一件事' },
  { text: '/帮助', what: '全部用法' },
]

interface Props {
  chat: ChatRow
  open: boolean
  close: () => void
  suggest: (text: string) => void
}

export function SidePane({ chat, open, close, suggest }: Props) {
  const take = (text: string) => {
    suggest(text)
    close()
  }
  return (
    <aside className={open ? 'side side-open' : 'side'} aria-label="会话信息">
      <header className="side-head">
        <h2>{chat.chat_type === 'p2p' ? '可以这样说' : '群成员'}</h2>
        <button type="button" className="icon-button side-close" aria-label="关闭会话信息" onClick={close}>
          <Close />
        </button>
      </header>
      <div className="side-body">
        {chat.chat_type === 'group' && <Members chat={chat} />}
        {chat.chat_type === 'group' && chat.bot && <h3>可以这样说</h3>}
        {chat.bot && <Trials suggest={take} />}
      </div>
    </aside>
  )
}

function Trials({ suggest }: { suggest: (text: string) => void }) {
  const { office, me } = useSeat()
  const someone = receiverFor(office, me)?.name ?? me.name
  return trials.map(trial => {
    const text = trial.text.replace('某人', someone)
    return (
      <button key={text} type="button" className="trial" onClick={() => suggest(text)}>
        <span>{trial.what}</span>
        <code>{text}</code>
      </button>
    )
  })
}

function Members({ chat }: { chat: ChatRow }) {
  const { office, me } = useSeat()
  const toast = useToast()
  const seat = async () => {
    try {
      await sim.seatBot(chat.chat_id, me.open_id, !chat.bot)
    } catch (fault) {
      toast('error', wordsOf(fault))
    }
  }
  return (
    <ul className="members">
      <li>
        <Face id="bot" size={30} />
        <span>
          {office.bot.name} <BotMark />
        </span>
        <button type="button" className="link" onClick={seat}>
          {chat.bot ? '移出群' : '请进群'}
        </button>
      </li>
      {chat.members.map(id => (
        <Member key={id} id={id} />
      ))}
    </ul>
  )
}

function Member({ id }: { id: string }) {
  const { office, nameOf } = useSeat()
  const person = personOf(office, id)
  return (
    <li>
      <Face id={id} size={30} />
      <span>
        {nameOf(id)}
        <small>{person && dutyOf(office, person)}</small>
      </span>
    </li>
  )
}
