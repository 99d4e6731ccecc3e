import { useCallback, useEffect, useRef, useState } from 'react'

export interface Fresh<Value> {
  value?: Value
  fault?: string
  refresh: () => void
}

interface State<Value> {
  of?: unknown
  value?: Value
  fault?: string
}

/** Loads, and loads again on demand; demands made while a load is under way become one further load. */
export function useFresh<Value>(load: () => Promise<Value>): Fresh<Value> {
  const [state, setState] = useState<State<Value>>({})
  const current = useRef(load)
  const running = useRef({ load: undefined as unknown, again: false })

  const refresh = useCallback(async () => {
    const mine = current.current
    if (running.current.load === mine) {
      running.current.again = true
      return
    }
    running.current = { load: mine, again: true }
    while (running.current.load === mine && running.current.again) {
      running.current.again = false
      const next = await settled(mine)
      if (current.current === mine) setState(was => settledOn(was.of === mine ? was : {}, { ...next, of: mine }))
    }
    if (running.current.load === mine) running.current = { load: undefined, again: false }
  }, [])

  useEffect(() => {
    current.current = load
    void refresh()
  }, [load, refresh])

  const mine = state.of === load ? state : {}
  return { value: mine.value, fault: mine.fault, refresh }
}

async function settled<Value>(load: () => Promise<Value>): Promise<{ value?: Value; fault?: string }> {
  try {
    return { value: await load(), fault: undefined }
  } catch (fault) {
    return { fault: fault instanceof Error ? fault.message : String(fault) }
  }
}

/** What came is what was: the old value stays, and whoever shows it need not be drawn anew. */
function settledOn<Value>(was: State<Value>, next: State<Value>): State<Value> {
  const same = next.value !== undefined && JSON.stringify(next.value) === JSON.stringify(was.value)
  return { ...was, ...next, ...(same && { value: was.value }) }
}
