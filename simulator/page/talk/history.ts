import { useCallback, useEffect, useRef, useState } from 'react'
import type { Message, MessagesAnswer } from '../../protocol.ts'
import { useFresh } from '../fresh.ts'
import { sim } from '../sim.ts'

/** What was said in one chat, oldest first; the latest page follows the changes, older pages come on demand. */
export function useHistory(chatId: string, as: string, changes: number) {
  const latest = useFresh(useCallback(() => sim.messages(chatId, as), [chatId, as]))
  const heeded = useRef(changes)
  const [known, setKnown] = useState<Message[]>()
  const [hasOlder, setHasOlder] = useState<boolean>()
  const [fetchingOlder, setFetchingOlder] = useState(false)
  const { refresh, value, fault } = latest

  useEffect(() => {
    if (changes !== heeded.current) refresh()
    heeded.current = changes
  }, [changes, refresh])

  useEffect(() => {
    if (!value) return
    setKnown(was => renewed(was ?? [], value))
    setHasOlder(was => was ?? value.has_more)
  }, [value])

  const fetchOlder = async () => {
    setFetchingOlder(true)
    const page = await sim.messages(chatId, as, known?.[0]?.message_id).catch(() => undefined)
    if (page) {
      setKnown(was => [...unknownIn(page, was ?? []), ...(was ?? [])])
      setHasOlder(page.has_more)
    }
    setFetchingOlder(false)
  }
  return { messages: known, fault, hasOlder: hasOlder ?? false, fetchingOlder, fetchOlder, refresh }
}

/** The latest page replaces what was known of its time, so that what is gone from the chat is gone here. */
function renewed(was: Message[], page: MessagesAnswer): Message[] {
  const first = page.messages[0]
  const older = page.has_more && first ? was.filter(each => each.create_time < first.create_time) : []
  const before = new Map(was.map(each => [each.message_id, each]))
  return [...older, ...page.messages.map(each => unchanged(before.get(each.message_id), each))]
}

/** Messages that did not change stay the same objects, so that only changed ones are drawn anew. */
const unchanged = (was: Message | undefined, now: Message) =>
  was && JSON.stringify(was) === JSON.stringify(now) ? was : now

const unknownIn = (page: MessagesAnswer, was: Message[]) =>
  page.messages.filter(each => !was.some(one => one.message_id === each.message_id))
