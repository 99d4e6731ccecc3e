import { type ReactNode, useState } from 'react'
import { Check, Copy, Search } from '../icon.tsx'
import { useToast, wordsOf } from '../toast.tsx'

export function Filter({
  words,
  setWords,
  label,
}: {
  words: string
  setWords: (words: string) => void
  label: string
}) {
  return (
    <label className="search drawer-filter">
      <Search size={16} />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={words}
        maxLength={200}
        onChange={event => setWords(event.target.value)}
      />
    </label>
  )
}

export type Mood = 'good' | 'bad' | 'waiting'

export const Pill = ({ mood, children }: { mood: Mood; children: ReactNode }) => (
  <span className="pill" data-mood={mood}>
    {children}
  </span>
)

export function CopyButton({ text, label }: { text: () => string; label: string }) {
  const toast = useToast()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text())
      setCopied(true)
      setTimeout(() => setCopied(false), 1500)
    } catch (fault) {
      toast('error', `未能复制：${wordsOf(fault)}`)
    }
  }
  return (
    <button type="button" className="button button-small" onClick={copy}>
      {copied ? <Check size={14} /> : <Copy size={14} />} {copied ? '已复制' : label}
    </button>
  )
}

/** Text of the wire as it is, or as indented JSON where it is JSON. */
export function Code({ title, text, open = false }: { title: string; text: string; open?: boolean }) {
  return (
    <details className="code" open={open}>
      <summary>{title}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{indented(text)}</pre>
    </details>
  )
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text || '（空）'
  }
}

export function Waiting({ fault }: { fault?: string | undefined }) {
  return <p className="empty">{fault ? `读取失败：${fault}` : '正在读取……'}</p>
}
