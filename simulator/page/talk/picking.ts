import { type KeyboardEvent, useState } from 'react'
import type { Chat } from '../../protocol.ts'
import { useSeat } from '../office.tsx'
import { type Draft, mentionSought } from './draft.ts'
import { type Candidate, candidatesFor } from './mention-picker.tsx'

/** Whom the `@…` before the caret may mean, and the choice among them by keyboard. */
export function usePicking(draft: Draft, caret: number, chat: Chat) {
  const { office, me } = useSeat()
  const [pointed, setPointed] = useState(0)
  const [shut, setShut] = useState<number>()
  const sought = mentionSought(draft, caret)
  const open = sought !== undefined && sought.from !== shut
  const candidates = open ? candidatesFor(office, chat, me.open_id, sought.words) : []
  const current = Math.min(pointed, candidates.length - 1)

  /** Whether the key was meant for the picker. */
  const key = (event: KeyboardEvent, pick: (candidate: Candidate) => void): boolean => {
    const chosen = candidates[current]
    if (!chosen) return false
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) setPointed((current + step + candidates.length) % candidates.length)
    else if (event.key === 'Enter' || event.key === 'Tab') pick(chosen)
    else if (event.key === 'Escape') setShut(sought?.from)
    else return false
    event.preventDefault()
    return true
  }
  return { from: sought?.from ?? 0, candidates, current, point: setPointed, key }
}
