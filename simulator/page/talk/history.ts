import { useCallback, useEffect, useState } from 'react'
import type { Message } from '../../protocol.ts'
import { useFresh } from '../fresh.ts'
import { sim } from '../sim.ts'

/** What was said in one chat, oldest first; the latest page follows the changes, older pages come on demand. */
export function useHistory(chatId: string, as: string, changed: { chat: string; version: number }) {
  const latest = useFresh(useCallback(() => sim.messages(chatId, as), [chatId, as]))
  const [known, setKnown] = useState<Message[]>()
  const [hasOlder, setHasOlder] = useState<boolean>()
  const [fetchingOlder, setFetchingOlder] = useState(false)
  const { refresh, value, fault } = latest

  useEffect(() => {
    if (changed.version > 0 && (changed.chat === chatId || changed.chat === '*')) refresh()
  }, [changed, chatId, refresh])

  useEffect(() => {
    if (!value) return
    setKnown(was => merged(was ?? [], value.messages))
    setHasOlder(was => was ?? value.has_more)
  }, [value])

  const fetchOlder = async () => {
    setFetchingOlder(true)
    const page = await sim.messages(chatId, as, known?.[0]?.message_id).catch(() => undefined)
    if (page) {
      setKnown(was => merged(page.messages, was ?? []))
      setHasOlder(page.has_more)
    }
    setFetchingOlder(false)
  }
  return { messages: known, fault, hasOlder: hasOlder ?? false, fetchingOlder, fetchOlder, refresh }
}

/** Messages that did not change stay the same objects, so that only changed ones are drawn anew. */
function merged(earlier: Message[], later: Message[]): Message[] {
  const byId = new Map(earlier.map(each => [each.message_id, each]))
  for (const each of later) {
    const was = byId.get(each.message_id)
    if (!was || JSON.stringify(was) !== JSON.stringify(each)) byId.set(each.message_id, each)
  }
  return [...byId.values()].sort((a, b) => a.create_time - b.create_time)
}
