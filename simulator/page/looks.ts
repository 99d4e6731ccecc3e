import { useSyncExternalStore } from 'react'
import type { Language } from './card/language.ts'

/** How this browser shows cards: its colours, and which client it plays. */
export interface Looks {
  theme: 'light' | 'dark' | 'system'
  oldClient: boolean
  /** That cards are read in. */
  language: Language
}

const KEY = 'huiyin-looks'
const NARROW = '(max-width: 720px)'
const DARK = '(prefers-color-scheme: dark)'
const listeners = new Set<() => void>()
let looks: Looks = remembered()
apply()

export const useLooks = (): Looks => useSyncExternalStore(watch, () => looks)

export function setLooks(change: Partial<Looks>) {
  looks = { ...looks, ...change }
  localStorage.setItem(KEY, JSON.stringify(looks))
  apply()
  for (const listener of listeners) listener()
}

/** Whether dark colours are shown now, by choice or because the system is dark. */
export function useDark(): boolean {
  const { theme } = useLooks()
  const system = useMedia(DARK)
  return theme === 'system' ? system : theme === 'dark'
}

export const useNarrow = () => useMedia(NARROW)

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    changed => {
      const media = window.matchMedia(query)
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    () => window.matchMedia(query).matches,
  )
}

function watch(changed: () => void) {
  listeners.add(changed)
  return () => listeners.delete(changed)
}

function remembered(): Looks {
  const kept = localStorage.getItem(KEY) ?? ''
  const theme = (['light', 'dark'] as const).find(each => kept.includes(`"${each}"`)) ?? 'system'
  return {
    theme,
    oldClient: kept.includes('"oldClient":true'),
    language: kept.includes('"en_us"') ? 'en_us' : 'zh_cn',
  }
}

function apply() {
  document.documentElement.dataset.theme = looks.theme
}
