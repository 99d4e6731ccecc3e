import { type KeyboardEvent, type ReactNode, useRef } from 'react'
import type { ChatRow } from '../../protocol.ts'
import { Close } from '../icon.tsx'
import { Calls } from './calls.tsx'
import { Compose } from './compose.tsx'
import { FaultBoard } from './fault-board.tsx'
import { Gaps } from './gaps.tsx'
import { Gauges } from './gauges.tsx'
import { type TabName, tabs } from './opening.ts'
import { Pushes } from './pushes.tsx'
import { RecorderBoard } from './recorder-board.tsx'
import './drawer.css'

interface Props {
  tab: TabName
  turnTo: (tab: TabName) => void
  close: () => void
  chats: ChatRow[]
  chatId?: string
}

const names = Object.keys(tabs) as TabName[]

/** For whoever builds a bot: everything that went in and out, and every way to make it hard. */
export function Drawer({ tab, turnTo, close, chats, chatId }: Props) {
  const boards: Record<TabName, () => ReactNode> = {
    pushes: () => <Pushes />,
    calls: () => <Calls />,
    limits: () => <Gauges chats={chats} />,
    compose: () => <Compose chats={chats} chatId={chatId} />,
    faults: () => <FaultBoard chats={chats} />,
    gaps: () => <Gaps />,
    recorder: () => <RecorderBoard />,
  }
  return (
    <aside
      className="drawer"
      data-testid="drawer"
      aria-label="开发者抽屉"
      onKeyDown={event => {
        if (event.key === 'Escape') close()
      }}
    >
      <header className="drawer-head">
        <Tabs tab={tab} turnTo={turnTo} />
        <button
          type="button"
          className="icon-button"
          aria-label="关闭开发者抽屉"
          title="关闭（Ctrl+`）"
          onClick={close}
        >
          <Close />
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="drawer-body" role="tabpanel" id="drawer-panel" aria-labelledby={`drawer-${tab}`} tabIndex={0}>
        {boards[tab]()}
      </div>
    </aside>
  )
}

function Tabs({ tab, turnTo }: Pick<Props, 'tab' | 'turnTo'>) {
  const list = useRef<HTMLDivElement>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!step) return
    const next = names[(names.indexOf(tab) + step + names.length) % names.length] ?? tab
    turnTo(next)
    list.current?.querySelector<HTMLElement>(`#drawer-${next}`)?.focus()
  }
  return (
    <div className="drawer-tabs" role="tablist" aria-label="开发者工具" ref={list} onKeyDown={onKeyDown}>
      {names.map(name => (
        <button
          key={name}
          id={`drawer-${name}`}
          type="button"
          role="tab"
          aria-selected={name === tab}
          aria-controls="drawer-panel"
          tabIndex={name === tab ? 0 : -1}
          onClick={() => turnTo(name)}
        >
          {tabs[name]}
        </button>
      ))}
    </div>
  )
}
