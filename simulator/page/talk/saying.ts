import { type RefObject, useEffect, useLayoutEffect, useState } from 'react'
import type { SayRequest } from '../../protocol.ts'
import { sim } from '../sim.ts'
import { useToast, wordsOf } from '../toast.tsx'
import { type Draft, emptyDraft } from './draft.ts'

/** Says something here; answers whether it was said, and tells the person if not. */
export function useSay(as: string, chat_id: string, parent_id: string | undefined, said: () => void) {
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

/** Where the draft of somebody in a chat, or in a thread of it, is kept. */
export const draftKey = (as: string, chat_id: string, thread_id = '') => `${as} ${chat_id} ${thread_id}`

/** A draft that a reload does not lose. */
export function useDraft(place: string) {
  const [draft, setDraft] = useState<Draft>(() => JSON.parse(sessionStorage.getItem(place) ?? 'null') ?? emptyDraft)
  useEffect(() => {
    if (draft.text) sessionStorage.setItem(place, JSON.stringify(draft))
    else sessionStorage.removeItem(place)
  }, [place, draft])
  return [draft, setDraft] as const
}

/** Lets the box grow with its text. */
export function useHeight(box: RefObject<HTMLTextAreaElement | null>, text: string) {
  useLayoutEffect(() => {
    if (!box.current) return
    box.current.style.height = 'auto'
    if (text) box.current.style.height = `${box.current.scrollHeight}px`
  }, [box, text])
}
