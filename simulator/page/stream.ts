import { useEffect, useEffectEvent, useState } from 'react'
import type { Notice } from '../protocol.ts'
import { streamOf } from './sim.ts'

const RETRY_MS = 1500

const UNSEEN_MS = 30_000

/** Listens to the simulator and comes back by itself after a break; answers whether it hears anything now. */
export function useStream(as: string, heed: (notice: Notice) => void): boolean {
  const [online, setOnline] = useState(true)
  const heard = useEffectEvent(heed)
  useEffect(() => listen(as, heard, setOnline), [as])
  return online
}

function listen(as: string, heard: (notice: Notice) => void, setOnline: (online: boolean) => void) {
  let source: EventSource | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let rest: ReturnType<typeof setTimeout> | undefined
  const open = () => {
    clearTimeout(retry)
    source?.close()
    source = new EventSource(streamOf(as))
    source.onopen = () => setOnline(true)
    source.onmessage = event => heard(JSON.parse(event.data as string) as Notice)
    // A browser gives up for good after an HTTP error, and waits long after a broken line.
    source.onerror = () => {
      source?.close()
      setOnline(false)
      retry = setTimeout(open, RETRY_MS)
    }
  }
  const close = () => {
    clearTimeout(retry)
    source?.close()
  }
  // A browser allows six connections to one host, and each tab is a person: those long out of sight give theirs back.
  const seen = () => {
    clearTimeout(rest)
    if (document.visibilityState === 'hidden') rest = setTimeout(close, UNSEEN_MS)
    else if (source?.readyState === EventSource.CLOSED) open()
  }
  open()
  document.addEventListener('visibilitychange', seen)
  return () => {
    document.removeEventListener('visibilitychange', seen)
    clearTimeout(rest)
    close()
  }
}
