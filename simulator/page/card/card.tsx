import { useMemo, useState } from 'react'
import type { Message } from '../../protocol.ts'
import { useSeat } from '../office.tsx'
import { sim } from '../sim.ts'
import { useToast, wordsOf } from '../toast.tsx'
import { Elements, RegistryContext } from './element.tsx'
import { CardHeader } from './header.tsx'
import { type Node, nodeOf, plain, safeLink } from './node.ts'
import { flowStyle } from './paint.ts'
import { CardContext } from './press.ts'
import { registry } from './registry.ts'
import './card.css'
import './field.css'
import './markdown.css'

export function CardMessage({ message, busy }: { message: Message; busy: boolean }) {
  const card = useMemo(() => parsed(message.content), [message.content])
  const { pressed, press, refuse } = useClicks(message.message_id)
  if (!card) return <div className="bubble">[无法显示的卡片]</div>
  const locked = busy || pressed !== undefined
  const body = nodeOf(card.body)
  const link = safeLink(card.card_link)
  return (
    <RegistryContext value={registry}>
      <CardContext value={{ locked, pressed, press, refuse }}>
        <section
          className={`card card-${plain(nodeOf(card.config).width_mode) || 'default'}`}
          data-testid="card"
          data-message-id={message.message_id}
          data-busy={locked || undefined}
          aria-busy={locked}
          aria-label={plain(nodeOf(card.header).title) || '卡片'}
        >
          {card.header !== undefined && <CardHeader node={nodeOf(card.header)} />}
          <div className="card-flow card-body" style={flowStyle(body)}>
            <Elements of={body.elements} />
          </div>
          {link && (
            <a className="card-link" href={link} target="_blank" rel="noreferrer">
              查看详情
            </a>
          )}
        </section>
      </CardContext>
    </RegistryContext>
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
