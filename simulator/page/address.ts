import { useSyncExternalStore } from 'react'

/** Who I am and what I read live in the URL, so that two tabs are two people and a reload keeps both. */
export interface Address {
  as?: string
  chat?: string
}

export function useAddress(): Address {
  const search = useSyncExternalStore(watch, () => window.location.search)
  const query = new URLSearchParams(search)
  return { as: query.get('as') ?? undefined, chat: query.get('chat') ?? undefined }
}

export function go(to: Address) {
  const query = new URLSearchParams()
  if (to.as) query.set('as', to.as)
  if (to.chat) query.set('chat', to.chat)
  const search = query.toString()
  history.pushState(null, '', search ? `?${search}` : window.location.pathname)
  window.dispatchEvent(new PopStateEvent('popstate'))
}

function watch(changed: () => void) {
  window.addEventListener('popstate', changed)
  return () => window.removeEventListener('popstate', changed)
}
