import type { ChatRow, Message } from '../../protocol.ts'
import { Close } from '../icon.tsx'
import { Composer } from './composer.tsx'
import { Flow } from './flow.tsx'
import type { Acts } from './message.tsx'

interface Props {
  rootId: string
  chat: ChatRow
  known: Message[]
  busy: ReadonlySet<string>
  acts: Acts
  said: () => void
  close: () => void
}

export function ThreadPane({ rootId, chat, known, busy, acts, said, close }: Props) {
  const root = known.find(each => each.message_id === rootId)
  const chain = known.filter(each => each.message_id === rootId || each.root_id === rootId)
  return (
    <aside className="side side-open thread" data-testid="thread" aria-label="回复">
      <header className="side-head">
        <h2>回复</h2>
        <small>{chain.length - (root ? 1 : 0)} 条</small>
        <button type="button" className="icon-button" aria-label="关闭回复" onClick={close}>
          <Close />
        </button>
      </header>
      <Flow messages={chain} known={known} inThread busy={busy} acts={acts} />
      <Composer chat={chat} thread={root} said={said} />
    </aside>
  )
}
