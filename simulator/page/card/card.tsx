import { useMemo, useState } from 'react'
import type { Message } from '../../protocol.ts'
import { useSeat } from '../office.tsx'
import { sim } from '../sim.ts'
import { useToast, wordsOf } from '../toast.tsx'
import { CardView } from './card-view.tsx'
import { type Node, nodeOf } from './node.ts'

export function CardMessage({ message, busy }: { message: Message; busy: boolean }) {
  const card = useMemo(() => parsed(message.content), [message.content])
  const { pressed, press, refuse } = useClicks(message.message_id)
  if (!card) return <div className="bubble">[无法显示的卡片]</div>
  return (
    <CardView
      card={card}
      id={message.message_id}
      at={{ locked: busy || pressed !== undefined, pressed, press, refuse }}
      inert={message.inert}
    />
  )
}

function parsed(content: string): Node | undefined {
  try {
    return nodeOf(JSON.parse(content))
  } catch {
    return undefined
  }
}

/** One press at a time; what the bot answers is shown as a toast. */
function useClicks(message_id: string) {
  const { me } = useSeat()
  const toast = useToast()
  const [pressed, setPressed] = useState<string>()
  const press = async (key: string, action: Node) => {
    setPressed(key)
    try {
      const answer = await sim.click({ as: me.open_id, message_id, action })
      if (answer.error) toast('error', withCode(answer.error))
      else if (answer.toast?.content) toast(answer.toast.type, answer.toast.content)
    } catch (fault) {
      toast('error', `操作失败：${wordsOf(fault)}`)
    }
    setPressed(undefined)
  }
  return { pressed, press, refuse: (words: string) => toast('error', `操作失败：${words}`) }
}

const withCode = ({ code, message }: { code: number; message: string }) =>
  message.includes(String(code)) ? message : `${message} code: ${code}`
