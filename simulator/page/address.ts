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

/** The page itself, or one of its few others, such as /gallery. */
export const usePath = () => useSyncExternalStore(watch, () => window.location.pathname.replace(/\/$/, '') || '/')

export function hrefOf({ as, chat }: Address): string {
  const query = new URLSearchParams({ ...(as && { as }), ...(chat && { chat }) }).toString()
  return query ? `/?${query}` : '/'
}

export function go(to: Address) {
  history.pushState(null, '', hrefOf(to))
  window.dispatchEvent(new PopStateEvent('popstate'))
}

function watch(changed: () => void) {
  window.addEventListener('popstate', changed)
  return () => window.removeEventListener('popstate', changed)
}
