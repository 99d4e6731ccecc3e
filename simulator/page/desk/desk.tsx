import { lazy, Suspense, useCallback, useEffect, useState } from 'react'
import type { Notice } from '../../protocol.ts'
import { go } from '../address.ts'
import { Chats } from '../chats/chats.tsx'
import { useOpening } from '../drawer/opening.ts'
import { useFresh } from '../fresh.ts'
import { Echo } from '../icon.tsx'
import { useSeat } from '../office.tsx'
import { sim } from '../sim.ts'
import { useStream } from '../stream.ts'
import { Talk } from '../talk/talk.tsx'
import { OffsetContext } from './office-time.ts'
import { TopBar } from './top-bar.tsx'
import './desk.css'

const Drawer = lazy(async () => ({ default: (await import('../drawer/drawer.tsx')).Drawer }))

interface Props {
  chatId?: string
  refreshOffice: () => void
}

export function Desk({ chatId, refreshOffice }: Props) {
  const { office, me } = useSeat()
  const as = me.open_id
  const chats = useFresh(useCallback(() => sim.chats(as), [as]))
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set())
  const { changesOf, change } = useChanges()
  const drawer = useOpening()
  useFaultWatch(office.faults.length > 0, refreshOffice)
  const [clockOffset, setClockOffset] = useState(office.clock.offset_ms)
  useEffect(() => setClockOffset(office.clock.offset_ms), [office.clock.offset_ms])

  const online = useStream(as, notice => {
    if (notice.kind === 'busy') return setBusy(was => marked(was, notice.message_id, notice.busy))
    if (notice.kind === 'clock') return setClockOffset(notice.offset_ms)
    if (notice.kind === 'faults') return refreshOffice()
    chats.refresh()
    if (notice.kind === 'message') change(notice.chat_id)
    if (notice.kind === 'chats') refreshOffice()
    if (notice.kind === 'hello') catchUp(notice)
  })
  const catchUp = (_: Extract<Notice, { kind: 'hello' }>) => {
    setBusy(new Set())
    change(EVERY_CHAT)
    refreshOffice()
  }

  const open = (id: string) => {
    go({ as, chat: id })
    chats.refresh()
  }
  const chat = chats.value?.chats.find(each => each.chat_id === chatId)
  useEffect(() => {
    const unread = chats.value?.chats.reduce((sum, each) => sum + each.unread, 0) ?? 0
    document.title = `${unread ? `(${unread}) ` : ''}${chat?.name ?? office.bot.name} · ${me.name}`
  }, [chats.value, chat?.name, me.name, office.bot.name])

  return (
    <OffsetContext value={clockOffset}>
      <div className="desk" data-pane={chatId ? 'talk' : 'chats'}>
        <TopBar offset={clockOffset} moved={setClockOffset} drawer={drawer} />
        {!online && (
          <div className="offline" data-testid="offline" role="alert">
            <span className="spinner" /> 与模拟器的连接已断开，正在重新连接……
          </div>
        )}
        <main className="panes">
          <Chats chats={chats.value?.chats} fault={chats.fault} openId={chatId} open={open} />
          {chat ? (
            <Talk
              key={chat.chat_id}
              chat={chat}
              busy={busy}
              changes={changesOf(chat.chat_id)}
              close={() => go({ as })}
              refreshChats={chats.refresh}
            />
          ) : (
            <Nothing loading={!chats.value} missing={chatId !== undefined} close={() => go({ as })} />
          )}
          {drawer.open && (
            <Suspense>
              <Drawer {...drawer} close={drawer.toggle} chats={chats.value?.chats ?? []} chatId={chatId} />
            </Suspense>
          )}
        </main>
      </div>
    </OffsetContext>
  )
}

const FAULTS_MS = 3000

/** Some faults run out by themselves: as long as one is on, look whether it still is. */
function useFaultWatch(on: boolean, look: () => void) {
  useEffect(() => {
    if (!on) return
    const timer = setInterval(look, FAULTS_MS)
    return () => clearInterval(timer)
  }, [on, look])
}

const EVERY_CHAT = '*'

/** How often each chat changed: of several notices that are heard at once, none may stand for another. */
function useChanges() {
  const [counts, setCounts] = useState<Readonly<Record<string, number>>>({})
  return {
    changesOf: (chat: string) => (counts[chat] ?? 0) + (counts[EVERY_CHAT] ?? 0),
    change: (chat: string) => setCounts(was => ({ ...was, [chat]: (was[chat] ?? 0) + 1 })),
  }
}

function Nothing({ loading, missing, close }: { loading: boolean; missing: boolean; close: () => void }) {
  return (
    <section className="nothing">
      {loading && <span className="spinner spinner-large" role="status" aria-label="正在加载" />}
      {!loading && missing && (
        <>
          <p>您不在这个会话中，或会话已不存在。</p>
          <button type="button" className="button" onClick={close}>
            返回会话列表
          </button>
        </>
      )}
      {!loading && !missing && (
        <>
          <Echo size={72} />
          <p>请从左侧选择一个会话，或找“回音”说句话。</p>
        </>
      )}
    </section>
  )
}

function marked(was: ReadonlySet<string>, id: string, busy: boolean): ReadonlySet<string> {
  const next = new Set(was)
  if (busy) next.add(id)
  else next.delete(id)
  return next
}
