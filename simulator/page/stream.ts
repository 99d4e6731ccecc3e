import { useEffect, useEffectEvent, useState } from 'react'
import type { Notice } from '../protocol.ts'
import { streamOf } from './sim.ts'

const RETRY_MS = 1500

/** Listens to the simulator and comes back by itself after a break; answers whether it hears anything now. */
export function useStream(as: string, heed: (notice: Notice) => void): boolean {
  const [online, setOnline] = useState(true)
  const heard = useEffectEvent(heed)
  useEffect(() => {
    let source: EventSource
    let timer: ReturnType<typeof setTimeout> | undefined
    const open = () => {
      source = new EventSource(streamOf(as))
      source.onopen = () => setOnline(true)
      source.onmessage = event => heard(JSON.parse(event.data as string) as Notice)
      // A browser gives up for good after an HTTP error, and waits long after a broken line.
      source.onerror = () => {
        source.close()
        setOnline(false)
        timer = setTimeout(open, RETRY_MS)
      }
    }
    open()
    return () => {
      clearTimeout(timer)
      source.close()
    }
  }, [as])
  return online
}
