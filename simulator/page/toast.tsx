import { createContext, type ReactNode, use, useCallback, useState } from 'react'

type Kind = 'info' | 'success' | 'error' | 'warning'
interface Toast {
  id: number
  kind: Kind
  words: string
}

const SHOWN_MS = 4500
const Show = createContext<(kind: Kind, words: string) => void>(() => {})
export const useToast = () => use(Show)

export function Toasts({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([])
  const show = useCallback((kind: Kind, words: string) => {
    const toast = { id: Math.random(), kind, words }
    setToasts(shown => [...shown.slice(-2), toast])
    setTimeout(() => setToasts(shown => shown.filter(each => each.id !== toast.id)), SHOWN_MS)
  }, [])
  return (
    <Show value={show}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map(toast => (
          <div key={toast.id} className="toast" data-testid="toast" data-type={toast.kind}>
            <span className="toast-mark" aria-hidden="true" />
            {toast.words}
          </div>
        ))}
      </div>
    </Show>
  )
}

export const wordsOf = (fault: unknown) => (fault instanceof Error ? fault.message : String(fault))
