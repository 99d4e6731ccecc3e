import { useCallback, useEffect, useState } from 'react'

export const tabs = {
  pushes: '推送',
  calls: '接口',
  limits: '限额',
  compose: '构造事件',
  faults: '故障',
  gaps: '未知接口',
  recorder: '录制',
} as const

export type TabName = keyof typeof tabs

interface Opening {
  open: boolean
  tab: TabName
}

const KEY = 'huiyin.drawer'
const closed: Opening = { open: false, tab: 'pushes' }

/** Whether the drawer is open, and at which tab; the browser remembers. */
export function useOpening() {
  const [opening, setOpening] = useState(remembered)
  useEffect(() => localStorage.setItem(KEY, JSON.stringify(opening)), [opening])
  const toggle = useCallback(() => setOpening(was => ({ ...was, open: !was.open })), [])
  const turnTo = useCallback((tab: TabName) => setOpening({ open: true, tab }), [])
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.code !== 'Backquote' || !event.ctrlKey) return
      event.preventDefault()
      toggle()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [toggle])
  return { ...opening, toggle, turnTo }
}

function remembered(): Opening {
  const [, open, tab] = /^\{"open":(true|false),"tab":"(\w+)"\}$/.exec(localStorage.getItem(KEY) ?? '') ?? []
  return tab && tab in tabs ? { open: open === 'true', tab: tab as TabName } : closed
}
